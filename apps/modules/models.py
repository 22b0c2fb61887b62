"""Modules, their editions, pages and sources."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any, ClassVar, Self

from django.conf import settings
from django.core.validators import MinValueValidator, RegexValidator
from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q
from django.urls import NoReverseMatch, reverse

from apps.core.left_out import BrokenContentError, NotShownError
from apps.core.markdown import MarkdownField, RenderedField
from apps.core.pictures import PictureField
from apps.modules import page_kinds
from apps.modules.content import (
    FACT_KEY,
    Citation,
    FactsField,
    GuardedQuerySet,
    KeyedContent,
    PublishedContentError,
    lock_drafts,
)


def lines_of(text: str) -> list[str]:
    """The lines of a text that authors write as a list."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def address_of(row: models.Model, view: str, *args: object) -> str:
    """The address of a row's page."""
    try:
        return reverse(view, args=args)
    except NoReverseMatch:
        raise BrokenContentError(f"{row._meta.label} {row.pk}", "its keys make no address") from None


class SharedRow(models.Model):
    """A row of the course that belongs to no edition. A fixture may change it, unless somebody else has (`digest`)."""

    seeded_digest = models.CharField(  # of what its fixture said last; empty for a row that no fixture brought
        max_length=16, blank=True, default="", editable=False, serialize=False
    )

    class Meta:
        abstract = True

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


class SourceQuerySet(models.QuerySet["Source"]):
    """Sources in the order of a reading list."""

    def get_by_natural_key(self, key: str) -> Source:
        return self.get(key=key)


class Source(SharedRow):
    """A cited publication or guidance, with its date and, where it has been replaced, what replaced it."""

    class Kind(models.TextChoices):
        ARTICLE = "article", "Journal article"
        JOURNALISM = "journalism", "Journalism"
        BLOG = "blog", "Blog"
        GUIDANCE = "guidance", "Guidance"
        NEWS = "news", "Press report"

    key = models.SlugField(max_length=80, unique=True)
    kind = models.CharField(max_length=20, choices=Kind)
    authors = models.CharField(max_length=200, blank=True, help_text="People or organisation.")
    title = models.CharField(max_length=300)
    publication = models.CharField(max_length=200, blank=True, help_text="Journal, volume and pages, or site.")
    year = models.PositiveSmallIntegerField(null=True, blank=True)
    date_text = models.CharField("date", max_length=60, blank=True, help_text="As printed, e.g. 19 August 2013.")
    doi = models.CharField("DOI", max_length=100, blank=True)
    url = models.URLField("address", max_length=500, blank=True)
    read_on = models.DateField(null=True, blank=True, help_text="When an author last read it.")
    superseded_by = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="supersedes"
    )
    superseded_note = models.TextField("what changed", max_length=600, blank=True)
    note = models.TextField(max_length=600, blank=True, help_text="What kind of evidence it is.")

    objects = SourceQuerySet.as_manager()

    class Meta:
        ordering = ("authors", "year", "title")
        constraints = (
            models.CheckConstraint(
                condition=Q(superseded_by__isnull=True) | ~Q(superseded_by=models.F("pk")),
                name="modules_source_not_superseded_by_itself",
            ),
        )

    def __str__(self) -> str:
        return f"{self.authors}. {self.title}" if self.authors else self.title

    def natural_key(self) -> tuple[str]:
        return (self.key,)

    @property
    def short(self) -> str:
        """`Oxtoby K, BMJ 2013;347:f4815`: enough to recognise it by in a line."""
        where = self.publication or self.title
        year = f", {self.year}" if self.year and str(self.year) not in where else ""
        return f"{self.authors}, {where}{year}" if self.authors else f"{where}{year}"

    @property
    def address(self) -> str:
        """Where it can be read: the DOI's address before any other; empty when there is none."""
        return f"https://doi.org/{self.doi}" if self.doi else self.url


class FactQuerySet(models.QuerySet["Fact"]):
    """Facts."""

    def get_by_natural_key(self, key: str) -> Fact:
        return self.get(key=key)


class Fact(SharedRow):
    """Something that one of the sources says and the course must teach; content rows name it by its key."""

    key = models.CharField(
        max_length=8, unique=True, validators=[RegexValidator(rf"\A{FACT_KEY}\Z", "Like this: T6.1")]
    )
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="facts")
    statement = models.TextField(max_length=600)
    view_of = models.CharField("whose view", max_length=100)

    objects = FactQuerySet.as_manager()

    class Meta:
        ordering = ("key",)

    def __str__(self) -> str:
        return f"{self.key}: {self.statement}"

    def natural_key(self) -> tuple[str]:
        return (self.key,)


