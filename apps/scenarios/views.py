"""The case player."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from apps.accounts.requests import AuthenticatedHttpRequest
from apps.core import kept_answer
from apps.core.decorators import keeps_answer, post_only
from apps.modules.models import Edition
from apps.progress.models import Enrolment
from apps.progress.places import Place, find_place
from apps.scenarios import actions, queries, tasting, ticks
from apps.scenarios.forms import NOT_A_CHOICE, TOO_LONG, ChooseForm, GoBackForm
from apps.scenarios.models import Decision, Playthrough
from apps.scenarios.queries import Script, Walk


@require_safe
@login_not_required
def scenario(request: HttpRequest, slug: str, number: int, key: str) -> HttpResponse:
    """Where you are in a case: the scene that waits for your decision, or the ending you reached."""
    place, script = _find(request, slug, number, key)
    if not request.user.is_authenticated and not script.scenario.is_taster:
        return kept_answer.sign_in_for(request.path)
    playthrough = queries.current_playthrough(place.enrolment, script.scenario)
    walk = _walk(request, script, playthrough)
    if walk.is_ended:
        return _debrief_page(request, place, walk, playthrough)
    kept = kept_answer.kept_fields(request, place.url("choose"))
    choice = (kept or request.GET).get("choice") or ticks.ticked(request, walk, timezone.now())
    form = ChooseForm(initial={"choice": choice})
    return _scene_page(request, place, walk, playthrough, form, is_kept=kept is not None)


@keeps_answer("choice")
@post_only
@login_not_required
def choose(request: HttpRequest, slug: str, number: int, key: str) -> HttpResponse:
    """Take a decision."""
    place, script = _find(request, slug, number, key)
    form = ChooseForm(request.POST)
    if not request.user.is_authenticated and not script.scenario.is_taster:
        return kept_answer.sign_in_for(place.url())
    if "go" in form.data:
        return _leave(request, place, script, form)
    if form.is_valid():
        try:
            is_new = _take(request, place, script, form.cleaned_data["decision"], form.cleaned_data["choice"])
        except actions.NotAChoiceError:
            form.add_error("choice", NOT_A_CHOICE)
        except tasting.TooLongError:
            form.add_error("choice", TOO_LONG)
        else:
            kept_answer.forget(request)
            ticks.forget(request, script)
            if not is_new:
                messages.info(request, "You had taken that decision already. This is where you are now.")
            return redirect(f"{place.url()}#after")
    playthrough = queries.current_playthrough(place.enrolment, script.scenario)
    walk = _walk(request, script, playthrough)
    if walk.is_ended:
        return redirect(place.url())
    return _scene_page(request, place, walk, playthrough, form, status=422)


@post_only
def keep(request: AuthenticatedHttpRequest, slug: str, number: int, key: str) -> HttpResponse:
    """Keep the way you went before you had an account."""
    place, script = _find(request, slug, number, key)
    tasting.keep(request, place, script, timezone.now())
    return redirect(place.url())


@post_only
@login_not_required
def start_again(request: HttpRequest, slug: str, number: int, key: str) -> HttpResponse:
    """Let go of what was tried in this browser without an account: the case begins anew."""
    place, script = _find(request, slug, number, key)
    tasting.forget(request, script)
    ticks.forget(request, script)
    return redirect(place.url())


@require_safe
def debrief(request: AuthenticatedHttpRequest, slug: str, number: int, key: str, playthrough: int) -> HttpResponse:
    """The ending of one of your playthroughs, and every decision that led there."""
    place, script = _find(request, slug, number, key)
    ended = _ended_or_404(place, script, playthrough)
    return _debrief_page(request, place, queries.walk_of_playthrough(script, ended), ended)


@post_only
@login_not_required
def go_back(request: HttpRequest, slug: str, number: int, key: str) -> HttpResponse:
    """Go back to one of your decisions and try another way."""
    place, script = _find(request, slug, number, key)
    form = GoBackForm(request.POST)
    if not form.is_valid():
        raise Http404
    decision, playthrough = form.cleaned_data["decision"], form.cleaned_data["playthrough"]
    if not request.user.is_authenticated and not (script.scenario.is_taster and playthrough is None):
        return kept_answer.sign_in_for(place.url())
    if playthrough is None:
        if not tasting.go_back(request, script, decision):
            raise Http404
    else:
        ended = _ended_or_404(place, script, playthrough)
        try:
            actions.go_back(ended, script, decision, timezone.now())
        except Decision.DoesNotExist:
            raise Http404 from None
        tasting.forget(request, script)
    return redirect(f"{place.url()}#scene")


def _leave(request: HttpRequest, place: Place, script: Script, form: ChooseForm) -> HttpResponse:
    """Go away without deciding; a tick stays."""
    if form.is_valid():
        walk = _walk(request, script, queries.current_playthrough(place.enrolment, script.scenario))
        if ticks.remember(request, walk, form.cleaned_data["decision"], form.cleaned_data["choice"], timezone.now()):
            messages.info(request, "Nothing is decided yet. What you ticked is still ticked when you come back.")
    return redirect("home" if form.data["go"] == "home" else place.module_url)


def _find(request: HttpRequest, slug: str, number: int, key: str) -> tuple[Place, Script]:
    place = find_place(request.user, slug, number, key, "scenario")
    return place, queries.published_script(place.page.pk)


def _walk(request: HttpRequest, script: Script, playthrough: Playthrough | None) -> Walk:
    """Where somebody is: in their playthrough, else where they got to without an account."""
    if playthrough is None:
        return tasting.walk_of_visitor(request, script)
    return queries.walk_of_playthrough(script, playthrough)


def _take(request: HttpRequest, place: Place, script: Script, decision: int, choice: str) -> bool:
    """Take a decision, of a learner or of a visitor; False when it had been taken already."""
    if not request.user.is_authenticated:
        return tasting.take(request, script, decision, choice)
    now = timezone.now()
    with transaction.atomic():
        enrolment = place.start(request.user, now)
        if ways := tasting.ways_of_visitor(request, script):
            actions.keep(enrolment, script, ways, now)
        taken = actions.choose(enrolment, script, decision, choice, now)
    tasting.forget(request, script)
    return taken is not None


def _keeping(request: HttpRequest, place: Place, walk: Walk) -> dict[str, object]:
    """What pages say of a way that waits in the session: whether it can be kept, and what keeping it would begin."""
    if not walk.is_visiting:
        return {"is_let_go": bool(tasting.ways_of_visitor(request, walk.script))}
    ways = tasting.ways_of_visitor(request, walk.script)
    edition = place.outline.edition
    begun = None
    if request.user.is_authenticated and place.enrolment is None:
        mine = Enrolment.objects.for_learner(request.user).filter(edition__module=edition.module_id)
        begun = mine.order_by("-edition__number").values_list("edition__number", flat=True).first()
    return {
        "can_keep": bool(place.enrolment) or Edition.objects.current().filter(pk=edition.pk).exists(),
        "begun_edition": begun,
        "keep_url": place.url("keep"),
        "start_again_url": place.url("start_again") if ways else "",
    }


def _ended_or_404(place: Place, script: Script, playthrough: int) -> Playthrough:
    own = Playthrough.objects.filter(enrolment=place.enrolment, scenario=script.scenario)
    return get_object_or_404(own.ended(), number=playthrough)


def _scene_page(
    request: HttpRequest,
    place: Place,
    walk: Walk,
    playthrough: Playthrough | None,
    form: ChooseForm,
    *,
    is_kept: bool = False,
    status: int = 200,
) -> HttpResponse:
    chosen = None if walk.is_repeated else walk.last
    choices = walk.choices
    chosen_key = form.data.get("choice", "") if form.is_bound else (form.initial or {}).get("choice", "")
    context = {
        "place": place,
        "walk": walk,
        "script": walk.script,
        "here": walk.here,
        "choices": choices,
        "chosen": chosen,
        "chosen_sources": queries.sources_of_scenes([chosen.scene_id])[chosen.scene_id] if chosen else [],
        "is_another_way": bool(playthrough and playthrough.number > 1),
        "form": form,
        "errors": [
            {"href": f"#choice-{choices[0].key}" if choices else "", "text": text}
            for text in form.errors.get("choice", [])
        ],
        "chosen_key": chosen_key,
        "is_kept": is_kept and any(choice.key == chosen_key for choice in choices),
        "leave_url": place.module_url,
        "choose_url": place.url("choose"),
        **_keeping(request, place, walk),
    }
    return render(request, "scenarios/scenario.html", context, status=status)


def _debrief_page(request: HttpRequest, place: Place, walk: Walk, playthrough: Playthrough | None) -> HttpResponse:
    steps = queries.steps_of(walk)
    ratings = [step.choice.rating for step in steps]
    ended: list[tuple[Playthrough, str]] = []
    if playthrough is not None:
        own = Playthrough.objects.filter(enrolment=place.enrolment, scenario=walk.script.scenario)
        ended = [(way, way.scene.title) for way in own.ended().select_related("scene").order_by("number")]
    context = {
        "place": place,
        "walk": walk,
        "script": walk.script,
        "playthrough": playthrough,
        "ending": walk.here.scene,
        "parts": walk.here.parts,
        "steps": steps,
        "counts": [(word, ratings.count(word)) for word in ("best", "acceptable", "poor") if word in ratings],
        "chart": walk.chart(),
        "guidance_sources": queries.sources_of_guidance(walk.script.scenario),
        "ended": ended,
        "onward": place.onward(),
        "leave_url": place.module_url,
        "go_back_url": place.url("go_back"),
        **_keeping(request, place, walk),
    }
    return render(request, "scenarios/debrief.html", context)
