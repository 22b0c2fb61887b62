"""Rows that are written one by one, in the admin. Whoever keeps what pages said is told before and after each save.

An app that keeps it registers here, in its `AppConfig.ready`, as those that erase do.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable

from apps.accounts.models import User
from apps.modules.content import EditionContent
from apps.modules.models import Page
from apps.modules.rows import owners

# Keeps what a page says now, if that is not kept yet: as found where nobody is named, else as what this person saved.
# The edition is locked. RefusedSaveError for what cannot be kept.
Keeper = Callable[[Page, User | None, datetime.datetime], None]

_keepers: list[Keeper] = []


class RefusedSaveError(Exception):
    """What was to be saved cannot be kept, so nothing may be stored; the message says why."""


def register(keeper: Keeper) -> None:
    """Let `keeper` be called before and after each save."""
    _keepers.append(keeper)


def keep(page: Page, by: User | None, at: datetime.datetime) -> None:
    """Keep what a page says now."""
    for keeper in _keepers:
        keeper(page, by, at)


def page_of(row: EditionContent) -> Page:
    """The page that a row belongs to."""
    while not isinstance(row, Page):
        row = next(owner for field in owners(type(row)) if (owner := getattr(row, field.name)) is not None)
    return row
