"""A page that has no more than its own text: written in a form, beside what a learner will see."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from apps.accounts.decorators import only_for
from apps.accounts.requests import AuthenticatedHttpRequest
from apps.authoring import actions
from apps.authoring.actions import Conflict, Edit, NoDraftError, Stamp, UnstorableError
from apps.authoring.forms.reading import LONGEST_SEARCH, ReadingForm, SourceForm
from apps.authoring.history import saved_line
from apps.authoring.queries import Sheet
from apps.authoring.views import conflict, gone, rooms, workbench
from apps.modules import outline, page_kinds, shelf
from apps.modules.document import Head, PageDocument
from apps.modules.forms import ticked
from apps.modules.published import PublishedContentError

SAVE, SHOW, FIND, NEW_SOURCE = "save", "show", "find", "new_source"


@dataclass
class Tray:
    """A page as its author has it: the form, what is ticked, and the pickers."""

    form: ReadingForm
    seen: str
    facts: list[str]
    sources: list[str]
    source_form: SourceForm = field(default_factory=SourceForm)
    search: str = ""
    found: shelf.Found | None = None
    wrong: list[str] = field(default_factory=list)
    is_sent: bool = False

    @property
    def status(self) -> int:
        return 422 if self.wrong or self.source_form.errors or (self.form.is_bound and self.form.errors) else 200


@only_for("modules.change_edition")
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: AuthenticatedHttpRequest, slug: str, key: str) -> HttpResponse:
    """A page in forms: its own, or the workbench of its kind; one that has neither is written as text."""
    sheet = rooms.find_page(rooms.find_draft(slug), key)
    document = sheet.document if sheet and rooms.is_plain(sheet) else None
    if sheet is not None and _is_of_another_kind(request, sheet):
        return _gone(request, slug, key)
    if sheet is not None and sheet.kind is not None and sheet.kind.workbench is not None:
        return workbench.show_page(request, sheet)
    if request.method == "POST" and not isinstance(document, PageDocument):
        return _gone(request, slug, key)
    if sheet is None:
        raise Http404
    if not isinstance(document, PageDocument):
        return redirect("admin:write:text", slug, key)
    if request.method == "POST":
        return _sent(request, sheet, document)
    head = document.head
    form = ReadingForm(initial=ReadingForm.data_of(document))
    return _page(request, sheet, Tray(form, document.digest(), list(head.facts), list(head.sources)))


def _is_of_another_kind(request: AuthenticatedHttpRequest, sheet: Sheet) -> bool:
    """Whether what was sent was written in the form of another kind: the page that was open is not there any more."""
    kind = sheet.kind.name if sheet.kind else ""
    return request.method == "POST" and request.POST.get("kind", kind) != kind


def _sent(request: AuthenticatedHttpRequest, sheet: Sheet, stored: PageDocument) -> HttpResponse:
    sent, do = request.POST, request.POST.get("do", SAVE)
    ways = {SAVE: ""} | {tab.do: tab.url for tab in rooms.tabs_of(sheet, "page") if not tab.is_open}
    tray = Tray(
        ReadingForm(sent) if do in ways else ReadingForm(initial=sent.dict() | {"is_required": "is_required" in sent}),
        sent.get("seen", ""),
        ticked(sent, "facts", are_facts=True),
        ticked(sent, "sources"),
        SourceForm(initial={name.removeprefix("new-"): value for name, value in sent.items() if name[:4] == "new-"}),
        search=sent.get("search", "")[:LONGEST_SEARCH].strip(),
        is_sent=True,
    )
    if do in ways:
        return _save(request, sheet, tray, ways[do])
    if do == FIND:
        tray.found = shelf.find_sources(tray.search, tray.sources)
    elif do == NEW_SOURCE:
        _add_source(request, tray)
    elif do != SHOW:
        tray.wrong.append("Press one of the buttons of this page.")
    return _page(request, sheet, tray)


def _add_source(request: AuthenticatedHttpRequest, tray: Tray) -> None:
    """Store a new source and tick it."""
    if not request.user.has_perm("modules.add_source"):
        tray.wrong.append("You may not add sources. Ask an author to add it.")
        return
    form = SourceForm(request.POST)
    if not form.is_valid():
        tray.source_form = form
        return
    source = actions.add_source(form.source())
    tray.source_form = SourceForm()
    if source.key not in tray.sources:
        tray.sources.append(source.key)


def _save(request: AuthenticatedHttpRequest, sheet: Sheet, tray: Tray, to: str) -> HttpResponse:
    """Store what was typed, then go on with the page, or to another tab."""
    if not tray.form.is_valid():
        return _page(request, sheet, tray)
    kind = sheet.kind.name if sheet.kind else ""
    edit = Edit(sheet.key, tray.form.document(sheet.key, tray.facts, tray.sources), tray.seen, kind=kind)
    try:
        outcome = actions.save_document(sheet.edition, edit, Stamp(request.user, timezone.now()))
    except (PublishedContentError, NoDraftError):
        return _gone(request, sheet.edition.module.slug, sheet.key)
    except UnstorableError as error:
        tray.wrong += [str(problem) for problem in error.problems]
        return _page(request, sheet, tray)
    if isinstance(outcome, Conflict):
        return conflict.show(request, sheet, edit, outcome)
    messages.success(request, "Saved." if outcome.changes else "Nothing had changed, so nothing was saved.")
    for note in outcome.notes:
        messages.info(request, note)
    return redirect(to or reverse("admin:write:page", args=[sheet.edition.module.slug, sheet.key]))


def _gone(request: AuthenticatedHttpRequest, slug: str, key: str) -> HttpResponse:
    """What was written, as the text of a page, since there is no place for it."""
    sent = request.POST
    if "at" in sent:  # from a workbench
        return workbench.show_gone(request, slug, key)
    minutes = sent.get("minutes", "")
    head = Head(
        key,
        sent.get("title", ""),
        sent.get("summary", ""),
        int(minutes) if minutes.isascii() and minutes.isdecimal() and len(minutes) < 6 else 1,
        "is_required" in sent,
        tuple(ticked(sent, "facts", are_facts=True)),
        tuple(ticked(sent, "sources")),
    )
    kinds = [kind for kind in page_kinds.all_kinds() if kind.document_class is PageDocument]
    kind = next((kind for kind in kinds if kind.name == sent.get("kind")), kinds[0])
    text = outline.to_text(kind, PageDocument(head, sent.get("body", "").replace("\r\n", "\n").strip()))
    return gone.show(request, gone.Kept(slug, key, text, sent.get("draft", "")))


def _page(request: AuthenticatedHttpRequest, sheet: Sheet, tray: Tray) -> HttpResponse:
    context: dict[str, Any] = rooms.head_of(sheet, "page")
    context |= {
        "line": saved_line(sheet, request.user, timezone.now(), "page"),
        "tray": tray,
        "form": tray.form,
        "source_form": tray.source_form,
        "preview": tray.form.preview,
        "facts_to_tick": shelf.Shelf().facts(tray.facts),
        "sources_ticked": shelf.sources(tray.sources),
        "drawings": shelf.drawings(),
        "may_add_sources": request.user.has_perm("modules.add_source"),
    }
    return render(request, "authoring/reading.html", context, status=tray.status)
