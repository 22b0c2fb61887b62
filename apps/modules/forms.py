"""What authors' forms are made of."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict

from apps.core.fields import WordsField
from apps.modules.content import FACT_KEY
from apps.modules.document import Head
from apps.modules.models import Page
from apps.modules.outline_lines import KEY
from apps.modules.shelf import Pick, Shelf

NO_TEXT_CHARACTER = "This has a character in it that is not text. Paste it once more, as plain text."
NULL = "null_characters_not_allowed"
MOST_MINUTES = 600
MOST_TICKED = 200
FACT = re.compile(FACT_KEY)


def text_of(model: Any, field: str, **more: Any) -> WordsField:
    """A field for a text of a model, which may be as long as the model lets it be."""
    return WordsField(max_length=model._meta.get_field(field).max_length, **more)


def area(rows: int) -> forms.Textarea:
    """A text area; in most browsers it grows with its text."""
    return forms.Textarea(attrs={"rows": rows})


def rows_of(text: str, least: int, most: int) -> int:
    """How many rows a text takes in a text area, within bounds."""
    lines = sum(len(line) // 80 + 1 for line in text.split("\n"))
    return min(max(lines + 1, least), most)


class AuthorForm(forms.Form):
    """A form in which an author writes: any of it may be sent half-done, by one of several buttons."""

    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.error_messages[NULL] = NO_TEXT_CHARACTER


class HeadForm(AuthorForm):
    """What every page says of itself, but for its facts and sources."""

    title = text_of(Page, "title", help_text="What learners see in the list of pages.")
    summary = text_of(
        Page,
        "summary",
        label="In one sentence",
        required=False,
        help_text="What the page is about. It stands below the title in the list; you may leave it empty.",
    )
    minutes = forms.IntegerField(
        min_value=1,
        max_value=MOST_MINUTES,
        help_text="How long most people take, honestly. Whole minutes.",
        error_messages={
            "invalid": "Write the minutes as a whole number, such as 4.",
            "required": "Say how many minutes the page takes, such as 4.",
            "min_value": "A page takes 1 minute at the least.",
            "max_value": f"A page takes {MOST_MINUTES} minutes at the most.",
        },
    )
    is_required = forms.BooleanField(
        label="Learners need this page for the certificate",
        required=False,
    )

    @staticmethod
    def data_of_head(head: Head) -> dict[str, Any]:
        """What the form shows of a page."""
        return {name: getattr(head, name) for name in ("title", "summary", "minutes", "is_required")}

    def head(self, key: str, facts: Sequence[str], sources: Sequence[str]) -> Head:
        """What was written, with what was ticked."""
        said = {name: self.cleaned_data[name] for name in ("title", "summary", "minutes", "is_required")}
        return Head(key, **said, facts=tuple(facts), sources=tuple(sources))


@dataclass(frozen=True)
class Picker:
    """Facts or sources of a block: ticks to take them away, and one more to add. `name` is that of its fields."""

    name: str
    label: str
    ticked: Sequence[Pick]
    groups: Sequence[tuple[str, Sequence[Pick]]]  # the others; a group may have no name
    help: str = ""

    @property
    def more(self) -> str:
        """The name of the select that adds one."""
        return f"{self.name}-more"


def fact_picker(shelf: Shelf, name: str, keys: Sequence[str]) -> Picker:
    """The facts that are taught, each with its sentence."""
    facts = shelf.facts(keys)
    return Picker(name, "Facts", facts.ticked, facts.others, "What this teaches. Untick to take away.")


def source_picker(shelf: Shelf, name: str, keys: Sequence[str], label: str = "Sources") -> Picker:
    """The sources that are cited."""
    sources = shelf.sources(keys)
    return Picker(name, label, sources.ticked, [("", sources.others)], "Untick to take away.")


def picked(sent: QueryDict, name: str, *, are_facts: bool = False) -> tuple[str, ...]:
    """The keys that a picker has sent: those still ticked, and the one that was added."""
    keys = ticked(sent, name, are_facts=are_facts)
    more = ticked(sent, f"{name}-more", are_facts=are_facts)
    return tuple(dict.fromkeys([*keys, *more]))


def ticked(sent: QueryDict, name: str, *, are_facts: bool = False) -> list[str]:
    """The keys that are ticked in a list, each once, in order; what is no key is left out."""
    pattern = FACT if are_facts else KEY
    keys = dict.fromkeys(key for key in sent.getlist(name)[: 2 * MOST_TICKED] if pattern.fullmatch(key))
    return list(keys)[:MOST_TICKED]
