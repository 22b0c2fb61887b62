"""Certificates in the admin: to be read, and revoked with a reason."""

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from apps.accounts.factors import demand, ways
from apps.accounts.requests import AuthenticatedHttpRequest
from apps.certificates import actions
from apps.certificates.models import Certificate
from apps.core.admin import RecordAdmin
from apps.core.fields import WordsField


class RevokeForm(forms.Form):
    """Why a certificate is withdrawn, in words for whoever checks it."""

    reason = WordsField(max_length=200, help_text="Everybody who checks the certificate will read this.")


@admin.register(Certificate)
class CertificateAdmin(RecordAdmin):
    list_display = (
        "pretty_code",
        "name",
        "module_title",
        "edition_number",
        "completed_at",
        "revoked_at",
        "withdrawn_at",
    )
    list_filter = (
        "module_title",
        ("revoked_at", admin.EmptyFieldListFilter),
        ("withdrawn_at", admin.EmptyFieldListFilter),
    )
    search_fields = ("code", "name", "enrolment__learner__email")
    date_hierarchy = "issued_at"
    actions = ("revoke",)

    def has_revoke_permission(self, request: HttpRequest) -> bool:
        """Who may change certificates may revoke them; nothing else about them changes."""
        return request.user.has_perm("certificates.change_certificate")

    @admin.action(description="Revoke", permissions=["revoke"])
    def revoke(self, request: AuthenticatedHttpRequest, queryset: QuerySet[Certificate]) -> HttpResponse | None:
        if demand.lacks_proof(request, timezone.now()):
            return ways.ask_for_proof(request)
        form = RevokeForm(request.POST if "reason" in request.POST else None)
        if form.is_valid():
            self._revoke(request, queryset, form.cleaned_data["reason"])
            return None
        context = {
            **self.admin_site.each_context(request),
            "title": "Revoke certificates",
            "certificates": queryset,
            "form": form,
            "opts": self.opts,
            "checkbox": ACTION_CHECKBOX_NAME,
        }
        return render(request, "admin/certificates/revoke.html", context)

    def _revoke(self, request: AuthenticatedHttpRequest, queryset: QuerySet[Certificate], reason: str) -> None:
        """Revoke, and say of how many that is true."""
        revoked = 0
        for certificate in queryset:
            if actions.revoke(certificate, reason, request.user, timezone.now()):
                revoked += 1
            else:
                sentence = f"{certificate} was revoked or withdrawn before. That stands."
                self.message_user(request, sentence, messages.INFO)
        if revoked:
            self.message_user(request, f"Revoked: {revoked}.", messages.SUCCESS)
