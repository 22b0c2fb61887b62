"""Numbers with their nouns, lists in a sentence, texts that are lists, texts as they are kept. Imports no Django."""

import datetime
import re
import unicodedata
import zoneinfo
from collections.abc import Sequence

LONDON = zoneinfo.ZoneInfo("Europe/London")
NUMBERS = ("none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")

# Letters, symbols and marks of which nothing can be seen. The first take room as a space does: fillers of Hangul and
# of hieroglyphs, the blank of Braille, a note without a head.
SPACES = frozenset("\u115f\u1160\u2800\u3164\uffa0\U00013441\U00013442\U0001d159")
BLANK = SPACES | frozenset("\u034f\u17b4\u17b5\u2065\U00016fe4")
HIDDEN = frozenset(("Cc", "Cf", "Cs", "Zl", "Zp", "Zs"))  # controls, direction, tags, soft hyphens; blanks


def counted(count: int, one: str, many: str) -> str:
    """`1 page`, `2 pages`, `2 quizzes`: both words are given, since no rule makes one from the other."""
    return f"{count} {one if count == 1 else many}"


def in_words(count: int) -> str:
    """`three`; a number beyond ten in digits."""
    return NUMBERS[count] if count < len(NUMBERS) else str(count)


def nth(place: int) -> str:
    """`the fourth`, without its article; a place beyond the tenth in digits."""
    return ORDINALS[place - 1] if 0 < place <= len(ORDINALS) else f"{place}th"


def first_sentence(text: str, most: int) -> str:
    """The first sentence of a text, of so many characters at the most; a very short one may be an abbreviation."""
    line = " ".join(text.split())
    end = re.search(r"(?<=.{12}[.!?…])[”’)]?(?= [^a-z])", line)
    sentence = line[: end.end()] if end else line
    if len(sentence) <= most:
        return sentence
    whole_words = sentence[:most].rpartition(" ")[0].rstrip(",;:–- ")  # a word longer than that is cut
    return f"{whole_words}…" if whole_words else shortened(sentence, most)


def day(date: datetime.date) -> str:
    """`30 November 2026`. Django's `date_format` reads its format anew for each of them."""
    return f"{date.day} {date:%B %Y}"


def normalised(text: str) -> str:
    """A text as words are kept: lines end in LF, no blanks stand at the ends, and where nothing is seen is nothing."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    return text if any(map(can_be_seen, text)) else ""


def can_be_seen(character: str) -> bool:
    """Whether somebody who reads sees that it is there."""
    is_hidden = character in BLANK or is_selector(character) or unicodedata.category(character) in HIDDEN
    return not is_hidden


def is_selector(character: str) -> bool:
    """Chooses between shapes of the letter before: Mongolian has its own, Chinese characters in names have many."""
    ranges = (("\u180b", "\u180f"), ("\ufe00", "\ufe0f"), ("\U000e0100", "\U000e01ef"))
    return any(first <= character <= last for first, last in ranges)


def lines_of(text: str) -> list[str]:
    """The lines of a text that authors write as a list."""
    return list(filter(None, map(normalised, text.splitlines())))


def shortened(text: str, most: int) -> str:
    """A text on one line, of so many characters at the most: `What is best in …`."""
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[: most - 1].rstrip()}…"


def is_night(at: datetime.datetime) -> bool:
    """Whether it is between nine in the evening and seven in the morning where our readers are."""
    return not 7 <= at.astimezone(LONDON).hour < 21


def whole(words: str) -> re.Pattern[str]:
    """These words, and not where they are a part of longer ones: `am@b.org` is not in `sam@b.org.uk`."""
    return re.compile(rf"(?<![\w.+@-]){re.escape(words)}(?![\w@]|[.+-]\w)", re.IGNORECASE)


def listed(words: Sequence[str]) -> str:
    """`progress, a quiz and a certificate`; nothing for nothing."""
    return " and ".join(filter(None, (", ".join(words[:-1]), *words[-1:])))
