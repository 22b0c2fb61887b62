"""A case in forms: one scene at a time, or what the case says of itself; the map and all scenes beside that."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cached_property

from apps.modules.document import Document
from apps.modules.problems import Level
from apps.modules.workbench import Deletion, Done, Workbench, Wrong
from apps.scenarios.deletions import deletion_of
from apps.scenarios.document import CaseDocument
from apps.scenarios.maps.drawing import LARGE_BOX, LARGE_WIDTH, Drawing, Faults, Options, drawn, drawn_beside
from apps.scenarios.trays import CaseTray, SceneTray


class CaseBench(Workbench):
    """The workbench of a case."""

    template_name = "scenarios/bench.html"
    side_template = "scenarios/_bench_scenes.html"
    overview_template = "scenarios/bench_map.html"
    style_sheets = ("css/map.css",)
    blocks_label = "Scenes"
    page_label = "About the case"
    document: CaseDocument

    @staticmethod
    def first_block(document: CaseDocument) -> str:
        return document.scenes[0].key if document.scenes else ""

    @cached_property
    def tray(self) -> SceneTray | CaseTray:
        """What stands open."""
        return SceneTray(self.opened) if self.opened.block else CaseTray(self.opened)

    @property
    def first(self) -> str:
        """The first scene; empty where there is none."""
        return self.first_block(self.document)

    @property
    def name(self) -> str:
        return self.tray.name

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
        return self.tray.wrongs()

    def written(self) -> Document:
        return self.tray.written()

    def done(self, verb: str, what: str) -> Done | None:
        return self.tray.done(verb, what)

    def deletion(self, what: str, key: str) -> Deletion | None:
        return deletion_of(self.document, what, key)

    @property
    def preview_fields(self) -> Iterable[tuple[str, str]]:
        return [("scene", self.opened.block)] if self.opened.block else []

    @property
    def is_large(self) -> bool:
        """Whether the map has no room beside a form."""
        return len(self.drawing.nodes) < len(self.document.scenes)

    @cached_property
    def drawing(self) -> Drawing:
        """The map beside the form."""
        return drawn_beside(self.document, self._options())

    @cached_property
    def map(self) -> Drawing:
        """The map on a page of its own."""
        return drawn(self.document, self._options(width=LARGE_WIDTH, box=LARGE_BOX))

    def _options(self, **size: int) -> Options:
        return Options(self.opened.address, self.opened.block, self._faults, **size)

    @cached_property
    def _faults(self) -> dict[str, Faults]:
        """The problems of each scene that has some, those of its parts and choices with them."""
        found = Counter((self.place_of(problem.block)[0], problem.level) for problem in self.opened.problems)
        keys = {key for key, _ in found if key}
        return {key: Faults(found[key, Level.ERROR], found[key, Level.WARNING]) for key in keys}
