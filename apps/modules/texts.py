"""The texts and pictures of an edition, each with the place where it stands."""

from collections.abc import Iterator

from django.db import models

from apps.core.markdown import MarkdownField, pictures_in
from apps.core.pictures import PictureField
from apps.modules.content import EditionContent, content_models
from apps.modules.models import Edition


def where_is(row: models.Model) -> str:
    """Where something stands, in an author's words: `Scene “Night crew” (trolley-night-crew)`."""
    name, key = str(row), getattr(row, "key", "")
    return f"{str(row._meta.verbose_name).capitalize()} “{name}”" + (f" ({key})" if key not in ("", name) else "")


def texts_of(edition: Edition) -> Iterator[tuple[EditionContent, str, str]]:
    """Each Markdown text: the row it belongs to, the name of its field, the text."""
    for model in content_models():
        fields = _fields_of(model, MarkdownField)
        if fields:
            for row in model._base_manager.filter(edition=edition):
                yield from ((row, field, getattr(row, field)) for field in fields)


def pictures_of(edition: Edition) -> Iterator[tuple[models.Model, str]]:
    """The name of each picture that a field holds or a text shows, with the row it belongs to."""
    for row, _, text in texts_of(edition):
        yield from ((row, name) for name, _ in pictures_in(text))
    for model in content_models():
        for field in _fields_of(model, PictureField):
            for row in model._base_manager.filter(edition=edition).exclude(**{field: ""}):
                yield row, getattr(row, field)
    for field in _fields_of(Edition, PictureField):
        if getattr(edition, field):
            yield edition, getattr(edition, field)


def _fields_of(model: type[models.Model], kind: type[models.Field]) -> list[str]:
    return [field.name for field in model._meta.concrete_fields if isinstance(field, kind)]
