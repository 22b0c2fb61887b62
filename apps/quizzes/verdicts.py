"""What a submitted attempt came to, in words. Imports no Django."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from apps.core.words import counted, in_words, is_night
from apps.quizzes.scoring import scaled

FAR_OFF = Fraction(2, 5)  # what is below it is told to read again before anything else


@dataclass(frozen=True)
class Verdict:
    """A score beside the pass mark."""

    score: int
    max_score: int
    pass_mark: Fraction

    @property
    def scaled(self) -> Fraction:
        return scaled(self.score, self.max_score)

    @property
    def percent(self) -> int:
        """In whole per cent, rounded down, as the pass mark is compared with it."""
        return int(self.scaled * 100)

    @property
    def pass_percent(self) -> int:
        return int(self.pass_mark * 100)

    @property
    def anchor(self) -> str:
        """How words stand at the pass mark, so that they keep inside their box."""
        return "start" if self.pass_percent < 15 else "end" if self.pass_percent > 85 else "middle"

    @property
    def is_passed(self) -> bool:
        return self.scaled >= self.pass_mark

    @property
    def is_all_right(self) -> bool:
        return bool(self.max_score) and self.score == self.max_score

    @property
    def is_far_off(self) -> bool:
        return not self.is_passed and self.scaled < FAR_OFF

    @property
    def needed(self) -> int:
        """The marks that pass."""
        return math.ceil(self.pass_mark * self.max_score)

    @property
    def short(self) -> int:
        """The marks that are missing to pass."""
        return max(0, self.needed - self.score)

    def heading(self, at: datetime) -> str:
        """`66%: one mark short`; who has all of it right is told when enough is enough, by the hour of the clock."""
        if self.is_all_right:
            return f"{self.percent}%. {'Go to bed.' if is_night(at) else 'Nothing to add.'}"
        if self.is_passed:
            return f"{self.percent}%: past the pass mark"
        if self.is_far_off:
            return f"{self.percent}%: worth another read"
        return f"{self.percent}%: {in_words(self.short)} {'mark' if self.short == 1 else 'marks'} short"

    @property
    def marks(self) -> str:
        """`10 of 15 marks`."""
        return f"{self.score} of {counted(self.max_score, 'mark', 'marks')}"

    @property
    def distance(self) -> str:
        """Where the pass mark lies from here, in a sentence."""
        if self.is_passed:
            return f"The pass mark is {self.pass_percent}%."
        if self.is_far_off:
            return f"The pass mark is {self.pass_percent}%: {self.needed} of {self.max_score}."
        return f"The pass mark is {self.pass_percent}%, so {in_words(self.short)} more will do."
