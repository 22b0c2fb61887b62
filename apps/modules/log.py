"""What is told of editions and modules in the log."""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from apps.accounts.log import Entry, Kind
from apps.modules.models import Edition, Module
from apps.modules.withdrawals import Archiving, Withdrawal

NEEDED = "modules.read_draft"  # to open the page of a module


def published() -> Kind:
    """Editions that were published; nobody is named for those that came with the course."""

    def said(edition: Edition) -> Entry:
        words = f"Published {edition}"
        return Entry(
            edition.published_at, edition.published_by, words, edition.change_note, _address_of(edition.module)
        )

    rows = Edition.objects.published().select_related("module", "published_by")
    return Kind(rows, "published_at", said, NEEDED)


def withdrawn() -> Kind:
    """Editions that were withdrawn."""

    def said(act: Withdrawal) -> Entry:
        words, address = f"Withdrew {act.edition}", _address_of(act.edition.module)
        return Entry(act.withdrawn_at, act.withdrawn_by, words, act.reason, address)

    return Kind(_withdrawals("withdrawn_by"), "withdrawn_at", said, NEEDED)


def put_back() -> Kind:
    """Withdrawals that were taken back."""

    def said(act: Withdrawal) -> Entry:
        words = f"Took back that {act.edition} was withdrawn"
        return Entry(act.ended_at, act.ended_by, words, address=_address_of(act.edition.module))

    return Kind(_withdrawals("ended_by").filter(ended_at__isnull=False), "ended_at", said, NEEDED)


def archived() -> Kind:
    """Modules that were archived."""

    def said(act: Archiving) -> Entry:
        words = f"Archived the module {act.module}"
        return Entry(act.archived_at, act.archived_by, words, address=_address_of(act.module))

    return Kind(Archiving.objects.select_related("module", "archived_by"), "archived_at", said, NEEDED)


def offered_again() -> Kind:
    """Modules that came back from the archive."""

    def said(act: Archiving) -> Entry:
        words = f"Took the module {act.module} out of the archive"
        return Entry(act.ended_at, act.ended_by, words, address=_address_of(act.module))

    rows = Archiving.objects.filter(ended_at__isnull=False).select_related("module", "ended_by")
    return Kind(rows, "ended_at", said, NEEDED)


KINDS = (published, withdrawn, put_back, archived, offered_again)


def _withdrawals(by: str) -> QuerySet[Any]:
    return Withdrawal.objects.select_related("edition__module", by)


def _address_of(module: Module) -> str:
    return reverse("admin:write:module", args=[module.slug])
