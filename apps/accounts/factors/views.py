"""The second factor on the account page, in the second step of signing in, and wherever it is asked once more."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account import app_settings
from allauth.account.adapter import get_adapter
from allauth.account.decorators import reauthentication_required
from allauth.account.internal.decorators import login_stage_required
from allauth.account.internal.flows.login import record_authentication
from allauth.account.internal.stagekit import LOGIN_SESSION_KEY, get_pending_stage
from allauth.core.internal.ratelimit import consume_or_429
from allauth.mfa.base import views as base_views
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes import views as recovery_views
from allauth.mfa.stages import AuthenticateStage
from allauth.mfa.totp import views as totp_views
from allauth.mfa.webauthn import views as webauthn_views
from allauth.mfa.webauthn.internal import auth as webauthn
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST
from django.views.generic import View as BaseView
from django.views.generic.edit import FormView

from apps.accounts import limits
from apps.accounts.factors import actions, demand, pictures, queries, ways
from apps.accounts.models import User
from apps.accounts.requests import AuthenticatedHttpRequest
from apps.core.decorators import View

Door = Callable[..., HttpResponseBase]

asked_once_more: Callable[[View], View] = reauthentication_required(app="allauth.mfa")


@require_http_methods(["GET", "HEAD"])
def index(request: AuthenticatedHttpRequest) -> HttpResponse:
    """What somebody has, and what they can set up."""
    factors, grace_ends = queries.factors_of(request.user), demand.grace_ends(request.user)
    context = {
        "factors": factors,
        "is_demanded": demand.is_demanded_of(request.user),
        "grace_ends": grace_ends,
        "is_over": grace_ends is not None and timezone.now() >= grace_ends,
        "next": ways.onward(request),
    }
    return render(request, "factors/index.html", context)


class OneAtATime(BaseView):
    """What is sent waits until nothing else changes this person's factors: two tabs cannot each take away the last."""

    request: AuthenticatedHttpRequest

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        if request.method != "POST":
            return super().dispatch(request, *args, **kwargs)
        with transaction.atomic():
            User.objects.select_for_update(no_key=True).get(pk=request.user.pk)
            answer = super().dispatch(request, *args, **kwargs)
            if not demand.has_factor(request.user):
                demand.forget_proofs(request)
        return answer


class SetsUp(OneAtATime):
    """Setting up is a proof, too: the code was right, or the passkey was there."""

    kind: Authenticator.Type
    did_generate_recovery_codes: bool  # allauth's views know

    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)  # type: ignore[misc]  # of the view
        newest = Authenticator.objects.filter(user=self.request.user, type=self.kind).latest("pk")
        record_authentication(self.request, self.request.user, method="mfa", id=newest.pk, type=self.kind.value)
        return response

    def get_success_url(self) -> str:
        name = "mfa_view_recovery_codes" if self.did_generate_recovery_codes else "mfa_index"
        return ways.way_to(name, ways.onward(self.request))


class SetUpAppView(SetsUp, totp_views.ActivateTOTPView):
    """The picture of the secret, the secret as text, and the first code."""

    template_name = "factors/set_up_app.html"
    kind = Authenticator.Type.TOTP

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Where another tab has set one up, say so."""
        if queries.has_app(request.user):
            messages.info(request, "Your app is set up already.")
            return redirect("mfa_index")
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = FormView.get_context_data(self, **kwargs)
        secret = context["form"].secret
        groups = [secret[at : at + 4] for at in range(0, len(secret), 4)]
        picture = pictures.of_app(self.request.user, secret)
        return context | {"secret": " ".join(groups), "picture": picture, "next": ways.onward(self.request)}


class RemoveAppView(OneAtATime, totp_views.DeactivateTOTPView):
    template_name = "factors/remove_app.html"


# Recovery codes -------------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@asked_once_more
def recovery_codes(request: AuthenticatedHttpRequest) -> HttpResponse:
    """The codes, until somebody says that they have them; from then on how many are left."""
    codes = queries.recovery_codes_of(request.user)
    if codes is None:
        raise Http404
    if request.method == "POST":
        actions.keep_recovery_codes(request.user)
        return redirect(ways.onward(request) or "mfa_index")
    context = {
        "codes": None if codes.did_view else codes.get_unused_codes(),
        "left": len(codes.get_unused_codes()),
        "next": ways.onward(request),
    }
    return render(request, "factors/recovery_codes.html", context)


@require_http_methods(["GET", "HEAD"])
@never_cache
@asked_once_more
def download_recovery_codes(request: AuthenticatedHttpRequest) -> HttpResponse:
    """The same as a file."""
    codes = queries.recovery_codes_of(request.user)
    if codes is None or codes.did_view:
        raise Http404
    response = render(
        request, "factors/recovery_codes.txt", {"codes": codes.get_unused_codes()}, content_type="text/plain"
    )
    response["Content-Disposition"] = 'attachment; filename="second-look-recovery-codes.txt"'
    return response


class NewRecoveryCodesView(OneAtATime, recovery_views.GenerateRecoveryCodesView):
    template_name = "factors/new_recovery_codes.html"


# Passkeys -------------------------------------------------------------------------------------------------------------


class AddPasskeyView(SetsUp, webauthn_views.AddWebAuthnView):
    template_name = "factors/add_passkey.html"
    kind = Authenticator.Type.WEBAUTHN

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Without a challenge: the browser asks for one when it is needed."""
        context: dict[str, Any] = FormView.get_context_data(self, **kwargs)
        return context | {"next": ways.onward(self.request)}


