"""What is to be put right in an edition, and where."""

from dataclasses import dataclass
from enum import Enum


class Level(Enum):
    """How much a problem weighs."""

    ERROR = "error"  # keeps a draft from being published
    WARNING = "warning"  # an editor would find it; publishing tells it and goes on


@dataclass(frozen=True)
class Problem:
    """Something to put right, in an author's words: in a block of a page, in the page, or in the edition itself."""

    level: Level
    page: str  # its key; empty for the edition itself
    block: str  # the key of a row on the page; empty for the page itself
    text: str  # a sentence

    def __str__(self) -> str:
        return self.text


def error(text: str, page: str = "", block: str = "") -> Problem:
    """What keeps a draft from being published."""
    return Problem(Level.ERROR, page, block, text)


def warning(text: str, page: str = "", block: str = "") -> Problem:
    """What an editor would find."""
    return Problem(Level.WARNING, page, block, text)
