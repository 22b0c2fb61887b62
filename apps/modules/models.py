"""Sources and facts, and the pages of modules. What is in `editions.py` and in `withdrawals.py` is found here too."""

from __future__ import annotations

from collections.abc import Collection
from itertools import chain
from typing import Any, ClassVar, Self

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator, RegexValidator
from django.db import models, transaction
from django.db.models import Q

from apps.core.left_out import BrokenContentError, NotShownError
from apps.core.markdown import MarkdownField, RenderedField
from apps.modules import page_kinds
from apps.modules.content import FACT_KEY, Citation, FactsField, KeyedContent, content_models
from apps.modules.editions import Edition as Edition
from apps.modules.editions import Module as Module
from apps.modules.editions import SharedRow, address_of
from apps.modules.withdrawals import Archiving as Archiving
from apps.modules.withdrawals import Withdrawal as Withdrawal


class CitedSourceError(ValueError):
    """Somebody tried to change the key of a source that is cited."""

    def __init__(self, key: str) -> None:
        super().__init__(f"The source {key} is cited by this key, so it stays.")


class TaughtFactError(ValueError):
    """Somebody tried to delete a fact that published rows teach."""

    def __init__(self, key: str) -> None:
        super().__init__(f"Fact {key} is taught by published pages, so it stays.")


class SourceQuerySet(models.QuerySet["Source"]):
    """Sources in the order of a reading list."""

    def update(self, **values: Any) -> int:
        if "key" in values:
            for source in self.exclude(key=values["key"]):
                source.refuse_another_key()
        return super().update(**values)

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

    def clean(self) -> None:
        if self._has_another_key() and self.is_cited:
            raise ValidationError({"key": "The source is cited by its key, so that stays."})

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self._has_another_key():
            self.refuse_another_key()
        super().save(*args, **kwargs)

    def refuse_another_key(self) -> None:
        """CitedSourceError if something cites the source."""
        if self.is_cited:
            raise CitedSourceError(Source.objects.values_list("key", flat=True).get(pk=self.pk))

    @property
    def is_cited(self) -> bool:
        """Whether a row of any edition or draft cites it: its key is part of addresses, of links and of fixtures."""
        citing = (model for model in content_models() if issubclass(model, Citation))
        return any(model._base_manager.filter(source=self.pk).exists() for model in citing)

    def _has_another_key(self) -> bool:
        """Whether it is stored, under another key."""
        return Source.objects.filter(pk=self.pk).exclude(key=self.key).exists()

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

    def taught(self) -> Self:
        """Those that published editions teach."""
        return self.filter(key__in=facts_taught(Edition.objects.published().values_list("pk", flat=True)))

    @transaction.atomic
    def delete(self) -> tuple[int, dict[str, int]]:
        if taught := self.taught().first():
            raise TaughtFactError(taught.key)
        return super().delete()

    delete.queryset_only = True  # type: ignore[attr-defined]  # as Django's: no manager deletes all there is

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

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        if Fact.objects.filter(pk=self.pk).taught().exists():
            raise TaughtFactError(self.key)
        return super().delete(*args, **kwargs)

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


class Page(KeyedContent):
    """One step of a module; its kind says what a learner does on it and when it counts as done."""

    lists_sources_below = "body"

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


def facts_taught(edition_ids: Collection[int]) -> set[str]:
    """The keys of the facts that these editions teach."""
    of_pages = Page.objects.filter(edition__in=edition_ids).values_list("facts", flat=True)
    of_rows = (facts for kind in page_kinds.all_kinds() for facts in kind.facts(edition_ids))
    return {key for facts in chain(of_pages, of_rows) for key in facts.split()}
