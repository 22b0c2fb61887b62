"""A page on the workbench of its kind: one block in a form, beside all of them. Every button stores first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from apps.accounts.decorators import only_for
from apps.accounts.requests import AuthenticatedHttpRequest
from apps.authoring import actions, queries
from apps.authoring.actions import Conflict, Edit, NoDraftError, Saved, Stamp, UnstorableError
from apps.authoring.history import saved_line
from apps.authoring.queries import Sheet
from apps.authoring.views import conflict, gone, rooms
from apps.authoring.views.module import OTHER_ORDER, tell_closed
from apps.core import kept_answer
from apps.core.words import normalised
from apps.modules import outline, page_kinds
from apps.modules.document import ORDER, Document
from apps.modules.keys import LONGEST
from apps.modules.problems import Level, Problem
from apps.modules.published import PublishedContentError
from apps.modules.workbench import Deletion, Done, Opened, Workbench, Wrong

CLOSED = (PublishedContentError, NoDraftError)
NO_BUTTON = Wrong("Press one of the buttons of this page.")
MOST_TOLD = 12  # problems; the list of blocks counts all of them
MOST_NAMED = 10  # of what goes or changes with something that is deleted


def show_page(request: AuthenticatedHttpRequest, sheet: Sheet) -> HttpResponse:
    """A page of a kind that has a workbench: the block that is asked for, or what was typed, stored."""
    document = cast("Document", sheet.document)
    if request.method == "POST":
        return _sent(request, sheet, request.POST.get("at", "")[:LONGEST])
    at = request.GET.get("at")
    if at is not None and not _is_block(document, at):
        messages.info(request, "What you looked for is not there any more.")
        return redirect("admin:write:page", sheet.edition.module.slug, sheet.key)
    return _page(request, sheet, _bench(sheet, _class(sheet).first_block(document) if at is None else at, request.GET))


def _is_block(document: Document, key: str) -> bool:
    """Whether a form can be opened for this: the page itself, or one of its blocks."""
    return key in document.blocks and key != ORDER


def _class(sheet: Sheet) -> type[Workbench]:
    if sheet.kind is None or sheet.kind.workbench is None:
        raise Http404
    return sheet.kind.workbench


def _bench(sheet: Sheet, at: str, asked: QueryDict, sent: QueryDict | None = None) -> Workbench:
    problems = sheet.problems_of(sheet.document) if sheet.document else []
    overview = reverse("admin:write:overview", args=[sheet.edition.module.slug, sheet.key])
    document = cast("Document", sheet.document)
    opened = Opened(document, at, lambda key: address(sheet, key), sent, asked, problems, overview)
    return _class(sheet)(opened)


def address(sheet: Sheet, at: str, **asked: str) -> str:
    """Where a block of a page is opened; the empty one is the page itself."""
    page = reverse("admin:write:page", args=[sheet.edition.module.slug, sheet.key])
    return f"{page}?{urlencode({'at': at, **asked})}"


def _sent(request: AuthenticatedHttpRequest, sheet: Sheet, at: str) -> HttpResponse:
    bench = _bench(sheet, at, request.GET, request.POST)
    if wrongs := bench.wrongs():
        return _page(request, sheet, bench, wrongs)
    done = _done(sheet, bench, request.POST.get("do", "save"))
    if done is None:
        return _page(request, sheet, bench, [NO_BUTTON])
    edit = _edit(request, sheet, bench, done.step)
    try:
        outcome = actions.save_document(sheet.edition, edit, Stamp(request.user, timezone.now()))
    except CLOSED:
        return show_gone(request, sheet.edition.module.slug, sheet.key)
    except UnstorableError as error:
        return _page(request, sheet, bench, [Wrong(str(problem)) for problem in error.problems])
    if isinstance(outcome, Conflict):
        return conflict.show(request, sheet, edit, outcome)
    _tell(request, outcome, done.step)
    return _to(sheet, bench, outcome, done)


def _edit(request: AuthenticatedHttpRequest, sheet: Sheet, bench: Workbench, step: Done) -> Edit:
    """What was typed, with what the button does to it."""
    seen, whole, order = _seen(request)
    return Edit(
        sheet.key,
        bench.written(),
        seen,
        bench.blocks,
        kind=sheet.kind.name if sheet.kind else "",
        then=step.then,
        whole=whole,
        moves=step.moves,
        order=order if step.moves else "",
    )


def _seen(request: AuthenticatedHttpRequest) -> tuple[str, str, str]:
    """What the form carries of what was shown: digests of what it writes, of the whole page, of its order."""
    return request.POST.get("seen", ""), request.POST.get("whole", ""), request.POST.get("order", "")


@dataclass(frozen=True)
class _Next:
    """What a button does, and the page to which it leads, where that is not the workbench."""

    step: Done
    url: str = ""


def _done(sheet: Sheet, bench: Workbench, do: str) -> _Next | None:
    """What a button does: those of every workbench, then those of its kind."""
    verb, _, what = do.partition(":")
    slug, key = sheet.edition.module.slug, sheet.key
    if verb == "save":
        return _Next(Done())
    if verb == "open":
        return _Next(Done(opens=lambda document: what if _is_block(document, what) else bench.opened.block))
    if verb in ("text", "history"):
        return _Next(Done(), reverse(f"admin:write:{verb}", args=[slug, key]))
    if verb == "copy":
        copy = reverse("admin:write:copy", args=[slug, key])
        return _Next(Done(), f"{copy}?{urlencode({'at': bench.opened.block})}")
    if verb == "preview":
        preview = reverse("admin:write:preview", args=[slug, key])
        return _Next(Done(), f"{preview}?{urlencode(list(bench.preview_fields))}")
    if verb == "delete":
        row, _, its_key = what.partition(":")
        if bench.deletion(row, its_key) is None:
            return None
        return _Next(Done(), reverse("admin:write:delete", args=[slug, key, row, its_key]))
    step = bench.done(verb, what)
    return _Next(step) if step else None


def _tell(request: AuthenticatedHttpRequest, saved: Saved, step: Done) -> None:
    told = "" if saved.is_late else step.told
    if saved.is_late:
        messages.warning(request, OTHER_ORDER)
    if saved.changes:
        messages.success(request, told or "Saved.")
    elif not step.asked and not saved.is_late:
        messages.info(request, "Nothing had changed, so nothing was saved.")
    for note in saved.notes:
        messages.info(request, note)


def _to(sheet: Sheet, bench: Workbench, saved: Saved, done: _Next) -> HttpResponseRedirect:
    if done.url:
        return HttpResponseRedirect(done.url, status=303)
    step, at = done.step, bench.opened.block
    if step.opens is not None:
        at = step.opens(saved.document)
    anchor = f"#{step.anchor}" if step.anchor else ""
    return HttpResponseRedirect(address(sheet, at, **step.asked) + anchor, status=303)


def show_gone(request: AuthenticatedHttpRequest, slug: str, key: str) -> HttpResponse:
    """What was typed, as the text of the page, since there is no place for it any more."""
    kind = next((kind for kind in page_kinds.all_kinds() if kind.name == request.POST.get("kind")), None)
    draft = request.POST.get("draft", "")
    text = ""
    document = queries.find_last_said(draft, key, kind) if kind is not None else None
    if kind is not None and kind.workbench is not None and isinstance(document, Document):
        bench = kind.workbench(Opened(document, request.POST.get("at", ""), lambda _: "", request.POST))
        text = "" if bench.wrongs() else outline.to_text(kind, bench.written())
    return gone.show(request, gone.Kept(slug, key, text or _as_typed(request), draft))


def _as_typed(request: AuthenticatedHttpRequest) -> str:
    """All that stood in the fields, one after the other."""
    own = {"seen", "whole", "order", "draft", "kind", "at", "do"}
    said = ((name, normalised(value)) for name, value in kept_answer.fields_of(request) if name not in own)
    return "\n".join(f"{name}: {value}" for name, value in said if value)


def _page(
    request: AuthenticatedHttpRequest, sheet: Sheet, bench: Workbench, wrongs: Iterable[Wrong] = ()
) -> HttpResponse:
    wrongs, is_sent = list(wrongs), bench.opened.sent is not None
    document = cast("Document", sheet.document)
    seen, whole, order = document.digest(*bench.blocks), document.digest(), document.digest(ORDER)
    if is_sent:
        seen, whole, order = _seen(request)
    told = sorted(_problems(bench), key=lambda one: (not one.is_here, one.problem.level is Level.WARNING))
    context: dict[str, Any] = rooms.head_of(sheet, "page" if bench.opened.block else "about")
    context |= {
        "bench": bench,
        "wrongs": wrongs,
        "seen": seen,
        "whole": whole,
        "order": order,
        "at": bench.opened.block,
        "is_sent": is_sent,
        "line": saved_line(sheet, request.user, timezone.now(), "page"),
        "problems": told[:MOST_TOLD],
        "more_problems": max(0, len(told) - MOST_TOLD),
        "here": reverse("admin:write:page", args=[sheet.edition.module.slug, sheet.key]),
    }
    return render(request, "authoring/workbench.html", context, status=422 if wrongs else 200)


@dataclass(frozen=True)
class Told:
    """A problem with a link to where it can be mended."""

    problem: Problem
    url: str
    is_here: bool


def _problems(bench: Workbench) -> Iterator[Told]:
    """Those of what is open first, then the errors."""
    for problem in bench.opened.problems:
        block, spot = bench.place_of(problem.block)
        is_here = block in bench.blocks
        page = "" if is_here else bench.opened.address(block)
        yield Told(problem, f"{page}#{spot}" if spot else page, is_here)


@only_for("modules.change_edition")
@require_safe
def overview(request: AuthenticatedHttpRequest, slug: str, key: str) -> HttpResponse:
    """The whole page at a glance, with links to its blocks."""
    sheet = rooms.find_page(rooms.find_draft(slug), key)
    if sheet is None or not _class(sheet).overview_template:
        raise Http404
    context = rooms.head_of(sheet, "") | {"bench": _bench(sheet, "", request.GET)}
    return render(request, "authoring/overview.html", context)


@only_for("modules.change_edition")
@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: AuthenticatedHttpRequest, slug: str, key: str, row: str, its_key: str) -> HttpResponse:
    """Delete a row of a page, after one question."""
    sheet = rooms.find_page(rooms.find_draft(slug), key)
    if sheet is None or sheet.document is None:
        return tell_gone(request, slug)
    deletion = _bench(sheet, "", request.GET).deletion(row, its_key)
    page = reverse("admin:write:page", args=[slug, key])
    if deletion is None:
        if request.method != "POST":
            raise Http404
        messages.info(request, "This is not there any more.")
        return HttpResponseRedirect(page, status=303)
    if request.method == "POST":
        return _deleted(request, sheet, deletion)
    context = rooms.head_of(sheet, "page") | {
        "title": f"Delete {deletion.name}?",
        "page_title": sheet.page.title if sheet.page else key,
        "deletion": deletion,
        "goes": _named(deletion.goes),
        "changes": _named(deletion.changes),
        "seen": sheet.document.digest(),
        "back": address(sheet, its_key if its_key in sheet.document.blocks else ""),
    }
    return render(request, "authoring/delete.html", context)


def tell_gone(request: AuthenticatedHttpRequest, slug: str) -> HttpResponse:
    """Lead to the module, and say that the page of a button is not there any more; 404 for who pressed none."""
    if request.method != "POST":
        raise Http404
    if rooms.find_draft(slug) is None:
        return tell_closed(request, slug)
    messages.info(request, "This page is not there any more.")
    return redirect("admin:write:module", slug)


def _named(names: Iterable[str]) -> list[str]:
    named = list(names)
    more = len(named) - MOST_NAMED
    return named if more <= 0 else [*named[:MOST_NAMED], f"and {more} more"]


def _deleted(request: AuthenticatedHttpRequest, sheet: Sheet, deletion: Deletion) -> HttpResponse:
    document = cast("Document", sheet.document)
    edit = Edit(sheet.key, deletion.then(document), request.POST.get("seen", ""))
    try:
        outcome = actions.save_document(sheet.edition, edit, Stamp(request.user, timezone.now()))
    except CLOSED:
        return tell_closed(request, sheet.edition.module.slug)
    except UnstorableError as error:
        messages.error(request, f"Nothing was deleted. {error}")
        return HttpResponseRedirect(address(sheet, ""), status=303)
    if isinstance(outcome, Conflict):
        messages.warning(
            request, "The page was changed after you were asked, so nothing was deleted. Read what goes now."
        )
        return HttpResponseRedirect(request.path, status=303)
    messages.success(request, f"{deletion.name[:1].upper()}{deletion.name[1:]} is deleted. Undo brings it back.")
    return HttpResponseRedirect(address(sheet, deletion.opens), status=303)
