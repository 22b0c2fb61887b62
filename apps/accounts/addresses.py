"""allauth's pages about an address, as they behave here."""

from typing import Any

from allauth.account import app_settings, views
from allauth.core.exceptions import ImmediateHttpResponse
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.views.decorators.http import require_http_methods

from apps.accounts import changing, limits

METHODS = ["get", "head", "post"]
Verify: Any = views._email_verification.ConfirmEmailVerificationCodeView  # not exported


class EmailView(views.EmailView):  # type: ignore[misc]  # allauth has no types
    """A new address is named, or its link asked for once more: nothing else is done to addresses here."""

    http_method_names = METHODS

    def post(self, request: HttpRequest, *args: Any, **more: Any) -> HttpResponse:
        if not {"action_add", "action_send"} & request.POST.keys():
            return redirect("account_email")
        answer: HttpResponse = super().post(request, *args, **more)
        return answer


@method_decorator(login_not_required, name="dispatch")
class LinkView(views.ConfirmEmailView):  # type: ignore[misc]
    """The page behind the link in a mail. To look at it does nothing; a dead link says so, and leads on."""

    http_method_names = METHODS

    @cached_property
    def _found(self) -> Any:
        try:
            return super().get_object()
        except Http404:
            return None

    def get_object(self, queryset: Any = None) -> Any:
        """Looked for once: a second press may have used it up meanwhile."""
        return self._found

    def get(self, *args: Any, **more: Any) -> HttpResponse:
        self.object = self.get_object()
        answer: HttpResponse = self.render_to_response(self.get_context_data())
        return answer

    def post(self, *args: Any, **more: Any) -> HttpResponse:
        answer: HttpResponse = super().post(*args, **more) if self.get_object() else self.get(*args, **more)
        return answer


class CodeView(Verify):  # type: ignore[misc]
    """The page that asks for the code. A change that cannot succeed waits no more, and leads back to the change."""

    def dispatch(self, request: HttpRequest, *args: Any, **more: Any) -> HttpResponseBase:
        """Who comes too late is told so, in the same words whether or not there is an account."""
        waited = changing.was_begun(request)
        answer: HttpResponseBase = super().dispatch(request, *args, **more)
        if waited and not self._process:
            again = "Sign in" if request.user.is_anonymous else "Enter the new address again"
            lasted = limits.in_words(app_settings.EMAIL_VERIFICATION_BY_CODE_TIMEOUT)
            messages.warning(request, f"The code was good for {lasted}, and they are over. {again} for another code.")
        return answer

    def form_valid(self, form: Any) -> HttpResponse:
        sent = self._process.code
        try:
            answer: HttpResponse = super().form_valid(form)
        except ImmediateHttpResponse:
            if self._action != "resend":
                raise
            self._process.state["code"] = sent  # no other one was sent
            seconds = limits.seconds_until_free(self.request, "confirm_email", self._process.email.lower())
            told = f"Wait {limits.in_words(seconds)}, then ask for another code. The one you have still works."
            messages.error(self.request, told)
            return redirect(self.passthrough_next_url(self.request.path))
        return answer

    def form_invalid(self, form: Any) -> HttpResponse:
        if self.request.user.is_anonymous:
            answer: HttpResponse = super().form_invalid(form)
            return answer
        if form.has_error("code", "email_taken"):
            self._process.abort()
            messages.error(self.request, "There is an account with this address already.")
        elif self._process.record_invalid_attempt():
            return self.render_to_response(self.get_context_data(form=form))  # type: ignore[no-any-return]
        else:
            messages.error(self.request, "Too many wrong codes. Enter the new address again for another code.")
        return redirect("account_email")


@require_http_methods([method.upper() for method in METHODS])
@login_not_required
def message_sent(request: HttpRequest) -> HttpResponseBase:
    """A message was sent; where it holds a code, it is asked for."""
    view = CodeView if changing.is_by_code() else views.EmailVerificationSentView
    answer: HttpResponseBase = view.as_view()(request)
    return answer
