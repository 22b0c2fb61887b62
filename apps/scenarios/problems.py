"""What keeps the scenarios of a draft from being published."""

from collections.abc import Iterable

from django.db.models import F, Q

from apps.modules.models import Edition, Page
from apps.scenarios.graph import TooManyWaysError
from apps.scenarios.models import Choice, Effect, Requirement, Scenario
from apps.scenarios.queries import Script, script_of


def find_problems(edition: Edition) -> Iterable[str]:
    """What keeps the scenarios of a draft from being published."""
    strangers = [*_links_into_another_case(edition)]
    if strangers:
        yield from strangers
        return
    pages = Page.objects.filter(edition=edition, kind="scenario")
    scripts = {scenario.page_id: script_of(scenario.page) for scenario in Scenario.objects.filter(page__in=pages)}
    for page in pages:
        script = scripts.get(page.pk)
        if script is None or not script.scenes:
            yield f"Case “{page}” has no scenes."
            continue
        told = {key: f"“{scene.scene.title}” ({key})" for key, scene in script.scenes.items()}
        try:
            yield from _problems_of_paths(page, script, told)
        except TooManyWaysError:
            yield f"Case “{page}”: its gauges and rules make too many ways to check. Let fewer gauges be needed."
        if script.start.is_ending:
            yield f"Case “{page}”: the first scene has no choices."
        for key, scene in script.scenes.items():
            if scene.is_ending and not scene.scene.outcome:
                yield f"Case “{page}”: the ending {told[key]} does not say how it ended (outcome)."
            if not scene.is_ending and scene.scene.outcome:
                yield f"Case “{page}”: the scene {told[key]} has choices, so it has no outcome."
        yield from (f"Case “{page}”: the choice “{choice}” {what}" for choice, what in _problems_of_choices(script))


def _links_into_another_case(edition: Edition) -> Iterable[str]:
    """Choices, effects and requirements that point at a scene or a gauge of another case of the edition."""
    links = (
        (Choice, "scene__scenario", "target"),
        (Choice, "scene__scenario", "otherwise"),
        (Effect, "choice__scene__scenario", "gauge"),
        (Requirement, "scene__scenario", "gauge"),
        (Requirement, "scene__scenario", "visited"),
        (Requirement, "scene__scenario", "not_visited"),
        (Requirement, "choice__scene__scenario", "gauge"),
        (Requirement, "choice__scene__scenario", "visited"),
        (Requirement, "choice__scene__scenario", "not_visited"),
    )
    for model, own, link in links:
        strange = Q(**{f"{link}__isnull": False, f"{own.split('__')[0]}__isnull": False})
        strange &= ~Q(**{f"{link}__scenario": F(own)})
        for row in model._base_manager.filter(strange, edition=edition):
            what = model._meta.get_field(link).verbose_name  # type: ignore[union-attr]
            yield f"{str(model._meta.verbose_name).capitalize()} “{row}” points into another case ({what})."


def _problems_of_paths(page: Page, script: Script, told: dict[str, str]) -> Iterable[str]:
    for key in sorted(script.graph.unreachable()):
        yield f"Case “{page}”: no path leads to the scene {told[key]}."
    for key in sorted(script.graph.endless()):
        yield f"Case “{page}”: no path from the scene {told[key]} reaches an ending."
    for key in sorted(script.graph.locked()):
        yield f"Case “{page}”: a learner can stand in the scene {told[key]} with no way left to an ending."
    for key in sorted(script.graph.never_offered()):
        yield f"Case “{page}”: the choice “{script.choices[key]}” is never offered: no path meets what it needs."
    for key, scene in sorted(script.graph.undecided().items()):
        choice = script.choices[key]
        is_met = scene == choice.target.key
        never, why = (choice.otherwise, "every path meets") if is_met else (choice.target, "no path meets")
        yield f"Case “{page}”: the choice “{choice}” never leads to “{never}”: {why} what “{choice.target}” needs."


def _problems_of_choices(script: Script) -> Iterable[tuple[Choice, str]]:
    turning_back = script.graph.turning_back()
    for choice in script.choices.values():
        if not choice.consequence.strip():
            yield choice, "has no consequence."
        if choice.otherwise is None:
            continue
        if not choice.target.requirements.all():
            yield choice, f"leads elsewhere otherwise, but its target “{choice.target}” needs nothing."
        if choice.otherwise.requirements.all():
            yield choice, f"leads, otherwise, to “{choice.otherwise}”, which must need nothing."
        if choice.key in turning_back:
            yield choice, f"leads, otherwise, to “{choice.otherwise}”, from which it can be reached again."
