"""The case player of visitors: a case that is open to all, without an account; and keeping it with one.

Who is signed in is here only as long as a visit waits to be kept. Their next decision keeps it too.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import wraps

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_safe

from apps.accounts.requests import AuthenticatedHttpRequest
from apps.core.decorators import keeps_answer, post_only
from apps.modules.queries import is_offered
from apps.progress.actions import ClosedError
from apps.scenarios import actions, pages, queries, tasting, ticks
from apps.scenarios.cases import Visit
from apps.scenarios.forms.deciding import GONE, NOT_A_CHOICE, TOO_LONG, ChooseForm, GoBackInVisitForm
from apps.scenarios.tasting import find_visit
from apps.scenarios.walks import NotAChoiceError

View = Callable[..., HttpResponse]


def leads_learners(view: View) -> View:
    """Where no visit is any more, whoever has the case in their account is led there: it may just have been kept."""

    @wraps(view)
    def inner(request: HttpRequest, slug: str, key: str) -> HttpResponse:
        try:
            return view(request, slug, key)
        except Http404:
            own = queries.own_url(request.user, slug, key) if request.user.is_authenticated else None
            if own is None:
                raise
            return pages.lead_over(request, own)

    return inner


@require_safe
@login_not_required
@leads_learners
def look(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """Where you are in the case: the scene that waits for your decision, or the ending you reached."""
    visit = find_visit(request, slug, key)
    if request.user.is_authenticated and not tasting.is_waiting(visit):
        return pages.lead_over(request, queries.learners_url(request.user, visit.place))
    return _page(request, visit, pages.form_of(request, visit))


@require_safe
@login_not_required
@leads_learners
def look_back(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """How it went the first time, while another way is tried or once it has ended."""
    visit = find_visit(request, slug, key)
    if request.user.is_authenticated and not tasting.is_waiting(visit):
        return pages.lead_over(request, queries.learners_url(request.user, visit.place))
    if not visit.is_another_way:
        return redirect(visit.url())
    return _page(request, replace(visit, is_looking_back=True), ChooseForm())


@keeps_answer()
@post_only
@login_not_required
@leads_learners
def choose(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """Take a decision."""
    visit = find_visit(request, slug, key)
    form = ChooseForm(request.POST)
    if "go" in form.data:
        return pages.leave(request, visit, form)
    if request.user.is_authenticated and not tasting.is_waiting(visit):
        return redirect(queries.learners_url(request.user, visit.place))
    if form.is_valid() and form.cleaned_data["decision"] > 1 and not visit.to_keep:
        return _begin_anew(request, visit)
    if form.is_valid():
        try:
            is_new = _take(request, visit, form)
        except NotAChoiceError:
            form.add_error("choice", NOT_A_CHOICE)
        except tasting.TooLongError:
            form.add_error("choice", TOO_LONG)
        else:
            url = visit.place.url() if request.user.is_authenticated else visit.url()
            return pages.go_on(request, visit.script, url, form.cleaned_data["decision"], is_new=is_new)
    return redirect(visit.url()) if visit.walk.is_ended else _page(request, visit, form, status=422)


@post_only
@login_not_required
def go_back(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """Go back to one of your decisions and try another way."""
    visit = find_visit(request, slug, key)
    form = GoBackInVisitForm(request.POST)
    if not visit.to_keep:
        return _begin_anew(request, visit)
    if not form.is_valid() or not tasting.go_back(request, visit, **form.cleaned_data):
        raise Http404
    return redirect(f"{visit.url()}#scene")


@post_only
@leads_learners
def keep(request: AuthenticatedHttpRequest, slug: str, key: str) -> HttpResponse:
    """Keep what you did before you had an account; where nothing is waiting for that, go to your own page."""
    visit = find_visit(request, slug, key)
    if not tasting.is_waiting(visit):
        return redirect(queries.learners_url(request.user, visit.place))
    tasting.keep(request, visit, timezone.now())
    return redirect(visit.place.url())


@post_only
@login_not_required
def start_again(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """Let go of what was done in this browser without an account: the case begins anew."""
    visit = find_visit(request, slug, key)
    tasting.forget(request, visit.script)
    ticks.forget(request, visit.script)
    try:
        return redirect(find_visit(request, slug, key).url())
    except (Http404, ClosedError):  # the edition in force is not open to all any more, or there is none
        return redirect(visit.place.module_url)


@post_only
@login_not_required
def moved(request: HttpRequest, slug: str, edition: int, key: str) -> HttpResponse:
    """Where a visit was kept or begun anew before visitors had addresses of their own. To go after release 0.5."""
    return redirect("scenarios:scenario", slug, edition, key)


def _begin_anew(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The visit that a page was showing is over."""
    messages.info(request, GONE)
    return redirect(visit.url())


def _take(request: HttpRequest, visit: Visit, form: ChooseForm) -> bool:
    """Take the decision, in the account of who is signed in; False when it had been taken already."""
    decision, key, now = form.cleaned_data["decision"], form.cleaned_data["choice"], timezone.now()
    if not request.user.is_authenticated:
        return tasting.take(request, visit, decision, key)
    with transaction.atomic():
        enrolment = visit.place.start(request.user, now)
        actions.keep(enrolment, visit.script, visit.to_keep, now)
        is_new = actions.choose(enrolment, visit.script, decision, key, now)
    tasting.forget(request, visit.script)
    return is_new


def _page(request: HttpRequest, visit: Visit, form: ChooseForm, status: int = 200) -> HttpResponse:
    begun = queries.other_edition(request.user, visit.place) if request.user.is_authenticated else None
    can_keep = queries.can_be_kept(visit)
    is_closed = not can_keep and not is_offered(visit.place.contents.edition.module_id)
    more: dict[str, object] = {"can_keep": can_keep, "is_closed": is_closed, "begun_edition": begun}
    more |= {"ways": visit.ways, "waits_at": visit.waits_at}
    return pages.show(request, visit, form, more, status)
