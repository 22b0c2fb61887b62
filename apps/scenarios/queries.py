"""What pages read of scenarios."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db.models import F, Max

from apps.modules.models import Edition, Page, Source
from apps.modules.page_kinds import UnderWay
from apps.modules.published import read_once, refuse_draft
from apps.progress.models import Enrolment
from apps.scenarios import graph
from apps.scenarios.models import Choice, Decision, Playthrough, Scenario, Scene, SceneCitation, ScenePart


@dataclass(frozen=True)
class SceneScript:
    """A scene with what is simulated in it and what may be done. Read-only."""

    scene: Scene
    parts: tuple[ScenePart, ...]
    choices: tuple[Choice, ...]

    @property
    def is_ending(self) -> bool:
        return not self.choices


@dataclass(frozen=True)
class Script:
    """A whole scenario. Read-only: that of a published edition is shared by all requests of the process."""

    scenario: Scenario
    scenes: dict[int, SceneScript]

    @property
    def start(self) -> SceneScript:
        """The scene at the first position."""
        return next(iter(self.scenes.values()))

    def choice(self, choice_id: int) -> Choice:
        """The choice with this id."""
        return next(c for scene in self.scenes.values() for c in scene.choices if c.pk == choice_id)


@dataclass(frozen=True)
class Step:
    """One decision of a playthrough, for the debrief: what was chosen, and what else could have been."""

    decision: Decision
    scene: Scene
    choice: Choice
    others: tuple[Choice, ...]
    best: tuple[Choice, ...]
    sources: list[Source]


def script_of(page: Page) -> Script:
    """The scenario of a page, read now."""
    scenario = Scenario.objects.get(page=page)
    scenes = list(Scene.objects.filter(scenario=scenario).order_by("position"))
    by_id = {scene.pk: scene for scene in scenes}
    choices: dict[int, list[Choice]] = {scene.pk: [] for scene in scenes}
    parts: dict[int, list[ScenePart]] = {scene.pk: [] for scene in scenes}
    for choice in Choice.objects.filter(scene__in=by_id).order_by("position"):
        choice.scene, choice.target = by_id[choice.scene_id], by_id[choice.target_id]
        choices[choice.scene_id].append(choice)
    for part in ScenePart.objects.filter(scene__in=by_id).order_by("position"):
        parts[part.scene_id].append(part)
    return Script(
        scenario,
        {scene.pk: SceneScript(scene, tuple(parts[scene.pk]), tuple(choices[scene.pk])) for scene in scenes},
    )


@read_once
def published_script(page: Page) -> Script:
    """The scenario of a page of a published edition."""
    refuse_draft(page)
    return script_of(page)


def current_playthrough(enrolment: Enrolment | None, scenario: Scenario) -> Playthrough | None:
    """The playthrough in which a decision is waiting, else the one that ended last; None before the first decision."""
    if enrolment is None:
        return None
    found = Playthrough.objects.filter(enrolment=enrolment, scenario=scenario, left_at__isnull=True)
    return found.order_by(F("ended_at").desc(nulls_first=True), "-number").first()


def sources_of_scenes(scenes: Collection[int]) -> dict[int, list[Source]]:
    """The sources that each scene's teaching point rests on, in order."""
    found: dict[int, list[Source]] = {scene: [] for scene in scenes}
    citations = SceneCitation.objects.filter(scene__in=scenes).select_related("source__superseded_by")
    for citation in citations.order_by("position"):
        found[citation.scene_id].append(citation.source)
    return found


def steps_of(script: Script, playthrough: Playthrough) -> list[Step]:
    """Every decision of a playthrough, with the ways not taken."""
    decisions = list(playthrough.decisions.order_by("number"))
    taken = [script.choice(decision.choice_id) for decision in decisions]
    sources = sources_of_scenes({choice.scene_id for choice in taken})
    return [
        Step(
            decision,
            choice.scene,
            choice,
            tuple(other for other in script.scenes[choice.scene_id].choices if other.pk != choice.pk),
            tuple(other for other in script.scenes[choice.scene_id].choices if other.rating == "best"),
            sources[choice.scene_id],
        )
        for decision, choice in zip(decisions, taken, strict=True)
    ]


def under_way(enrolment_ids: Collection[int]) -> Iterable[UnderWay]:
    """The scenarios in which a first decision has been taken and another is waiting."""
    waiting = (
        Playthrough.objects.open()
        .filter(enrolment__in=enrolment_ids)
        .annotate(decided=Max("decisions__number"), decided_at=Max("decisions__decided_at"))
        .values_list("enrolment", "scenario__page", "started_at", "decided_at", "decided")
    )
    for enrolment, page, started_at, decided_at, decided in waiting:
        yield UnderWay(enrolment, page, decided_at or started_at, f"You are at decision {(decided or 0) + 1}")


def find_problems(edition: Edition) -> Iterable[str]:
    """What keeps the scenarios of a draft from being published."""
    pages = Page.objects.filter(edition=edition, kind="scenario")
    scripts = {scenario.page_id: script_of(scenario.page) for scenario in Scenario.objects.filter(page__in=pages)}
    for page in pages:
        script = scripts.get(page.pk)
        if script is None or not script.scenes:
            yield f"Case “{page}” has no scenes."
            continue
        edges = {s.scene.key: [choice.target.key for choice in s.choices] for s in script.scenes.values()}
        titles = {s.scene.key: s.scene.title for s in script.scenes.values()}
        for key in titles.keys() - graph.reachable(edges, script.start.scene.key):
            yield f"Case “{page}”: no path leads to the scene “{titles[key]}”."
        for key in titles.keys() - graph.can_end(edges, titles):
            yield f"Case “{page}”: no path from the scene “{titles[key]}” reaches an ending."
        if script.start.is_ending:
            yield f"Case “{page}”: the first scene has no choices."


def assessment(edition: Edition) -> str:
    """`2 branching cases`, for a certificate."""
    count = Page.objects.filter(edition=edition, kind="scenario", is_required=True).count()
    return f"{count} branching case{'' if count == 1 else 's'}" if count else ""
