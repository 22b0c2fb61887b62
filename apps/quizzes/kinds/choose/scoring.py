"""Situational judgement: the three most appropriate of eight."""

from fractions import Fraction
from typing import ClassVar

from apps.quizzes.kinds.multiple.scoring import MultipleResponse
from apps.quizzes.scoring import Key


class ChooseThree(MultipleResponse):
    """Situational judgement: the three most appropriate of eight. 4 points each; more than three chosen score 0.

    Marked in the style of selection papers such as the MSRA’s. Blind guessing has 4.5 of 12 on average.
    """

    chance: ClassVar[Fraction | None] = Fraction(9, 2)
    marks: ClassVar[int] = 4

    def problem(self, key: Key, options: int, select: int) -> str:
        if (options, len(key.right), select) != (8, 3, 3):
            return f"needs 8 options of which 3 are right, and has {options} and {len(key.right)}"
        return ""
