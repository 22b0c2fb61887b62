"""What pages read of quizzes."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from apps.core.left_out import BrokenContentError, note
from apps.modules.models import Page, Source
from apps.modules.published import read_once
from apps.modules.queries import published_page
from apps.progress.models import Enrolment
from apps.quizzes.models import Attempt, Option, Question, QuestionCitation, Quiz, Response, SelectedOption
from apps.quizzes.scoring import QUESTION_KINDS, Key, RankFive, better_than_chance


@dataclass(frozen=True)
class QuestionPaper:
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
    def problem(self) -> str:
        """What keeps it from being published, in an author's words; empty when nothing does."""
        kind = QUESTION_KINDS.get(self.question.kind)
        if kind is None:
            return f"is of an unknown kind: {self.question.kind}"
        return kind.problem(self.key, len(self.options), self.question.select)

    @property
    def can_be_asked(self) -> bool:
        """Whether there is something to choose, and more marks to be had for it than blind guessing has."""
        kind = QUESTION_KINDS.get(self.question.kind)
        return kind is not None and bool(self.options) and kind.max_score(self.key) > (kind.chance or 0)

    @property
    def max_score(self) -> int:
        return self.question.scoring.max_score(self.key)

    def score(self, given: Mapping[str, int | None]) -> int:
        """The marks for an answer."""
        return self.question.scoring.score(given, self.key)


@dataclass(frozen=True)
class Paper:
    """A whole quiz. Read-only: that of a published edition is shared by all requests of the process."""

    quiz: Quiz
    questions: tuple[QuestionPaper, ...]

    def of(self, question_id: int) -> QuestionPaper:
        """The question with this id. BrokenContentError for one that was left out."""
        found = next((paper for paper in self.questions if paper.question.pk == question_id), None)
        if found is None:
            raise BrokenContentError(f"{Question._meta.label} {question_id}", "cannot be asked")
        return found

    @property
    def counting(self) -> list[QuestionPaper]:
        """The questions whose marks count towards the pass mark."""
        return [paper for paper in self.questions if paper.question.counts]

    @property
    def max_score(self) -> int:
        """The marks that can be had in the questions that count."""
        return sum(paper.max_score for paper in self.counting)


@dataclass(frozen=True)
class Answer:
    """A response with what was chosen in it."""

    response: Response
    paper: QuestionPaper
    given: Mapping[str, int | None]

    @property
    def position(self) -> int:
        return self.response.position

    @property
    def is_answered(self) -> bool:
        return self.response.answered_at is not None

    @property
    def chosen_texts(self) -> list[str]:
        """The chosen options; ranked ones in their order."""
        chosen = [option for option in self.paper.options if option.key in self.given]
        ordered = sorted(chosen, key=lambda option: self.given[option.key] or 0)
        ranks = [self.given[option.key] for option in ordered]
        return [f"{rank}. {option.text}" if rank else option.text for rank, option in zip(ranks, ordered, strict=True)]


@dataclass(frozen=True)
class Place:
    """An option of a ranking: its place in the key order, the place it was given, and the points for that."""

    option: Option
    key_rank: int
    given_rank: int | None
    points: int


