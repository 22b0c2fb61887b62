"""A certificate's facts in the words in which they are shown, on the page, in the PDF and on the check page."""

import datetime

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format

from apps.certificates.models import Certificate
from apps.certificates.pdf import CertificateFacts

KIND = "E-learning; not statutory or mandatory training; not approved by any college"


def day(moment: datetime.datetime) -> str:
    """`22 November 2026`, here in the United Kingdom."""
    return date_format(timezone.localtime(moment), "j F Y")


def facts_of(certificate: Certificate) -> CertificateFacts:
    """What the PDF says."""
    completed_on, started_on = day(certificate.completed_at), day(certificate.started_at)
    return CertificateFacts(
        name=certificate.name,
        module_title=certificate.module_title,
        edition=f"{certificate.edition_number}, published {day(certificate.edition_published_at)}",
        completed_on=completed_on,
        started_on=started_on if started_on != completed_on else "",
        learning_time=certificate.learning_time,
        learning_outcomes=tuple(certificate.outcomes),
        assessed_by=certificate.assessed_by,
        kind=KIND,
        curriculum="; ".join(certificate.curriculum_links.splitlines()),
        sources_or_interests="",
        code=certificate.pretty_code,
        check_url=certificate.check_url,
        check_address=f"{settings.HOST}{certificate.get_absolute_url()}",
    )
