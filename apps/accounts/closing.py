"""Closing an account: every personal word goes at once, and an empty row stays, so that records keep their "by".

An app that keeps something about people registers here, in its `AppConfig.ready`, what it erases, as page kinds do.
"""

import datetime
import json
import secrets
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.admin.models import LogEntry
from django.contrib.auth.hashers import make_password
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Q, QuerySet

from apps.accounts import sessions
from apps.accounts.models import CLOSED, RightsChange, User
from apps.core.words import whole

LAST_ADMINISTRATOR = "This is the last administrator. Make somebody else an administrator first."


class NotClosableError(Exception):
    """This account cannot be closed by this person; the message says why."""


def _nothing(person: User) -> Iterable[str]:
    return ()


@dataclass(frozen=True)
class Erasure:
    """What an app erases when an account is closed. `goes` and `stays` say in words, with counts, what that means."""

    erase: Callable[[User, datetime.datetime], None]
    goes: Callable[[User], Iterable[str]] = _nothing
    stays: Callable[[User], Iterable[str]] = _nothing


_erasures: list[Erasure] = []


def register(erasure: Erasure) -> None:
    """Make known what an app erases. Apps that build on others are installed, and so register, after them."""
    _erasures.append(erasure)


def _from_the_top() -> list[Erasure]:
    """What builds on other rows goes before them."""
    return _erasures[::-1]


@dataclass(frozen=True)
class Closing:
    """What closing this account would mean."""

    goes: list[str]
    stays: list[str]


def closing_of(person: User) -> Closing:
    """What would go and what would stay, for whoever is asked to confirm it."""
    return Closing(
        goes=[words for erasure in _from_the_top() for words in erasure.goes(person)],
        stays=[words for erasure in _from_the_top() for words in erasure.stays(person)],
    )


def refuse_closing(person: User, by: User) -> None:
    """Raise NotClosableError where closing would lock out whoever does it, or everybody."""
    if person.pk == by.pk:
        raise NotClosableError("You cannot close your own account. Another administrator can do it.")
    if not person.is_superuser:
        return
    if not by.is_superuser:
        raise NotClosableError("Only an administrator can close the account of an administrator.")
    if not other_administrators(person).exists():
        raise NotClosableError(LAST_ADMINISTRATOR)


def other_administrators(person: User) -> QuerySet[User]:
    """Who could still administer without this person."""
    return User.objects.filter(is_superuser=True, is_staff=True, is_active=True).exclude(pk=person.pk)


def close_account(person: User, at: datetime.datetime, by: User) -> None:
    """Erase everything personal and leave an empty row. Repeated, it only looks for sessions once more.

    NotClosableError for whoever does it, and for the last administrator.
    """
    addresses = _erase(person, at, by)
    # Afterwards: nobody can sign in any more, and a long walk through all sessions holds up nobody.
    sessions.end_sessions(person, addresses)


@transaction.atomic
def _erase(person: User, at: datetime.datetime, by: User) -> set[str]:
    """Everything but the sessions; gives the person's addresses, by which those are found."""
    # Administrators first and all of them, so that two cannot close each other at the same moment.
    list(User.objects.select_for_update(no_key=True).filter(Q(is_superuser=True) | Q(pk=person.pk)).order_by("pk"))
    stored = User.objects.get(pk=person.pk)
    refuse_closing(stored, User.objects.get(pk=by.pk))
    if stored.closed_at is not None:
        return set()
    addresses = {stored.email, *EmailAddress.objects.filter(user=stored).values_list("email", flat=True)}
    for erasure in _from_the_top():
        erasure.erase(stored, at)
    _erase_from_log(stored, addresses)
    EmailAddress.objects.filter(user=stored).delete()
    _empty(stored, at)
    return addresses


def _empty(person: User, at: datetime.datetime) -> None:
    person.groups.clear()
    person.user_permissions.clear()
    User.objects.filter(pk=person.pk).update(
        email=f"{secrets.token_hex(16)}@closed.invalid",
        password=make_password(None),
        last_login=None,
        full_name="",
        certificate_name="",
        training_grade="",
        specialty="",
        is_active=False,
        is_staff=False,
        is_superuser=False,
        factor_demanded_at=None,
        closed_at=at,
    )


# The admin's log ----------------------------------------------------------------------------------------------------


def _erase_from_log(person: User, addresses: set[str]) -> None:
    """The logs keep that something was done, and by whom, without the person's words."""
    people, emails = (ContentType.objects.get_for_model(model) for model in (User, EmailAddress))
    own_addresses = [str(pk) for pk in EmailAddress.objects.filter(user=person).values_list("pk", flat=True)]
    about = Q(content_type=people, object_id=str(person.pk)) | Q(content_type=emails, object_id__in=own_addresses)
    LogEntry.objects.filter(about).update(object_repr=CLOSED, change_message="")
    _replace_in(LogEntry.objects.all(), addresses)
    # Somebody else may have the same name: what was done to them stays as it is.
    names = {person.full_name, person.certificate_name} - {""}
    _replace_in(LogEntry.objects.exclude(content_type=people), names)
    # A group may be called after somebody; a name of one word could be any word of a right.
    whole_names = {name for name in names if " " in name}
    _replace_in(RightsChange.objects.all(), addresses | whole_names, ("group", "given", "taken"))


def _replace_in(entries: Any, words: set[str], texts: Sequence[str] = ("object_repr", "change_message")) -> None:
    spellings = {spelling for word in words for spelling in (word, json.dumps(word)[1:-1])}  # messages are JSON
    for spelling in sorted(spellings, key=len, reverse=True):
        holding = reduce(or_, (Q(**{f"{name}__icontains": spelling}) for name in texts))
        for entry in entries.filter(holding).iterator():
            for name in texts:
                longest = entry._meta.get_field(name).max_length
                setattr(entry, name, whole(spelling).sub(CLOSED, getattr(entry, name))[:longest])
            entry.save(update_fields=texts)
