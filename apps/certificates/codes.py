"""Certificate codes: made at random, forgiving to type, grouped for print. Needs no Django.

A code is a random number of 128 bits, written as 26 characters of Crockford's base 32. 26 characters could
hold 130 bits, so the first one is always 0 to 7. Codes are stored in upper case without dashes.
https://www.crockford.com/base32.html
"""

import re
import secrets
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate, islice
from urllib.parse import unquote

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # 32 characters, 5 bits each: no I, L, O or U
BITS = 128
LENGTH = 26
LONGEST_INPUT = 4000  # more than the text for portfolios has
TOO_LONG = "This text is too long. Enter only the code"
MOST_LABELS = 5  # in one text; whoever sends more is not looking for a code
AFTER_LABEL = 200  # characters in which the code stands, however it is spaced

_CODE = re.compile(f"[0-7][{ALPHABET}]{{{LENGTH - 1}}}")
_GROUPS = (5, 5, 5, 5, 6)
_TOO_MANY = 2 * LENGTH  # letters: that is no code with a mistake in it, but some other text

# Characters without a width, which copying from a PDF or a web page can bring along.
_HIDDEN = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_WORD = re.compile(r"[^\W_]+")  # letters and figures; everything else may stand between the groups of a code
# What stands before a code: the address of its check page, or a label.
_ADDRESS = re.compile(r"verify/(?!\?)(?P<code>[^/?#&\s]*)", re.IGNORECASE)
_LABEL = re.compile(r"code(?![^\W\d_])(\W+(is|no|number)\b)?", re.IGNORECASE)
_CASE_AND_LOOKALIKES = str.maketrans("abcdefghijklmnopqrstuvwxyzILO", "ABCDEFGH1JK1MN0PQRSTUVWXYZ110")


@dataclass(frozen=True)
class Reading:
    """What somebody typed or pasted: the code in it, in its stored form; or None and, in words, what is wrong."""

    code: str | None
    problem: str = ""


def new_code() -> str:
    """Return a new code: 128 bits from the operating system's random source, as 26 characters."""
    number = secrets.randbits(BITS)
    return "".join(ALPHABET[number >> 5 * place & 31] for place in reversed(range(LENGTH)))


def read(text: str) -> Reading:
    """Find the code in what somebody typed or pasted: the code alone, its address, or a text that it stands in.

    Ignores case and whatever stands between the letters; reads O as 0, and I and L as 1, and full-width letters.
    A text above LONGEST_INPUT characters is not looked at.
    """
    if len(text) <= LONGEST_INPUT:
        text = unicodedata.normalize("NFKC", _HIDDEN.sub("", unquote(text)))
    if len(text) > LONGEST_INPUT:  # also when its letters came apart: one may become eighteen
        return Reading(None, TOO_LONG)
    code = next((code for code in _candidates(text) if _CODE.fullmatch(code)), None)
    return Reading(code) if code else Reading(None, _problem(_meant(text)))


def _words(text: str) -> list[str]:
    return [word.translate(_CASE_AND_LOOKALIKES) for word in _WORD.findall(text)]


def _candidates(text: str) -> Iterator[str]:
    """What may be the code, the likeliest first."""
    for address in _ADDRESS.finditer(text):
        yield "".join(_words(address["code"]))
    for label in islice(_LABEL.finditer(text), MOST_LABELS):
        yield from accumulate(_words(text[label.end() : label.end() + AFTER_LABEL])[:LENGTH])
    words = _words(text)
    yield "".join(words)
    for first in range(len(words)):
        group = words[first : first + len(_GROUPS)]
        if tuple(map(len, group)) == _GROUPS:
            yield "".join(group)
    yield from words


def _meant(text: str) -> str:
    """The letters and figures that were meant to be the code, though they are none."""
    if address := _ADDRESS.search(text):
        return "".join(_words(address["code"]))
    label = _LABEL.search(text)
    return "".join(_words(text[label.end() :] if label else text))


def _problem(typed: str) -> str:
    if not 0 < len(typed) <= _TOO_MANY:
        return f"There is no code in this text. A code has {LENGTH} letters and figures: enter those"
    strange = " or ".join(dict.fromkeys(letter for letter in typed if letter not in ALPHABET))
    wrong = []
    if len(typed) != LENGTH:
        wrong.append(f"A code has {LENGTH} letters and figures, yours {len(typed)}")
    if strange:
        wrong.append(f"No code has {strange} in it")
    if not wrong:
        wrong.append(f"A code begins with a figure from 0 to 7, yours with {typed[0]}")
    return ". ".join([*wrong, "Compare it with the certificate"])


def pretty(code: str) -> str:
    """Return a stored code in groups for print and speech: XXXXX-XXXXX-XXXXX-XXXXX-XXXXXX."""
    groups, start = [], 0
    for size in _GROUPS:
        groups.append(code[start : start + size])
        start += size
    return "-".join(groups)
