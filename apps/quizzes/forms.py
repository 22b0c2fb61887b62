"""What a learner sends from a quiz."""

from collections.abc import Iterable
from typing import Any

from django import forms

FOREIGN_OPTION = "That answer does not belong to this question. Choose from those below"


class AttemptForm(forms.Form):
    """Which attempt the page was showing."""

    attempt = forms.IntegerField(min_value=1, max_value=100_000)


class AnswerForm(AttemptForm):
    """The keys of the options given to a question; how many it takes is the question's own rule."""

    option = forms.MultipleChoiceField(required=False, error_messages={"invalid_choice": FOREIGN_OPTION})

    def __init__(self, keys: Iterable[str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["option"].choices = [(key, key) for key in keys]  # type: ignore[attr-defined]
