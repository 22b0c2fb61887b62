"""What learners have done so far in their enrolments: one query, however many those and whatever their pages' kinds."""

import datetime
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import F, QuerySet, Value

from apps.core.prepared import prepared, several
from apps.modules import page_kinds
from apps.modules.page_kinds import BegunRow
from apps.progress.models import Enrolment, PageCompletion


@dataclass(frozen=True)
class SoFar:
    """Of one enrolment, by page: when it was completed, and what is under way in it."""

    completed: dict[int, datetime.datetime] = field(default_factory=dict)
    begun: dict[int, BegunRow] = field(default_factory=dict)


def so_far_in(enrolment: Enrolment) -> SoFar:
    """What its learner has done in it."""
    return so_far_in_all([enrolment])[enrolment.pk]


def so_far_in_all(enrolments: Iterable[Enrolment]) -> Mapping[int, SoFar]:
    """The same of each of these, by enrolment."""
    found = {enrolment.pk: SoFar() for enrolment in enrolments}
    for enrolment, page, begun_at, touched_at, done, of, is_completed in _so_far.rows(enrolments=[*found]):
        if is_completed:
            found[enrolment].completed[page] = touched_at
        else:
            found[enrolment].begun[page] = (enrolment, page, begun_at, touched_at, done, of)
    return found


@prepared(enrolments=several(Enrolment.id))
def _so_far(enrolments: Collection[int]) -> QuerySet[Any, Any]:
    """What is completed in them, and what of every kind of page is under way; the last column says which it is."""
    completions = PageCompletion.objects.filter(enrolment__pk__in=enrolments).order_by()
    at = F("completed_at")
    done = completions.values_list("enrolment", "page", at, at, Value(0), Value(0), Value(True))
    begun = (begun for kind in page_kinds.all_kinds() if (begun := kind.begun(enrolments)) is not None)
    return done.union(*(rows.annotate(is_completed=Value(False)) for rows in begun), all=True)
