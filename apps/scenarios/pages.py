"""The pages of a case, a learner's as a visitor's: one function shows where it has come to, another leaves it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from apps.core import kept_answer
from apps.core.openings import opening
from apps.scenarios import queries, room, ticks
from apps.scenarios.cases import Case, Rehearsal, Visit
from apps.scenarios.forms.deciding import ChooseForm
from apps.scenarios.models import Rating
from apps.scenarios.walks import Script, Walk

AFTER = "after"  # in the query of a case's address: the decision that was just taken

LONG = 6  # decisions: on a phone such a way is told in shorter rows, and its chart stands closed


def form_of(request: HttpRequest, case: Case | Visit) -> ChooseForm:
    """The form of the decision that waits, with what was chosen and not decided: kept, asked for, or ticked."""
    kept = kept_answer.kept_fields(request, case.url("choose"))
    choice = (kept or request.GET).get("choice") or ticks.ticked(request, case.walk, timezone.now())
    form = ChooseForm(initial={"choice": choice})
    form.is_kept = kept is not None
    return form


def show(
    request: HttpRequest, case: Case | Visit, form: ChooseForm, more: dict[str, object], status: int = 200
) -> HttpResponse:
    """Where the case has come to: the scene that waits for a decision, or the ending."""
    walk = case.walk
    is_just_taken = request.GET.get(AFTER) == str(len(walk.choices)) and not walk.is_repeated
    name, context = look_of(case, form, is_just_taken=is_just_taken and walk.last is not None)
    return render(
        request, f"{case.templates}/{name}.html", context | more, status=200 if case.walk.is_ended else status
    )


def look_of(case: Case | Visit | Rehearsal, form: ChooseForm, *, is_just_taken: bool) -> tuple[str, dict[str, object]]:
    """The name of the page that shows where the case has come to, and what that takes.

    Right after a choice what it did stands first; for who comes back to the scene, below the choices.
    """
    context: dict[str, object] = {
        "case": case,
        "place": case.place,
        "script": case.script,
        "walk": case.walk,
        "here": case.walk.here,
        "leave_url": case.place.module_url,
    }
    if case.walk.is_ended:
        return "debrief", context | _of_ending(case) | {"chosen": case.walk.last}
    is_first_sight = case.walk.decision == 1 and not case.is_another_way
    context |= {"is_just_taken": is_just_taken, "is_first_sight": is_first_sight, "is_short": not is_just_taken}
    return "scenario", context | _of_scene(case.walk, form) | _simulated(
        case.walk, is_whole=is_just_taken or is_first_sight
    )


def _of_scene(walk: Walk, form: ChooseForm) -> dict[str, object]:
    keys = [choice.key for choice in walk.offered]
    ticked = form["choice"].value() if form["choice"].value() in keys else ""
    first = f"#choice-{keys[0]}" if keys else ""
    return {
        "form": form,
        "errors": [{"href": first, "text": text} for text in form.errors.get("choice", [])],
        "ticked": ticked,
        "is_kept": form.is_kept and bool(ticked),
        **of_last(walk),
    }


def _simulated(walk: Walk, *, is_whole: bool) -> dict[str, object]:
    """What is simulated in the scene: all of it for who sees it for the first time, else what there is room for."""
    here = walk.here
    fitting = len(here.parts) if is_whole else room.parts_that_fit(here.scene, here.parts)
    more = here.parts[fitting:]
    return {"parts": here.parts[:fitting], "more_parts": more, "more_names": room.names_of(more)}


def of_last(walk: Walk) -> dict[str, object]:
    """What the choice did that was taken last."""
    chosen = walk.last
    return {
        "chosen": chosen,
        "chosen_sources": queries.sources_of_scenes(walk.script).get(chosen.scene_id, ()) if chosen else (),
    }


def _of_ending(case: Case | Visit | Rehearsal) -> dict[str, object]:
    ratings = [choice.rating for choice in case.walk.choices]
    guidance, more_guidance = opening(case.script.scenario.guidance_html)
    return {
        "guidance": guidance,
        "more_guidance": more_guidance,
        "steps": queries.steps_of(case.walk),
        "is_long": len(ratings) >= LONG,
        "counts": [(rating.value, ratings.count(rating)) for rating in Rating if rating in ratings],
        "chart": case.walk.chart(),
        "guidance_sources": queries.sources_of_guidance(case.script.scenario),
    }


def leave(request: HttpRequest, case: Case | Visit, form: ChooseForm) -> HttpResponse:
    """Go away without deciding; a tick stays."""
    if form.is_valid():
        decision, choice = form.cleaned_data["decision"], form.cleaned_data["choice"]
        if ticks.remember(request, case.walk, decision, choice, timezone.now()):
            kept_answer.forget(request)  # what was ticked now is what they mean
            messages.info(request, "Nothing is decided yet. What you ticked is still ticked when you come back.")
    ways_out = {"home": reverse("home"), "back": case.first_url}
    return redirect(ways_out.get(form.data["go"], case.place.module_url))


def go_on(request: HttpRequest, script: Script, url: str, decision: int, *, is_new: bool) -> HttpResponse:
    """After a decision: what it did, at the case's address."""
    ticks.forget(request, script)
    if not is_new:
        messages.info(request, "You had taken that decision already. This is where you are now.")
    return redirect(f"{url}?{AFTER}={decision}#after")


def lead_over(request: HttpRequest, url: str) -> HttpResponse:
    """To the case's other address, a visitor's or a learner's, with the choice that the query names, and in sight."""
    anchor = "#choices" if "choice" in request.GET else ""
    return redirect(f"{url}?{request.GET.urlencode()}{anchor}" if request.GET else url)
