"""What is told of editions in the log."""

from django.urls import reverse

from apps.accounts.log import Entry, Kind
from apps.modules.models import Edition


def published() -> Kind:
    """Editions that were published; nobody is named for those that came with the course."""

    def said(edition: Edition) -> Entry:
        address = reverse("admin:write:module", args=[edition.module.slug])
        return Entry(edition.published_at, edition.published_by, f"Published {edition}", edition.change_note, address)

    rows = Edition.objects.published().select_related("module", "published_by")
    return Kind(rows, "published_at", said, needed="modules.read_draft")
