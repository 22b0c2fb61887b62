"""What pages read of certificates."""

import datetime
from collections.abc import Collection

from django.db.models import F, QuerySet
from django.urls import reverse

from apps.accounts.log import Entry, Kind
from apps.accounts.models import User
from apps.certificates.models import Certificate
from apps.core.prepared import prepared, several
from apps.modules.models import Edition
from apps.modules.queries import notes_since, published_contents
from apps.progress.finishing import Issued
from apps.progress.models import Enrolment


def notes_of_newer_editions(certificate: Certificate) -> list[str]:
    """What has changed in the certificate's module since its edition, the newest change first."""
    if certificate.enrolment is None:  # its holder has withdrawn it
        return []
    edition = published_contents(certificate.enrolment.edition_id).edition
    return notes_since([edition])[edition.pk]


def certificate_with(code: str) -> Certificate | None:
    """The certificate with this code, with its enrolment."""
    return _with_code.first(code=code)


@prepared(code=Certificate.code)
def _with_code(code: str) -> QuerySet[Certificate]:
    return Certificate.objects.filter(code=code).select_related("enrolment")


def finish_url(edition: Edition) -> str:
    """Where a learner who has done everything gets the certificate, or sees the one that was issued."""
    return reverse("certificates:finish", args=[edition.module.slug, edition.number])


def issued(enrolment_ids: Collection[int]) -> list[Issued]:
    """The certificates for the editions of these enrolments or for later ones, be they revoked since."""
    rows = _issued.rows(enrolments=enrolment_ids)
    return [Issued(of, is_own=of == own, is_revoked=revoked_at is not None) for of, own, revoked_at in rows]


@prepared(enrolments=several(Enrolment.id))
def _issued(enrolments: Collection[int]) -> QuerySet[Certificate, tuple[int, int, datetime.datetime | None]]:
    """Each with the enrolment that it bears on, its own, and when it was revoked."""
    found = Certificate.objects.filter(
        enrolment__learner__enrolments__pk__in=enrolments,
        enrolment__learner__enrolments__edition__module=F("enrolment__edition__module"),
        enrolment__learner__enrolments__edition__number__lte=F("enrolment__edition__number"),
    )
    return found.order_by().values_list("enrolment__learner__enrolments", "enrolment", "revoked_at")


def codes_of_learner(learner: User) -> list[str]:
    """What stays of the learner's certificates when the account is closed."""
    return [
        f"The certificate code {certificate.pretty_code}: its check page will say “withdrawn by its holder”."
        for certificate in Certificate.objects.for_learner(learner)
    ]


def revoked() -> Kind:
    """Certificates that were revoked, for the log; whose, is said on their own page."""

    def said(certificate: Certificate) -> Entry:
        of = f"for {certificate.module_title}" if certificate.module_title else "that its holder has withdrawn since"
        address = reverse("admin:certificates_certificate_change", args=[certificate.pk])
        words = f"Revoked a certificate {of}"
        return Entry(certificate.revoked_at, certificate.revoked_by, words, certificate.revoked_reason, address)

    rows = Certificate.objects.filter(revoked_at__isnull=False).select_related("revoked_by")
    return Kind(rows, "revoked_at", said, needed="certificates.view_certificate")
