"""A page, or a whole module, as text: shown, checked, stored."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from apps.accounts.decorators import only_for
from apps.accounts.requests import AuthenticatedHttpRequest
from apps.authoring import actions, queries
from apps.authoring.actions import Conflict, Edit, NoDraftError, Stamp, UnstorableError
from apps.authoring.checking import Checked, check_module, check_page
from apps.authoring.forms.text import TextForm
from apps.authoring.history import saved_line
from apps.authoring.queries import Sheet, UnknownKindError
from apps.authoring.views import conflict, gone, rooms
from apps.authoring.views.desk import publishers_for
from apps.core.words import counted
from apps.modules import page_kinds
from apps.modules.models import Edition
from apps.modules.outline import MODULE_LIMIT, PAGE_LIMIT, Hints
from apps.modules.published import PublishedContentError

CLOSED = (PublishedContentError, NoDraftError)
CHANGED_SINCE = "The text was changed after it was checked, so it was checked again. This is what it would do now."
STORE_FIRST = "Store your text first, or leave it as it was: the other pages show what is stored."
MOST_TOLD = 8  # notes above the page after a save
MODULE_HINTS: Hints = (
    ("module: its-address", "begins the module; title, summary, outcomes and curriculum stand below"),
    ("=== reading: Title", "begins a page; so do case and quiz. Each page is written as on its own page as text"),
)


@dataclass(frozen=True)
class Writing:
    """A text on its page."""

    form: TextForm
    seen: str
    draft: Edition
    checked: Checked | None = None
    refused: Sequence[str] = ()
    stands: str = ""  # the text that somebody else stored meanwhile

    @property
    def status(self) -> int:
        if self.stands:
            return 409
        is_wrong = self.form.errors or self.refused or (self.checked and (self.checked.broken or self.checked.refused))
        return 422 if is_wrong else 200

    def context(self) -> dict[str, Any]:
        """What every page with a text shows of it."""
        size = self.form.count
        return {
            "form": self.form,
            "checked": self.checked,
            "refused": self.refused or (self.checked.refused if self.checked else ()),
            "seen": self.seen,
            "stands": self.stands,
            "count": size,
            "counted": counted(size - self.form.said.endswith("\n"), "line", "lines"),
            "limit": f"{self.form.limit // 1000} kB",
            "rows": min(max(size + 1, 16), 32),
            "is_unsaved": self.form.is_bound and self.form.said != self.form.stands,
        }


def _form(request: AuthenticatedHttpRequest, limit: int, stands: str, ways: Iterable[str] = ()) -> TextForm:
    sent = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    return TextForm(*sent, limit=limit, stands=stands, ways=ways)


@only_for("modules.change_edition")
@require_http_methods(["GET", "HEAD", "POST"])
def text(request: AuthenticatedHttpRequest, slug: str, key: str) -> HttpResponse:
    """A page as text: what stands, or what was sent, checked or stored."""
    sheet = rooms.find_page(rooms.find_draft(slug), key)
    if request.method == "POST":
        return _sent(request, sheet) if sheet else _gone(request, slug, key)
    if sheet is None or sheet.document is None:
        raise Http404
    form = _form(request, PAGE_LIMIT, sheet.text_of(sheet.document))
    return _page(request, sheet, Writing(form, sheet.document.digest(), sheet.edition))


def _gone(request: AuthenticatedHttpRequest, slug: str, key: str) -> HttpResponse:
    form = _form(request, PAGE_LIMIT if key else MODULE_LIMIT, "")
    form.is_valid()
    return gone.show(request, gone.Kept(slug, key, form.said, request.POST.get("draft", "")))


def _sent(request: AuthenticatedHttpRequest, sheet: Sheet) -> HttpResponse:
    if sheet.document is None:
        raise Http404
    ways = {tab.do: tab.url for tab in rooms.tabs_of(sheet, "text") if not tab.is_open}
    form = _form(request, PAGE_LIMIT, sheet.text_of(sheet.document), ways)
    seen = request.POST.get("seen", "") or sheet.document.digest()
    if not form.is_valid():
        return _page(request, sheet, Writing(form, seen, sheet.edition))
    checked = check_page(sheet, form.said)
    if form.way and checked.is_readable and not checked.has_changes:
        return HttpResponseRedirect(ways[form.way], status=303)
    if form.way:
        form.notes.append(STORE_FIRST)
    if form.is_to_be_stored and form.cleaned_data["checked"] != checked.digest:
        form.notes.append(CHANGED_SINCE)
    elif form.is_to_be_stored and checked.document is not None:
        return _store(request, sheet, Writing(form, seen, sheet.edition, checked))
    return _page(request, sheet, Writing(form, seen, sheet.edition, checked))


def open_unsaved(request: AuthenticatedHttpRequest, sheet: Sheet, said: str) -> HttpResponse:
    """The page with a text that is not stored, made from what stands there."""
    if sheet.document is None:
        raise Http404
    form = TextForm({"text": said}, limit=PAGE_LIMIT, stands=sheet.text_of(sheet.document))
    seen = sheet.document.digest()
    checked = check_page(sheet, form.said) if form.is_valid() else None
    return _page(request, sheet, Writing(form, seen, sheet.edition, checked))


def _store(request: AuthenticatedHttpRequest, sheet: Sheet, writing: Writing) -> HttpResponse:
    checked = writing.checked
    if checked is None or checked.document is None:
        raise Http404
    edit = Edit(sheet.key, checked.document, writing.seen, kind=sheet.kind.name if sheet.kind else "")
    try:
        outcome = actions.save_document(sheet.edition, edit, Stamp(request.user, timezone.now()))
    except CLOSED:
        return _gone(request, sheet.edition.module.slug, sheet.key)
    except UnstorableError as error:
        refused = [str(problem) for problem in error.problems]
        return _page(request, sheet, Writing(writing.form, writing.seen, sheet.edition, checked, refused))
    if isinstance(outcome, Conflict):
        return conflict.show(request, sheet, edit, outcome)
    _tell(request, [*checked.notes, *outcome.notes], has_changes=bool(outcome.changes))
    return redirect("admin:write:text", sheet.edition.module.slug, sheet.key)


def _tell(request: AuthenticatedHttpRequest, notes: Sequence[str], *, has_changes: bool) -> None:
    """Say that it is saved, and what there is to know."""
    messages.success(request, "Saved." if has_changes else "Nothing had changed, so nothing was saved.")
    for note in list(dict.fromkeys(notes))[:MOST_TOLD]:
        messages.info(request, note)


def _page(request: AuthenticatedHttpRequest, sheet: Sheet, writing: Writing) -> HttpResponse:
    context = rooms.head_of(sheet, "text") | writing.context()
    slug = sheet.edition.module.slug
    context |= {
        "hints": sheet.kind.outline.hints if sheet.kind else (),
        "line": saved_line(sheet, request.user, timezone.now(), "text"),
        "here": reverse("admin:write:text", args=[slug, sheet.key]),
        "download": reverse("admin:write:download", args=[slug, sheet.key]),
    }
    return render(request, "authoring/text.html", context, status=writing.status)


@only_for("modules.change_edition")
@require_safe
def download(request: AuthenticatedHttpRequest, slug: str, key: str) -> HttpResponse:
    """The page as a file of text."""
    sheet = rooms.find_page(rooms.find_draft(slug), key)
    if sheet is None or sheet.document is None:
        raise Http404
    return _file(sheet.text_of(sheet.document), sheet.key)


def _file(said: str, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}.txt"'}
    return HttpResponse(said, content_type="text/plain; charset=utf-8", headers=headers)


# The whole module ---------------------------------------------------------------------------------------------------


def _text_of_module(draft: Edition) -> str:
    try:
        return queries.text_of_module(draft)
    except UnknownKindError:
        raise Http404 from None


@only_for("modules.change_edition")
@require_http_methods(["GET", "HEAD", "POST"])
def module_text(request: AuthenticatedHttpRequest, slug: str) -> HttpResponse:
    """The whole module as text: what stands, or what was sent, checked or stored."""
    draft = rooms.find_draft(slug)
    if draft is None and request.method == "POST":
        return _gone(request, slug, "")
    if draft is None:
        raise Http404
    stands = _text_of_module(draft)
    form = _form(request, MODULE_LIMIT, stands)
    writing = Writing(form, request.POST.get("seen", "") or actions.digest_of(stands), draft)
    if not form.is_bound or not form.is_valid():
        return _module_page(request, writing)
    try:
        return _module_sent(request, writing)
    except CLOSED:
        return _gone(request, slug, "")


def _module_sent(request: AuthenticatedHttpRequest, writing: Writing) -> HttpResponse:
    form, draft, stamp = writing.form, writing.draft, Stamp(request.user, timezone.now())
    checked = check_module(draft, form.said, stamp)
    if form.is_to_be_stored and form.cleaned_data["checked"] != checked.digest:
        form.notes.append(CHANGED_SINCE)
    elif form.is_to_be_stored and checked.parsed is not None and not checked.refused:
        saved = actions.save_module(draft, checked.parsed, writing.seen, stamp)
        if saved is None:
            stands = _text_of_module(draft)
            seen = actions.digest_of(stands)
            return _module_page(request, Writing(form, seen, draft, checked, stands=stands))
        _tell(request, checked.notes, has_changes=any(sheet.changes for sheet in saved))
        return redirect("admin:write:module_text", draft.module.slug)
    return _module_page(request, Writing(form, writing.seen, draft, checked))


def _module_page(request: AuthenticatedHttpRequest, writing: Writing) -> HttpResponse:
    draft, pages = writing.draft, page_kinds.all_kinds()
    slug = draft.module.slug
    context = writing.context() | {
        "title": draft.title,
        "facts": f"Draft of edition {draft.next_number}, all of it.",
        "module": draft.module,
        "draft": draft,
        "noun": "module",
        "is_module": True,
        "hints": [*MODULE_HINTS, *(hint for kind in pages for hint in kind.outline.hints[:1])],
        "here": reverse("admin:write:module_text", args=[slug]),
        "download": reverse("admin:write:module_download", args=[slug]),
    }
    return render(request, "authoring/text.html", context, status=writing.status)


@only_for("modules.change_edition")
@require_safe
def module_download(request: AuthenticatedHttpRequest, slug: str) -> HttpResponse:
    """The whole module as a file of text."""
    draft = rooms.find_draft(slug)
    if draft is None:
        raise Http404
    return _file(_text_of_module(draft), slug)


@only_for("modules.change_edition")
@require_safe
def how(request: AuthenticatedHttpRequest) -> HttpResponse:
    """How a page is written as text, with an example, and the way from there to learners."""
    kinds = [(kind.label, kind.outline.hints) for kind in page_kinds.all_kinds()]
    context = {"title": "How to write a page as text", "kinds": kinds, "publishers": publishers_for(request.user)}
    return render(request, "authoring/how.html", context)
