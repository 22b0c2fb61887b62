"""A module with its draft: its pages in order, what it says of itself, how a draft begins and ends."""

from collections.abc import Callable, Sequence
from functools import wraps

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from apps.accounts.decorators import only_for
from apps.accounts.requests import AuthenticatedHttpRequest
from apps.authoring import arranging, overview, publishing
from apps.authoring.actions import Conflict, Edit, NoDraftError, Stamp, UnstorableError, save_document
from apps.authoring.forms.modules import EditionForm, NewPageForm
from apps.authoring.history import saved_line, title_of
from apps.authoring.queries import UnknownKindError, find_sheet, open_reports_of
from apps.authoring.views import conflict, gone
from apps.authoring.views.desk import MAY_READ, page_view, publishers_for
from apps.authoring.views.rooms import find_draft
from apps.core.decorators import post_only
from apps.core.words import normalised
from apps.modules import actions as modules_actions
from apps.modules import outline, shelf
from apps.modules.document import ORDER
from apps.modules.models import Edition, Module
from apps.modules.published import PublishedContentError
from apps.modules.rows import read_edition_document

View = Callable[..., HttpResponse]
CLOSED = (PublishedContentError, NoDraftError)
OTHER_ORDER = "The order had been changed meanwhile, so nothing was moved now. This is how it stands."


def of_draft_or(closed: View) -> Callable[[View], View]:
    """A page of a draft, and what is answered when that has been published or discarded."""

    def of_draft(view: View) -> View:
        @wraps(view)
        def inner(request: AuthenticatedHttpRequest, slug: str, *args: object, **kwargs: object) -> HttpResponse:
            draft = find_draft(slug)
            try:
                if draft is not None:
                    return view(request, draft, *args, **kwargs)
            except CLOSED:
                pass
            except UnknownKindError as error:
                messages.error(request, f"Nothing was changed. {error}")
                return redirect("admin:write:module", slug)
            return closed(request, slug)

        return inner

    return of_draft


def tell_closed(request: AuthenticatedHttpRequest, slug: str) -> HttpResponse:
    """Lead to the module, and say what became of its draft."""
    module = get_object_or_404(Module, slug=slug)
    messages.warning(request, f"There is no draft here any more. {overview.last_published(module)}")
    return redirect("admin:write:module", module.slug)


def _edition_closed(request: AuthenticatedHttpRequest, slug: str) -> HttpResponse:
    """What was written of the edition itself, as text, since there is no place for it."""
    if request.method != "POST":
        return tell_closed(request, slug)
    text = outline.module_to_text(slug, EditionForm.document_of(request.POST))
    return gone.show(request, gone.Kept(slug, "", text, request.POST.get("draft", "")))


def words_closed(request: AuthenticatedHttpRequest, slug: str, field: gone.Field) -> HttpResponse:
    """What was written in a small form, since there is no place for it."""
    words = normalised(request.POST.get(field.name, ""))
    if not words:
        return tell_closed(request, slug)
    return gone.show(request, gone.Kept(slug, "", words, request.POST.get("draft", ""), field))


def _title_closed(request: AuthenticatedHttpRequest, slug: str) -> HttpResponse:
    kind = request.POST.get("kind", "")
    field = gone.Field("title", "Title of the new page", "add_page", "kind", kind, is_line=True)
    return words_closed(request, slug, field)


of_draft = of_draft_or(tell_closed)


@only_for(*MAY_READ)
@require_safe
def module(request: AuthenticatedHttpRequest, slug: str) -> HttpResponse:
    """The module: the pages of its draft, and the edition in force."""
    return _module_page(request, slug, NewPageForm())


def _module_page(request: AuthenticatedHttpRequest, slug: str, form: NewPageForm) -> HttpResponse:
    edition = find_draft(slug)
    draft = overview.read_drafts([edition])[0] if edition else None
    found = edition.module if edition else get_object_or_404(Module, slug=slug)
    in_force = overview.in_force(found)
    context = {
        "title": draft.edition.title if draft else in_force.edition.title if in_force else found.slug,
        "module": found,
        "draft": draft,
        "order_seen": draft.document.digest(ORDER) if draft else "",
        "in_force": in_force,
        "form": form,
        "focus": _button(request.GET.get("moved", ""), draft.document.pages if draft else ()),
        "publishers": publishers_for(request.user),
        "line": saved_line(draft.sheet, request.user, timezone.now(), "module") if draft else None,
        "closure": in_force.closure if in_force else None,
        "reports": open_reports_of(found),
        "page_view": page_view(request.user),
    }
    return render(request, "authoring/module.html", context, status=422 if form.is_bound else 200)


def _button(moved: str, order: Sequence[str]) -> str:
    """The button that was pressed to move a page; at either end, where it is off, the other one."""
    key = moved.partition(":")[2]
    ends = {f"up:{order[0]}": f"down:{key}", f"down:{order[-1]}": f"up:{key}"} if order else {}
    return ends.get(moved, moved)


@only_for("modules.change_edition")
@post_only
def start_draft(request: AuthenticatedHttpRequest, slug: str) -> HttpResponse:
    """Start a draft of the newest edition; one that is there already stays."""
    newest = Edition.objects.published().filter(module__slug=slug).order_by("-number").first()
    if newest is None:
        raise Http404
    try:
        modules_actions.start_draft(newest)
    except modules_actions.OlderEditionError as error:
        messages.error(request, str(error))
    return redirect("admin:write:module", slug)


