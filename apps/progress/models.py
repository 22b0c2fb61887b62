"""Who takes what, and what they have completed."""

from __future__ import annotations

import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery
from django.utils.timezone import localdate

from apps.accounts.models import User
from apps.core.words import day
from apps.modules.models import Archiving, Edition, Page, Withdrawal
from apps.modules.withdrawals import OPEN


class EnrolmentQuerySet(models.QuerySet["Enrolment"]):
    """Enrolments."""

    def for_learner(self, user: User) -> Self:
        """This learner's own."""
        return self.filter(learner=user)

    def with_newest_edition(self) -> Self:
        """Each with `newest_edition_id`: the edition of its module that anybody may begin; None where there is none."""
        newest = Edition.objects.offered().filter(module=OuterRef("edition__module"))
        return self.annotate(newest_edition_id=Subquery(newest.values("pk")[:1]))

    def with_closure(self) -> Self:
        """Each with when and why its edition was withdrawn, and when its module was archived; None where neither."""
        withdrawals = Withdrawal.objects.filter(OPEN, edition=OuterRef("edition"))
        archivings = Archiving.objects.filter(OPEN, module=OuterRef("edition__module"))
        return self.annotate(
            withdrawn_at=Subquery(withdrawals.values("withdrawn_at")),
            withdrawn_because=Subquery(withdrawals.values("reason")),
            archived_at=Subquery(archivings.values("archived_at")),
        )

    def with_later(self) -> Self:
        """Each with `is_completed_later`: whether its learner has completed a later edition of the module."""
        later = Enrolment.objects.completed().filter(
            learner=OuterRef("learner"),
            edition__module=OuterRef("edition__module"),
            edition__number__gt=OuterRef("edition__number"),
        )
        return self.annotate(is_completed_later=Exists(later))

    def completed(self) -> Self:
        """Those in which every page that the certificate needs has been completed."""
        return self.filter(completed_at__isnull=False)


class Enrolment(models.Model):
    """One learner taking one edition; all progress hangs on it."""

    learner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="enrolments")
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="enrolments")
    started_at = models.DateTimeField()
    completed_at = models.DateTimeField(null=True, blank=True)

    newest_edition_id: int | None  # only after with_newest_edition()
    # After with_closure():
    withdrawn_at: datetime.datetime | None = None
    withdrawn_because: str | None = None
    archived_at: datetime.datetime | None = None
    is_completed_later = True  # only after with_later(); else it may be

    objects = EnrolmentQuerySet.as_manager()

    class Meta:
        ordering = ("-started_at",)
        constraints = (
            models.UniqueConstraint(fields=("learner", "edition"), name="progress_enrolment_once_an_edition"),
            models.CheckConstraint(
                condition=Q(completed_at__isnull=True) | Q(completed_at__gte=models.F("started_at")),
                name="progress_enrolment_completed_after_start",
            ),
        )

    def __str__(self) -> str:
        return f"{self.learner}: {self.edition}"


class PageCompletion(models.Model):
    """The fact that a page's criterion was met: when, and with what scaled score (0 to 1) where there is one."""

    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="completions")
    page = models.ForeignKey(Page, on_delete=models.PROTECT, related_name="completions")
    completed_at = models.DateTimeField()
    scaled_score = models.DecimalField(max_digits=5, decimal_places=4, null=True, blank=True)

    class Meta:
        ordering = ("completed_at",)
        constraints = (
            models.UniqueConstraint(fields=("enrolment", "page"), name="progress_pagecompletion_once_a_page"),
            models.CheckConstraint(
                condition=Q(scaled_score__isnull=True) | Q(scaled_score__gte=0, scaled_score__lte=1),
                name="progress_pagecompletion_scaled_score_0_to_1",
            ),
        )

    def __str__(self) -> str:
        return f"{self.page}, {day(localdate(self.completed_at))}"
