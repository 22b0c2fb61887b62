"""Which pages ask who is signed in, what allauth asks the password again for, and how its forms say what is wrong."""

from collections.abc import Callable
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.core.exceptions import ReauthenticationRequired
from django.contrib.auth import middleware
from django.contrib.sessions import middleware as sessions
from django.contrib.sessions.exceptions import SessionInterrupted
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.template.response import TemplateResponse

from apps.core import errors, kept_answer

# What a request needs of its surroundings to go on: host, scheme, content type, address.
NEEDED = {
    *("HTTP_HOST", "SERVER_NAME", "SERVER_PORT", "HTTP_X_FORWARDED_PROTO"),
    *("REQUEST_METHOD", "CONTENT_TYPE", "QUERY_STRING", "REMOTE_ADDR"),
}


class SessionMiddleware(sessions.SessionMiddleware):
    """Who signs in twice at once, by a double click, is led on by both answers: for the slower one its session is gone.

    Any page but one that leads on is an error then, as Django's: somebody may have signed out.
    """

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        try:
            return super().process_response(request, response)
        except SessionInterrupted:
            if response.has_header("Location"):
                return response
            raise


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

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, ReauthenticationRequired):
            return None
        methods = get_adapter(request).get_reauthentication_methods(request.user)
        if request.method == "POST" and methods and _is_named(request, "mfa_"):  # codes and keys wait in no session
            needs = "factor" if methods[0]["id"] == "mfa_reauthenticate" else "password"
            return errors.show_who_it_is(request, methods[0]["url"], needs)
        address = get_adapter(request).get_client_ip(request)
        fields = kept_answer.fields_of(request)
        request.META = {name: value for name, value in request.META.items() if name in NEEDED}
        request.META["REMOTE_ADDR"] = address
        request.POST = kept_answer.as_form_data([] if kept_answer.is_too_long(fields) else fields)  # type: ignore[assignment]
        return None


class WrongInputMiddleware:
    """A form of allauth's that comes back with what is wrong answers 422, as every form of ours does."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_template_response(self, request: HttpRequest, response: TemplateResponse) -> TemplateResponse:
        if _is_named(request, "account_", "mfa_") and request.method == "POST" and response.status_code == 200:
            forms = [value for value in (response.context_data or {}).values() if isinstance(value, BaseForm)]
            if any(form.errors for form in forms):
                response.status_code = 422
        return response


def _is_named(request: HttpRequest, *beginnings: str) -> bool:
    """Whether the address is one of allauth's, by the beginning of its name."""
    return request.resolver_match is not None and request.resolver_match.view_name.startswith(beginnings)
