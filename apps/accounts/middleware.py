"""Which pages ask who is signed in, and what allauth asks the password again for."""

from collections.abc import Callable
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.core.exceptions import ReauthenticationRequired
from django.contrib.auth import middleware
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from apps.core import kept_answer

# What a request needs of its surroundings to go on: host, scheme, content type, address.
NEEDED = {
    *("HTTP_HOST", "SERVER_NAME", "SERVER_PORT", "HTTP_X_FORWARDED_PROTO"),
    *("REQUEST_METHOD", "CONTENT_TYPE", "QUERY_STRING", "REMOTE_ADDR"),
}


class LoginRequiredMiddleware(middleware.LoginRequiredMiddleware):
    """Sign-in is the default, as with Django's; but what is open to all does not need the database to say so."""

    def process_view(
        self, request: HttpRequest, view_func: Callable[..., HttpResponseBase], view_args: Any, view_kwargs: Any
    ) -> HttpResponseBase | None:
        if not getattr(view_func, "login_required", True):
            return None
        return super().process_view(request, view_func, view_args, view_kwargs)


class SuspendedRequestMiddleware:
    """A request that waits for the password is stored without what is none of its business.

    allauth stores all of META in the session, which holds the cookies and, under the development server, the process's
    environment with the SECRET_KEY. Here it finds no more than is needed. Must stand below allauth's middleware.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        meta = request.META
        response = self.get_response(request)
        request.META = meta  # also after a request that went on, which brought its own
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        if isinstance(exception, ReauthenticationRequired):
            address = get_adapter(request).get_client_ip(request)
            fields = kept_answer.fields_of(request)
            request.META = {name: value for name, value in request.META.items() if name in NEEDED}
            request.META["REMOTE_ADDR"] = address
            request.POST = kept_answer.as_form_data([] if kept_answer.is_too_long(fields) else fields)  # type: ignore[assignment]
