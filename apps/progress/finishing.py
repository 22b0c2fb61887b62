"""What ends a module whose pages are done: the certificate.

The app above that issues it registers here, in its `AppConfig.ready`, where that is done, and what has been issued.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass

from apps.modules.models import Edition


@dataclass(frozen=True)
class Issued:
    """A certificate of the same learner for an enrolment's own edition, or for a later one of the module."""

    enrolment_id: int
    is_own: bool
    is_revoked: bool


@dataclass(frozen=True)
class Finish:
    """Where a learner gets the certificate, and what has been issued that bears on some enrolments: one query."""

    url: Callable[[Edition], str]
    issued: Callable[[Collection[int]], Iterable[Issued]]


_finishes: list[Finish] = []


def register(finish: Finish) -> None:
    """Make known what ends a module. There is one."""
    if _finishes:
        raise ValueError("What ends a module is registered already.")
    _finishes.append(finish)


def finish_url(edition: Edition) -> str:
    """Where a learner who has done everything gets the certificate, or sees the one that was issued."""
    return _finishes[0].url(edition)


def issued(enrolment_ids: Collection[int]) -> Iterable[Issued]:
    """The certificates for the editions of these enrolments, or for later ones; one query."""
    return _finishes[0].issued(enrolment_ids)
