r"""What texts of pages are made of: numbered lines, marks and escapes, keys, indented blocks. Imports no Django.

In a line that says something in parts (a title, a choice) a backslash before a mark keeps it from being one; a
backslash itself is written twice, the end of a line inside a title `\¶`, and a `}` at the end `\}`. A backslash before
a letter, a digit or a blank is only a backslash. All this reads each character a fixed number of times.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from apps.modules.document import Row, normalised

INDENT = "  "
MOST_FAULTS = 20
SHOWN = 80  # characters of what stands at a fault
KEY = re.compile(r"[-a-zA-Z0-9_]{1,80}")

_PAIR = re.compile(r"\\.", re.DOTALL)
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~¶])")  # before punctuation


@dataclass(frozen=True, order=True)
class Fault:
    """What is wrong in a text: where, what stands there, what was expected."""

    line: int
    found: str
    expected: str

    def __str__(self) -> str:
        found = f"“{self.found}”" if self.found else "nothing"
        return f"Line {self.line}: {found} stands there; expected {self.expected}."


def shown(text: str) -> str:
    """As much of a text as is repeated where something is told of it."""
    text = text[: SHOWN * 2].strip()
    return text if len(text) <= SHOWN else f"{text[: SHOWN - 1]}…"


class Told:
    """What is to be told of a text that is read, and the keys that it has given."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []
        self.notes: list[str] = []
        self._keys: set[tuple[str, str]] = set()
        self._given = 0

    @property
    def is_full(self) -> bool:
        """Whether enough is wrong for once."""
        return len(self.faults) >= MOST_FAULTS

    def fault(self, line: int, found: str, expected: str) -> None:
        if not self.is_full:
            self.faults.append(Fault(line, shown(found), expected))

    def all_faults(self) -> tuple[Fault, ...]:
        """Each once, from the top."""
        return tuple(sorted(set(self.faults)))

    def new_key(self) -> str:
        """A key for a row that has none yet; no slug has a question mark."""
        self._given += 1
        return f"?{self._given}"

    def own_key(self, row: type[Row], key: str | None, line: int) -> str:
        """The key of such a row, as it stands in braces at this line."""
        if key is None:
            return self.new_key()
        if not KEY.fullmatch(key):
            self.fault(line, f"{{{key}}}", "a key of at most 80 letters (a to z), digits, hyphens and underscores")
        elif (row.__name__, key) in self._keys:
            self.fault(line, f"{{{key}}}", f"a key that no {row.noun} above has")
        self._keys.add((row.__name__, key))
        return key

    def next_page(self) -> None:
        """Another page begins, whose rows have keys of their own."""
        self._keys = {(row, key) for row, key in self._keys if row == "Head"}


class Lines:
    """The lines of a text with their numbers, one after another. Once enough is wrong, there are no more."""

    def __init__(self, lines: Sequence[str], told: Told, number: int = 1) -> None:
        self.told = told
        self._lines = lines
        self._first = number
        self._at = 0

    def __bool__(self) -> bool:
        return self._at < len(self._lines) and not self.told.is_full

    @property
    def number(self) -> int:
        """That of the next line; of the last, when there is none."""
        return self._first + min(self._at, max(len(self._lines) - 1, 0))

    def peek(self) -> str:
        """The next line."""
        return self._lines[self._at]

    def take(self) -> str:
        """The next line, which is then behind."""
        self._at += 1
        return self._lines[self._at - 1]

    def block(self) -> Lines:
        """The lines that follow indented, without their indent; empty ones between them are theirs."""
        start, end, found = self._at, self._at, []
        while end < len(self._lines):
            line = self._lines[end]
            if line.startswith(INDENT) or line.startswith("\t"):
                found.append(line[1:] if line.startswith("\t") else line[len(INDENT) :])
                self._at = end + 1
            elif line.strip():
                break
            else:
                found.append("")
            end += 1
        return Lines(found[: self._at - start], self.told, self._first + start)

    def rest(self) -> list[str]:
        """All that are left."""
        left = list(self._lines[self._at :])
        self._at = len(self._lines)
        return left

    def text(self) -> str:
        """All that are left, as one text."""
        return normalised("\n".join(self.rest()))

    def has_room(self, there: int, most: int, what: str) -> bool:
        """Whether one more may stand at the next line; if not, that is told, and nothing more is read."""
        if there >= most:
            self.told.fault(self.number, self.peek(), f"at most {most} {what}")
            self._at = len(self._lines)
        return there < most


def masked(line: str) -> str:
    """The line with all that a backslash protects hidden; as long as before, so that places are the same."""
    return _PAIR.sub("\0\0", line)


def split(line: str, mark: re.Pattern[str], most: int = 0) -> list[str]:
    """The parts of a line between marks, `most` of these at the most, still with their backslashes."""
    parts, start = [], 0
    for count, found in enumerate(mark.finditer(masked(line)), 1):
        parts.append(line[start : found.start()].strip())
        start = found.end()
        if count == most:
            break
    return [*parts, line[start:].strip()]


def with_key(line: str) -> tuple[str, str | None]:
    """What stands before the key at the end of a line, and the key."""
    line = line.strip()
    hidden = masked(line)
    start = hidden.rfind("{") if hidden.endswith("}") else -1
    return (line, None) if start < 0 else (line[:start].rstrip(), line[start + 1 : -1].strip())


def braces(key: str) -> str:
    """A key as it stands at the end of a line; one that a row does not have yet is not written."""
    return f" {{{key}}}" if KEY.fullmatch(key) else ""


def escaped(text: str, marks: re.Pattern[str] | None = None) -> str:
    """A text as a part of a line in which these are marks."""
    text = text.replace("\\", r"\\").replace("\n", r"\¶")
    text = f"{text[:-1]}\\}}" if text.endswith("}") else text
    return marks.sub(r"\\\g<0>", text) if marks else text


def plain(part: str) -> str:
    """The text that a part of a line stands for."""
    return normalised(_ESCAPE.sub(lambda found: "\n" if found[1] == "¶" else found[1], part))


def indented(lines: Iterable[str]) -> list[str]:
    return [INDENT + line if line else "" for line in lines]


def _folded(title: str) -> str:
    return "".join(title.split()).casefold()


class Names:
    """Rows that are spoken of by their titles, with the key where the title alone does not tell which."""

    def __init__(self, rows: Iterable[tuple[str, str]]) -> None:
        self.titles: dict[str, str] = {}
        self._exactly: dict[str, list[str]] = {}
        self._loosely: dict[str, list[str]] = {}
        for key, title in rows:
            self.add(key, title)

    def add(self, key: str, title: str) -> None:
        self.titles[key] = title
        self._exactly.setdefault(title, []).append(key)
        self._loosely.setdefault(_folded(title), []).append(key)

    def link(self, key: str, marks: re.Pattern[str], always: bool = False) -> str:
        """What leads to this row: its title, its key where that is needed or `always`."""
        title = self.titles.get(key, "")
        alone = title and len(self._exactly[title]) == 1 and not always
        return escaped(title, marks) + ("" if alone else braces(key))

    def find(self, link: str) -> tuple[list[str], str, str | None]:
        """The keys of the rows that may be meant (by key, by title, by title in any case and blanks), and both."""
        before, key = with_key(link)
        title = plain(before)
        if key in self.titles:
            return [key], title, key
        return self._exactly.get(title) or self._loosely.get(_folded(title), []), title, key
