"""What happens when a learner would begin an edition that takes nobody any more."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from apps.progress.actions import NotOpenError

NEWER_EDITION = "A newer edition has come out. Start with that one."


class NotOpenMiddleware:
    """Whatever they pressed, they are shown the module, which offers the edition in force."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, NotOpenError):
            return None
        messages.info(request, NEWER_EDITION)
        return redirect(exception.edition.module)
