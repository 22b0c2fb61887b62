"""What is wrong with a quiz is told of its document: no row is stored, and no database is asked."""

import datetime
from dataclasses import replace
from typing import Any

import pytest

from apps.modules import page_kinds
from apps.modules.checks import find_problems_of
from apps.modules.document import Head
from apps.modules.known import Known
from apps.modules.problems import Level, Problem
from apps.quizzes.document import Option, Question, QuizDocument

pytestmark = pytest.mark.once

OPTIONS = (
    Option("yes", "Ask first", is_key=True, feedback="Right."),
    Option("no", "Tell all", feedback="No."),
    Option("later", "Wait on", feedback="No."),
)
WHY = {"rationale": "It is.", "sources": ("gmc",)}
QUESTION = Question("q", "single", "What is best?", title="A first look", options=OPTIONS, **WHY)
HARD = "Notwithstanding institutional considerations, professional accountability necessitates evaluation. " * 10


def quiz(*questions: Question, **values: Any) -> QuizDocument:
    """A quiz in which nothing is wrong, unless these questions or values are."""
    return QuizDocument(Head("quiz", "The quiz"), **values, questions=questions or (QUESTION,))


def with_options(*options: Option) -> QuizDocument:
    return quiz(replace(QUESTION, options=options))


def ranking(**first: Any) -> Question:
    """Five options in their order, the first of them with these values."""
    options = [Option(f"o{place}", f"Do {place}", rank=place, feedback="So.") for place in range(1, 6)]
    return replace(
        QUESTION, key="r", title="An order", kind="rank", select=5, options=(replace(options[0], **first), *options[1:])
    )


def problems(document: QuizDocument, level: Level) -> list[Problem]:
    known = Known({"gmc": ""}, frozenset(), lambda name: False, {"quiz": page_kinds.get("quiz")})
    return find_problems_of("quiz", document, known, (level,))


def errors(document: QuizDocument) -> list[str]:
    return [problem.text for problem in problems(document, Level.ERROR)]


def warnings(document: QuizDocument) -> list[str]:
    return [problem.text for problem in problems(document, Level.WARNING)]


def test_nothing_is_found_in_a_quiz_that_is_as_it_should_be() -> None:
    document = quiz(QUESTION, ranking(), introduction="Take your time.")
    assert errors(document) == warnings(document) == []


def test_a_quiz_that_nobody_could_pass() -> None:
    assert errors(QuizDocument(Head("quiz", "The quiz"))) == ["Quiz “The quiz” has no questions."]
    told = "Quiz “The quiz” has no question that counts towards the pass mark."
    assert errors(quiz(ranking())) == [told]


@pytest.mark.parametrize(("percent", "is_told"), [(-1, True), (0, False), (100, False), (101, True)])
def test_a_pass_mark_that_is_none(percent: int, is_told: bool) -> None:
    told = [f"Quiz “The quiz”: its pass mark is {percent}% and must lie between 0% and 100%."]
    assert errors(quiz(pass_percent=percent)) == told * is_told


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"kind": "essay"}, "is of an unknown kind: essay."),
        ({"options": OPTIONS[:2]}, "has fewer than 3 options."),
        ({"options": tuple(replace(one, is_key=True) for one in OPTIONS)}, "has 3 right options and needs 1."),
        ({"select": 0}, "asks for 0 options and must ask for 1 at least."),
        ({"panel_size": 7}, "must name of its panel both the size and the date, or neither."),
        (
            {"panel_agreed_on": datetime.date(2026, 9, 1)},
            "must name of its panel both the size and the date, or neither.",
        ),
        ({"panel_size": 0, "panel_agreed_on": datetime.date(2026, 9, 1)}, "has a panel of nobody."),
        ({"kind": "multiple", "select": 3}, "asks for 3 and has 1 right option."),
    ],
)
def test_a_question_that_cannot_be_asked(changed: dict[str, Any], told: str) -> None:
    document = quiz(replace(QUESTION, key="before"), replace(QUESTION, **changed))
    (problem,) = problems(document, Level.ERROR)
    assert (problem.page, problem.block, problem.text) == ("quiz", "q", f"Quiz “The quiz”: question 2 {told}")


