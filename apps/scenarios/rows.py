"""The rows of a case and the document that they make, one from the other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict

from apps.modules.content import EditionContent
from apps.modules.document import Head, normalised
from apps.modules.models import Page
from apps.modules.rows import Rows, cited, find, lines, sources, words
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

SCENE_TEXTS = ("title", "body", "clock", "place", "outcome", "thought", "question", "teaching_point")


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
            **words(scene, "key", *SCENE_TEXTS),
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


def rows_of(page: Page, written: CaseDocument) -> list[EditionContent]:
    """The rows of a case, linked among themselves, none of them stored."""
    case = Scenario(
        page=page,
        key=page.key,
        role=written.role,
        guidance=written.guidance,
        reflection=written.reflection,
        plan_lines="\n".join(written.plan_lines),
        is_taster=written.is_taster,
    )
    return [case, *cited(ScenarioCitation, case, written.guidance_sources), *_Written(case, written).rows()]


class _Written:
    """What a case's scenes and gauges say, on its way into rows: what points at another is linked by its key."""

    def __init__(self, case: Scenario, written: CaseDocument) -> None:
        self.scenes = written.scenes
        self.gauge = {
            gauge.key: Gauge(scenario=case, key=gauge.key, position=position, name=gauge.title, start=gauge.start)
            for position, gauge in enumerate(written.gauges, start=1)
        }
        self.scene = {
            scene.key: _scene(case, position, scene) for position, scene in enumerate(written.scenes, start=1)
        }
        if len(self.gauge) < len(written.gauges) or len(self.scene) < len(self.scenes):
            raise ValueError(f"Two gauges or two scenes of the case “{case.key}” have one key.")

    def rows(self) -> Iterator[EditionContent]:
        yield from self.gauge.values()
        for scene in self.scenes:
            row = self.scene[scene.key]
            yield row
            yield from cited(SceneCitation, row, scene.sources)
            yield from (self._need(need, scene=row) for need in scene.needs)
            for position, part in enumerate(scene.parts, start=1):
                yield ScenePart(scene=row, position=position, **asdict(part))
            for position, choice in enumerate(scene.choices, start=1):
                yield from self._choice(row, position, choice)

    def _choice(self, scene: Scene, position: int, choice: document.Choice) -> Iterator[EditionContent]:
        row = Choice(
            scene=scene,
            position=position,
            key=choice.key,
            text=choice.text,
            rating=choice.rating,
            consequence=choice.consequence,
            target=self._scene(choice.target),
            otherwise=self._scene(choice.otherwise),
        )
        yield row
        yield from (self._need(need, choice=row) for need in choice.needs)
        for effect in choice.effects:
            yield Effect(choice=row, gauge=find(self.gauge, effect.gauge), change=effect.change)

    def _need(self, need: document.Need, **owner: Scene | Choice) -> Requirement:
        return Requirement(
            **owner,
            key=need.key,
            gauge=find(self.gauge, need.gauge) if need.gauge else None,
            at_least=need.at_least,
            below=need.below,
            visited=self._scene(need.visited),
            not_visited=self._scene(need.not_visited),
        )

    def _scene(self, key: str) -> Scene | None:
        return find(self.scene, key) if key else None


def _scene(case: Scenario, position: int, scene: document.Scene) -> Scene:
    return Scene(
        scenario=case,
        position=position,
        facts=" ".join(scene.facts),
        **{name: getattr(scene, name) for name in ("key", "seen_by", *SCENE_TEXTS)},
    )
