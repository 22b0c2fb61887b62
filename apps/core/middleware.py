"""What every request passes through besides Django's own middleware."""

import uuid
from collections.abc import Callable
from urllib.parse import urljoin

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import (
    BadRequest,
    RequestDataTooBig,
    SuspiciousOperation,
    TooManyFieldsSent,
    TooManyFilesSent,
)
from django.db import IntegrityError
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
    QueryDict,
    UnreadablePostError,
)
from django.http.multipartparser import MultiPartParserError
from django.middleware.csrf import get_token

from apps.core import errors, form_owner, kept_answer, sent_again
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
TOO_LARGE = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)
UNREADABLE = (BadRequest, SuspiciousOperation, MultiPartParserError, UnreadablePostError, LookupError, ValueError)
NO_OWNER = "That page had been open too long to know who wrote in it, so nothing was saved. Please answer once more."


class NumberedRequest(HttpRequest):
    """A request as this middleware marks it."""

    number: str  # for what is logged after the answer
    has_met_another: bool
    is_sent_again: bool


class RequestIdMiddleware:
    """Gives each request a short number that stands in the log and on the error page."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: NumberedRequest) -> HttpResponse:
        token = request_id.set(uuid.uuid4().hex[:8])
        request.number = request_id.get()
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
        refuse = self._refusal(request) if request.method == "POST" else None
        if refuse is None:
            return self.get_response(request)
        request.POST = QueryDict()  # so that nothing tries once more
        return refuse(request)

    @staticmethod
    def _refusal(request: HttpRequest) -> GetResponse | None:
        """The page that says why the body is not taken; None for a form that can be read."""
        try:
            return None if request.content_type in FORMS and request.POST is not None else errors.bad_request
        except TOO_LARGE:
            return errors.too_large
        except UNREADABLE:
            return errors.bad_request


class SentAgainMiddleware:
    """What is proven to be sent again gets the safety token of now (`sent_again.py`). Stands above Django's check."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: NumberedRequest, view_func: object, args: object, kwargs: object) -> None:
        if request.method == "POST" and form_owner.AGAIN in request.POST and sent_again.is_proven(request):
            fields = request.POST.copy()
            fields["csrfmiddlewaretoken"] = get_token(request)
            request.POST = fields  # type: ignore[assignment]  # it may be written, as any QueryDict of ours
            request.is_sent_again = True


class FormOwnerMiddleware:
    """What one person wrote is never taken as another's (`form_owner.py`), nor lost while they are signed out."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view_func: Callable[..., HttpResponseBase], args: object, kwargs: object
    ) -> HttpResponseBase | None:
        if request.method != "POST":
            return None
        owner = form_owner.sent_by(request)
        if owner is None and hasattr(view_func, "keeps_answer"):
            messages.error(request, NO_OWNER)
            return HttpResponseRedirect(kept_answer.page_of(request))
        if form_owner.is_anothers(request):
            return errors.written_under_another_account(request)
        if request.user.is_authenticated or owner in {None, form_owner.VISITOR}:
            return None
        return self._signed_out(request, view_func, owner)

    def _signed_out(
        self, request: HttpRequest, view_func: Callable[..., HttpResponseBase], owner: str
    ) -> HttpResponseBase | None:
        """A form of somebody whose session has ended: an answer waits, other texts (an author's) stay on the page.

        An action that is no answer is a button: there is nothing to keep.
        """
        fields = kept_answer.fields_of(request)
        if keeps_answer := getattr(view_func, "keeps_answer", None):
            names = keeps_answer()
            return self._kept(request, owner, [value for name, value in fields if value and name.startswith(names)])
        is_open = not getattr(view_func, "login_required", True) or getattr(view_func, "is_action", False)
        has_text = bool(fields) and not kept_answer.has_password(request)
        return errors.signed_out(request) if has_text and not is_open else None

    @staticmethod
    def _kept(request: HttpRequest, owner: str, answer: list[str]) -> HttpResponse:
        if not answer:
            return kept_answer.sign_in_for(kept_answer.page_of(request))
        if kept_answer.is_too_long(kept_answer.fields_of(request)):
            return errors.signed_out(request)
        return kept_answer.keep_and_sign_in(request, owner)


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

    def process_exception(self, request: NumberedRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, IntegrityError) or hasattr(request, "has_met_another"):
            return None
        request.has_met_another = True
        return HttpResponse(status=409)  # not sent: `__call__` asks once more
