"""A quiz as one value. Imports no Django."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Self, cast

from apps.modules.document import ORDER, Document, Row, letter, ordered, with_row


@dataclass(frozen=True)
class Option(Row):
    """One answer that a question offers."""

    label: ClassVar[str] = "quizzes.Option"
    noun: ClassVar[str] = "option"
    nouns: ClassVar[str] = "options"
    called: ClassVar[Mapping[str, str]] = {
        "is_key": "right",
        "rank": "place",
        "also_rank": "place in the second order",
    }

    text: str
    is_key: bool = False
    rank: int | None = None
    also_rank: int | None = None  # its place in a second accepted order
    feedback: str = ""

    @property
    def name(self) -> str:
        return self.text

    @classmethod
    def called_at(cls, place: int) -> str:
        return f"answer {letter(place).upper()}"


@dataclass(frozen=True)
class Question(Row):
    """One scored item."""

    label: ClassVar[str] = "quizzes.Question"
    noun: ClassVar[str] = "question"
    nouns: ClassVar[str] = "questions"
    called: ClassVar[Mapping[str, str]] = {
        "title": "name",
        "select": "how many to choose",
        "rationale": "why",
        "panel_agreed_on": "date of the panel",
    }

    kind: str  # the name of a `QuestionKind`
    stem: str
    theme: str = ""
    title: str = ""  # what it is called in lists and on results
    select: int = 1
    rationale: str = ""
    facts: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    panel_size: int | None = None
    panel_agreed_on: datetime.date | None = None
    options: tuple[Option, ...] = ()

    @property
    def name(self) -> str:
        return self.title or self.stem


@dataclass(frozen=True)
class QuizDocument(Document):
    """A quiz. Its own key is its page's."""

    called: ClassVar[Mapping[str, str]] = {"pass_percent": "pass mark"}

    pass_percent: int = 70
    introduction: str = ""
    questions: tuple[Question, ...] = ()

    @property
    def blocks(self) -> dict[str, object]:
        """The quiz without its questions, each question, and their order."""
        own = {"": replace(self, questions=()), ORDER: tuple(question.key for question in self.questions)}
        return own | {question.key: question for question in self.questions}

    def with_block(self, key: str, block: Any) -> Self:
        if key == ORDER:
            return replace(self, questions=ordered(self.questions, block))
        return (
            replace(self, questions=with_row(self.questions, block))
            if key
            else replace(block, questions=self.questions)
        )

    def made_of(self, blocks: Mapping[str, Any]) -> Self:
        return cast(Self, replace(blocks[""], questions=tuple(blocks[key] for key in blocks[ORDER])))
