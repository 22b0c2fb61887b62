"""Somebody has lost their device and their recovery codes: two administrators, or one who may use the server, help."""

from __future__ import annotations

import datetime

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.models import Permission
from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.urls import reverse

from apps.accounts import mails, rights, sessions
from apps.accounts.factors import demand
from apps.accounts.log import Entry, Kind
from apps.accounts.models import FactorRemoval, User

LASTS = datetime.timedelta(days=1)  # so long a second administrator has
RIGHT = "accounts.change_user"


class NotRemovableError(Exception):
    """This person cannot remove that factor now; the message says why, and what else helps."""


def find_asked(person: User, key: str) -> FactorRemoval | None:
    """The removal that a form names, whatever came of it."""
    return FactorRemoval.objects.filter(person=person, pk=key).first() if key.isdecimal() and len(key) < 19 else None


def asked_of(person: User, now: datetime.datetime) -> FactorRemoval | None:
    """What waits for a second administrator; what nobody confirmed within a day has lapsed, and stays in the log."""
    waiting = FactorRemoval.objects.filter(person=person, removed_at=None, asked_at__gt=now - LASTS)
    return waiting.select_related("asked_by").first()


def refuse(person: User, by: User) -> None:
    """Raise NotRemovableError where nothing can be asked for."""
    if person.pk == by.pk:
        raise NotRemovableError("You remove your own second factor on your account page.")
    if not may_remove(person, by):
        raise NotRemovableError("This person may do more than you. Somebody who may do as much can remove it.")
    if not demand.has_factor(person):
        raise NotRemovableError("This person has no second factor.")
    if not _others_who_may(person, by):
        raise NotRemovableError(
            "A second administrator must confirm this, and there is none besides you and this person. On the server,"
            f" “manage.py remove_second_factor {person.email}” does it."
        )


def may_remove(person: User, by: User) -> bool:
    """Whether somebody may ask for it, or confirm it: they change people, and this one may do nothing they may not."""
    return by.is_active and by.is_staff and by.has_perm(RIGHT) and rights.is_within(person, by)


def _others_who_may(person: User, by: User) -> list[User]:
    """Who could confirm it."""
    app, _, codename = RIGHT.partition(".")
    held = Permission.objects.filter(content_type__app_label=app, codename=codename)
    may = Q(is_superuser=True) | Q(groups__permissions__in=held) | Q(user_permissions__in=held)
    found = User.objects.filter(may, is_active=True, is_staff=True).exclude(pk__in=[person.pk, by.pk]).distinct()
    return [other for other in found if may_remove(person, other)]


def ask(person: User, by: User, at: datetime.datetime) -> FactorRemoval:
    """Ask for the removal; what another has asked for already stands. All others who may confirm it are told, and so is
    the person, who may know nothing of it.
    """
    with transaction.atomic():
        person = User.objects.select_for_update().get(pk=person.pk)
        refuse(person, by)
        if waiting := asked_of(person, at):
            return waiting
        asked = FactorRemoval.objects.create(person=person, asked_by=by, asked_at=at)
    address = f"{settings.BASE_URL}{reverse('admin:accounts_user_factor', args=[person.pk])}"
    for other in _others_who_may(person, by):
        mails.send("account/email/second_factor_removal_asked", other, {"asked": asked, "address": address})
    mails.send("account/email/second_factor_in_question", person)
    return asked


def confirm(asked: FactorRemoval, by: User, at: datetime.datetime) -> bool:
    """Confirm what another administrator asked for; False for whoever has just done so.

    NotRemovableError where it cannot be done, or has been done.
    """
    with transaction.atomic():
        person = User.objects.select_for_update().get(pk=asked.person_id)
        stored = FactorRemoval.objects.select_related("asked_by").get(pk=asked.pk)
        if stored.removed_at is not None:
            if stored.confirmed_by_id == by.pk and at - stored.removed_at < demand.FRESH:
                return False
            raise NotRemovableError("That is done already.")
        _refuse_to_confirm(stored, by, at)
        refuse(person, by)
        FactorRemoval.objects.filter(pk=stored.pk).update(confirmed_by=by, removed_at=at)
        Authenticator.objects.filter(user=person).delete()
    _end(person)
    return True


def _refuse_to_confirm(asked: FactorRemoval, by: User, at: datetime.datetime) -> None:
    """Two administrators stand for a removal, both of them now."""
    if asked.asked_by_id == by.pk:
        raise NotRemovableError("You asked for it: another administrator must confirm it.")
    if asked.asked_at <= at - LASTS:
        raise NotRemovableError("It was asked for more than a day ago. Ask once more.")
    if asked.asked_by is None or not may_remove(asked.person, asked.asked_by):
        raise NotRemovableError("Whoever asked for it may not do so any more.")


def remove_on_server(person: User, at: datetime.datetime) -> bool:
    """Remove it for whoever may use the server; False where there is none. Sessions end in any case."""
    with transaction.atomic():
        person = User.objects.select_for_update().get(pk=person.pk)
        had_one = demand.has_factor(person)
        if had_one:
            FactorRemoval.objects.create(person=person, asked_at=at, removed_at=at)
            Authenticator.objects.filter(user=person).delete()
    if had_one:
        _end(person)
    else:
        sessions.end_sessions(person)
    return had_one


def _end(person: User) -> None:
    sessions.end_sessions(person)
    mails.send("account/email/second_factor_removed", person)


def removals() -> Kind:
    """Second factors that were to be removed, for the log."""

    def said(removal: FactorRemoval) -> Entry:
        address = reverse("admin:accounts_user_change", args=[removal.person_id])
        if removal.removed_at is None:
            asked = f"Asked to remove the second factor of {removal.person}."
            return Entry(removal.asked_at, removal.asked_by, asked, address=address)
        done = f"Removed the second factor of {removal.person}, "
        done += f"for which {removal.asked_by} had asked." if removal.asked_by else "on the server."
        return Entry(removal.removed_at, removal.confirmed_by, done, address=address)

    rows = FactorRemoval.objects.select_related("person", "asked_by", "confirmed_by")
    return Kind(rows.annotate(told_at=Coalesce("removed_at", "asked_at")), "told_at", said, needed="accounts.view_user")
