"""How questions are marked. A kind of question is one class here and two templates. Imports no Django.

Answers are sets of option keys. Marks are whole numbers.
"""

from collections.abc import Collection
from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar, Protocol


class QuestionKind(Protocol):
    """What the rest of the program asks of a kind of question."""

    name: ClassVar[str]
    label: ClassVar[str]

    def instruction(self, select: int) -> str:
        """What the learner is asked to do: `Select 3`."""

    def error(self, given: Collection[str], select: int) -> str:
        """What is wrong with an answer, in words that say how to put it right; empty when nothing is."""

    def max_score(self, keys: Collection[str]) -> int:
        """The marks that can be had."""

    def score(self, given: Collection[str], keys: Collection[str]) -> int:
        """The marks for an answer, from 0 to `max_score`; no answer has 0."""

    def problem(self, options: int, keys: int, select: int) -> str:
        """What an author must put right before the question can be published; empty when nothing."""


@dataclass(frozen=True)
class SingleBest:
    """One option is the best answer: 1 mark."""

    name: ClassVar[str] = "single"
    label: ClassVar[str] = "Single best answer"

    def instruction(self, select: int) -> str:
        return "Choose one answer"

    def error(self, given: Collection[str], select: int) -> str:
        return "" if len(given) == 1 else "Choose one answer, or skip this question for now"

    def max_score(self, keys: Collection[str]) -> int:
        return 1

    def score(self, given: Collection[str], keys: Collection[str]) -> int:
        return int(len(given) == 1 and set(given) <= set(keys))

    def problem(self, options: int, keys: int, select: int) -> str:
        if options < 3:
            return "has fewer than 3 options"
        return "" if keys == 1 else f"has {keys} right options and needs 1"


@dataclass(frozen=True)
class MultipleResponse:
    """Exactly so many options are to be selected: 1 mark for each right one."""

    name: ClassVar[str] = "multiple"
    label: ClassVar[str] = "Multiple response"

    def instruction(self, select: int) -> str:
        return f"Select {select}"

    def error(self, given: Collection[str], select: int) -> str:
        if len(given) == select:
            return ""
        return f"Select {select} answers. You have selected {len(given)}"

    def max_score(self, keys: Collection[str]) -> int:
        return len(set(keys))

    def score(self, given: Collection[str], keys: Collection[str]) -> int:
        if len(set(given)) > len(set(keys)):
            return 0
        return len(set(given) & set(keys))

    def problem(self, options: int, keys: int, select: int) -> str:
        if options <= keys:
            return "has no wrong option"
        return "" if keys == select else f"asks for {select} and has {keys} right options"


QUESTION_KINDS: dict[str, QuestionKind] = {kind.name: kind for kind in (SingleBest(), MultipleResponse())}


def scaled(score: int, max_score: int) -> Fraction:
    """The score as a part of what could be had: 0 to 1. A quiz without marks counts as nothing."""
    return Fraction(score, max_score) if max_score else Fraction(0)
