"""What My learning tells beside progress, in a line each.

An app above that has something to tell a learner registers here, in its `AppConfig.ready`, what finds it: one query.
"""

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from apps.accounts.models import User


@dataclass(frozen=True)
class Notice:
    """A line, and where it leads."""

    text: str
    url: str


Finder = Callable[[User, datetime.datetime], Iterable[Notice]]

_finders: list[Finder] = []


def register(finder: Finder) -> None:
    """Let `finder` tell what there is for a learner at a time."""
    _finders.append(finder)


def notices_for(learner: User, at: datetime.datetime) -> list[Notice]:
    """All that there is to tell."""
    return [notice for finder in _finders for notice in finder(learner, at)]
