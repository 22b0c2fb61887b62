"""Two authors wrote the same: both texts, side by side."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from apps.authoring.actions import Conflict, Edit
from apps.authoring.queries import Sheet
from apps.authoring.views import gone, rooms


def show(request: HttpRequest, sheet: Sheet, edit: Edit, conflict: Conflict) -> HttpResponse:
    """What stands there now, and what was wanted, to be sent again against what stands there."""
    wanted = sheet.text_of(conflict.wanted)
    if conflict.stored is None:
        return gone.show(request, gone.Kept(sheet.edition.module.slug, edit.key, wanted, str(sheet.edition.pk)))
    context = rooms.head_of(sheet, "") | {
        "stored": conflict.stored,
        "wanted": conflict.wanted,
        "seen": conflict.stored.digest(),
        "stored_text": sheet.text_of(conflict.stored),
        "wanted_text": wanted,
    }
    return render(request, "authoring/conflict.html", context, status=409)
