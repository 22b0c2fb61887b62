"""Exactly so many options are to be selected: 1 mark for each right one."""

from typing import ClassVar

from apps.core.words import counted
from apps.quizzes.scoring import Given, Key, Scoring


class MultipleResponse(Scoring):
    """Exactly so many options are to be selected: 1 mark for each right one."""

    marks: ClassVar[int] = 1  # for each right option

    def error(self, given: Given, options: int, select: int) -> str:
        if len(given) == select:
            return ""
        return f"Select {counted(select, 'answer', 'answers')}. You have selected {len(given)}"

    def max_score(self, key: Key) -> int:
        return self.marks * len(key.right)

    def score(self, given: Given, key: Key) -> int:
        if len(given) > len(key.right):
            return 0
        return self.marks * len(set(given) & key.right)

    def problem(self, key: Key, options: int, select: int) -> str:
        if options <= len(key.right):
            return "has no wrong option"
        return "" if len(key.right) == select else f"asks for {select} and has {key.right_in_words}"
