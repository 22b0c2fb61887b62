"""What the kinds have in common in which options are selected and not ordered."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms

from apps.quizzes.forms.answering import FOREIGN_OPTION, AnswerForm
from apps.quizzes.models import Option
from apps.quizzes.question_kinds import QuestionKind
from apps.quizzes.scoring import Given, Key


class SelectForm(AnswerForm):
    """The options that were selected."""

    answer_fields = ("option",)
    input_type: ClassVar[str] = "checkbox"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["option"] = forms.MultipleChoiceField(
            choices=[(option.key, option.text) for option in self.options],
            required=False,
            error_messages={"invalid_choice": FOREIGN_OPTION},
        )

    def given(self) -> Given:
        return dict.fromkeys(self.cleaned_data["option"])

    def sent(self) -> Given:
        selected = self.posted.getlist("option")
        return dict.fromkeys(option.key for option in self.options if option.key in selected)


class SelectOneForm(SelectForm):
    """The same with radio buttons."""

    input_type = "radio"


@dataclass(frozen=True)
class Selection:
    """The options as a result shows them: those that are right or were selected, with whether they were; the others."""

    decisive: list[tuple[Option, bool]]
    others: list[Option]


class SelectingKind(QuestionKind):
    """Options are selected; how many, and what they bring, is each kind's own."""

    form_class = SelectForm
    answer_template = "quizzes/kinds/select.html"
    result_template = "quizzes/kinds/select_result.html"

    def review(self, options: Sequence[Option], key: Key, given: Given) -> Selection:
        decisive = [option for option in options if option.key in key.right or option.key in given]
        return Selection(
            [(option, option.key in given) for option in decisive],
            [option for option in options if option not in decisive],
        )
