"""Of whom a second factor is demanded, since when, and how long ago they proved that they have it.

Whoever signed in with one has a proof in the session: allauth's record of it. A page that is open to those with a proof
asks the database nothing for it, once their rights are known.
"""

from __future__ import annotations

import datetime

from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY, get_authentication_records
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.http import HttpRequest
from django.utils import formats, timezone

from apps.accounts.models import User
from apps.accounts.requests import AuthenticatedHttpRequest

TOLD = "second-factor"  # the tag of a message that says so
GRACE = datetime.timedelta(days=7)  # from the first sign-in under the demand
FRESH = datetime.timedelta(minutes=5)  # so old may a proof be for an act

FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]

_rights: set[str] = set()


def register(*rights: str) -> None:
    """Make known rights with which harm can be done: whoever has one of them needs a second factor."""
    _rights.update(rights)


def is_demanded_of(person: User) -> bool:
    """Whether this person must have a second factor: it is demanded here, and they may do what asks for one."""
    if not settings.IS_SECOND_FACTOR_DEMANDED:
        return False
    return person.is_superuser or any(person.has_perm(right) for right in _rights)


def has_factor(person: User) -> bool:
    """Whether this person has an app or a passkey; recovery codes alone stand in for nothing."""
    return bool(is_mfa_enabled(person, FACTORS))


def opens_admin(request: AuthenticatedHttpRequest, now: datetime.datetime) -> bool:
    """Whether the admin's pages are open; its acts ask for `lacks_proof`, too."""
    if not is_demanded_of(request.user) or proven_at(request):
        return True
    if has_factor(request.user):
        return False
    ends = grace_ends(request.user)
    return ends is None or now < ends


def grace_ends(person: User) -> datetime.datetime | None:
    """Until when the admin's pages are open without; None for who has not signed in under the demand yet."""
    return person.factor_demanded_at and person.factor_demanded_at + GRACE


def in_words(ends: datetime.datetime, now: datetime.datetime) -> str:
    """What is told to who has none, each time."""
    if now >= ends:
        return "Your role needs a second factor. Until you have set one up, the admin is closed to you."
    day = formats.date_format(timezone.localtime(ends), "j F")
    return f"Your role needs a second factor. Set one up before {day}: from then on the admin is closed without it."


def proven_at(request: HttpRequest, *methods: str) -> datetime.datetime | None:
    """When whoever is signed in last proved it is them, by the second factor if no other method is named.

    Signing in counts, which allauth's `did_recently_reauthenticate` leaves out.
    """
    wanted = methods or ("mfa",)
    records = get_authentication_records(request, request.user)
    moments = [record["at"] for record in records if record["method"] in wanted]
    return datetime.datetime.fromtimestamp(max(moments), datetime.UTC) if moments else None


def forget_proofs(request: HttpRequest) -> None:
    """What was shown is there no more."""
    records = get_authentication_records(request, request.user)
    request.session[AUTHENTICATION_METHODS_SESSION_KEY] = [one for one in records if one["method"] != "mfa"]


def is_fresh(moment: datetime.datetime | None, now: datetime.datetime) -> bool:
    """Whether a proof is young enough for an act."""
    return moment is not None and now - moment < FRESH


def lacks_proof(request: AuthenticatedHttpRequest, now: datetime.datetime) -> bool:
    """Whether an act is closed to whoever asks until they have proved it is them."""
    return is_demanded_of(request.user) and not is_fresh(proven_at(request), now)


def is_recent(request: HttpRequest) -> bool:
    """Whether somebody showed just now that it is them: with the second factor, or the password if they have none."""
    if not isinstance(request.user, User):
        return False
    methods = ("mfa",) if has_factor(request.user) else ("password", "mfa")
    return is_fresh(proven_at(request, *methods), timezone.now())
