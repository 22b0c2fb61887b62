"""What is written about second factors, beside what allauth writes."""

from __future__ import annotations

import datetime

from allauth.mfa.models import Authenticator

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


def erase(person: User, at: datetime.datetime) -> None:
    """Nothing that signed this person in is left."""
    Authenticator.objects.filter(user=person).delete()
