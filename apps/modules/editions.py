"""Modules and their editions, and what keeps an edition as it was published."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping
from typing import Any, ClassVar, Self, TypeVar

from django.conf import settings
from django.db import models, transaction
from django.db.models import Exists, FilteredRelation, FloatField, OuterRef, Q, Sum
from django.db.models.functions import Cast
from django.urls import NoReverseMatch

from apps.core.addresses import made_once
from apps.core.left_out import BrokenContentError
from apps.core.pictures import PictureField
from apps.core.words import lines_of
from apps.modules.published import PublishedContentError
from apps.modules.withdrawals import OPEN, Archiving, Withdrawal
from apps.modules.written import kept_values, normalise_texts

AnyRow = TypeVar("AnyRow", bound=models.Model)


def address_of(row: models.Model, view: str, *args: object) -> str:
    """The address of a row's page."""
    try:
        return made_once(view, *args)
    except NoReverseMatch:
        raise BrokenContentError(f"{row._meta.label} {row.pk}", "its keys make no address") from None


class SharedRow(models.Model):
    """A row of the course that belongs to no edition. A fixture may change it, unless somebody else has (`digest`)."""

    seeded_digest = models.CharField(  # of what its fixture said last; empty for a row that no fixture brought
        max_length=16, blank=True, default="", editable=False, serialize=False
    )

    class Meta:
        abstract = True

    def clean_fields(self, exclude: Collection[str] | None = None) -> None:
        normalise_texts(self)
        super().clean_fields(exclude)

    @classmethod
    def links(cls) -> list[models.ForeignKey[Any, Any]]:
        """The foreign keys; what they point at has a natural key."""
        return [field for field in cls._meta.concrete_fields if isinstance(field, models.ForeignKey)]

    def digest(self, links: Mapping[str, tuple[Any, ...]] | None = None) -> str:
        """A digest of what the row says, with the natural keys of what it points at, which may be given by field.

        Empty fields are left out, so that a new one, empty everywhere, does not make all rows look changed.
        """
        if links is None:
            linked = {field.name: getattr(self, field.name) for field in self.links()}
            links = {name: row.natural_key() for name, row in linked.items() if row is not None}
        said: dict[str, Any] = {name: list(key) for name, key in links.items()}
        fields: list[Any] = list(self._meta.concrete_fields)
        for field in fields:
            is_said = field.serialize and not field.primary_key and not field.is_relation
            if is_said and field.value_from_object(self) not in (None, ""):
                said[field.name] = field.value_to_string(self)
        return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:16]

    @property
    def is_as_seeded(self) -> bool:
        """Whether it says what its fixture said last."""
        return self.digest() == self.seeded_digest


class MovedEditionError(ValueError):
    """Somebody tried to take a draft from one module to another."""

    def __init__(self) -> None:
        super().__init__("A draft stays in the module it was started in: start one there.")


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


class ModuleQuerySet(models.QuerySet["Module"]):
    """Modules."""

    def published(self) -> Self:
        """Modules that have a published edition."""
        return self.filter(Exists(Edition.objects.published().filter(module=OuterRef("pk"))))

    def lock(self, **named: Any) -> None:
        """Lock the module until the transaction ends: its editions are numbered one after the other."""
        list(self.select_for_update(of=("self",), no_key=True).filter(**named))

    def get_by_natural_key(self, slug: str) -> Module:
        return self.get(slug=slug)


class Module(SharedRow):
    """A unit of study that people enrol in; its content is in its editions."""

    slug = models.SlugField(max_length=80, unique=True)
    position = models.PositiveSmallIntegerField(default=1, help_text="Place in the catalogue.")

    objects = ModuleQuerySet.as_manager()

    class Meta:
        ordering = ("position", "slug")

    def __str__(self) -> str:
        return self.slug

    def get_absolute_url(self) -> str:
        return address_of(self, "progress:module", self.slug)

    def natural_key(self) -> tuple[str]:
        return (self.slug,)


