"""What somebody has for a second factor."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser

from apps.core.words import counted, listed

APP, PASSKEY, RECOVERY = Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN, Authenticator.Type.RECOVERY_CODES


@dataclass
class Factors:
    """All of one person's."""

    app: Authenticator | None = None
    passkeys: list[Authenticator] = field(default_factory=list)
    codes_left: int | None = None  # None: there are no recovery codes
    are_codes_kept: bool = False  # somebody said that they have them

    def __bool__(self) -> bool:
        return bool(self.app or self.passkeys)

    def __str__(self) -> str:
        app = ["an app with codes"] if self.app else []
        passkeys = [counted(len(self.passkeys), "passkey", "passkeys")] if self.passkeys else []
        said = listed([*app, *passkeys])
        return said[0].upper() + said[1:] if said else "None"


def factors_of(person: AbstractBaseUser) -> Factors:
    """What this person has set up, in one query."""
    found = Factors()
    for row in Authenticator.objects.filter(user=person).order_by("pk"):
        if row.type == APP:
            found.app = row
        elif row.type == PASSKEY:
            found.passkeys.append(row)
        else:
            codes = row.wrap()
            found.codes_left, found.are_codes_kept = len(codes.get_unused_codes()), codes.did_view
    return found


def has_app(person: AbstractBaseUser | AnonymousUser) -> bool:
    """Whether an app makes codes for this person."""
    return bool(Authenticator.objects.filter(user_id=person.pk, type=APP).exists())


def has_passkey(person: AbstractBaseUser | AnonymousUser) -> bool:
    """Whether this person has a passkey."""
    return bool(Authenticator.objects.filter(user_id=person.pk, type=PASSKEY).exists())


def recovery_codes_of(person: AbstractBaseUser) -> Any:
    """allauth's recovery codes of this person, or None."""
    row = Authenticator.objects.filter(user=person, type=RECOVERY).first()
    return row and row.wrap()


def refusal_to_remove(factor: Authenticator) -> str:
    """Why this factor stays; empty where it may go."""
    adapter = get_adapter()
    return "" if adapter.can_delete_authenticator(factor) else adapter.error_messages["cannot_delete_authenticator"]


def words_of(person: AbstractBaseUser) -> list[str]:
    """What goes with an account that is closed."""
    factors = factors_of(person)
    return [f"Its second factor: {str(factors).lower()}, and recovery codes."] if factors else []
