"""What a publisher says before a draft is published."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from apps.authoring.publishing import digest_of_note
from apps.modules.forms import area, text_of
from apps.modules.models import Edition

NEW_WARNING = "There is a warning that was not on this page when you opened it."
NEW_WARNINGS = "There are warnings that were not on this page when you opened it."
NO_NOTE = "Say in a sentence what is new. Learners decide by it."


class PublishForm(forms.Form):
    """The note for learners, needed where an edition was before, and a tick for each warning.

    What is only kept may lack both. `shown` are the warnings that its page had.
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

    def __init__(self, *args: Any, is_first: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.confirmed = set(cast(QueryDict, self.data).getlist("confirm")) if self.is_bound else set()
        self.shown = set(self.data["shown"].split()) if "shown" in self.data else None
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

    def is_new(self, mark: str) -> bool:
        """Whether a warning was not on the page that was sent."""
        return self.shown is not None and mark not in self.shown

    def ask_for(self, marks: Iterable[str]) -> None:
        """Say what is missing where these warnings are to be confirmed."""
        missing = [mark for mark in marks if mark not in self.confirmed]
        new = [mark for mark in missing if self.is_new(mark)]
        if new:
            self.add_error(None, f"{NEW_WARNING if len(new) == 1 else NEW_WARNINGS} Read what is new, then confirm it.")
        if len(missing) > len(new):
            which = "this warning" if len(missing) == 1 else "each warning"
            self.add_error(None, f"Confirm {which}, or mend it first.")

    @property
    def note(self) -> str:
        """What learners are told; nothing of a first edition."""
        return str(self.cleaned_data.get("change_note", ""))
