"""What authors do to drafts. Whatever changes a draft as a document goes through here: locked, compared, kept."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from django.db import DataError, IntegrityError, transaction

from apps.accounts.models import User
from apps.authoring import queries
from apps.authoring.models import Revision
from apps.authoring.queries import Sheet, Step
from apps.core.words import shortened
from apps.modules import outline, rows, writing
from apps.modules.actions import DISCARDED
from apps.modules.comparison import Change, compare, in_words
from apps.modules.document import ORDER, AnyDocument, Document, EditionDocument, normalised, rows_in, tidied, tied
from apps.modules.editions import lock_drafts
from apps.modules.keys import PROVISIONAL, key_from, settle
from apps.modules.models import Edition, Page, Source
from apps.modules.page_kinds import PageKind
from apps.modules.problems import Problem, error

Verb = Revision.Verb
Text = outline.Parsed | outline.ParsedModule
LONGEST_TOLD = 500  # characters of what a revision changed
LET_GO = "What led to, moved or needed something that is not there has been let go."


class OtherKindError(Exception):
    """The text of a page is of another kind than the page."""

    def __init__(self, sheet: Sheet, kind: PageKind) -> None:
        stands = sheet.kind.noun if sheet.kind else "page of an unknown kind"
        way_out = "Give the page another key, or write the module without it first."
        super().__init__(f"The page {sheet.key} is a {stands}, and the text says {kind.noun}. {way_out}")


class UnstorableError(Exception):
    """A document says what not even a draft can hold; `problems` says what, in an author's words."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        super().__init__(" ".join(["This cannot be stored.", *map(str, problems)]))


class NoDraftError(Exception):
    """The draft has been discarded in the meantime."""

    def __init__(self) -> None:
        super().__init__(DISCARDED)


def as_it_is(document: AnyDocument) -> AnyDocument:
    """The same document."""
    return document


@dataclass(frozen=True)
class Edit:
    """What an author wants a page to say, and the digest of what they saw; of some blocks alone, where they are named.

    The empty key is the edition itself. A page that is not there is made, of the kind that is named. `then` is what is
    done to the whole with these blocks in it, such as moving one of them: whatever stands around them by then. Blocks
    that have no key yet come with those that are named. `whole` is the digest of the whole page as its author saw it.
    `moves` is the key of the block that they moved, `order` the digest of the order in which they saw all of them: in
    another one it would go to another place, so it stays.
    """

    key: str
    document: AnyDocument
    seen: str
    blocks: tuple[str, ...] = ()
    kind: str = ""
    then: Callable[[AnyDocument], AnyDocument] = as_it_is
    whole: str = ""
    moves: str = ""
    order: str = ""

    def is_late(self, stored: AnyDocument | None) -> bool:
        """Whether a block is to be moved in an order that is not there any more."""
        return bool(self.order and stored and stored.digest(ORDER) != self.order)

    def applied_to(self, stored: AnyDocument | None) -> AnyDocument:
        """What the page is to say, if this is what stands there."""
        if stored is None or not self.blocks:
            return self.then(self.document)
        new = (key for key in self.document.blocks if key.startswith(PROVISIONAL) and key not in self.blocks)
        return self.then(stored.with_blocks_of(self.document, [*self.blocks, *new]))


@dataclass(frozen=True)
class Saved:
    """What is stored now, what that changed (nothing, if it was there already), and what the author is told."""

    key: str  # of the sheet
    document: AnyDocument
    changes: tuple[Change, ...] = ()
    notes: tuple[str, ...] = ()
    is_late: bool = False  # nothing was moved


@dataclass(frozen=True)
class Conflict:
    """Somebody has changed the same in the meantime, so nothing was stored: what stands there, and what was wanted."""

    stored: AnyDocument | None
    wanted: AnyDocument


@dataclass(frozen=True)
class Stamp:
    """Who changes a draft, when, and in which way."""

    by: User | None
    at: datetime.datetime
    verb: Verb = Verb.SAVED


