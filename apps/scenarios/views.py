"""The case player of learners; `visiting.py` has that of visitors."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_safe

from apps.accounts.requests import AuthenticatedHttpRequest
from apps.core import kept_answer
from apps.core.decorators import keeps_answer, post_only
from apps.progress.places import Place, find_place, locate
from apps.scenarios import actions, pages, queries, tasting
from apps.scenarios.cases import Case
from apps.scenarios.forms.deciding import NOT_A_CHOICE, ChooseForm, GoBackInPlaythroughForm
from apps.scenarios.models import Decision
from apps.scenarios.walks import NotAChoiceError, Script


@require_safe
@login_not_required
def scenario(request: HttpRequest, slug: str, edition: int, key: str) -> HttpResponse:
    """Where you are in a case: the scene that waits for your decision, or the ending you reached."""
    place = locate(request.user, slug, edition, key, "scenario")
    if not request.user.is_authenticated:
        return _without_account(request, slug, key)
    case = queries.find_case(place)
    if tasting.waits_for_learner(request, case):
        return pages.lead_over(request, tasting.find_visit(request, slug, key).url())
    place.refuse_closed()
    return _page(request, case, pages.form_of(request, case))


@keeps_answer("choice")
@post_only
def choose(request: AuthenticatedHttpRequest, slug: str, edition: int, key: str) -> HttpResponse:
    """Take a decision."""
    place = _find(request, slug, edition, key)
    script = queries.published_script(place.page.pk)
    form = ChooseForm(request.POST)
    if "go" in form.data:
        return pages.leave(request, queries.find_case(place), form)
    if form.is_valid():
        try:
            is_new = _take(request, place, script, form)
        except NotAChoiceError:
            form.add_error("choice", NOT_A_CHOICE)
        else:
            return pages.go_on(request, script, place.url(), form.cleaned_data["decision"], is_new=is_new)
    case = queries.find_case(place)
    return redirect(case.url()) if case.walk.is_ended else _page(request, case, form, status=422)


@require_safe
def debrief(request: AuthenticatedHttpRequest, slug: str, edition: int, key: str, playthrough: int) -> HttpResponse:
    """The ending of one of your playthroughs, and every decision that led there."""
    place = _find(request, slug, edition, key)
    ended = get_object_or_404(queries.ended_playthroughs(place), number=playthrough)
    return _page(request, queries.ended_case(place, ended), ChooseForm())


@post_only
def go_back(request: AuthenticatedHttpRequest, slug: str, edition: int, key: str) -> HttpResponse:
    """Go back to one of your decisions and try another way."""
    place = _find(request, slug, edition, key)
    script = queries.published_script(place.page.pk)
    form = GoBackInPlaythroughForm(request.POST)
    if not form.is_valid():
        raise Http404
    ended = get_object_or_404(queries.ended_playthroughs(place), number=form.cleaned_data["playthrough"])
    try:
        actions.go_back(ended, script, form.cleaned_data["decision"], timezone.now())
    except Decision.DoesNotExist:
        raise Http404 from None
    tasting.forget(request, script)
    return redirect(f"{place.url()}#scene")


def _find(request: HttpRequest, slug: str, edition: int, key: str) -> Place:
    return find_place(request.user, slug, edition, key, "scenario")


def _without_account(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """To the visitors' address of the case, if it has one; else to sign-in."""
    try:
        visit = tasting.find_visit(request, slug, key)
    except Http404:
        return kept_answer.sign_in_for(request.path)
    return pages.lead_over(request, visit.url())


def _take(request: AuthenticatedHttpRequest, place: Place, script: Script, form: ChooseForm) -> bool:
    """Take the decision; False when it had been taken already."""
    decision, key, now = form.cleaned_data["decision"], form.cleaned_data["choice"], timezone.now()
    with place.beginning():
        enrolment = place.enrolment or place.start(request.user, now)
        is_new = actions.choose(enrolment, script, decision, key, now)
    kept_answer.forget(request)
    if decision > 1:  # the page of the first decision did not say yet that a visit was not added
        tasting.forget(request, script)
    return is_new


def _page(request: HttpRequest, case: Case, form: ChooseForm, status: int = 200) -> HttpResponse:
    more: dict[str, object] = {"is_let_go": case.playthrough is not None and tasting.has_visit(request, case.script)}
    if case.walk.is_ended:
        more |= {"ways": queries.ways_of(case), "waits_at": queries.waits_at(case), "onward": case.place.onward()}
    return pages.show(request, case, form, more, status)
