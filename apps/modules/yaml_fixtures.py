"""Reads YAML fixtures: renders Markdown as `save()` would, and never changes an edition that has been published.

Registered in SERIALIZATION_MODULES, so `loaddata` and `seed` behave alike. What they store goes past `save()`; that is
what lets a fixture bring an edition that is numbered already. Rows of the course are compared and stored a model at a
time: reading them asks the database nothing, and storing them keeps others waiting for a moment only.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from copy import copy
from dataclasses import dataclass
from typing import Any, TypeAlias

from django.core.serializers.base import DeserializationError, DeserializedObject
from django.core.serializers.pyyaml import Deserializer as YamlDeserializer
from django.core.serializers.pyyaml import Serializer as YamlSerializer
from django.db import models, transaction

from apps.accounts.models import User
from apps.core.markdown import RenderedField, render_markdown_fields
from apps.core.words import normalised
from apps.modules.content import EditionContent
from apps.modules.editions import SharedRow, lock_editions
from apps.modules.models import Edition, Fact, Module, Source
from apps.modules.published import PublishedContentError
from apps.modules.written import normalise_texts, text_fields, with_html

Key: TypeAlias = tuple[Any, ...]
Link: TypeAlias = "models.ForeignKey[Any, Any]"

NATURAL_KEYS: dict[type[models.Model], tuple[str, ...]] = {
    Module: ("slug",),
    Edition: ("module__slug", "number"),
    Source: ("key",),
    Fact: ("key",),
    User: ("email",),
}


class Serializer(YamlSerializer):
    """YAML as Django writes it, without the HTML that is rendered from it."""

    internal_use_only = False

    def get_dump_object(self, obj: models.Model) -> dict[str, Any]:
        """A draft says from which edition it was started: without that it could not take that one's place."""
        dumped: dict[str, Any] = super().get_dump_object(obj)
        if isinstance(obj, Edition) and not obj.is_published and obj.based_on:
            dumped["fields"]["based_on"] = list(obj.based_on.natural_key())
        return dumped

    def handle_field(self, obj: models.Model, field: models.Field[Any, Any]) -> None:
        if not isinstance(field, RenderedField):
            super().handle_field(obj, field)


def natural_key_paths(model: type[models.Model]) -> tuple[str, ...]:
    """Where the parts of a row's natural key are found, along foreign keys."""
    if issubclass(model, EditionContent):
        return ("edition__module__slug", "edition__number", *model.natural_key_fields)
    return NATURAL_KEYS[model]


def ids_of(model: type[models.Model], keys: Collection[Key]) -> dict[Key, int]:
    """The ids of the rows with these natural keys, asked all at once."""
    rows = model._base_manager.order_by()
    if issubclass(model, EditionContent):
        rows = rows.filter(edition__module__slug__in={key[0] for key in keys})
    stored = {tuple(key): pk for pk, *key in rows.values_list("pk", *natural_key_paths(model))}
    return {key: stored[key] for key in keys if key in stored}


@dataclass
class FixtureRow:
    """A row of the course as a fixture tells it; `links` are the natural keys of what it points at."""

    row: models.Model
    links: dict[Link, Key]

    @classmethod
    def read(cls, model: type[models.Model], fields: dict[str, Any]) -> FixtureRow:
        row, links = model(), {}
        for name, value in fields.items():
            field: Any = model._meta.get_field(name)
            if isinstance(field, models.ForeignKey) and value is not None:
                links[field] = tuple(value)
            else:
                setattr(row, field.attname, _fitting(field, field.to_python(value)))
        if not isinstance(row, SharedRow):
            normalise_texts(row)
        render_markdown_fields(row)
        return cls(row, links)

    @property
    def key(self) -> Key:
        return tuple(self._follow(path) for path in natural_key_paths(type(self.row)))

    def _follow(self, path: str) -> Any:
        name, _, rest = path.partition("__")
        if not rest:
            return getattr(self.row, name)
        field: Any = self.row._meta.get_field(name)
        return self.links[field][natural_key_paths(field.related_model).index(rest)]

    def link(self, ids: dict[type[models.Model], dict[Key, int]]) -> bool:
        """Point at the rows with these ids; False when one is not there yet."""
        linked = {field: ids[field.related_model].get(key) for field, key in self.links.items()}
        for field, pk in linked.items():
            setattr(self.row, field.attname, pk)
        return None not in linked.values()

    def keep_texts_of(self, stored: models.Model | None) -> None:
        """Of what is published, keep the texts that say the same and were stored before texts were normalised."""
        if stored is None:
            return
        texts = [(field.name, getattr(stored, field.name)) for field in text_fields(type(stored))]
        older = [name for name, text in texts if text != getattr(self.row, name) == normalised(text or "")]
        for name in with_html(type(stored), older):
            setattr(self.row, name, getattr(stored, name))

    def settle(self, stored: models.Model | None, *, is_ours: bool) -> None:
        """Keep what a fixture has no say in: a draft's base; and, if it is ours, a shared row that somebody changed.

        What our fixture says of a shared row is remembered as a digest; what any other brings is somebody's own words.
        """
        if isinstance(self.row, Edition) and isinstance(stored, Edition) and not self.row.based_on_id:
            self.row.based_on_id = stored.based_on_id
        if not isinstance(self.row, SharedRow):
            return
        seeded = stored.seeded_digest if isinstance(stored, SharedRow) else ""
        read = self.row.digest({field.name: key for field, key in self.links.items()})
        if is_ours and isinstance(stored, SharedRow) and stored.digest() not in {seeded, read}:
            self.row = copy(stored)
        self.row.seeded_digest = read if is_ours else seeded


