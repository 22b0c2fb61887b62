"""What every row of an edition has in common: it belongs to one edition, and is frozen when that is published."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any, ClassVar, Self, TypeVar

from django.core.validators import RegexValidator
from django.db import models, transaction

from apps.modules.editions import Edition, GuardedQuerySet, lock_drafts
from apps.modules.written import keep_texts, kept_values, normalise_texts, with_html


class MovedContentError(ValueError):
    """Somebody tried to take a row from one edition to another."""

    def __init__(self) -> None:
        super().__init__("A row stays in the edition it was made in: make a new one there.")


class ForeignLinkError(ValueError):
    """A row points at a row of another edition."""


Row = TypeVar("Row", bound="EditionContent")


class ContentQuerySet(GuardedQuerySet[Row]):
    """Rows of editions."""

    edition_column = "edition_id"

    @transaction.atomic
    def update(self, **values: Any) -> int:
        locked = self._locked()
        if "edition" in values or "edition_id" in values:
            raise MovedContentError
        rows = set(locked.order_by().values_list("pk", flat=True))
        updated = models.QuerySet.update(locked, **kept_values(self.model, values))
        self._refuse_foreign_links(rows)
        return updated

    @transaction.atomic
    def bulk_update(self, objs: Iterable[Row], fields: Iterable[str], batch_size: int | None = None) -> int:
        rows, names = list(objs), with_html(self.model, fields)
        if {"edition", "edition_id"} & set(names):
            raise MovedContentError
        for row in rows:
            keep_texts(row, names)
        ids = [row.pk for row in rows]
        locked = self.filter(pk__in=ids)._locked()  # all at once: the batches come in any order
        past_the_guard: models.QuerySet[Row] = models.QuerySet(self.model, locked.query, self.db)
        updated = past_the_guard.bulk_update(rows, names, batch_size)
        self._refuse_foreign_links(ids)
        return updated

    @transaction.atomic
    def bulk_create(self, objs: Iterable[Row], *args: Any, **kwargs: Any) -> list[Row]:
        rows = list(objs)
        lock_editions_of(self.model, rows)
        for row in rows:
            row.refuse_foreign_links()
            keep_texts(row)
        if kwargs.get("update_fields"):
            kwargs["update_fields"] = with_html(self.model, kwargs["update_fields"])
        return super().bulk_create(rows, *args, **kwargs)

    def _refuse_foreign_links(self, rows: Collection[int]) -> None:
        """What was stored points only at rows of its own edition."""
        for field in content_links(self.model):
            foreign = ~models.Q(**{f"{field.name}__edition": models.F("edition")})
            row = self.model._base_manager.filter(foreign, pk__in=rows, **{f"{field.name}__isnull": False}).first()
            if row is not None:
                row.refuse_foreign_links()

    def get_by_natural_key(self, slug: str, number: int | None, *key: str) -> Row:
        """The row with this key in edition `number` of the module `slug`."""
        lookups = dict(zip(self.model.natural_key_fields, key, strict=True))
        return self.get(edition__module__slug=slug, edition__number=number, **lookups)


def lock_editions_of(model: type[EditionContent], rows: Collection[EditionContent]) -> None:
    """Lock the editions of rows that are about to be written. Some may be stored already: those stay where they are."""
    ids = [row.pk for row in rows if row.pk]
    stored = dict(model._base_manager.filter(pk__in=ids).values_list("pk", "edition_id")) if ids else {}
    lock_drafts({*stored.values(), *(row.edition_id for row in rows)})
    if any(stored.get(row.pk, row.edition_id) != row.edition_id for row in rows):
        raise MovedContentError


class EditionContent(models.Model):
    """A row of an edition's content."""

    natural_key_fields: ClassVar[tuple[str, ...]] = ("key",)
    lists_sources_below: ClassVar[str] = ""  # the text that may link to the row's sources, which are listed on its page

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE)
    edition_id: int

    objects: ClassVar[models.Manager[Self]] = ContentQuerySet.as_manager()

    class Meta:
        abstract = True
        base_manager_name = "objects"  # so that `edition.page_set.add()` and its like meet the guards too

    @transaction.atomic
    def save(self, *args: Any, **kwargs: Any) -> None:
        lock_editions_of(type(self), [self])
        self.refuse_foreign_links()
        keep_texts(self)
        if kwargs.get("update_fields"):
            kwargs["update_fields"] = with_html(type(self), kwargs["update_fields"])
        super().save(*args, **kwargs)

    @transaction.atomic
    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        lock_editions_of(type(self), [self])
        return super().delete(*args, **kwargs)

    def clean_fields(self, exclude: Collection[str] | None = None) -> None:
        normalise_texts(self)
        super().clean_fields(exclude)

    def natural_key(self) -> tuple[Any, ...]:
        values = []
        for path in self.natural_key_fields:
            value: Any = self
            for name in path.split("__"):
                value = getattr(value, name)
            values.append(value)
        return (*self.edition.natural_key(), *values)

    def refuse_foreign_links(self) -> None:
        """A row points only at rows of its own edition."""
        for field in content_links(type(self)):
            linked = getattr(self, field.name)
            if linked is not None and linked.edition_id != self.edition_id:
                raise ForeignLinkError(f"{self._meta.verbose_name} “{self}” points at {field.name} of another edition.")


