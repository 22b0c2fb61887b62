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


class MovedContentError(ValueError):
    """Somebody tried to take a row from one edition to another."""

    def __init__(self) -> None:
        super().__init__("A row stays in the edition it was made in: make a new one there.")


def lock_editions(edition_ids: Iterable[int | None]) -> set[int]:
    """Lock these editions until the transaction ends; which of them have been published.

    `publish` holds the same lock, so the answer stays true for whatever the caller writes next. All take their locks in
    one order. People may go on enrolling in what is published meanwhile (`no_key`).
    """
    from apps.modules.models import Edition  # noqa: PLC0415  # models of this module build on this file

    locked = Edition.objects.select_for_update(no_key=True).filter(pk__in=set(edition_ids)).order_by("pk")
    return {pk for pk, number in locked.values_list("pk", "number") if number is not None}


def lock_drafts(edition_ids: Iterable[int | None]) -> None:
    """Lock these editions until the transaction ends; PublishedContentError if one of them has been published."""
    if lock_editions(edition_ids):
        raise PublishedContentError


AnyRow = TypeVar("AnyRow", bound=models.Model)
Row = TypeVar("Row", bound="EditionContent")


class GuardedQuerySet(models.QuerySet[AnyRow]):
    """Rows that cannot be written once their edition has been published; writing in bulk asks like `save()`."""

    edition_column: ClassVar[str]

    @transaction.atomic
    def update(self, **values: Any) -> int:
        return models.QuerySet.update(self._locked(), **values)

    @transaction.atomic
    def delete(self) -> tuple[int, dict[str, int]]:
        return models.QuerySet.delete(self._locked())

    delete.queryset_only = True  # type: ignore[attr-defined]  # as Django's: no manager deletes all there is

    @transaction.atomic
    def bulk_update(self, objs: Iterable[AnyRow], fields: Iterable[str], batch_size: int | None = None) -> int:
        rows = list(objs)
        self.filter(pk__in=[row.pk for row in rows])._locked()  # all at once: the batches come in any order
        return super().bulk_update(rows, fields, batch_size)

    @transaction.atomic
    def update_or_create(self, *args: Any, **kwargs: Any) -> tuple[AnyRow, bool]:
        named = {name: value for name, value in kwargs.items() if name not in {"defaults", "create_defaults"}}
        self.filter(**named)._locked()  # the edition before the row, as everywhere
        return super().update_or_create(*args, **kwargs)

    def _locked(self) -> Self:
        """The same rows, their editions locked; without any that came into another edition in the meantime."""
        editions = set(self.order_by().values_list(self.edition_column, flat=True))
        lock_drafts(editions)
        return self.filter(**{f"{self.edition_column}__in": editions})


class ContentQuerySet(GuardedQuerySet[Row]):
    """Rows of editions."""

    edition_column = "edition_id"

    @transaction.atomic
    def update(self, **values: Any) -> int:
        locked = self._locked()
        if "edition" in values or "edition_id" in values:
            raise MovedContentError
        rows = set(locked.order_by().values_list("pk", flat=True))
        updated = models.QuerySet.update(locked, **values)
        self._refuse_foreign_links(rows)
        return updated

    @transaction.atomic
    def bulk_create(self, objs: Iterable[Row], *args: Any, **kwargs: Any) -> list[Row]:
        rows = list(objs)
        lock_editions_of(self.model, rows)
        for row in rows:
            row.refuse_foreign_links()
            render_markdown_fields(row)
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

    edition: models.ForeignKey[Edition, Edition] = models.ForeignKey("modules.Edition", on_delete=models.CASCADE)
    edition_id: int

    objects: ClassVar[models.Manager[Self]] = ContentQuerySet.as_manager()

    class Meta:
        abstract = True
        base_manager_name = "objects"  # so that `edition.page_set.add()` and its like meet the guards too

    @transaction.atomic
    def save(self, *args: Any, **kwargs: Any) -> None:
        lock_editions_of(type(self), [self])
        self.refuse_foreign_links()
        render_markdown_fields(self)
        super().save(*args, **kwargs)

    @transaction.atomic
    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        lock_editions_of(type(self), [self])
        return super().delete(*args, **kwargs)

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
                raise ValueError(f"{self._meta.verbose_name} “{self}” points at {field.name} of another edition.")


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
