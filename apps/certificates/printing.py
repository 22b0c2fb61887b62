"""A certificate's facts in the words in which they are shown, on the page, in the PDF and on the check page."""

import datetime

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format

from apps.certificates.facts import CertificateFacts
from apps.certificates.models import Certificate

KIND = "E-learning; not statutory or mandatory training; not approved by any college"


def day(moment: datetime.datetime) -> str:
    """`22 November 2026`, here in the United Kingdom."""
    return date_format(timezone.localtime(moment), "j F Y")


def facts_of(certificate: Certificate) -> CertificateFacts:
    """What the certificate says."""
    return CertificateFacts(
        name=certificate.name,
        module_title=certificate.module_title,
        edition=f"{certificate.edition_number}, published {day(certificate.edition_published_at)}",
        completed_on=day(certificate.completed_at),
        started_on=day(certificate.started_at),
        learning_time=certificate.learning_time,
        learning_outcomes=tuple(certificate.outcomes),
        assessed_by=certificate.assessed_by,
        kind=KIND,
        curriculum="; ".join(certificate.curriculum_links.splitlines()),
        code=certificate.pretty_code,
        check_url=certificate.check_url,
        check_address=f"{settings.HOST}{certificate.get_absolute_url()}",
    )
