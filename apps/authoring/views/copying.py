"""A page, or a scene or question of one, copied into a draft, with its sources."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from apps.accounts.decorators import only_for
from apps.accounts.requests import AuthenticatedHttpRequest
from apps.authoring import arranging
from apps.authoring.actions import Conflict, NoDraftError, Saved, Stamp, UnstorableError
from apps.authoring.forms.copying import CopyForm
from apps.authoring.queries import Sheet
from apps.authoring.views import rooms, workbench
from apps.modules.document import ORDER, Document, Row
from apps.modules.models import Edition, Page
from apps.modules.published import PublishedContentError

NO_BLOCK = "What was to be copied is not there any more, so nothing was copied."
MEANWHILE = "The draft was changed, published or discarded meanwhile, so nothing was copied. Choose again."


@dataclass(frozen=True)
class _Original:
    """What is copied: a page as it stands, or one block of it."""

    sheet: Sheet
    document: Document
    block: str

    @property
    def noun(self) -> str:
        block = self.document.blocks[self.block]
        return block.noun if isinstance(block, Row) else self.sheet.kind.noun if self.sheet.kind else "page"

    @property
    def name(self) -> str:
        block = self.document.blocks[self.block]
        return block.name if isinstance(block, Row) else self.document.head.title

    def targets(self) -> Iterator[tuple[str, str]]:
        """Where it can be copied to: drafts, or other pages of its kind in them."""
        drafts = Edition.objects.drafts().select_related("module").order_by("module__position")
        if not self.block:
            yield from ((draft.module.slug, draft.title) for draft in drafts)
            return
        pages = Page.objects.filter(edition__in=drafts, kind=self.document_kind).exclude(pk=self._page_id)
        for page in pages.select_related("edition__module").order_by("edition__module__position", "position"):
            yield f"{page.edition.module.slug}/{page.key}", f"{page.edition.title}: {page.title}"

    @property
    def document_kind(self) -> str:
        return self.sheet.kind.name if self.sheet.kind else ""

    @property
    def _page_id(self) -> int:
        return self.sheet.page.pk if self.sheet.page else 0


@only_for("modules.change_edition")
@require_http_methods(["GET", "HEAD", "POST"])
def copy(request: AuthenticatedHttpRequest, slug: str, key: str) -> HttpResponse:
    """Choose where to, and copy. `at` names a block; without it the whole page is copied."""
    sheet = rooms.find_page(rooms.find_draft(slug), key)
    block = request.GET.get("at", "")
    if sheet is None or not isinstance(sheet.document, Document):
        return workbench.tell_gone(request, slug)
    if block not in sheet.document.blocks or block == ORDER:
        if request.method == "POST":
            messages.info(request, NO_BLOCK)
            return redirect("admin:write:page", slug, key)
        raise Http404
    original = _Original(sheet, sheet.document, block)
    form = CopyForm(request.POST or None, targets=original.targets())
    if request.method == "POST" and form.is_valid():
        return _copied(request, original, form.cleaned_data["to"])
    context = rooms.head_of(sheet, "page") | {
        "title": f"Copy the {original.noun} “{original.name}”",
        "original": original,
        "form": form,
        "back": workbench.address(sheet, block),
        "page_title": sheet.document.head.title,
    }
    return render(request, "authoring/copy.html", context, status=422 if form.errors else 200)


def _copied(request: AuthenticatedHttpRequest, original: _Original, to: str) -> HttpResponse:
    slug, _, key = to.partition("/")
    stamp = Stamp(request.user, timezone.now())
    draft = rooms.find_draft(slug)
    into = rooms.find_page(draft, key) if key else original.sheet
    try:
        if draft is None or into is None:
            raise NoDraftError
        saved = _copy(original, draft, into, stamp)
    except (PublishedContentError, NoDraftError):
        saved = None
    except UnstorableError as error:
        messages.error(request, str(error))
        return HttpResponseRedirect(request.get_full_path(), status=303)
    if not isinstance(saved, Saved) or draft is None:
        messages.warning(request, MEANWHILE)
        return HttpResponseRedirect(request.get_full_path(), status=303)
    _tell(request, original, saved, draft)
    added = next((change.block for change in saved.changes if change.block), "")
    where = rooms.find_page(draft, saved.key) or original.sheet
    return HttpResponseRedirect(workbench.address(where, added if original.block else ""), status=303)


def _copy(original: _Original, draft: Edition, into: Sheet, stamp: Stamp) -> Saved | Conflict:
    if original.block:
        return arranging.copy_block(into, original.document, original.block, stamp)
    if original.sheet.kind is None:
        raise Http404
    return arranging.copy_page(draft, original.sheet.kind, original.document, stamp)


def _tell(request: AuthenticatedHttpRequest, original: _Original, saved: Saved, draft: Edition) -> None:
    told = f"The {original.noun} “{original.name}” is copied into the draft of “{draft.title}”. This is the copy."
    if saved.changes:
        messages.success(request, told)
    else:
        messages.info(request, f"The {original.noun} “{original.name}” had been copied already.")
    for note in saved.notes:
        messages.info(request, note)