@transaction.atomic
def save_document(draft: Edition, edit: Edit, stamp: Stamp) -> Saved | Conflict:
    """Store what an author wrote, if what they saw still stands there, and keep a revision. Harmless when repeated.

    PublishedContentError when the draft has been published in the meantime, NoDraftError when it is gone,
    UnstorableError for what not even a draft can hold.
    """
    sheet = _locked(draft, edit.key, edit.kind)
    stored = sheet.document
    if not sheet.fits(edit.document) or not set(edit.blocks) <= set(edit.document.blocks):
        raise UnstorableError([error("This is not what such a page says.", edit.key)])
    if stored and edit.whole not in ("", stored.digest()) and _is_done(sheet, edit):
        return Saved(edit.key, stored)
    if is_late := edit.is_late(stored):
        edit = replace(edit, then=as_it_is, moves="")
    wanted, notes = settled(sheet, edit.applied_to(stored))
    if wanted != stored and edit.seen != (stored.digest(*edit.blocks) if stored else ""):
        return Conflict(stored, wanted)
    return replace(_store(sheet, wanted, notes, stamp, edit.moves), is_late=is_late)


@transaction.atomic
def undo(draft: Edition, key: str, seen: str, stamp: Stamp) -> Saved | Conflict | None:
    """Let a page say what it said before the last save that stands, or be there again; None when there was none.

    What was `seen` to be there is not put back: somebody has taken it out since. Pages that the edition has now stay
    when its order is undone. A Conflict when something else than `seen` stands.
    """
    sheet = _locked(draft, key)
    if sheet.document is None:
        return None if seen else _remade(sheet, stamp)
    return _go(sheet, queries.before, seen, replace(stamp, verb=Verb.UNDONE))


@transaction.atomic
def redo(draft: Edition, key: str, seen: str, stamp: Stamp) -> Saved | Conflict | None:
    """Let a page say what was undone last; None when nothing was, or something has been saved since."""
    sheet = _locked(draft, key)
    return _go(sheet, queries.after, seen, replace(stamp, verb=Verb.REDONE)) if sheet.document else None


@transaction.atomic
def restore_block(revision: Revision, block: str, seen: str, stamp: Stamp) -> Saved | Conflict | None:
    """Let one block of a draft say what it said in a revision; None where one of both is not there.

    A Conflict when something else than `seen` stands in its place. Harmless when repeated.
    """
    sheet = _locked(_draft(revision.draft), revision.page_key)
    older = queries.document_of(revision)
    if sheet.document is None or not sheet.fits(older) or block not in older.blocks:
        return None
    restored = sheet.document.with_block(block, older.blocks[block])
    if restored != sheet.document and seen != sheet.document.digest(block):
        return Conflict(sheet.document, restored)
    return _store(sheet, *_restored(sheet, restored, stamp), replace(stamp, verb=Verb.RESTORED))


@transaction.atomic
def write_text(draft: Edition, text: Text, stamp: Stamp) -> list[Saved]:
    """Write a text into a draft, whatever stands there: a page, which is made where there is none, or the module.

    The text of a module is all of it: pages that it has not are deleted. What it says of each sheet comes in its order.
    OtherKindError for the text of another kind than its page.
    """
    sheet = _locked(draft, "")
    if isinstance(text, outline.Parsed):
        return _write_pages(draft, [(text.kind, text.document)], stamp) if text.document else []
    if text.edition is None or not isinstance(sheet.document, EditionDocument):
        return []
    if text.pages:
        named = queries.keys_of_pages(draft, text.pages)
        _delete_pages(sheet, set(sheet.document.pages) - set(named), stamp.at)
    pages = _write_pages(draft, text.pages, stamp)
    order = tuple(page.key for page in pages) or text.edition.pages or sheet.document.pages
    return [_store(sheet, *settled(sheet, replace(text.edition, pages=order)), stamp), *pages]


@transaction.atomic
def save_module(draft: Edition, text: outline.ParsedModule, seen: str, stamp: Stamp) -> list[Saved] | None:
    """Write the text of a module, if what its author saw still stands there; None, and nothing is stored, if not.

    Harmless when repeated: what stands there already is no change.
    """
    stood = digest_of(queries.text_of_module(_locked(draft, "").edition))
    saved = write_text(draft, text, stamp)
    if stood != seen and any(sheet.changes for sheet in saved):
        transaction.set_rollback(True)
        return None
    return saved


@transaction.atomic
def try_module(draft: Edition, text: outline.ParsedModule, stamp: Stamp) -> list[Saved]:
    """What writing the text of a module would change; nothing is stored."""
    saved = write_text(draft, text, stamp)
    transaction.set_rollback(True)
    return saved


