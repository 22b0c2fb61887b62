"""Documents with whatever texts a person or a program may write: each from a number, the same one always."""

import datetime
from dataclasses import dataclass
from random import Random
from typing import Any

from apps.modules.document import EditionDocument, Head, PageDocument, normalised
from apps.modules.outline import Outline
from apps.quizzes.document import Option, Question, QuizDocument
from apps.quizzes.outline import QuizOutline
from apps.scenarios.document import CaseDocument, Choice, Effect, Gauge, Need, Part, Scene, in_order
from apps.scenarios.outline import OUTCOMES, PARTS, RATINGS, CaseOutline


@dataclass(frozen=True)
class Kind:
    """A kind of page, as far as its text goes."""

    noun: str
    outline: Outline


READING, CASE, QUIZ = Kind("reading", Outline()), Kind("case", CaseOutline()), Kind("quiz", QuizOutline())
KINDS = (READING, CASE, QUIZ)

_SIGNS = tuple("#>*?+-|,;:={}\\¶<()[]\"'_`")
_MARKS = (*_SIGNS, "## ", "** ", "1)", "12) ", "||", "->", "===", "== ", "--", ">= ", ", else", "(also 2)", "(also ")
_MARKS += ("{}", "{a}", "{a-b}", "{?1}", "\\\\", "\\n", "\\¶", "=== ", "# ", "> ", "* ", "+ ", "- ", "? ")
_NAMES = ("picture:", "footer:", "needs:", "clock:", "question:", "place:", "why:", "gauge:", "case:", "module:")
_WORDS = (*_NAMES, "else", "not", "visited", "best", "poor", "yes", "on", ">=40", "+5", "−5", "<30", "The lift")
_WORDS += ("café", "“so”", "🙂", "e\u0301", "<script>", "&amp;", "a", "b", "Word")
_BLANKS = (" ", "  ", " ", "\t", "\n", "\n\n", "\n  ", "\n   \n", "\n\\", "\x85", "\u2028", "\x0b", "\x1c", "\xa0", "")


