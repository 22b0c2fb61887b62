"""Practice: the questions that were missed in a submitted attempt, once more, without marks.

That it has begun is recorded with the attempt, and nothing else (`trials.py`): it never counts for anything.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.http import QueryDict

from apps.modules.previews import Fields, whole_number
from apps.quizzes.models import Attempt
from apps.quizzes.queries import Result, answers_of, results_from
from apps.quizzes.sittings import Sitting
from apps.quizzes.trials import RESULTS, Trial, given_in, mark, trial_of

MOST = 40  # questions at a time, so that what was given has room in an address


@dataclass(frozen=True)
class Practice(Trial):
    """A learner's, beside no open attempt."""

    practised: Attempt

    def url(self, view: str = "", *args: object) -> str:
        """The address of the page that takes each answer, or of another view of the quiz."""
        if view == "answer":
            return super().url("practice", self.practised.number)
        return super().url(view, *args)

    def at(self, seen: str) -> str:
        """The address of a question or of the results."""
        return self._url(seen if seen.isdigit() else RESULTS)

    def _url(self, seen: str) -> str:
        return f"{super().url('practice', self.practised.number)}?{urlencode([('question', seen), *self.told])}"

    @property
    def fields(self) -> Fields:
        """What the form of a question sends on."""
        return [("question", self.seen), *self.told]

    def after(self, position: int) -> str:
        return str(position + 1) if position < len(self.answers) else RESULTS

    def caption(self, position: int) -> str:
        return f"Practice, {position} of {len(self.answers)}"

    @property
    def results(self) -> list[Result]:
        """Each answer beside its key."""
        mark(self.answers)
        return results_from(self.answers)


def find_practice(sitting: Sitting, practised: Attempt, query: QueryDict) -> Practice | None:
    """The practice of what was missed, at the place that the query says; None where nothing was."""
    answers = answers_of(practised, sitting.paper)
    missed = [answer.item for answer in answers if Result(answer, []).is_missed][:MOST]
    if not missed:
        return None
    paper = replace(sitting.paper, items=tuple(missed))
    trial = trial_of(paper, practised.number, f"{practised.seed}-practice")
    asked = query.get("question", "")
    seen = RESULTS if asked == RESULTS else str(min(max(whole_number(asked) or 1, 1), len(paper.items)))
    return Practice(sitting.place, paper, trial, given_in(query, paper), seen, practised)
