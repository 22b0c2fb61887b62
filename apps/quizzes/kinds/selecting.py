"""What the kinds have in common in which options are selected and not ordered."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms

from apps.quizzes.forms.answering import FOREIGN_OPTION, AnswerForm
from apps.quizzes.models import Option
from apps.quizzes.question_kinds import Line, QuestionKind
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


class SelectingKind(QuestionKind):
    """Options are selected; how many, and what they bring, is each kind's own."""

    form_class = SelectForm
    answer_template = "quizzes/kinds/select.html"
    result_template = "quizzes/kinds/select_result.html"

    def review(self, options: Sequence[Option], key: Key, given: Given) -> list[tuple[Option, bool]]:
        """Those that are right or were selected, with whether they were: first what was missed, last what is wrong."""
        decisive = [option for option in options if option.key in key.right or option.key in given]
        decisive.sort(key=lambda option: (option.key not in key.right, option.key in given))
        return [(option, option.key in given) for option in decisive]

    def others(self, options: Sequence[Option], key: Key, given: Given) -> list[Option]:
        return [option for option in options if option.key not in key.right and option.key not in given]

    def in_short(self, options: Sequence[Option], key: Key, given: Given) -> list[Line]:
        right = [option for option in options if option.key in key.right]
        missed = [option for option in right if option.key not in given]
        hit, yours = len(right) - len(missed), [option for option in options if option.key in given]
        if not hit:
            return [Line("Right:", _together(right)), Line("Yours:", _together(yours) or "not answered")]
        label = f"{hit} of {len(right)} right."
        return [Line(f"{label} Also right:", _together(missed)) if missed else Line(label)]


def _together(options: Sequence[Option]) -> str:
    return " / ".join(option.text for option in options)
