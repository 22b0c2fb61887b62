"""What authors are shown of what was saved: the saved line, the history of a page, one revision of it."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.core.paginator import Page as ListPage
from django.core.paginator import Paginator
from django.urls import reverse
from django.utils import timezone

from apps.authoring import queries
from apps.authoring.models import Revision
from apps.authoring.queries import Saves, Sheet
from apps.core.words import counted
from apps.modules import comparison, outline, page_kinds
from apps.modules.comparison import Change, changed, in_words
from apps.modules.document import AnyDocument, Document, EditionDocument
from apps.modules.models import Edition

Verb = Revision.Verb
A_PAGE = 20  # revisions that are listed at once
STEPS = 3  # older revisions that are looked at for the one to which undoing leads
MOST_SEARCHED = 3_000_000  # characters of texts in which that is looked for from which two authors began
BASES = 20  # revisions in which that is looked for from which two authors began

VERBS = {
    Verb.FOUND: "found as it was",
    Verb.SAVED: "saved",
    Verb.UNDONE: "taken back",
    Verb.REDONE: "put back",
    Verb.RESTORED: "restored",
}


def when(at: datetime.datetime, now: datetime.datetime) -> str:
    """`14:02` today, `yesterday at 17:40`, `on 27 November at 17:40`."""
    at, now = timezone.localtime(at), timezone.localtime(now)
    days = (now.date() - at.date()).days
    if days == 0:
        return f"{at:%H:%M}"
    if days == 1:
        return f"yesterday at {at:%H:%M}"
    return f"on {at:%-d %B} at {at:%H:%M}" if at.year == now.year else f"on {at:%-d %B %Y} at {at:%H:%M}"


def at_when(at: datetime.datetime, now: datetime.datetime) -> str:
    """The same in a sentence: `at 14:02`."""
    told = when(at, now)
    return f"at {told}" if told[0].isdigit() else told


def who(revision: Revision, reader: object) -> str:
    """`you`, a name, or nothing where nobody is known."""
    if revision.by is None:
        return ""
    return "you" if revision.by == reader else str(revision.by.full_name) or "somebody who has left"


def address(edition: Edition, key: str, view: str, *args: object) -> str:
    """The address of an author's page about a page of a draft, or with an empty key about the edition itself."""
    if not key:
        view = {"page": "edition", "text": "module_text"}.get(view, view)
    if view == "module":
        key = ""
    return reverse(f"admin:write:{view}", args=[edition.module.slug, *([key] if key else []), *args])


@dataclass(frozen=True)
class SavedLine:
    """What the strip says of a page: who saved it when, what undoing and redoing would do, and where they are sent."""

    saved: str  # `Saved 14:02 by you`
    undo: str  # what would be taken back, in words; nothing where nothing can be
    redo: str
    seen: str  # the digest of what stands there
    undo_url: str
    redo_url: str
    history_url: str
    back: str = "history"  # the name of the page that the strip stands on


def saved_line(sheet: Sheet, reader: object, now: datetime.datetime, back: str = "history") -> SavedLine:
    """The saved line of a sheet, as `reader` reads it; two queries, after many saves as after one."""
    saves = queries.saves_of(sheet)
    return replace(_line_of(sheet, saves, _texts(_looked_at(saves)), reader, now), back=back)


def _looked_at(saves: Saves) -> list[Revision]:
    """The revisions whose texts say what undoing and redoing would do, and whether the newest one stands."""
    return [*saves.done[::-1][: STEPS + 1], *saves.undone[-1:], *saves.all[-1:]]


def _line_of(sheet: Sheet, saves: Saves, texts: dict[int, str], reader: object, now: datetime.datetime) -> SavedLine:
    titles = saves.titles
    behind, ahead = saves.done[::-1][: STEPS + 1], saves.undone[-1:]
    stands = sheet.text_of(sheet.document) if sheet.document else ""
    is_kept = saves.newest is not None and texts[saves.newest.pk] == stands
    older = [texts[revision.pk] for revision in (behind[1:] if is_kept else behind)]
    spot = behind[0].spot if is_kept and behind else ""
    undo = next(filter(None, (_taken_back(text, stands, titles, spot) for text in older)), "")
    redo = in_words(_changes(stands, texts[ahead[0].pk], titles, ahead[0].spot)) if is_kept and ahead else ""
    return SavedLine(
        _saved(saves.newest if is_kept else None, reader, now, redo),
        undo,
        redo,
        sheet.document.digest() if sheet.document else "",
        undo_url=address(sheet.edition, sheet.key, "undo"),
        redo_url=address(sheet.edition, sheet.key, "redo"),
        history_url=address(sheet.edition, sheet.key, "history"),
    )


