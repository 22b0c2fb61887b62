"""The log: who published, revoked, gave or took rights. An app that has something to tell registers here what.

It does so in its `AppConfig.ready`, with one function that gives a `Kind`.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import F, IntegerField, QuerySet, Value

from apps.accounts.models import User

ENTRIES = 50  # a page


@dataclass(frozen=True)
class Entry:
    """Something that somebody did. `why` are their own words, and more stands at the address, if there is one."""

    at: datetime.datetime | None
    by: User | None
    said: str
    why: str = ""
    address: str = ""


@dataclass(frozen=True)
class Kind:
    """Entries of one kind: their rows, which of their fields says when, and what is said of a row.

    `needed` is the right without which nobody may follow the address of an entry.
    """

    rows: QuerySet[Any]
    at: str
    said: Callable[[Any], Entry]
    needed: str


_kinds: list[Callable[[], Kind]] = []


def register(kind: Callable[[], Kind]) -> None:
    """Make known what an app has to tell."""
    _kinds.append(kind)


def read_page(number: str, reader: User) -> tuple[Page[Any], list[Entry]]:
    """A page of the log, the newest first: one query for all kinds, and one for the rows of each."""
    kinds = [kind() for kind in _kinds]
    first, *others = [_index(place, kind) for place, kind in enumerate(kinds)]
    found = first.union(*others, all=True).order_by("-happened_at", "kind", "-pk")
    page = Paginator(found, ENTRIES).get_page(number)
    index = [(place, pk) for place, pk, _ in page.object_list]
    rows = [kind.rows.in_bulk([pk for of, pk in index if of == place]) for place, kind in enumerate(kinds)]
    return page, [_told(kinds[place], rows[place][pk], reader) for place, pk in index if pk in rows[place]]


def _index(place: int, kind: Kind) -> QuerySet[Any, Any]:
    """When each row of a kind happened."""
    rows: Any = kind.rows.select_related(None).order_by()
    told: QuerySet[Any, Any] = rows.annotate(kind=Value(place, IntegerField()), happened_at=F(kind.at))
    return told.values_list("kind", "pk", "happened_at")


def _told(kind: Kind, row: Any, reader: User) -> Entry:
    entry = kind.said(row)
    return entry if reader.has_perm(kind.needed) else replace(entry, address="")