class RemovePasskeyView(OneAtATime, webauthn_views.RemoveWebAuthnView):
    template_name = "factors/remove_passkey.html"
    success_url = reverse_lazy("mfa_index")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | {"refusal": queries.refusal_to_remove(self.get_object())}

    def form_valid(self, form: Any) -> HttpResponse:
        if queries.refusal_to_remove(self.get_object()):
            return render(self.request, self.template_name, self.get_context_data(), status=409)
        response: HttpResponse = super().form_valid(form)
        return response


def tells_who_is_late(view: Door) -> Door:
    """Where the second step does not wait any more, say so; the page for signing in comes next."""

    @wraps(view)
    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        waited = LOGIN_SESSION_KEY in request.session
        answer = view(request, *args, **kwargs)
        if waited and LOGIN_SESSION_KEY not in request.session and request.user.is_anonymous:
            lasted = limits.in_words(app_settings.LOGIN_TIMEOUT)
            messages.warning(request, f"That took longer than {lasted}, or your account was changed. Sign in again.")
        return answer

    return inner


@login_not_required
@require_POST
@never_cache
@tells_who_is_late
def passkey_options(request: HttpRequest) -> HttpResponse:
    """The challenge for a passkey: to add one, to prove it is you, or to sign in. The session keeps it for one try."""
    limited: HttpResponse | None = consume_or_429(request, app="allauth.mfa", action="webauthn_login")
    if limited is not None:
        return limited
    if not request.user.is_authenticated:
        stage = get_pending_stage(request)
        is_second_step = stage is not None and stage.key == AuthenticateStage.key
        return JsonResponse(webauthn.begin_authentication(stage.login.user if is_second_step else None))
    if "add" not in request.POST:
        return JsonResponse(webauthn.begin_authentication(request.user))
    if not demand.is_recent(request):
        raise PermissionDenied
    return JsonResponse(webauthn.begin_registration(request.user, False))


class SignInPasskeyView(webauthn_views.LoginWebAuthnView):
    """Signing in by a passkey alone."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return redirect(ways.way_to("account_login", ways.onward(request)))

    def form_invalid(self, form: Any) -> HttpResponse:
        super().form_invalid(form)
        return redirect(ways.way_to("account_login", ways.onward(self.request)))


# Who is it? -----------------------------------------------------------------------------------------------------------


class TellsOfRecoveryCodes:
    """Whoever used one, its owner is told: it is what somebody would use who has found them."""

    def form_valid(self, form: Any) -> HttpResponse:
        answer: HttpResponse = super().form_valid(form)  # type: ignore[misc]  # of the view
        used = getattr(form, "authenticator", None)  # of a code; a passkey's form has none
        if used is not None and used.type == Authenticator.Type.RECOVERY_CODES:
            left = len(queries.recovery_codes_of(used.user).get_unused_codes())
            get_adapter().send_notification_mail("mfa/email/recovery_code_used", used.user, {"left": left})
        return answer


@method_decorator(tells_who_is_late, name="dispatch")
@method_decorator(login_stage_required(stage=AuthenticateStage.key, redirect_urlname="account_login"), name="dispatch")
class SecondStepView(TellsOfRecoveryCodes, base_views.AuthenticateView):
    """The second step of signing in."""

    template_name = "factors/second_step.html"

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """What was right at the first step may be so no more."""
        self.stage = request._login_stage
        return self.stage.abort() if self.stage.is_stale else super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        has_passkey = queries.has_passkey(self.stage.login.user)
        return {"form": self.auth_form, "passkey_form": self.webauthn_form, "has_passkey": has_passkey, **kwargs}


class ProveView(TellsOfRecoveryCodes, base_views.ReauthenticateView):
    """Somebody who is signed in shows once more that it is them."""

    template_name = "factors/prove.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        has_passkey = queries.has_passkey(self.request.user)
        return context | {"has_passkey": has_passkey, "next": ways.onward(self.request)}


class ProveByPasskeyView(webauthn_views.ReauthenticateWebAuthnView):
    """The same with a passkey; the page for it is the one for codes."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return redirect(ways.way_to("mfa_reauthenticate", ways.onward(request)))

    def form_invalid(self, form: Any) -> HttpResponse:
        for message in form.errors.get("credential", []):
            messages.error(self.request, message)
        return redirect(ways.way_to("mfa_reauthenticate", ways.onward(self.request)))
