r"""A quiz as text, and back. Imports no Django. What all pages have is said in `modules/outline.py`; a quiz has also

    pass mark: 70
    introduction: …

    ? single {key} Theme | Name                         a question: its kind, its key, its theme, what it is called
    select: 3                                           fields: select, facts, sources, panel, why
    panel: 7 on 2026-09-01

    Free paragraphs are the stem; an empty line stands before it.

    + A right option {key}
      Its feedback.
    - A wrong one
    1) One with a place in the order (also 2) {key}     the place in a second accepted order in brackets
    + 3) A right one with a place
    why: Why the key is the key.

A backslash keeps a mark from being one: before the `)` of a number that an option's text begins with, the `(` of an
`(also 2)` that it ends with, the `{` that a theme begins with, and a `|` in a theme or a name. Texts of format 1 know
no names: there a `|` is a part of the theme.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable
from typing import Any, ClassVar

from apps.modules.document import Document
from apps.modules.outline import PAGE, Begun, Hints, Outline, head_fields, head_of
from apps.modules.outline_fields import Field, Form, Keys, Number, Shape, Words, fields_to_lines, read_said
from apps.modules.outline_lines import KEY, Lines, braces, escaped, indented, masked, plain, split, with_key
from apps.quizzes.document import Option, Question, QuizDocument

QUESTIONS, OPTIONS_OF_A_QUESTION = 200, 30

_PLACE = r"[0-9]{1,5}"
_QUESTION = re.compile(r"\?[ \t]*([^\s{|]*)[ \t]*(?:\{([^{}]*)\})?")
_OPTION = re.compile(rf"(?:([+-])(?: +|\Z))?(?:({_PLACE})\)(?: +|\Z))?")
_BEGINS = re.compile(rf"(?<=\A)({_PLACE})(?=\)(?: |\Z))")
_ALSO = re.compile(rf"\(also ({_PLACE})\)\Z")
_BAR = re.compile(r"\|")
_LINE_OF_QUESTION = re.compile(r"^\?(?: .*)?$", re.MULTILINE)
_BARE_BAR = re.compile(r"(\\.)|\|")


class Panel(Form):
    """How many agreed the key, and when; either may be left out."""

    expected = "`7 on 2026-09-01`"
    _said = re.compile(r"([0-9]{1,10})?\s*(?:on ([0-9]{4}-[0-9]{2}-[0-9]{2}))?")

    def read(self, text: str) -> tuple[int | None, datetime.date | None]:
        found = self._said.fullmatch(text)
        if found is None:
            raise ValueError
        return int(found[1]) if found[1] else None, datetime.date.fromisoformat(found[2]) if found[2] else None


_OWN = (Field("pass mark", "pass_percent", Number()), Field("introduction", "introduction"))
_ABOVE = (
    Field("select", "select", Number()),
    Field("facts", "facts", Words()),
    Field("sources", "sources", Keys()),
    Field("panel", "panel", Panel()),
)
_BELOW = (Field("why", "rationale"),)
_ROWS = re.compile(rf"[+-](?: |\Z)|{_PLACE}\)(?: |\Z)")
_ENDS = re.compile(rf"\?(?: |\Z)|{PAGE}")
_QUIZ = Shape((*head_fields(), *_OWN), _ROWS, _ENDS, follows="`? ` and the kind of a question")
_OF_QUESTION = Shape((*_ABOVE, *_BELOW), _ROWS, _ENDS, "the stem of the question", is_apart=True)


class QuizOutline(Outline):
    """How a quiz is written and read."""

    shape = _QUIZ
    hints: ClassVar[Hints] = (
        ("? single Theme | Name", "begins a question; so do multiple, choose and rank. What is asked stands below"),
        ("+ An answer", "is right; what is said of it stands below, two spaces in"),
        ("- An answer", "is not right"),
        ("1) An answer", "has this place in an order"),
        ("why: …", "why the right answer is right"),
    )

    def renewed(self, text: str, format: int) -> str:
        if format > 1:
            return text
        return _LINE_OF_QUESTION.sub(lambda line: _BARE_BAR.sub(lambda bar: bar[1] or r"\|", line[0]), text)

    def to_lines(self, document: Any) -> list[str]:
        lines = fields_to_lines(document.head, head_fields()) + fields_to_lines(document, _OWN)
        return lines + [line for question in document.questions for line in _question_to_lines(question)]

    def read(self, lines: Lines, begun: Begun) -> Document:
        said = read_said(lines, self.shape, _read_stray)
        questions: list[Question] = []
        while lines and lines.has_room(len(questions), QUESTIONS, "questions"):
            questions.append(_read_question(lines))
        return QuizDocument(head_of(begun, said), questions=tuple(questions), **said.of(QuizDocument))


def _question_to_lines(question: Question) -> Iterable[str]:
    theme = escaped(question.theme, _BAR)
    theme = f"\\{theme}" if theme.startswith("{") else theme
    title = f" | {escaped(question.title, _BAR)}" if question.title else ""
    date = question.panel_agreed_on
    panel = [str(question.panel_size)] if question.panel_size is not None else []
    panel += [f"on {date.isoformat()}"] if date else []
    yield ""
    yield f"? {question.kind}{braces(question.key)}{f' {theme}' if theme else ''}{title}"
    yield from fields_to_lines(question, _ABOVE, {"panel": " ".join(panel)})
    if question.stem:
        yield from ("", *_OF_QUESTION.written(question.stem))
    if question.options:
        yield ""
    for option in question.options:
        yield _option_to_line(option) + braces(option.key)
        yield from indented(option.feedback.split("\n") if option.feedback else [])
    yield from fields_to_lines(question, _BELOW)


def _option_to_line(option: Option) -> str:
    mark = ["+"] if option.is_key else ["-"] if option.rank is None else []
    place = [] if option.rank is None else [f"{option.rank})"]
    text = _BEGINS.sub(r"\1\\", escaped(option.text))
    text = _ALSO.sub(r"\\\g<0>", text)
    also = [] if option.also_rank is None else [f"(also {option.also_rank})"]
    return " ".join([*mark, *place, *filter(None, [text]), *also])


def _read_stray(lines: Lines) -> None:
    lines.told.fault(lines.number, lines.peek(), "a question (`? single`) before its options")
    lines.take()
    lines.block()


def _read_question(lines: Lines) -> Question:
    number, line = lines.number, lines.take()
    begun = _QUESTION.match(line)
    kind, key, called = (begun[1], begun[2], line[begun.end() :]) if begun else ("", None, "")
    if key is None:
        called, key = with_key(called)
    theme, title = map(plain, (*split(called, _BAR, 1), "")[:2])
    if kind and not KEY.fullmatch(kind):
        lines.told.fault(number, line, "`? ` and the kind of the question, `single` for example")
    own_key = lines.told.own_key(Question, key, number)
    options: list[Option] = []

    def read_row(lines: Lines) -> None:
        if lines.has_room(len(options), OPTIONS_OF_A_QUESTION, "options in a question"):
            options.append(_read_option(lines))

    said = read_said(lines, _OF_QUESTION, read_row)
    size, date = said.values.get("panel", (None, None))
    panel = {"panel_size": size, "panel_agreed_on": date}
    return Question(own_key, kind, said.text, theme, title, options=tuple(options), **panel, **said.of(Question))


def _read_option(lines: Lines) -> Option:
    number, line = lines.number, lines.take()
    begun = _OPTION.match(line)
    mark, place = (begun[1], begun[2]) if begun else ("", "")
    before, key = with_key(line[begun.end() :] if begun else line)
    also = _ALSO.search(masked(before))
    text = plain(before[: also.start()] if also else before)
    own_key = lines.told.own_key(Option, key, number)
    feedback = lines.block().text()
    ranks = int(place) if place else None, int(also[1]) if also else None
    return Option(own_key, text, mark == "+", *ranks, feedback)
