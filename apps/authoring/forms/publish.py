"""What a publisher says before a draft is published."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from apps.authoring.publishing import digest_of_note, mark_of
from apps.modules.forms import area, text_of
from apps.modules.models import Edition
from apps.modules.problems import Problem

NO_NOTE = "Say in a sentence what is new. Learners decide by it."


class PublishForm(forms.Form):
    """The note for learners, needed where an edition was before, and a tick for each warning.

    What is only kept may lack both.
    """

    change_note = text_of(
        Edition,
        "change_note",
        label="What is new, for learners",
        required=False,
        widget=area(4),
        help_text="Two sentences at most, in plain words. Learners read it before they choose to change over. "
        "It cannot be changed later.",
    )

    def __init__(self, *args: Any, warnings: Sequence[Problem], is_first: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.marks = {mark_of(problem): problem for problem in warnings}
        self.confirmed = set(cast(QueryDict, self.data).getlist("confirm")) if self.is_bound else set()
        self.is_kept = self.data.get("do") == "keep"
        kept = digest_of_note(self.initial.get("change_note", ""))
        self.note_seen = self.data.get("note_seen", "") if self.is_bound else kept
        if is_first:
            del self.fields["change_note"]

    def clean_change_note(self) -> str:
        note: str = self.cleaned_data["change_note"]
        if not note and not self.is_kept:
            raise ValidationError(NO_NOTE)
        return note

    def clean(self) -> dict[str, Any]:
        missing = [mark for mark in self.marks if mark not in self.confirmed]
        if missing and not self.is_kept:
            self.add_error(
                None, f"Confirm {'this warning' if len(missing) == 1 else 'each warning'}, or mend it first."
            )
        return self.cleaned_data

    @property
    def note(self) -> str:
        """What learners are told; nothing of a first edition."""
        return str(self.cleaned_data.get("change_note", ""))
