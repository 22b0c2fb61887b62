"""Error pages that say what happened, what is safe and one way on. None of them needs the database."""

import sys
from typing import Any

from django.db import InterfaceError, InternalError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.context_processors import csrf
from django.template.loader import render_to_string
from django.views.decorators.csrf import requires_csrf_token

from apps.core import kept_answer
from apps.core.logs import request_id

# What PostgreSQL calls an internal error though nothing of ours is wrong: it takes no writes (a standby, a fail-over),
# or it has ended a transaction that stood still.
SQLSTATES = {"25006", "25P03", "25P04"}


def is_database_away(error: BaseException | None) -> bool:
    """The database could not be reached, did not answer in time, or takes no writes: nothing was saved."""
    if isinstance(error, InternalError):
        return getattr(error.__cause__, "sqlstate", None) in SQLSTATES
    return isinstance(error, OperationalError | InterfaceError)


def _page(request: HttpRequest, template: str, status: int) -> HttpResponse:
    context: dict[str, Any] = {"request_id": request_id.get(), "kept_action": request.path}
    if request.method == "POST":
        context["kept_fields"] = kept_answer.fields_of(request)
    # No context processors: they would ask the database who is signed in.
    return HttpResponse(render_to_string(template, context | csrf(request)), status=status)


@requires_csrf_token
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form was too old or came from elsewhere: what was typed is given back, to be sent once more."""
    return _page(request, "403_csrf.html", 403)


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
