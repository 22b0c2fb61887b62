"""Documents become the rows of quizzes: those that stay keep their ids."""

import datetime
from collections.abc import Callable
from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.modules.rows import read_document
from apps.modules.writing import KeyInUseError, write_document
from apps.quizzes.document import Option, Question, QuizDocument
from apps.quizzes.models import Option as OptionRow
from apps.quizzes.models import Question as QuestionRow
from apps.quizzes.models import Quiz
from tests import make

pytestmark = pytest.mark.django_db


def read(quiz: Quiz) -> QuizDocument:
    document = read_document(quiz.page)
    assert isinstance(document, QuizDocument)
    return document


def a_quiz(questions: int = 3) -> Quiz:
    quiz = make.quiz(make.draft(), questions=questions)
    make.ranking(quiz, questions + 1)
    return quiz


def ids(quiz: Quiz) -> dict[str, int]:
    return {
        f"{model.__name__} {row.key}": row.pk
        for model in (Quiz, QuestionRow, OptionRow)
        for row in model._base_manager.filter(edition=quiz.edition)
    }


def reworded(document: QuizDocument) -> QuizDocument:
    first, *others = document.questions
    panel = {"panel_size": 7, "panel_agreed_on": datetime.date(2026, 9, 1)}
    first = replace(first, stem="Why?", theme="Posts", facts=("A1",), sources=(), **panel)
    return replace(document, pass_percent=55, introduction="Begin.", questions=(first, *others))


def turned_round(document: QuizDocument) -> QuizDocument:
    turned = (replace(question, options=question.options[::-1]) for question in document.questions[::-1])
    return replace(document, questions=tuple(turned))


def with_others(document: QuizDocument) -> QuizDocument:
    """A new question in front, and neither the second nor an option of the third."""
    first, _, third, *others = document.questions
    options = (Option("new-a", "A", is_key=True, feedback="Yes."), Option("new-b", "B", rank=1, also_rank=2))
    new = Question("new", "single", "New?", rationale="So.", sources=first.sources, options=options)
    return replace(document, questions=(new, first, replace(third, options=third.options[1:]), *others))


def without_anything(document: QuizDocument) -> QuizDocument:
    return QuizDocument(document.head)


@pytest.mark.parametrize("change", [reworded, turned_round, with_others, without_anything])
def test_what_is_written_is_read_again_and_what_stays_keeps_its_id(
    change: Callable[[QuizDocument], QuizDocument],
) -> None:
    quiz = a_quiz()
    before, wanted = ids(quiz), change(read(quiz))
    write_document(quiz.page, wanted)
    assert read(quiz) == wanted
    after = ids(quiz)
    assert {key: before[key] for key in before if key in after} == {key: after[key] for key in after if key in before}
    connection.check_constraints()


def test_no_key_of_another_quiz_is_taken() -> None:
    quiz = a_quiz()
    make.quiz(quiz.edition, "other")
    document = read(quiz)
    for question in (
        Question("other-q1", "single", "?"),
        Question("q", "single", "?", options=(Option("other-q1-right", "A"),)),
    ):
        with pytest.raises(KeyInUseError):
            write_document(quiz.page, replace(document, questions=(question,)))
    assert read(quiz) == document


def test_a_large_quiz_is_written_in_as_many_statements_as_a_small_one() -> None:
    counts = []
    for questions in (5, 50):
        quiz = a_quiz(questions)
        asked = []
        for change in (turned_round, with_others, without_anything):
            wanted = change(read(quiz))
            with CaptureQueriesContext(connection) as queries:
                write_document(quiz.page, wanted)
            asked.append(len(queries))
        counts.append(asked)
    assert counts[0] == counts[1]
    assert max(counts[0]) <= 40
