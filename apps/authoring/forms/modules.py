"""What authors write of a module as a whole."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from apps.core.fields import WordsField
from apps.core.pictures import picture_url
from apps.core.words import lines_of, normalised
from apps.modules import page_kinds
from apps.modules.document import EditionDocument
from apps.modules.models import Edition, Page
from apps.modules.page_kinds import PageKind


def text_of(model: Any, field: str, **more: Any) -> forms.CharField:
    """A field for a text of a model, which may be as long as the model lets it be."""
    return WordsField(max_length=model._meta.get_field(field).max_length, **more)


def area(rows: int) -> forms.Textarea:
    """A text area; in most browsers it grows with its text."""
    return forms.Textarea(attrs={"rows": rows})


class NewModuleForm(forms.Form):
    """A module needs no more than a title to begin with."""

    title = text_of(
        Edition, "title", label="Title of the new module", help_text="What learners see in the list. You can change it."
    )


class NewPageForm(forms.Form):
    """A page needs no more than a title to begin with."""

    title = text_of(Page, "title", label="Title of the new page", help_text="What learners see. You can change it.")
    kind = forms.ChoiceField(choices=lambda: [(kind.name, kind.label) for kind in page_kinds.all_kinds()])

    @property
    def kinds(self) -> list[PageKind]:
        """The kinds that there are, for a button each."""
        return page_kinds.all_kinds()

    def clean_kind(self) -> PageKind:
        return page_kinds.get(self.cleaned_data["kind"])


class EditionForm(forms.Form):
    """What an edition says of itself. Everything may be empty in a draft but the title."""

    title = text_of(Edition, "title", help_text="What learners see in the list of modules.")
    summary = text_of(
        Edition,
        "summary",
        required=False,
        widget=area(3),
        help_text="Two or three sentences: what it is about, and for whom. It stands below the title.",
    )
    outcomes = text_of(
        Edition,
        "learning_outcomes",
        label="Learning outcomes",
        required=False,
        widget=area(6),
        help_text="What a learner can do afterwards, one a line; each begins with a verb. The certificate shows them.",
    )
    curriculum = text_of(
        Edition,
        "curriculum_links",
        label="Curriculum items",
        required=False,
        widget=area(4),
        help_text="What of a curriculum it contributes to, one a line. The certificate shows them.",
    )
    illustration = text_of(
        Edition,
        "illustration",
        label="Drawing",
        required=False,
        help_text="A drawing of ours, such as illustrations/trolley.svg; leave it empty for none.",
    )

    def clean_illustration(self) -> str:
        name: str = self.cleaned_data["illustration"]
        if name and picture_url(name) is None:
            raise ValidationError("There is no drawing of this name. Choose one of those below.")
        return name

    @staticmethod
    def data_of(document: EditionDocument) -> dict[str, Any]:
        """What the form shows of a document."""
        return {
            "title": document.title,
            "summary": document.summary,
            "outcomes": "\n".join(document.outcomes),
            "curriculum": "\n".join(document.curriculum),
            "illustration": document.illustration,
        }

    @staticmethod
    def document_of(data: Mapping[str, Any]) -> EditionDocument:
        """What the fields say, without the order of pages."""
        said = {name: normalised(data.get(name, "")) for name in EditionForm.base_fields}
        return EditionDocument(
            said["title"],
            said["summary"],
            tuple(lines_of(said["outcomes"])),
            tuple(lines_of(said["curriculum"])),
            said["illustration"],
        )

    def document(self) -> EditionDocument:
        """What was written, without the order of pages."""
        return self.document_of(self.cleaned_data)
