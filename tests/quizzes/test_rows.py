"""Rows of quizzes become documents."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.modules.rows import read_document
from apps.quizzes.document import Option, Question, QuizDocument
from apps.quizzes.models import Quiz
from tests import make

pytestmark = pytest.mark.django_db


def read(quiz: Quiz) -> QuizDocument:
    document = read_document(quiz.page)
    assert isinstance(document, QuizDocument)
    return document


def test_a_quiz_is_its_own_words_and_its_questions() -> None:
    quiz = make.quiz(make.draft(), questions=2)
    quiz.pass_mark = "0.55"
    quiz.save()
    agreed = {
        "theme": "Posts",
        "title": "A post",
        "facts": "A1",
        "panel_size": 7,
        "panel_agreed_on": datetime.date(2026, 9, 1),
    }
    question = make.question(quiz, 3, sources=2, **agreed)
    read_ = read(quiz)
    assert (read_.pass_percent, read_.introduction) == (55, "Take your time.")
    assert [(question.kind, question.select) for question in read_.questions] == [
        ("single", 1),
        ("multiple", 2),
        ("single", 1),
    ]
    assert read_.questions[2] == Question(
        "quiz-q3",
        "single",
        "What is best in case 3?",
        theme="Posts",
        title="A post",
        rationale="Because it is.",
        facts=("A1",),
        sources=tuple(question.citations.values_list("source__key", flat=True)),
        panel_size=7,
        panel_agreed_on=datetime.date(2026, 9, 1),
        options=tuple(
            Option(f"quiz-q3-{end}", f"Option {end} of 3", is_key=end == "right", feedback=f"Feedback on {end}.")
            for end in ("right", "wrong", "wrong-2")
        ),
    )


def test_options_keep_both_accepted_orders() -> None:
    quiz = make.quiz(make.draft(), questions=0)
    options = list(make.ranking(quiz, 1).options.order_by("position"))
    for option, also in zip(options, (2, 1, 3, 4, 5), strict=True):
        option.also_rank = also
        option.save()
    assert [(option.rank, option.also_rank) for option in read(quiz).questions[0].options] == [
        (1, 2),
        (2, 1),
        (3, 3),
        (4, 4),
        (5, 5),
    ]


def test_a_large_quiz_is_read_in_as_many_queries_as_a_small_one() -> None:
    asked = []
    for questions in (5, 50):
        quiz = make.quiz(make.draft(), questions=questions)
        with CaptureQueriesContext(connection) as queries:
            assert len(read(quiz).questions) == questions
        asked.append(len(queries))
    assert asked[0] == asked[1] <= 12
