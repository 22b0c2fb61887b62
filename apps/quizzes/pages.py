"""What the pages of a quiz show, a learner's as an author's who previews it."""

from collections.abc import Sequence
from dataclasses import dataclass

from apps.quizzes import question_kinds
from apps.quizzes.forms.answering import AnswerForm
from apps.quizzes.models import Attempt
from apps.quizzes.queries import Result
from apps.quizzes.sittings import Sitting

Context = dict[str, object]


@dataclass(frozen=True)
class QuestionLink:
    """A question in the row of numbers above the question."""

    position: int
    is_saved: bool
    is_current: bool


def beginning(sitting: Sitting) -> Context:
    """What the quiz asks, and the attempts so far."""
    return {
        "sitting": sitting,
        "place": sitting.place,
        "attempts": sitting.attempts.order_by("-number"),
        "section": "modules",
    }


def question(sitting: Sitting, position: int, form: AnswerForm) -> Context:
    """A question, with its form as it is."""
    return {
        "sitting": sitting,
        "place": sitting.place,
        "question": sitting.answer(position).item.question,
        "position": position,
        "total": sitting.answers[-1].position,
        "links": [
            QuestionLink(answer.position, answer.is_answered, answer.position == position) for answer in sitting.answers
        ],
        "form": form,
        "skip_to": sitting.after(position),
    }


def check(sitting: Sitting) -> Context:
    """The answers before they are handed in."""
    return {
        "sitting": sitting,
        "place": sitting.place,
        "unanswered": sum(not answer.is_answered for answer in sitting.answers),
        "leave_url": sitting.place.module_url,
    }


def result(sitting: Sitting, attempt: Attempt, results: Sequence[Result]) -> Context:
    """A submitted attempt: score, and each answer beside the key."""
    counting = [result for result in results if result.better_than_chance is None]
    return {
        "sitting": sitting,
        "place": sitting.place,
        "attempt": attempt,
        "wrong": [result for result in counting if not result.is_right],
        "right": [result for result in counting if result.is_right],
        "judged": [result for result in results if result.better_than_chance is not None],
        "blind_guesses": question_kinds.blind_guesses(),
        "onward": sitting.place.onward(),
        "section": "modules",
    }
