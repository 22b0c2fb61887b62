"""A quiz that is tried and not recorded: an author's rehearsal, a learner's practice.

What was given to each question so far stands in the address of every page, so all of them are asked for with GET:
nothing waits in a session, two tabs know nothing of each other, and the back button shows what was there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import ClassVar, TypeVar

from django.http import QueryDict
from django.utils import timezone

from apps.modules.previews import Fields, whole_number
from apps.quizzes.forms.answering import HOME, LEAVE, AnswerForm
from apps.quizzes.models import Attempt, Response
from apps.quizzes.queries import Answer, Paper
from apps.quizzes.scoring import Given
from apps.quizzes.sittings import Sitting

RESULTS = "results"
MOST_GIVEN = 1000  # options that an address may say

GivenTo = Mapping[int, Given]  # by the position of the question
AnyTrial = TypeVar("AnyTrial", bound="Trial")


@dataclass(frozen=True)
class Trial(Sitting):
    """A sitting of which nothing is stored."""

    given: GivenTo
    seen: str  # the position of a question, or a place behind them

    method: ClassVar[str] = "get"

    @property
    def told(self) -> Fields:
        """What was given so far: `3.2` for the second option of the third question, `3.2.5` when it has rank 5."""
        told = []
        for position, given in self.given.items():
            places = {option.key: place for place, option in enumerate(self.paper.items[position - 1].options, start=1)}
            for key, rank in given.items():
                told.append(f"{position}.{places[key]}" if rank is None else f"{position}.{places[key]}.{rank}")
        return [("given", text) for text in told]

    @cached_property
    def answers(self) -> list[Answer]:
        """What was given to each question, in order."""
        trial, now = self.attempt or trial_of(self.paper), timezone.now()
        return [
            Answer(
                Response(
                    attempt=trial,
                    question=item.question,
                    position=position,
                    answered_at=now if position in self.given else None,
                ),
                item,
                self.given.get(position, {}),
            )
            for position, item in enumerate(self.paper.items, start=1)
        ]

    @property
    def saved_at(self) -> None:
        """Nothing is."""


def trial_of(paper: Paper, number: int = 1, seed: str = "preview") -> Attempt:
    """An attempt that is never stored; with the same seed it has its options in the same order."""
    return Attempt(number=number, seed=seed, quiz=paper.quiz)


def given_in(query: QueryDict, paper: Paper) -> GivenTo:
    """The answers that the query tells and that can be given."""
    told: dict[int, dict[str, int | None]] = {}
    for text in query.getlist("given")[:MOST_GIVEN]:
        position, place, *ranks = (whole_number(part) or 0 for part in f"{text}.0".split(".")[:3])
        options = paper.items[position - 1].options if 1 <= position <= len(paper.items) else ()
        if 1 <= place <= len(options):
            told.setdefault(position, {})[options[place - 1].key] = next(filter(None, ranks), None)
    return {position: given for position, given in told.items() if not paper.items[position - 1].error(given)}


def take(trial: AnyTrial, position: int, query: QueryDict) -> tuple[AnyTrial, AnswerForm]:
    """The trial with the answer that was sent, and the form of that, which has errors when it was refused.

    As with answers that are recorded, a button that leads away takes no more than what was changed and is complete.
    """
    form = trial.form(position, query)
    if not form.is_valid():
        return trial, form
    go, given = form.cleaned_data["go"], form.given()
    stays = go in {"", str(position)}
    error = trial.answer(position).item.error(given)
    if error and stays and (form.is_changed or not go):
        form.add_error(None, error)
    elif not error and (form.is_changed or not go):
        return replace(trial, given={**trial.given, position: given}), form
    return trial, form


def leads_away(form: AnswerForm) -> bool:
    """Whether the button that was pressed leads out of the quiz."""
    return form.cleaned_data["go"] in {HOME, LEAVE}


def mark(answers: Iterable[Answer]) -> None:
    """Give each its marks, which are not stored."""
    for answer in answers:
        answer.response.score = answer.item.score(answer.given)
