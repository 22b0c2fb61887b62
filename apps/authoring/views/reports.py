"""What readers say is wrong, for authors: the list, and one of them with its answer."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from apps.accounts.decorators import only_for
from apps.accounts.requests import AuthenticatedHttpRequest
from apps.authoring import queries, reporting
from apps.authoring.forms.reports import AnswerForm
from apps.authoring.models import Report
from apps.authoring.views.desk import MAY_READ

ANSWERS = "modules.change_edition"
A_PAGE = 50
STANDS = "{who} has closed this in the meantime. Your answer is not stored; it is still here, below theirs."


@only_for(*MAY_READ)
@require_safe
def reports(request: HttpRequest) -> HttpResponse:
    """All reports, open ones first; of one module, if the query names it."""
    modules = queries.modules_with_reports()
    slug = request.GET.get("module", "")
    slug = slug if slug in modules else ""
    shown = Paginator(queries.reports_of(slug), A_PAGE).get_page(request.GET.get("page"))
    context = {
        "title": "Reports from readers",
        "modules": modules,
        "module": slug,
        "shown": shown,
        "reports": queries.with_spots(shown.object_list),
    }
    return render(request, "authoring/reports.html", context)


@only_for(*MAY_READ)
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """What somebody said, where that stands, and the answer; authors answer."""
    found = get_object_or_404(Report.objects.whole(), pk=pk)
    if request.method != "POST":
        return _page(request, found, AnswerForm(report=found))
    if not request.user.has_perm(ANSWERS):
        raise Http404
    if request.POST.get("do") == "close":
        return _close(request, found)
    form = AnswerForm(request.POST, report=found)
    if not form.is_valid():
        return _page(request, found, form, 422)
    if not reporting.answer_report(found, request.user, timezone.now(), form.cleaned_data["answer"]):
        found = get_object_or_404(Report.objects.whole(), pk=pk)
        form.add_error(None, STANDS.format(who=found.closed_by))
        return _page(request, found, form, 409)
    messages.success(request, "Answered and closed.")
    return redirect("admin:write:reports")


def _close(request: AuthenticatedHttpRequest, found: Report) -> HttpResponse:
    is_done = reporting.answer_report(found, request.user, timezone.now())
    messages.success(request, "Closed." if is_done else "Somebody had answered and closed it already.")
    return redirect("admin:write:reports")


def _page(request: HttpRequest, report: Report, form: AnswerForm, status: int = 200) -> HttpResponse:
    (reported,) = queries.with_spots([report])
    context = {
        "title": f"Report: {report.where}",
        "report": report,
        "spot": reported.spot,
        "draft": queries.draft_of(report),
        "form": form,
        "may_answer": request.user.has_perm(ANSWERS),
    }
    return render(request, "authoring/report.html", context, status=status)
