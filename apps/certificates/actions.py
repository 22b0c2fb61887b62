"""The only writers of certificates."""

import datetime

from django.db import transaction

from apps.accounts.models import User, refuse_closed
from apps.certificates.models import Certificate
from apps.modules.queries import assessed_by, published_contents
from apps.progress.models import Enrolment
from apps.progress.queries import lock_enrolment


class NotCompletedError(Exception):
    """Something that the certificate needs is still to do."""


@transaction.atomic
def issue(enrolment: Enrolment, name: str, at: datetime.datetime) -> Certificate:
    """The certificate of a completed enrolment, issued now if there is none. `name` is how it shall appear.

    The name is kept for the learner's next certificate. Repeated, it gives the same certificate.
    """
    refuse_closed(enrolment.learner_id)  # before the enrolment: the order in which an account is closed
    enrolment = lock_enrolment(enrolment.pk)
    certificate = Certificate.objects.filter(enrolment=enrolment).first()
    if certificate is not None:
        return certificate
    contents = published_contents(enrolment.edition_id)
    edition = contents.edition
    if enrolment.completed_at is None or edition.number is None or edition.published_at is None:
        raise NotCompletedError
    User.objects.filter(pk=enrolment.learner_id).update(certificate_name=name)
    return Certificate.objects.create(
        enrolment=enrolment,
        issued_at=at,
        name=name,
        module_title=edition.title,
        edition_number=edition.number,
        edition_published_at=edition.published_at,
        started_at=enrolment.started_at,
        completed_at=enrolment.completed_at,
        minutes=contents.minutes,
        learning_outcomes="\n".join(edition.outcomes),
        curriculum_links="\n".join(edition.curriculum),
        assessed_by=assessed_by(edition),
    )


@transaction.atomic
def revoke(certificate: Certificate, reason: str, by: User, at: datetime.datetime) -> bool:
    """Revoke a certificate: its record stays, and its check page says so. Whether it was: the first one stands."""
    standing = Certificate.objects.filter(pk=certificate.pk, revoked_at__isnull=True, withdrawn_at__isnull=True)
    return bool(standing.update(revoked_at=at, revoked_reason=reason, revoked_by=by))


def withdraw(learner: User, at: datetime.datetime) -> None:
    """The holder's account is being closed: of each certificate only the code stays, and that it was withdrawn."""
    Certificate.objects.for_learner(learner).update(
        withdrawn_at=at,
        enrolment=None,
        name="",
        module_title="",
        learning_outcomes="",
        curriculum_links="",
        assessed_by="",
        revoked_reason="",
    )
