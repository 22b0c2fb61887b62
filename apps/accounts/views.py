"""The learner's own account, and a closed door."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from apps.accounts import limits
from apps.accounts.changing import keep_address, waiting_change
from apps.accounts.factors.queries import factors_of
from apps.accounts.forms import AccountForm
from apps.accounts.requests import AuthenticatedHttpRequest
from apps.core.decorators import post_only


@require_http_methods(["GET", "HEAD", "POST"])
def account(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Your name, your name on certificates, your grade."""
    is_sent = request.method == "POST"
    form = AccountForm(request.POST if is_sent else None, instance=request.user)
    if form.is_valid():
        form.save()
        messages.success(request, "Saved.")
        return redirect("accounts:account")
    context = {
        "form": form,
        "factors": factors_of(request.user),
        "waiting": waiting_change(request),
        "section": "account",
    }
    return render(request, "accounts/account.html", context, status=422 if is_sent else 200)


@post_only
def keep_email(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Give up a change of the address that waits for its confirmation."""
    if waiting_change(request):
        keep_address(request)
        messages.success(request, f"You still sign in with {request.user.email}.")
    return redirect("accounts:account")


def too_many_tries(request: HttpRequest) -> HttpResponse:
    """A limit is used up: says how long to wait."""
    seconds = limits.seconds_to_wait(request)
    is_sign_in = request.resolver_match is not None and request.resolver_match.url_name == "account_login"
    context = {"wait": limits.in_words(seconds), "is_sign_in": is_sign_in}
    response = render(request, "429.html", context, status=429)
    response["Retry-After"] = str(seconds)
    return response
