"""Second factors in tests: somebody who has one, and who proved it some time ago."""

from __future__ import annotations

import datetime
import time

from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY as RECORDS
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from apps.accounts.models import User

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
STEP = 30  # seconds
LONG_AGO = datetime.timedelta(minutes=5, seconds=1)
JUST_NOW = datetime.timedelta()


def code_of(secret: str = SECRET, steps: int = 0) -> str:
    """The code that an app shows, so many steps from now."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // STEP + steps))


def give_app(person: User) -> Authenticator:
    """An app with codes, set up some time ago."""
    app: Authenticator = TOTP.activate(person, SECRET).instance
    return app


def give_passkey(person: User, name: str = "Passkey") -> Authenticator:
    """A row of a passkey, which signs nobody in."""
    passkey: Authenticator = Authenticator.objects.create(
        user=person, type=Authenticator.Type.WEBAUTHN, data={"name": name, "credential": {}}
    )
    return passkey


def give_recovery_codes(person: User) -> list[str]:
    """Ten codes."""
    codes: list[str] = RecoveryCodes.activate(person).generate_codes()
    return codes


def prove(client: Client, person: User, ago: datetime.timedelta = JUST_NOW, method: str = "mfa") -> None:
    """Somebody who is signed in showed, so long ago, that it is them."""
    session = client.session
    session.update(records_of(person, ago, method))
    session.save()


def records_of(person: User, ago: datetime.timedelta = JUST_NOW, method: str = "mfa") -> dict[str, object]:
    """What a session holds then."""
    record = {"method": method, "at": (timezone.now() - ago).timestamp()}
    return {RECORDS: [record], "account_authentication_methods_user": str(person.pk)}


def lose_all() -> None:
    """Of all that anybody has proved it is more than five minutes ago."""
    for session in Session.objects.all():
        store = SessionStore(session.session_key)
        store[RECORDS] = [record | {"at": 0} for record in store.get(RECORDS, [])]
        store.save()


def age(client: Client, by: datetime.timedelta = LONG_AGO) -> None:
    """All that this session has proved was so much earlier."""
    session = client.session
    session[RECORDS] = [record | {"at": record["at"] - by.total_seconds()} for record in session.get(RECORDS, [])]
    session.save()
