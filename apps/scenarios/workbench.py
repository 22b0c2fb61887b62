"""A case in forms: one scene at a time, or what the case says of itself; its scenes beside that."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from apps.core.words import counted
from apps.modules.document import Document
from apps.modules.problems import Level
from apps.modules.workbench import Deletion, Done, Workbench, Wrong
from apps.scenarios.deletions import deletion_of
from apps.scenarios.desks import CaseDesk, SceneDesk
from apps.scenarios.document import CaseDocument, Scene
from apps.scenarios.models import Scene as SceneRow


@dataclass(frozen=True)
class Entry:
    """A scene in the list of all."""

    number: int
    scene: Scene
    url: str
    is_here: bool
    tags: Sequence[tuple[str, str]]  # how bad, and what
    leads: str  # `to 3, 2, nowhere`, `good ending`


class CaseBench(Workbench):
    """The workbench of a case."""

    template_name = "scenarios/bench.html"
    side_template = "scenarios/_bench_scenes.html"
    blocks_label = "Scenes"
    page_label = "About the case"
    document: CaseDocument

    @staticmethod
    def first_block(document: CaseDocument) -> str:
        return document.scenes[0].key if document.scenes else ""

    @cached_property
    def desk(self) -> SceneDesk | CaseDesk:
        """What stands open."""
        return SceneDesk(self.opened) if self.opened.block else CaseDesk(self.opened)

    @property
    def first(self) -> str:
        """The first scene; empty where there is none."""
        return self.first_block(self.document)

    @property
    def name(self) -> str:
        return self.desk.name

    def place_of(self, key: str) -> tuple[str, str]:
        return self._places.get(key) or super().place_of(key)

    @cached_property
    def _places(self) -> dict[str, tuple[str, str]]:
        """Where the rows inside scenes are written."""
        return {
            row.key: (scene.key, f"{kind}-{place}")
            for scene in self.document.scenes
            for kind, rows in (("part", scene.parts), ("choice", scene.choices))
            for place, row in enumerate(rows, start=1)
        }

    def wrongs(self) -> Sequence[Wrong]:
        return self.desk.wrongs()

    def written(self) -> Document:
        return self.desk.written()

    def done(self, verb: str, what: str) -> Done | None:
        return self.desk.done(verb, what)

    def deletion(self, what: str, key: str) -> Deletion | None:
        return deletion_of(self.document, what, key)

    @property
    def preview_fields(self) -> Iterable[tuple[str, str]]:
        return [("scene", self.opened.block)] if self.opened.block else []

    @property
    def entries(self) -> Iterator[Entry]:
        """All scenes, in order."""
        numbers = {scene.key: number for number, scene in enumerate(self.document.scenes, start=1)}
        found = Counter((self.place_of(problem.block)[0], problem.level) for problem in self.opened.problems)
        for key, number in numbers.items():
            scene = self.document.scenes[number - 1]
            tags = list(_tags(found[key, Level.ERROR], found[key, Level.WARNING]))
            is_here = key == self.opened.block
            yield Entry(number, scene, self.opened.address(key), is_here, tags, _leads(scene, numbers))


def _tags(errors: int, warnings: int) -> Iterator[tuple[str, str]]:
    if errors:
        yield "bad", counted(errors, "error", "errors")
    if warnings:
        yield "mid", counted(warnings, "warning", "warnings")


def _leads(scene: Scene, numbers: dict[str, int]) -> str:
    """Where each choice leads, or how it ends."""
    if scene.choices:
        return f"to {', '.join(str(numbers.get(choice.target, 'nowhere')) for choice in scene.choices)}"
    return str(SceneRow.Outcome(scene.outcome).label).removeprefix("a ") if scene.outcome else "nothing yet"
