"""What authors do to a draft as a whole: begin a module; add a page, move it, take it out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.db import transaction
from django.db.models import Max

from apps.authoring.actions import Conflict, Edit, NoDraftError, Saved, Stamp, save_document
from apps.authoring.queries import Sheet, find_sheet
from apps.modules import rows
from apps.modules.copying import copy_of_page, with_copy
from apps.modules.document import ORDER, Document, EditionDocument, Head, moved
from apps.modules.editions import lock_drafts
from apps.modules.keys import PROVISIONAL, key_from
from apps.modules.models import Edition, Module, Page
from apps.modules.page_kinds import PageKind


@dataclass(frozen=True)
class Move:
    """A page that goes so many places on."""

    key: str
    by: int


@transaction.atomic
def start_module(title: str) -> Edition:
    """A new module with a first draft; the one that has just been begun under this title, if nothing is in it yet."""
    begun = Edition.objects.drafts().filter(title=title, based_on=None, page=None, module__in=_without_edition())
    if draft := begun.select_related("module").first():
        return draft
    slugs = set(Module.objects.values_list("slug", flat=True))
    last = Module.objects.aggregate(last=Max("position"))["last"] or 0
    module = Module.objects.create(slug=key_from(title, slugs, otherwise="module"), position=last + 1)
    return Edition.objects.create(module=module, title=title)


def _without_edition() -> Sequence[int]:
    published = Edition.objects.published().values("module")
    return list(Module.objects.exclude(pk__in=published).values_list("pk", flat=True))


@transaction.atomic
def add_page(draft: Edition, kind: PageKind, title: str, stamp: Stamp) -> str:
    """Add a page at the end, and give its key; of one that has just been added so, if nothing is in it yet."""
    lock_drafts([draft.pk])
    empty = kind.document_class(Head(f"{PROVISIONAL}page", title))
    last = Page.objects.filter(edition=draft).order_by("position").last()
    if last and last.kind == kind.name and last.title == title:
        stands = rows.read_document(last)
        if stands == kind.document_class(Head(last.key, title)):
            return last.key
    saved = save_document(draft, Edit(empty.head.key, empty, "", kind=kind.name), stamp)
    return saved.key if isinstance(saved, Saved) else ""


def arrange(draft: Edition, pages: Sequence[str], seen: str, stamp: Stamp, moves: str = "") -> Saved | Conflict:
    """Let the pages stand in this order; those that are not named go. `seen` is the digest of the order as it was."""
    document = EditionDocument("", "", (), pages=tuple(pages))
    return save_document(draft, Edit("", document, seen, (ORDER,), moves=moves), stamp)


@transaction.atomic
def move_page(draft: Edition, move: Move, seen: str, stamp: Stamp) -> Saved | Conflict | None:
    """Move a page in the order that was `seen`; None where it is not there. A button pressed twice moves it once."""
    lock_drafts([draft.pk])
    stands = rows.read_edition_document(draft)
    if move.key not in stands.pages:
        return None
    place = stands.pages.index(move.key)
    before = replace(stands, pages=moved(stands.pages, place, -move.by))
    if before != stands and before.digest(ORDER) == seen:
        return Saved("", stands)
    return arrange(draft, moved(stands.pages, place, move.by), seen, stamp, move.key)


@transaction.atomic
def remove_page(draft: Edition, key: str, seen: str, stamp: Stamp) -> Saved | Conflict | None:
    """Let a page go that says what was `seen`; None where it is not there."""
    lock_drafts([draft.pk])
    document = find_sheet(draft, key).document
    if document is None:
        return None
    if document.digest() != seen:
        return Conflict(document, document)
    stands = rows.read_edition_document(draft)
    return arrange(draft, [page for page in stands.pages if page != key], stands.digest(ORDER), stamp)


def copy_page(draft: Edition, kind: PageKind, document: Document, stamp: Stamp) -> Saved | Conflict:
    """Add a copy of a page at the end of a draft; nothing, if that is what stands there already."""
    copied = copy_of_page(document)
    with transaction.atomic():
        lock_drafts([draft.pk])
        last = Page.objects.filter(edition=draft).order_by("position").last()
        if last and last.kind == kind.name and copy_of_page(stands := rows.read_document(last)) == copied:
            return Saved(last.key, stands)
        return save_document(draft, Edit(copied.head.key, copied, "", kind=kind.name), stamp)


def copy_block(sheet: Sheet, source: Document, block: str, stamp: Stamp) -> Saved | Conflict:
    """Add a copy of a block of `source` to another page of its kind; nothing, if it stands there already at the end."""
    stands = sheet.document
    if not isinstance(stands, Document):
        raise NoDraftError
    edit = Edit(sheet.key, stands, stands.digest(""), ("",), then=lambda whole: with_copy(whole, block, source))
    return save_document(sheet.edition, edit, stamp)
