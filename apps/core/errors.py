"""Error pages that say what happened, what is safe and one way on. None of them needs the database."""

import sys
from typing import Any

from django.db import InterfaceError, InternalError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.context_processors import csrf
from django.template.loader import render_to_string
from django.utils.http import escape_leading_slashes
from django.views.decorators.csrf import requires_csrf_token
from django.views.defaults import page_not_found

from apps.core import form_owner, kept_answer, sent_again
from apps.core.logs import request_id

# What PostgreSQL calls an internal error though nothing of ours is wrong: it takes no writes (a standby, a fail-over),
# or it has ended a transaction that stood still.
SQLSTATES = {"25006", "25P03", "25P04"}


def is_database_away(error: BaseException | None) -> bool:
    """The database could not be reached, did not answer in time, or takes no writes: nothing was saved."""
    if isinstance(error, InternalError):
        return getattr(error.__cause__, "sqlstate", None) in SQLSTATES
    return isinstance(error, OperationalError | InterfaceError)


def _page(request: HttpRequest, template: str, status: int, **more: object) -> HttpResponse:
    """A page with what was posted, if it may be given back, and whatever `more` its template needs."""
    address = escape_leading_slashes(request.path)
    context: dict[str, Any] = {"request_id": request_id.get(), "kept_action": address} | more
    if request.method == "POST" and form_owner.may_be_given_back(request):
        context["kept_fields"] = kept_answer.fields_of(request)
        context["kept_owner"] = request.POST[form_owner.FIELD]
    # No context processors: they would ask the database who is signed in.
    return HttpResponse(render_to_string(template, context | csrf(request)), status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """handler400: what was sent cannot be read, and is not read again."""
    return HttpResponse(render_to_string("400.html"), status=400)


def too_large(request: HttpRequest) -> HttpResponse:
    """What was sent is more than is read in one go; the browser that sent it has it still."""
    return HttpResponse(render_to_string("413.html"), status=413)


@requires_csrf_token
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form was too old or came from elsewhere: its writer has what was typed back, to be sent once more."""
    if form_owner.is_anothers(request):
        return written_under_another_account(request)
    return _page(request, "403_csrf.html", 403)


def written_under_another_account(request: HttpRequest) -> HttpResponse:
    """Somebody else is signed in than the one the form was made for: neither stored nor shown."""
    match = request.resolver_match
    is_action = match is not None and getattr(match.func, "is_action", False)
    context = {
        "is_visitors": form_owner.sent_by(request) == form_owner.VISITOR,
        "page": kept_answer.page_of(request) if is_action else "",
    }
    return HttpResponse(render_to_string("409.html", context), status=409)


@requires_csrf_token
def signed_out(request: HttpRequest) -> HttpResponse:
    """What was typed cannot wait in the session while its writer signs in: it stays on the page."""
    return _page(request, "signed_out.html", 403, kept_proof=sent_again.proof_for(request))


@requires_csrf_token
def show_who_it_is(request: HttpRequest, way: str, needs: str) -> HttpResponse:
    """Before this is done, its writer shows that it is them, at the address `way`: what was typed stays on the page.

    What it `needs` is a "password", a "factor" that they have, or the "set-up" of one.
    """
    return _page(request, "403_proof.html", 403, way=way, needs=needs)


@requires_csrf_token
def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """handler404: a text is given back, as its page may have gone meanwhile, or a right to it; a button needs none.

    It can be read, too: nowhere else may it ever be taken again.
    """
    texts = [*dict.fromkeys(value for _, value in kept_answer.fields_of(request) if len(value.split()) > 1)]
    if texts and not kept_answer.has_password(request) and form_owner.may_be_given_back(request):
        return _page(request, "404_kept.html", 404, kept_texts=texts)
    return page_not_found(request, exception)


@requires_csrf_token
def database_away(request: HttpRequest) -> HttpResponse:
    """Nothing was saved: say so, and give back what was typed."""
    response = _page(request, "503.html", 503)
    response["Retry-After"] = "30"
    return response


@requires_csrf_token
def server_error(request: HttpRequest) -> HttpResponse:
    """handler500: a 503 where the cause is the database, else the designed 500 page with the request's number."""
    if is_database_away(sys.exc_info()[1]):
        return database_away(request)
    return _page(request, "500.html", 500)
