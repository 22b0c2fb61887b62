"""How questions are marked: what all kinds have in common. Imports no Django, nor do the kinds' own `scoring.py`.

Marks are whole numbers. Kinds with a `chance` are for learning: points, beside them what a blind guess has, and no pass
mark.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import ClassVar

from apps.core.words import counted

# What was given to a question: the keys of options, each with its rank, or with None where options are only chosen.
Given = Mapping[str, int | None]


@dataclass(frozen=True)
class Key:
    """What is right: the options to choose, or each option's rank and, where a panel would split, a second order."""

    right: frozenset[str] = frozenset()
    ranks: Mapping[str, int] = field(default_factory=dict)
    also_ranks: Mapping[str, int] = field(default_factory=dict)

    @property
    def right_in_words(self) -> str:
        """How many options are right: `2 right options`."""
        return counted(len(self.right), "right option", "right options")


class Scoring(ABC):
    """How a kind of question is marked."""

    chance: ClassVar[Fraction | None] = None  # mean marks of blind guessing; None where marks count for the pass mark

    @abstractmethod
    def error(self, given: Given, options: int, select: int) -> str:
        """What is wrong with an answer, in words that say how to put it right; empty when nothing is."""

    @abstractmethod
    def max_score(self, key: Key) -> int:
        """The marks that can be had."""

    @abstractmethod
    def score(self, given: Given, key: Key) -> int:
        """The marks for an answer, from 0 to `max_score`; no answer has 0."""

    @abstractmethod
    def problem(self, key: Key, options: int, select: int) -> str:
        """What an author must put right before the question can be published; empty when nothing."""


def scaled(score: int, max_score: int) -> Fraction:
    """The score as a part of what could be had: 0 to 1. A quiz without marks counts as nothing."""
    return Fraction(score, max_score) if max_score else Fraction(0)
