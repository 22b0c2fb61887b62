"""How allauth's doors behave here."""

import logging
from functools import partial
from typing import Any, ClassVar

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from allauth.core import context
from allauth.core.exceptions import ReauthenticationRequired
from allauth.core.internal.ratelimit import get_ip
from django.contrib import messages
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from apps.accounts import keeping, limits, mails
from apps.accounts.factors import actions, demand
from apps.accounts.fields import one_spelling
from apps.accounts.models import User
from apps.core import kept_answer

SENT_TO = "address_when_code_was_sent"
PASSWORDS = {
    "password_too_short": "Too short: at least 12 characters.",
    "password_too_common": "Too many people use this one. Take three or four words that do not belong together.",
    "password_entirely_numeric": "Figures alone are easy to guess. Add a word or two.",
    "password_too_similar": "Too much like your name or your address.",
}


class AccountAdapter(DefaultAccountAdapter):
    """One spelling of every address, one count of every account's failed tries."""

    error_messages: ClassVar = DefaultAccountAdapter.error_messages | {
        "account_inactive": "This account is closed.",
        "account_locked": "Too many wrong tries for this account. Wait %s, or choose a new password.",
        "code_outdated": "Your address has been changed since this code was sent. It changed nothing.",
        "duplicate_email": "This is the address you have already.",
        "email_password_mismatch": "The e-mail address or the password is not right.",
        "email_taken": "There is an account with this address already.",
        "enter_current_password": "This is not the password you have now.",
        "incorrect_code": "This is not the code that we sent last.",
        "incorrect_password": "This is not your password.",
        "network_busy": "Too many wrong tries have come from your network. Wait %s, or choose a new password.",
        "rate_limited": "Too many tries. Wait a few seconds.",
        # allauth says this when codes were asked for, or given wrongly, too often.
        "too_many_login_attempts": "Too many tries. Wait a few seconds, then sign in for a new code.",
    }

    # Addresses --------------------------------------------------------------------------------------------------------

    def clean_email(self, email: str) -> str:
        """allauth would cut an address that is too long for the column, and make an account nobody can reach."""
        MaxLengthValidator(User._meta.get_field("email").max_length, "This is longer than an e-mail address can be.")(
            email
        )
        return one_spelling(email)

    def save_user(self, request: HttpRequest, user: User, form: Any, commit: bool = True) -> User:
        user.full_name = form.cleaned_data["full_name"]
        saved: User = super().save_user(request, user, form, commit=commit)
        return saved

    def send_confirmation_mail(self, request: HttpRequest, emailconfirmation: Any, signup: bool) -> None:
        request.session[SENT_TO] = emailconfirmation.email_address.user.email
        super().send_confirmation_mail(request, emailconfirmation, signup)

    @transaction.atomic
    def confirm_email(self, request: HttpRequest, email_address: EmailAddress) -> bool:
        """A code is worth nothing once the person's address has been changed meanwhile, by an administrator say.

        Two presses confirm once: the person's row is the lock, and what the first one did is left alone.
        """
        email_address.user = User.objects.select_for_update().get(pk=email_address.user_id)
        if EmailAddress.objects.filter(user=email_address.user, email=email_address.email, verified=True).exists():
            return True
        if app_settings.EMAIL_VERIFICATION_BY_CODE_ENABLED:
            now = email_address.user.email
            is_wanted = request.user.is_authenticated or email_address.email == now
            if request.session.pop(SENT_TO, now) != now or not is_wanted:
                self.add_message(request, messages.ERROR, message=self.error_messages["code_outdated"])
                return False
        try:
            if User.objects.exclude(pk=email_address.user_id).filter(email=email_address.email).exists():
                raise IntegrityError
            with transaction.atomic():
                confirmed: bool = super().confirm_email(request, email_address)
        except IntegrityError:  # somebody else has it, since this very moment perhaps: it need not wait any longer
            EmailAddress.objects.filter(user=email_address.user_id, email=email_address.email, primary=False).delete()
            self.add_message(request, messages.ERROR, message=self.error_messages["email_taken"])
            return False
        return confirmed

    def get_email_verification_redirect_url(self, email_address: EmailAddress) -> str:
        """Who is signed in has changed their address: back to the account."""
        if self.request.user.is_authenticated:
            return reverse("accounts:account")
        url: str = super().get_email_verification_redirect_url(email_address)
        return url

    def get_login_stages(self) -> list[str]:
        """allauth's, with our second step."""
        stages: list[str] = super().get_login_stages()
        ours = "apps.accounts.factors.stages.SecondStep"
        return [ours if stage == "allauth.mfa.stages.AuthenticateStage" else stage for stage in stages]

    def clean_password(self, password: str, user: User | None = None) -> str:
        """Django's rules, in our words."""
        try:
            cleaned: str = super().clean_password(password, user)
        except ValidationError as error:
            raise ValidationError([PASSWORDS.get(str(one.code), one) for one in error.error_list]) from error
        return cleaned

    # Passwords --------------------------------------------------------------------------------------------------------

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Every door that asks for a password passes here; a right one gives its try back.

        A network address beyond its limit, a hospital's perhaps, has one try an hour for each account.
        """
        account = self._get_login_attempts_cache_key(request, **credentials)
        self._login_failed_rl_usage = limits.consume(request, "login_failed", account)
        if not self._login_failed_rl_usage:
            raise self._refusal("account_locked", "login_failed")
        here = limits.consume(request, "login_failed_here") or self._last_try_from_here(request, account)
        self._login_failed_rl_usage.usage += here.usage

    def _last_try_from_here(self, request: HttpRequest, account: str) -> Any:
        if limits.consume(request, "alarm"):
            logging.getLogger(__name__).warning("Too many failed sign-ins from one network address")
        usage = limits.consume(request, "login_failed_last", self._account_from_here(request, account))
        if usage is None:
            self._rollback_login_failed_rl_usage()
            raise self._refusal("network_busy", "login_failed_last")
        return usage

    def _refusal(self, code: str, action: str) -> Exception:
        refusal: Exception = self.validation_error(code, limits.in_words(limits.seconds_of(action)))
        return refusal

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """One count, however the address is spelled and whichever host and port the browser names."""
        return one_spelling(credentials.get("email", ""))

    def _delete_login_attempts_cached_email(self, request: HttpRequest, **credentials: Any) -> None:
        """A password that was reset may be used at once."""
        super()._delete_login_attempts_cached_email(request, **credentials)
        account = self._get_login_attempts_cache_key(request, **credentials)
        limits.clear(request, "login_failed_last", self._account_from_here(request, account))

    @staticmethod
    def _account_from_here(request: HttpRequest, account: str) -> str:
        return f"{get_ip(request)} {account}"

    # Mails ------------------------------------------------------------------------------------------------------------

    def send_notification_mail(self, *args: Any, **more: Any) -> None:
        """What is told has been done; and no server of mails that is slow holds up whoever waits for a lock."""
        send = partial(super().send_notification_mail, *args, **more)
        transaction.on_commit(lambda: mails.try_to_send(send))

    # Signing in -------------------------------------------------------------------------------------------------------

    def is_safe_url(self, url: str | None) -> bool:
        """Where a browser may be led on to: a path of ours. Anything else, a word or what is no address, is nothing."""
        return bool(url) and str(url).startswith("/") and url_has_allowed_host_and_scheme(url, allowed_hosts=None)

    def login(self, request: HttpRequest, user: User) -> None:
        """Every door leads through here; what waits for somebody else goes."""
        super().login(request, user)
        kept_answer.forget_anothers(request)

    def post_login(self, request: HttpRequest, user: User, **login: Any) -> HttpResponse:
        response: HttpResponse = super().post_login(request, user, **login)
        if ends := actions.note_demand(user, timezone.now()):
            messages.warning(request, demand.in_words(ends, timezone.now()), extra_tags=demand.TOLD)
        keeping.keep_on_signing_in(request, response.get("Location", ""))
        return response

    # Showing once more who one is -------------------------------------------------------------------------------------

    def get_reauthentication_methods(self, user: User | AnonymousUser) -> list[dict[str, Any]]:
        """Who has a second factor is asked for that: a password alone takes nothing of it away."""
        methods: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        factors = [method for method in methods if method["id"] == "mfa_reauthenticate:webauthn"]
        if factors or any(method["id"] == "mfa_reauthenticate" for method in methods):
            return [{"id": "mfa_reauthenticate", "url": reverse("mfa_reauthenticate")}, *factors]
        return methods

    def is_reauthentication_required(self, *, app: str, **more: Any) -> bool:
        """Not within five minutes of showing it, signing in included; never by a password where there is a factor."""
        if super().is_reauthentication_required(app=app, **more) and not demand.is_recent(context.request):
            raise ReauthenticationRequired  # allauth would ask its own records next, and take a password there
        return False

    def get_http_user_agent(self, request: HttpRequest) -> str:
        """As the browser says it now: a request that has waited for the password does not carry it."""
        agent: str = request.environ.get("HTTP_USER_AGENT", "Unspecified")  # type: ignore[attr-defined]  # WSGI
        return agent