class EditionQuerySet(GuardedQuerySet["Edition"]):
    """Editions; a published one can be neither updated nor deleted."""

    edition_column = "pk"

    @transaction.atomic
    def update(self, **values: Any) -> int:
        if "module" in values or "module_id" in values:
            self._locked()
            raise MovedEditionError
        return super().update(**kept_values(self.model, values))

    @transaction.atomic
    def bulk_update(self, objs: Iterable[Edition], fields: Iterable[str], batch_size: int | None = None) -> int:
        editions, names = list(objs), list(fields)
        for edition in editions:
            normalise_texts(edition, names)
        return super().bulk_update(editions, names, batch_size)

    def published(self) -> Self:
        """Editions that have a number."""
        return self.filter(number__isnull=False)

    def drafts(self) -> Self:
        """Editions without a number."""
        return self.filter(number__isnull=True)

    def current(self) -> Self:
        """The newest published edition of each module, with its module, be it withdrawn or not."""
        newer = Edition.objects.published().filter(module=OuterRef("module"), number__gt=OuterRef("number"))
        return self.published().filter(~Exists(newer)).select_related("module").order_by("module__position")

    def standing(self) -> Self:
        """Published editions that are not withdrawn."""
        return self.published().filter(~Exists(Withdrawal.objects.filter(OPEN, edition=OuterRef("pk"))))

    def offered(self) -> Self:
        """The current editions that anybody may begin. Where that of a module is withdrawn, no older one is."""
        archived = Archiving.objects.filter(OPEN, module=OuterRef("module"))
        return self.current().standing().filter(~Exists(archived))

    def with_minutes(self) -> Self:
        """Each with the minutes of the pages that the certificate needs."""
        required = Q(page__is_required=True)  # summed as floats, which no number of minutes overflows
        return self.annotate(minutes=Sum(Cast("page__minutes", FloatField()), filter=required))

    def with_closure(self) -> Self:
        """Each with the withdrawal and the archiving that nobody has taken back, and who did that."""
        return self.annotate(
            open_withdrawal=FilteredRelation("withdrawals", condition=Q(withdrawals__ended_at__isnull=True)),
            open_archiving=FilteredRelation(
                "module__archivings", condition=Q(module__archivings__ended_at__isnull=True)
            ),
        ).select_related("open_withdrawal__withdrawn_by", "open_archiving__archived_by")

    def readable(self) -> Self:
        """What those who have not begun it may read: standing editions of the modules that anybody may begin."""
        return self.standing().filter(Exists(Edition.objects.offered().filter(module=OuterRef("module"))))

    @transaction.atomic
    def bulk_create(self, objs: Iterable[Edition], *args: Any, **kwargs: Any) -> list[Edition]:
        editions = list(objs)
        lock_drafts(edition.pk for edition in editions)
        if any(edition.number is not None for edition in editions):
            raise PublishedContentError  # only publish() numbers an edition
        for edition in editions:
            edition.refuse_move()
            normalise_texts(edition)
        return super().bulk_create(editions, *args, **kwargs)

    def get_by_natural_key(self, slug: str, number: int | None) -> Edition:
        return self.get(module__slug=slug, number=number)


