"""The second step of signing in, between the password and the person's pages."""

from typing import Any

from allauth.mfa.stages import AuthenticateStage
from django.utils.crypto import constant_time_compare

from apps.accounts.factors import demand


class SecondStep(AuthenticateStage):
    """It waits for a code or a passkey, and knows with which password the first step was done."""

    def handle(self) -> Any:
        self.state["by"] = self.login.user.get_session_auth_hash()
        return super().handle()

    @property
    def is_stale(self) -> bool:
        """Whether signing in begins anew: closed to this person meanwhile, another password, or no factor any more."""
        person = self.login.user
        same = constant_time_compare(self.state.get("by", ""), person.get_session_auth_hash())
        return not (same and person.is_active and demand.has_factor(person))
