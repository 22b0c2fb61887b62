"""A page that has no more than its own text, as its author writes it in a form."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from apps.core.markdown import MAX_LENGTH, render_markdown
from apps.core.words import normalised
from apps.modules.document import PageDocument
from apps.modules.forms import AuthorForm, HeadForm, area, rows_of, text_of
from apps.modules.models import Source

LONGEST_SEARCH = 100


class ReadingForm(HeadForm):
    """Title, time, text. What is ticked (facts, sources) comes beside, in the order in which it stands on the page."""

    body = forms.CharField(
        label="Text",
        required=False,
        strip=False,
        max_length=MAX_LENGTH,
        widget=area(16),
        help_text="Markdown: an empty line begins a paragraph, ## a heading, - a list, **strong**, [words](https://…). "
        "[words](#source-key) leads to a source that is ticked below.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        said = str(self["body"].value() or "")
        self.fields["body"].widget.attrs["rows"] = rows_of(said, 14, 60)

    @staticmethod
    def data_of(document: PageDocument) -> dict[str, Any]:
        """What the form shows of a document."""
        return ReadingForm.data_of_head(document.head) | {"body": document.body}

    def document(self, key: str, facts: Sequence[str], sources: Sequence[str]) -> PageDocument:
        """What was written, with what was ticked."""
        return PageDocument(self.head(key, facts, sources), normalised(self.cleaned_data["body"]))

    @property
    def preview(self) -> str:
        """The text as a learner sees it; empty for one that is too long."""
        said = normalised(str(self["body"].value() or ""))
        return "" if self.is_too_long else render_markdown(said)

    @property
    def is_too_long(self) -> bool:
        """Whether the text has more characters than can be stored, or shown."""
        return len(normalised(str(self["body"].value() or ""))) > MAX_LENGTH


class SourceForm(AuthorForm):
    """A new source, in the few words that tell which it is."""

    prefix = "new"

    authors = text_of(Source, "authors", required=False, help_text="People, or an organisation, as in: Oxtoby K.")
    title = text_of(Source, "title", label="Its title", help_text="What the source is called.")
    publication = text_of(
        Source, "publication", required=False, help_text="Journal, volume and pages, or the name of the site."
    )
    year = forms.IntegerField(
        required=False,
        min_value=1000,
        max_value=2200,
        help_text="Four digits, such as 2024.",
        error_messages=dict.fromkeys(
            ("invalid", "min_value", "max_value"), "Write the year with four digits, such as 2024."
        ),
    )
    kind = forms.ChoiceField(label="What it is", choices=Source.Kind.choices)
    doi = text_of(Source, "doi", label="DOI", required=False, help_text="As in 10.1136/bmj.f4815, if it has one.")
    url = forms.URLField(
        label="Address",
        required=False,
        max_length=500,
        assume_scheme="https",
        help_text="Where it can be read, beginning with https://.",
        error_messages={"invalid": "Write the whole address, such as https://www.bmj.com/content/347/bmj.f4815."},
    )

    @property
    def is_open(self) -> bool:
        """Whether something has been written in it."""
        return self.is_bound or any(value for name, value in self.initial.items() if name != "kind")

    def source(self) -> Source:
        """What was written, not stored yet."""
        return Source(**self.cleaned_data)
