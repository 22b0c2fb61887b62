"""How questions are marked. A kind of question is one class here, a form and two templates. Imports no Django.

An answer maps the keys of options to ranks: None for an option that was chosen, 1 to 5 for one that was ranked.
Marks are whole numbers. Kinds with a `chance` are for learning: points, beside them how much better than guessing they
are, and no pass mark.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import ClassVar, Protocol

from apps.core.words import counted

Given = Mapping[str, int | None]


@dataclass(frozen=True)
class Key:
    """What is right: the options to choose, or each option's rank and, where a panel would split, a second order."""

    right: frozenset[str] = frozenset()
    ranks: Mapping[str, int] = field(default_factory=dict)
    also_ranks: Mapping[str, int] = field(default_factory=dict)


class QuestionKind(Protocol):
    """What the rest of the program asks of a kind of question."""

    name: ClassVar[str]
    label: ClassVar[str]
    chance: ClassVar[Fraction | None]  # mean marks of blind guessing; None for kinds that count towards the pass mark

    def instruction(self, select: int) -> str:
        """What the learner is asked to do: `Select 3`."""

    def error(self, given: Given, options: int, select: int) -> str:
        """What is wrong with an answer, in words that say how to put it right; empty when nothing is."""

    def max_score(self, key: Key) -> int:
        """The marks that can be had."""

    def score(self, given: Given, key: Key) -> int:
        """The marks for an answer, from 0 to `max_score`; no answer has 0."""

    def problem(self, key: Key, options: int, select: int) -> str:
        """What an author must put right before the question can be published; empty when nothing."""


def _right_options(key: Key) -> str:
    return counted(len(key.right), "right option", "right options")


class SingleBest:
    """One option is the best answer: 1 mark."""

    name: ClassVar[str] = "single"
    label: ClassVar[str] = "Single best answer"
    chance: ClassVar[Fraction | None] = None

    def instruction(self, select: int) -> str:
        return "Choose one answer"

    def error(self, given: Given, options: int, select: int) -> str:
        return "" if len(given) == 1 else "Choose one answer, or skip this question for now"

    def max_score(self, key: Key) -> int:
        return 1

    def score(self, given: Given, key: Key) -> int:
        return int(len(given) == 1 and set(given) <= key.right)

    def problem(self, key: Key, options: int, select: int) -> str:
        if options < 3:
            return "has fewer than 3 options"
        return "" if len(key.right) == 1 else f"has {_right_options(key)} and needs 1"


class MultipleResponse:
    """Exactly so many options are to be selected: 1 mark for each right one."""

    name: ClassVar[str] = "multiple"
    label: ClassVar[str] = "Multiple response"
    chance: ClassVar[Fraction | None] = None
    marks: ClassVar[int] = 1  # for each right option

    def instruction(self, select: int) -> str:
        return f"Select {select}"

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
        return "" if len(key.right) == select else f"asks for {select} and has {_right_options(key)}"


class ChooseThree(MultipleResponse):
    """Situational judgement: the three most appropriate of eight. 4 points each; more than three chosen score 0.

    Marked in the style of selection papers such as the MSRA’s. Blind guessing has 4.5 of 12 on average.
    """

    name: ClassVar[str] = "choose"
    label: ClassVar[str] = "Situational judgement: choose three"
    chance: ClassVar[Fraction | None] = Fraction(9, 2)
    marks: ClassVar[int] = 4

    def instruction(self, select: int) -> str:
        return f"Choose the {select} most appropriate actions"

    def problem(self, key: Key, options: int, select: int) -> str:
        if (options, len(key.right), select) != (8, 3, 3):
            return f"needs 8 options of which 3 are right, and has {options} and {len(key.right)}"
        return ""


class RankFive:
    """Situational judgement: five actions in order. `max(0, 4 - |rank - key rank|)` points an option, 20 in all.

    Options that share a rank, and options without one, have 0. Blind guessing has 12 of 20 on average, and a complete
    order never has less than 8. Marked in the style of selection papers such as the MSRA’s. Where a second order is
    accepted, the better of the two totals counts.
    """

    name: ClassVar[str] = "rank"
    label: ClassVar[str] = "Situational judgement: rank five"
    chance: ClassVar[Fraction | None] = Fraction(12)

    def instruction(self, select: int) -> str:
        return "Give each action a position: 1 is the most appropriate, 5 the least"

    def error(self, given: Given, options: int, select: int) -> str:
        ranks = Counter(rank for rank in given.values() if rank is not None)
        missing = options - ranks.total()
        twice = sorted(rank for rank, times in ranks.items() if times > 1)
        strange = sorted(rank for rank in ranks if not 1 <= rank <= options)
        problems = []
        if missing:
            problems.append(f"{counted(missing, 'action', 'actions')} without a position")
        problems += [f"position {rank} is given more than once" for rank in twice]
        problems += [f"there is no position {rank}" for rank in strange]
        return f"Use each position from 1 to {options} once: {', '.join(problems)}" if problems else ""

    def max_score(self, key: Key) -> int:
        return 4 * len(key.ranks)

    def score(self, given: Given, key: Key) -> int:
        return max(self.total(given, ranks) for ranks in (key.ranks, key.also_ranks))

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


QUESTION_KINDS: dict[str, QuestionKind] = {
    kind.name: kind for kind in (SingleBest(), MultipleResponse(), RankFive(), ChooseThree())
}


def better_than_chance(score: int, max_score: int, chance: Fraction) -> Fraction:
    """How far a score is from blind guessing (0) to the key (1); 0 also for less than guessing would give."""
    return max(Fraction(0), (score - chance) / (max_score - chance))


def scaled(score: int, max_score: int) -> Fraction:
    """The score as a part of what could be had: 0 to 1. A quiz without marks counts as nothing."""
    return Fraction(score, max_score) if max_score else Fraction(0)
