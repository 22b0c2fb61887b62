"""What every row of an edition has in common: it belongs to one edition, and is frozen when that is published."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING, Any, ClassVar, Self, TypeVar

from django.core.validators import RegexValidator
from django.db import models, transaction

from apps.core.markdown import render_markdown_fields

if TYPE_CHECKING:
    from apps.modules.models import Edition


class PublishedContentError(Exception):
    """Somebody tried to change an edition that has been published."""

    def __init__(self) -> None:
        super().__init__("A published edition cannot change. Start a draft, correct it and publish that.")


def refuse_published(edition_ids: Iterable[int | None]) -> None:
    """Raise PublishedContentError if one of these editions has been published. Asks the database, no cached object."""
    from apps.modules.models import Edition  # noqa: PLC0415  # models of this module build on this file

    if Edition.objects.filter(pk__in=set(edition_ids), number__isnull=False).exists():
        raise PublishedContentError


Row = TypeVar("Row", bound="EditionContent")


class ContentQuerySet(models.QuerySet[Row]):
    """Rows of editions; writing in bulk asks the same question as `save()`."""

    @transaction.atomic
    def update(self, **values: Any) -> int:
        rows = set(self.order_by().values_list("pk", flat=True))
        self._refuse_published(rows)
        updated = super().update(**values)
        if "edition" in values or "edition_id" in values:
            self._refuse_published(rows)
        self._refuse_foreign_links(rows)
        return updated

    def delete(self) -> tuple[int, dict[str, int]]:
        refuse_published(self.order_by().values_list("edition_id", flat=True))
        return super().delete()

    def bulk_create(self, objs: Iterable[Row], *args: Any, **kwargs: Any) -> list[Row]:
        rows = list(objs)
        refuse_published(row.edition_id for row in rows)
        self._refuse_published({row.pk for row in rows if row.pk})  # rows that are there already may be updated
        for row in rows:
            row.refuse_foreign_links()
            render_markdown_fields(row)
        return super().bulk_create(rows, *args, **kwargs)

    def bulk_update(self, objs: Iterable[Row], fields: Iterable[str], batch_size: int | None = None) -> int:
        rows = list(objs)
        refuse_published(row.edition_id for row in rows)
        return super().bulk_update(rows, fields, batch_size)

    def _refuse_published(self, rows: Collection[int]) -> None:
        refuse_published(self.model._base_manager.filter(pk__in=rows).values_list("edition_id", flat=True))

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


class EditionContent(models.Model):
    """A row of an edition's content."""

    natural_key_fields: ClassVar[tuple[str, ...]] = ("key",)

    edition: models.ForeignKey[Edition, Edition] = models.ForeignKey("modules.Edition", on_delete=models.CASCADE)
    edition_id: int

    objects: ClassVar[models.Manager[Self]] = ContentQuerySet.as_manager()

    class Meta:
        abstract = True
        base_manager_name = "objects"  # so that `edition.page_set.add()` and its like meet the guards too

    def save(self, *args: Any, **kwargs: Any) -> None:
        self._refuse_published()
        self.refuse_foreign_links()
        render_markdown_fields(self)
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        self._refuse_published()
        return super().delete(*args, **kwargs)

    def natural_key(self) -> tuple[Any, ...]:
        values = []
        for path in self.natural_key_fields:
            value: Any = self
            for name in path.split("__"):
                value = getattr(value, name)
            values.append(value)
        return (*self.edition.natural_key(), *values)

    def _refuse_published(self) -> None:
        """Neither may the row leave a published edition nor enter one."""
        stored = type(self)._base_manager.filter(pk=self.pk).values_list("edition_id", flat=True) if self.pk else []
        refuse_published({self.edition_id, *stored})

    def refuse_foreign_links(self) -> None:
        """A row points only at rows of its own edition."""
        for field in content_links(type(self)):
            linked = getattr(self, field.name)
            if linked is not None and linked.edition_id != self.edition_id:
                raise ValueError(f"{self._meta.verbose_name} “{self}” points at {field.name} of another edition.")


FACT_KEY = r"[A-Z]\d+(\.\d+)?"


class FactsField(models.CharField):  # type: ignore[type-arg]  # generic only in the stubs
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
