"""A quiz as text, and back."""

import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.modules.document import Head
from apps.modules.outline import Parsed, read_page, renewed, to_text
from apps.quizzes.document import Option, Question, QuizDocument
from apps.quizzes.outline import OPTIONS_OF_A_QUESTION, QUESTIONS
from tests.documents import KINDS, QUIZ, Writing, mutilated

pytestmark = pytest.mark.once
numbers = st.integers(0, 10**9)

TEXT = """\
quiz: Check yourself {check}
minutes: 5
pass mark: 80
introduction: Four questions.

? ranking {q-order} In what order? | A picture \\| and a colleague
select: 3
facts: O5
sources: gmc-2024, mdu-2024
panel: 7 on 2026-09-01

A colleague posts a picture.

\\- not an option
\\why: not a field

+ 1) Tell them (also 2) {tell}
  Soon.

    And kindly.
2) Ask (also 1) {ask}
- 1\\) Wait \\(also 3) {wait}
why: It is kind.

? single {q-one} | {one
"""
OPTIONS = (
    Option("tell", "Tell them", True, 1, 2, "Soon.\n\n  And kindly."),
    Option("ask", "Ask", False, 2, 1),
    Option("wait", "1) Wait (also 3)"),
)
ORDER = Question(
    "q-order",
    "ranking",
    "A colleague posts a picture.\n\n- not an option\nwhy: not a field",
    "In what order?",
    "A picture | and a colleague",
    3,
    "It is kind.",
    ("O5",),
    ("gmc-2024", "mdu-2024"),
    7,
    datetime.date(2026, 9, 1),
    OPTIONS,
)
CHECK = QuizDocument(
    Head("check", "Check yourself", minutes=5),
    80,
    "Four questions.",
    (ORDER, Question("q-one", "single", "", title="{one")),
)


def quiz(text: str) -> Parsed:
    return read_page(f"quiz: Q {{q}}\n{text}", KINDS)


def question(text: str) -> Question:
    return quiz(text).document.questions[0]


def option(line: str) -> Option:
    return question(f"? single\n{line}").options[0]


@settings(max_examples=600, deadline=None)
@given(numbers)
def test_what_is_written_is_read(number: int) -> None:
    document = Writing(number).quiz()
    assert read_page(to_text(QUIZ, document), KINDS) == Parsed(QUIZ, document)


@settings(max_examples=600, deadline=None)
@given(numbers)
def test_whatever_happened_to_a_text_it_is_read_or_its_faults_are_told(number: int) -> None:
    parsed = read_page(mutilated(to_text(QUIZ, Writing(number).quiz()), number), KINDS)
    assert bool(parsed.faults) != bool(parsed.document)


def test_a_quiz_looks_like_this() -> None:
    assert to_text(QUIZ, CHECK) == TEXT
    assert read_page(TEXT, KINDS) == Parsed(QUIZ, CHECK)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("+ Yes {a}", Option("a", "Yes", True)),
        ("- No", Option("?2", "No")),
        ("1) First {a}", Option("a", "First", False, 1)),
        ("- 1) First {a}", Option("a", "First", False, 1)),
        ("+ 12) Both (also 3) {a}", Option("a", "Both", True, 12, 3)),
        ("- (also 2) {a}", Option("a", "", also_rank=2)),
        ("-", Option("?2", "")),
        ("+ - A | b -> c, {x} y {a}", Option("a", "- A | b -> c, {x} y", True)),
        (r"- 1\) No \(also 2) {a}", Option("a", "1) No (also 2)")),
    ],
)
def test_options(line: str, expected: Option) -> None:
    assert option(line) == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("? single {a} Theme, and more", ("a", "single", "Theme, and more", "")),
        ("? single Theme {a}", ("a", "single", "Theme", "")),
        ("? single", ("?1", "single", "", "")),
        ("?", ("?1", "", "", "")),
        (r"? no-such-kind {a} \{b} c", ("a", "no-such-kind", "{b} c", "")),
        ("? single {a} Theme | Name", ("a", "single", "Theme", "Name")),
        ("? single Theme |Name {a}", ("a", "single", "Theme", "Name")),
        ("? single {a} | Name", ("a", "single", "", "Name")),
        ("? single| Name", ("?1", "single", "", "Name")),
        ("? | Name", ("?1", "", "", "Name")),
        ("? single Theme |", ("?1", "single", "Theme", "")),
        (r"? single {a} One \| two | three | four", ("a", "single", "One | two", "three | four")),
    ],
)
def test_questions(line: str, expected: tuple) -> None:
    read = question(line)
    assert (read.key, read.kind, read.theme, read.title) == expected


