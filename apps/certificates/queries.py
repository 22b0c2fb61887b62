"""What pages read of certificates."""

from collections.abc import Collection

from django.urls import reverse

from apps.accounts.log import Entry, Kind
from apps.accounts.models import User
from apps.certificates.models import Certificate
from apps.modules.models import Edition
from apps.modules.queries import notes_since


def notes_of_newer_editions(certificate: Certificate) -> list[str]:
    """What has changed in the certificate's module since its edition, the newest change first."""
    editions = Edition.objects.filter(enrolments__certificate=certificate)  # none, once it has been withdrawn
    return [note for notes in notes_since(list(editions)).values() for note in notes]


def finish_url(edition: Edition) -> str:
    """Where a learner who has done everything gets the certificate, or sees the one that was issued."""
    return reverse("certificates:finish", args=[edition.module.slug, edition.number])


def certified(enrolment_ids: Collection[int]) -> set[int]:
    """Those of these enrolments whose certificate has been issued, be it revoked since."""
    issued = Certificate.objects.filter(enrolment__in=enrolment_ids)
    return set(issued.values_list("enrolment", flat=True))


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
