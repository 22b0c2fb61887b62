"""What pages read of quizzes."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from operator import attrgetter
from typing import Any

from django.db.models import Count, F, Max, Q, QuerySet

from apps.accounts.models import ClosedAccountError, User
from apps.core.left_out import BrokenContentError, note
from apps.core.prepared import prepared
from apps.modules.models import Page, Source
from apps.modules.page_kinds import Begun
from apps.modules.published import read_once
from apps.modules.queries import published_page
from apps.modules.rows import Rows, rows_of
from apps.progress.models import Enrolment
from apps.quizzes.models import Attempt, Option, Question, QuestionCitation, Quiz, Response
from apps.quizzes.question_kinds import Line, QuestionKind
from apps.quizzes.scoring import Given, Key


@dataclass(frozen=True)
class Item:
    """A question with its options. Read-only."""

    question: Question
    options: tuple[Option, ...]

    @property
    def key(self) -> Key:
        """What is right."""
        return Key(
            frozenset(option.key for option in self.options if option.is_key),
            {option.key: option.rank for option in self.options if option.rank},
            {option.key: option.also_rank for option in self.options if option.also_rank},
        )

    @property
    def can_be_asked(self) -> bool:
        """Whether there is something to choose, and more marks to be had for it than blind guessing has."""
        if not self.question.is_of_known_kind or not self.options:
            return False
        return self.max_score > (self.question.question_kind.chance or 0)

    @property
    def max_score(self) -> int:
        return self.question.question_kind.max_score(self.key)

    def error(self, given: Given) -> str:
        """What is wrong with an answer, in a learner's words; empty when nothing is."""
        return self.question.question_kind.error(given, len(self.options), self.question.select)

    def score(self, given: Given) -> int:
        """The marks for an answer."""
        return self.question.question_kind.score(given, self.key)


@dataclass(frozen=True)
class Paper:
    """A whole quiz. Read-only: that of a published edition is shared by all requests of the process."""

    quiz: Quiz
    items: tuple[Item, ...]

    def of(self, question_id: int) -> Item:
        """The question with this id. BrokenContentError for one that was left out."""
        item = next((item for item in self.items if item.question.pk == question_id), None)
        if item is None:
            raise BrokenContentError(f"{Question._meta.label} {question_id}", "cannot be asked")
        return item

    @property
    def counting(self) -> list[Item]:
        """The questions whose marks count towards the pass mark."""
        return [item for item in self.items if item.question.counts]

    @property
    def max_score(self) -> int:
        """The marks that can be had in the questions that count."""
        return sum(item.max_score for item in self.counting)


@dataclass(frozen=True)
class Answer:
    """A response with what was chosen in it."""

    response: Response
    item: Item
    given: Given

    @property
    def position(self) -> int:
        return self.response.position

    @property
    def is_answered(self) -> bool:
        return self.response.answered_at is not None

    @property
    def options(self) -> list[Option]:
        """The options in the order of the attempt."""
        return self.response.attempt.shuffle(list(self.item.options))

    @property
    def chosen_texts(self) -> list[str]:
        """The chosen options; ranked ones in their order."""
        chosen = [option for option in self.item.options if option.key in self.given]
        ordered = sorted(chosen, key=lambda option: self.given[option.key] or 0)
        ranks = [self.given[option.key] for option in ordered]
        return [f"{rank}. {option.text}" if rank else option.text for rank, option in zip(ranks, ordered, strict=True)]


@dataclass(frozen=True)
class Result:
    """An answer after submission: its marks, each option beside the key, and the sources."""

    answer: Answer
    sources: list[Source]

    @property
    def kind(self) -> QuestionKind:
        return self.answer.item.question.question_kind

    @property
    def review(self) -> object:
        """What the kind's template shows of the options."""
        return self.kind.review(self.answer.options, self.answer.item.key, self.answer.given)

    @property
    def score(self) -> int:
        return self.answer.response.score or 0

    @property
    def max_score(self) -> int:
        return self.answer.item.max_score

    @property
    def counts(self) -> bool:
        """Whether its marks count towards the pass mark."""
        return self.kind.chance is None

    @property
    def is_right(self) -> bool:
        return self.score == self.max_score

    @property
    def is_missed(self) -> bool:
        """Whether it can be tried again on its own: what does not count is judgement, and never missed."""
        return self.counts and not self.is_right

    @property
    def mark(self) -> str:
        """The drawing beside it; words always stand there, too."""
        if not self.counts:
            return "scales"
        return "tick" if self.is_right else "partly" if self.score else "cross"

    @property
    def tone(self) -> str:
        """The colour of that."""
        return {"tick": "best", "partly": "acceptable", "cross": "poor"}.get(self.mark, "")

    @property
    def in_short(self) -> Sequence[Line]:
        """What is said of it while it is folded."""
        if self.counts and self.is_right:
            return ()
        lines = self.kind.in_short(self.answer.options, self.answer.item.key, self.answer.given)
        if self.counts:
            return lines
        first, rest = (lines[0], lines[1:]) if lines else (Line(""), ())
        points = f"{self.score} of {self.max_score} points."
        if rest:
            return [Line("", points), first, *rest]
        return [Line("", " ".join(filter(None, (points, first.label, first.text))))]

    @property
    def others(self) -> Sequence[Option]:
        """The options that were neither right nor given."""
        return self.kind.others(self.answer.options, self.answer.item.key, self.answer.given)

    @property
    def folded(self) -> str:
        """What lies folded at its end: `The other 4 answers, and the sources`; empty when nothing does."""
        sources = "the source" if len(self.sources) == 1 else "the sources"
        if not self.others:
            return f"T{sources[1:]}" if self.sources else ""
        others = "The other answer" if len(self.others) == 1 else f"The other {len(self.others)} answers"
        return f"{others}, and {sources}" if self.sources else others


