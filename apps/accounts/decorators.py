"""Who may come in."""

from collections.abc import Callable
from functools import wraps

from django.http import Http404, HttpRequest, HttpResponse

from apps.core.decorators import View


def only_for(*permissions: str) -> Callable[[View], View]:
    """A page for those who have one of these rights; for everybody else there is no such page."""

    def behind_the_door(view: View) -> View:
        @wraps(view)
        def inner(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
            if not any(request.user.has_perm(permission) for permission in permissions):
                raise Http404
            return view(request, *args, **kwargs)

        return inner

    return behind_the_door
