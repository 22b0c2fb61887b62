"""What people may do, and the record of who gave or took it. Nobody hands out what they do not have."""

from __future__ import annotations

import datetime

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse

from apps.accounts.log import Entry, Kind
from apps.accounts.models import RightsChange, User
from apps.core.words import listed

FLAGS = {
    "is_active": "may sign in",
    "is_staff": "may use the admin",
    "is_superuser": "may do everything",
}


def of_person(person: User) -> list[str]:
    """What has been given to a person, as it is stored, in words: they tell it also when it is gone."""
    stored = User.objects.get(pk=person.pk)
    flags = [words for name, words in FLAGS.items() if getattr(stored, name)]
    groups = stored.groups.order_by("name").values_list("name", flat=True)
    return [*flags, *groups, *_names(stored.user_permissions.all())]


def of_group(group: Group) -> list[str]:
    """What has been given to a group, as it is stored."""
    return _names(group.permissions.all()) if group.pk else []


def _names(permissions: QuerySet[Permission]) -> list[str]:
    return list(permissions.order_by("content_type", "codename").values_list("name", flat=True))


def lock(about: User | Group) -> None:
    """What a person or a group has been given stays, but for whoever holds this, until the transaction ends."""
    list(type(about)._default_manager.select_for_update(no_key=True).filter(pk=about.pk))


def record(about: User | Group, before: list[str], by: User, at: datetime.datetime) -> None:
    """Record what has been given and taken since; nothing, where that is nothing."""
    now = of_person(about) if isinstance(about, User) else of_group(about)
    given = [words for words in now if words not in before]
    taken = [words for words in before if words not in now]
    if given or taken:
        RightsChange.objects.create(
            person=about if isinstance(about, User) else None,
            group=about.name if isinstance(about, Group) else "",
            given="\n".join(given),
            taken="\n".join(taken),
            by=by,
            at=at,
        )


@transaction.atomic
def delete_group(group: Group, by: User, at: datetime.datetime) -> None:
    """Delete a group: what it gave is taken from those who are in it."""
    lock(group)
    before = of_group(group)
    group.permissions.clear()
    record(group, before, by, at)
    group.delete()


def permissions_of(person: User) -> QuerySet[Permission]:
    """Every permission that a person has, whether or not they may sign in."""
    if person.is_superuser:
        return Permission.objects.all()
    return Permission.objects.filter(Q(group__user=person) | Q(user=person)).distinct()


def names_of_permissions(person: User) -> set[str]:
    """The permissions that a person has, as `has_perm` knows them."""
    if person.is_superuser:
        found = Permission.objects.order_by()
    else:
        given = Permission.objects.order_by().filter(user=person)
        found = given.union(Permission.objects.order_by().filter(group__user=person))
    names = found.values_list("content_type__app_label", "codename")
    return {f"{app}.{name}" for app, name in names}


def groups_within(person: User) -> QuerySet[Group]:
    """The groups that give nothing that this person has not."""
    if person.is_superuser:
        return Group.objects.all()
    beyond = Permission.objects.exclude(pk__in=permissions_of(person).values("pk"))
    return Group.objects.exclude(permissions__in=beyond)


def is_within(person: User, other: User) -> bool:
    """Whether a person may do nothing that the other may not: only then may the other write about them."""
    if other.is_superuser or person.is_superuser:
        return other.is_superuser
    return not permissions_of(person).exclude(pk__in=permissions_of(other).values("pk")).exists()


def changes() -> Kind:
    """What people and groups were given, and what was taken, for the log."""

    def said(change: RightsChange) -> Entry:
        about = str(change.person) if change.person else f"the group {change.group}"
        done = [
            f"{verb} {about}: {listed(rights.splitlines())}"
            for verb, rights in (("Gave to", change.given), ("Took from", change.taken))
            if rights
        ]
        address = reverse("admin:accounts_user_change", args=[change.person_id]) if change.person_id else ""
        return Entry(change.at, change.by, ". ".join(done), address=address)

    return Kind(RightsChange.objects.select_related("person", "by"), "at", said, needed="accounts.view_user")
