"""What stands below a line that begins something: fields, rows inside it, free text. Imports no Django.

A field is a line `name: value`; a value of several lines stands in a block below, indented by two. Between them free
text may stand, if there is any. A line of it that looks like structure *there* has a backslash before it, and so has
one that would look so without the backslashes that it begins with.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, fields
from functools import cached_property
from typing import Any

from apps.modules.document import Document, Row, normalised
from apps.modules.outline_lines import KEY, Lines, indented

LONGEST_NAME = 20
_LOOKS_LIKE_FIELD = re.compile(r"[A-Za-z]+(?: [a-z]+)?:")
_WORD = re.compile(r"[^\s,]+")
_NUMBER = re.compile(r"-?[0-9]{1,10}")


class Form:
    """How a value is written: as it is, unless a subclass says otherwise. `read` raises ValueError."""

    expected = "a text"
    in_block = False

    def to_text(self, value: Any) -> str:
        return str(value)

    def read(self, text: str) -> Any:
        return text


TEXT = Form()


class Number(Form):
    expected = "a number"

    def read(self, text: str) -> int:
        if not _NUMBER.fullmatch(text):
            raise ValueError
        return int(text)


class YesNo(Form):
    expected = "yes or no"

    def to_text(self, value: bool) -> str:
        return "yes" if value else "no"

    def read(self, text: str) -> bool:
        if text.casefold() not in ("yes", "no"):
            raise ValueError
        return text.casefold() == "yes"


class OneOf(Form):
    """One of a few words."""

    def __init__(self, *words: str) -> None:
        self.words = words
        self.expected = f"{', '.join(words[:-1])} or {words[-1]}"

    def read(self, text: str) -> str:
        if text.casefold() not in self.words:
            raise ValueError
        return text.casefold()


class List(Form):
    """One a line."""

    in_block = True

    def to_text(self, value: tuple[str, ...]) -> str:
        return "\n".join(value)

    def read(self, text: str) -> tuple[str, ...]:
        return tuple(filter(None, map(normalised, text.split("\n"))))


class Words(Form):
    """Without blanks and commas, which stand between them."""

    between = " "

    def to_text(self, value: tuple[str, ...]) -> str:
        return self.between.join(value)

    def read(self, text: str) -> tuple[str, ...]:
        return tuple(_WORD.findall(text))


class Keys(Words):
    expected = "keys, each of letters, digits, hyphens and underscores"

    def __init__(self, between: str = ", ") -> None:
        self.between = between
        self.in_block = between == "\n"

    def read(self, text: str) -> tuple[str, ...]:
        keys = super().read(text)
        if not all(KEY.fullmatch(key) for key in keys):
            raise ValueError
        return keys


@dataclass(frozen=True)
class Field:
    """A field: what it is called, the attribute of a document that it says, how."""

    name: str
    attribute: str
    form: Form = TEXT
    repeats: bool = False  # then all values are kept, with their lines


@dataclass(frozen=True)
class Shape:
    """What is structure in one place."""

    fields: tuple[Field, ...] = ()
    rows: re.Pattern[str] | None = None  # how rows inside it begin
    ends: re.Pattern[str] | None = None  # how what follows it begins
    text: str = ""  # what free text there is called; without a name there is none
    follows: str = ""  # what may come next, as a fault tells it
    is_apart: bool = False  # an empty line stands before the text, so that a mistyped field is told from it

    @cached_property
    def _by_name(self) -> Mapping[str, Field]:
        return {field.name: field for field in self.fields}

    @property
    def expected(self) -> str:
        names = ", ".join(f"{field.name}:" for field in self.fields)
        return f"one of {names}" + (f", or {self.follows}" if self.follows else "")

    def field_of(self, line: str) -> Field | None:
        name, colon, _ = line[: LONGEST_NAME + 1].partition(":")
        return self._by_name.get(name) if colon else None

    def is_structure(self, line: str) -> bool:
        marks = (self.rows, self.ends)
        return any(mark and mark.match(line) for mark in marks) or self.field_of(line) is not None

    def written(self, text: str) -> list[str]:
        """The lines of a free text."""
        lines = text.split("\n") if text else []
        return [f"\\{line}" if self.is_structure(line.lstrip("\\")) else line for line in lines]

    def read(self, line: str) -> str:
        """A line of free text as it was meant."""
        return line[1:] if line.startswith("\\") and self.is_structure(line.lstrip("\\")) else line


class Said:
    """What was said of one thing."""

    def __init__(self, shape: Shape, lines: Lines) -> None:
        self.values: dict[str, Any] = {}
        self.numbers: dict[str, int] = {}  # the lines at which the fields stand
        self._shape = shape
        self._told = lines.told
        self._text: list[str] = []
        self._is_fresh = True  # right below the first line or a field
        self._is_stray = False  # in text that is told already
        self._has_rows = False

    @property
    def text(self) -> str:
        return normalised("\n".join(self._text))

    def of(self, kind: type[Row] | type[Document]) -> dict[str, Any]:
        """Those of the values that such a value has."""
        return {name: value for name, value in self.values.items() if name in kind.__dataclass_fields__}

    def take(self, lines: Lines, read_row: Callable[[Lines], None] | None = None) -> None:
        """Read what stands at the next line."""
        line = lines.peek()
        field = self._shape.field_of(line)
        if field:
            self._take_field(field, lines)
        elif read_row and self._shape.rows and self._shape.rows.match(line):
            self._has_rows = True
            read_row(lines)
        else:
            self._take_text(lines)
            return
        self._is_stray = False
        self._is_fresh = True

    def _take_field(self, field: Field, lines: Lines) -> None:
        number, line = lines.number, lines.take()
        beside = line.partition(":")[2].strip()
        below = "\n".join(lines.block().rest())
        text = normalised(f"{beside}\n{below}" if below else beside)
        if not text:
            return
        try:
            value = field.form.read(text)
        except ValueError:
            self._told.fault(number, line, f"“{field.name}: …” with {field.form.expected}")
            return
        if field.repeats:
            self.values.setdefault(field.attribute, []).append((number, value))
        elif field.attribute in self.values:
            self._told.fault(number, line, f"“{field.name}:” only once")
        self.values.setdefault(field.attribute, value)
        self.numbers[field.attribute] = number

    def _take_text(self, lines: Lines) -> None:
        number, line = lines.number, lines.take()
        if not line.strip():
            self._is_fresh = False
        elif expected := self._stray(line):
            if not self._is_stray:
                self._told.fault(number, line, expected)
            self._is_stray = True
            return
        self._is_fresh = False
        self._text.append(self._shape.read(line))

    def _stray(self, line: str) -> str:
        """What is expected where this line of text should not stand."""
        if not self._shape.text:
            return self._shape.expected
        if self._has_rows:
            return f"text indented by two, or {self._shape.text} before all that is inside it"
        if self._is_fresh and self._shape.is_apart and _LOOKS_LIKE_FIELD.match(line):
            return f"{self._shape.expected}, or an empty line and then {self._shape.text}"
        return ""


def read_said(lines: Lines, shape: Shape, read_row: Callable[[Lines], None] | None = None) -> Said:
    """What is said of something, up to where the next begins. `read_row` reads what is inside it."""
    said = Said(shape, lines)
    while lines and not (shape.ends and shape.ends.match(lines.peek())):
        said.take(lines, read_row)
    return said


def fields_to_lines(value: Any, form: tuple[Field, ...], texts: Mapping[str, str] | None = None) -> list[str]:
    """The fields of a value that say something, in this order; `texts` has those that are no value of their own."""
    lines: list[str] = []
    unsaid = {field.name: field.default for field in fields(value)}
    for field in form:
        said = getattr(value, field.attribute, "")
        if texts and field.attribute in texts:
            lines += field_to_lines(field, texts[field.attribute])
        elif said != unsaid.get(field.attribute, MISSING) and said != "":
            lines += field_to_lines(field, field.form.to_text(said))
    return lines


def field_to_lines(field: Field, text: str) -> list[str]:
    if text and (field.form.in_block or "\n" in text):
        return [f"{field.name}:", *indented(text.split("\n"))]
    return [f"{field.name}: {text}"] if text else []
