"""Modules as tiles: a drawing, the title, one line; and for somebody signed in how they stand.

The app above that knows how learners stand registers here, in its `AppConfig.ready`, what finds it: one query.
"""

import datetime
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser

from apps.accounts.models import User
from apps.core.words import first_sentence
from apps.modules.models import Edition

MOST_OF_LINE = 100


@dataclass(frozen=True)
class Standing:
    """How a learner stands in a module; `pages` says how far: `6 of 10 pages`, and nothing before it is begun."""

    pages: str = ""
    completed_at: datetime.datetime | None = None


NOT_BEGUN = Standing()


@dataclass(frozen=True)
class Tile:
    """A module's edition, with its minutes."""

    edition: Edition
    minutes: float | None
    standing: Standing = NOT_BEGUN
    is_learners: bool = False

    @property
    def line(self) -> str:
        """The first sentence of the summary."""
        return first_sentence(self.edition.summary, MOST_OF_LINE)


Finder = Callable[[User], Mapping[int, Standing]]

_finders: list[Finder] = []


def register(finder: Finder) -> None:
    """Let `finder` tell how a learner stands, by module."""
    _finders.append(finder)


def tiles_for(user: User | AnonymousUser, editions: Iterable[Edition]) -> list[Tile]:
    """These editions, which carry their minutes, as this person finds them."""
    if isinstance(user, AnonymousUser):
        return [Tile(edition, edition.minutes) for edition in editions]
    standings = {module: standing for finder in _finders for module, standing in finder(user).items()}
    return [
        Tile(edition, edition.minutes, standings.get(edition.module_id, NOT_BEGUN), is_learners=True)
        for edition in editions
    ]
