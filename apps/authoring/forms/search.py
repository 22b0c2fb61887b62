"""What somebody looks for in drafts and editions."""

from __future__ import annotations

from django import forms

from apps.core.forms import SearchForm


class DraftSearchForm(SearchForm):
    """Words, and how much is looked through."""

    all = forms.BooleanField(label="Also in older editions, and in archived modules", required=False)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["q"].help_text = (
            "All of them must stand in the same scene, question or page. "
            "Put words that belong together in quotes: “never post”."
        )
