"""Numbers with their nouns, lists in a sentence, texts that are lists, texts as they are kept. Imports no Django."""

from collections.abc import Sequence


def counted(count: int, one: str, many: str) -> str:
    """`1 page`, `2 pages`, `2 quizzes`: both words are given, since no rule makes one from the other."""
    return f"{count} {one if count == 1 else many}"


def normalised(text: str) -> str:
    """A text as authors' words are kept: lines end in LF, and no blanks stand at the ends."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def lines_of(text: str) -> list[str]:
    """The lines of a text that authors write as a list."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def shortened(text: str, most: int) -> str:
    """A text on one line, of so many characters at the most: `What is best in …`."""
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[: most - 1].rstrip()}…"


def listed(words: Sequence[str]) -> str:
    """`progress, a quiz and a certificate`; nothing for nothing."""
    return " and ".join(filter(None, (", ".join(words[:-1]), *words[-1:])))
