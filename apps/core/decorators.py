"""Decorators of views."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect

View = Callable[..., HttpResponse]


def post_only(view: View) -> View:
    """Only POST writes. Whoever comes to an action's address by GET (a reload, a bookmark) is led to its page.

    Action URLs end in a verb; the page that holds the form is the URL without it.
    """

    @wraps(view)
    def inner(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if request.method == "POST":
            return view(request, *args, **kwargs)
        if request.method in {"GET", "HEAD"}:
            return HttpResponseRedirect("../")
        return HttpResponseNotAllowed(["POST"])

    marked: Any = inner
    marked.is_action = True
    return inner


def keeps_answer(*fields: str, also: Callable[[], tuple[str, ...]] = tuple) -> Callable[[View], View]:
    """What is sent here must say whose it is; sent while signed out it is kept, and this action's page offers it.

    `fields` are how the names of those fields begin that hold an answer, and `also` says what others there are at the
    time of the request; without one there is nothing to keep.
    """

    def mark(view: View) -> View:
        marked: Any = view
        marked.keeps_answer = lambda: (*fields, *also())
        return view

    return mark