def _saved(newest: Revision | None, reader: object, now: datetime.datetime, redo: str) -> str:
    """`Saved 14:02 by you`, `Taken back: scene “Night crew”`."""
    if newest is None:
        return "As it is in the draft; nothing has been saved here since."
    if newest.verb == Verb.UNDONE and redo:
        return f"Taken back: {redo}"
    verb = "saved" if newest.verb == Verb.FOUND else VERBS[Verb(newest.verb)]
    name = who(newest, reader)
    return f"{verb.capitalize()} {when(newest.at, now)}" + (f" by {name}" if name else "")


def _taken_back(older: str, stands: str, titles: dict[str, str], spot: str) -> str:
    """What undoing takes back, in words. Pages that an edition has now stay, so the name of none is told."""
    changes = _changes(older, stands, titles, spot)
    return in_words([change for change in changes if not (titles and change.verb is comparison.Verb.ADDED)])


def titles_of(sheet: Sheet) -> dict[str, str]:
    """What pages are called, which only an edition needs."""
    return {} if sheet.key else queries.titles_of(sheet.edition)


def _texts(revisions: Iterable[Revision]) -> dict[int, str]:
    found = Revision.objects.filter(pk__in={revision.pk for revision in revisions})
    return {revision.pk: revision.text_now for revision in found.order_by().only("text", "format")}


def _changes(one: str, other: str, titles: dict[str, str], spot: str) -> list[Change]:
    """What differs between two texts, block by block; nothing where one cannot be read, or is of another kind."""
    before, after = map(_document, outline.narrowed(one, other, page_kinds.all_kinds()))
    if before is None or after is None or type(before) is not type(after):
        return []
    return changed(before, after, titles, spot)


def _document(text: str) -> AnyDocument | None:
    read = outline.read(text, page_kinds.all_kinds())
    return read.document if isinstance(read, outline.Parsed) else read.edition


@dataclass(frozen=True)
class Entry:
    """A revision in the history of its page."""

    number: int
    who: str
    when: str
    verb: str
    what: str  # what it changed, in words
    errors: str  # `2 errors`; empty for none
    url: str


@dataclass(frozen=True)
class Listed:
    """So many revisions as are listed at once, below the saved line; and what was taken out of an edition."""

    line: SavedLine
    entries: list[Entry]
    page: ListPage[Revision]
    gone: list[Gone]


def list_revisions(sheet: Sheet, place: str, reader: object, now: datetime.datetime) -> Listed:
    """The revisions of a sheet, newest first; as many queries whatever their number is."""
    saves = queries.saves_of(sheet)
    page = Paginator(saves.all[::-1], A_PAGE).get_page(place)
    texts = _texts(_looked_at(saves))
    entries = [
        Entry(
            revision.number,
            who(revision, reader),
            when(revision.at, now),
            VERBS[Verb(revision.verb)],
            revision.changes,
            counted(revision.problems, "error", "errors") if revision.problems else "",
            address(sheet.edition, sheet.key, "revision", revision.number),
        )
        for revision in page.object_list
    ]
    return Listed(_line_of(sheet, saves, texts, reader, now), entries, page, _gone(sheet, saves))


@dataclass(frozen=True)
class Gone:
    """A page that was taken out of a draft."""

    title: str
    url: str  # where its undoing is sent
    history_url: str


def _gone(sheet: Sheet, saves: Saves) -> list[Gone]:
    """The pages that were taken out of an edition and can be had back."""
    there = sheet.document.pages if isinstance(sheet.document, EditionDocument) else ()
    return [
        Gone(title or key, address(sheet.edition, key, "undo"), address(sheet.edition, key, "history"))
        for key, title in saves.titles.items()
        if key not in there
    ]


def find_base(sheet: Sheet, seen: str, blocks: Sequence[str]) -> AnyDocument | None:
    """What the sheet said when somebody saw `seen` of it, or of these blocks; None where that is not kept any more."""
    size = 0
    for revision in Revision.objects.of_sheet(sheet.edition, sheet.key).order_by("-number")[:BASES]:
        size += len(revision.text)
        document = _document(revision.text_now) if size <= MOST_SEARCHED else None
        if document is not None and document.digest(*blocks) == seen:
            return document
    return None


def last_saved(sheet: Sheet) -> Revision | None:
    """Who saved it last, and when."""
    saves = Revision.objects.of_sheet(sheet.edition, sheet.key).select_related("by").defer("text")
    return saves.last()


def title_of(sheet: Sheet) -> str:
    """What authors call a page, or the edition itself."""
    if isinstance(sheet.document, Document):
        return sheet.document.head.title or sheet.key
    return queries.titles_of(sheet.edition).get(sheet.key, sheet.key) if sheet.key else "Title, summary and outcomes"


def context_of(sheet: Sheet) -> dict[str, Any]:
    """What every page about the history of a sheet shows."""
    return {
        "module": sheet.edition.module,
        "draft": sheet.edition,
        "sheet": sheet,
        "page_title": title_of(sheet),
        "page_url": address(sheet.edition, sheet.key, "page" if sheet.document else "history"),
        "history_url": address(sheet.edition, sheet.key, "history"),
    }
