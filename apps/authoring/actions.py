"""What authors do to drafts. Whatever changes a draft as a document goes through here: locked, compared, kept."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from django.db import DataError, IntegrityError, transaction
from django.db.models import Max
from django.db.models.functions import Coalesce

from apps.accounts.models import User
from apps.authoring import queries
from apps.authoring.models import Revision
from apps.authoring.queries import Sheet
from apps.modules import outline, rows, writing
from apps.modules.comparison import Change, compare
from apps.modules.document import AnyDocument, Document, EditionDocument, tidied
from apps.modules.editions import lock_drafts
from apps.modules.keys import settle
from apps.modules.models import Edition
from apps.modules.page_kinds import PageKind
from apps.modules.problems import Problem, error

Verb = Revision.Verb
Text = outline.Parsed | outline.ParsedModule


class OtherKindError(Exception):
    """The text of a page is of another kind than the page."""


class UnstorableError(Exception):
    """A document says what not even a draft can hold; `problems` says what, in an author's words."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        super().__init__(" ".join(["This cannot be stored.", *map(str, problems)]))


class NoDraftError(Exception):
    """The draft has been discarded in the meantime."""

    def __init__(self) -> None:
        super().__init__("This draft has been discarded. Start a new one.")


@dataclass(frozen=True)
class Edit:
    """What an author wants a page to say, and the digest of what they saw; of one block alone, where one is named.

    The empty key is the edition itself. A page that is not there is made, of the kind that is named.
    """

    key: str
    document: AnyDocument
    seen: str
    block: str | None = None
    kind: str = ""


