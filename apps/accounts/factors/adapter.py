"""How allauth's second factor behaves here: whose address passkeys belong to, what cannot be removed, our words."""

from typing import ClassVar

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings

from apps.accounts.factors import demand
from apps.accounts.models import User

SITE = "Second Look"


class FactorAdapter(DefaultMFAAdapter):
    """Passkeys belong to the one address of the site, and the last factor stays where one is demanded."""

    error_messages: ClassVar = DefaultMFAAdapter.error_messages | {
        "cannot_delete_authenticator": "Your role needs a second factor, and you have no other. Set up another first.",
        "cannot_generate_recovery_codes": "Set up an app or a passkey first: recovery codes stand in for them.",
        "codes_locked": "Too many wrong codes for this account. Wait %s, then try again.",
        "incorrect_code": (
            "That code is not right, or it has been used. A new one comes every 30 seconds; if none is taken, let your"
            " phone set its clock by itself, since codes are made from the time."
        ),
        "incorrect_passkey": "That passkey did not work here. Try again, or use a code.",
        "page_too_old": "This page had been open for too long. Here is a new picture; delete the entry you made.",
        "too_many_passkeys": "You have ten passkeys. Remove one you no longer use first.",
        "unverified_email": "Confirm your new e-mail address first, or keep the old one. Then come back.",
    }

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        others = Authenticator.objects.filter(user=authenticator.user_id).exclude(pk=authenticator.pk)
        is_last = not others.exclude(type=Authenticator.Type.RECOVERY_CODES).exists()
        return not (is_last and demand.is_demanded_of(authenticator.user))

    def generate_authenticator_name(self, user: User, type: Authenticator.Type) -> str:
        count: int = Authenticator.objects.filter(user=user, type=type).count()
        return f"Passkey {count + 1}" if count else "Passkey"

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {"id": settings.PASSKEY_DOMAIN, "name": SITE}
