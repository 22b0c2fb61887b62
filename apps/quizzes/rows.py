"""The rows of a quiz, and the document that they make."""

from __future__ import annotations

from apps.modules.document import Head
from apps.modules.rows import Rows, sources, words
from apps.quizzes import document
from apps.quizzes.document import QuizDocument
from apps.quizzes.models import Option, Question, QuestionCitation, Quiz


def document_of(head: Head, rows: Rows) -> QuizDocument:
    """The quiz of a page; without questions where there is none yet."""
    if not (found := rows.of(Quiz)):
        return QuizDocument(head)
    (quiz,) = found
    options, citations = rows.by(Option, "question"), rows.by(QuestionCitation, "question")
    return QuizDocument(
        head,
        quiz.pass_percent,
        **words(quiz, "introduction"),
        questions=tuple(
            _question(question, options[question.pk], citations[question.pk]) for question in rows.of(Question)
        ),
    )


def _question(question: Question, options: list[Option], citations: list[QuestionCitation]) -> document.Question:
    return document.Question(
        **words(question, "key", "kind", "stem", "theme", "rationale"),
        select=question.select,
        facts=tuple(question.facts.split()),
        sources=sources(citations),
        panel_size=question.panel_size,
        panel_agreed_on=question.panel_agreed_on,
        options=tuple(_option(option) for option in options),
    )


def _option(option: Option) -> document.Option:
    return document.Option(
        **words(option, "key", "text", "feedback"),
        is_key=option.is_key,
        rank=option.rank,
        also_rank=option.also_rank,
    )