@dataclass(frozen=True)
class Saved:
    """What is stored now, what that changed (nothing, if it was there already), and what the author is told."""

    key: str  # of the sheet
    document: AnyDocument
    changes: tuple[Change, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Conflict:
    """Somebody has changed the same in the meantime, so nothing was stored: what stands there, and what was wanted."""

    stored: AnyDocument | None
    wanted: AnyDocument


@dataclass(frozen=True)
class Step:
    """Who changes a draft, when, and in which way."""

    by: User | None
    at: datetime.datetime
    verb: Verb = Verb.SAVED


@transaction.atomic
def save_document(draft: Edition, edit: Edit, step: Step) -> Saved | Conflict:
    """Store what an author wrote, if what they saw still stands there, and keep a revision. Harmless when repeated.

    PublishedContentError when the draft has been published in the meantime, NoDraftError when it is gone,
    UnstorableError for what not even a draft can hold.
    """
    sheet = _locked(draft, edit.key, edit.kind)
    stored, whole = sheet.document, edit.document
    if edit.block is not None and stored is not None:
        whole = stored.with_block(edit.block, edit.document.blocks[edit.block])
    wanted, notes = _settled(sheet, whole)
    if wanted != stored and edit.seen != (stored.digest(edit.block) if stored else ""):
        return Conflict(stored, wanted)
    return _store(sheet, wanted, notes, step)


@transaction.atomic
def undo(draft: Edition, key: str, by: User | None, at: datetime.datetime) -> Saved | None:
    """Let a page say what it said before the last save that stands; None when there was none."""
    return _go(_locked(draft, key), queries.before, Step(by, at, Verb.UNDONE))


@transaction.atomic
def redo(draft: Edition, key: str, by: User | None, at: datetime.datetime) -> Saved | None:
    """Let a page say what was undone last; None when nothing was, or something has been saved since."""
    return _go(_locked(draft, key), queries.after, Step(by, at, Verb.REDONE))


@transaction.atomic
def restore_block(revision: Revision, block: str, by: User | None, at: datetime.datetime) -> Saved | None:
    """Let one block of a draft say what it said in a revision; None where one of both is not there."""
    sheet = _locked(_draft(revision.draft), revision.page_key)
    older = queries.document_of(revision)
    if sheet.document is None or block not in older.blocks:
        return None
    wanted, notes = _settled(sheet, sheet.document.with_block(block, older.blocks[block]))
    return _store(sheet, wanted, notes, Step(by, at, Verb.RESTORED))


@transaction.atomic
def write_text(draft: Edition, text: Text, step: Step) -> list[Saved]:
    """Write a text into a draft, whatever stands there: a page, which is made where there is none, or the module.

    The text of a module is all of it: pages that it has not are deleted. What it says of each sheet comes in its order.
    OtherKindError for the text of another kind than its page.
    """
    if isinstance(text, outline.Parsed):
        return [_write_page(draft, text.kind, text.document, step)] if text.document else []
    if text.edition is None:
        return []
    pages = [_write_page(draft, kind, document, step) for kind, document in text.pages]
    sheet = _locked(draft, "")
    order = tuple(page.key for page in pages) or text.edition.pages or rows.read_edition_document(draft).pages
    return [_store(sheet, *_settled(sheet, replace(text.edition, pages=order)), step), *pages]


def _write_page(draft: Edition, kind: PageKind, document: Document, step: Step) -> Saved:
    sheet = _locked(draft, queries.key_of_page(draft, kind, document.head), kind.name)
    if sheet.kind is not kind:
        raise OtherKindError(f"The page {sheet.key} is of another kind: the text says {kind.noun}.")
    return _store(sheet, *_settled(sheet, document), step)


def _go(sheet: Sheet, way: Callable[[Sheet], Revision | None], step: Step) -> Saved | None:
    _keep_what_was_found(sheet, step.at)  # what was written in another way can be undone too
    revision = way(sheet)
    return _store(sheet, *_settled(sheet, queries.document_of(revision)), step) if revision else None


def _settled(sheet: Sheet, document: AnyDocument) -> tuple[AnyDocument, list[str]]:
    """The document in order, with all its keys; a page that is there keeps its own."""
    document = tidied(document)
    if sheet.page and isinstance(document, Document):
        document = replace(document, head=replace(document.head, key=sheet.key))
    return settle(document, sheet.document, queries.keys_elsewhere(sheet, document))


def _store(sheet: Sheet, wanted: AnyDocument, notes: Iterable[str], step: Step) -> Saved:
    """Store this on a sheet that is locked, with a revision; nothing, if it stands there already."""
    if wanted == sheet.document:
        return Saved(_key_of(sheet, wanted), wanted)
    if refused := sheet.unstorable(wanted):
        raise UnstorableError(refused)
    _keep_what_was_found(sheet, step.at)
    try:
        with transaction.atomic():
            _write(sheet, wanted, step.at)
    except ValueError as wrong:
        raise UnstorableError([error(str(wrong), sheet.key)]) from wrong
    except (IntegrityError, DataError) as wrong:  # what no constraint lets in stands among the errors
        raise UnstorableError(sheet.errors_of(wanted) or [error("The database refuses it.", sheet.key)]) from wrong
    _keep(sheet, wanted, step)
    return Saved(_key_of(sheet, wanted), wanted, tuple(compare(sheet.document, wanted)), tuple(notes))


def _draft(pk: int) -> Edition:
    try:
        return Edition.objects.select_related("module").get(pk=pk)
    except Edition.DoesNotExist:
        raise NoDraftError from None


def _locked(draft: Edition, key: str, kind: str = "") -> Sheet:
    """The sheet as it stands, while nobody else can write it or publish the draft."""
    lock_drafts([draft.pk])
    return queries.find_sheet(_draft(draft.pk), key, kind)


def _key_of(sheet: Sheet, document: AnyDocument) -> str:
    """The key of a sheet once it says this: a new page has the key that its document has got."""
    return document.head.key if isinstance(document, Document) else sheet.key


def _write(sheet: Sheet, wanted: AnyDocument, at: datetime.datetime) -> None:
    if isinstance(wanted, EditionDocument) and isinstance(sheet.document, EditionDocument):
        for key in set(sheet.document.pages) - set(wanted.pages):  # what goes can be had back
            _keep_what_was_found(queries.find_sheet(sheet.edition, key), at)
        writing.write_edition_document(sheet.edition, wanted)
    elif isinstance(wanted, Document) and sheet.page and sheet.kind:
        writing.write_document(sheet.page, wanted)
    elif isinstance(wanted, Document) and sheet.kind:
        writing.create_page(sheet.edition, sheet.kind.name, wanted)


def _keep_what_was_found(sheet: Sheet, at: datetime.datetime) -> None:
    """Keep what stands there, if no revision says it: the draft has just begun, or was written in another way."""
    if sheet.document is None:
        return
    newest = Revision.objects.of_sheet(sheet.edition, sheet.key).last()
    if newest is None or newest.text != sheet.text_of(sheet.document):
        _keep(sheet, sheet.document, Step(None, at, Verb.FOUND))


def _keep(sheet: Sheet, document: AnyDocument, step: Step) -> None:
    """The next revision of a sheet. The edition is locked, so nobody numbers one beside us."""
    key = _key_of(sheet, document)
    highest = Revision.objects.of_sheet(sheet.edition, key).aggregate(highest=Coalesce(Max("number"), 0))["highest"]
    Revision.objects.create(
        module=sheet.edition.module,
        draft=sheet.edition.pk,
        page_key=key,
        number=highest + 1,
        by=step.by,
        at=step.at,
        verb=step.verb,
        text=sheet.text_of(document),
        problems=len(sheet.errors_of(document)),
    )
