"""Publishing: what stops it, what is to be confirmed, what is new, who is learning, and the note for them."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from apps.accounts.decorators import asks_for_proof, only_for
from apps.accounts.requests import AuthenticatedHttpRequest
from apps.authoring import overview, publishing
from apps.authoring.forms.publish import PublishForm
from apps.authoring.overview import Draft
from apps.authoring.views import gone
from apps.authoring.views.module import of_draft_or, tell_closed, words_closed
from apps.core.words import counted, normalised
from apps.modules.actions import NotPublishableError
from apps.modules.models import Edition
from apps.modules.problems import Problem
from apps.progress.queries import learners_of


@dataclass(frozen=True)
class ToConfirm:
    """A warning as the form has it."""

    mark: str
    problem: Problem
    title: str
    is_confirmed: bool
    is_missing: bool
    is_new: bool


def _note_closed(request: AuthenticatedHttpRequest, slug: str) -> HttpResponse:
    """The note for a draft that is gone; but who pressed twice has published with it."""
    last = Edition.objects.current().filter(module__slug=slug).first()
    if last is not None and last.change_note == normalised(request.POST.get("change_note", "")):
        return tell_closed(request, slug)
    return words_closed(request, slug, gone.Field("change_note", "What is new, for learners", "publish", value="keep"))


@only_for("modules.publish_edition")
@asks_for_proof
@require_http_methods(["GET", "HEAD", "POST"])
@of_draft_or(_note_closed)
def publish(request: AuthenticatedHttpRequest, draft: Edition) -> HttpResponse:
    """Publish a draft, once everything has been read and confirmed."""
    (state,) = overview.read_drafts([draft])
    form = PublishForm(
        request.POST if request.method == "POST" else None,
        initial={"change_note": draft.change_note},
        is_first=state.base is None,
    )
    if not form.is_bound:
        return _page(request, state, form)
    return _keep(request, state, form) if form.is_kept else _publish(request, state, form)


def _keep(request: AuthenticatedHttpRequest, draft: Draft, form: PublishForm) -> HttpResponse:
    """Keep the note alone, and look again at what stops the draft."""
    if not form.is_valid():
        return _page(request, draft, form, 422)
    try:
        publishing.keep_note(draft.edition, form.note, request.POST.get("note_seen", ""))
    except publishing.OtherNoteError as error:
        form.note_seen = publishing.digest_of_note(error.note)
        form.add_error("change_note" if "change_note" in form.fields else None, str(error))
        return _page(request, draft, form, 409)
    messages.success(request, "Your note is kept with the draft.")
    return redirect("admin:write:publish", draft.module.slug)


def _publish(request: AuthenticatedHttpRequest, state: Draft, form: PublishForm) -> HttpResponse:
    seen = request.POST.get("seen", "")
    try:
        if seen != publishing.digest_of(state):
            raise publishing.ChangedMeanwhileError(state, publishing.PUBLISH)
        form.ask_for(map(publishing.mark_of, publishing.warnings_of(state)))
        if not form.is_valid():
            return _page(request, state, form, 422)
        published = publishing.publish_as_read(state.edition, seen, request.user, timezone.now(), form.note)
    except publishing.ChangedMeanwhileError as error:
        form.add_error(None, str(error))
        return _page(request, error.draft, form, 409)
    except NotPublishableError:
        return _page(request, state, form, 422)
    messages.success(request, _told(published, state))
    return redirect("admin:write:module", published.module.slug)


def _told(published: Edition, draft: Draft) -> str:
    said = f"Edition {published.number} is published."
    before = learners_of([draft.base.pk])[draft.base.pk].under_way if draft.base else 0
    return f"{said} {counted(before, 'learner is', 'learners are')} offered it with your note." if before else said


def _page(request: AuthenticatedHttpRequest, draft: Draft, form: PublishForm, status: int = 200) -> HttpResponse:
    confirmed, in_force = form.confirmed, overview.in_force(draft.module)
    marks = {publishing.mark_of(problem): problem for problem in publishing.warnings_of(draft)}
    to_confirm = [
        ToConfirm(
            mark,
            problem,
            draft.title_of(problem.page),
            is_confirmed=mark in confirmed,
            is_missing=status == 422 and not form.is_kept and mark not in confirmed,
            is_new=form.is_new(mark),
        )
        for mark, problem in marks.items()
    ]
    context = {
        "title": f"Publish edition {draft.next_number}",
        "module": draft.module,
        "draft": draft,
        "form": form,
        "seen": publishing.digest_of(draft),
        "saved": overview.last_saved(draft.edition),
        "obstacles": publishing.obstacles_to(draft, in_force),
        "warnings": to_confirm,
        "shown": " ".join(marks),
        "in_force": in_force,
        "now": timezone.localtime(),
    }
    if form.is_kept:  # what else is new has not been told: it is when this is published
        context |= {name: request.POST.get(name, "") for name in ("seen", "shown")}
    return render(request, "authoring/publish.html", context, status=status)
