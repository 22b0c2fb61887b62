"""A certificate's facts in the words in which they are shown, and the verdict of its check page."""

from dataclasses import dataclass

from django.conf import settings
from django.utils.timezone import localdate

from apps.certificates.facts import CertificateFacts
from apps.certificates.models import Certificate
from apps.core.words import day

KIND = "E-learning; not statutory or mandatory training; not approved by any college"

WITHDRAWN = "It was also withdrawn by its holder, so we no longer keep what it said."


@dataclass(frozen=True)
class Verdict:
    """What a check comes to: kind as `components/verdict.html` has it, title and text."""

    kind: str
    title: str
    text: str


def facts_of(certificate: Certificate) -> CertificateFacts:
    """What the certificate says."""
    return CertificateFacts(
        name=certificate.name,
        module_title=certificate.module_title,
        edition=f"{certificate.edition_number}, published {day(localdate(certificate.edition_published_at))}",
        completed_on=day(localdate(certificate.completed_at)),
        started_on=day(localdate(certificate.started_at)),
        learning_time=certificate.learning_time,
        learning_outcomes=tuple(certificate.outcomes),
        assessed_by=certificate.assessed_by,
        kind=KIND,
        curriculum="; ".join(certificate.curriculum_links.splitlines()),
        code=certificate.pretty_code,
        check_url=certificate.check_url,
        check_address=f"{settings.HOST}{certificate.get_absolute_url()}",
        revoked_on=day(localdate(certificate.revoked_at)) if certificate.revoked_at else "",
    )


def verdict_on(certificate: Certificate | None) -> Verdict:
    """What whoever checks a code is told first. None: nothing was ever issued with it."""
    if certificate is None:
        text = "We never issued this code. It may be mistyped: compare it with the certificate."
        return Verdict("no", "No such certificate", text)
    if certificate.revoked_at:
        given = certificate.revoked_reason or "not stated"
        reason = f"Reason given: {given}{'' if given.endswith(('.', '!', '?', '…')) else '.'}"
        text = f"Do not rely on it. {WITHDRAWN if certificate.is_withdrawn else reason}"
        return Verdict("no", f"Revoked on {day(localdate(certificate.revoked_at))}", text)
    if certificate.is_withdrawn:
        text = (
            "Second Look issued a certificate with this code. Its holder has since closed their account, so we no "
            "longer keep what it said. This says nothing against them."
        )
        return Verdict("old", "Withdrawn by its holder", text)
    text = "Second Look issued this certificate. Compare these facts with the paper in front of you."
    return Verdict("true", "Valid", text)
