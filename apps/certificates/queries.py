"""What pages read of certificates."""

from apps.accounts.models import User
from apps.certificates.models import Certificate
from apps.modules.models import Edition


def note_of_newer_edition(certificate: Certificate) -> str:
    """What the newest edition of the certificate's module says of the change, where that is a newer one."""
    newer = Edition.objects.current().filter(
        module__editions__enrolments__certificate=certificate, number__gt=certificate.edition_number
    )
    return newer.values_list("change_note", flat=True).first() or ""


def codes_of_learner(learner: User) -> list[str]:
    """What stays of the learner's certificates when the account is closed."""
    return [
        f"The certificate code {certificate.pretty_code}: its check page will say “withdrawn by its holder”."
        for certificate in Certificate.objects.for_learner(learner)
    ]
