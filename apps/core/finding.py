"""Words that somebody looks for, and where they stand in a text. Imports no Django.

Capitals do not count, in any script; typographic and straight quotes are the same; any blanks are one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from unicodedata import normalize

APOSTROPHES, QUOTES = "'’‘ʼ", '"“”„«»'
TERM = re.compile(rf"[{QUOTES}]([^{QUOTES}]+)[{QUOTES}]|(\S+)")
BLANKS = re.compile(r"\s+")
BESIDE = 70  # characters that are told before and after what was found
MOST_WINDOWS = 3  # of one text

Word = re.Pattern[str]


@dataclass(frozen=True)
class Piece:
    """A part of a text, and whether it is what somebody looked for."""

    text: str
    is_found: bool = False


def words_of(asked: str) -> list[Word]:
    """What is looked for: words, and in quotes words that stand together. The longest first: fewest texts have it."""
    terms = (BLANKS.sub(" ", phrase or word).strip() for phrase, word in TERM.findall(normalize("NFC", asked)))
    longest_first = sorted(dict.fromkeys(filter(None, terms)), key=len, reverse=True)
    return [re.compile("".join(map(_same, term)), re.IGNORECASE) for term in longest_first]


def _same(character: str) -> str:
    """What counts as this character."""
    if character == " ":
        return r"\s+"
    alike = next((same for same in (APOSTROPHES, QUOTES) if character in same), "")
    return f"[{alike}]" if alike else re.escape(character)


def stand_in(words: Iterable[Word], text: str) -> bool:
    """Whether all of the words stand in a text."""
    return all(word.search(text) for word in words)


def count_in(words: Iterable[Word], text: str) -> int:
    """How many of the words stand in a text."""
    return sum(bool(word.search(text)) for word in words)


def marked(text: str, words: Sequence[Word]) -> list[Piece]:
    """The whole text, with the words marked."""
    return list(_pieces(text, words, 0, len(text)))


def excerpt(text: str, words: Sequence[Word]) -> list[Piece]:
    """What stands around the words in a text, with the words marked."""
    pieces: list[Piece] = []
    last = 0
    for start, end in _windows(text, words):
        if start > last:
            pieces.append(Piece("… " if not pieces else " … "))
        pieces += _pieces(text, words, start, end)
        last = end
    return [*pieces, Piece(" …")] if last < len(text) else pieces


def _windows(text: str, words: Iterable[Word]) -> list[tuple[int, int]]:
    """The parts of a text around the first place of each word, in order; those that touch are one."""
    found = sorted(match.span() for word in words if (match := word.search(text)))
    windows: list[tuple[int, int]] = []
    for start, end in (_around(text, *span) for span in found):
        if windows and start <= windows[-1][1]:
            windows[-1] = (windows[-1][0], max(end, windows[-1][1]))
        else:
            windows.append((start, end))
    return windows[:MOST_WINDOWS]


def _around(text: str, start: int, end: int) -> tuple[int, int]:
    """So much beside a place as can be read, in whole words where there are any."""
    first, last = max(0, start - BESIDE), min(len(text), end + BESIDE)
    if first and (blank := BLANKS.search(text, first, start)):
        first = blank.end()
    if last < len(text) and (cut := text.rfind(" ", end, last)) > 0:
        last = cut
    return first, last


def _pieces(text: str, words: Sequence[Word], start: int, end: int) -> Iterator[Piece]:
    last = start
    for begins, ends in _joined(sorted(match.span() for word in words for match in word.finditer(text, start, end))):
        if begins > last:
            yield Piece(BLANKS.sub(" ", text[last:begins]))
        yield Piece(BLANKS.sub(" ", text[begins:ends]), is_found=True)
        last = ends
    if last < end:
        yield Piece(BLANKS.sub(" ", text[last:end]))


def _joined(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Spans in order, those that overlap as one."""
    joined: list[tuple[int, int]] = []
    for start, end in spans:
        if joined and start < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined
