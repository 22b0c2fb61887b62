"""What pages read of scenarios."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from django.db.models import F

from apps.core.left_out import BrokenContentError, note
from apps.modules.models import Page, Source
from apps.modules.published import read_once
from apps.modules.queries import published_page
from apps.progress.models import Enrolment
from apps.scenarios import chart
from apps.scenarios.graph import Edge, Graph, Need, State
from apps.scenarios.models import (
    Choice,
    Gauge,
    Playthrough,
    Requirement,
    Scenario,
    ScenarioCitation,
    Scene,
    SceneCitation,
    ScenePart,
)


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
    gauges: tuple[Gauge, ...]
    scenes: dict[str, SceneScript]
    graph: Graph

    @property
    def start(self) -> SceneScript:
        """The scene at the first position."""
        return self.scenes[self.graph.start]

    @cached_property
    def choices(self) -> dict[str, Choice]:
        """Every choice by its key."""
        return {choice.key: choice for scene in self.scenes.values() for choice in scene.choices}


@dataclass(frozen=True)
class Change:
    """A gauge that a choice moved."""

    name: str
    before: int
    after: int

    @property
    def word(self) -> str:
        return "rises" if self.after > self.before else "falls"


@dataclass(frozen=True)
class Walk:
    """The choices taken in a scenario so far and where they led, in a playthrough or without an account."""

    script: Script
    taken: tuple[Choice, ...]
    states: tuple[State, ...]
    saved_at: datetime.datetime | None = None  # when the last decision was stored
    is_repeated: bool = False  # the last decision was taken over from an earlier way
    is_visiting: bool = False  # it waits in a visitor's session and belongs to no playthrough

    @property
    def here(self) -> SceneScript:
        """The scene that waits, or the ending that was reached."""
        return self.script.scenes[self.states[-1].scene]

    @property
    def is_ended(self) -> bool:
        return self.here.is_ending

    @property
    def keys(self) -> list[str]:
        """The keys of the choices taken."""
        return [choice.key for choice in self.taken]

    @property
    def number(self) -> int:
        """The number of the decision that waits."""
        return len(self.taken) + 1

    @property
    def last(self) -> Choice | None:
        """The choice taken last."""
        return self.taken[-1] if self.taken else None

    @property
    def choices(self) -> list[Choice]:
        """What may be done here."""
        return self.offered(self.number)

    def offered(self, number: int) -> list[Choice]:
        """What could be done at decision `number`: choices whose needs were met."""
        return [self.script.choices[edge.key] for edge in self.script.graph.open_edges(self.states[number - 1])]

    def after(self, number: int, choice: Choice) -> SceneScript:
        """The scene to which a choice that was offered at decision `number` leads."""
        graph, state = self.script.graph, self.states[number - 1]
        edge = next(edge for edge in graph.open_edges(state) if edge.key == choice.key)
        return self.script.scenes[graph.take(state, edge).scene]

    def changes(self, number: int) -> list[Change]:
        """The gauges that decision `number` moved."""
        before, after = self.states[number - 1].gauges, self.states[number].gauges
        return [
            Change(gauge.name, before[gauge.key], after[gauge.key])
            for gauge in self.script.gauges
            if before[gauge.key] != after[gauge.key]
        ]

    @property
    def last_changes(self) -> list[Change]:
        """The gauges that the last decision moved."""
        return self.changes(len(self.taken)) if self.taken else []

    def values(self) -> list[tuple[str, list[int]]]:
        """Each gauge with its values from the start to after the last decision."""
        return [(gauge.name, [state.gauges[gauge.key] for state in self.states]) for gauge in self.script.gauges]

    def chart(self) -> chart.Chart | None:
        """The gauges along the way; None where the scenario has none."""
        return chart.draw(self.values()) if self.script.gauges else None


@dataclass(frozen=True)
class Step:
    """One decision of a walk, for the debrief: what was chosen, and what else could have been."""

    number: int
    scene: Scene
    choice: Choice
    others: tuple[tuple[Choice, Scene], ...]  # with the scene that each would have led to
    best: tuple[Choice, ...]
    changes: list[Change]
    sources: list[Source]


def script_of(page: Page) -> Script:
    """The scenario of a page, read now."""
    scenario = Scenario.objects.get(page=page)
    gauges = tuple(Gauge.objects.filter(scenario=scenario).order_by("position"))
    scenes = list(
        Scene.objects.filter(scenario=scenario)
        .order_by("position")
        .prefetch_related(
            "parts",
            "choices__effects__gauge",
            "choices__requirements__gauge",
            "choices__requirements__visited",
            "choices__requirements__not_visited",
            "requirements__gauge",
            "requirements__visited",
            "requirements__not_visited",
        )
    )
    choices = _choices_of(scenes)
    return Script(
        scenario,
        gauges,
        {scene.key: SceneScript(scene, tuple(scene.parts.all()), choices[scene.pk]) for scene in scenes},
        Graph(
            scenes[0].key if scenes else "",
            {scene.key: tuple(_edge(choice) for choice in choices[scene.pk]) for scene in scenes},
            {gauge.key: gauge.start for gauge in gauges},
        ),
    )


def _choices_of(scenes: Sequence[Scene]) -> dict[int, tuple[Choice, ...]]:
    """The choices of each scene of a scenario, without those that lead out of it."""
    by_id = {scene.pk: scene for scene in scenes}
    choices: dict[int, tuple[Choice, ...]] = {}
    for scene in scenes:
        for choice in scene.choices.all():
            if choice.target_id not in by_id or (choice.otherwise_id and choice.otherwise_id not in by_id):
                note(f"{choice._meta.label} {choice.pk}", "leads into another case")
                continue
            choice.scene, choice.target = scene, by_id[choice.target_id]
            choice.otherwise = by_id[choice.otherwise_id] if choice.otherwise_id else None
            choices[scene.pk] = (*choices.get(scene.pk, ()), choice)
    return {scene.pk: choices.get(scene.pk, ()) for scene in scenes}


def _edge(choice: Choice) -> Edge:
    """A choice as an edge. What its target needs is asked before it, or after it where it leads elsewhere otherwise."""
    own, of_target = (
        tuple(_needs(row.requirements.all(), choice.scene.scenario_id)) for row in (choice, choice.target)
    )
    return Edge(
        choice.key,
        choice.target.key,
        {effect.gauge.key: effect.change for effect in choice.effects.all()},
        own if choice.otherwise else own + of_target,
        choice.otherwise.key if choice.otherwise else "",
        of_target if choice.otherwise else (),
    )


def _needs(requirements: Iterable[Requirement], scenario_id: int) -> Iterable[Need]:
    """What these ask for; what they ask of another case is not needed."""
    for asked in requirements:
        gauge, visited, not_visited = (
            row.key if row and row.scenario_id == scenario_id else ""
            for row in (asked.gauge, asked.visited, asked.not_visited)
        )
        if gauge or visited or not_visited:
            yield Need(gauge, asked.at_least or 0, asked.below, visited, not_visited)


@read_once
def published_script(page_id: int) -> Script:
    """The scenario of a page of a published edition. BrokenContentError when there is nothing in it to decide."""
    page = published_page(page_id)
    try:
        script = script_of(page)
    except Scenario.DoesNotExist:
        raise BrokenContentError(f"{page._meta.label} {page.pk}", "has no case") from None
    if not script.scenes or script.start.is_ending:
        raise BrokenContentError(f"{page._meta.label} {page.pk}", "its case cannot begin")
    return script


def walk_of(script: Script, keys: Iterable[str]) -> Walk:
    """The walk that takes the choices with these keys. KeyError when one of them is not offered where the walk is."""
    taken = tuple(keys)
    return Walk(script, tuple(script.choices[key] for key in taken), tuple(script.graph.walk(taken)))


def walk_of_playthrough(script: Script, playthrough: Playthrough | None) -> Walk:
    """Where a learner is in a scenario; at the start when there is no playthrough.

    BrokenContentError when the scenario no longer has the way that was gone.
    """
    if playthrough is None:
        return walk_of(script, ())
    keys = {choice.pk: key for key, choice in script.choices.items()}
    decisions = list(playthrough.decisions.order_by("number").values_list("choice", "decided_at", "is_repeated"))
    try:
        walk = walk_of(script, [keys[choice] for choice, _, _ in decisions])
    except KeyError:
        scenario = script.scenario
        raise BrokenContentError(f"{scenario._meta.label} {scenario.pk}", "lacks a way that was gone") from None
    if not decisions:
        return walk
    _, saved_at, is_repeated = decisions[-1]
    return replace(walk, saved_at=saved_at, is_repeated=is_repeated)


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


def sources_of_guidance(scenario: Scenario) -> list[Source]:
    """The sources that a scenario's guidance rests on, in order."""
    citations = ScenarioCitation.objects.filter(scenario=scenario).select_related("source__superseded_by")
    return [citation.source for citation in citations.order_by("position")]


def steps_of(walk: Walk) -> list[Step]:
    """Every decision of a walk, with the ways not taken; what was locked at the time is left out."""
    sources = sources_of_scenes({choice.scene_id for choice in walk.taken})
    steps = []
    for number, choice in enumerate(walk.taken, start=1):
        offered = walk.offered(number)
        steps.append(
            Step(
                number,
                choice.scene,
                choice,
                tuple((other, walk.after(number, other).scene) for other in offered if other.pk != choice.pk),
                tuple(other for other in offered if other.rating == "best"),
                walk.changes(number),
                sources[choice.scene_id],
            )
        )
    return steps
