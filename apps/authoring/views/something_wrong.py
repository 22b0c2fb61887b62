"""“Something wrong on this page?”: a reader of any page of a module says what, with or without an account."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from apps.accounts import limits
from apps.authoring import queries, reporting
from apps.authoring.forms.reports import ReportForm
from apps.authoring.queries import NewReport
from apps.authoring.reporting import TooManyReportsError
from apps.core import errors, form_owner
from apps.modules import page_kinds
from apps.modules.models import Edition, Page
from apps.progress.places import find_contents

THANKS = "Thank you. The people who write this page will read it."
TOO_OFTEN = "You have sent several of these in a short time. What you wrote is still here: send it in {wait}."
TOO_MANY = "Many readers have written about this page, and we are working through that. Please send it in a few days."


@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
def something_wrong(request: HttpRequest, slug: str, edition: int, key: str = "") -> HttpResponse:
    """A short form; what is sent is thanked for on the page it is about."""
    contents = find_contents(slug, edition)
    page = contents.page(key) if key else None
    if key and page is None:
        raise Http404
    if request.method != "POST":
        form = ReportForm(user=request.user, initial={"at": request.GET.get("at", "")[:80]})
        return _page(request, contents.edition, page, form)
    if _has_lost_their_name(request):
        return errors.signed_out(request)
    form = ReportForm(request.POST, user=request.user)
    if not form.is_valid():
        return _page(request, contents.edition, page, form, 422)
    return _send(request, contents.edition, page, form)


def _send(request: HttpRequest, edition: Edition, page: Page | None, form: ReportForm) -> HttpResponse:
    """Store it, unless this person or network sends too much; what was sent a moment ago counts once."""
    user, now = request.user, timezone.now()
    by = user if user.is_authenticated and form.cleaned_data["is_named"] else None
    new = NewReport(edition, page, form.cleaned_data["text"], form.cleaned_data["at"] or "", by)
    usage = limits.consume(request, "report", limits.asker(request))
    if usage is None and not queries.is_said_already(new, now):
        return _too_often(request, edition, page, form)
    try:
        is_new = reporting.send_report(new, now) is not None
    except TooManyReportsError:
        is_new = False
        form.add_error(None, TOO_MANY)
    if usage and not is_new:
        usage.rollback()
    if form.errors:
        return _page(request, edition, page, form, 422)
    messages.success(request, THANKS)
    return redirect(_way_back(request, edition, page))


def _too_often(request: HttpRequest, edition: Edition, page: Page | None, form: ReportForm) -> HttpResponse:
    seconds = limits.seconds_until_free(request, "report", limits.asker(request))
    form.add_error(None, TOO_OFTEN.format(wait=limits.in_words(seconds)))
    response = _page(request, edition, page, form, 429)
    response["Retry-After"] = str(seconds)
    return response


def _has_lost_their_name(request: HttpRequest) -> bool:
    """Somebody wished their name to go with it and has been signed out since: it waits on the page."""
    owner = form_owner.sent_by(request)
    is_persons = owner not in {None, form_owner.VISITOR}
    return is_persons and not request.user.is_authenticated and "is_named" in request.POST


def _way_back(request: HttpRequest, edition: Edition, page: Page | None) -> str:
    """The page's own address; the module's where the page would ask a visitor to sign in."""
    if page is None:
        return edition.module.get_absolute_url()
    kind = page_kinds.get(page.kind)
    if request.user.is_authenticated or not kind.needs_account:
        return page.get_absolute_url()
    tasters = kind.tasters([edition.pk]) if Edition.objects.current().filter(pk=edition.pk).exists() else ()
    urls = (taster.url for taster in tasters if taster.page.pk == page.pk)
    return next(urls, edition.module.get_absolute_url())


def _page(
    request: HttpRequest, edition: Edition, page: Page | None, form: ReportForm, status: int = 200
) -> HttpResponse:
    user, key = request.user, page.key if page else ""
    context = {
        "edition": edition,
        "page": page,
        "back_url": _way_back(request, edition, page),
        "form": form,
        "sent": queries.reports_by(user, edition.module, key) if user.is_authenticated else [],
        "section": "modules",
    }
    return render(request, "authoring/something_wrong.html", context, status=status)
