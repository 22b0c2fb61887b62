"""Who may come in."""

from collections.abc import Callable
from functools import wraps

from django.http import Http404, HttpResponse
from django.utils import timezone

from apps.accounts.factors import demand, ways
from apps.accounts.requests import AuthenticatedHttpRequest
from apps.core.decorators import View


def only_for(*permissions: str) -> Callable[[View], View]:
    """A page for those who have one of these rights; for everybody else there is no such page.

    Who can do harm needs a second factor, as in all of the admin.
    """

    def behind_the_door(view: View) -> View:
        @wraps(view)
        def inner(request: AuthenticatedHttpRequest, *args: object, **kwargs: object) -> HttpResponse:
            if not any(request.user.has_perm(permission) for permission in permissions):
                raise Http404
            if not demand.opens_admin(request, timezone.now()):
                return ways.ask_for_proof(request)
            return view(request, *args, **kwargs)

        return inner

    return behind_the_door


def asks_for_proof(view: View) -> View:
    """An act with which harm can be done: whoever does it has proved just now, by a second factor, that it is them."""

    @wraps(view)
    def inner(request: AuthenticatedHttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if demand.lacks_proof(request, timezone.now()):
            return ways.ask_for_proof(request)
        return view(request, *args, **kwargs)

    return inner
