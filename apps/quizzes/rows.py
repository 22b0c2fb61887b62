"""The rows of a quiz and the document that they make, one from the other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from decimal import Decimal

from apps.modules.content import EditionContent
from apps.modules.document import Head
from apps.modules.models import Page
from apps.modules.rows import Rows, cited, sources, words
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
        **words(question, "key", "kind", "stem", "theme", "title", "rationale"),
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


def rows_of(page: Page, written: QuizDocument) -> Iterator[EditionContent]:
    """The rows of a quiz, linked among themselves, none of them stored."""
    pass_mark = Decimal(written.pass_percent) / 100
    quiz = Quiz(page=page, key=page.key, pass_mark=pass_mark, introduction=written.introduction)
    yield quiz
    for position, question in enumerate(written.questions, start=1):
        names = ("key", "kind", "stem", "theme", "title", "select", "rationale", "panel_size", "panel_agreed_on")
        said = {name: getattr(question, name) for name in names}
        row = Question(quiz=quiz, position=position, facts=" ".join(question.facts), **said)
        yield row
        yield from cited(QuestionCitation, row, question.sources)
        for place, option in enumerate(question.options, start=1):
            yield Option(question=row, position=place, **asdict(option))
