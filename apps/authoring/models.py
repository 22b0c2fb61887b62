"""What authors saved, one row a save: the way back. And what readers say is wrong."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Max, Q
from django.db.models.functions import Substr
from django.utils.timezone import localdate

from apps.accounts.models import User
from apps.core.words import day
from apps.modules import page_kinds
from apps.modules.models import Edition, Module, Page
from apps.modules.outline import FORMAT, renewed

FIRST_LINE = 400  # characters of a text, in which the title of its page ends


class RevisionQuerySet(models.QuerySet["Revision"]):
    """Revisions."""

    def of_sheet(self, draft: Edition, key: str) -> Self:
        """Those of one page of a draft, oldest first; with an empty key those of what the edition says of itself."""
        return self.filter(draft=draft.pk, page_key=key).order_by("number")

    def newest_of_pages(self, draft: Edition) -> Self:
        """What was saved last of each page of a draft."""
        saves = self.filter(draft=draft.pk).exclude(page_key="").order_by().values("page_key")
        return self.filter(pk__in=saves.annotate(newest=Max("pk")).values("newest"))

    def beginnings(self) -> Self:
        """Each with how its text `begins`, where the title of a page stands, instead of the text."""
        return self.annotate(begins=Substr("text", 1, FIRST_LINE)).defer("text")


class Revision(models.Model):
    """A document of a draft as it was saved, as text. Written once; it outlives the draft and its pages."""

    class Verb(models.TextChoices):
        FOUND = "found", "Found"  # what stood there before the first save, or after somebody wrote in another way
        SAVED = "saved", "Saved"
        UNDONE = "undone", "Undone"
        REDONE = "redone", "Redone"
        RESTORED = "restored", "Restored"

    module = models.ForeignKey(Module, on_delete=models.CASCADE, related_name="+")
    draft = models.BigIntegerField(help_text="The id of the draft, which may be gone.")
    page_key = models.SlugField(max_length=80, blank=True, help_text="Empty for the edition itself.")
    number = models.PositiveIntegerField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField()
    verb = models.CharField(max_length=10, choices=Verb)
    changes = models.CharField(max_length=500, blank=True, help_text="What it changed, in words.")
    spot = models.CharField(max_length=80, blank=True, help_text="The key of the block that was changed first.")
    format = models.PositiveSmallIntegerField(default=FORMAT)
    text = models.TextField()
    problems = models.PositiveIntegerField(help_text="How many errors it had.")

    begins: str  # only after beginnings()

    objects = RevisionQuerySet.as_manager()

    class Meta:
        ordering = ("draft", "page_key", "number")
        constraints = (
            models.UniqueConstraint(fields=("draft", "page_key", "number"), name="authoring_revision_number_unique"),
            models.CheckConstraint(condition=Q(number__gte=1), name="authoring_revision_number_from_1"),
        )

    def __str__(self) -> str:
        return f"{self.page_key or 'edition'}, revision {self.number}"

    @property
    def text_now(self) -> str:
        """What was saved, as it is written now."""
        return renewed(self.text, self.format, page_kinds.all_kinds())


LONGEST_REPORT = 1000  # characters of what a reader says, and of the answer


class ReportQuerySet(models.QuerySet["Report"]):
    """Reports."""

    def open(self) -> Self:
        """Those that wait for an author."""
        return self.filter(closed_at__isnull=True)

    def about(self, edition: Edition, page: Page | None) -> Self:
        """Those about this page of the edition, or about the module's own page."""
        return self.filter(edition=edition.pk, page=page.pk if page else None)

    def of_page(self, module: Module, key: str) -> Self:
        """Those about the page of this key in any edition of the module; with an empty key about the module's page."""
        of_module = self.filter(edition__module=module.pk)
        return of_module.filter(page__key=key) if key else of_module.filter(page=None)

    def sent_by(self, person: User) -> Self:
        """Those that carry this person's name."""
        return self.filter(by=person.pk)

    def in_order(self) -> Self:
        """Open ones first, each time the newest first."""
        return self.order_by(F("closed_at").desc(nulls_first=True), "-sent_at", "-pk")

    def whole(self) -> Self:
        """With all that a list shows of them."""
        return self.select_related("edition__module", "page__edition__module", "by", "closed_by")

    def lock(self, pk: int) -> Report:
        """This one, which nobody else answers until the transaction ends."""
        return self.select_for_update(of=("self",), no_key=True).get(pk=pk)


class Report(models.Model):
    """What a reader says is wrong on a learner's page. It carries a name only if its writer wished so."""

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="reports")
    page = models.ForeignKey(  # empty for the module's own page
        Page, on_delete=models.PROTECT, null=True, blank=True, related_name="reports"
    )
    spot = models.SlugField(max_length=80, blank=True, help_text="The key of the scene or question it was sent from.")
    text = models.TextField(max_length=LONGEST_REPORT)
    sent_at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="reports"
    )
    answer = models.TextField(max_length=LONGEST_REPORT, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = ReportQuerySet.as_manager()

    class Meta:
        ordering = ("-sent_at", "-pk")
        constraints = (
            models.CheckConstraint(condition=~Q(text=""), name="authoring_report_says_something"),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True, closed_by__isnull=True, answer="")
                | Q(closed_at__isnull=False, closed_at__gte=F("sent_at"), closed_by__isnull=False),
                name="authoring_report_closed_by_somebody_or_open",
            ),
            models.CheckConstraint(
                condition=Q(page__isnull=False) | Q(spot=""), name="authoring_report_spot_on_a_page"
            ),
        )

    def __str__(self) -> str:
        return f"{self.where}, {day(localdate(self.sent_at))}"

    @property
    def is_open(self) -> bool:
        return self.closed_at is None

    @property
    def where(self) -> str:
        """The title of the page that it is about."""
        return self.page.title if self.page else self.edition.title