def paper_of(page: Page) -> Paper:
    """The quiz of a page, read now. Quiz.DoesNotExist when it has none."""
    return paper_in(rows_of(page, [Quiz, Question, Option]))


def paper_in(rows: Rows) -> Paper:
    """The quiz in the rows of a page. Quiz.DoesNotExist when it has none."""
    quiz = next(iter(rows.of(Quiz)), None)
    if quiz is None:
        raise Quiz.DoesNotExist
    options = rows.by(Option, "question")
    return Paper(quiz, tuple(Item(question, tuple(options[question.pk])) for question in rows.of(Question)))


@read_once
def published_paper(page_id: int) -> Paper:
    """The quiz of a page of a published edition, without questions that cannot be asked.

    BrokenContentError when none can.
    """
    page = published_page(page_id)
    try:
        paper = paper_of(page)
    except Quiz.DoesNotExist:
        raise BrokenContentError(f"{page._meta.label} {page.pk}", "has no quiz") from None
    for item in paper.items:
        if not item.can_be_asked:
            note(f"{item.question._meta.label} {item.question.pk}", "cannot be asked")
    asked = tuple(item for item in paper.items if item.can_be_asked)
    if not asked:
        raise BrokenContentError(f"{page._meta.label} {page.pk}", "no question of its quiz can be asked")
    return replace(paper, items=asked)


def lock_attempt(pk: int) -> Attempt:
    """This one, with its enrolment; nobody else writes in it until the transaction ends. Only a closed account takes it
    away."""
    attempt = _locked.first(pk=pk)
    if attempt is None:
        raise ClosedAccountError
    return attempt


@prepared(pk=Attempt.id)
def _locked(pk: int) -> QuerySet[Attempt]:
    return Attempt.objects.select_related("enrolment").select_for_update(of=("self",)).filter(pk=pk)


def open_attempt(enrolment: Enrolment | None, quiz: Quiz) -> Attempt | None:
    """The attempt that waits for answers."""
    return Attempt.objects.open().filter(enrolment=enrolment, quiz=quiz).first() if enrolment else None


def attempt_under_way(learner: User, quiz: Quiz) -> Attempt | None:
    """The learner's attempt that waits for answers, with its enrolment."""
    return _under_way.first(learner=learner.pk, quiz=quiz.pk)


@prepared(learner=Enrolment.learner, quiz=Attempt.quiz)
def _under_way(learner: int, quiz: int) -> QuerySet[Attempt]:
    return Attempt.objects.open().filter(enrolment__learner=learner, quiz=quiz).select_related("enrolment")


def open_attempts(enrolments: Collection[int]) -> Begun:
    """Those that wait for answers, by how many are answered of how many."""
    waiting = Attempt.objects.open().filter(enrolment__pk__in=enrolments).order_by()
    counted = waiting.annotate(
        answered=Count("responses", filter=Q(responses__answered_at__isnull=False)),
        asked=Count("responses"),
        answered_at=Max("responses__answered_at"),
    )
    return counted.values_list("enrolment", "quiz__page", "started_at", "answered_at", "answered", "asked")


def answers_of(attempt: Attempt, paper: Paper) -> list[Answer]:
    """The responses of an attempt with what was chosen, in order. A question that was left out leaves a gap."""
    asked = {item.question.pk: item for item in paper.items}
    answers = []
    for _, rows in groupby(_responses_of.rows(attempt=attempt.pk), key=attrgetter("pk")):
        response, *more = rows
        if response.question_id in asked:
            response.attempt = attempt
            given = {row.key: row.rank for row in (response, *more) if row.key is not None}
            answers.append(Answer(response, asked[response.question_id], given))
    return answers


@prepared(attempt=Response.attempt)
def _responses_of(attempt: int) -> QuerySet[Any, Any]:
    """The responses of an attempt in order, once for each option that was chosen, with its `key` and its `rank`."""
    chosen = {"key": F("selected__option__key"), "rank": F("selected__rank")}
    return Response.objects.filter(attempt=attempt).annotate(**chosen).order_by("position")


def results_of(attempt: Attempt, paper: Paper) -> list[Result]:
    """Every answer of a submitted attempt beside its key."""
    return results_from(answers_of(attempt, paper))


def results_from(answers: Sequence[Answer]) -> list[Result]:
    """Each of these answers beside its key, with the sources of its question."""
    sources: dict[int, list[Source]] = {answer.response.question_id: [] for answer in answers}
    citations = QuestionCitation.objects.filter(question__in=sources).select_related("source__superseded_by")
    for citation in citations.order_by("position"):
        sources[citation.question_id].append(citation.source)
    return [Result(answer, sources[answer.response.question_id]) for answer in answers]