class Edition(models.Model):
    """The content of a module at one publication; immutable once it has a number. Without one it is the draft."""

    OF_ITS_OWN = frozenset(  # what no other edition has; all other fields are an author's words
        ("id", "module", "number", "based_on", "change_note", "published_at", "published_by")
    )

    module = models.ForeignKey(Module, on_delete=models.PROTECT, related_name="editions")
    number = models.PositiveIntegerField(null=True, blank=True, editable=False)
    title = models.CharField(max_length=120)
    summary = models.TextField(max_length=300)
    learning_outcomes = models.TextField(max_length=1500, help_text="One a line; each begins with a verb.")
    curriculum_links = models.TextField(
        max_length=1000, blank=True, help_text="Curriculum items that it contributes to, one a line."
    )
    illustration = PictureField(
        max_length=100, blank=True, help_text="A drawing of ours, e.g. illustrations/trolley.svg."
    )
    change_note = models.TextField(
        max_length=600, blank=True, editable=False
    )  # for learners; of a draft, as it is kept so far
    based_on = models.ForeignKey(  # the edition that the draft was started from
        "self", on_delete=models.PROTECT, null=True, blank=True, editable=False, serialize=False, related_name="+"
    )
    published_at = models.DateTimeField(null=True, blank=True, editable=False)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )

    minutes: float | None = None  # only after with_minutes()
    # After with_closure():
    open_withdrawal: Withdrawal | None = None
    open_archiving: Archiving | None = None

    objects = EditionQuerySet.as_manager()

    class Meta:
        base_manager_name = "objects"  # so that `module.editions.add()` meets the guards too
        ordering = ("module", models.F("number").desc(nulls_first=True))
        permissions = (
            ("read_draft", "Can read drafts as learners will see them"),
            ("publish_edition", "Can publish and withdraw editions"),
        )
        constraints = (
            models.UniqueConstraint(fields=("module", "number"), name="modules_edition_number_unique_in_module"),
            models.UniqueConstraint(
                fields=("module",), condition=Q(number__isnull=True), name="modules_edition_one_draft_per_module"
            ),
            models.CheckConstraint(
                condition=Q(number__isnull=True, published_at__isnull=True)
                | Q(number__isnull=False, number__gte=1, published_at__isnull=False),
                name="modules_edition_numbered_when_published",
            ),
        )

    def __str__(self) -> str:
        return f"{self.title}, {self.label}"

    @transaction.atomic
    def save(self, *args: Any, **kwargs: Any) -> None:
        lock_drafts([self.pk])
        if self.number is not None:
            raise PublishedContentError  # only publish() numbers an edition
        self.refuse_move()
        normalise_texts(self)
        super().save(*args, **kwargs)

    @transaction.atomic
    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        lock_drafts([self.pk])
        return super().delete(*args, **kwargs)

    def clean_fields(self, exclude: Collection[str] | None = None) -> None:
        normalise_texts(self)
        super().clean_fields(exclude)

    def refuse_move(self) -> None:
        """An edition stays in its module."""
        if self.pk and Edition._base_manager.filter(pk=self.pk).exclude(module=self.module_id).exists():
            raise MovedEditionError

    def natural_key(self) -> tuple[str, int | None]:
        return (self.module.slug, self.number)

    natural_key.dependencies = ("modules.module", "accounts.user")  # type: ignore[attr-defined]

    @classmethod
    def written_fields(cls) -> list[str]:
        """The names of the fields that an author writes: a draft begins with those of its base."""
        return [field.name for field in cls._meta.concrete_fields if field.name not in cls.OF_ITS_OWN]

    @property
    def is_published(self) -> bool:
        return self.number is not None

    @property
    def label(self) -> str:
        """`edition 3`, or `draft`."""
        return "draft" if self.number is None else f"edition {self.number}"

    @property
    def next_number(self) -> int:
        """The number that a draft will have."""
        return (self.based_on.number or 0) + 1 if self.based_on else 1

    @property
    def outcomes(self) -> list[str]:
        """What a learner can do afterwards, one sentence each."""
        return lines_of(self.learning_outcomes)

    @property
    def curriculum(self) -> list[str]:
        """The curriculum items that it contributes to."""
        return lines_of(self.curriculum_links)


def lock_editions(edition_ids: Iterable[int | None]) -> set[int]:
    """Lock these editions until the transaction ends; which of them have been published.

    `publish` holds the same lock, so the answer stays true for whatever the caller writes next. All take their locks in
    one order. People may go on enrolling in what is published meanwhile (`no_key`).
    """
    locked = Edition.objects.select_for_update(no_key=True).filter(pk__in=set(edition_ids)).order_by("pk")
    return {pk for pk, number in locked.values_list("pk", "number") if number is not None}


def lock_drafts(edition_ids: Iterable[int | None]) -> None:
    """Lock these editions until the transaction ends; PublishedContentError if one of them has been published."""
    if lock_editions(edition_ids):
        raise PublishedContentError
