"""What looks like the details of a patient in an author's words. Imports no Django.

A number is an NHS number when its last digit checks the others (modulus 11). Telephone numbers begin with 0 and are
none; nor are the addresses of links, and DOIs.
"""

import re
from collections.abc import Iterator

ADDRESS = re.compile(r"(?:https?://|www\.|mailto:|tel:)[^\s<>]+|\]\([^)\s]*|\b10\.[0-9]{4,9}/\S+", re.I)
TEN_DIGITS = re.compile(
    r"(?<![\w+./-])(?<![0-9] )(?<!ISBN )(?<!ISBN: )"  # whose check digit is the same
    r"([1-9][0-9]{2})([ \u00a0-]?)([0-9]{3})\2([0-9]{4})(?![\w/-]|[ \u00a0.,][0-9])",
    re.A,
)
MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.?"
DATE = (
    rf"(?:[0-9]{{1,2}}(?:st|nd|rd|th)?(?: of)?[ ./-](?:[0-9]{{1,2}}|{MONTH})[ ./,-]{{1,2}}(?:[0-9]{{4}}|[0-9]{{2}})\b"
    rf"|{MONTH} [0-9]{{1,2}}(?:st|nd|rd|th)?,? [0-9]{{4}}\b|[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}\b)"
)
BIRTH = re.compile(
    rf"\b(?:born|d\.?o\.?b\.?|date of birth|birth date)(?: on| is| was)?[\s:–-]{{1,3}}(?:the )?({DATE})", re.I
)
HOSPITAL_NUMBER = re.compile(
    r"\b(?:hospital (?:number|no\.?)|patient (?:number|no\.?|id)|MRN)(?: is| was)?[\s:#–-]{1,3}"
    r"([A-Z]{0,3}-?[0-9]{5,10})\b",
    re.I,
)
SHOWN = 3  # characters by which an author finds it again; the rest is not repeated


def details_in(text: str) -> Iterator[str]:
    """What looks like a patient's details in a text: `an NHS number (ends in 919)`."""
    words = ADDRESS.sub(" | ", text)
    for found in TEN_DIGITS.finditer(words):
        number = "".join(found.group(1, 3, 4))
        if is_nhs_number(number):
            yield f"an NHS number (ends in {number[-SHOWN:]})"
    for what, pattern in (("a date of birth", BIRTH), ("a hospital number", HOSPITAL_NUMBER)):
        for found in pattern.finditer(words):
            yield f"{what} (ends in {found[1][-SHOWN:]})"


def is_nhs_number(number: str) -> bool:
    """Whether the last of ten digits checks the nine before it. Ten equal digits would, and are no number."""
    weighted = sum(int(digit) * weight for digit, weight in zip(number, range(10, 1, -1), strict=False))
    return len(set(number)) > 1 and (11 - weighted % 11) % 11 == int(number[-1])