class FixtureRows(DeserializedObject):
    """The rows of one model on their way from a fixture into the database; `loaddata` takes them for one object."""

    def __init__(self, model: type[models.Model]) -> None:
        super().__init__(model())
        self.model = model
        self.rows: list[FixtureRow] = []
        self.is_ours = False  # from the fixtures of the course, which `seed` brings

    @transaction.atomic
    def save(self, *args: Any, **kwargs: Any) -> None:
        """Store what is new or differs; DeserializationError when that would change what is published."""
        waiting = self.rows
        while waiting:
            ids = self._ids_of_links(waiting)
            ready = [fixture for fixture in waiting if fixture.link(ids)]
            if not ready:
                raise DeserializationError(f"{self.model._meta.label} {waiting[0].key} names a row that is not there.")
            self._store(ready)
            waiting = [fixture for fixture in waiting if fixture not in ready]  # they point at rows of the same model

    @staticmethod
    def _ids_of_links(rows: list[FixtureRow]) -> dict[type[models.Model], dict[Key, int]]:
        wanted: dict[type[models.Model], set[Key]] = {}
        for fixture in rows:
            for field, key in fixture.links.items():
                wanted.setdefault(field.related_model, set()).add(key)
        return {model: ids_of(model, keys) for model, keys in wanted.items()}

    def _store(self, rows: list[FixtureRow]) -> None:
        ids = ids_of(self.model, {fixture.key for fixture in rows})
        for fixture in rows:
            fixture.row.pk = ids.get(fixture.key)
        published = lock_editions(pk for fixture in rows if (pk := _edition_id(fixture.row)))
        stored = self._stored(list(ids.values()))
        for fixture in rows:
            fixture.settle(stored.get(fixture.row.pk), is_ours=self.is_ours)
            if _edition_id(fixture.row) in published:
                fixture.keep_texts_of(stored.get(fixture.row.pk))
                _refuse_change(stored.get(fixture.row.pk), fixture)
        settled = [fixture.row for fixture in rows]
        changed = [row for row in settled if row.pk is None or differing_fields(stored[row.pk], row)]
        columns = [field.name for field in self.model._meta.concrete_fields if not field.primary_key]
        past_the_guard: models.QuerySet[models.Model] = models.QuerySet(self.model)
        past_the_guard.bulk_create(changed, update_conflicts=True, unique_fields=["id"], update_fields=columns)

    def _stored(self, ids: list[int]) -> dict[int, models.Model]:
        """What is stored already; what all editions share is locked, so that nobody changes it while it is compared."""
        rows = self.model._base_manager.all()
        if issubclass(self.model, SharedRow):
            linked = [field.name for field in self.model.links()]
            rows = rows.select_for_update(of=("self",), no_key=True).order_by("pk")
            rows = rows.select_related(*linked) if linked else rows
        return rows.in_bulk(ids)


def _edition_id(row: models.Model) -> int | None:
    """The edition whose lock the row needs: none for what all editions share."""
    if isinstance(row, EditionContent):
        return row.edition_id
    return row.pk if isinstance(row, Edition) else None


def differing_fields(stored: models.Model, row: models.Model) -> list[models.Field[Any, Any]]:
    """The fields in which two versions of a row differ."""
    fields = (field for field in stored._meta.concrete_fields if not field.primary_key)
    return [field for field in fields if getattr(stored, field.attname) != getattr(row, field.attname)]


def _fitting(field: models.Field[Any, Any], value: Any) -> Any:
    """The value; ValueError for a text that is longer than its field, which SQLite would take."""
    if isinstance(value, str) and field.max_length and len(value) > field.max_length:
        raise ValueError(f"{field.name} has {len(value)} characters and may have {field.max_length}.")
    return value


def _refuse_change(stored: models.Model | None, fixture: FixtureRow) -> None:
    """A newer renderer may change the HTML of published content; nothing may change what its authors wrote."""
    if fixture.key[1] is None:  # it names the draft, which has been published in the meantime
        raise DeserializationError(str(PublishedContentError()))
    if stored is None:
        return
    fields = differing_fields(stored, fixture.row)
    if names := [field.name for field in fields if not isinstance(field, RenderedField)]:
        raise DeserializationError(
            f"{stored._meta.verbose_name} “{stored}” is published, and the fixture differs in {', '.join(names)}. "
            "Published content cannot change: give the fixture's edition the next number."
        )


class Deserializer(YamlDeserializer):
    """The rows of a YAML fixture: those of the course together, a model at a time; any other as Django reads it."""

    def __iter__(self) -> Iterator[DeserializedObject]:  # type: ignore[override]
        course: dict[type[models.Model], FixtureRows] = {}
        nodes: Any = self.stream
        for node in nodes:
            model = self._get_model_from_node(node["model"])  # type: ignore[attr-defined]
            if issubclass(model, SharedRow | Edition | EditionContent):
                course.setdefault(model, FixtureRows(model)).rows.append(self._read(model, node))
            else:
                yield from course.values()
                course = {}
                yield from self._handle_object(node)  # type: ignore[attr-defined]
        yield from course.values()

    @staticmethod
    def _read(model: type[models.Model], node: dict[str, Any]) -> FixtureRow:
        if "pk" in node:
            raise DeserializationError(f"{node['model']} has an id: rows of the course are told by their natural keys.")
        try:
            return FixtureRow.read(model, node["fields"])
        except Exception as error:
            raise DeserializationError(f"Error in a row of {node['model']}: {error}") from error
