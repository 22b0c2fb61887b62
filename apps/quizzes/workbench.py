"""A quiz on one screen: its questions in order, and beside them one set or one question with its answers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from itertools import groupby
from typing import Any, ClassVar, cast

from apps.core.words import counted, shortened
from apps.modules.copying import with_copy
from apps.modules.keys import PROVISIONAL
from apps.modules.problems import Level
from apps.modules.workbench import Deletion, Done, Opened, Workbench, Wrong
from apps.quizzes import question_kinds, sets
from apps.quizzes.checks import Noticed, noticed_in
from apps.quizzes.document import Question, QuizDocument
from apps.quizzes.question_kinds import QuestionKind
from apps.quizzes.trays import AboutTray, SetTray, Tray

SHORT, LONG = 44, 80  # characters of a name in the list, in a sentence
FIRST_FIELD = "id_q0-stem"
STEPS = {"up": -1, "down": 1}
OTHER_WAY = {"up": "down", "down": "up"}

Verb = Callable[["QuizBench", str], Done | None]


@dataclass(frozen=True)
class Entry:
    """A question in the list."""

    number: int
    key: str
    name: str
    kind: str  # where it is not the usual one
    errors: int
    warnings: int
    is_here: bool

    @property
    def flag(self) -> str:
        """`1 error, 2 warnings`."""
        found = ((self.errors, "error", "errors"), (self.warnings, "warning", "warnings"))
        return ", ".join(counted(*each) for each in found if each[0])


@dataclass(frozen=True)
class Listed:
    """Questions that stand together in the list: a set by its theme, or such as stand on their own."""

    heading: str
    entries: Sequence[Entry]


class QuizBench(Workbench):
    """A quiz in forms."""

    template_name = "quizzes/authors/bench.html"
    side_template = "quizzes/authors/side.html"
    blocks_label = "Questions"
    page_label = "About the quiz"
    look = "quiz"
    verbs: ClassVar[dict[str, Verb]] = {}

    def __init__(self, opened: Opened) -> None:
        super().__init__(opened)
        self.tray: Tray = SetTray(opened) if opened.block else AboutTray(opened)

    @staticmethod
    def first_block(document: Any) -> str:
        return document.questions[0].key if document.questions else ""

    @property
    def quiz(self) -> QuizDocument:
        return cast("QuizDocument", self.document)

    @property
    def blocks(self) -> tuple[str, ...]:
        return self.tray.keys

    @property
    def name(self) -> str:
        return self.tray.name

    def place_of(self, key: str) -> tuple[str, str]:
        """A question, or the question of an answer and the answer's row."""
        for question in self.quiz.questions:
            if question.key == key:
                return key, f"question-{key}"
            for place, option in enumerate(question.options):
                if option.key == key:
                    return question.key, f"id_a{place}-text"
        return "", ""

    def wrongs(self) -> Sequence[Wrong]:
        return self.tray.wrongs()

    def written(self) -> QuizDocument:
        return self.tray.written()

    def done(self, verb: str, what: str) -> Done | None:
        does = VERBS.get(verb)
        return does(self, what) if does and (isinstance(self.tray, SetTray) or verb == "add") else None

    def deletion(self, what: str, key: str) -> Deletion | None:
        found = sets.set_with(self.quiz, key)
        if not found or what not in ("question", "set"):
            return None
        gone = found if what == "set" else [question for question in found if question.key == key]
        keys = [question.key for question in gone]
        left = [question for question in found if question.key not in keys]
        theme = f"the set “{found[0].theme}”" if len(found) > 1 else ""
        return Deletion(
            name=theme if what == "set" and theme else self._named(gone[0]),
            noun="set" if what == "set" and theme else "question",
            then=lambda document: sets.without(document, keys),
            goes=[self._told(question) for question in gone],
            changes=[f"T{theme[1:]} keeps {counted(len(left), 'question', 'questions')}."] if left else [],
            opens=next((each.key for each in left), self._beside(keys)),
        )

    @property
    def preview_fields(self) -> Iterable[tuple[str, str]]:
        return [("question", str(self.position))] if self.position else []

    @cached_property
    def position(self) -> int:
        """Which question is open, from 1; 0 for the quiz's own page."""
        keys = [question.key for question in self.quiz.questions]
        return keys.index(self.opened.block) + 1 if self.opened.block in keys else 0

    # What stands on the page

    @property
    def kinds(self) -> list[QuestionKind]:
        """The kinds of which a question can be added."""
        return question_kinds.all_kinds()

    @property
    def listed(self) -> Iterator[Listed]:
        """All questions, by set; those on their own that follow each other stand together."""
        places = [self.place_of(problem.block)[0] for problem in self.opened.problems]
        levels = [problem.level for problem in self.opened.problems]
        found = Counter(zip(places, levels, strict=True))
        numbers = {question.key: number for number, question in enumerate(self.quiz.questions, start=1)}
        for heading, together in groupby(sets.sets_of(self.quiz.questions), _heading):
            questions = [question for each in together for question in each]
            yield Listed(heading, [self._entry(each, numbers[each.key], found) for each in questions])

    def _entry(self, question: Question, number: int, found: Counter[tuple[str, Level]]) -> Entry:
        kind = question_kinds.get(question.kind) if question_kinds.is_known(question.kind) else None
        usual = kind is not None and kind.has_one_key
        return Entry(
            number,
            question.key,
            shortened(question.name, SHORT) or "Nothing written yet",
            "" if usual else kind.label if kind else question.kind,
            found[question.key, Level.ERROR],
            found[question.key, Level.WARNING],
            question.key == self.opened.block,
        )

    @property
    def noticed(self) -> list[Noticed]:
        """What a set shows that is no problem of any question, as it was stored."""
        return list(noticed_in(sets.set_with(self.quiz, self.opened.block)))

    @property
    def next(self) -> Question | None:
        """The first question behind what is open."""
        return sets.find(self.quiz, sets.after(self.quiz, self.opened.block))

    @property
    def next_number(self) -> int:
        return self.quiz.questions.index(self.next) + 1 if self.next else 0

    @property
    def is_first(self) -> bool:
        """Whether no set stands above the one that is open."""
        return self.blocks[:1] == tuple(question.key for question in self.quiz.questions[:1])

    @property
    def is_last(self) -> bool:
        """Whether no set stands below it."""
        return self.blocks[-1:] == tuple(question.key for question in self.quiz.questions[-1:])

    # Words

    def _named(self, question: Question) -> str:
        number = self.quiz.questions.index(question) + 1
        name = f", “{shortened(question.name, LONG)}”" if question.name else ""
        return f"question {number}{name}"

    def _told(self, question: Question) -> str:
        named = self._named(question)
        answers = counted(len(question.options), "answer", "answers")
        return f"{named[0].upper()}{named[1:]}, with its {answers} and what is said of them."

    def _beside(self, gone: Sequence[str]) -> str:
        """The question that is opened when these have gone: the next one, else the last."""
        keys = [question.key for question in self.quiz.questions]
        after = keys[keys.index(gone[-1]) + 1 :]
        before = [key for key in keys[: keys.index(gone[0])] if key not in gone]
        return (after[:1] or before[-1:] or [""])[0]


