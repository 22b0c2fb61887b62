"""How an author says what is right in a question: each kind of question names one of these, or brings its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from django.http import QueryDict

from apps.core.words import in_words as in_words
from apps.modules import document
from apps.quizzes.document import Option

LARGEST_NUMBER = 32_767  # that the database holds of a place


@dataclass(frozen=True)
class Place:
    """Where an answer stands in a form: the names of its fields begin with `part`, which is its question's."""

    part: str
    number: int  # from 0

    @property
    def id(self) -> str:
        """The id of what marks it."""
        return f"{self.part}-right-{self.number}"


class KeyEditor:
    """Answers are ticked, as many as are right."""

    template_name: ClassVar[str] = "quizzes/authors/_tick.html"  # beside one answer; shows `row` and its `mark`
    legend: ClassVar[str] = "The right answers, and feedback on each"
    ready: ClassVar[int] = 5  # empty answers that stand ready in a new question
    select: ClassVar[int] = 1  # how many learners are to choose, in a new question
    asks_how_many: ClassVar[bool] = False  # whether that is its author's to say

    def mark(self, place: Place, options: Sequence[Option]) -> object:
        """What the template shows beside the answer at this place, among these."""
        return Tick(place, "checkbox", options[place.number].is_key)

    def read(self, sent: QueryDict, place: Place, option: Option) -> Option:
        """The answer with what was said of it; what cannot be read is left as it was."""
        return replace(option, is_key=str(place.number) in sent.getlist(f"{place.part}-right"))

    def wrong(self, sent: QueryDict, place: Place) -> str:
        """What of that cannot be stored, in a sentence; empty where all can."""
        return ""

    def wants(self, options: Sequence[Option], select: int) -> str:
        """What of it is to be put right before learners can be asked, in a sentence; empty where nothing is."""
        return "" if any(option.is_key for option in options) else "Tick what is right."

    def key_in_words(self, options: Sequence[Option]) -> str:
        """What is right, by the letters of the answers: `A, C`."""
        return ", ".join(letter(place) for place, option in enumerate(options) if option.is_key)


@dataclass(frozen=True)
class Tick:
    """A box, or a radio button, beside an answer."""

    place: Place
    type: str
    is_ticked: bool


class OneRight(KeyEditor):
    """One answer is right."""

    legend = "The right answer, and feedback on each"

    def mark(self, place: Place, options: Sequence[Option]) -> Tick:
        is_one = sum(option.is_key for option in options) < 2  # of radio buttons one alone would stay ticked
        return Tick(place, "radio" if is_one else "checkbox", options[place.number].is_key)

    def wants(self, options: Sequence[Option], select: int) -> str:
        right = sum(option.is_key for option in options)
        return {0: "Tick the right answer.", 1: ""}.get(right, f"Tick one answer; you ticked {in_words(right)}.")


class SomeRight(KeyEditor):
    """So many answers are right."""

    select = 2
    asks_how_many = True

    def wants(self, options: Sequence[Option], select: int) -> str:
        right = sum(option.is_key for option in options)
        return "" if right == select else f"Tick {in_words(select)}; you ticked {in_words(right)}."


def letter(place: int) -> str:
    """The letter of an answer at this place, from 0."""
    return document.letter(place).upper()


def whole_number(text: str) -> int | None:
    """A number that somebody sent, if it is one that can be stored."""
    is_number = text.isascii() and text.isdecimal() and len(text) <= 5
    return int(text) if is_number and int(text) <= LARGEST_NUMBER else None
