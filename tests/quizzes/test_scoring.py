"""How questions are marked."""

from collections.abc import Iterable
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.quizzes import question_kinds
from apps.quizzes.question_kinds import QuestionKind
from apps.quizzes.scoring import Given, Key, scaled

pytestmark = pytest.mark.once

SINGLE, MULTIPLE, RANK, CHOOSE = map(question_kinds.get, ("single", "multiple", "rank", "choose"))

# An answer of any kind, also one that no form would send: some of eight options, with and without a rank.
some = st.dictionaries(st.sampled_from("abcdefgh"), st.none() | st.integers(1, 5))
one_or_more = st.sets(st.sampled_from("abcdefgh"), min_size=1)
kinds = st.sampled_from(question_kinds.all_kinds())
selecting = st.sampled_from([MULTIPLE, CHOOSE])


def chosen(keys: Iterable[str]) -> dict[str, int | None]:
    """An answer that chooses these."""
    return dict.fromkeys(keys)


def right(keys: Iterable[str]) -> Key:
    """A key in which these are the right ones and, for a ranking, stand in this order."""
    keys = list(keys)
    return Key(right=frozenset(keys), ranks={key: rank for rank, key in enumerate(keys, start=1)})


@pytest.mark.parametrize(
    ("given", "marks"),
    [("", 0), ("a", 0), ("b", 1), ("c", 0), ("ab", 0), ("abc", 0), ("z", 0)],
)
def test_a_single_best_answer_has_one_mark_for_the_key_alone(given: str, marks: int) -> None:
    assert SINGLE.score(chosen(given), right("b")) == marks
    assert SINGLE.max_score(right("b")) == 1


@pytest.mark.parametrize(
    ("given", "marks"),
    [
        ("", 0),
        ("a", 1),
        ("ab", 2),
        ("abc", 3),
        ("abd", 2),
        ("ade", 1),
        ("def", 0),
        ("abcd", 0),
        ("abcdef", 0),
        ("d", 0),
    ],
)
def test_a_multiple_response_has_a_mark_for_each_right_option(given: str, marks: int) -> None:
    assert MULTIPLE.score(chosen(given), right("abc")) == marks
    assert MULTIPLE.max_score(right("abc")) == 3


@given(kinds, some, one_or_more)
def test_marks_lie_between_nothing_and_all(kind: QuestionKind, given: Given, keys: set[str]) -> None:
    assert 0 <= kind.score(given, right(keys)) <= kind.max_score(right(keys))


@given(kinds, one_or_more)
def test_no_answer_has_no_marks(kind: QuestionKind, keys: set[str]) -> None:
    assert kind.score({}, right(keys)) == 0


@given(selecting, one_or_more)
def test_the_key_has_all_marks(kind: QuestionKind, keys: set[str]) -> None:
    assert kind.score(chosen(keys), right(keys)) == kind.max_score(right(keys))
    assert SINGLE.score(chosen(min(keys)), right(min(keys))) == 1


@given(st.permutations("abcde"))
def test_the_key_order_has_all_points(order: list[str]) -> None:
    assert RANK.score(right(order).ranks, right(order)) == RANK.max_score(right(order)) == 20


@given(selecting, one_or_more)
def test_only_the_key_has_all_marks(kind: QuestionKind, keys: set[str]) -> None:
    for wrong in set("abcdefgh") - keys:
        assert kind.score(chosen(keys - {min(keys)} | {wrong}), right(keys)) < kind.max_score(right(keys))


@given(st.permutations("abcde"), st.permutations("abcde"))
def test_only_the_key_order_has_all_points(order: list[str], given: list[str]) -> None:
    assert (RANK.score(right(given).ranks, right(order)) == 20) == (given == order)


@given(selecting, one_or_more)
def test_ticking_everything_never_pays(kind: QuestionKind, keys: set[str]) -> None:
    everything = chosen("abcdefghi")
    assert kind.score(everything, right(keys)) == 0
    assert SINGLE.score(everything, right(keys)) == 0


@given(st.permutations("abcde"), st.integers(1, 5))
def test_the_same_rank_for_everything_never_pays(order: list[str], rank: int) -> None:
    assert RANK.score(dict.fromkeys(order, rank), right(order)) == 0


@given(kinds, some, one_or_more)
def test_the_order_of_answers_does_not_matter(kind: QuestionKind, given: Given, keys: set[str]) -> None:
    key = right(sorted(keys))
    backwards = Key(right=frozenset(sorted(keys)[::-1]), ranks=dict(reversed(list(key.ranks.items()))))
    assert kind.score(dict(sorted(given.items())), key) == kind.score(
        dict(sorted(given.items(), reverse=True)), backwards
    )


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
    assert SINGLE.error(chosen(given), 4, 1).startswith(error)
    assert bool(SINGLE.error(chosen(given), 4, 1)) == bool(error)


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
    assert MULTIPLE.error(chosen(given), 6, 3) == error
    assert CHOOSE.error(chosen(given), 8, 3) == error


def test_the_instruction_says_what_to_do() -> None:
    assert SINGLE.instruction(1) == "Choose one answer"
    assert MULTIPLE.instruction(3) == "Select 3"
    assert CHOOSE.instruction(3) == "Choose the 3 most appropriate actions"
    assert RANK.instruction(5) == "Give each action a place, 1 to 5: 1 is the best thing to do"


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
def test_what_an_author_must_put_right(kind: QuestionKind, options: int, keys: int, select: int, problem: str) -> None:
    assert kind.problem(right("abcdefgh"[:keys]), options, select) == problem


def test_only_judgement_is_measured_from_chance() -> None:
    """Kinds with a chance are for learning and never count towards the pass mark; results tell their blind guess."""
    assert {kind.name for kind in question_kinds.all_kinds() if kind.chance is not None} == {"rank", "choose"}
    assert {kind.name for kind in question_kinds.all_kinds() if kind.blind_guess} == {"rank", "choose"}