@pytest.mark.parametrize("first", [{"rank": None}, {"rank": 2}, {"also_rank": 2}])
def test_a_ranking_needs_every_rank_once(first: dict[str, Any]) -> None:
    told = "Quiz “The quiz”: question 2 needs 5 options with the ranks 1 to 5, each once."
    assert errors(quiz(QUESTION, ranking(**first))) == [told]


@pytest.mark.parametrize(
    ("document", "told"),
    [
        (quiz(replace(QUESTION, title="")), "has no name for lists and results."),
        (
            quiz(replace(QUESTION, key="q1"), replace(QUESTION, title="a FIRST  look")),
            "it has the same name as question 1. Learners tell questions apart by their names.",
        ),
        (quiz(replace(QUESTION, rationale="")), "has no rationale."),
        (quiz(replace(QUESTION, sources=())), "cites no source."),
        (with_options(replace(OPTIONS[0], feedback=""), *OPTIONS[1:]), "the option “Ask first” has no feedback."),
        (
            with_options(*OPTIONS[:2], replace(OPTIONS[2], text="None of these")),
            "the option “None of these” answers for the others.",
        ),
        (
            with_options(replace(OPTIONS[0], text="Ask them all first"), *OPTIONS[1:]),
            "the key “Ask them all first” is more than 1.4 times as long as the others.",
        ),
        (with_options(replace(OPTIONS[0], text="Can ask"), *OPTIONS[1:]), "only the key has a qualifier."),
        (
            with_options(*OPTIONS[:2], replace(OPTIONS[2], text="tell  ALL")),
            "2 of its options say the same: “Tell all”.",
        ),
        (
            quiz(replace(QUESTION, theme="First"), replace(QUESTION, key="q2", title="Another", theme="First")),
            "answer A is right in all 2 questions of its set.",
        ),
    ],
)
def test_what_an_editor_would_find(document: QuizDocument, told: str) -> None:
    assert errors(document) == []
    assert [(one.block, one.text) for one in problems(document, Level.WARNING)] == [("q", f"Question “q”: {told}")]


@pytest.mark.parametrize(
    ("document", "told"),
    [
        (quiz(replace(QUESTION, stem="")), "Question “q”: its stem is empty."),
        (
            quiz(replace(QUESTION, theme="x" * 121)),
            "Question “q”: its theme has 121 characters and may have 120 at most.",
        ),
        (
            quiz(replace(QUESTION, title="x" * 61)),
            "Question “q”: its name has 61 characters and may have 60 at most.",
        ),
        (quiz(replace(QUESTION, sources=("lost",))), "Question “q”: cites the source lost, which does not exist."),
        (with_options(replace(OPTIONS[0], text=""), *OPTIONS[1:]), "Option “yes”: its text is empty."),
        (
            with_options(replace(OPTIONS[0], feedback="x" * 601), *OPTIONS[1:]),
            "Option “Ask first” (yes): its feedback has 601 characters and may have 600 at most.",
        ),
        (
            with_options(replace(OPTIONS[0], rank=-1), *OPTIONS[1:]),
            "Option “Ask first” (yes): its place in the key order is -1 and must be 0 at least.",
        ),
    ],
)
def test_what_the_models_refuse(document: QuizDocument, told: str) -> None:
    assert errors(document) == [told]


def test_what_is_hard_to_read() -> None:
    (of_quiz, of_question) = warnings(quiz(replace(QUESTION, rationale=HARD), introduction=HARD))
    assert of_quiz.startswith("Quiz “quiz”: its reading age is ")
    assert of_question.startswith("Question “q”: its reading age is ")
