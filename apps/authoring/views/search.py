"""Search: where something is said in drafts and editions, with the way to each place."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from apps.accounts.decorators import only_for
from apps.accounts.requests import AuthenticatedHttpRequest
from apps.authoring.forms.search import DraftSearchForm
from apps.authoring.searching import search
from apps.authoring.views.desk import page_view


@only_for("modules.read_draft")
@require_safe
def find(request: AuthenticatedHttpRequest) -> HttpResponse:
    """The form, and what it finds."""
    form = DraftSearchForm(request.GET if "q" in request.GET else None)
    context = {"title": "Search", "form": form, "page_view": page_view(request.user)}
    if form.is_valid() and form.cleaned_data["q"]:
        context["found"] = search(form.cleaned_data["q"], is_all=form.cleaned_data["all"])
    return render(request, "authoring/search.html", context, status=422 if form.errors else 200)
