"""Texts in boxes: how wide they are in whatever font stands there, and where their lines end. Imports no Django."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

SIZE = 14  # points
MARGIN = 7  # at either side of a text in a box

# Parts of the font's size: the widest of the fonts in `--font`, and a little.
_CLASSES = (("ijl.,:;'’‘|!", 0.29), (" ", 0.27), ('ftr()[]/\\-“”"', 0.43), ("cksvxyz", 0.54), ("aeTFLEJS", 0.58))
_WIDTHS = {sign: width for signs, width in _CLASSES for sign in signs}
_WIDTHS |= dict.fromkeys("mwMWQ@%—…", 0.95)
_CAPITAL, _OTHER, _WIDE = 0.74, 0.62, 1.3


def width_of(text: str) -> float:
    """How wide a text is at the most, in points."""
    return SIZE * sum(_width(sign) for sign in text)


def wrapped(text: str, width: float, most: int) -> list[str]:
    """The text in so many lines at most; what does not fit then is cut off, with an ellipsis."""
    lines: list[str] = []
    for word in [piece for whole in text.split() for piece in _pieces(whole, width)]:
        longer = f"{lines[-1]} {word}" if lines else ""
        if longer and width_of(longer) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    if len(lines) > most:
        lines = [*lines[: most - 1], _cut(" ".join(lines[most - 1 :]), width)]
    return lines


def _width(sign: str) -> float:
    if (known := _WIDTHS.get(sign)) is not None:
        return known
    if sign < "\u0250":
        return _CAPITAL if sign.isupper() else _OTHER
    return 0 if unicodedata.combining(sign) else _WIDE


def _pieces(word: str, width: float) -> Iterator[str]:
    """A word that is wider than a line, in pieces."""
    while width_of(word) > width:
        size = _fitting(word, width)
        yield word[:size]
        word = word[size:]
    yield word


def _cut(text: str, width: float) -> str:
    return text[: _fitting(text, width - width_of("…"))].rstrip(" ,.;:") + "…"


def _fitting(text: str, width: float) -> int:
    """How many of its signs fit; one at least."""
    size = 1
    while size < len(text) and width_of(text[: size + 1]) <= width:
        size += 1
    return size
