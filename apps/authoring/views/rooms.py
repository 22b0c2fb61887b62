"""What authors' pages about one page of a draft have in common: which it is, its head, and the way to it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.http import Http404
from django.urls import NoReverseMatch, reverse

from apps.authoring.checking import count_rows
from apps.authoring.queries import Sheet, UnknownKindError, find_sheet, open_reports_by
from apps.modules.document import Document, PageDocument
from apps.modules.models import Edition


def find_draft(slug: str) -> Edition | None:
    """The draft of a module; None when there is none (any more)."""
    drafts = Edition.objects.drafts().select_related("module", "based_on")
    return drafts.filter(module__slug=slug).first()


def find_page(draft: Edition | None, key: str) -> Sheet | None:
    """A page of a draft with what stands there; None when the draft, or the page in it, is gone."""
    if draft is None:
        return None
    try:
        sheet = find_sheet(draft, key)
    except UnknownKindError:
        raise Http404 from None
    return sheet if sheet.page else None


def is_plain(sheet: Sheet) -> bool:
    """Whether the page has no more than its own text, so that it is written in a form."""
    return sheet.kind is not None and sheet.kind.document_class is PageDocument


def head_of(sheet: Sheet, tab: str) -> dict[str, Any]:
    """What the head of a page of a draft shows: its title, a line of facts, its tabs."""
    page, document, draft = sheet.page, sheet.document, sheet.edition
    if page is None or not isinstance(document, Document):
        raise Http404
    begins = f"Page {page.position} of {draft.title}, draft of edition {draft.next_number}."
    return {
        "title": page.title or sheet.key,
        "facts": " ".join([begins, *_facts(sheet, document)]),
        "sheet": sheet,
        "module": draft.module,
        "draft": draft,
        "noun": sheet.kind.noun if sheet.kind else "page",
        "tabs": list(tabs_of(sheet, tab)),
        "preview_url": address("preview", draft.module.slug, sheet.key),
        "reports": open_reports_by(sheet),
    }


def _facts(sheet: Sheet, document: Document) -> Iterator[str]:
    if rows := count_rows(block for key, block in document.blocks.items() if key):
        yield f"{', '.join(rows)}."
    if sheet.kind:
        yield from sheet.kind.remarks(document)


@dataclass(frozen=True)
class Tab:
    """A tab of a page: its words, its address; and what a button says that stores first, where a form stands open."""

    words: str
    url: str
    do: str
    is_open: bool


def tabs_of(sheet: Sheet, tab: str) -> Iterator[Tab]:
    """The tabs of a page, of which one is open."""
    slug, bench = sheet.edition.module.slug, sheet.kind.workbench if sheet.kind else None
    page = address("page", slug, sheet.key)
    if bench is not None and isinstance(sheet.document, Document):
        if first := bench.first_block(sheet.document):
            yield Tab(bench.blocks_label, page, f"open:{first}", tab == "page")
        yield Tab(bench.page_label, f"{page}?at=", "open:", tab == "about")
    elif is_plain(sheet):
        yield Tab("The page", page, "page", tab == "page")
    yield Tab("As text", address("text", slug, sheet.key), "text", tab == "text")
    yield Tab("History", address("history", slug, sheet.key), "history", tab == "history")


def address(name: str, *args: str) -> str:
    """The address of an authors' page; empty where there is none of this name."""
    try:
        return reverse(f"admin:write:{name}", args=args)
    except NoReverseMatch:
        return ""