def _heading(found: sets.Set) -> str:
    return found[0].theme if len(found) > 1 else "On their own"


# What the buttons do, each once what was typed is stored --------------------------------------------------------------


def _tray(bench: QuizBench) -> SetTray:
    return cast("SetTray", bench.tray)


def _empty(kind: str) -> Question:
    """A question of a kind in which nothing is written yet."""
    return Question(f"{PROVISIONAL}new", kind, "", select=question_kinds.editor_of(kind).select)


def _add(bench: QuizBench, kind: str) -> Done | None:
    """A question of a kind, at the end."""
    if not question_kinds.is_known(kind):
        return None
    return Done(
        lambda document: sets.with_new(document, _empty(kind)),
        opens=lambda document: document.questions[-1].key,
        anchor=FIRST_FIELD,
        told="A question is added at the end.",
    )


def _another(bench: QuizBench, what: str) -> Done:
    """A question of the same kind, behind what is open."""
    tray = _tray(bench)
    key, kind = tray.keys[-1], str(tray.form["kind"].value())
    return Done(
        lambda document: sets.with_new(document, _empty(kind), key),
        opens=lambda document: sets.after(document, key) or key,
        anchor=FIRST_FIELD,
        told="Saved. Write the next question.",
    )


def _stem(bench: QuizBench, what: str) -> Done:
    """One more question with the same answers."""
    keys = _tray(bench).keys
    return Done(
        lambda document: sets.with_stem(document, keys[-1]),
        opens=lambda document: sets.following(document, keys[-1]),
        anchor=f"id_q{len(keys)}-stem",
        told="Saved. Write the next situation.",
    )


