"""How easy a text is to read."""

import pytest

from apps.core.readability import grade, reading_age, syllables

pytestmark = pytest.mark.once


@pytest.mark.parametrize(
    ("word", "count"),
    [
        ("cat", 1),
        ("note", 1),
        ("table", 2),
        ("deleted", 3),
        ("asked", 1),
        ("doctor's", 2),
        ("confidentiality", 6),
        ("the", 1),
        ("Every", 3),
        ("agree", 2),
        ("movie", 2),
        ("goodbye", 2),
        ("confidence", 3),
        ("considered", 3),
        ("added", 2),
        ("doctor’s", 2),
        ("oh'", 1),
    ],
)
def test_syllables_are_counted_by_their_vowels(word: str, count: int) -> None:
    assert syllables(word) == count


def test_short_words_in_short_sentences_are_easy() -> None:
    assert reading_age("You look at the phone. It is late. You put it down.") <= 7


def test_long_words_in_long_sentences_are_hard() -> None:
    hard = (
        "Notwithstanding considerations regarding confidentiality, organisational communication infrastructures "
        "necessitate comprehensive responsibility for professional accountability and documentation."
    )
    assert reading_age(hard) > 18


def test_a_known_text_has_its_known_grade() -> None:
    # 6 words, 6 syllables, 1 sentence: 0.39 * 6 + 11.8 * 1 - 15.59
    assert grade("The cat sat on the mat.") == pytest.approx(-1.45)


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("Ask Dr. Lee on ward nine at six.", 1),
        ("Ask her. Wait! Why not? Go: now then.", 5),
        ("Ask her at noon\nor wait\n\ntill six.", 3),
        ("Ask her at 12.30 or wait …. 12 … ten more days", 2),
    ],
)
def test_sentences_end_where_a_reader_takes_a_breath(text: str, sentences: int) -> None:
    """All have eight words of one syllable each."""
    assert grade(text) == pytest.approx(0.39 * 8 / sentences + 11.8 - 15.59)


def test_nobody_is_said_to_read_before_five() -> None:
    assert reading_age("The cat sat.") == 5


def test_no_words_have_no_grade() -> None:
    assert grade("… 12:30 –") == 0
