"""What the pages of a quiz show, a learner's as an author's who previews it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from fractions import Fraction

from django.utils import timezone

from apps.modules.models import Page
from apps.progress.places import Place
from apps.quizzes import question_kinds
from apps.quizzes.asked import asked_in
from apps.quizzes.forms.answering import AnswerForm
from apps.quizzes.models import Attempt
from apps.quizzes.practice import MOST, Practice
from apps.quizzes.queries import Answer, Result
from apps.quizzes.sittings import Sitting
from apps.quizzes.verdicts import Verdict

Context = dict[str, object]


@dataclass(frozen=True)
class QuestionLink:
    """A question in the row of numbers above the question."""

    position: int
    is_saved: bool
    is_current: bool


@dataclass(frozen=True)
class Step:
    """What can be done next: a link, or a button that sends."""

    label: str
    url: str
    is_sent: bool = False


@dataclass(frozen=True)
class Group:
    """Results under one heading. Of those that are worth a second look the first stands open."""

    heading: str
    results: Sequence[Result]
    note: str = ""
    opens: bool = False


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
    answer = sitting.answer(position)
    return {
        "sitting": sitting,
        "place": sitting.place,
        "question": answer.item.question,
        "asked": asked_in(answer.item.question),
        "position": position,
        "caption": sitting.caption(position),
        "answered": _answered(sitting.answers),
        "links": [
            QuestionLink(answer.position, answer.is_answered, answer.position == position) for answer in sitting.answers
        ],
        "form": form,
        "skip_to": sitting.after(position),
    }


def practice_question(practice: Practice, form: AnswerForm) -> Context:
    """A question that is practised; what was given so far goes on in the address."""
    return question(practice, int(practice.seen), form) | {"practice": practice, "hidden": practice.fields}


def _answered(answers: Sequence[Answer]) -> str:
    """`9 of 11 answered`."""
    return f"{sum(answer.is_answered for answer in answers)} of {len(answers)} answered"


def check(sitting: Sitting) -> Context:
    """The answers before they are handed in."""
    return {
        "sitting": sitting,
        "place": sitting.place,
        "answered": _answered(sitting.answers),
        "unanswered": sum(not answer.is_answered for answer in sitting.answers),
        "leave_url": sitting.place.module_url,
    }


def result(sitting: Sitting, attempt: Attempt, results: Sequence[Result], at: datetime) -> Context:
    """A submitted attempt: score, what to do first, and each answer beside the key. Without results no keys."""
    verdict = Verdict(attempt.score or 0, attempt.max_score or 0, Fraction(attempt.quiz.pass_mark))
    missed = [result for result in results if result.is_missed]
    behind = pages_behind(sitting.place, missed) if verdict.is_far_off else []
    return {
        "sitting": sitting,
        "place": sitting.place,
        "attempt": attempt,
        "verdict": verdict,
        "heading": verdict.heading(timezone.localtime(at)),
        "note": _note(attempt, missed),
        **_next(_steps(sitting, attempt, verdict, missed, behind)),
        "behind": [_beside(sitting.place, page) for page in behind[1:]],
        "groups": _groups(results),
        "section": "modules",
    }


def practised(practice: Practice) -> Context:
    """What a practice came to: the same rows, and what to do next."""
    results, attempt, place = practice.results, practice.practised, practice.place
    still = [result for result in results if result.is_missed]
    steps = [Step("Take the whole quiz again", practice.url("start"), is_sent=True)]
    if attempt.is_passed:
        onward = place.onward()
        steps = [Step(onward.label, onward.url), *steps]
    if still:
        again = f"Try {f'those {len(results)}' if len(results) > 1 else 'that one'} again"
        steps = [Step(again, practice.url("practice", attempt.number)), *steps]
    return {
        "place": place,
        "attempt": attempt,
        "heading": f"Practice: {len(results) - len(still)} of {len(results)} now",
        **_next([*steps, Step("Back to your results", practice.url("result", attempt.number))]),
        "groups": _groups(results),
        "section": "modules",
    }


def _next(steps: Sequence[Step]) -> Context:
    """The steps, and where the form leads in which they stand."""
    return {"steps": steps, "sends_to": next((step.url for step in reversed(steps) if step.is_sent), "")}


def _steps(
    sitting: Sitting, attempt: Attempt, verdict: Verdict, missed: Sequence[Result], behind: Sequence[Page]
) -> list[Step]:
    """What to do next, first what serves most."""
    if sitting.attempt:
        return [Step("Go on with your attempt", sitting.url())]
    whole = Step("Take the whole quiz again", sitting.url("start"), is_sent=True)
    can_practise = missed and sitting.method == "post"
    practise = [Step(_try(len(missed)), sitting.url("practise", attempt.number), is_sent=True)] if can_practise else []
    first = []
    if verdict.is_passed:
        onward = sitting.place.onward()
        first = [Step(onward.label, onward.url)]
    elif behind:
        step = _beside(sitting.place, behind[0])
        first = [replace(step, label=f"Read again: {step.label}")]
    return [*first, *practise, whole]


def _try(missed: int) -> str:
    """`Try the 5 you missed`."""
    if missed > MOST:
        return f"Try {MOST} of the {missed} you missed"
    return f"Try the {missed if missed > 1 else 'one'} you missed"


def _note(attempt: Attempt, missed: Sequence[Result]) -> str:
    """What counts and what does not."""
    if not missed:
        return "Attempts never appear on a certificate."
    return "You have begun to practise these." if attempt.practised_at else "Practice has no marks."


def _groups(results: Sequence[Result]) -> list[Group]:
    """The results under their headings: what was missed, judgement, what is right."""
    missed = [result for result in results if result.is_missed]
    judged = [result for result in results if not result.counts]
    right = [result for result in results if result.counts and result.is_right]
    got = f"The {len(right) if len(right) > 1 else 'one'} you got right" if missed or judged else "All of it right"
    names = {result.answer.item.question.kind for result in judged}
    blind = f"No pass mark here. A blind guess scores about {question_kinds.blind_guesses(names)}."
    groups = [
        Group(f"The {len(missed) if len(missed) > 1 else 'one'} you missed", missed, opens=True),
        Group("Your judgement", judged, blind),
        Group(got if missed else "All of it right", right),
    ]
    return [group for group in groups if group.results]


def pages_behind(place: Place, missed: Iterable[Result]) -> list[Page]:
    """The reading pages of the module that teach a fact on which these questions rest, else its first; in order."""
    facts = {fact for result in missed for fact in result.answer.item.question.facts.split()}
    reading = [page for page in place.contents.pages if page.kind == "reading"]
    return [page for page in reading if facts & set(page.facts.split())] or reading[:1]


def _beside(place: Place, page: Page) -> Step:
    """Another page of the same edition."""
    return Step(page.title, replace(place, page=page).url())
