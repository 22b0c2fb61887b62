"""What is written about second factors, beside what allauth writes."""

from __future__ import annotations

import datetime

from allauth.mfa.models import Authenticator
from django.db import transaction

from apps.accounts.factors import demand
from apps.accounts.models import User


def note_demand(person: User, at: datetime.datetime) -> datetime.datetime | None:
    """Somebody has signed in: until when they may do without the factor that is demanded of them. Asked once more, the
    first time stands. None where nothing is demanded, or they have one.
    """
    if not demand.is_demanded_of(person) or demand.has_factor(person):
        return None
    User.objects.filter(pk=person.pk, factor_demanded_at=None).update(factor_demanded_at=at)
    person.refresh_from_db(fields=["factor_demanded_at"])
    return demand.grace_ends(person)


@transaction.atomic
def keep_recovery_codes(person: User) -> None:
    """Their owner has them: they are shown no more. A code that is used at the same moment stays used."""
    row = Authenticator.objects.select_for_update().filter(user=person, type=Authenticator.Type.RECOVERY_CODES).first()
    if row is not None:
        row.wrap().mark_as_viewed()


def erase(person: User, at: datetime.datetime) -> None:
    """Nothing that signed this person in is left."""
    Authenticator.objects.filter(user=person).delete()
