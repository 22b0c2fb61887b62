"""What documents say of rows that are stored or will be, so that the models' fields tell what a text is and may be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any

from django.db import models

from apps.core.markdown import MarkdownField
from apps.core.pictures import PictureField
from apps.modules.content import FactsField
from apps.modules.document import Document, EditionDocument, PageDocument, Row
from apps.modules.models import Edition, Page
from apps.modules.problems import Level, Problem

LONGEST_NAME = 200  # characters of a row's name in a sentence


@dataclass(frozen=True)
class Text:
    """Words of an author in a field of a row."""

    field: str  # what an author calls the field
    text: str
    is_markdown: bool
    sources: tuple[str, ...]  # those to which it may link: they are listed below it


@dataclass(frozen=True)
class Said:
    """What one row says, or will say when it is stored."""

    model: type[models.Model]
    block: str  # its key; empty for what is the page itself
    where: str  # in an author's words: `Scene “Night crew” (trolley-night-crew)`
    values: Mapping[str, Any]  # by the names of its model's fields; not what it points at
    sources: tuple[str, ...] = ()  # the keys of what it cites
    told: frozenset[str] = frozenset()  # fields of whose emptiness others tell

    @property
    def fields(self) -> Iterator[tuple[models.Field[Any, Any], Any]]:
        """Each field with its value."""
        for name, value in self.values.items():
            column = self.model._meta.get_field(name)
            if isinstance(column, models.Field):
                yield column, value

    @property
    def texts(self) -> Iterator[Text]:
        """What an author wrote in words."""
        below = getattr(self.model, "lists_sources_below", "")
        for column, value in self.fields:
            if value and is_text(column):
                sources = self.sources if column.name == below else ()
                yield Text(str(column.verbose_name), value, isinstance(column, MarkdownField), sources)

    @property
    def pictures(self) -> list[str]:
        """The names of the pictures in its fields; those in its texts stand there."""
        return [value for column, value in self.fields if value and isinstance(column, PictureField)]

    @property
    def facts(self) -> list[str]:
        """The keys of the facts that it teaches."""
        return str(self.values.get("facts", "")).split()

    def problem(self, page: str, text: str, level: Level = Level.WARNING) -> Problem:
        """A problem of the row, which the text says: `Page “Bare” (bare): cites no source.`"""
        return Problem(level, page, self.block, f"{self.where}: {text}.")


def quoted(name: str) -> str:
    """A name in a sentence: `“Night crew”`. A text that is judged can have any length."""
    return f"“{name if len(name) <= LONGEST_NAME else f'{name[:LONGEST_NAME]}…'}”"


def where_is(model: type[models.Model], name: str, key: str = "") -> str:
    """Where something stands, in an author's words: `Scene “Night crew” (trolley-night-crew)`."""
    kind = str(model._meta.verbose_name).capitalize()
    return f"{kind} {quoted(name)}" + (f" ({key})" if key not in ("", name) else "")


def said_of(
    row: Row,
    model: type[models.Model],
    called: str = "",
    more: Mapping[str, Any] | None = None,
    told: frozenset[str] = frozenset(),
) -> Said:
    """What a row of a document says in the fields of its model that are called the same, and in these."""
    columns = {column.name for column in model._meta.concrete_fields if not column.is_relation}
    same = {each.name: getattr(row, each.name) for each in fields(row) if each.name in columns}
    if "facts" in same:
        same["facts"] = " ".join(same["facts"])
    where = where_is(model, called or row.key, row.key)
    return Said(model, row.key, where, same | dict(more or {}), getattr(row, "sources", ()), told)


def said_of_page(document: Document) -> Said:
    """What a page says of itself, whatever its kind."""
    head = document.head
    body = {"body": document.body} if isinstance(document, PageDocument) else {}
    said = said_of(head, Page, head.title, body)
    return Said(said.model, "", said.where, said.values, said.sources)


def said_of_edition(edition: EditionDocument) -> Said:
    """What an edition says of itself."""
    values = {
        "title": edition.title,
        "summary": edition.summary,
        "learning_outcomes": "\n".join(edition.outcomes),
        "curriculum_links": "\n".join(edition.curriculum),
        "illustration": edition.illustration,
    }
    told = frozenset({"learning_outcomes"})
    return Said(Edition, "", where_is(Edition, edition.title), values, told=told)


def is_text(column: models.Field[Any, Any]) -> bool:
    """Whether authors write words in a field, and not a key or one of a few names."""
    is_name = isinstance(column, (models.SlugField, PictureField, FactsField)) or column.choices
    return isinstance(column, (models.CharField, models.TextField)) and not is_name
