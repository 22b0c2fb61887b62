"""The lines of a text that cannot be read, each with its neighbours, and the fields in which they are mended."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from apps.modules.outline_lines import Fault

MOST_SHOWN = 5
LONGEST_LINE = 2_000  # characters; a longer one is mended where it stands
LONGEST_NEAR = 160
FIELD = re.compile(r"line-([0-9]{1,6})")
_CODE = re.compile(r"`([^`]+)`")


@dataclass(frozen=True)
class Near:
    """A line as it is shown: what is wrong in it is marked, where that is known."""

    number: int
    before: str
    marked: str = ""
    after: str = ""


@dataclass(frozen=True)
class Rule:
    """What stands there, and what was expected: words, and what is to be written as it stands (then True)."""

    found: str
    expected: tuple[tuple[str, bool], ...]


@dataclass(frozen=True)
class Broken:
    """A line that cannot be read."""

    number: int
    text: str
    rules: tuple[Rule, ...]
    near: tuple[Near, ...]

    @property
    def has_field(self) -> bool:
        """Whether it is short enough for a field of its own."""
        return len(self.text) <= LONGEST_LINE

    @property
    def rows(self) -> int:
        """How many rows it takes in its field."""
        return len(self.text) // 70 + 1


@dataclass(frozen=True)
class Mend:
    """What somebody wrote in the field of a line: its number, what stood there, and what is to stand there."""

    number: int
    was: str
    now: str


def lines_of(text: str) -> list[str]:
    """The lines of a text as they are counted."""
    return unified(text).split("\n")


def unified(text: str) -> str:
    """A text whose lines end in LF."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def find_broken(text: str, faults: Iterable[Fault]) -> list[Broken]:
    """The lines that these faults are about, from the top."""
    lines = lines_of(text.removeprefix("\ufeff"))
    by_line = groupby(sorted(faults), key=lambda fault: min(fault.line, len(lines)))
    return [_broken(lines, number, list(found)) for number, found in by_line]


def _broken(lines: Sequence[str], number: int, faults: Sequence[Fault]) -> Broken:
    text = lines[number - 1]
    rules = tuple(Rule(fault.found, tuple(_pieces(fault.expected))) for fault in faults)
    around = (_beside(lines, number, -1), _marked(number, text, faults[0].found), _beside(lines, number, 1))
    return Broken(number, text, rules, tuple(filter(None, around)))


def _pieces(said: str) -> Iterable[tuple[str, bool]]:
    """What is said, and between backticks what is to be written as it stands."""
    return ((piece, number % 2 == 1) for number, piece in enumerate(_CODE.split(said)) if piece)


def _beside(lines: Sequence[str], number: int, step: int) -> Near | None:
    """The nearest line above or below that is not empty."""
    at = number - 1 + step
    while 0 <= at < len(lines):
        if lines[at].strip():
            return Near(at + 1, _short(lines[at]))
        at += step
    return None


def _marked(number: int, line: str, found: str) -> Near:
    before, marked, after = line.partition(found) if found else (line, "", "")
    if marked == line or not marked:
        return Near(number, "", _short(line))
    return Near(number, before[-LONGEST_NEAR:], _short(marked), _short(after))


def _short(line: str) -> str:
    return line if len(line) <= LONGEST_NEAR else f"{line[:LONGEST_NEAR]}…"


def mends_in(sent: Mapping[str, str]) -> list[Mend]:
    """The fields of single lines in a form that were changed."""
    mends = []
    for name in list(sent):
        if (field := FIELD.fullmatch(name)) and f"was-{field[1]}" in sent:
            was, now = unified(sent[f"was-{field[1]}"]), unified(sent[name])
            mends += [Mend(int(field[1]), was, now)] if was != now else []
    return sorted(mends, key=lambda mend: -mend.number)[: 2 * MOST_SHOWN]


def mended(text: str, mends: Iterable[Mend], count: int) -> tuple[str, list[Mend]]:
    """The text with these lines mended, and the mends for which there is no line any more.

    A line is where it stood, or where it stands alone in a text that has become longer or shorter; where a text of as
    many lines as before (`count`) has another line now, the field wins.
    """
    lines, lost = lines_of(text), []
    is_as_long = len(lines) == count
    for mend in mends:
        at = _place(lines, mend, is_as_long=is_as_long)
        if at is None:
            lost.append(mend)
        else:
            lines[at : at + 1] = mend.now.split("\n")
    return "\n".join(lines), lost


def _place(lines: Sequence[str], mend: Mend, *, is_as_long: bool) -> int | None:
    at = mend.number - 1
    if 0 <= at < len(lines) and (is_as_long or lines[at] == mend.was):
        return at
    return lines.index(mend.was) if lines.count(mend.was) == 1 else None
