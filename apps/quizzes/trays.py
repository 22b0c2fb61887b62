"""What is open on the workbench of a quiz, as it was stored or sent: the quiz's own page, or a set of questions."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, ClassVar, cast

from django import forms
from django.http import QueryDict

from apps.core.words import normalised
from apps.modules.forms import Picker, fact_picker, picked, source_picker
from apps.modules.keys import LONGEST, PROVISIONAL
from apps.modules.outline_lines import KEY
from apps.modules.workbench import Opened, Wrong
from apps.quizzes import question_kinds, sets
from apps.quizzes.document import Option, Question, QuizDocument
from apps.quizzes.forms.writing import AboutForm, AnswerForm, FeedbackForm, QuestionForm, SetForm
from apps.quizzes.key_editors import KeyEditor, Place, letter
from apps.quizzes.outline import OPTIONS_OF_A_QUESTION, QUESTIONS

MOST_ROWS = 2 * OPTIONS_OF_A_QUESTION  # of answers in a form, those that are empty with them
NO_KEY = "."  # of an answer that is new
NO_QUESTION = Wrong("This form does not say which question it is of. Open the question again.")


class Tray(ABC):
    """What is open, in forms."""

    template_name: ClassVar[str]

    def __init__(self, opened: Opened) -> None:
        self.opened, self.sent = opened, opened.sent
        self.document = cast("QuizDocument", opened.document)

    @property
    @abstractmethod
    def keys(self) -> tuple[str, ...]:
        """The blocks that are written."""

    @property
    @abstractmethod
    def name(self) -> str:
        """What is open, in words."""

    @abstractmethod
    def wrongs(self) -> list[Wrong]:
        """What cannot be stored of what was sent."""

    @abstractmethod
    def written(self) -> QuizDocument:
        """The quiz with what was sent."""


class AboutTray(Tray):
    """What the quiz says of itself."""

    template_name = "quizzes/authors/_about.html"
    keys = ("",)
    name = "About the quiz"

    @cached_property
    def form(self) -> AboutForm:
        return AboutForm(self.sent, initial=AboutForm.data_of(self.document))

    @property
    def pickers(self) -> list[Picker]:
        head = self.document.head
        facts, sources = _picked(self.sent, "", head.facts, head.sources)
        shelf = self.opened.shelf
        return [source_picker(shelf, "sources", sources), fact_picker(shelf, "facts", facts)]

    def wrongs(self) -> list[Wrong]:
        return list(_wrongs_of(self.form))

    def written(self) -> QuizDocument:
        facts, sources = _picked(self.sent, "", (), ())
        data = self.form.cleaned_data if self.form.is_valid() else {}
        head = self.form.head(self.document.head.key, facts, sources)
        return replace(self.document, head=head, pass_percent=data["pass_percent"], introduction=data["introduction"])


@dataclass(frozen=True)
class Row:
    """An answer in a question: its words, what marks it, and what is said of it."""

    place: int
    answer: AnswerForm
    feedback: FeedbackForm
    option: Option  # as far as it can be read
    mark: object
    is_new: bool  # and not stored yet
    is_last: bool

    @property
    def letter(self) -> str:
        return letter(self.place)

    @property
    def is_first(self) -> bool:
        return self.place == 0

    @property
    def is_blank(self) -> bool:
        """Whether nothing is written in it."""
        return not self.option.text and not self.option.feedback

    @property
    def is_key(self) -> bool:
        return self.option.is_key


class Part:
    """One question of what is open."""

    def __init__(self, tray: SetTray, number: int, stored: Question) -> None:
        self.tray, self.stored, self.name = tray, stored, f"q{number}"
        self.sent = tray.sent

    @property
    def key(self) -> str:
        return self.stored.key

    @property
    def is_open(self) -> bool:
        """Whether its fields stand open, in a set; there the others lie folded."""
        return self.key == self.tray.opened.block or len(self.tray.keys) == 1

    @cached_property
    def position(self) -> int:
        """Which question it is, from 1."""
        keys = [question.key for question in self.tray.document.questions]
        return keys.index(self.key) + 1 if self.key in keys else len(keys) + 1

    @cached_property
    def form(self) -> QuestionForm:
        return QuestionForm(
            self.sent,
            prefix=self.name,
            initial=QuestionForm.data_of(self.stored),
            asks_how_many=self.tray.editor.asks_how_many,
        )

    @cached_property
    def option_keys(self) -> list[str]:
        """The keys of its answers in the order of the form, empty for what is new."""
        stored = [option.key for option in self.stored.options]
        if self.sent is None:
            return stored
        said = self.sent.get(f"{self.name}-options", "").split()[:MOST_ROWS]
        taken = self.tray.keys_of_other_answers
        found = [key if _is_key(key) and key not in taken else "" for key in said]
        return [key if key not in found[:place] else "" for place, key in enumerate(found)]

    @property
    def options_said(self) -> str:
        """The keys of its answers as the form carries them."""
        return " ".join(key or NO_KEY for key in self.option_keys)

    @cached_property
    def rows(self) -> list[Row]:
        """Its answers, and those that stand ready."""
        known, answers = {option.key: option for option in self.stored.options}, self.tray.answers
        keys = self.option_keys + [""] * (len(answers) - len(self.option_keys))
        places = [Place(self.name, number) for number in range(len(answers))]
        feedback = [self._feedback(place, known.get(key)) for place, key in zip(places, keys, strict=False)]
        options = []
        for place, key, said in zip(places, keys, feedback, strict=False):
            option = known.get(key) or Option(key or f"{PROVISIONAL}{self.name}-{place.number}", "")
            option = replace(option, text=_said(answers[place.number], "text"), feedback=_said(said, "feedback"))
            options.append(self.tray.editor.read(self.sent, place, option) if self.sent is not None else option)
        marks = [self.tray.editor.mark(place, options) for place in places]
        are_new = [option.key not in known for option in options]
        lasts = [all(are_new[place.number + 1 :]) for place in places]
        return [
            Row(*each)
            for each in zip(range(len(places)), answers, feedback, options, marks, are_new, lasts, strict=True)
        ]

    def _feedback(self, place: Place, option: Option | None) -> FeedbackForm:
        initial = {"feedback": option.feedback if option else ""}
        return FeedbackForm(self.sent, prefix=f"{place.part}-{place.number}", initial=initial)

    @property
    def is_unfolded(self) -> bool:
        """Whether something in it must be seen."""
        return self.sent is not None and next(self.wrongs(), None) is not None

    @property
    def pickers(self) -> list[Picker]:
        """Sources and facts; of a question that lies folded only what is ticked, to take away."""
        facts, sources = _picked(self.sent, f"{self.name}-", self.stored.facts, self.stored.sources)
        shelf = self.tray.opened.shelf
        pickers = [
            source_picker(shelf, f"{self.name}-sources", sources),
            fact_picker(shelf, f"{self.name}-facts", facts),
        ]
        return pickers if self.is_open else [replace(picker, groups=()) for picker in pickers if picker.ticked]

    @property
    def wants(self) -> str:
        """What is to be put right in what is right, once there are answers."""
        options = [row.option for row in self.rows if not row.is_blank]
        return self.tray.editor.wants(options, self._select) if options and self.sent is None else ""

    @property
    def right(self) -> str:
        """What is right, in letters."""
        return self.tray.editor.key_in_words([row.option for row in self.rows if not row.is_blank])

    @property
    def _select(self) -> int:
        said = self.form.cleaned_data.get("select") if self.form.is_bound and self.form.is_valid() else None
        return int(said) if said else self.stored.select

    def wrongs(self) -> Iterator[Wrong]:
        """What cannot be stored of it."""
        where = f"Question {self.position}: " if len(self.tray.keys) > 1 else ""
        yield from _wrongs_of(self.form, where)
        for row in self.rows:
            yield from _wrongs_of(row.feedback, f"{where}Feedback on {row.letter}: ")
            place = Place(self.name, row.place)
            if self.sent is not None and (wrong := self.tray.editor.wrong(self.sent, place)):
                yield Wrong(f"{where}{wrong}", place.id)

    def written(self, kept: Sequence[int], theme: str, kind: str) -> Question:
        """The question as it was sent, with the answers in these rows."""
        data = self.form.cleaned_data
        facts, sources = _picked(self.sent, f"{self.name}-", (), ())
        is_other = kind != self.tray.shown
        select = question_kinds.editor_of(kind).select if is_other else data.get("select", self.stored.select)
        return replace(
            self.stored,
            kind=kind,
            theme=theme,
            select=select,
            **{name: data[name] for name in ("title", "stem", "rationale", "panel_size", "panel_agreed_on")},
            facts=facts,
            sources=sources,
            options=tuple(self.rows[place].option for place in kept),
        )


class SetTray(Tray):
    """A set of questions, or one on its own."""

    template_name = "quizzes/authors/_set.html"

    @cached_property
    def keys(self) -> tuple[str, ...]:
        if self.sent is None:
            return tuple(question.key for question in sets.set_with(self.document, self.opened.block))
        return tuple(dict.fromkeys(key for key in self.sent.getlist("question") if _is_key(key)))[:QUESTIONS]

    @cached_property
    def stored(self) -> list[Question]:
        """The questions as they stand; one that has gone is made again."""
        return [sets.find(self.document, key) or Question(key, self.shown, "") for key in self.keys]

    @cached_property
    def shown(self) -> str:
        """The kind of question that the form was made for."""
        if self.sent is not None:
            return self.sent.get("shown", "")[:80]
        return self.stored[0].kind if self.keys else ""

    @property
    def editor(self) -> KeyEditor:
        return question_kinds.editor_of(self.shown)

    @property
    def name(self) -> str:
        if len(self.parts) > 1:
            return f"Set of {len(self.parts)}: {self.stored[0].theme}"
        return f"Question {self.parts[0].position} of {len(self.document.questions)}" if self.parts else "A question"

    @cached_property
    def form(self) -> SetForm:
        first = self.stored[0] if self.stored else Question("", self.shown, "")
        return SetForm(self.shown, self.sent, prefix="set", initial={"theme": first.theme, "kind": first.kind})

    @cached_property
    def answers(self) -> list[AnswerForm]:
        """The words of the answers, and of those that stand ready."""
        texts = [option.text for option in self.stored[0].options] if self.stored else []
        texts += [""] * self.ready
        if self.sent is not None:
            rows = [place for place in range(MOST_ROWS) if f"a{place}-text" in self.sent]
            texts += [""] * (rows[-1] + 1 - len(texts) if rows else 0)
            texts = texts[: rows[-1] + 1] if rows else []
        return [AnswerForm(self.sent, prefix=f"a{place}", initial={"text": text}) for place, text in enumerate(texts)]

    @property
    def ready(self) -> int:
        """How many empty answers stand ready."""
        if self.sent is not None or not self.stored:
            return 0
        if not self.stored[0].options:
            return self.editor.ready
        return 1 if "answers" in self.opened.asked else 0

    @cached_property
    def keys_of_other_answers(self) -> set[str]:
        """The keys of answers to questions that are not open here."""
        others = (question for question in self.document.questions if question.key not in self.keys)
        return {option.key for question in others for option in question.options}

    @cached_property
    def parts(self) -> list[Part]:
        """Its questions."""
        return [Part(self, number, question) for number, question in enumerate(self.stored)]

    @property
    def rows(self) -> list[Row]:
        """The answers as the first of its questions has them."""
        return self.parts[0].rows if self.parts else []

    @property
    def is_set(self) -> bool:
        return len(self.parts) > 1

    @cached_property
    def kept(self) -> list[int]:
        """The rows in which something is written."""
        rows = range(len(self.answers))
        return [place for place in rows if not all(part.rows[place].is_blank for part in self.parts)]

    def wrongs(self) -> list[Wrong]:
        if not self.parts:
            return [NO_QUESTION]
        found = [*_wrongs_of(self.form)]
        if self.sent is not None and self.sent.get("do") == "stem" and not normalised(self.sent.get("set-theme", "")):
            found.append(Wrong("Give the set a theme first: it tells its questions apart from others.", "id_set-theme"))
        for place, answer in enumerate(self.answers):
            found += _wrongs_of(answer, f"Answer {letter(place)}: ")
        return found + [wrong for part in self.parts for wrong in part.wrongs()]

    def written(self) -> QuizDocument:
        data = self.form.cleaned_data if self.form.is_valid() else {}
        questions = [part.written(self.kept, data["theme"], data["kind"]) for part in self.parts]
        document = self.document
        for question in questions:
            document = document.with_block(question.key, question)
        return document


def _is_key(key: str) -> bool:
    return len(key) <= LONGEST and KEY.fullmatch(key) is not None


def _picked(
    sent: QueryDict | None, begins: str, facts: Iterable[str], sources: Iterable[str]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The facts and the sources: those that were sent, else these."""
    if sent is None:
        return tuple(facts), tuple(sources)
    return picked(sent, f"{begins}facts", are_facts=True), picked(sent, f"{begins}sources")


def _said(form: forms.Form, name: str) -> str:
    """What stands in a field: as it can be stored, else as it was sent."""
    if form.is_bound and form.is_valid():
        return str(form.cleaned_data[name])
    return str(form[name].value() or "")


def _wrongs_of(form: forms.Form, where: str = "") -> Iterator[Wrong]:
    """What is wrong with the fields of a form."""
    for field in form:
        for text in field.errors:
            yield Wrong(f"{where}{text}" if where else _named(field, str(text)), field.auto_id)


def _named(field: Any, text: str) -> str:
    return f"{field.label} is missing." if text == "This field is required." else text
