"""What pages read of certificates."""

from apps.accounts.models import User
from apps.certificates.models import Certificate
from apps.modules.models import Edition
from apps.modules.queries import notes_since


def notes_of_newer_editions(certificate: Certificate) -> list[str]:
    """What has changed in the certificate's module since its edition, the newest change first."""
    editions = Edition.objects.filter(enrolments__certificate=certificate)  # none, once it has been withdrawn
    return [note for notes in notes_since(list(editions)).values() for note in notes]


def codes_of_learner(learner: User) -> list[str]:
    """What stays of the learner's certificates when the account is closed."""
    return [
        f"The certificate code {certificate.pretty_code}: its check page will say “withdrawn by its holder”."
        for certificate in Certificate.objects.for_learner(learner)
    ]