class Writing:
    """Writes documents. Texts are short, and rich in what could be taken for structure."""

    def __init__(self, number: int) -> None:
        self.random = Random(number)  # noqa: S311
        self._written = 0
        self._of_needs: set[str] = set()  # the keys of needs, which may be those of scenes

    def chance(self, likely: float) -> bool:
        return self.random.random() < likely

    def text(self, likely: float = 0.8) -> str:
        """Some text of several lines, or none."""
        if not self.chance(likely):
            return ""
        pieces = []
        for _ in range(self.random.randint(1, 6)):
            pieces += [self.random.choice(_MARKS if self.chance(0.5) else _WORDS), self.random.choice(_BLANKS)]
        return normalised("".join(pieces))

    def line(self, likely: float = 0.8) -> str:
        """The like on one line, mostly."""
        text = self.text(likely)
        return text if self.chance(0.1) else normalised(text.replace("\n", " "))

    def lines(self) -> tuple[str, ...]:
        lines = [normalised(self.line().replace("\n", " ")) for _ in range(self.random.randint(0, 3))]
        return tuple(filter(None, lines))

    def key(self) -> str:
        self._written += 1
        return f"{self.random.choice(('a', 'a-b', 'A_1', '-', '9'))}{self._written}"

    def some(self, most: int, make: Any) -> tuple:
        return tuple(make() for _ in range(self.random.randint(0, most)))

    def keys(self) -> tuple[str, ...]:
        return self.some(2, self.key)

    def facts(self) -> tuple[str, ...]:
        return self.some(2, lambda: f"T{self.random.randint(1, 30)}.1")

    def number(self, likely: float = 0.5) -> int | None:
        return self.random.choice((0, 1, 7, 40_000, 2_147_483_647)) if self.chance(likely) else None

    def head(self) -> Head:
        minutes = self.random.randint(1, 30)
        return Head(self.key(), self.line(), self.text(0.3), minutes, self.chance(0.5), self.facts(), self.keys())

    def reading(self) -> PageDocument:
        return PageDocument(self.head(), normalised(self.text() + "\n=== case: x" * self.chance(0.2)))

    def edition(self, pages: tuple[str, ...]) -> EditionDocument:
        return EditionDocument(self.line(), self.text(), self.lines(), self.lines(), self.line(0.3), pages)

    def option(self) -> Option:
        rank, also = (self.random.randint(0, 20) if self.chance(0.5) else None for _ in range(2))
        return Option(self.key(), self.line(), self.chance(0.5), rank, also, self.text(0.5))

    def question(self) -> Question:
        kind = self.random.choice(("single", "multiple", "no-such-kind", ""))
        date = datetime.date(2026, 9, 1) if self.chance(0.3) else None
        select = self.random.randint(1, 5)
        panel = (self.number(0.3), date)
        names = (self.line(0.5), self.line(0.5))  # a theme, a title
        told = (self.text(0.5), self.facts(), self.keys())
        return Question(self.key(), kind, self.text(), *names, select, *told, *panel, self.some(4, self.option))

    def quiz(self) -> QuizDocument:
        return QuizDocument(self.head(), self.random.randint(0, 100), self.text(0.5), self.some(3, self.question))

    def case(self) -> CaseDocument:
        gauges = self.some(3, lambda: Gauge(self.key(), self._title(), self.random.randint(0, 100)))
        scenes = self.some(4, lambda: (self.key(), self._title()))
        links = ([gauge.key for gauge in gauges], [key for key, _ in scenes])
        written = tuple(self._scene(key, title, *links) for key, title in scenes)
        own = (self.text(0.5), self.text(0.5), self.keys(), self.text(0.3), self.lines(), self.chance(0.5))
        return CaseDocument(self.head(), *own, gauges, written)

    def _title(self) -> str:
        """A title; many have the same one, or nearly."""
        return (
            self.random.choice(("A", "a", "A, B", "A {a}", "visited A >= 40", "")) if self.chance(0.4) else self.line()
        )

    def _scene(self, key: str, title: str, gauges: list[str], scenes: list[str]) -> Scene:
        return Scene(
            key,
            title,
            self.text(),
            clock=self.line(0.5),
            place=self.line(0.3),
            seen_by=self.number(),
            outcome=self.random.choice(("", *OUTCOMES)),
            facts=self.facts(),
            sources=self.keys(),
            needs=self._needs(gauges, scenes),
            thought=self.line(0.3),
            question=self.line(0.3),
            teaching_point=self.text(0.3),
            parts=self.some(2, self._part),
            choices=self.some(3, lambda: self._choice(gauges, scenes)),
        )

    def _part(self) -> Part:
        by = (self.line(0.5), self.line(0.5), self.line(0.3), self.line(0.3), self.line(0.3))
        return Part(self.key(), self.random.choice(PARTS), self.text(), *by)

    def _choice(self, gauges: list[str], scenes: list[str]) -> Choice:
        target, otherwise = (self.random.choice(("", *scenes)) for _ in range(2))
        moved = tuple(Effect(gauge, self.random.randint(-100, 100)) for gauge in gauges if self.chance(0.5))
        rating = self.random.choice(("", *RATINGS))
        needs = self._needs(gauges, scenes)
        return Choice(self.key(), self.line(), rating, target, otherwise, moved, needs, self.text())

    def _needs(self, gauges: list[str], scenes: list[str]) -> tuple[Need, ...]:
        needs = []
        for gauge in gauges:
            level = {self.random.choice(("at_least", "below")): self.random.randint(0, 100)}
            needs += [Need(self.key(), gauge, **level)] if self.chance(0.3) else []
        for scene in scenes if self.chance(0.3) else ():
            seen = {self.random.choice(("visited", "not_visited")): scene}
            key = scene if scene not in self._of_needs and self.chance(0.2) else self.key()
            self._of_needs.add(key)
            needs.append(Need(key, **seen))
        return in_order(tuple(needs))


def mutilated(text: str, number: int) -> str:
    """A text with lines lost, doubled, exchanged or cut, and marks where none were."""
    random = Random(number)  # noqa: S311
    lines = text.split("\n")
    for _ in range(random.randint(1, 6)):
        at = random.randrange(len(lines))
        line, other, cut = lines[at], random.choice(lines), random.randint(0, len(lines[at]))
        mark = random.choice((*_MARKS, *_NAMES, *_BLANKS, "{a b}", "# ", "  "))
        changes = (
            [line[:cut]],
            [line[:cut], line[cut:]],
            [line[:cut] + mark + line[cut:]],
            [line, line],
            [other, line],
            [line.strip(), ""],
            [mark],
            [],
        )
        lines[at : at + 1] = random.choice(changes)
        lines = lines or [""]
    return "\n".join(lines)
