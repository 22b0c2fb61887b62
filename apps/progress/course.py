"""The whole course as one learner finds it: how much is done, how much is left, and every module."""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from operator import attrgetter

from django.db.models import Count, Q

from apps.accounts.models import User
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
    """Every module that the learner takes or may begin: those under way first, then not begun, then done."""

    under_way: Sequence[Progress]
    new: Sequence[Edition]
    done: Sequence[Progress]
    here: int | None = None  # the module of the next step

    @property
    def total(self) -> int:
        return len(self.under_way) + len(self.new) + len(self.done)

    @property
    def minutes_done(self) -> int:
        return sum(progress.contents.minutes for progress in self.done)

    @property
    def left_in_words(self) -> str:
        """`Three to go, 96 minutes.`"""
        minutes = sum(progress.minutes_left for progress in self.under_way)
        minutes += sum(int(edition.minutes or 0) for edition in self.new)
        count = self.total - len(self.done)
        if not count:
            return "That is all of it." if self.done else ""
        return f"{in_words(count).capitalize()} to go, {counted(minutes, 'minute', 'minutes')}."

    @property
    def share_in_words(self) -> str:
        """`half the course: 3 of 6 modules, 95 minutes`, to end a sentence that says what was just done."""
        done, total = len(self.done), self.total
        share = "the whole course" if done == total else "half the course" if done * 2 == total else ""
        minutes = counted(self.minutes_done, "minute", "minutes")
        return f"{share}{': ' if share else ''}{done} of {counted(total, 'module', 'modules')}, {minutes}"

    @property
    def segments(self) -> list[str]:
        """The modules as a row: `done`, `here` or nothing. Of so many that nobody sees the row's parts, none."""
        if self.total > MOST_SEGMENTS:
            return []
        open_ones = [progress.contents.edition.module_id for progress in self.under_way]
        open_ones += [edition.module_id for edition in self.new]
        open_ones.sort(key=lambda module: module != self.here)
        return ["done"] * len(self.done) + ["here" if module == self.here else "" for module in open_ones]

    @property
    def tiles(self) -> list[Tile]:
        return [
            *(_tile(progress) for progress in self.under_way),
            *(Tile(edition, edition.minutes, is_learners=True) for edition in self.new),
            *(_tile(progress) for progress in self.done),
        ]


def course_of(taken: Sequence[Progress], offered: Iterable[Edition], onward: Onward | None = None) -> Course:
    """Of each module that is taken the edition begun last counts; a module once completed stays done until then."""
    newest: dict[int, Progress] = {}
    for progress in sorted(taken, key=lambda progress: progress.contents.edition.number or 0):
        newest[progress.contents.edition.module_id] = progress
    under_way = [progress for progress in newest.values() if not progress.is_complete]
    done = [progress for progress in newest.values() if progress.is_complete]
    return Course(
        under_way=sorted(under_way, key=last_touched, reverse=True),
        new=[edition for edition in offered if edition.module_id not in newest],
        done=sorted(done, key=attrgetter("enrolment.completed_at")),
        here=onward.contents.edition.module_id if onward and onward.contents else None,
    )


def standings_of(learner: User) -> dict[int, Standing]:
    """How the learner stands in each module, in the newest edition of it that they take; one query."""
    required = Count("completions", filter=Q(completions__page__is_required=True))
    own = Enrolment.objects.for_learner(learner).order_by("edition__number").annotate(done=required)
    return {
        module: _standing(done, sum(page.is_required for page in published_contents(edition).pages), completed_at)
        for module, edition, done, completed_at in own.values_list("edition__module", "edition", "done", "completed_at")
    }


def _tile(progress: Progress) -> Tile:
    completed_at = progress.enrolment.completed_at if progress.enrolment else None
    standing = _standing(progress.done, progress.total, completed_at)
    return Tile(progress.contents.edition, progress.contents.minutes, standing, is_learners=True)


def _standing(done: int, total: int, completed_at: datetime.datetime | None) -> Standing:
    return Standing(f"{done} of {counted(total, 'page', 'pages')}", completed_at)
