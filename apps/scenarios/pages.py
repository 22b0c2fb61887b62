"""The pages of a case, a learner's as a visitor's: one function shows where it has come to, another leaves it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from apps.core import kept_answer
from apps.scenarios import queries, ticks
from apps.scenarios.cases import Case, Rehearsal, Visit
from apps.scenarios.forms.deciding import ChooseForm
from apps.scenarios.models import Rating
from apps.scenarios.walks import Script, Walk


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
    name, context = look_of(case, form)
    return render(
        request, f"{case.templates}/{name}.html", context | more, status=200 if case.walk.is_ended else status
    )


def look_of(case: Case | Visit | Rehearsal, form: ChooseForm) -> tuple[str, dict[str, object]]:
    """The name of the page that shows where the case has come to, and what that takes."""
    context = {
        "case": case,
        "place": case.place,
        "script": case.script,
        "walk": case.walk,
        "here": case.walk.here,
        "leave_url": case.place.module_url,
    }
    if case.walk.is_ended:
        return "debrief", context | _of_ending(case)
    return "scenario", context | _of_scene(case.walk, form)


def _of_scene(walk: Walk, form: ChooseForm) -> dict[str, object]:
    keys = [choice.key for choice in walk.offered]
    ticked = form["choice"].value() or ""
    first = f"#choice-{keys[0]}" if keys else ""
    return {
        "form": form,
        "errors": [{"href": first, "text": text} for text in form.errors.get("choice", [])],
        "ticked": ticked,
        "is_kept": form.is_kept and ticked in keys,
        **of_last(walk),
    }


def of_last(walk: Walk) -> dict[str, object]:
    """What the choice did that was taken last."""
    chosen = None if walk.is_repeated else walk.last
    return {
        "chosen": chosen,
        "chosen_sources": queries.sources_of_scenes([chosen.scene_id])[chosen.scene_id] if chosen else [],
    }


def _of_ending(case: Case | Visit | Rehearsal) -> dict[str, object]:
    ratings = [choice.rating for choice in case.walk.choices]
    return {
        "steps": queries.steps_of(case.walk),
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
    return redirect("home" if form.data["go"] == "home" else case.place.module_url)


def go_on(request: HttpRequest, script: Script, url: str, *, is_new: bool) -> HttpResponse:
    """After a decision: what it did, at the case's address."""
    ticks.forget(request, script)
    if not is_new:
        messages.info(request, "You had taken that decision already. This is where you are now.")
    return redirect(f"{url}#after")


def lead_over(request: HttpRequest, url: str) -> HttpResponse:
    """To the case's other address, a visitor's or a learner's, with the choice that the query names."""
    return redirect(f"{url}?{request.GET.urlencode()}" if request.GET else url)
