"""The desk: where authors, publishers and those who read records begin."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from apps.accounts.decorators import only_for
from apps.accounts.models import User
from apps.accounts.requests import AuthenticatedHttpRequest
from apps.authoring import arranging, overview
from apps.authoring.forms.modules import NewModuleForm
from apps.authoring.queries import open_reports

MAY_READ = ("modules.change_edition", "modules.read_draft", "modules.publish_edition")


def desk(request: AuthenticatedHttpRequest, records: list[Any]) -> TemplateResponse:
    """What to do next, drafts and their problems, what is in force; and the records that somebody may see."""
    context: dict[str, Any] = {"title": "", "greeting": _greeting(), "now": timezone.localtime(), "records": records}
    if any(map(request.user.has_perm, MAY_READ)):
        found = overview.on_desk(request.user)
        context |= {
            "drafts": found.drafts,
            "last": found.last,
            "recent": overview.recently_published(),
            "has_problems": any(draft.problems.all for draft, _ in found.drafts),
            "is_ready": [draft for draft, _ in found.drafts if not draft.problems.errors],
            "publishers": publishers_for(request.user),
            "reports": open_reports(),
            "page_view": page_view(request.user),
        }
    return TemplateResponse(request, "authoring/desk.html", context)


def page_view(reader: User) -> str:
    """The name of the address at which somebody sees a page of a draft: who writes opens it, others see a preview."""
    return "admin:write:page" if reader.has_perm("modules.change_edition") else "admin:write:preview"


def publishers_for(reader: User) -> list[str]:
    """Whom somebody asks who writes and may not publish."""
    return [] if reader.has_perm("modules.publish_edition") else overview.publishers()


def _greeting() -> str:
    hour = timezone.localtime().hour
    return "Good morning" if 5 <= hour < 12 else "Good afternoon" if 12 <= hour < 18 else "Good evening"


@only_for(*MAY_READ)
@require_safe
def modules(request: HttpRequest) -> HttpResponse:
    """Every module."""
    return render(request, "authoring/modules.html", {"title": "Modules", "modules": overview.all_modules()})


@only_for("modules.change_edition")
@require_http_methods(["GET", "HEAD", "POST"])
def new_module(request: HttpRequest) -> HttpResponse:
    """Begin a module: its title is all that is asked."""
    form = NewModuleForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        context = {"title": "Start a new module", "form": form}
        return render(request, "authoring/new_module.html", context, status=422 if form.is_bound else 200)
    draft = arranging.start_module(form.cleaned_data["title"])
    messages.success(request, "Your module has a draft. Learners see nothing of it until it is published.")
    return redirect("admin:write:module", draft.module.slug)
