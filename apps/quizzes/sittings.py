"""A learner before a quiz: where it stands, what it asks, and the attempt that waits for answers."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import ClassVar

from django.http import Http404, QueryDict
from django.shortcuts import get_object_or_404

from apps.accounts.models import User
from apps.progress.places import Place, find_page, find_place
from apps.quizzes.forms.answering import CHECK, AnswerForm
from apps.quizzes.models import Attempt, AttemptQuerySet
from apps.quizzes.queries import Answer, Paper, answers_of, attempt_under_way, published_paper


@dataclass(frozen=True)
class Sitting:
    """A quiz at its place, with the learner's open attempt (None while there is none)."""

    place: Place
    paper: Paper
    attempt: Attempt | None

    method: ClassVar[str] = "post"  # of its forms: what is not recorded stands in the address instead

    def url(self, view: str = "", *args: object) -> str:
        """The address of the quiz, or of another view of it."""
        return self.place.url(view, *args)

    @property
    def attempts(self) -> AttemptQuerySet:
        """All of the learner's attempts."""
        if self.place.enrolment is None:
            return Attempt.objects.none()
        return Attempt.objects.filter(enrolment=self.place.enrolment, quiz=self.paper.quiz).select_related("quiz")

    def numbered(self, number: int) -> Attempt:
        """The learner's attempt with this number, or 404."""
        if self.attempt and self.attempt.number == number:
            return self.attempt
        return get_object_or_404(self.attempts, number=number)

    @cached_property
    def answers(self) -> list[Answer]:
        """What the open attempt holds, in order. A question that was left out leaves a gap."""
        return answers_of(self.attempt, self.paper) if self.attempt else []

    @property
    def saved_at(self) -> datetime | None:
        """When the last answer was stored."""
        times = (answer.response.answered_at for answer in self.answers)
        return max((time for time in times if time), default=None)

    def answer(self, position: int) -> Answer:
        """What the open attempt holds at this position, or 404."""
        for answer in self.answers:
            if answer.position == position:
                return answer
        raise Http404

    def after(self, position: int) -> str:
        """Where “Save and go on” and “Skip” lead: to the next question, from the last to the check."""
        return next((str(answer.position) for answer in self.answers if answer.position > position), CHECK)

    def caption(self, position: int) -> str:
        """What stands above a question."""
        return f"Question {position} of {self.answers[-1].position}"

    def form(self, position: int, data: QueryDict | None = None) -> AnswerForm:
        """The form of a question, or 404: with what is stored, or with what was sent."""
        answer, positions = self.answer(position), [answer.position for answer in self.answers]
        kind = answer.item.question.question_kind
        return kind.form_class(answer.options, answer.given, positions, data)


def find_sitting(user: User, slug: str, edition: int, key: str) -> Sitting:
    """The quiz with this key, or 404. With an attempt under way its enrolment does not say what closes the edition."""
    contents, page = find_page(slug, edition, key, "quiz")
    paper = published_paper(page.pk)
    attempt = attempt_under_way(user, paper.quiz)
    if attempt is None:
        return Sitting(find_place(user, slug, edition, key, "quiz"), paper, None)
    attempt.enrolment.edition = contents.edition
    return Sitting(Place(contents, page, attempt.enrolment), paper, attempt)