@pytest.mark.parametrize(
    ("format", "names"),
    [(1, ("Who | what | why | when", "")), (2, ("Who", "what | why | when"))],
)
def test_before_titles_a_bar_was_a_part_of_the_theme(format: int, names: tuple[str, str]) -> None:
    text = "quiz: A | B {q}\nintroduction:\n  ? one | two\n\n? single {a} Who | what \\| why | when\n"
    text += "\nAn | or\n\n- C | D\n"
    document = read_page(renewed(text, format, KINDS), KINDS).document
    assert isinstance(document, QuizDocument)
    (asked,) = document.questions
    assert (asked.theme, asked.title) == names
    assert (asked.stem, asked.options[0].text, document.introduction) == ("An | or", "C | D", "? one | two")


def test_what_is_no_quiz_is_not_renewed() -> None:
    text = "reading: A {a}\n\n? single | two\n"
    assert renewed(text, 1, KINDS) == text


def test_a_theme_is_no_key() -> None:
    asked = Question("?2", "single", "", "{b} c")
    text = to_text(QUIZ, QuizDocument(Head("?1", "Q"), questions=(asked,)))
    assert read_page(text, KINDS).document.questions == (asked,)


@pytest.mark.parametrize(
    ("said", "size", "date"),
    [("7", 7, None), ("on 2026-09-01", None, datetime.date(2026, 9, 1)), ("", None, None)],
)
def test_a_panel_may_be_half_said(said: str, size: int | None, date: datetime.date | None) -> None:
    read = question(f"? single {{a}}\npanel: {said}")
    assert (read.panel_size, read.panel_agreed_on) == (size, date)
    assert read_page(to_text(QUIZ, QuizDocument(Head("q", "Q"), questions=(read,))), KINDS).document.questions == (
        read,
    )


def test_fields_may_stand_anywhere_in_a_question() -> None:
    read = question("? single {a}\n\nStem\nselect: 2\n\nmore\n+ Yes\n  Right\nwhy: So.\n- No\n")
    assert (read.stem, read.select, read.rationale) == ("Stem\n\nmore", 2, "So.")
    assert [(option.text, option.feedback) for option in read.options] == [("Yes", "Right"), ("No", "")]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Text", "Line 2: “Text” stands there; expected one of minutes:"),
        ("+ Yes\n  Right", "Line 2: “+ Yes” stands there; expected a question (`? single`) before its options."),
        ("pass mark: most", "Line 2: “pass mark: most” stands there; expected “pass mark: …” with a number."),
        ("? single\nwhen: x", "Line 3: “when: x” stands there; expected one of select:"),
        ("? si/ngle", "Line 2: “? si/ngle” stands there; expected `? ` and the kind of the question"),
        ("? single {a b}", "Line 2: “{a b}” stands there; expected a key"),
        ("? single\n+ Yes {a b}", "Line 3: “{a b}” stands there; expected a key"),
        ("? single {a}\n? single {a}", "Line 3: “{a}” stands there; expected a key that no question above has"),
        ("? single\n+ A {a}\n? single\n+ A {a}", "Line 5: “{a}” stands there; expected a key that no option above has"),
        ("? single\n+ Yes\nRight", "Line 4: “Right” stands there; expected text indented by two, or the stem"),
        (
            "? single\npanel: 7 in May",
            "Line 3: “panel: 7 in May” stands there; expected “panel: …” with `7 on 2026-09-01`.",
        ),
        ("? single\npanel: 7 on 2026-02-30", "Line 3: “panel: 7 on 2026-02-30” stands there"),
        (
            "? single\n\n" * (QUESTIONS + 1),
            f"Line {QUESTIONS * 2 + 2}: “? single” stands there; expected at most 200 questions.",
        ),
        ("? a" + "\n+ Yes" * (OPTIONS_OF_A_QUESTION + 1), "Line 33: “+ Yes” stands there; expected at most 30 options"),
    ],
)
def test_what_is_wrong_is_told(text: str, told: str) -> None:
    faults = quiz(text).faults
    assert told in "\n".join(map(str, faults))
    assert len(faults) == 1