FACT_KEY = r"[A-Z]\d+(\.\d+)?"


class FactsField(models.CharField):
    """Which facts a row teaches: their keys, with spaces between (`O5 O24`)."""

    def __init__(self, **kwargs: Any) -> None:
        options: dict[str, Any] = {
            "max_length": 200,
            "blank": True,
            "validators": [RegexValidator(rf"\A({FACT_KEY}( |\Z))*\Z", "Facts look like this: O5 O24 T6.1")],
            "help_text": "Keys of the facts that this teaches: O5 O24.",
        }
        super().__init__(**options | kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        for known in ("validators", "help_text"):
            kwargs.pop(known, None)
        return name, path, args, kwargs


class KeyedContent(EditionContent):
    """A row that is followed across editions by its key."""

    key = models.SlugField(max_length=80)

    class Meta:
        abstract = True
        constraints: ClassVar[tuple[models.BaseConstraint, ...]] = (
            models.UniqueConstraint(fields=("edition", "key"), name="%(app_label)s_%(class)s_key_unique_in_edition"),
        )

    def __str__(self) -> str:
        return self.key


class Citation(EditionContent):
    """A source that a row of content rests on. Subclasses name the row: `owner`."""

    owner: ClassVar[str]

    source = models.ForeignKey("modules.Source", on_delete=models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField(default=1)

    class Meta:
        abstract = True
        ordering = ("position", "pk")

    def __str__(self) -> str:
        return str(self.source)


def content_models() -> list[type[EditionContent]]:
    """Every concrete content model, parts after what they point at."""

    def concrete(model: type[EditionContent]) -> Iterable[type[EditionContent]]:
        for subclass in model.__subclasses__():
            if subclass._meta.abstract:
                yield from concrete(subclass)
            else:
                yield subclass

    waiting = list(concrete(EditionContent))  # type: ignore[type-abstract]  # abstract for Django, not for Python
    ordered: list[type[EditionContent]] = []
    while waiting:
        ready = [model for model in waiting if not _points_at(model, waiting)]
        ordered += ready
        waiting = [model for model in waiting if model not in ready]
    return ordered


def _points_at(model: type[EditionContent], others: Collection[type[EditionContent]]) -> bool:
    return any(field.related_model in others for field in content_links(model) if field.related_model is not model)


def content_links(model: type[EditionContent]) -> list[models.ForeignKey[Any, Any]]:
    """The foreign keys of a content model that point at content of the same edition."""
    return [
        field
        for field in model._meta.concrete_fields
        if isinstance(field, models.ForeignKey) and issubclass(field.related_model, EditionContent)
    ]
