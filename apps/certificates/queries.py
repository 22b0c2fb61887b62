"""What pages read of certificates."""

from apps.accounts.models import User
from apps.certificates.models import Certificate


def codes_of_learner(learner: User) -> list[str]:
    """What stays of the learner's certificates when the account is closed."""
    return [
        f"The certificate code {certificate.pretty_code}: its check page will say “withdrawn by its holder”."
        for certificate in Certificate.objects.for_learner(learner)
    ]
