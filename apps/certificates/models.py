"""Certificates: what was issued to whom, as it was on that day."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from apps.accounts.models import User
from apps.accounts.names import NameField
from apps.certificates import codes
from apps.core.words import counted
from apps.progress.models import Enrolment


class CertificateQuerySet(models.QuerySet["Certificate"]):
    """Certificates."""

    def for_learner(self, user: User) -> Self:
        """This learner's own."""
        return self.filter(enrolment__learner=user)


class Certificate(models.Model):
    """The record issued for a completed enrolment. It repeats what was true then: nothing in it changes later.

    Attempts never appear on it. When its holder closes their account it is withdrawn: only the code and that remain.
    """

    enrolment = models.OneToOneField(
        Enrolment, on_delete=models.SET_NULL, null=True, blank=True, related_name="certificate"
    )
    code = models.CharField(max_length=26, unique=True, default=codes.new_code, editable=False)
    issued_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_reason = models.CharField(max_length=200, blank=True, help_text="Shown to whoever checks the certificate.")
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    withdrawn_at = models.DateTimeField("withdrawn by its holder", null=True, blank=True)

    name = NameField()
    module_title = models.CharField(max_length=120)
    edition_number = models.PositiveIntegerField()
    edition_published_at = models.DateTimeField()
    started_at = models.DateTimeField()
    completed_at = models.DateTimeField()
    minutes = models.PositiveSmallIntegerField()
    learning_outcomes = models.TextField(max_length=1500)
    curriculum_links = models.TextField(max_length=1000, blank=True)
    assessed_by = models.CharField(max_length=200)

    objects = CertificateQuerySet.as_manager()

    class Meta:
        ordering = ("-issued_at",)
        constraints = (
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=True) | Q(revoked_at__gte=models.F("issued_at")),
                name="certificates_certificate_revoked_after_issue",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, enrolment__isnull=False) & ~Q(name="")
                | Q(withdrawn_at__isnull=False, enrolment__isnull=True, name=""),
                name="certificates_certificate_whole_unless_withdrawn",
            ),
        )

    def __str__(self) -> str:
        return f"{self.pretty_code}, {self.module_title or 'withdrawn by its holder'}"

    def get_absolute_url(self) -> str:
        """The public check page."""
        return reverse("certificates:verify", args=[self.code])

    @property
    def pretty_code(self) -> str:
        """The code in groups, as it is printed."""
        return codes.pretty(self.code)

    @property
    def check_url(self) -> str:
        """The full address of the check page, as the QR code has it."""
        return f"{settings.BASE_URL}{self.get_absolute_url()}"

    @property
    def is_revoked(self) -> bool:
        return self.revoked_at is not None

    @property
    def is_withdrawn(self) -> bool:
        """By its holder, which says nothing against it."""
        return self.withdrawn_at is not None

    @property
    def outcomes(self) -> list[str]:
        return self.learning_outcomes.splitlines()

    @property
    def learning_time(self) -> str:
        """`30 minutes of e-learning (0.5 hours)`."""
        hours = f"{self.minutes / 60:.2f}".rstrip("0").rstrip(".")
        return f"{in_words(self.minutes)} of e-learning ({hours} {'hour' if hours == '1' else 'hours'})"


def in_words(minutes: int) -> str:
    """`1 hour 5 minutes`."""
    hours, rest = divmod(minutes, 60)
    parts = [(hours, "hour", "hours"), (rest, "minute", "minutes")]
    return " ".join(counted(*part) for part in parts if part[0])
