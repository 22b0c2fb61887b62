"""What an author chose where two of them changed the same: stored, shown again, or opened to be edited."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from apps.accounts.decorators import only_for
from apps.accounts.requests import AuthenticatedHttpRequest
from apps.authoring import history, queries
from apps.authoring.actions import Conflict, Edit, Stamp, UnstorableError, save_document
from apps.authoring.forms.modules import EditionForm
from apps.authoring.queries import Sheet, UnknownKindError
from apps.authoring.views import conflict, gone, module, text
from apps.authoring.views.conflict import Told
from apps.core.decorators import post_only
from apps.modules import outline, page_kinds
from apps.modules.document import ORDER, AnyDocument, Document, EditionDocument
from apps.modules.merging import Meeting, Pick
from apps.modules.models import Edition, Module

PICK = "pick:"  # begins the name of the field that says what is picked for a block
EVERYWHERE = {"mine": Pick.MINE, "theirs": Pick.THEIRS}  # by what the button says
OTHER = "This is not the text of this page, so nothing was stored."
BOTH_AS_TEXT = (
    "Where you both changed the same, the stored version stands first and yours directly below it, without keys. "
    "Keep what you want of them and delete the rest, then check it. Nothing of it is stored yet."
)
TO_EDIT = "Both versions stand in the fields. Keep what you want of them, then save; nothing of it is stored yet."


@dataclass(frozen=True)
class Wanted:
    """What an author wanted a sheet to say, as the form has it, with the sheet as it stands."""

    sheet: Sheet
    document: AnyDocument
    edit: Edit


@only_for("modules.change_edition")
@post_only
def resolve(request: AuthenticatedHttpRequest, slug: str, key: str = "") -> HttpResponse:
    """Store what was chosen. Whatever keeps it from being stored, the page that says so holds the text."""
    found = get_object_or_404(Module, slug=slug)
    draft = Edition.objects.drafts().select_related("module").filter(module=found).first()
    if draft is None:
        return _gone(request, slug, key)
    read = outline.read(request.POST.get("wanted", ""), page_kinds.all_kinds())
    document = read.document if isinstance(read, outline.Parsed) else read.edition
    if document is None:
        return _kept(request, found, f"Your text cannot be read, so nothing was stored. {read.faults[0]}")
    kind = read.kind.name if isinstance(read, outline.Parsed) else ""
    wanted = _wanted(request, draft, key, document, kind)
    if wanted is None:
        return _kept(request, found, OTHER)
    try:
        return _chosen(request, wanted)
    except module.CLOSED:
        return _gone(request, slug, key)


def _wanted(
    request: AuthenticatedHttpRequest, draft: Edition, key: str, document: AnyDocument, kind: str
) -> Wanted | None:
    """None where such a page cannot say this."""
    try:
        sheet = queries.find_sheet(draft, key, kind)
    except UnknownKindError:
        raise Http404 from None
    if isinstance(document, Document):
        document = replace(document, head=replace(document.head, key=key))
    blocks = tuple(dict.fromkeys(request.POST.getlist("block")))
    if not sheet.fits(document) or not set(blocks) <= set(document.blocks):
        return None
    return Wanted(sheet, document, Edit(key, document, request.POST.get("began", ""), blocks, kind))


def _gone(request: AuthenticatedHttpRequest, slug: str, key: str) -> HttpResponse:
    return gone.show(request, gone.Kept(slug, key, request.POST.get("wanted", ""), request.POST.get("draft", "")))


def _kept(request: AuthenticatedHttpRequest, found: Module, why: str) -> HttpResponse:
    """The page that holds a text which is none of this page."""
    context = {
        "title": "Nothing was stored, and your text is here",
        "module": found,
        "why": why,
        "text": request.POST.get("wanted", ""),
    }
    return render(request, "authoring/kept.html", context, status=422)


def _chosen(request: AuthenticatedHttpRequest, wanted: Wanted) -> HttpResponse:
    sheet, do = wanted.sheet, request.POST.get("do", "")
    if sheet.document is None:
        if do != "mine":
            return conflict.show(request, sheet, wanted.edit, Conflict(None, wanted.document))
        return _store(request, wanted, wanted.document, "", Told())
    meeting = conflict.meeting_of(sheet, wanted.edit, wanted.document, sheet.document)
    picks = _picks(request, meeting, do)
    seen = request.POST.get("seen", "")
    if seen != sheet.document.digest():
        met = Conflict(sheet.document, wanted.document)
        return conflict.show(request, sheet, wanted.edit, met, Told(picks, moved_again=True))
    chosen = meeting.merged(picks)
    if Pick.BOTH in picks.values():
        return _open(request, sheet, chosen, sheet.document)
    return _store(request, wanted, chosen, seen, Told(picks))


def _picks(request: AuthenticatedHttpRequest, meeting: Meeting, do: str) -> dict[str, Pick]:
    """What is picked for each place that clashes; nothing is lost where nothing was said."""
    if do in EVERYWHERE:
        return dict.fromkeys(meeting.clashes, EVERYWHERE[do])
    known = {pick.value: pick for pick in Pick}
    picks = {block: known.get(request.POST.get(PICK + block, ""), Pick.BOTH) for block in meeting.clashes}
    if picks.get(ORDER) is Pick.BOTH:
        picks[ORDER] = Pick.MINE
    return picks


def _store(
    request: AuthenticatedHttpRequest, wanted: Wanted, document: AnyDocument, seen: str, told: Told
) -> HttpResponse:
    sheet = wanted.sheet
    edit = Edit(sheet.key, document, seen, kind=wanted.edit.kind)
    try:
        outcome = save_document(sheet.edition, edit, Stamp(request.user, timezone.now()))
    except UnstorableError as error:
        met, refused = Conflict(sheet.document, wanted.document), tuple(map(str, error.problems))
        return conflict.show(request, sheet, wanted.edit, met, replace(told, refused=refused))
    if isinstance(outcome, Conflict):
        met = Conflict(outcome.stored, wanted.document)
        stands = replace(sheet, document=outcome.stored)
        return conflict.show(request, stands, wanted.edit, met, replace(told, moved_again=True))
    messages.success(request, "Saved, as you chose." if outcome.changes else "This is what stands there already.")
    for note in outcome.notes:
        messages.info(request, note)
    return redirect(history.address(sheet.edition, outcome.key, "text" if outcome.key else "page"))


def _open(request: AuthenticatedHttpRequest, sheet: Sheet, both: AnyDocument, stored: AnyDocument) -> HttpResponse:
    """Both versions, to be edited: of a page in a text area, of the edition itself in its form. Nothing is stored."""
    if isinstance(both, EditionDocument):
        messages.info(request, TO_EDIT)
        form = EditionForm(EditionForm.data_of(both))
        return module.edition_page(request, sheet.edition, form, stored.digest(""))
    messages.info(request, BOTH_AS_TEXT)
    return text.open_unsaved(request, sheet, sheet.text_of(both))
