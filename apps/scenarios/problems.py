"""What is to be put right in the scenarios of an edition."""

from collections.abc import Iterable

from django.db.models import F, Q

from apps.modules.checks import problem_of
from apps.modules.models import Edition, Page
from apps.modules.problems import Problem, error
from apps.scenarios.graph import TooManyStatesError
from apps.scenarios.models import Choice, Effect, Requirement, Scenario, Scene
from apps.scenarios.queries import script_of
from apps.scenarios.walks import Script

MOST_GAUGES = 4  # that fit beside a scene, and that a learner can keep an eye on


def find_problems(edition: Edition) -> Iterable[Problem]:
    """What keeps the scenarios of a draft from being published."""
    strangers = [*_links_into_another_case(edition)]
    if strangers:
        yield from strangers
        return
    scenarios = {scenario.page_id: scenario for scenario in Scenario.objects.filter(edition=edition)}
    for page in Page.objects.filter(edition=edition, kind="scenario"):
        scenario = scenarios.get(page.pk)
        if scenario is None or not scenario.scenes.exists():
            yield error(f"Case “{page}” has no scenes.", page.key)
            continue
        if scenario.gauges.count() > MOST_GAUGES:
            yield error(f"Case “{page}” has more than {MOST_GAUGES} gauges.", page.key)
        for block, text in _holes(scenario) or _problems_of_case(script_of(page)):
            yield error(f"Case “{page}”: {text}", page.key, block)


def find_warnings(edition: Edition) -> Iterable[Problem]:
    """What rests on nothing."""
    for scenario in Scenario.objects.filter(edition=edition, sources=None).exclude(guidance=""):
        yield problem_of(scenario, "its guidance cites no source")
    deciding = Scene.objects.filter(edition=edition, choices__isnull=False).distinct()
    for scene in deciding.prefetch_related("sources"):
        if not scene.teaching_point:
            yield problem_of(scene, "has no teaching point")
        elif not scene.sources.all():
            yield problem_of(scene, "its teaching point cites no source")


def _holes(scenario: Scenario) -> list[tuple[str, str]]:
    """Choices that lead nowhere yet. What else there is to say of the ways through a case waits until none does."""
    nowhere = Choice.objects.filter(scene__scenario=scenario, target=None).order_by("scene__position", "position")
    return [(choice.key, f"the choice “{choice}” leads nowhere.") for choice in nowhere]


def _problems_of_case(script: Script) -> Iterable[tuple[str, str]]:
    """Each problem of one case: the key of the scene or choice, and what is the matter with it."""
    titles = {key: f"“{scene.scene.title}” ({key})" for key, scene in script.scenes.items()}
    try:
        yield from _problems_of_paths(script, titles)
    except TooManyStatesError:
        yield "", "its gauges and rules make too many ways to check. Let fewer gauges be needed."
    if script.start.is_ending:
        yield script.start.scene.key, "the first scene has no choices."
    for key, scene in script.scenes.items():
        if scene.is_ending and not scene.scene.outcome:
            yield key, f"the ending {titles[key]} does not say how it ended (outcome)."
        if not scene.is_ending and scene.scene.outcome:
            yield key, f"the scene {titles[key]} has choices, so it has no outcome."
    for choice, problem in _problems_of_choices(script):
        yield choice.key, f"the choice “{choice}” {problem}"


def _links_into_another_case(edition: Edition) -> Iterable[Problem]:
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
            what = link.replace("_", " ")
            yield error(f"{str(model._meta.verbose_name).capitalize()} “{row}” points into another case ({what}).")


def _problems_of_paths(script: Script, titles: dict[str, str]) -> Iterable[tuple[str, str]]:
    for key in sorted(script.graph.unreachable()):
        yield key, f"no path leads to the scene {titles[key]}."
    for key in sorted(script.graph.endless()):
        yield key, f"no path from the scene {titles[key]} reaches an ending."
    for key in sorted(script.graph.locked()):
        yield key, f"a learner can stand in the scene {titles[key]} with no way left to an ending."
    for key in sorted(script.graph.never_offered()):
        yield key, f"the choice “{script.choices[key]}” is never offered: no path meets what it needs."
    for key, scene in sorted(script.graph.undecided().items()):
        choice = script.choices[key]
        is_met = choice.target is not None and scene == choice.target.key
        never, why = (choice.otherwise, "every path meets") if is_met else (choice.target, "no path meets")
        yield key, f"the choice “{choice}” never leads to “{never}”: {why} what “{choice.target}” needs."


def _problems_of_choices(script: Script) -> Iterable[tuple[Choice, str]]:
    turning_back = script.graph.turning_back()
    for choice in script.choices.values():
        if not choice.consequence.strip():
            yield choice, "has no consequence."
        if choice.otherwise is None or choice.target is None:
            continue
        if not choice.target.requirements.all():
            yield choice, f"leads elsewhere otherwise, but its target “{choice.target}” needs nothing."
        if choice.otherwise.requirements.all():
            yield choice, f"leads, otherwise, to “{choice.otherwise}”, which must need nothing."
        if choice.key in turning_back:
            yield choice, f"leads, otherwise, to “{choice.otherwise}”, from which it can be reached again."