@only_for("modules.change_edition")
@require_http_methods(["GET", "HEAD", "POST"])
@of_draft
def discard(request: AuthenticatedHttpRequest, draft: Edition) -> HttpResponse:
    """Throw a draft away, after one question; asked anew if it says something else by then."""
    if request.method != "POST":
        return _discard_page(request, overview.read_drafts([draft])[0])
    slug, was_published = draft.module.slug, Edition.objects.published().filter(module=draft.module).exists()
    try:
        publishing.discard_as_read(draft, request.POST.get("seen", ""))
    except publishing.ChangedMeanwhileError as error:
        messages.warning(request, str(error))
        return _discard_page(request, error.draft, 409)
    messages.success(request, "The draft is discarded. Nothing that is published has changed.")
    return redirect("admin:write:module", slug) if was_published else redirect("admin:index")


def _discard_page(request: AuthenticatedHttpRequest, draft: overview.Draft, status: int = 200) -> HttpResponse:
    context = {
        "title": "Discard the draft",
        "draft": draft,
        "module": draft.module,
        "seen": publishing.digest_of(draft),
    }
    return render(request, "authoring/discard.html", context, status=status)


@only_for("modules.change_edition")
@post_only
@of_draft_or(_title_closed)
def add_page(request: AuthenticatedHttpRequest, draft: Edition) -> HttpResponse:
    """Add a page at the end; its own page opens."""
    form = NewPageForm(request.POST)
    if not form.is_valid():
        return _module_page(request, draft.module.slug, form)
    stamp = Stamp(request.user, timezone.now())
    try:
        key = arranging.add_page(draft, form.cleaned_data["kind"], form.cleaned_data["title"], stamp)
    except UnstorableError as error:
        form.add_error("title", str(error))
        return _module_page(request, draft.module.slug, form)
    return redirect("admin:write:page", draft.module.slug, key)


@only_for("modules.change_edition")
@post_only
@of_draft
def move_page(request: AuthenticatedHttpRequest, draft: Edition) -> HttpResponse:
    """Move a page one place up or down: `up:key`, `down:key`."""
    way, _, key = request.POST.get("do", "").partition(":")
    move = arranging.Move(key, {"up": -1, "down": 1}.get(way, 0))
    stamp = Stamp(request.user, timezone.now())
    outcome = arranging.move_page(draft, move, request.POST.get("seen", ""), stamp) if move.by else None
    if outcome is None:
        messages.error(request, "This page is not there any more. Nothing was moved.")
        return redirect("admin:write:module", draft.module.slug)
    if isinstance(outcome, Conflict):
        messages.warning(request, OTHER_ORDER)
    address = reverse("admin:write:module", args=[draft.module.slug])
    return redirect(f"{address}?moved={way}:{key}#page-{key}")


@only_for("modules.change_edition")
@require_http_methods(["GET", "HEAD", "POST"])
@of_draft
def remove(request: AuthenticatedHttpRequest, draft: Edition, key: str) -> HttpResponse:
    """Take a page out of a draft, after one question."""
    if request.method != "POST":
        return _remove_page(request, draft, key)
    page, stamp = find_sheet(draft, key), Stamp(request.user, timezone.now())
    outcome = arranging.remove_page(draft, key, request.POST.get("seen", ""), stamp)
    if isinstance(outcome, Conflict):
        told = "The page was changed after you were asked, so nothing was removed. Read what goes now."
        messages.warning(request, told)
        return _remove_page(request, draft, key, 409)
    if outcome is None:
        messages.info(request, "This page is not there any more.")
    else:
        messages.success(request, f"“{title_of(page)}” is removed. Undo brings it back.")
    return redirect("admin:write:module", draft.module.slug)


def _remove_page(request: AuthenticatedHttpRequest, draft: Edition, key: str, status: int = 200) -> HttpResponse:
    """What goes with the page, and the question."""
    state = overview.read_drafts([draft])[0]
    page = next((page for page in state.pages if page.page.key == key), None)
    if page is None:
        raise Http404
    if not page.kind.name:
        raise UnknownKindError(page.page)
    context = {
        "title": f"Remove “{page.page.title}”",
        "draft": state,
        "removed": page,
        "module": draft.module,
        "seen": page.document.digest(),
    }
    return render(request, "authoring/remove.html", context, status=status)


@only_for("modules.change_edition")
@require_http_methods(["GET", "HEAD", "POST"])
@of_draft_or(_edition_closed)
def edition(request: AuthenticatedHttpRequest, draft: Edition) -> HttpResponse:
    """Title, summary, outcomes, curriculum and drawing of a draft."""
    stored = read_edition_document(draft)
    if request.method != "POST":
        return edition_page(request, draft, EditionForm(EditionForm.data_of(stored)), stored.digest(""))
    form, seen = EditionForm(request.POST), request.POST.get("seen", "")
    if not form.is_valid():
        return edition_page(request, draft, form, seen)
    edit = Edit("", form.document(), seen, ("",))
    try:
        outcome = save_document(draft, edit, Stamp(request.user, timezone.now()))
    except UnstorableError as error:
        form.add_error(None, str(error))
        return edition_page(request, draft, form, seen)
    if isinstance(outcome, Conflict):
        return conflict.show(request, find_sheet(draft, ""), edit, outcome)
    messages.success(request, "Saved." if outcome.changes else "Nothing had changed, so nothing was saved.")
    return redirect("admin:write:edition", draft.module.slug)


def edition_page(request: AuthenticatedHttpRequest, draft: Edition, form: EditionForm, seen: str) -> HttpResponse:
    """The form, as it is to be shown."""
    context = {
        "title": "Title, summary and outcomes",
        "module": draft.module,
        "draft": draft,
        "form": form,
        "seen": seen,
        "line": saved_line(find_sheet(draft, ""), request.user, timezone.now(), "page"),
        "drawings": shelf.drawings(),
    }
    status = 422 if form.errors and request.method == "POST" else 200
    return render(request, "authoring/edition.html", context, status=status)
