"""The text of a page, or of a module, as authors send it: typed, pasted or in a file."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from apps.authoring.broken import lines_of, mended, mends_in, unified
from apps.core.words import shortened

CHECK, STORE, FILE = "check", "store", "file"
NOT_UTF8 = "This file is not plain text in UTF-8. Save it as “Text, UTF-8” and try again."
NO_TEXT = "The text did not arrive, so nothing was checked. This is what is stored."


def too_large(size: int, limit: int, what: str = "The text") -> str:
    """`The text has 310 kB. The most is 256 kB.`"""
    return f"{what} has {-(-size // 1000)} kB. The most is {limit // 1000} kB."


class TextForm(forms.Form):
    """A text, the fields of its lines that could not be read, or a file in place of all that.

    `checked` is the digest of the text that was checked, `seen` of what was stored when its author began. `ways` are
    the buttons that lead to another tab, once the text says no more than what is stored.
    """

    do = forms.ChoiceField(required=False)
    text = forms.CharField(strip=False, required=False)
    file = forms.FileField(required=False)
    seen = forms.CharField(required=False)
    checked = forms.CharField(required=False)
    lines = forms.IntegerField(required=False)

    def __init__(self, *args: Any, limit: int, stands: str, ways: Iterable[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ways = tuple(ways)
        self.fields["do"].choices = [(word, word) for word in (CHECK, STORE, FILE, *self.ways)]  # type: ignore[attr-defined]
        self.limit, self.stands = limit, stands
        self.notes: list[str] = []
        self.said = stands  # what the page shows
        self.fields["text"].validators = []  # what is no character of a text is told with its line
        self.fields["do"].error_messages["invalid_choice"] = "Press one of the buttons of this page."
        self.fields["file"].error_messages["empty"] = "This file is empty."

    @property
    def is_to_be_stored(self) -> bool:
        return bool(self.cleaned_data["do"] == STORE)

    @property
    def way(self) -> str:
        """The button that leads away, if it was one."""
        do: str = self.cleaned_data["do"]
        return do if do in self.ways else ""

    def clean(self) -> dict[str, Any]:
        """The text that is meant; it stays on the page, whatever is wrong."""
        if "text" not in self.data:
            self.add_error("text", NO_TEXT)
        else:
            self._mend()
        if self.cleaned_data.get("do") == FILE and "file" not in self.errors:
            self._read(self.cleaned_data.get("file"))
        elif len(self.said.encode("utf-8", "replace")) > self.limit:
            self.add_error("text", too_large(len(self.said.encode("utf-8", "replace")), self.limit))
        return self.cleaned_data

    def _mend(self) -> None:
        text, count = unified(str(self.data["text"])), self.cleaned_data.get("lines") or 0
        self.said, lost = mended(text, mends_in(self.data), count)
        for mend in lost:
            said = shortened(mend.now, 300)
            self.notes.append(
                f"Line {mend.number} is not where it was, so what you wrote in its field is not in: “{said}”"
            )

    def _read(self, file: UploadedFile[Any] | None) -> None:
        """Take the text of a file, in place of what stands in the text area."""
        if file is None:
            self.add_error("file", "Choose a file first.")
        elif (file.size or 0) > self.limit:
            self.add_error("file", too_large(file.size or 0, self.limit, "The file"))
        else:
            try:
                text = file.read().decode("utf-8-sig")
            except UnicodeDecodeError:
                self.add_error("file", NOT_UTF8)
                return
            if "\0" in text:
                self.add_error("file", NOT_UTF8)
                return
            self.said = unified(text)

    @property
    def count(self) -> int:
        """How many lines the text has, as the next form says it."""
        return len(lines_of(self.said))
