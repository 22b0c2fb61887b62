"""What goes with a scene or a gauge, and what changes elsewhere, by name; told before it is deleted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from apps.core.words import counted, shortened
from apps.modules.document import letter
from apps.modules.workbench import Deletion
from apps.scenarios import steps
from apps.scenarios.document import CaseDocument, Choice, Gauge, Need, Scene

LONGEST = 80  # characters of a choice's text


def deletion_of(case: CaseDocument, what: str, key: str) -> Deletion | None:
    """The question before a scene or a gauge goes; None where there is none such."""
    if what == "scene":
        scene = next((scene for scene in case.scenes if scene.key == key), None)
        return _of_scene(case, scene) if scene else None
    gauge = next((gauge for gauge in case.gauges if gauge.key == key), None) if what == "gauge" else None
    return _of_gauge(case, gauge) if gauge else None


def _of_scene(case: CaseDocument, scene: Scene) -> Deletion:
    step = steps.delete_scene(scene.key)
    without = step(case)
    place = case.scenes.index(scene)
    beside = without.scenes[min(place, len(without.scenes) - 1)].key if without.scenes else ""
    changes = [*_led_here(case, scene), *_needing(case, scene.key), *_cut_off(case, without)]
    if place + 1 < len(case.scenes):
        changes.append(_moved_up(place + 2, len(case.scenes)))
    return Deletion(f"scene {place + 1}, “{scene.title}”", "scene", step, [*_goes(scene)], changes, beside)


def _goes(scene: Scene) -> Iterator[str]:
    yield "The scene with all its words"
    if scene.parts:
        yield f"{counted(len(scene.parts), 'part', 'parts')} that the learner sees in it"
    if scene.choices:
        yield f"{counted(len(scene.choices), 'choice', 'choices')}, with what follows and what they move"


def _moved_up(first: int, last: int) -> str:
    if first == last:
        return f"Scene {first} moves up by one number."
    return f"Scenes {first} to {last} move up by one number."


def _led_here(case: CaseDocument, gone: Scene) -> Iterator[str]:
    for called, choice, scene in _choices(case):
        if scene is gone:
            continue
        if choice.target == gone.key:
            yield f"{called} will lead nowhere, and stops publication until you say where."
        if choice.otherwise == gone.key:
            yield f"{called} will not lead there any more where what is needed is not met."


def _needing(case: CaseDocument, key: str) -> Iterator[str]:
    for number, scene in enumerate(case.scenes, start=1):
        if scene.key != key and _names(scene.needs, key):
            yield f"Scene {number}, “{scene.title}”, will not need it any more."
    for called, choice, scene in _choices(case):
        if scene.key != key and _names(choice.needs, key):
            yield f"{called} will not need it any more."


def _names(needs: Iterable[Need], key: str) -> bool:
    return any(key in (need.visited, need.not_visited) for need in needs)


def _cut_off(case: CaseDocument, without: CaseDocument) -> Iterator[str]:
    cut_off = _reached(case) - _reached(without)
    for number, scene in enumerate(case.scenes, start=1):
        if scene in without.scenes and scene.key in cut_off:
            what = "can no longer be reached. It stays, among the problems."
            yield f"Scene {number}, “{scene.title}”, {what}"


def _reached(case: CaseDocument) -> set[str]:
    """The scenes to which ways lead from the first, whatever is needed."""
    scenes = {scene.key: scene for scene in case.scenes}
    reached: set[str] = set()
    waiting = [case.scenes[0].key] if case.scenes else []
    while waiting:
        key = waiting.pop()
        if key in scenes and key not in reached:
            reached.add(key)
            waiting += [led for choice in scenes[key].choices for led in (choice.target, choice.otherwise)]
    return reached


def _of_gauge(case: CaseDocument, gauge: Gauge) -> Deletion:
    changes = []
    for called, choice, _ in _choices(case):
        if any(effect.gauge == gauge.key for effect in choice.effects):
            changes.append(f"{called} will not move it any more.")
        if any(need.gauge == gauge.key for need in choice.needs):
            changes.append(f"{called} will not need it any more.")
    for number, scene in enumerate(case.scenes, start=1):
        if any(need.gauge == gauge.key for need in scene.needs):
            changes.append(f"Scene {number}, “{scene.title}”, will not need it any more.")
    goes = [f"The gauge, which starts at {gauge.start}"]
    return Deletion(f"the gauge “{gauge.title}”", "gauge", steps.delete_gauge(gauge.key), goes, changes)


def _choices(case: CaseDocument) -> Iterator[tuple[str, Choice, Scene]]:
    """Every choice with what it is called, and its scene."""
    for number, scene in enumerate(case.scenes, start=1):
        for place, choice in enumerate(scene.choices):
            text = shortened(choice.text, LONGEST)
            yield f"Scene {number}, “{scene.title}”, choice ({letter(place)}), “{text}”,", choice, scene