class Seeding(models.Model):
    """The fact that a part of the course was loaded from its fixtures, and which files those were."""

    name = models.CharField(max_length=100, unique=True)
    digest = models.CharField(max_length=64)
    seeded_at = models.DateTimeField()

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


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

    def published(self) -> Self:
        """Editions that have a number."""
        return self.filter(number__isnull=False)

    def drafts(self) -> Self:
        """Editions without a number."""
        return self.filter(number__isnull=True)

    def current(self) -> Self:
        """The newest published edition of each module, with its module."""
        newer = Edition.objects.published().filter(module=OuterRef("module"), number__gt=OuterRef("number"))
        return self.published().filter(~Exists(newer)).select_related("module").order_by("module__position")

    @transaction.atomic
    def bulk_create(self, objs: Iterable[Edition], *args: Any, **kwargs: Any) -> list[Edition]:
        editions = list(objs)
        lock_drafts(edition.pk for edition in editions)
        if any(edition.number is not None for edition in editions):
            raise PublishedContentError  # only publish() numbers an edition
        return super().bulk_create(editions, *args, **kwargs)

    def get_by_natural_key(self, slug: str, number: int | None) -> Edition:
        return self.get(module__slug=slug, number=number)


class Edition(models.Model):
    """The content of a module at one publication; immutable once it has a number. Without one it is the draft."""

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
    change_note = models.TextField(max_length=600, blank=True, editable=False)  # for learners; `publish` writes it
    based_on = models.ForeignKey(  # the edition that the draft was started from
        "self", on_delete=models.PROTECT, null=True, blank=True, editable=False, serialize=False, related_name="+"
    )
    published_at = models.DateTimeField(null=True, blank=True, editable=False)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )

    objects = EditionQuerySet.as_manager()

    class Meta:
        base_manager_name = "objects"  # so that `module.editions.add()` meets the guards too
        ordering = ("module", models.F("number").desc(nulls_first=True))
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
        super().save(*args, **kwargs)

    @transaction.atomic
    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        lock_drafts([self.pk])
        return super().delete(*args, **kwargs)

    def natural_key(self) -> tuple[str, int | None]:
        return (self.module.slug, self.number)

    natural_key.dependencies = ("modules.module", "accounts.user")  # type: ignore[attr-defined]

    @property
    def is_published(self) -> bool:
        return self.number is not None

    @property
    def label(self) -> str:
        """`edition 3`, or `draft`."""
        return "draft" if self.number is None else f"edition {self.number}"

    @property
    def outcomes(self) -> list[str]:
        """What a learner can do afterwards, one sentence each."""
        return lines_of(self.learning_outcomes)

    @property
    def curriculum(self) -> list[str]:
        """The curriculum items that it contributes to."""
        return lines_of(self.curriculum_links)


class Page(KeyedContent):
    """One step of a module; its kind says what a learner does on it and when it counts as done."""

    position = models.PositiveSmallIntegerField(validators=[MinValueValidator(1)])
    kind = models.CharField(max_length=20)
    title = models.CharField(max_length=120)
    summary = models.CharField(max_length=160, blank=True)
    minutes = models.PositiveSmallIntegerField(help_text="Honest time for most people, in minutes.")
    is_required = models.BooleanField("needed for the certificate", default=True)
    facts = FactsField()
    body = MarkdownField(blank=True, help_text="Markdown. Only reading pages have one.")
    body_html = RenderedField(source="body")

    sources: ClassVar[Any] = models.ManyToManyField(Source, through="PageCitation", related_name="pages")

    class Meta(KeyedContent.Meta):
        ordering = ("edition", "position")
        constraints = (
            *KeyedContent.Meta.constraints,
            models.UniqueConstraint(fields=("edition", "position"), name="modules_page_position_unique_in_edition"),
            models.CheckConstraint(condition=Q(minutes__gte=1), name="modules_page_takes_a_minute"),
        )

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Where a learner does this page. NotShownError for one of a draft, and for one of a kind that is unknown."""
        if not self.edition.is_published:
            raise NotShownError("A draft has no address.")
        try:
            kind = page_kinds.get(self.kind)
        except KeyError:
            raise BrokenContentError(f"{self._meta.label} {self.pk}", "of an unknown kind") from None
        view, keys = kind.address(self)
        return address_of(self, view, *keys)


class PageCitation(Citation):
    """A source that a page rests on."""

    owner = "page"
    natural_key_fields = ("page__key", "source__key")

    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="citations")

    class Meta(Citation.Meta):
        constraints = (
            models.UniqueConstraint(fields=("page", "source"), name="modules_pagecitation_source_once_a_page"),
        )
