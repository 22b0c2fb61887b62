"""The log: who published, revoked a certificate, gave or took rights."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from apps.accounts.decorators import only_for
from apps.accounts.log import read_page
from apps.accounts.requests import AuthenticatedHttpRequest


@only_for("modules.publish_edition")
@require_safe
def log(request: AuthenticatedHttpRequest) -> HttpResponse:
    """What happened, the newest first."""
    page, entries = read_page(request.GET.get("page", ""), request.user)
    return render(request, "authoring/log.html", {"title": "Log", "page": page, "entries": entries})