@transaction.atomic
def add_source(source: Source) -> Source:
    """Store a source with a key made from its authors and year; the one that is there, if it says the same."""
    same = {name: getattr(source, name) for name in ("kind", "authors", "title", "publication", "year", "doi", "url")}
    known = Source.objects.filter(**same).first()
    if known is not None:
        return known
    taken = set(Source.objects.order_by().values_list("key", flat=True))
    source.key = key_from(f"{source.authors.split(',')[0] or source.title} {source.year or ''}"[:60], taken)
    source.save()
    return source


def digest_of(text: str) -> str:
    """A digest of a text, whatever its lines end in."""
    return hashlib.sha256(normalised(text).encode("utf-8", "replace")).hexdigest()[:16]


def settled(sheet: Sheet, document: AnyDocument, stood: AnyDocument | None = None) -> tuple[AnyDocument, list[str]]:
    """The document in order, with all its keys; a page that is there keeps its own, what points nowhere is let go.

    `stood` is what keys are taken from, where that is not what stands there.
    """
    document = tidied(document)
    if sheet.page and isinstance(document, Document):
        document = replace(document, head=replace(document.head, key=sheet.key))
    whole = tied(document, {(type(row).__name__, row.key) for row in rows_in(document)})
    settled, notes = settle(whole, stood or sheet.document, queries.keys_elsewhere(sheet, whole))
    return settled, notes if whole == document else [*notes, LET_GO]


def _write_pages(draft: Edition, pages: Sequence[tuple[PageKind, Document]], stamp: Stamp) -> list[Saved]:
    """Write these pages. Those that lose rows come first, so that others may have their keys."""
    sheets = []
    for key, (kind, document) in zip(queries.keys_of_pages(draft, pages), pages, strict=True):
        sheet = queries.find_sheet(draft, key, kind.name)
        if sheet.kind is not kind:
            raise OtherKindError(sheet, kind)
        sheets.append((sheet, document))
    saved = {}
    for sheet, document in sorted(sheets, key=lambda page: not queries.loses_rows(*page)):
        saved[id(document)] = _store(sheet, *settled(sheet, document), stamp)
    return [saved[id(document)] for _, document in pages]


def _is_done(sheet: Sheet, edit: Edit) -> bool:
    """Whether the last save did just this: a button was pressed twice."""
    step = queries.before(sheet) if edit.blocks else None
    stood = queries.find_document(step.to) if step else None
    if (
        stood is None
        or not sheet.fits(stood)
        or (stood.digest(), stood.digest(*edit.blocks)) != (edit.whole, edit.seen)
    ):
        return False
    return settled(sheet, edit.applied_to(stood), stood)[0] == sheet.document


def _go(sheet: Sheet, way: Callable[[Sheet], Step | None], seen: str, stamp: Stamp) -> Saved | Conflict | None:
    if sheet.document is None or seen != sheet.document.digest():
        return Conflict(sheet.document, sheet.document) if sheet.document else None
    _keep_what_was_found(sheet, stamp.at)  # what was written in another way can be undone too
    while step := way(sheet):
        older = queries.document_of(step.to)
        if not sheet.fits(older):  # another kind of page had the key once
            return None
        wanted, notes = _restored(sheet, older, stamp)
        if wanted != sheet.document:
            return _store(sheet, wanted, notes, stamp, step.spot)
        _keep(sheet, wanted, stamp)  # a step that changes nothing, such as back to fewer pages, is taken at once
    return None


def _remade(sheet: Sheet, stamp: Stamp) -> Saved | None:
    """A page that was deleted, as its last revision has it; None where it has none.

    It has not been taken back itself, whatever was: that is a step in the history of something else.
    """
    newest = Revision.objects.of_sheet(sheet.edition, sheet.key).last()
    if newest is None:
        return None
    sheet = replace(sheet, kind=queries.kind_of(newest))
    return _store(sheet, *settled(sheet, queries.document_of(newest)), replace(stamp, verb=Verb.SAVED))


