"""Situational judgement: five actions in order."""

from collections import Counter
from collections.abc import Mapping
from fractions import Fraction
from typing import ClassVar

from apps.core.words import in_words
from apps.quizzes.scoring import Given, Key, Scoring


class RankFive(Scoring):
    """Situational judgement: five actions in order. `max(0, 4 - |rank - key rank|)` points an option, 20 in all.

    Options that share a rank, and options without one, have 0. Blind guessing has 12 of 20 on average, and a complete
    order never has less than 8. Marked in the style of selection papers such as the MSRA’s. Where a second order is
    accepted, the better of the two totals counts.
    """

    chance: ClassVar[Fraction | None] = Fraction(12)

    def error(self, given: Given, options: int, select: int) -> str:
        ranks = Counter(rank for rank in given.values() if rank is not None)
        missing = options - ranks.total()
        twice = sorted(rank for rank, times in ranks.items() if times > 1)
        strange = sorted(rank for rank in ranks if not 1 <= rank <= options)
        problems = [f"{in_words(ranks[rank]).capitalize()} actions share place {rank}" for rank in twice]
        if missing:
            problems.append(
                f"{in_words(missing).capitalize()} {'action has' if missing == 1 else 'actions have'} no place"
            )
        problems += [f"There is no place {rank}" for rank in strange]
        return ". ".join(problems)

    def max_score(self, key: Key) -> int:
        return 4 * len(key.ranks)

    def score(self, given: Given, key: Key) -> int:
        return self.total(given, self.closest_order(given, key))

    def closest_order(self, given: Given, key: Key) -> Mapping[str, int]:
        """The accepted order that gives an answer the more points."""
        return max((key.ranks, key.also_ranks), key=lambda ranks: self.total(given, ranks))

    def total(self, given: Given, ranks: Mapping[str, int]) -> int:
        """The points for an answer beside one accepted order."""
        return sum(self.points(option, given, ranks) for option in ranks)

    def points(self, option: str, given: Given, ranks: Mapping[str, int]) -> int:
        """The points for one option: 4 in its place, 1 less for each place away, 0 for a tie or a blank."""
        rank = given.get(option)
        if rank is None or list(given.values()).count(rank) > 1:
            return 0
        return max(0, 4 - abs(rank - ranks[option]))

    def problem(self, key: Key, options: int, select: int) -> str:
        orders = [ranks for ranks in (key.ranks, key.also_ranks) if ranks]
        if options != 5 or not key.ranks or any(sorted(ranks.values()) != [1, 2, 3, 4, 5] for ranks in orders):
            return "needs 5 options with the ranks 1 to 5, each once"
        return ""
