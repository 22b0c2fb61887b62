"""How questions are marked."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.quizzes.models import Question
from apps.quizzes.scoring import QUESTION_KINDS, MultipleResponse, SingleBest, scaled

SINGLE, MULTIPLE = SingleBest(), MultipleResponse()

some = st.sets(st.sampled_from("abcdefgh"))
one_or_more = st.sets(st.sampled_from("abcdefgh"), min_size=1)
kinds = st.sampled_from(list(QUESTION_KINDS.values()))


@pytest.mark.parametrize(
    ("given", "marks"),
    [("", 0), ("a", 0), ("b", 1), ("c", 0), ("ab", 0), ("abc", 0), ("z", 0)],
)
def test_a_single_best_answer_has_one_mark_for_the_key_alone(given: str, marks: int) -> None:
    assert SINGLE.score(set(given), {"b"}) == marks
    assert SINGLE.max_score({"b"}) == 1


@pytest.mark.parametrize(
    ("given", "marks"),
    [("", 0), ("a", 1), ("ab", 2), ("abc", 3), ("abd", 2), ("ade", 1), ("def", 0), ("abcd", 0), ("abcdef", 0), ("d", 0)],
)
def test_a_multiple_response_has_a_mark_for_each_right_option(given: str, marks: int) -> None:
    assert MULTIPLE.score(set(given), {"a", "b", "c"}) == marks
    assert MULTIPLE.max_score({"a", "b", "c"}) == 3


@given(kinds, some, one_or_more)
def test_marks_lie_between_nothing_and_all(kind: object, given: set[str], keys: set[str]) -> None:
    assert 0 <= kind.score(given, keys) <= kind.max_score(keys)


@given(kinds, one_or_more)
def test_no_answer_has_no_marks(kind: object, keys: set[str]) -> None:
    assert kind.score(set(), keys) == 0


@given(one_or_more)
def test_the_key_has_all_marks(keys: set[str]) -> None:
    assert MULTIPLE.score(keys, keys) == MULTIPLE.max_score(keys)
    assert SINGLE.score({min(keys)}, {min(keys)}) == 1


@given(one_or_more)
def test_only_the_key_has_all_marks(keys: set[str]) -> None:
    for wrong in set("abcdefgh") - keys:
        assert MULTIPLE.score(keys - {min(keys)} | {wrong}, keys) < MULTIPLE.max_score(keys)


@given(one_or_more)
def test_ticking_everything_never_pays(keys: set[str]) -> None:
    everything = set("abcdefghi")
    assert MULTIPLE.score(everything, keys) == 0
    assert SINGLE.score(everything, keys) == 0


@given(kinds, some, one_or_more)
def test_the_order_of_answers_does_not_matter(kind: object, given: set[str], keys: set[str]) -> None:
    assert kind.score(sorted(given), sorted(keys)) == kind.score(sorted(given, reverse=True), sorted(keys)[::-1])


@given(st.integers(0, 50), st.integers(0, 50))
def test_a_scaled_score_is_the_part_that_was_had(score: int, max_score: int) -> None:
    if score <= max_score:
        assert 0 <= scaled(score, max_score) <= 1
    if max_score:
        assert scaled(score, max_score) * max_score == score


def test_a_quiz_without_marks_counts_as_nothing() -> None:
    assert scaled(0, 0) == Fraction(0)


@pytest.mark.parametrize(("given", "error"), [("a", ""), ("", "Choose one answer"), ("ab", "Choose one answer")])
def test_a_single_best_answer_is_one_answer(given: str, error: str) -> None:
    assert SINGLE.error(set(given), 1).startswith(error)
    assert bool(SINGLE.error(set(given), 1)) == bool(error)


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ("abc", ""),
        ("", "Select 3 answers. You have selected 0"),
        ("ab", "Select 3 answers. You have selected 2"),
        ("abcd", "Select 3 answers. You have selected 4"),
    ],
)
def test_a_multiple_response_takes_exactly_as_many_as_it_asks_for(given: str, error: str) -> None:
    assert MULTIPLE.error(set(given), 3) == error


def test_the_instruction_says_what_to_do() -> None:
    assert SINGLE.instruction(1) == "Choose one answer"
    assert MULTIPLE.instruction(3) == "Select 3"


@pytest.mark.parametrize(
    ("kind", "options", "keys", "select", "problem"),
    [
        (SINGLE, 3, 1, 1, ""),
        (SINGLE, 2, 1, 1, "has fewer than 3 options"),
        (SINGLE, 4, 0, 1, "has 0 right options and needs 1"),
        (SINGLE, 4, 2, 1, "has 2 right options and needs 1"),
        (MULTIPLE, 4, 2, 2, ""),
        (MULTIPLE, 3, 3, 3, "has no wrong option"),
        (MULTIPLE, 5, 2, 3, "asks for 3 and has 2 right options"),
    ],
)
def test_what_an_author_must_put_right(kind: object, options: int, keys: int, select: int, problem: str) -> None:
    assert kind.problem(options, keys, select) == problem


def test_every_kind_that_can_be_stored_can_be_marked() -> None:
    assert set(Question.Kind.values) == set(QUESTION_KINDS)
    assert all(QUESTION_KINDS[kind.value].label == kind.label for kind in Question.Kind)
    assert all(kind.name == name for name, kind in QUESTION_KINDS.items())
