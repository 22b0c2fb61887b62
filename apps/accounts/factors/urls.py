"""The second factor: allauth's names for addresses, since it looks for them, and our pages."""

from typing import Any

from django.urls import path
from django.views.decorators.http import require_http_methods

from apps.accounts.factors import views
from apps.core.decorators import View


def _page(view: Any) -> View:
    """A view of allauth's, for what browsers ask."""
    asked: View = require_http_methods(["GET", "HEAD", "POST"])(view.as_view())
    return asked


urlpatterns = [
    path("", views.index, name="mfa_index"),
    path("code/", _page(views.SecondStepView), name="mfa_authenticate"),
    path("prove/", _page(views.ProveView), name="mfa_reauthenticate"),
    path("prove/passkey/", _page(views.ProveByPasskeyView), name="mfa_reauthenticate_webauthn"),
    path("app/", _page(views.SetUpAppView), name="mfa_activate_totp"),
    path("app/remove/", _page(views.RemoveAppView), name="mfa_deactivate_totp"),
    path("recovery-codes/", views.recovery_codes, name="mfa_view_recovery_codes"),
    path("recovery-codes/download/", views.download_recovery_codes, name="mfa_download_recovery_codes"),
    path("recovery-codes/new/", _page(views.NewRecoveryCodesView), name="mfa_generate_recovery_codes"),
    path("passkeys/add/", _page(views.AddPasskeyView), name="mfa_add_webauthn"),
    path("passkeys/options/", views.passkey_options, name="mfa_passkey_options"),
    path("passkeys/sign-in/", _page(views.SignInPasskeyView), name="mfa_login_webauthn"),
    path("passkeys/<int:pk>/remove/", _page(views.RemovePasskeyView), name="mfa_remove_webauthn"),
]
