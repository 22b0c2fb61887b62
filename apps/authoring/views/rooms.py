"""What authors' pages about one page of a draft have in common: which it is, its head, and the way to it."""

from __future__ import annotations

from collections.abc import Iterator
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


def next_number(draft: Edition) -> int:
    """The number that a draft will have."""
    return (draft.based_on.number or 0) + 1 if draft.based_on else 1


def is_plain(sheet: Sheet) -> bool:
    """Whether the page has no more than its own text, so that it is written in a form."""
    return sheet.kind is not None and sheet.kind.document_class is PageDocument


def head_of(sheet: Sheet, tab: str) -> dict[str, Any]:
    """What the head of a page of a draft shows: its title, a line of facts, its tabs."""
    page, document, draft = sheet.page, sheet.document, sheet.edition
    if page is None or not isinstance(document, Document):
        raise Http404
    begins = f"Page {page.position} of {draft.title}, draft of edition {next_number(draft)}."
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


def tabs_of(sheet: Sheet, tab: str) -> Iterator[tuple[str, str, bool]]:
    """The words of each tab, its address, and whether it is open."""
    names = [("page", "The page")] if is_plain(sheet) else []
    for name, words in (*names, ("text", "As text"), ("history", "History")):
        if url := address(name, sheet.edition.module.slug, sheet.key):
            yield words, url, name == tab


def address(name: str, *args: str) -> str:
    """The address of an authors' page; empty where there is none of this name."""
    try:
        return reverse(f"admin:write:{name}", args=args)
    except NoReverseMatch:
        return ""
