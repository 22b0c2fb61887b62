"""The only writers of attempts and responses."""

import datetime
from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Case, Max, When
from django.db.models.functions import Coalesce

from apps.accounts.models import User
from apps.core.prepared import deleting, inserting, prepared_write, several, updating
from apps.progress.actions import complete_page
from apps.progress.models import Enrolment
from apps.progress.queries import lock_enrolment
from apps.quizzes.models import Attempt, Response, SelectedOption
from apps.quizzes.queries import Item, Paper, answers_of, lock_attempt, open_attempt
from apps.quizzes.scoring import Given


class AlreadySubmittedError(Exception):
    """The attempt has been submitted: its answers stand."""


class AttemptOpenError(Exception):
    """Another attempt is open: its answers are what is asked for."""


class NotAnAnswerError(Exception):
    """The answer cannot be taken; the message says how to put it right."""


@transaction.atomic
def start_attempt(enrolment: Enrolment, paper: Paper, at: datetime.datetime) -> Attempt:
    """The open attempt; a new one, with a response waiting for every question, if there is none."""
    lock_enrolment(enrolment.pk)
    attempt = open_attempt(enrolment, paper.quiz)
    if attempt is not None:
        return attempt
    own = Attempt.objects.filter(enrolment=enrolment, quiz=paper.quiz)
    highest = own.aggregate(highest=Coalesce(Max("number"), 0))["highest"]
    attempt = Attempt.objects.create(enrolment=enrolment, quiz=paper.quiz, number=highest + 1, started_at=at)
    Response.objects.bulk_create(
        Response(attempt=attempt, question=item.question, position=position)
        for position, item in enumerate(paper.items, start=1)
    )
    return attempt


@transaction.atomic
def answer(response: Response, paper: Paper, given: Given, at: datetime.datetime) -> None:
    """Store the options given to a question, instead of any given before. `given` maps keys of options to ranks.

    NotAnAnswerError for options of another question or the wrong number of them; AlreadySubmittedError when late.
    """
    if not _date.run(response=response.pk, attempt=response.attempt_id, at=at):
        lock_attempt(response.attempt_id)
        raise AlreadySubmittedError
    item = paper.of(response.question_id)
    options = {option.key: option for option in item.options}
    if not given.keys() <= options.keys():
        raise NotAnAnswerError("That answer does not belong to this question. Choose from those below")
    if error := item.error(given):
        raise NotAnAnswerError(error)
    _choose(response, [{"option": options[key].pk, "rank": rank} for key, rank in given.items()], item)


@prepared_write(response=Response.id, attempt=Attempt.id, at=Response.answered_at)
def _date(response: int, attempt: int, at: datetime.datetime) -> object:
    """Only in an open attempt, in which nobody else writes until the transaction ends."""
    still_open = Attempt.objects.open().filter(pk=attempt).select_for_update(of=("self",)).order_by()
    return updating(Response.objects.filter(pk=response, attempt__in=still_open), answered_at=at)


def _choose(response: Response, chosen: Sequence[Mapping[str, Any]], item: Item) -> None:
    """Store what was chosen instead of what was: where it is always one option, in its place."""
    rows = [{"response": response.pk, **row} for row in chosen]
    if len(rows) == 1 and item.question.question_kind.has_one_key:
        if not _exchange.run(**rows[0]):
            _select.run(**rows[0])
    else:
        _deselect.run(response=response.pk)
        _select.run_each(rows)


@prepared_write(response=SelectedOption.response, option=SelectedOption.option, rank=SelectedOption.rank)
def _exchange(response: int, **values: Any) -> object:
    return updating(SelectedOption.objects.filter(response=response), **values)


@prepared_write(response=Response.id)
def _deselect(response: int) -> object:
    return deleting(SelectedOption.objects.filter(response=response))


@prepared_write(response=SelectedOption.response, option=SelectedOption.option, rank=SelectedOption.rank)
def _select(**values: Any) -> object:
    return inserting(SelectedOption, **values)


@transaction.atomic
def submit_attempt(attempt: Attempt, paper: Paper, at: datetime.datetime) -> Attempt:
    """Mark an attempt and, when it is passed, complete the page. Repeated, it gives the same result."""
    attempt = lock_attempt(attempt.pk)
    attempt.quiz = paper.quiz
    if attempt.submitted_at:
        return attempt
    answers = answers_of(attempt, paper)
    scores = {answered.response.pk: answered.item.score(answered.given) for answered in answers}
    _mark.run(responses=[*scores], scores=[*scores.values()])
    attempt.score = sum(scores[answered.response.pk] for answered in answers if answered.item.question.counts)
    attempt.max_score = paper.max_score
    attempt.submitted_at = at
    _submit.run(attempt=attempt.pk, score=attempt.score, max_score=attempt.max_score, at=at)
    if attempt.is_passed:
        complete_page(attempt.enrolment, paper.quiz.page, attempt.scaled.quantize(Decimal("0.0001")), at)
    return attempt


@prepared_write(responses=several(Response.id), scores=several(Response.score))
def _mark(responses: Collection[int], scores: Collection[int]) -> object:
    """Each with the score in its place."""
    marks = [When(pk=response, then=score) for response, score in zip(responses, scores, strict=True)]
    return updating(Response.objects.filter(pk__in=responses), score=Case(*marks))


@prepared_write(attempt=Attempt.id, score=Attempt.score, max_score=Attempt.max_score, at=Attempt.submitted_at)
def _submit(attempt: int, score: int, max_score: int, at: datetime.datetime) -> object:
    own = Attempt.objects.filter(pk=attempt)
    return updating(own, score=score, max_score=max_score, submitted_at=at)


@transaction.atomic
def practise(attempt: Attempt, at: datetime.datetime) -> None:
    """Keep that what was missed in a submitted attempt is tried again: that alone, and the first time alone.

    AttemptOpenError beside an open attempt.
    """
    lock_enrolment(attempt.enrolment_id)
    if open_attempt(attempt.enrolment, attempt.quiz):
        raise AttemptOpenError
    Attempt.objects.submitted().filter(pk=attempt.pk, practised_at=None).update(practised_at=at)


def erase(learner: User, at: datetime.datetime) -> None:
    """The learner's account is being closed: every attempt goes. An answer that is on its way is stored first."""
    own = Attempt.objects.for_learner(learner)
    list(own.select_for_update(of=("self",)).order_by("pk"))
    own.delete()
