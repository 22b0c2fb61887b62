"""What ends a module whose pages are done: the certificate.

The app above that issues it registers here, in its `AppConfig.ready`, where that is done, and for which enrolments it
has been.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass

from apps.modules.models import Edition


@dataclass(frozen=True)
class Finish:
    """Where a learner gets the certificate, and which of some enrolments have theirs: one query."""

    url: Callable[[Edition], str]
    certified: Callable[[Collection[int]], Collection[int]]


_finishes: list[Finish] = []


def register(finish: Finish) -> None:
    """Make known what ends a module. There is one."""
    if _finishes:
        raise ValueError("What ends a module is registered already.")
    _finishes.append(finish)


def finish_url(edition: Edition) -> str:
    """Where a learner who has done everything gets the certificate, or sees the one that was issued."""
    return _finishes[0].url(edition)


def certified(enrolment_ids: Collection[int]) -> Collection[int]:
    """Those of these enrolments whose certificate has been issued; one query."""
    return _finishes[0].certified(enrolment_ids)
