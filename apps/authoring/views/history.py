"""What was saved of a page: taken back, put back, listed, compared, restored block by block."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from apps.accounts.decorators import only_for
from apps.accounts.requests import AuthenticatedHttpRequest
from apps.authoring import actions, history, queries
from apps.authoring.actions import Conflict, Saved, Stamp, UnstorableError
from apps.authoring.models import Revision
from apps.authoring.queries import Sheet, UnknownKindError, UnreadableRevisionError
from apps.authoring.views import rooms
from apps.authoring.views.module import of_draft
from apps.core.decorators import post_only
from apps.modules.comparison import Change, Verb, compare, in_words
from apps.modules.document import ORDER, AnyDocument
from apps.modules.models import Edition

MAY_READ = ("modules.change_edition", "modules.read_draft")
BACK = ("page", "text", "history", "module")  # where a form of the saved line may stand
MOST_TOLD = 8  # notes above a page
Way = Callable[[Edition, str, str, Stamp], Saved | Conflict | None]


@dataclass(frozen=True)
class Words:
    """What is said of one way through the history."""

    done: str
    nothing: str
    kept: str  # when somebody else has saved meanwhile
    says_what: bool = True  # what was changed, beside


UNDO = Words("Taken back", "There is nothing to take back.", "Nothing was taken back")
REDO = Words("Put back", "There is nothing to put back.", "Nothing was put back")
RESTORE = Words("Restored", "This is not there any more, so nothing was restored.", "Nothing was restored")
OTHER_DRAFT = (
    "The version that you read belongs to a draft that was discarded or published in the meantime. "
    "Nothing was restored: look at what was saved in this draft, then choose again."
)
UNREADABLE = "This version can no longer be read, so nothing was changed."


def find_sheet(draft: Edition, key: str) -> Sheet:
    """A page of a draft, be it there or taken out, or with an empty key the edition itself; 404 where nothing was."""
    try:
        sheet = queries.find_sheet(draft, key)
    except UnknownKindError:
        raise Http404 from None
    if sheet.document is None and not Revision.objects.of_sheet(draft, key).exists():
        raise Http404
    return sheet


@only_for(*MAY_READ)
@require_safe
@of_draft
def show(request: AuthenticatedHttpRequest, draft: Edition, key: str = "") -> HttpResponse:
    """Everything that was saved of a page, newest first."""
    sheet, now = find_sheet(draft, key), timezone.now()
    listed = history.list_revisions(sheet, request.GET.get("page", ""), request.user, now)
    context = history.context_of(sheet) | {
        "title": "History",
        "line": listed.line,
        "entries": listed.entries,
        "page": listed.page,
        "gone": listed.gone,
        "tabs": list(rooms.tabs_of(sheet, "history")) if sheet.page else (),
    }
    return render(request, "authoring/history.html", context)


@only_for(*MAY_READ)
@require_safe
@of_draft
def revision(request: AuthenticatedHttpRequest, draft: Edition, number: int, key: str = "") -> HttpResponse:
    """One save: what has changed since, or with `?with=before` what it changed itself."""
    sheet = find_sheet(draft, key)
    revisions = Revision.objects.of_sheet(draft, key).select_related("by")
    found = get_object_or_404(revisions, number=number)
    is_before = request.GET.get("with") == "before"
    other = revisions.filter(number__lt=number).last() if is_before else None
    then, before = queries.find_document(found), queries.find_document(other)
    titles = history.titles_of(sheet)
    changes = compare(before, then, titles, found.spot) if is_before else compare(then, sheet.document, titles)
    context = history.context_of(sheet) | {
        "title": f"Version {number}",
        "revision": found,
        "who": history.who(found, request.user),
        "when": history.when(found.at, timezone.now()),
        "verb": history.VERBS[history.Verb(found.verb)],
        "is_before": is_before,
        "has_before": number > 1,
        "is_readable": then is not None and (other is None or before is not None),
        "changes": [_Shown(change, *_restorable(change, then, sheet)) for change in changes],
        "restore_url": history.address(draft, key, "restore", number),
    }
    return render(request, "authoring/revision.html", context)


@dataclass(frozen=True)
class _Shown:
    """A change with the block that can be had back, and digests of what it said and of what stands in its place."""

    change: Change
    block: str | None
    then: str
    seen: str

    @property
    def act(self) -> str:
        """What its button says."""
        return "Restore the order of then" if self.block == ORDER else "Restore this"


def _restorable(change: Change, then: AnyDocument | None, sheet: Sheet) -> tuple[str | None, str, str]:
    """The block of a change that a revision has, if it is to be had back; digests of it and of what stands there."""
    if then is None or sheet.document is None or not sheet.fits(then) or change.verb is Verb.ADDED:
        return None, "", ""
    is_in_order = change.verb is Verb.MOVED or change.block not in then.blocks  # a page, which only the order names
    block = ORDER if is_in_order else change.block
    if then.blocks[block] == sheet.document.blocks.get(block):
        return None, "", ""
    return block, then.digest(block), sheet.document.digest(block)


@only_for("modules.change_edition")
@post_only
@of_draft
def undo(request: AuthenticatedHttpRequest, draft: Edition, key: str = "") -> HttpResponse:
    """Take back the last save of a page, or have a page back that was taken out."""
    return _go(request, find_sheet(draft, key), actions.undo, UNDO)


@only_for("modules.change_edition")
@post_only
@of_draft
def redo(request: AuthenticatedHttpRequest, draft: Edition, key: str = "") -> HttpResponse:
    """Put back what was taken back last."""
    return _go(request, find_sheet(draft, key), actions.redo, REDO)


def _go(request: AuthenticatedHttpRequest, sheet: Sheet, way: Way, words: Words) -> HttpResponse:
    seen, stamp = request.POST.get("seen", ""), Stamp(request.user, timezone.now())
    title, back = history.title_of(sheet), request.POST.get("back", "")
    if sheet.document is None:
        words = replace(words, done=f"“{title}” is back at the end of the module", says_what=False)
        words = replace(words, nothing=f"“{title}” was taken out of the draft meanwhile. {words.kept}.")
        back = "history"  # which there is of a page that is not
    _tell(request, sheet, words, lambda: way(sheet.edition, sheet.key, seen, stamp))
    address = history.address(sheet.edition, sheet.key, back if back in BACK else "history")
    if back == "page" and "at" in request.POST:  # a block of a workbench
        address = f"{address}?{urlencode({'at': request.POST['at']})}"
    return redirect(address)


@only_for("modules.change_edition")
@post_only
@of_draft
def restore(request: AuthenticatedHttpRequest, draft: Edition, number: int, key: str = "") -> HttpResponse:
    """Let one block say again what it said in a revision."""
    sheet = find_sheet(draft, key)
    found = Revision.objects.of_sheet(draft, key).filter(number=number).first()
    block, seen = request.POST.get("block"), request.POST.get("seen", "")
    stamp = Stamp(request.user, timezone.now())
    if found is None:
        messages.error(request, OTHER_DRAFT)
        return redirect(history.address(draft, key, "history"))
    if block is None:
        messages.error(request, "Choose what is to be restored. Nothing was changed.")
    elif _says_something_else(queries.find_document(found), block, request.POST.get("then", "")):
        messages.error(request, OTHER_DRAFT)
    else:
        _tell(request, sheet, RESTORE, lambda: actions.restore_block(found, block, seen, stamp))
    return redirect(history.address(draft, key, "revision", number))


def _says_something_else(then: AnyDocument | None, block: str, read: str) -> bool:
    """Whether this block of a revision is not what was read: versions are numbered anew in each draft."""
    return then is not None and block in then.blocks and then.digest(block) != read


def _tell(
    request: AuthenticatedHttpRequest, sheet: Sheet, words: Words, act: Callable[[], Saved | Conflict | None]
) -> None:
    """Do it, and say what has come of it."""
    try:
        outcome = act()
    except UnreadableRevisionError:
        messages.error(request, UNREADABLE)
    except UnstorableError as error:
        messages.error(request, f"{words.kept}. {error}")
    else:
        if isinstance(outcome, Saved):
            _tell_saved(request, words, outcome)
        else:
            messages.warning(request, _told_of_other(request, sheet, words) if outcome else words.nothing)


def _tell_saved(request: AuthenticatedHttpRequest, words: Words, saved: Saved) -> None:
    what = in_words(saved.changes, most=5) if words.says_what else ""
    messages.success(request, f"{words.done}: {what}." if what else f"{words.done}.")
    for note in saved.notes[:MOST_TOLD]:
        messages.info(request, note)


def _told_of_other(request: AuthenticatedHttpRequest, sheet: Sheet, words: Words) -> str:
    """`Paz Publisher saved this at 14:05, after you opened the page. Nothing was taken back …`"""
    newest = history.last_saved(sheet)
    name = history.who(newest, None) if newest and newest.by != request.user else ""
    at = f" {history.at_when(newest.at, timezone.now())}" if newest else ""
    who = f"{name or 'Somebody'} saved this{at}," if name else f"This was changed{at},"
    return f"{who} after you opened the page. {words.kept}: read what stands there now, then choose again."
