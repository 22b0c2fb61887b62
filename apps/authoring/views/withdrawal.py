"""Where publishers close an edition or a module to new learners, and open it again."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from apps.accounts.decorators import asks_for_proof, only_for
from apps.accounts.requests import AuthenticatedHttpRequest
from apps.authoring.forms.withdrawal import EditionNumberForm, WithdrawForm
from apps.core.decorators import post_only
from apps.modules import actions
from apps.modules.models import Edition
from apps.modules.queries import closure_of, editions_of, is_offered, withdrawal_of
from apps.progress.queries import learners_of


@only_for("modules.publish_edition")
@asks_for_proof
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: AuthenticatedHttpRequest, slug: str) -> HttpResponse:
    """Withdraw an edition, with a reason that its learners read."""
    edition, now = _find_edition(slug, request.POST or request.GET), timezone.now()
    form = WithdrawForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return _withdraw_page(request, edition, form, 422 if form.is_bound else 200)
    withdrawal = actions.withdraw(edition, request.user, now, form.cleaned_data["reason"])
    if withdrawal.withdrawn_at == now:
        messages.success(request, f"{edition.label.capitalize()} is withdrawn. Its learners read why.")
    elif withdrawal.reason != form.cleaned_data["reason"]:
        return _withdraw_page(request, edition, form, 409)
    else:
        messages.info(request, f"{edition.label.capitalize()} had been withdrawn already. What was said then stands.")
    return redirect("admin:write:module", slug)


def _withdraw_page(
    request: AuthenticatedHttpRequest, edition: Edition, form: WithdrawForm, status: int
) -> HttpResponse:
    editions = editions_of(edition.module)
    withdrawal = withdrawal_of(edition)
    context = {
        "title": "Take a withdrawal back" if withdrawal else "Withdraw an edition",
        "module": edition.module,
        "edition": edition,
        "newest": editions[0],
        "others": [other for other in editions if other.pk != edition.pk],
        "learners": learners_of([edition.pk])[edition.pk],
        "withdrawal": withdrawal,
        "is_archived": closure_of(edition.module).archiving is not None,
        "form": form,
    }
    return render(request, "authoring/withdraw.html", context, status=status)


@only_for("modules.publish_edition")
@asks_for_proof
@post_only
def end_withdrawal(request: AuthenticatedHttpRequest, slug: str) -> HttpResponse:
    """Take a withdrawal back."""
    edition = _find_edition(slug, request.POST)
    if actions.end_withdrawal(edition, request.user, timezone.now()):
        messages.success(request, f"The withdrawal of {edition.label} is taken back. {_state(edition)}")
    else:
        messages.info(request, f"{edition.label.capitalize()} is not withdrawn.")
    return redirect("admin:write:module", slug)


@only_for("modules.publish_edition")
@asks_for_proof
@require_http_methods(["GET", "HEAD", "POST"])
def archive(request: AuthenticatedHttpRequest, slug: str) -> HttpResponse:
    """Archive a module, after one question."""
    edition, now = _find_edition(slug, {}), timezone.now()
    if request.method != "POST":
        closure = closure_of(edition.module)
        context = {
            "title": "Offer the module again" if closure.archiving else "Archive the module",
            "module": edition.module,
            "edition": edition,
            "under_way": _under_way(edition),
            "closure": closure,
        }
        return render(request, "authoring/archive.html", context)
    archiving = actions.archive(edition.module, request.user, now)
    if archiving.archived_at == now:
        messages.success(request, "The module is archived. New learners cannot start it; those under way keep it.")
    else:
        messages.info(request, "The module had been archived already.")
    return redirect("admin:write:module", slug)


@only_for("modules.publish_edition")
@asks_for_proof
@post_only
def end_archiving(request: AuthenticatedHttpRequest, slug: str) -> HttpResponse:
    """Offer an archived module again."""
    edition = _find_edition(slug, {})
    if actions.end_archiving(edition.module, request.user, timezone.now()):
        messages.success(request, f"The module is no longer archived. {_state(edition)}")
    else:
        messages.info(request, "The module is not archived.")
    return redirect("admin:write:module", slug)


def _find_edition(slug: str, named: Mapping[str, Any]) -> Edition:
    """The published edition of a module that is named, or its newest one; or 404."""
    form = EditionNumberForm(named)
    if not form.is_valid():
        raise Http404
    published = Edition.objects.published().filter(module__slug=slug).select_related("module")
    if number := form.cleaned_data["edition"]:
        return get_object_or_404(published, number=number)
    newest = published.order_by("-number").first()
    if newest is None:
        raise Http404
    return newest


def _under_way(edition: Edition) -> int:
    """How many learners are under way in any edition of the module."""
    ids = [other.pk for other in editions_of(edition.module)]
    return sum(learners.under_way for learners in learners_of(ids).values())


def _state(edition: Edition) -> str:
    """What that means for new learners, in a sentence."""
    if is_offered(edition.module_id):
        return "New learners can start the module."
    closure = closure_of(edition.module)
    what = "it is archived" if closure.archiving else "its newest edition is withdrawn"
    return f"New learners still cannot start the module: {what}."
