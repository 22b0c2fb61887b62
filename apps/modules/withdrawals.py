"""What closes an edition or a module to new learners, until it is taken back: records, not an edition's content.

Always read from the database: what a process remembers of published editions knows nothing of it.
"""

from __future__ import annotations

from typing import ClassVar, Self, TypeVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.timezone import localdate

from apps.core.words import day

AnyAct = TypeVar("AnyAct", bound="ReversibleAct")
OPEN = Q(ended_at__isnull=True)  # what nobody has taken back


class ReversibleQuerySet(models.QuerySet[AnyAct]):
    """Acts that can be taken back."""

    def open(self) -> Self:
        """Those that nobody has taken back."""
        return self.filter(OPEN)


class ReversibleAct(models.Model):
    """What somebody did and what holds until it is ended; done once more it is another row."""

    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        abstract = True
        constraints: ClassVar[tuple[models.BaseConstraint, ...]] = (
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_by__isnull=True)
                | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="%(app_label)s_%(class)s_ended_by_somebody",
            ),
        )


class Withdrawal(ReversibleAct):
    """Nobody begins the edition any more. Whoever is on it goes on, and reads why."""

    edition = models.ForeignKey("modules.Edition", on_delete=models.PROTECT, related_name="withdrawals")
    withdrawn_at = models.DateTimeField()
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField(max_length=600, help_text="Plain text, shown to learners.")

    objects = ReversibleQuerySet["Withdrawal"].as_manager()

    class Meta(ReversibleAct.Meta):
        ordering = ("-withdrawn_at",)
        constraints = (
            *ReversibleAct.Meta.constraints,
            models.UniqueConstraint(
                fields=("edition",), condition=Q(ended_at__isnull=True), name="modules_withdrawal_one_open_an_edition"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="modules_withdrawal_says_why"),
        )

    def __str__(self) -> str:
        return f"{self.edition}, withdrawn on {day(localdate(self.withdrawn_at))}"


class Archiving(ReversibleAct):
    """The module is offered no more. Whoever is on it goes on."""

    module = models.ForeignKey("modules.Module", on_delete=models.PROTECT, related_name="archivings")
    archived_at = models.DateTimeField()
    archived_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    objects = ReversibleQuerySet["Archiving"].as_manager()

    class Meta(ReversibleAct.Meta):
        ordering = ("-archived_at",)
        constraints = (
            *ReversibleAct.Meta.constraints,
            models.UniqueConstraint(
                fields=("module",), condition=Q(ended_at__isnull=True), name="modules_archiving_one_open_a_module"
            ),
        )

    def __str__(self) -> str:
        return f"{self.module}, archived on {day(localdate(self.archived_at))}"
