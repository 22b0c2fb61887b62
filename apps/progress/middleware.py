"""What happens when a learner would begin an edition that takes nobody any more."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from apps.modules.models import Edition
from apps.modules.queries import closure_of, withdrawal_of
from apps.progress.actions import ClosedError, NotOpenError

NEWER_EDITION = "A newer edition has come out. Start with that one."


class NotOpenMiddleware:
    """Whatever they pressed, they are shown the module, which offers the edition in force; or why it is closed."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, ClosedError):
            return _closed_page(request, exception.edition)
        if not isinstance(exception, NotOpenError):
            return None
        messages.info(request, NEWER_EDITION)
        return redirect(exception.edition.module)


def _closed_page(request: HttpRequest, edition: Edition) -> HttpResponse:
    """What was here, and when and why it went; all that is left is its title."""
    closure = closure_of(edition.module)
    context = {
        "edition": edition,
        "closure": closure,
        "withdrawal": withdrawal_of(edition) or closure.withdrawal,
        "section": "modules",
    }
    return render(request, "progress/closed.html", context, status=410)
