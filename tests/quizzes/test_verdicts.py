"""What a submitted attempt came to, and how an order stands beside the key, in words."""

import datetime
from fractions import Fraction

import pytest

from apps.core.words import LONDON, is_night
from apps.quizzes.kinds.multiple.kind import Multiple
from apps.quizzes.kinds.rank.words import distance, order_in_words
from apps.quizzes.models import Option
from apps.quizzes.scoring import Key
from apps.quizzes.verdicts import Verdict

pytestmark = pytest.mark.once

NOON, NIGHT = (datetime.datetime(2026, 11, 28, hour, tzinfo=LONDON) for hour in (12, 3))
KEY = {"a": 1, "b": 2, "c": 3, "d": 4, "e": 5}


def verdict(score: int, max_score: int = 15, percent: int = 70) -> Verdict:
    return Verdict(score, max_score, Fraction(percent, 100))


@pytest.mark.parametrize(
    ("judged", "heading", "distance"),
    [
        (verdict(10), "66%: one mark short", "The pass mark is 70%, so one more will do."),
        (verdict(7), "46%: four marks short", "The pass mark is 70%, so four more will do."),
        (verdict(6), "40%: five marks short", "The pass mark is 70%, so five more will do."),
        (verdict(5), "33%: worth another read", "The pass mark is 70%: 11 of 15."),
        (verdict(0), "0%: worth another read", "The pass mark is 70%: 11 of 15."),
        (verdict(11), "73%: past the pass mark", "The pass mark is 70%."),
        (verdict(7, 10), "70%: past the pass mark", "The pass mark is 70%."),
        (verdict(2, 10, percent=20), "20%: past the pass mark", "The pass mark is 20%."),
        (verdict(15), "100%. Nothing to add.", "The pass mark is 70%."),
        (verdict(1, 1), "100%. Nothing to add.", "The pass mark is 70%."),
        (verdict(0, 1), "0%: worth another read", "The pass mark is 70%: 1 of 1."),
        (verdict(0, 0, percent=0), "0%: past the pass mark", "The pass mark is 0%."),
        (verdict(60, 100, percent=100), "60%: 40 marks short", "The pass mark is 100%, so 40 more will do."),
    ],
)
def test_a_score_says_how_far_it_is_from_the_pass_mark(judged: Verdict, heading: str, distance: str) -> None:
    assert judged.heading(NOON) == heading
    assert judged.distance == distance


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("", "b- a-"),
        ("b", "a- b+"),
        ("bc", "a- b+ c+"),
        ("cd", "b- a- d+ c+"),
        ("ab", "b+ a+"),
    ],
)
def test_of_a_selection_what_was_missed_comes_first_and_what_is_wrong_last(given: str, shown: str) -> None:
    options = [Option(key=key) for key in "dbca"]  # as they were shown; a and b are right
    reviewed = Multiple().review(options, Key(frozenset("ab")), dict.fromkeys(given))
    assert " ".join(f"{option.key}{'+' if is_given else '-'}" for option, is_given in reviewed) == shown


def test_as_many_more_as_are_said_would_do() -> None:
    for max_score in range(1, 30):
        for score in range(max_score):
            judged = verdict(score, max_score)
            if not judged.is_passed:
                assert verdict(score + judged.short, max_score).is_passed
                assert not verdict(score + judged.short - 1, max_score).is_passed


def test_whoever_has_all_of_it_right_at_night_is_sent_to_bed() -> None:
    assert verdict(15).heading(NIGHT) == "100%. Go to bed."
    assert verdict(14).heading(NIGHT) == "93%: past the pass mark"
    nightly = [hour for hour in range(24) if is_night(datetime.datetime(2026, 11, 28, hour, 59, tzinfo=LONDON))]
    assert nightly == [0, 1, 2, 3, 4, 5, 6, 21, 22, 23]


@pytest.mark.parametrize(
    ("key_rank", "given_rank", "words"),
    [
        (2, 2, "Same place"),
        (2, 4, "You put it two places lower"),
        (4, 2, "You put it two places higher"),
        (1, 2, "You put it one place lower"),
        (5, 1, "You put it four places higher"),
        (3, None, "You gave it no place"),
    ],
)
def test_an_action_says_how_far_it_is_from_its_place(key_rank: int, given_rank: int | None, words: str) -> None:
    assert distance(key_rank, given_rank) == words


@pytest.mark.parametrize(
    ("order", "words"),
    [
        ("abcde", "Your order is the key."),
        ("adcbe", "3 of 5 where the key has them; you swapped the second and the fourth."),
        ("ebcda", "3 of 5 where the key has them; you swapped the first and the fifth."),
        ("bcade", "2 of 5 where the key has them; furthest off is the first, which you put third."),
        ("badce", "1 of 5 where the key has them; furthest off is the first, which you put second."),
        ("edcba", "1 of 5 where the key has them; furthest off is the first, which you put fifth."),
        ("bcdea", "None of 5 where the key has them; furthest off is the first, which you put fifth."),
        ("", "Not answered."),
    ],
)
def test_an_order_says_how_it_stands_beside_the_key(order: str, words: str) -> None:
    given = {key: place for place, key in enumerate(order, start=1)}
    assert order_in_words(given, KEY) == words
