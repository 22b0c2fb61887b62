"""Certificate codes: made at random, forgiving to type, grouped for print. Needs no Django.

A code is a random number of 128 bits, written as 26 characters of Crockford's base 32. 26 characters could
hold 130 bits, so the first one is always 0 to 7. Codes are stored in upper case without dashes.
https://www.crockford.com/base32.html
"""

import re
import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # 32 characters, 5 bits each: no I, L, O or U
BITS = 128
LENGTH = 26

_CODE = re.compile(f"[0-7][{ALPHABET}]{{{LENGTH - 1}}}")
_GROUPS = (5, 5, 5, 5, 6)
_LONGEST_INPUT = 200  # a code with a separator after each character, and as much again

# What people and programs put between the groups: any white space, dashes and minus signs, underscores,
# full stops, and characters without a width, which copying from a PDF or a web page can bring along.
_SEPARATORS = re.compile("[\\s\\-_.\u00ad\u2010-\u2015\u2212\ufe58\ufe63\uff0d\u200b-\u200f\u2060\ufeff]")
_CASE_AND_LOOKALIKES = str.maketrans("abcdefghijklmnopqrstuvwxyzILO", "ABCDEFGH1JK1MN0PQRSTUVWXYZ110")


def new_code() -> str:
    """Return a new code: 128 bits from the operating system's random source, as 26 characters."""
    number = secrets.randbits(BITS)
    return "".join(ALPHABET[number >> 5 * place & 31] for place in reversed(range(LENGTH)))


def normalise(text: str) -> str | None:
    """Return the stored form of a code as somebody typed or pasted it, or None when it cannot be a code.

    Ignores spaces and dashes of any kind and case; reads O as 0, and I and L as 1. None for another length
    or alphabet, for a number above 128 bits, and for input above 200 characters, which is not looked at.
    """
    if len(text) > _LONGEST_INPUT:
        return None
    code = _SEPARATORS.sub("", text).translate(_CASE_AND_LOOKALIKES)
    return code if _CODE.fullmatch(code) else None


def pretty(code: str) -> str:
    """Return a stored code in groups for print and speech: XXXXX-XXXXX-XXXXX-XXXXX-XXXXXX."""
    groups, start = [], 0
    for size in _GROUPS:
        groups.append(code[start : start + size])
        start += size
    return "-".join(groups)
