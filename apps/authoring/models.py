"""What authors saved, one row a save: the way back."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from apps.modules.models import Edition, Module

FORMAT = 1  # of the text; raise it when older texts are read otherwise


class RevisionQuerySet(models.QuerySet["Revision"]):
    """Revisions."""

    def of_sheet(self, draft: Edition, key: str) -> Self:
        """Those of one page of a draft, oldest first; with an empty key those of what the edition says of itself."""
        return self.filter(draft=draft.pk, page_key=key).order_by("number")


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
    format = models.PositiveSmallIntegerField(default=FORMAT)
    text = models.TextField()
    problems = models.PositiveIntegerField(help_text="How many errors it had.")

    objects = RevisionQuerySet.as_manager()

    class Meta:
        ordering = ("draft", "page_key", "number")
        constraints = (
            models.UniqueConstraint(fields=("draft", "page_key", "number"), name="authoring_revision_number_unique"),
            models.CheckConstraint(condition=Q(number__gte=1), name="authoring_revision_number_from_1"),
        )

    def __str__(self) -> str:
        return f"{self.page_key or 'edition'}, revision {self.number}"