def _restored(sheet: Sheet, wanted: AnyDocument, stamp: Stamp) -> tuple[AnyDocument, list[str]]:
    """What is to be stored when something older comes back: of an edition also the pages that it has now."""
    if isinstance(wanted, EditionDocument):
        for key in wanted.pages:
            if queries.find_sheet(sheet.edition, key).document is None:
                _remade(queries.find_sheet(sheet.edition, key), stamp)
        there = rows.read_edition_document(sheet.edition).pages
        named = tuple(key for key in wanted.pages if key in there)
        wanted = replace(wanted, pages=named + tuple(key for key in there if key not in named))
    return settled(sheet, wanted)


def _store(sheet: Sheet, wanted: AnyDocument, notes: Iterable[str], stamp: Stamp, moves: str = "") -> Saved:
    """Store this on a sheet that is locked, with a revision; nothing, if it stands there already.

    What is taken back is told as it was told when it was done: “scene added” where the scene goes.
    """
    if wanted == sheet.document:
        return Saved(_key_of(sheet, wanted), wanted)
    if refused := [*sheet.unstorable(wanted), *queries.unreadable(sheet, wanted)]:
        raise UnstorableError(refused)
    _keep_what_was_found(sheet, stamp.at)
    try:
        with transaction.atomic():
            _write(sheet, wanted, stamp.at)
    except ValueError as wrong:
        raise UnstorableError([error(str(wrong), sheet.key)]) from wrong
    except (IntegrityError, DataError) as wrong:  # what no constraint lets in stands among the errors
        told = error("The database refuses something of it; this is all that is wrong with it:", sheet.key)
        raise UnstorableError([told, *sheet.errors_of(wanted)]) from wrong
    titles = queries.titles_of(sheet.edition) if not sheet.key else {}
    before, after = (wanted, sheet.document) if stamp.verb == Verb.UNDONE else (sheet.document, wanted)
    changes = tuple(compare(before, after, titles, moves))
    _keep(sheet, wanted, stamp, changes)
    return Saved(_key_of(sheet, wanted), wanted, changes, tuple(notes))


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
        _delete_pages(sheet, set(sheet.document.pages) - set(wanted.pages), at)
        writing.write_edition_document(sheet.edition, wanted)
    elif isinstance(wanted, Document) and sheet.page and sheet.kind:
        writing.write_document(sheet.page, wanted)
    elif isinstance(wanted, Document) and sheet.kind:
        writing.create_page(sheet.edition, sheet.kind.name, wanted)


def _delete_pages(edition: Sheet, keys: Iterable[str], at: datetime.datetime) -> None:
    """Delete pages of an edition. What goes is kept, so that it can be had back."""
    for key in keys:
        _keep_what_was_found(queries.find_sheet(edition.edition, key), at)
    Page.objects.filter(edition=edition.edition, key__in=list(keys)).delete()


def _keep_what_was_found(sheet: Sheet, at: datetime.datetime) -> None:
    """Keep what stands there, if no revision says it: the draft has just begun, or was written in another way."""
    if sheet.document is not None:
        _keep(sheet, sheet.document, Stamp(None, at, Verb.FOUND))


def _keep(sheet: Sheet, document: AnyDocument, stamp: Stamp, changes: Sequence[Change] = ()) -> None:
    """The next revision of a sheet, unless the last one says the same; a way back or forth is kept in any case.

    Nobody numbers one beside us: the edition is locked.
    """
    key, text = _key_of(sheet, document), sheet.text_of(document)
    newest = Revision.objects.of_sheet(sheet.edition, key).last()
    is_way = stamp.verb in (Verb.UNDONE, Verb.REDONE)
    if newest is not None and newest.text_now == text and not is_way:
        return
    Revision.objects.create(
        module=sheet.edition.module,
        draft=sheet.edition.pk,
        page_key=key,
        number=newest.number + 1 if newest else 1,
        by=stamp.by,
        at=stamp.at,
        verb=stamp.verb,
        changes=shortened(in_words(changes), LONGEST_TOLD),
        spot=_spot(document, changes),
        text=text,
        problems=len(sheet.errors_of(document)),
    )


def _spot(document: AnyDocument, changes: Sequence[Change]) -> str:
    """The key of the first block, or page of an edition, that was changed and is there."""
    there = {*document.blocks, *(document.pages if isinstance(document, EditionDocument) else ())} - {ORDER}
    return next((change.block for change in changes if change.block in there), "")
