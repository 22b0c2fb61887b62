"""The second factor: allauth's names for addresses, since it looks for them, and our pages."""

from django.urls import path

from apps.accounts.factors import views

urlpatterns = [
    path("", views.index, name="mfa_index"),
    path("code/", views.SecondStepView.as_view(), name="mfa_authenticate"),
    path("prove/", views.ProveView.as_view(), name="mfa_reauthenticate"),
    path("prove/passkey/", views.ProveByPasskeyView.as_view(), name="mfa_reauthenticate_webauthn"),
    path("app/", views.SetUpAppView.as_view(), name="mfa_activate_totp"),
    path("app/remove/", views.RemoveAppView.as_view(), name="mfa_deactivate_totp"),
    path("recovery-codes/", views.recovery_codes, name="mfa_view_recovery_codes"),
    path("recovery-codes/download/", views.download_recovery_codes, name="mfa_download_recovery_codes"),
    path("recovery-codes/new/", views.NewRecoveryCodesView.as_view(), name="mfa_generate_recovery_codes"),
    path("passkeys/add/", views.AddPasskeyView.as_view(), name="mfa_add_webauthn"),
    path("passkeys/options/", views.passkey_options, name="mfa_passkey_options"),
    path("passkeys/sign-in/", views.SignInPasskeyView.as_view(), name="mfa_login_webauthn"),
    path("passkeys/<int:pk>/remove/", views.RemovePasskeyView.as_view(), name="mfa_remove_webauthn"),
]
