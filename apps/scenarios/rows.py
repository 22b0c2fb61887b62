"""The rows of a case, and the document that they make."""

from __future__ import annotations

from apps.modules.document import Head, normalised
from apps.modules.rows import Rows, lines, sources, words
from apps.scenarios import document
from apps.scenarios.document import CaseDocument, in_order
from apps.scenarios.models import (
    Choice,
    Effect,
    Gauge,
    Requirement,
    Scenario,
    ScenarioCitation,
    Scene,
    SceneCitation,
    ScenePart,
)


def document_of(head: Head, rows: Rows) -> CaseDocument:
    """The case of a page; without scenes where there is none yet."""
    if not (found := rows.of(Scenario)):
        return CaseDocument(head)
    (case,) = found
    return CaseDocument(
        head,
        **words(case, "role", "guidance", "reflection"),
        guidance_sources=sources(rows.of(ScenarioCitation)),
        plan_lines=lines(case.plan_lines),
        is_taster=case.is_taster,
        gauges=tuple(document.Gauge(gauge.key, normalised(gauge.name), gauge.start) for gauge in rows.of(Gauge)),
        scenes=_Scenes(rows).read(),
    )


class _Scenes:
    """Scenes on their way from rows into a document: what belongs to each is found by its id."""

    def __init__(self, rows: Rows) -> None:
        self.rows = rows.of(Scene)
        self.keys: dict[int | None, str] = {scene.pk: scene.key for scene in self.rows}
        self.gauges: dict[int | None, str] = {gauge.pk: gauge.key for gauge in rows.of(Gauge)}
        self.parts = rows.by(ScenePart, "scene")
        self.choices = rows.by(Choice, "scene")
        self.citations = rows.by(SceneCitation, "scene")
        self.effects = rows.by(Effect, "choice")
        self.needs_of_choices = rows.by(Requirement, "choice")
        self.needs_of_scenes = rows.by(Requirement, "scene")

    def read(self) -> tuple[document.Scene, ...]:
        return tuple(self._scene(scene) for scene in self.rows)

    def _scene(self, scene: Scene) -> document.Scene:
        return document.Scene(
            **words(scene, "key", "title", "body", "clock", "place", "outcome", "thought", "question"),
            **words(scene, "teaching_point"),
            seen_by=scene.seen_by,
            facts=tuple(scene.facts.split()),
            sources=sources(self.citations[scene.pk]),
            needs=self._needs(self.needs_of_scenes[scene.pk]),
            parts=tuple(_part(part) for part in self.parts[scene.pk]),
            choices=tuple(self._choice(choice) for choice in self.choices[scene.pk]),
        )

    def _choice(self, choice: Choice) -> document.Choice:
        return document.Choice(
            **words(choice, "key", "text", "rating", "consequence"),
            target=self.keys.get(choice.target_id, ""),
            otherwise=self.keys.get(choice.otherwise_id, ""),
            effects=self._effects(self.effects[choice.pk]),
            needs=self._needs(self.needs_of_choices[choice.pk]),
        )

    def _effects(self, effects: list[Effect]) -> tuple[document.Effect, ...]:
        """In the order of the gauges, without those of another case's."""
        by_gauge = {effect.gauge_id: effect.change for effect in effects}
        return tuple(document.Effect(key, by_gauge[pk]) for pk, key in self.gauges.items() if pk in by_gauge)

    def _needs(self, needs: list[Requirement]) -> tuple[document.Need, ...]:
        """In order, without those that rest on another case."""
        read = (
            document.Need(
                need.key,
                self.gauges.get(need.gauge_id, ""),
                need.at_least,
                need.below,
                self.keys.get(need.visited_id, ""),
                self.keys.get(need.not_visited_id, ""),
            )
            for need in needs
        )
        return in_order(tuple(need for need in read if need.gauge or need.visited or need.not_visited))


def _part(part: ScenePart) -> document.Part:
    return document.Part(**words(part, "key", "kind", "text", "author", "meta", "image", "image_alt", "footer"))
