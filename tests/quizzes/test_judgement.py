"""Situational judgement: the test vectors, every order of five and every choice of three."""

from collections import Counter
from fractions import Fraction
from itertools import combinations, permutations

import pytest

from apps.quizzes.kinds.choose.scoring import ChooseThree
from apps.quizzes.kinds.rank.scoring import RankFive
from apps.quizzes.scoring import Key

pytestmark = pytest.mark.once

RANKS = {"A": 1, "B": 2, "C": 3, "D": 4, "E": 5}
RANKING = Key(ranks=RANKS)
CHOICE = Key(right=frozenset("ACE"))


def in_order(letters: str) -> dict[str, int | None]:
    return {letter: rank for rank, letter in enumerate(letters, start=1)}


def chosen(letters: str) -> dict[str, int | None]:
    return dict.fromkeys(letters)


@pytest.mark.parametrize(
    ("answer", "points", "total"),
    [
        ("ABCDE", [4, 4, 4, 4, 4], 20),
        ("BACDE", [3, 3, 4, 4, 4], 18),
        ("ABCED", [4, 4, 4, 3, 3], 18),
        ("BADCE", [3, 3, 3, 3, 4], 16),
        ("BCAED", [2, 3, 3, 3, 3], 14),
        ("EABCD", [3, 3, 3, 3, 0], 12),
        ("BCDEA", [0, 3, 3, 3, 3], 12),
        ("EBCDA", [0, 4, 4, 4, 0], 12),
        ("CDEAB", [1, 1, 2, 2, 2], 8),
        ("DECBA", [0, 2, 4, 1, 1], 8),
        ("EDCBA", [0, 2, 4, 2, 0], 8),
    ],
)
def test_an_order_scores_by_its_distance_from_the_key(answer: str, points: list[int], total: int) -> None:
    given = in_order(answer)
    assert [RankFive().points(letter, given, RANKS) for letter in "ABCDE"] == points
    assert RankFive().score(given, RANKING) == total


def test_the_key_need_not_be_in_the_order_of_the_file() -> None:
    key = {"C": 1, "A": 2, "B": 3, "E": 4, "D": 5}
    given = in_order("ACBED")
    assert [RankFive().points(letter, given, key) for letter in "CABED"] == [3, 3, 4, 4, 4]
    assert RankFive().score(given, Key(ranks=key)) == 18


@pytest.mark.parametrize(
    ("given", "total"),
    [
        ({"A": 1, "B": 2, "C": 2, "D": 4, "E": 5}, 12),  # a tie: both have nothing
        ({"A": 1, "B": 2, "D": 4, "E": 5}, 16),  # a blank
        ({"A": 1, "B": 2, "C": None, "D": 4, "E": 5}, 16),
        ({"C": 3}, 4),
        ({}, 0),
    ],
)
def test_ties_and_blanks_score_nothing_for_those_options(given: dict[str, int | None], total: int) -> None:
    assert RankFive().score(given, RANKING) == total


def test_all_120_orders_score_as_published() -> None:
    totals = Counter(RankFive().score(in_order("".join(order)), RANKING) for order in permutations("ABCDE"))
    assert totals == {8: 20, 10: 24, 12: 35, 14: 24, 16: 12, 18: 4, 20: 1}
    assert Fraction(sum(score * count for score, count in totals.items()), 120) == RankFive.chance == 12


def test_a_second_accepted_order_counts_where_it_gives_more() -> None:
    key = Key(ranks=RANKS, also_ranks={"A": 1, "B": 3, "C": 2, "D": 4, "E": 5})
    assert RankFive().score(in_order("ABCDE"), key) == RankFive().score(in_order("ACBDE"), key) == 20
    assert RankFive().score(in_order("BACDE"), key) == 18


@pytest.mark.parametrize(
    ("letters", "total"),
    [("ACE", 12), ("ECA", 12), ("ACB", 8), ("ABD", 4), ("BDF", 0), ("AC", 8), ("A", 4), ("", 0), ("ACEF", 0)],
)
def test_each_right_choice_of_three_has_four_points(letters: str, total: int) -> None:
    assert ChooseThree().score(chosen(letters), CHOICE) == total


def test_all_56_choices_of_three_score_as_published() -> None:
    totals = Counter(ChooseThree().score(chosen("".join(three)), CHOICE) for three in combinations("ABCDEFGH", 3))
    assert totals == {0: 10, 4: 30, 8: 15, 12: 1}
    assert Fraction(sum(score * count for score, count in totals.items()), 56) == ChooseThree.chance == Fraction(9, 2)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({}, "Five actions have no place"),
        ({"A": 1, "B": 2, "C": 3, "D": 4, "E": None}, "One action has no place"),
        ({"A": 1, "B": 2, "C": 2, "D": 4, "E": 5}, "Two actions share place 2"),
        (
            {"A": 1, "B": 1, "C": 2, "D": 2, "E": None},
            "Two actions share place 1. Two actions share place 2. One action has no place",
        ),
        ({"A": 9, "B": 2, "C": 8, "D": 4, "E": 5}, "There is no place 8. There is no place 9"),
        ({"A": 2, "B": 2, "C": 1, "D": 1, "E": 3}, "Two actions share place 1. Two actions share place 2"),
    ],
)
def test_an_incomplete_order_says_what_is_missing(given: dict[str, int | None], words: str) -> None:
    assert words in RankFive().error(given, 5, 5)


def test_a_complete_order_has_no_error() -> None:
    assert RankFive().error(in_order("CABED"), 5, 5) == ""


def test_a_ranking_needs_five_ranks_to_be_published() -> None:
    assert RankFive().problem(RANKING, 5, 5) == ""
    assert "ranks 1 to 5" in RankFive().problem(Key(ranks=RANKS | {"E": 4}), 5, 5)
    assert "ranks 1 to 5" in RankFive().problem(Key(ranks=RANKS, also_ranks={"A": 1}), 5, 5)


def test_a_choice_of_three_needs_eight_options_and_three_right_ones() -> None:
    assert ChooseThree().problem(CHOICE, 8, 3) == ""
    assert "needs 8 options" in ChooseThree().problem(CHOICE, 7, 3)
    assert "needs 8 options" in ChooseThree().problem(Key(right=frozenset("AB")), 8, 3)
