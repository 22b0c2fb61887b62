"""What buttons do to a case as a whole, once everything typed stands in it: move, add, copy, take away."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeVar

from apps.modules.copying import with_copy
from apps.modules.document import Row, moved, with_row
from apps.modules.keys import PROVISIONAL
from apps.scenarios.document import CaseDocument, Scene

Step = Callable[[CaseDocument], CaseDocument]
AnyRow = TypeVar("AnyRow", bound=Row)
NEW_SCENE, COPY = "New scene", " (copy)"
LONGEST_TITLE = 80


def shifted(rows: Sequence[AnyRow], key: str, by: int) -> tuple[AnyRow, ...]:
    """The rows, one of them so many places further on; as they are, where it is not there."""
    return moved(rows, next((place for place, row in enumerate(rows) if row.key == key), None), by)


def move_scene(key: str, by: int) -> Step:
    """One scene, so many places on."""
    return lambda case: replace(case, scenes=shifted(case.scenes, key, by))


def move_gauge(key: str, by: int) -> Step:
    """One gauge, so many places on."""
    return lambda case: replace(case, gauges=shifted(case.gauges, key, by))


def move_part(scene_key: str, key: str, by: int) -> Step:
    """One part of a scene, so many places on."""
    return _in_scene(scene_key, lambda scene: replace(scene, parts=shifted(scene.parts, key, by)))


def move_choice(scene_key: str, key: str, by: int) -> Step:
    """One choice of a scene, so many places on."""
    return _in_scene(scene_key, lambda scene: replace(scene, choices=shifted(scene.choices, key, by)))


def _in_scene(key: str, change: Callable[[Scene], Scene]) -> Step:
    return lambda case: replace(
        case, scenes=tuple(change(scene) if scene.key == key else scene for scene in case.scenes)
    )


def add_scene(case: CaseDocument) -> CaseDocument:
    """A new scene, at the end."""
    return replace(case, scenes=with_row(case.scenes, Scene(f"{PROVISIONAL}scene", NEW_SCENE)))


def copy_scene(key: str) -> Step:
    """The same scene once more, right after it."""

    def step(case: CaseDocument) -> CaseDocument:
        place = [scene.key for scene in case.scenes].index(key) + 1
        scenes = list(with_copy(case, key, case).scenes)
        title = scenes[place].title[: LONGEST_TITLE - len(COPY)] + COPY
        scenes[place] = replace(scenes[place], title=title)
        return replace(case, scenes=tuple(scenes))

    return step


def delete_scene(key: str) -> Step:
    """Without a scene. What led there leads nowhere, and what needs it does not any more."""
    return lambda case: replace(case, scenes=tuple(scene for scene in case.scenes if scene.key != key))


def delete_gauge(key: str) -> Step:
    """Without a gauge, and whatever moves or needs it."""
    return lambda case: replace(case, gauges=tuple(gauge for gauge in case.gauges if gauge.key != key))


def after(key: str) -> Callable[[CaseDocument], str]:
    """The scene that follows one; that one, where none does."""

    def find(case: CaseDocument) -> str:
        keys = [scene.key for scene in case.scenes]
        place = keys.index(key) + 1 if key in keys else 0
        return keys[min(place, len(keys) - 1)] if keys else ""

    return find


def last(case: CaseDocument) -> str:
    """The last scene."""
    return case.scenes[-1].key if case.scenes else ""