def _duplicate(bench: QuizBench, key: str) -> Done | None:
    """A copy of a question, behind it."""
    if key not in bench.blocks:
        return None
    return Done(
        lambda document: with_copy(document, key, document),
        opens=lambda document: sets.following(document, key),
        told="The question is copied; this is the copy.",
    )


def _answer(bench: QuizBench, what: str) -> Done:
    """An empty answer stands ready, and nothing is stored of it."""
    return Done(asked={"answers": "1"}, anchor=f"id_a{len(_tray(bench).kept)}-text")


def _drop(bench: QuizBench, what: str) -> Done | None:
    """An answer goes, from each question of the set."""
    place, told = _row(_tray(bench), what), "The answer is deleted. Undo brings it back."
    if place is None:
        return _left_out(_tray(bench), what, told)
    keys = bench.blocks
    left = len(_tray(bench).kept) - 1
    anchor = f"drop-answer-{min(place, left - 1)}" if left > 0 else ""
    return Done(lambda document: sets.without_answer(document, keys, place), anchor=anchor, told=told)


def _move(verb: str, bench: QuizBench, what: str) -> Done | None:
    """One up or down: an answer, a question in its set, or the set."""
    row, _, key = what.partition(":")
    moves = {"answer": _move_answer, "question": _move_question, "set": _move_set}
    return moves[row](bench, verb, key) if row in moves else None


def _move_answer(bench: QuizBench, verb: str, what: str) -> Done | None:
    tray, keys, step = _tray(bench), bench.blocks, STEPS[verb]
    place = _row(tray, what)
    if place is None:
        return _left_out(tray, what)
    return Done(
        lambda document: sets.moved_answer(document, keys, place, step),
        anchor=_same(verb, place + step, len(tray.kept), "answer-{}".format),
        told="The answer is moved.",
    )


def _move_question(bench: QuizBench, verb: str, key: str) -> Done | None:
    if key not in bench.blocks:
        return None
    place = bench.blocks.index(key) + STEPS[verb]
    return Done(
        lambda document: sets.moved_question(document, key, STEPS[verb]),
        anchor=_same(verb, place, len(bench.blocks), lambda _: f"question-{key}"),
        told="The question is moved.",
        moves=key,
    )


def _move_set(bench: QuizBench, verb: str, _: str) -> Done:
    key, found = bench.blocks[0], sets.sets_of(bench.quiz.questions)
    place = next((place for place, each in enumerate(found) if any(question.key == key for question in each)), 0)
    return Done(
        lambda document: sets.moved_set(document, key, STEPS[verb]),
        anchor=_same(verb, place + STEPS[verb], len(found), lambda _: "set"),
        told="Moved.",
        moves=key,
    )


def _same(verb: str, place: int, among: int, name: Callable[[int], str]) -> str:
    """The id of the same button of what was moved to this place; of the other where this one is off there."""
    place = min(max(place, 0), among - 1)
    is_off = place == 0 if verb == "up" else place == among - 1
    return f"{OTHER_WAY[verb] if is_off else verb}-{name(place)}"


def _row(tray: SetTray, what: str) -> int | None:
    """The place that an answer will have once those in which nothing is written are dropped."""
    places = {str(row): place for place, row in enumerate(tray.kept)}
    return places.get(what)


def _left_out(tray: SetTray, what: str, told: str = "") -> Done | None:
    """What is left to do with an answer in which nothing is written any more: what is stored is without it already."""
    return Done(told=told) if what in map(str, range(len(tray.answers))) else None


VERBS: dict[str, Verb] = {
    "add": _add,
    "another": _another,
    "stem": _stem,
    "duplicate": _duplicate,
    "answer": _answer,
    "drop": _drop,
    "up": partial(_move, "up"),
    "down": partial(_move, "down"),
}
