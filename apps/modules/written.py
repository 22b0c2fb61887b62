"""Authors' texts as they are kept: normalised, and rendered beside where they are Markdown."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.db import models

from apps.core.markdown import MarkdownField, RenderedField, render_markdown, render_markdown_fields
from apps.core.words import normalised


def text_fields(model: type[models.Model]) -> list[models.Field[Any, Any]]:
    """The columns of a model that hold an author's words: no keys, no choices, no HTML."""
    others = (models.SlugField, RenderedField)
    return [
        field
        for field in model._meta.concrete_fields
        if isinstance(field, models.CharField | models.TextField)
        and not isinstance(field, others)
        and not field.choices
    ]


def normalise_texts(row: models.Model, only: Collection[str] | None = None) -> None:
    """Normalise the texts of a row that is about to be stored: all that were read, or only these."""
    for field in text_fields(type(row)):
        value = row.__dict__.get(field.attname)
        if isinstance(value, str) and (only is None or field.name in only) and value != normalised(value):
            setattr(row, field.attname, normalised(value))


def keep_texts(row: models.Model, only: Collection[str] | None = None) -> None:
    """Normalise and render the texts of a row that is about to be stored: all, or only these."""
    normalise_texts(row, only)
    render_markdown_fields(row, only)


def with_html(model: type[models.Model], names: Iterable[str]) -> list[str]:
    """These fields, and those that hold the HTML of one of them."""
    given = list(names)
    rendered = [field for field in model._meta.concrete_fields if isinstance(field, RenderedField)]
    return [*given, *(field.name for field in rendered if field.source in given and field.name not in given)]


def kept_values(model: type[models.Model], values: Mapping[str, Any]) -> dict[str, Any]:
    """What `update()` is to store for these values. TypeError for Markdown that is no text, so cannot be rendered."""
    kept = dict(values)
    for field in text_fields(model):
        value = values.get(field.name)
        if isinstance(value, str):
            kept[field.name] = normalised(value)
        elif field.name in values and isinstance(field, MarkdownField):
            raise TypeError(f"{field.name} is Markdown, which is rendered as it is stored: give a text.")
    for field in model._meta.concrete_fields:
        if isinstance(field, RenderedField) and field.source in values:
            kept[field.name] = render_markdown(kept[field.source])
    return kept
