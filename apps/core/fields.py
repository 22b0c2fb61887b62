"""Where words are typed."""

from typing import Any

from django import forms

from apps.core.words import normalised


class WordsField(forms.CharField):
    """Words, measured as they are kept: a line's end is one character, what cannot be seen alone is nothing.

    One line is one line, whatever a hand-made form sends.
    """

    def to_python(self, value: Any) -> str:
        text = super().to_python(value) or ""
        if "\x00" in text:  # which nobody types: its validator refuses it
            return text
        said = normalised(text)
        return said if isinstance(self.widget, forms.Textarea) else " ".join(said.split("\n"))
