"""Numbers with their nouns, lists in a sentence, texts as they are kept: each at its edges."""

import datetime
from fractions import Fraction

import pytest

from apps.accounts import limits
from apps.core import words
from apps.quizzes.verdicts import Verdict


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (words.counted(0, "page", "pages"), "0 pages"),
        (words.counted(1, "page", "pages"), "1 page"),
        (words.counted(2, "quiz", "quizzes"), "2 quizzes"),
        (words.in_words(0), "none"),
        (words.in_words(10), "ten"),
        (words.in_words(11), "11"),
        (words.nth(1), "first"),
        (words.nth(10), "tenth"),
        (words.nth(11), "11th"),
        (words.nth(0), "0th"),
        (words.listed([]), ""),
        (words.listed(["a"]), "a"),
        (words.listed(["a", "b"]), "a and b"),
        (words.listed(["a", "b", "c"]), "a, b and c"),
        (words.shortened("one  two\nthree", 13), "one two three"),
        (words.shortened("one two three", 12), "one two thr…"),
        (words.shortened("one two three", 9), "one two…"),
        (words.first_sentence("word " * 12, 59), "word " * 11 + "word"),
        (words.first_sentence("word " * 12, 58), "word " * 10 + "word…"),
        (words.first_sentence("one, two", 6), "one…"),
        (words.normalised(" a\r\nb\rc\n"), "a\nb\nc"),
        (words.normalised("\u2800 \u200b"), ""),
        (words.normalised("\ufe0f"), ""),
        (words.lines_of("a\n\n b \n\u200b\nc"), ["a", "b", "c"]),
    ],
)  # fmt: skip
def test_each_at_its_edges(said: object, expected: object) -> None:
    assert said == expected


@pytest.mark.parametrize(
    ("seconds", "told"),
    [
        (1, "1 second"), (2, "2 seconds"), (59, "59 seconds"), (60, "1 minute"), (61, "2 minutes"),
        (3540, "59 minutes"), (3541, "1 hour"), (3600, "1 hour"), (3601, "2 hours"), (7200, "2 hours"),
    ],
)  # fmt: skip
def test_who_has_to_wait_never_comes_too_early(seconds: int, told: str) -> None:
    assert limits.in_words(seconds) == told


def test_what_nobody_sees_is_seen_by_nobody() -> None:
    assert all(map(words.can_be_seen, "aé漢.-’"))
    for hidden in ("\u180b", "\u180f", "\ufe00", "\ufe0f", "\U000e0100", "\U000e01ef", "\u200d", "\x07", " ", "\u3164"):
        assert not words.can_be_seen(hidden), ascii(hidden)
    for beside in ("\u1810", "\ufe10", "\u180a"):
        assert not words.is_selector(beside), ascii(beside)


@pytest.mark.parametrize(
    ("text", "is_there"),
    [
        ("am@b.org", True), ("to AM@B.ORG.", True), ("<am@b.org>", True), ("am@b.org, me", True),
        ("sam@b.org", False), ("x.am@b.org", False), ("x+am@b.org", False), ("x-am@b.org", False),
        ("am@b.orgs", False), ("am@b.org.uk", False), ("am@b.org-x", False), ("am@b.org+x", False),
        ("am@b.org@c", False),
    ],
)  # fmt: skip
def test_an_address_is_found_whole(text: str, is_there: bool) -> None:
    assert bool(words.whole("am@b.org").search(text)) is is_there


@pytest.mark.parametrize(("month", "night"), [(1, {21, 6}), (7, {20, 5})])
def test_night_is_by_the_clock_of_our_readers(month: int, night: set[int]) -> None:
    hours = [datetime.datetime(2026, month, 15, hour, tzinfo=datetime.UTC) for hour in range(24)]
    dark = [hour for hour, at in enumerate(hours) if words.is_night(at)]
    assert {min(hour for hour in dark if hour > 12), max(hour for hour in dark if hour < 12)} == night


@pytest.mark.parametrize(
    ("percent", "anchor"), [(0, "start"), (14, "start"), (15, "middle"), (85, "middle"), (86, "end"), (100, "end")]
)
def test_words_at_the_pass_mark_stay_in_their_box(percent: int, anchor: str) -> None:
    assert Verdict(1, 2, Fraction(percent, 100)).anchor == anchor


def test_marks_are_counted() -> None:
    assert Verdict(1, 1, Fraction(1, 2)).marks == "1 of 1 mark"
    assert Verdict(0, 2, Fraction(1, 2)).marks == "0 of 2 marks"
