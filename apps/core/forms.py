"""What somebody looks for, here or at the desk."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from apps.core.words import can_be_seen

LONGEST = 100
FEWEST = 2
UNSTORABLE = re.compile("[\0\ud800-\udfff]")


class SearchForm(forms.Form):
    """Words; with none of them there is only the form."""

    q = forms.CharField(
        label="Words to look for",
        required=False,
        widget=forms.TextInput(attrs={"type": "search", "maxlength": LONGEST, "autocomplete": "off"}),
    )

    always_begins_alike = True  # for `{% component %}`

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["q"].validators = []  # what is no character of a text is told below

    def clean_q(self) -> str:
        asked: str = self.cleaned_data["q"]
        if UNSTORABLE.search(asked):
            raise ValidationError("There is a sign in these words that no text can hold. Type them once more.")
        words = " ".join("".join(one for one in asked if one.isspace() or can_be_seen(one)).split())
        if len(words) > LONGEST:
            raise ValidationError(f"These are {len(words):,} characters. Look for {LONGEST} at the most.")
        if words and sum(map(str.isalnum, words)) < FEWEST:
            raise ValidationError("Look for two letters at least.")
        return words
