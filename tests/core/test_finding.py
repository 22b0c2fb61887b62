"""Words that somebody looks for in a text."""

import pytest

from apps.core.finding import count_in, excerpt, marked, stand_in, words_of


def stands(asked: str, text: str) -> bool:
    return stand_in(words_of(asked), text)


def told(asked: str, text: str) -> str:
    """An excerpt with what was found in brackets."""
    return "".join(f"[{piece.text}]" if piece.is_found else piece.text for piece in excerpt(text, words_of(asked)))


@pytest.mark.parametrize(
    ("asked", "text"),
    [
        ("ÉLAN", "With élan."),
        ("e\N{COMBINING ACUTE ACCENT}lan", "With élan."),
        ("ΛΌΓΟΣ", "λόγος"),
        ("it's", "It’s only us"),
        ("it’s", "It's only us"),
        ('"only us"', "only\n  us"),
        ("“only us”", "Only us"),
        ("us only", "only us"),
        ('say „only us"', "They say: only us."),
        ("100%", "100% of them"),
        ("a_b", "a_b"),
        (r"c:\n", r"C:\N"),
        ('"only', "“Only us”"),
    ],
)
def test_stands_there(asked: str, text: str) -> None:
    assert stands(asked, text)


@pytest.mark.parametrize(
    ("asked", "text"),
    [
        ('"us only"', "only us"),
        ("only them", "only us"),
        ("10%0", "1000"),
        ("a_b", "axb"),
        ("a.b", "axb"),
        (r"c:\n", "c:\n"),
    ],
)
def test_does_not_stand_there(asked: str, text: str) -> None:
    assert not stands(asked, text)


def test_an_excerpt_tells_what_stands_around_each_word() -> None:
    long = "word " * 100
    text = f"{long}first {long}second, and First again {long}"
    told_of_it = told("second first", text)
    assert told_of_it.replace("word ", "") == "… [first] … [second], and [First] again …"
    assert told_of_it.count("word ") == 13 + 13 + 13 + 10


def test_an_excerpt_of_a_text_without_blanks_is_cut_anywhere() -> None:
    assert told("bb", "a" * 1000 + "bb" + "a" * 1000) == f"… {'a' * 70}[bb]{'a' * 70} …"


def test_a_short_text_is_told_as_it_is() -> None:
    assert told("is quiet", "It\n\nis quiet.") == "It [is] [quiet]."


def test_words_that_overlap_are_marked_once() -> None:
    assert [piece.text for piece in marked("nightly", words_of("night ght")) if piece.is_found] == ["night"]


def test_what_stands_side_by_side_is_marked_apart_and_what_overlaps_once() -> None:
    def shown(text: str, asked: str) -> list[tuple[str, bool]]:
        return [(piece.text, piece.is_found) for piece in marked(text, words_of(asked))]

    assert shown("foobar", "foo bar") == [("foo", True), ("bar", True)]
    assert shown("foobar", "foob obar") == [("foobar", True)]
    assert shown("a foobar b", "oo") == [("a f", False), ("oo", True), ("bar b", False)]


@pytest.mark.parametrize(
    ("asked", "text", "expected"),
    [
        ("one", "one word and an end", "[one] word and an end"),
        ("end", "one word and an end", "one word and an [end]"),
        ("b0 b1 b2 b3", "".join(f"b{number}{'a' * 200}" for number in range(4)), 3),
        (f"a{'b' * 80} bb", f"a{'b' * 80}{'c' * 60}", f"[a{'b' * 80}]{'c' * 60}"),
    ],
)
def test_an_excerpt_at_its_ends(asked: str, text: str, expected: str | int) -> None:
    """Nothing is cut off where the text ends, nor of a word that holds another; of many places three are told."""
    found = told(asked, text)
    assert (found.count("[") if isinstance(expected, int) else found) == expected


def test_each_word_counts_once() -> None:
    assert count_in(words_of("us us only"), "Us, us and us") == 1
    assert count_in(words_of("us us only"), "Only us, us") == 2
