"""Reads YAML fixtures: renders Markdown as `save()` would, and never changes an edition that has been published.

Registered in SERIALIZATION_MODULES, so `loaddata` and `seed` behave alike. Django stores fixture rows raw, past
`save()`; that is what lets a fixture bring an edition that is numbered already.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.core.serializers.base import DeserializationError, DeserializedObject
from django.core.serializers.pyyaml import Deserializer as YamlDeserializer
from django.core.serializers.pyyaml import Serializer as YamlSerializer
from django.db import models

from apps.core.markdown import RenderedField, render_markdown_fields
from apps.modules.content import EditionContent
from apps.modules.models import Edition


class Serializer(YamlSerializer):
    """YAML as Django writes it, without the HTML that is rendered from it."""

    internal_use_only = False

    def handle_field(self, obj: models.Model, field: models.Field[Any, Any]) -> None:
        if not isinstance(field, RenderedField):
            super().handle_field(obj, field)


class FixtureRow(DeserializedObject):
    """A row on its way from a fixture into the database."""

    def save(self, save_m2m: bool = True, using: str | None = None, **kwargs: Any) -> None:
        render_markdown_fields(self.object)
        if isinstance(self.object, Edition | EditionContent) and self.object.pk:
            stored = type(self.object)._base_manager.using(using).get(pk=self.object.pk)
            edition = stored if isinstance(stored, Edition) else stored.edition
            if edition.is_published:
                _refuse_difference(stored, self.object)
        super().save(save_m2m=save_m2m, using=using, **kwargs)


def _refuse_difference(stored: models.Model, fixture: models.Model) -> None:
    """A newer renderer may change the HTML of published content; nothing may change what its authors wrote."""
    differing = [
        field.name
        for field in stored._meta.concrete_fields
        if not isinstance(field, RenderedField)
        and not field.primary_key
        and getattr(stored, field.attname) != getattr(fixture, field.attname)
    ]
    if differing:
        raise DeserializationError(
            f"{stored._meta.verbose_name} “{stored}” is published, and the fixture differs in {', '.join(differing)}. "
            "Published content cannot change: give the fixture's edition the next number."
        )


class Deserializer(YamlDeserializer):
    """The rows of a YAML fixture."""

    def _handle_object(self, obj: dict[str, Any]) -> Iterator[FixtureRow]:
        for row in super()._handle_object(obj):  # type: ignore[misc]  # not in the stubs
            yield FixtureRow(row.object, row.m2m_data, row.deferred_fields)