@dataclass(frozen=True)
class Result:
    """An answer after submission: its marks, each option beside the key, and the sources."""

    answer: Answer
    options: list[Option]
    sources: list[Source]

    @property
    def decisive(self) -> list[tuple[Option, bool]]:
        """The options that are right or were chosen, and whether they were."""
        marked = ((option, option.key in self.answer.given) for option in self.options)
        return [(option, is_yours) for option, is_yours in marked if option.is_key or is_yours]

    @property
    def others(self) -> list[Option]:
        """The options that were neither."""
        decisive = [option for option, _ in self.decisive]
        return [option for option in self.options if option not in decisive]

    @property
    def score(self) -> int:
        return self.answer.response.score or 0

    @property
    def max_score(self) -> int:
        return self.answer.paper.max_score

    @property
    def is_right(self) -> bool:
        return self.score == self.max_score

    @property
    def template_name(self) -> str:
        """How an answer to this kind of question stands beside its key."""
        return f"quizzes/results/{self.answer.paper.question.kind}.html"

    @property
    def better_than_chance(self) -> int | None:
        """How much better than blind guessing, in whole per cent; None for questions that count."""
        chance = self.answer.paper.question.scoring.chance
        return None if chance is None else int(better_than_chance(self.score, self.max_score, chance) * 100)

    @property
    def places(self) -> list[Place]:
        """The options of a ranking in the key order, each with the place it was given and the points for that."""
        kind, key, given = RankFive(), self.answer.paper.key, self.answer.given
        ranks = max((key.ranks, key.also_ranks), key=lambda order: kind.total(given, order))
        placed = [option for option in self.answer.paper.options if option.key in ranks]
        in_order = sorted(placed, key=lambda option: ranks[option.key])
        return [
            Place(option, ranks[option.key], given.get(option.key), kind.points(option.key, given, ranks))
            for option in in_order
        ]


def paper_of(page: Page) -> Paper:
    """The quiz of a page, read now."""
    quiz = Quiz.objects.get(page=page)
    questions = list(Question.objects.filter(quiz=quiz).order_by("position"))
    options: dict[int, list[Option]] = {question.pk: [] for question in questions}
    for option in Option.objects.filter(question__in=options).order_by("position"):
        options[option.question_id].append(option)
    return Paper(quiz, tuple(QuestionPaper(question, tuple(options[question.pk])) for question in questions))


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
    for part in paper.questions:
        if not part.can_be_asked:
            note(f"{part.question._meta.label} {part.question.pk}", "cannot be asked")
    asked = tuple(part for part in paper.questions if part.can_be_asked)
    if not asked:
        raise BrokenContentError(f"{page._meta.label} {page.pk}", "no question of its quiz can be asked")
    return replace(paper, questions=asked)


def open_attempt(enrolment: Enrolment | None, quiz: Quiz) -> Attempt | None:
    """The attempt that waits for answers."""
    return Attempt.objects.open().filter(enrolment=enrolment, quiz=quiz).first() if enrolment else None


def answers_of(attempt: Attempt, paper: Paper) -> list[Answer]:
    """Every response of an attempt with what was chosen, in order."""
    given: dict[int, dict[str, int | None]] = {}
    selected = SelectedOption.objects.filter(response__attempt=attempt).values_list("response", "option__key", "rank")
    for response_id, key, rank in selected:
        given.setdefault(response_id, {})[key] = rank
    asked = {part.question.pk: part for part in paper.questions}
    return [
        Answer(response, asked[response.question_id], given.get(response.pk, {}))
        for response in attempt.responses.order_by("position")
        if response.question_id in asked
    ]


def responses_of(attempt: Attempt, paper: Paper) -> dict[int, Response]:
    """The responses whose questions can be asked, by their positions, in order. One that was left out leaves a gap."""
    asked = {part.question.pk for part in paper.questions}
    responses = attempt.responses.order_by("position")
    return {response.position: response for response in responses if response.question_id in asked}


def given_to(response: Response) -> dict[str, int | None]:
    """What is stored as the answer to one question; empty when nothing is."""
    return dict(SelectedOption.objects.filter(response=response).values_list("option__key", "rank"))


def results_of(attempt: Attempt, paper: Paper) -> list[Result]:
    """Every answer of a submitted attempt beside its key."""
    answers = answers_of(attempt, paper)
    sources: dict[int, list[Source]] = {answer.response.question_id: [] for answer in answers}
    citations = QuestionCitation.objects.filter(question__in=sources).select_related("source__superseded_by")
    for citation in citations.order_by("position"):
        sources[citation.question_id].append(citation.source)
    return [
        Result(answer, attempt.shuffle(list(answer.paper.options)), sources[answer.response.question_id])
        for answer in answers
    ]
