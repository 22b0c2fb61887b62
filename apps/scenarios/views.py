"""The case player."""

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from apps.accounts.requests import AuthenticatedHttpRequest
from apps.core import kept_answer
from apps.core.decorators import keeps_answer, post_only
from apps.progress.actions import NotOpenError, enrol
from apps.progress.places import NEWER_EDITION, Place, find_place
from apps.scenarios import actions, queries
from apps.scenarios.forms import NOT_A_CHOICE, ChooseForm, GoBackForm
from apps.scenarios.models import Decision, Playthrough
from apps.scenarios.queries import Script


@require_safe
def scenario(request: AuthenticatedHttpRequest, slug: str, number: int, key: str) -> HttpResponse:
    """Where you are in a case: the scene that waits for your decision, or the ending you reached."""
    place = find_place(request.user, slug, number, key, "scenario")
    script = queries.published_script(place.page)
    playthrough = queries.current_playthrough(place.enrolment, script.scenario)
    if playthrough is not None and playthrough.ended_at:
        return _debrief_page(request, place, script, playthrough)
    kept = kept_answer.kept_fields(request, _action_url("choose", place))
    form = ChooseForm(initial={"choice": kept.get("choice", "")} if kept else None)
    return _scene_page(request, place, script, playthrough, form, is_kept=kept is not None)


@keeps_answer
@post_only
def choose(request: AuthenticatedHttpRequest, slug: str, number: int, key: str) -> HttpResponse:
    """Take a decision."""
    place = find_place(request.user, slug, number, key, "scenario")
    script = queries.published_script(place.page)
    form = ChooseForm(request.POST)
    if form.is_valid():
        try:
            with transaction.atomic():
                now = timezone.now()
                enrolment = place.enrolment or enrol(request.user, place.outline.edition, now)
                decision = actions.choose(
                    enrolment, script, form.cleaned_data["decision"], form.cleaned_data["choice"], now
                )
        except NotOpenError:
            messages.info(request, NEWER_EDITION)
            return redirect("progress:module", slug)
        except actions.NotAChoiceError:
            form.add_error("choice", NOT_A_CHOICE)
        else:
            kept_answer.forget(request)
            if decision is None:
                messages.info(request, "You had taken that decision already. This is where you are now.")
            return redirect(f"{_page_url(place)}#after")
    playthrough = queries.current_playthrough(place.enrolment, script.scenario)
    if playthrough is not None and playthrough.ended_at:
        return redirect(_page_url(place))
    return _scene_page(request, place, script, playthrough, form, status=422)


@require_safe
def debrief(request: AuthenticatedHttpRequest, slug: str, number: int, key: str, playthrough: int) -> HttpResponse:
    """The ending of one of your playthroughs, and every decision that led there."""
    place = find_place(request.user, slug, number, key, "scenario")
    script = queries.published_script(place.page)
    return _debrief_page(request, place, script, _ended_or_404(place, script, playthrough))


@post_only
def go_back(request: AuthenticatedHttpRequest, slug: str, number: int, key: str) -> HttpResponse:
    """Go back to one of your decisions and try another way."""
    place = find_place(request.user, slug, number, key, "scenario")
    script = queries.published_script(place.page)
    form = GoBackForm(request.POST)
    if not form.is_valid():
        raise Http404
    try:
        actions.go_back(
            _ended_or_404(place, script, form.cleaned_data["playthrough"]),
            script,
            form.cleaned_data["decision"],
            timezone.now(),
        )
    except Decision.DoesNotExist:
        raise Http404 from None
    return redirect(f"{_page_url(place)}#scene")


def _page_url(place: Place) -> str:
    return place.page.get_absolute_url()


def _action_url(action: str, place: Place) -> str:
    edition = place.outline.edition
    return reverse(f"scenarios:{action}", args=[edition.module.slug, edition.number, place.page.key])


def _ended_or_404(place: Place, script: Script, playthrough: int) -> Playthrough:
    own = Playthrough.objects.filter(enrolment=place.enrolment, scenario=script.scenario)
    return get_object_or_404(own.ended(), number=playthrough)


def _scene_page(
    request: HttpRequest,
    place: Place,
    script: Script,
    playthrough: Playthrough | None,
    form: ChooseForm,
    *,
    is_kept: bool = False,
    status: int = 200,
) -> HttpResponse:
    last = playthrough.decisions.order_by("number").last() if playthrough else None
    here = script.scenes[playthrough.scene_id] if playthrough else script.start
    chosen = script.choice(last.choice_id) if last and not last.is_repeated else None
    chosen_key = form.data.get("choice", "") if form.is_bound else (form.initial or {}).get("choice", "")
    context = {
        "place": place,
        "script": script,
        "here": here,
        "decision_number": last.number + 1 if last else 1,
        "last": last,
        "chosen": chosen,
        "chosen_sources": queries.sources_of_scenes([chosen.scene_id])[chosen.scene_id] if chosen else [],
        "is_another_way": bool(playthrough and playthrough.number > 1),
        "form": form,
        "errors": [{"href": f"#{here.choices[0].key}", "text": text} for text in form.errors.get("choice", [])],
        "chosen_key": chosen_key,
        "is_kept": is_kept and any(choice.key == chosen_key for choice in here.choices),
        "leave_url": place.module_url,
        "choose_url": _action_url("choose", place),
    }
    return render(request, "scenarios/scenario.html", context, status=status)


def _debrief_page(request: HttpRequest, place: Place, script: Script, playthrough: Playthrough) -> HttpResponse:
    steps = queries.steps_of(script, playthrough)
    ratings = [step.choice.rating for step in steps]
    ended = Playthrough.objects.filter(enrolment=place.enrolment, scenario=script.scenario).ended()
    context = {
        "place": place,
        "script": script,
        "playthrough": playthrough,
        "ending": script.scenes[playthrough.scene_id].scene,
        "parts": script.scenes[playthrough.scene_id].parts,
        "steps": steps,
        "counts": [(word, ratings.count(word)) for word in ("best", "acceptable", "poor") if word in ratings],
        "ended": [(p, script.scenes[p.scene_id].scene) for p in ended.order_by("number")],
        "onward": place.onward(),
        "leave_url": place.module_url,
        "go_back_url": _action_url("go_back", place),
    }
    return render(request, "scenarios/debrief.html", context)
