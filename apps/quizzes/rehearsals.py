"""A quiz of a draft as its authors try it, from any question to the results, with the holes it has yet.

Nothing is stored: the query says what was given so far and what is seen, and what in it makes no sense is left out.
"""

from dataclasses import dataclass, replace

from django.utils import timezone

from apps.modules.page_kinds import Preview
from apps.modules.previews import Fields, Previewed, whole_number
from apps.progress.previews import PlaceInDraft, place_of
from apps.quizzes import pages
from apps.quizzes.forms.answering import CHECK, HOME, LEAVE, AnswerForm
from apps.quizzes.models import Quiz
from apps.quizzes.queries import Paper, paper_in, results_from
from apps.quizzes.trials import RESULTS, Trial, given_in, mark, take, trial_of

BEGINNING = ""
CONTROLS = "quizzes/_show_question.html"


@dataclass(frozen=True)
class Rehearsal(Trial):
    """An author's, in a draft."""

    place: PlaceInDraft

    def url(self, view: str = "", *args: object) -> str:
        """The address of a question, and the one to which every form leads."""
        return self.place.previewed.url(self._fields(str(args[0])) if view == "question" else self.fields)

    @property
    def fields(self) -> Fields:
        """What the form on the page sends on: it begins, answers this question, or hands in."""
        return self._fields({BEGINNING: "1", CHECK: RESULTS, RESULTS: "1"}.get(self.seen, self.seen))

    def _fields(self, seen: str) -> Fields:
        return [("question", seen), *(() if self.seen == RESULTS else self.told)]

    @property
    def places(self) -> list[tuple[str, str, bool]]:
        """What can be seen of the quiz: what stands in the address for it, its words, and whether it is seen now."""
        questions = [(str(answer.position), f"Question {answer.position}") for answer in self.answers]
        named = [(BEGINNING, "Beginning"), *questions, (CHECK, "Check your answers"), (RESULTS, "Results")]
        return [(value, words, value == self.seen) for value, words in named]


def preview(previewed: Previewed) -> Preview | None:
    """What the query asks to see; None where there is no quiz."""
    try:
        paper = paper_in(previewed.rows)
    except Quiz.DoesNotExist:
        return None
    paper = replace(paper, items=tuple(item for item in paper.items if item.question.is_of_known_kind))
    seen = _seen(previewed, paper)
    sitting = _at(Rehearsal(place_of(previewed), paper, None, given_in(previewed.query, paper), seen), seen)
    form = sitting.form(int(seen)) if seen.isdigit() else None
    if form and previewed.number("attempt"):
        sitting, form = _sent(sitting, previewed)
    template_name, context = _look_of(sitting, form)
    return Preview(
        template_name,
        context,
        fields=sitting.fields,
        controls=CONTROLS,
        shown="question" if form else "page",
        blocks=_blocks(sitting) if form else None,
        away=previewed.query.get("go") in {HOME, LEAVE},
    )


def _at(sitting: Rehearsal, seen: str) -> Rehearsal:
    """The same before something else; an attempt is open between the beginning and the results."""
    return replace(sitting, seen=seen, attempt=None if seen in {BEGINNING, RESULTS} else trial_of(sitting.paper))


def _seen(previewed: Previewed, paper: Paper) -> str:
    """What the query asks to see, or the nearest that there is."""
    asked = previewed.query.get("question", BEGINNING)
    if RESULTS in previewed.query or asked == RESULTS:
        return RESULTS
    if asked == CHECK or not paper.items:
        return CHECK if paper.items else BEGINNING
    position = whole_number(asked)
    return BEGINNING if position is None else str(min(max(position, 1), len(paper.items)))


def _sent(sitting: Rehearsal, previewed: Previewed) -> tuple[Rehearsal, AnswerForm | None]:
    """After the answer that was sent with the query: what comes next, or the same question with what is wrong."""
    position = int(sitting.seen)
    sitting, form = take(sitting, position, previewed.query)
    if form.errors:
        return sitting, form
    go = form.cleaned_data["go"]
    to = go if go not in {"", HOME, LEAVE} else sitting.after(position)
    sitting = _at(sitting, to)
    return sitting, sitting.form(int(to)) if to.isdigit() else None


def _look_of(sitting: Rehearsal, form: AnswerForm | None) -> tuple[str, pages.Context]:
    if form:
        return "quizzes/question.html", pages.question(sitting, int(sitting.seen), form)
    if sitting.seen == CHECK:
        return "quizzes/check.html", pages.check(sitting)
    if sitting.seen == RESULTS:
        return "quizzes/result.html", _results(sitting)
    return "quizzes/quiz.html", pages.beginning(sitting)


def _results(sitting: Rehearsal) -> pages.Context:
    """As if it had been handed in now; without what learners would not be asked."""
    answers = [answer for answer in sitting.answers if answer.item.can_be_asked]
    mark(answers)
    trial = trial_of(sitting.paper)
    trial.submitted_at = timezone.now()
    trial.score = sum(answer.response.score or 0 for answer in answers if answer.item.question.counts)
    trial.max_score = replace(sitting.paper, items=tuple(answer.item for answer in answers)).max_score
    return pages.result(sitting, trial, results_from(answers), trial.submitted_at)


def _blocks(sitting: Rehearsal) -> list[str]:
    """The keys of the question that is seen, and of its options."""
    item = sitting.answer(int(sitting.seen)).item
    return [item.question.key, *(option.key for option in item.options)]
