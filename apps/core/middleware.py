"""What every request passes through besides Django's own middleware."""

import logging
import uuid
from collections.abc import Callable
from urllib.parse import urljoin

from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.db import IntegrityError, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect

from apps.core import errors, kept_answer
from apps.core.logs import request_id

GetResponse = Callable[[HttpRequest], HttpResponse]

PERMISSIONS_POLICY = ", ".join(
    f"{feature}=()"
    for feature in (
        *("accelerometer", "autoplay", "camera", "display-capture", "encrypted-media", "fullscreen", "geolocation"),
        *("gyroscope", "magnetometer", "microphone", "midi", "payment", "picture-in-picture", "usb", "browsing-topics"),
    )
)


class RequestIdMiddleware:
    """Gives each request a short number that stands in the log and on the error page."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        token = request_id.set(uuid.uuid4().hex[:8])
        try:
            response = self.get_response(request)
            response["X-Request-ID"] = request_id.get()
        finally:
            request_id.reset(token)
        return response


class OwnAddressMiddleware:
    """Absolute addresses begin with BASE_URL, whatever host the request named: they are sent in e-mails."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        def build(location: str | None = None) -> str:
            return urljoin(settings.BASE_URL + request.path, location or request.get_full_path())

        request.build_absolute_uri = build  # type: ignore[method-assign]
        return self.get_response(request)


class SecurityHeadersMiddleware:
    """Headers that neither Django nor django-csp sets; pages of a signed-in person are never stored by a cache."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        response.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.setdefault("Cross-Origin-Embedder-Policy", "require-corp")
        response.setdefault("Cache-Control", "no-store")
        return response


class KeepAnswerLoginRequiredMiddleware(LoginRequiredMiddleware):
    """Sign-in is the default for every view; an answer sent while signed out waits behind the sign-in page."""

    def handle_no_permission(
        self, request: HttpRequest, view_func: Callable[..., HttpResponseBase]
    ) -> HttpResponseRedirect:
        if request.method == "POST" and getattr(view_func, "keeps_answer", False):
            return kept_answer.keep_and_sign_in(request)
        return super().handle_no_permission(request, view_func)


class DatabaseAwayMiddleware:
    """A view that could not reach the database answers 503 and gives back what was typed, also while DEBUG is on."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, OperationalError | InterfaceError):
            logging.getLogger(__name__).exception("The database is away")
            return errors.database_away(request)
        return None


class OnceMoreMiddleware:
    """Two that came at the same moment both looked, both found nothing and both wrote: the second is done once more.

    Now it finds what the first one wrote, and answers as if it had come a moment later: with the form's own error, or
    with what is there already. Every writer is atomic, so nothing is left of its first try. It must stand last.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        return self.get_response(request) if hasattr(request, "has_met_another") else response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, IntegrityError) or hasattr(request, "has_met_another"):
            return None
        request.has_met_another = True  # type: ignore[attr-defined]
        return HttpResponse(status=409)  # not sent: `__call__` asks once more
