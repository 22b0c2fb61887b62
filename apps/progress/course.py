"""The whole course as one learner finds it: how much is done, how much is left, and every module."""

import datetime
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from django.db.models import Count, Q, QuerySet

from apps.accounts.models import User
from apps.core.prepared import prepared
from apps.core.words import counted, in_words
from apps.modules.models import Edition
from apps.modules.queries import published_contents
from apps.modules.tiles import Standing, Tile
from apps.progress.models import Enrolment
from apps.progress.onward import Onward
from apps.progress.queries import Progress, last_touched

MOST_SEGMENTS = 20


@dataclass(frozen=True)
class Course:
    """Every module that the learner takes or may begin: those under way first, then not begun, then done.

    A module is done once an edition of it has been completed. Of a newer one that is under way it is done all the same.
    """

    under_way: Sequence[Progress]
    new: Sequence[Edition]
    done: Sequence[Progress]
    here: int | None = None  # the module of the next step

    @property
    def to_go(self) -> list[Progress]:
        """What is under way and not done in an older edition."""
        done = {_module(progress) for progress in self.done}
        return [progress for progress in self.under_way if _module(progress) not in done]

    @property
    def proven(self) -> list[Progress]:
        """What is done and counts: a certificate that was revoked does not."""
        return [progress for progress in self.done if not progress.is_revoked]

    @property
    def latest(self) -> Progress | None:
        """The module whose certificate is the latest."""
        return next((progress for progress in reversed(self.proven) if progress.is_certified), None)

    @property
    def total(self) -> int:
        return len(self.to_go) + len(self.new) + len(self.done)

    @property
    def minutes_done(self) -> int:
        return sum(progress.contents.minutes for progress in self.proven)

    @property
    def left_in_words(self) -> str:
        """`Three to go, 96 minutes.`"""
        minutes = sum(progress.minutes_left for progress in self.to_go)
        minutes += sum(int(edition.minutes or 0) for edition in self.new)
        count, revoked = self.total - len(self.done), len(self.done) - len(self.proven)
        said = [f"{in_words(count).capitalize()} to go, {counted(minutes, 'minute', 'minutes')}."] if count else []
        if revoked:
            said.append(f"{counted(revoked, 'certificate was', 'certificates were')} revoked.")
        if self.done and not said and not self.under_way:
            said.append("That is all of it.")
        return " ".join(said)

    @property
    def share_in_words(self) -> str:
        """`half the course: 3 of 6 modules, 95 minutes`, to end a sentence that says what was just done."""
        done, total = len(self.proven), self.total
        share = "the whole course" if done == total else "half the course" if done * 2 == total else ""
        minutes = counted(self.minutes_done, "minute", "minutes")
        return f"{share}{': ' if share else ''}{done} of {counted(total, 'module', 'modules')}, {minutes}"

    @property
    def segments(self) -> list[str]:
        """The modules as a row: `done`, `here` or nothing. Of so many that nobody sees the row's parts, none."""
        if self.total > MOST_SEGMENTS:
            return []
        open_ones = [_module(progress) for progress in self.to_go] + [edition.module_id for edition in self.new]
        open_ones.sort(key=lambda module: module != self.here)
        row = ["done"] * len(self.proven) + ["here" if module == self.here else "" for module in open_ones]
        return row + [""] * (self.total - len(row))

    @property
    def tiles(self) -> list[Tile]:
        """One of each module; while a newer edition is under way, that of the newer one."""
        under_way = {_module(progress) for progress in self.under_way}
        return [
            *(_tile(progress) for progress in self.under_way),
            *(Tile(edition, edition.minutes, is_learners=True) for edition in self.new),
            *(_tile(progress) for progress in self.done if _module(progress) not in under_way),
        ]


@dataclass(frozen=True)
class Begun:
    """An edition under way as My learning lists it. Only one of several of its module is named by its number."""

    progress: Progress
    number: int | None
    url: str


def begun_in(taken: Sequence[Progress]) -> list[Begun]:
    """What is under way: an edition drops out once it or a later one has its certificate."""
    editions = [progress.contents.edition for progress in taken]
    newest = {edition.module_id: edition for edition in sorted(editions, key=lambda edition: edition.number or 0)}
    often = Counter(edition.module_id for edition in editions)
    return [
        Begun(
            progress,
            edition.number if often[edition.module_id] > 1 else None,
            # The module's page shows the newest edition that is taken.
            edition.module.get_absolute_url()
            if edition == newest[edition.module_id] or progress.next_state is None
            else progress.next_state.url,
        )
        for progress, edition in zip(taken, editions, strict=True)
        if not progress.is_complete and not progress.is_over
    ]


def course_of(taken: Sequence[Progress], offered: Iterable[Edition], onward: Onward | None = None) -> Course:
    """Of each module the newest edition that is taken is under way; of those completed the newest whose certificate
    was not revoked counts."""
    newest: dict[int, Progress] = {}
    done: dict[int, Progress] = {}
    for progress in sorted(taken, key=lambda progress: progress.contents.edition.number or 0):
        newest[_module(progress)] = progress
        if progress.is_complete and (not progress.is_revoked or _module(progress) not in done):
            done[_module(progress)] = progress
    under_way = [progress for progress in newest.values() if not progress.is_complete]
    return Course(
        under_way=sorted(under_way, key=last_touched, reverse=True),
        new=[edition for edition in offered if edition.module_id not in newest],
        done=sorted(done.values(), key=attrgetter("enrolment.completed_at")),
        here=onward.contents.edition.module_id if onward and onward.contents else None,
    )


def _module(progress: Progress) -> int:
    return progress.contents.edition.module_id


def standings_of(learner: User) -> dict[int, Standing]:
    """How the learner stands in each module, in the newest edition of it that they take; one query."""
    return {
        module: _standing(done, sum(page.is_required for page in published_contents(edition).pages), completed_at)
        for module, edition, done, completed_at in _how_far.rows(learner=learner.pk)
    }


@prepared(learner=Enrolment.learner)
def _how_far(learner: int) -> QuerySet[Enrolment, tuple[Any, ...]]:
    """Module and edition of each enrolment, how many pages that count are done, and when all were; oldest first."""
    required = Count("completions", filter=Q(completions__page__is_required=True))
    own = Enrolment.objects.filter(learner=learner).order_by("edition__number").annotate(done=required)
    return own.values_list("edition__module", "edition", "done", "completed_at")


def _tile(progress: Progress) -> Tile:
    completed_at = progress.enrolment.completed_at if progress.enrolment else None
    standing = _standing(progress.done, progress.total, completed_at)
    return Tile(progress.contents.edition, progress.contents.minutes, standing, is_learners=True)


def _standing(done: int, total: int, completed_at: datetime.datetime | None) -> Standing:
    return Standing(f"{done} of {counted(total, 'page', 'pages')}", completed_at)
