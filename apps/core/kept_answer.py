"""An answer that was sent while signed out is kept until its writer has signed in again.

Action URLs end in a verb (`…/answer/`, `…/choose/`); the page that holds the form is the URL without it. The
fields wait in the visitor's own session, are offered in that form, and go when the form has been sent.
"""

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponseRedirect, QueryDict
from django.shortcuts import resolve_url

SESSION_KEY = "kept_answer"
MAX_LENGTH = 20_000  # characters, all fields together


def fields_of(request: HttpRequest) -> list[tuple[str, str]]:
    """What was posted, as (name, value) pairs, without the CSRF token and without passwords; empty when too long."""
    fields = [
        (name, value)
        for name, values in request.POST.lists()
        if name != "csrfmiddlewaretoken" and "password" not in name
        for value in values
    ]
    return fields if sum(len(name) + len(value) for name, value in fields) <= MAX_LENGTH else []


def keep_and_sign_in(request: HttpRequest) -> HttpResponseRedirect:
    """Keep the posted fields and go to the sign-in page, which leads back to the form they came from."""
    fields = fields_of(request)
    if fields:
        request.session[SESSION_KEY] = {"path": request.path, "fields": fields}
    return sign_in_for(request.path.rstrip("/").rsplit("/", 1)[0] + "/")


def sign_in_for(page: str) -> HttpResponseRedirect:
    """The way to the sign-in page, which leads on to `page`."""
    return HttpResponseRedirect(f"{resolve_url(settings.LOGIN_URL)}?{urlencode({'next': page})}")


def kept_fields(request: HttpRequest, action_url: str) -> QueryDict | None:
    """The kept answer of the form that posts to `action_url`, as form data; None when there is none."""
    kept: dict[str, Any] | None = request.session.get(SESSION_KEY)
    if not kept or kept["path"] != action_url:
        return None
    data = QueryDict(mutable=True)
    for name, value in kept["fields"]:
        data.appendlist(name, value)
    return data


def forget(request: HttpRequest) -> None:
    """Forget the kept answer, once it has been sent."""
    request.session.pop(SESSION_KEY, None)
