"""What every request passes through besides Django's own middleware."""

import logging
import uuid
from collections.abc import Callable

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.core.exceptions import BadRequest, SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
    QueryDict,
    UnreadablePostError,
)
from django.http.multipartparser import MultiPartParserError

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


# An answer's headers together must fit into a proxy's buffer, 4 kB at the least: ours need 2 kB, messages 1 kB.
MAX_LOCATION = 1_000

FORMS = {"application/x-www-form-urlencoded", "multipart/form-data", ""}  # the last is nothing at all
UNREADABLE = (BadRequest, SuspiciousOperation, MultiPartParserError, UnreadablePostError, LookupError, ValueError)


class RequestIdMiddleware:
    """Gives each request a short number that stands in the log and on the error page."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        token = request_id.set(uuid.uuid4().hex[:8])
        request.number = request_id.get()  # type: ignore[attr-defined]  # for what is logged after the answer
        try:
            response = self.get_response(request)
            response["X-Request-ID"] = request_id.get()
        finally:
            request_id.reset(token)
        return response


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


class ShortRedirectMiddleware:
    """A redirect whose address a proxy's buffer may not hold leads to the page without its query (`next`), or home."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if len(response.get("Location", "")) > MAX_LOCATION:
            page = response["Location"].partition("?")[0]
            response["Location"] = page if len(page) <= MAX_LOCATION else "/"
        return response


class ReadableRequestMiddleware:
    """Refuses a body that is no form before anything else reads it: error pages would stumble over it again.

    A cookie that holds a control character is none of ours: PostgreSQL would not even look for such a session.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.COOKIES = {name: value for name, value in request.COOKIES.items() if value.isprintable()}
        if request.method != "POST" or self._is_form(request):
            return self.get_response(request)
        request.POST = QueryDict()  # so that nothing tries once more
        return errors.bad_request(request)

    @staticmethod
    def _is_form(request: HttpRequest) -> bool:
        try:
            return request.content_type in FORMS and request.POST is not None
        except UNREADABLE:
            return False


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
