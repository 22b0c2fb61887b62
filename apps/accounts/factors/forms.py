"""Codes and passkeys, as people send them."""

from __future__ import annotations

import json
import secrets
from base64 import b32encode
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, ClassVar

from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as base_forms
from allauth.mfa.models import Authenticator
from allauth.mfa.totp import forms as totp_forms
from allauth.mfa.totp.internal.auth import TOTP
from allauth.mfa.webauthn import forms as webauthn_forms
from allauth.mfa.webauthn.internal import auth as webauthn
from cryptography.exceptions import InvalidSignature
from django import forms
from django.core.exceptions import ValidationError
from django.core.signing import BadSignature, TimestampSigner
from django.db import Error as DatabaseError

from apps.accounts import limits
from apps.accounts.models import User
from apps.accounts.names import NameFormField

MAX_CODE = 32  # characters: a recovery code has eight, and people type blanks
MAX_CREDENTIAL = 20_000  # characters of what a browser says of a passkey; most say less than 2,000
MAX_PASSKEYS = 10
LOCKED = {"too_many_login_attempts", "rate_limited"}  # what allauth calls it


class CodeField(forms.CharField):
    """A code of an app, or one that was printed."""

    def __init__(self, label: str) -> None:
        attrs = {"autocomplete": "one-time-code", "inputmode": "numeric", "autocapitalize": "none"}
        super().__init__(label=label, max_length=MAX_CODE, widget=forms.TextInput(attrs=attrs))
        self.error_messages["required"] = f"Enter the {label[:1].lower()}{label[1:]}"


@contextmanager
def _how_long() -> Iterator[None]:
    """Too many tries: say how long to wait."""
    try:
        yield
    except ValidationError as error:
        if getattr(error, "code", None) not in LOCKED:
            raise
        wait = limits.in_words(limits.seconds_of("login_failed"))
        raise get_adapter().validation_error("codes_locked", wait) from error


@contextmanager
def _readable() -> Iterator[None]:
    """A credential is read by libraries that trip over what no browser sends, each in its own way."""
    try:
        yield
    except (ValidationError, DatabaseError):
        raise
    except Exception as error:
        raise get_adapter().validation_error("incorrect_passkey") from error


def _in_words_for_passkeys(error: ValidationError) -> ValidationError:
    """allauth says of a passkey, too, that the code is wrong."""
    is_code = getattr(error, "code", None) == "incorrect_code"
    found: ValidationError = get_adapter().validation_error("incorrect_passkey") if is_code else error
    return found


class _CodeForm(base_forms.BaseAuthenticateForm):
    code = CodeField("Code from your app, or a recovery code")

    def clean_code(self) -> str:
        with _how_long():
            code: str = super().clean_code()
        return code


class AuthenticateForm(_CodeForm, base_forms.AuthenticateForm):
    """The second step of signing in."""


class ProveForm(_CodeForm, base_forms.ReauthenticateForm):
    """Who is signed in shows once more that it is them."""


# The app --------------------------------------------------------------------------------------------------------------


class SetUpAppForm(totp_forms.ActivateTOTPForm):
    """The first code of an app. The secret stands on the page, signed for its owner, and in no session."""

    code = CodeField("Code from the app")
    signed_secret = forms.CharField(widget=forms.HiddenInput, max_length=200, required=False)

    LASTS = 3600  # seconds

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        forms.Form.__init__(self, *args, **kwargs)  # allauth's would put the secret into the session
        self.user = user
        self.secret, self.is_known = self._read_secret(), True
        if not self.secret:
            self.secret, self.is_known = b32encode(secrets.token_bytes(20)).decode(), False

    @property
    def sealed(self) -> str:
        """The secret as the page carries it: a wrong code makes it no younger."""
        return str(self.data["signed_secret"]) if self.is_known else self._signer().sign(self.secret)

    def clean(self) -> dict[str, Any]:
        if not self.is_known:
            raise get_adapter().validation_error("page_too_old")
        cleaned: dict[str, Any] = self.cleaned_data
        return cleaned

    def clean_code(self) -> str:
        if not self.is_known:
            return str(self.cleaned_data["code"])
        with _how_long():
            code: str = super().clean_code()
        # As at sign-in: nobody who looked on signs in with the code that was typed here.
        app = TOTP(Authenticator(user=self.user, type=Authenticator.Type.TOTP))
        if not app._mark_code_used(code):
            raise get_adapter().validation_error("incorrect_code")
        return code

    def _read_secret(self) -> str:
        try:
            return self._signer().unsign(self.data.get("signed_secret", ""), max_age=self.LASTS)
        except BadSignature:
            return ""

    def _signer(self) -> TimestampSigner:
        return TimestampSigner(salt=f"apps.accounts.factors.forms.{self.user.pk}")


# Passkeys -------------------------------------------------------------------------------------------------------------


class CredentialField(forms.CharField):
    """What a browser says of a passkey, as JSON: an object, or it is none."""

    widget = forms.HiddenInput
    default_error_messages: ClassVar = {"required": "Your browser did not show a passkey. It needs scripts for that."}

    def __init__(self) -> None:
        super().__init__(max_length=MAX_CREDENTIAL)

    def clean(self, value: Any) -> dict[str, Any]:
        text = super().clean(value)
        with _readable():
            said: dict[str, Any] = dict(json.loads(text).items())
        return said


class AddPasskeyForm(webauthn_forms.AddWebAuthnForm):
    name = NameFormField(
        label="What do you call it?", required=False, max_length=60, help_text="So that you know which one is where."
    )
    credential = CredentialField()
    passwordless = None  # the browser decides; each sign-in without a password asks for it

    field_order = ("name", "credential")

    def clean(self) -> dict[str, Any]:
        if Authenticator.objects.filter(user=self.user, type=Authenticator.Type.WEBAUTHN).count() >= MAX_PASSKEYS:
            raise get_adapter().validation_error("too_many_passkeys")
        try:
            with _readable():
                cleaned: dict[str, Any] = super().clean()
                if "credential" in cleaned:
                    _check_key(cleaned["credential"])
        except ValidationError as error:
            raise _in_words_for_passkeys(error) from error
        return cleaned


def _check_key(credential: dict[str, Any]) -> None:
    """A key that is cut off would be stored, and could never be used: to check any signature reads it whole."""
    data = webauthn.parse_registration_response(credential).response.attestation_object.auth_data
    with suppress(InvalidSignature):
        data.credential_data.public_key.verify(b"", b"")


class _PasskeyForm(webauthn_forms.AuthenticateWebAuthnForm):
    credential = CredentialField()

    def clean_credential(self) -> Authenticator:
        try:
            with _how_long(), _readable():
                return super().clean_credential()
        except ValidationError as error:
            raise _in_words_for_passkeys(error) from error


class AuthenticatePasskeyForm(_PasskeyForm):
    """The second step of signing in."""


class ProvePasskeyForm(_PasskeyForm):
    """Who is signed in shows once more that it is them."""

    reauthenticated = True


class SignInPasskeyForm(_PasskeyForm):
    """Signing in without a password: the passkey says who it is, and has asked them."""

    passwordless = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, user=None, **kwargs)
