"""Where a page, or a block of one, is copied to."""

from __future__ import annotations

from collections.abc import Iterable

from django import forms

Targets = Iterable[tuple[str, str]]  # what the form sends for each, and what it is called


class CopyForm(forms.Form):
    """One of the drafts, or of their pages, to choose."""

    to = forms.ChoiceField(
        label="Where to",
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choose where the copy is to stand.",
            "invalid_choice": "This is not there any more. Choose another.",
        },
    )

    def __init__(self, *args: object, targets: Targets, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["to"].choices = list(targets)  # type: ignore[attr-defined]
