"""An answer that was sent while signed out is kept until its writer has signed in again.

Action URLs end in a verb (`…/answer/`, `…/choose/`); the page that holds the form is the URL without it. The
fields wait in the session of the browser, one answer at the most, with the owner of the form (`form_owner.py`). They
are offered in that form to that account alone, and go when the form has been sent or somebody else signs in.
"""

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponseRedirect, QueryDict
from django.shortcuts import resolve_url

from apps.core import form_owner

SESSION_KEY = "kept_answer"
MAX_LENGTH = 2_000  # characters, all fields together; a learner's form sends a few hundred
NOT_CONTENT = {"csrfmiddlewaretoken", form_owner.FIELD, form_owner.AGAIN}


def fields_of(request: HttpRequest) -> list[tuple[str, str]]:
    """What was posted, as (name, value) pairs, without tokens and without passwords."""
    return [
        (name, value)
        for name, values in request.POST.lists()
        if name not in NOT_CONTENT and "password" not in name
        for value in values
    ]


def has_password(request: HttpRequest) -> bool:
    """Whether a password was posted: the form cannot be given back whole."""
    return any("password" in name for name in request.POST)


def is_too_long(fields: list[tuple[str, str]]) -> bool:
    """Whether the fields are more than may wait in a session."""
    return sum(len(name) + len(value) for name, value in fields) > MAX_LENGTH


def keep_and_sign_in(request: HttpRequest, owner: str) -> HttpResponseRedirect:
    """Keep the posted fields for their owner and go to the sign-in page, which leads back to the form."""
    if fields := fields_of(request):
        request.session[SESSION_KEY] = {"owner": owner, "path": request.path, "fields": fields}
    return sign_in_for(page_of(request))


def page_of(request: HttpRequest) -> str:
    """The page that holds the form which posts here."""
    return request.path.rstrip("/").rsplit("/", 1)[0] + "/"


def sign_in_for(page: str) -> HttpResponseRedirect:
    """The way to the sign-in page, which leads on to `page`."""
    return HttpResponseRedirect(f"{resolve_url(settings.LOGIN_URL)}?{urlencode({'next': page})}")


def kept_fields(request: HttpRequest, action_url: str) -> QueryDict | None:
    """The kept answer of the form that posts to `action_url`, as form data; None when there is none of this person."""
    kept: dict[str, Any] | None = request.session.get(SESSION_KEY)
    if not kept or kept["path"] != action_url or not _is_of(request, kept):
        return None
    return as_form_data(kept["fields"])


def as_form_data(fields: list[tuple[str, str]]) -> QueryDict:
    """The fields as a form takes them."""
    data = QueryDict(mutable=True)
    for name, value in fields:
        data.appendlist(name, value)
    return data


def forget(request: HttpRequest) -> None:
    """Forget the answer that was kept of the form which has been sent; another's goes on waiting."""
    kept = request.session.get(SESSION_KEY)
    if kept and kept["path"] == request.path:
        del request.session[SESSION_KEY]


def forget_anothers(request: HttpRequest) -> None:
    """Forget the kept answer unless it is of the person who has just signed in."""
    kept = request.session.get(SESSION_KEY)
    if kept and not _is_of(request, kept):
        del request.session[SESSION_KEY]


def _is_of(request: HttpRequest, kept: dict[str, Any]) -> bool:
    return kept.get("owner") == form_owner.owner_of(request.user)
