"""A quiz as its author writes it: what it says of itself, and its questions by set."""

from __future__ import annotations

from typing import Any

from django import forms

from apps.core.fields import WordsField
from apps.core.markdown import MAX_LENGTH
from apps.modules.forms import AuthorForm, HeadForm, area, rows_of, text_of
from apps.quizzes import question_kinds
from apps.quizzes.document import Question, QuizDocument
from apps.quizzes.key_editors import LARGEST_NUMBER
from apps.quizzes.models import Option
from apps.quizzes.models import Question as QuestionRow
from apps.quizzes.outline import OPTIONS_OF_A_QUESTION

TOO_LONG = "This has %(show_value)d characters, and the most is %(limit_value)d. Shorten it."
PANEL = "Give both the size of the panel and the date on which it agreed, or neither."


def whole(what: str, example: int, least: int, most: int) -> dict[str, str]:
    """What is said of a number that is not one, or is too small or too large."""
    written = f"Write {what} as a whole number, such as {example}."
    return {"invalid": written, "required": written} | dict.fromkeys(
        ("min_value", "max_value"), f"Write {what} as a whole number from {least} to {most}."
    )


def number() -> forms.TextInput:
    """A field for a number whose words, where it is none, reach us: a browser would send nothing."""
    return forms.TextInput(attrs={"inputmode": "numeric"})


class QuizForm(AuthorForm):
    """A form in which texts are measured."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.error_messages["max_length"] = TOO_LONG
            if isinstance(field.widget, forms.Textarea):
                field.widget.attrs["rows"] = rows_of(str(self[name].value() or ""), 2, 30)


class AboutForm(QuizForm, HeadForm):
    """What a quiz says of itself."""

    pass_percent = forms.IntegerField(
        label="Pass mark",
        min_value=0,
        max_value=100,
        help_text="In per cent of the marks that can be had, such as 70.",
        error_messages=whole("the pass mark", 70, 0, 100),
    )
    introduction = WordsField(
        required=False,
        max_length=MAX_LENGTH,
        widget=area(4),
        help_text="What learners read before they begin; you may leave it empty.",
    )

    @staticmethod
    def data_of(document: QuizDocument) -> dict[str, Any]:
        """What the form shows of a quiz."""
        own = {"pass_percent": document.pass_percent, "introduction": document.introduction}
        return HeadForm.data_of_head(document.head) | own


class SetForm(QuizForm):
    """What the questions of a set share beside their answers."""

    theme = text_of(
        QuestionRow,
        "theme",
        required=False,
        help_text="Learners read it above the question. Questions with the same theme and answers are a set.",
    )
    kind = forms.ChoiceField(
        help_text="What is asked below is asked by the kind; after another is chosen, it changes with the next save.",
        error_messages={"invalid_choice": "Choose one of the kinds.", "required": "Choose one of the kinds."},
    )

    def __init__(self, shown: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = question_kinds.choices()
        strange = [] if question_kinds.is_known(shown) else [(shown, f"Unknown kind: {shown}")]
        kind = self.fields["kind"]
        if isinstance(kind, forms.ChoiceField):
            kind.choices = [*known, *strange]


class AnswerForm(QuizForm):
    """The words of an answer, which all questions of a set share."""

    text = text_of(Option, "text", required=False)


class FeedbackForm(QuizForm):
    """What is said to learners of an answer."""

    feedback = text_of(Option, "feedback", required=False, widget=area(2))


class QuestionForm(QuizForm):
    """A question without its answers."""

    stem = text_of(QuestionRow, "stem", label="The situation, and the question", required=False, widget=area(3))
    title = text_of(
        QuestionRow,
        "title",
        label="Name, for lists and results",
        required=False,
        help_text="A few words that tell it from the others, such as “A rota rule and a mobile number”.",
    )
    select = forms.IntegerField(
        label="How many to choose",
        widget=number(),
        min_value=1,
        max_value=OPTIONS_OF_A_QUESTION,
        error_messages=whole("how many learners are to choose", 3, 1, OPTIONS_OF_A_QUESTION),
    )
    rationale = text_of(
        QuestionRow,
        "rationale",
        label="Why",
        required=False,
        widget=area(3),
        help_text="Learners read it after they answered. Say what the source says.",
    )
    panel_size = forms.IntegerField(
        label="How many clinicians agreed the key",
        required=False,
        widget=number(),
        min_value=1,
        max_value=LARGEST_NUMBER,
        help_text="Leave both empty until a panel has.",
        error_messages=whole("how many they were", 7, 1, LARGEST_NUMBER),
    )
    panel_agreed_on = forms.DateField(
        label="When they agreed it",
        required=False,
        input_formats=["%Y-%m-%d", "%d/%m/%Y"],
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": "Write the date with year, month and day, such as 2026-09-30."},
    )

    def __init__(self, *args: Any, asks_how_many: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not asks_how_many:
            del self.fields["select"]

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        if not self.errors and (data["panel_size"] is None) != (data["panel_agreed_on"] is None):
            self.add_error("panel_size" if data["panel_size"] is None else "panel_agreed_on", PANEL)
        return data

    @staticmethod
    def data_of(question: Question) -> dict[str, Any]:
        """What the form shows of a question."""
        names = ("stem", "title", "select", "rationale", "panel_size", "panel_agreed_on")
        return {name: getattr(question, name) for name in names}
