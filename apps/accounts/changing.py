"""A change of the address somebody signs in with, from the moment it is asked for until it is confirmed or given up.

Confirmed by a code, it waits in the session; by a link, where no code is asked for, in allauth's row.
"""

import time
from dataclasses import dataclass

from allauth.account import app_settings
from allauth.account.internal.flows.email_verification_by_code import EMAIL_VERIFICATION_CODE_SESSION_KEY as CODE
from allauth.account.internal.userkit import user_id_to_str
from allauth.account.models import EmailAddress
from django.http import HttpRequest

from apps.accounts.requests import AuthenticatedHttpRequest


@dataclass(frozen=True)
class Waiting:
    """The new address, and whether a code confirms it."""

    email: str
    is_by_code: bool


def was_begun(request: HttpRequest) -> bool:
    """Whether a code was sent, be it over or not, from this session."""
    return CODE in request.session


def is_by_code() -> bool:
    """Whether a new address is confirmed by a code; else by a link."""
    return bool(app_settings.EMAIL_VERIFICATION_BY_CODE_ENABLED)


def waiting_change(request: AuthenticatedHttpRequest) -> Waiting | None:
    """The change that waits, if one does. Whether the address is somebody else's, it does not know."""
    if not is_by_code():
        new = EmailAddress.objects.get_new(request.user)
        return Waiting(new.email, is_by_code=False) if new and new.email != request.user.email else None
    state = request.session.get(CODE)
    if not state or state["email"] == request.user.email or not _is_own(state, request):
        return None
    is_over = time.time() - state["at"] > app_settings.EMAIL_VERIFICATION_BY_CODE_TIMEOUT
    return None if is_over else Waiting(state["email"], is_by_code=True)


def keep_address(request: AuthenticatedHttpRequest) -> None:
    """Give the change up: no code, and no link, changes anything any more."""
    state = request.session.get(CODE)
    if state and _is_own(state, request):
        del request.session[CODE]
    EmailAddress.objects.filter(user=request.user, verified=False).exclude(email=request.user.email).delete()


def _is_own(state: dict[str, object], request: AuthenticatedHttpRequest) -> bool:
    return state.get("user_id") in (None, user_id_to_str(request.user))
