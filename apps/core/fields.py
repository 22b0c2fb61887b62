"""Where words are typed."""

from typing import Any

from django import forms

from apps.core.words import normalised


class WordsField(forms.CharField):
    """Words as they are kept: a line's end is one character, and what cannot be seen alone is nothing."""

    def to_python(self, value: Any) -> str:
        text = super().to_python(value) or ""
        return text if "\x00" in text else normalised(text)  # which nobody types: its validator refuses it
