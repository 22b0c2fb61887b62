"""A case as an author sees it from above: a map, and the same as a list. Imports no Django.

`drawn` draws the whole case, `drawn_around` a scene with those before and after it, `drawn_beside` whichever of the two
has room beside a form. Whoever shows it includes `scenarios/_map.html` and `scenarios/_scene_list.html` with `drawing`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from apps.core.words import counted
from apps.scenarios.document import CaseDocument, Choice, Scene
from apps.scenarios.graph import Edge, Graph, TooManyStatesError
from apps.scenarios.maps.layout import Layout, Size, lay_out
from apps.scenarios.maps.lettering import MARGIN, wrapped
from apps.scenarios.maps.paths import path, tip
from apps.scenarios.maps.routing import Box
from apps.scenarios.rules import graph_of, leads_somewhere

MOST_BESIDE = 20  # scenes of a map that stands beside a form
MOST_LINES = 3_000  # of a map: a second's work, and far more than can be told apart
MOST_AROUND = 8  # scenes before one, and after it, that are drawn
LINES = 3  # of a title in a box
LINE_HEIGHT = 18
LARGE_WIDTH, LARGE_BOX = 740, 168  # for `Options`, of a map on a page of its own
NOWHERE = ""
EDGE = 4  # around it all, for thick frames
WORDS = {
    "best": "Best",
    "acceptable": "Acceptable",
    "poor": "Poor",
    "otherwise": "Otherwise",
    "unrated": "Not rated yet",
}
ENDINGS = {"good": "good ending", "mixed": "mixed ending", "poor": "poor ending", "": "ending"}


@dataclass(frozen=True)
class Faults:
    """How many problems there are in a scene."""

    errors: int = 0
    warnings: int = 0

    @property
    def level(self) -> str:
        """Of the worst."""
        return "error" if self.errors else "warning" if self.warnings else ""

    @property
    def tags(self) -> Sequence[tuple[str, str]]:
        """`error`, `2 errors`."""
        errors = [("error", counted(self.errors, "error", "errors"))] if self.errors else []
        return errors + ([("warning", counted(self.warnings, "warning", "warnings"))] if self.warnings else [])


@dataclass(frozen=True)
class Options:
    """What a map is drawn for, and how large, in points."""

    address: Callable[[str], str]  # of a scene, by its key
    here: str = ""  # the scene that is open
    faults: Mapping[str, Faults] = field(default_factory=dict)  # by the key of the scene
    width: int = 532  # it grows where that is not enough; what shows it can be moved sideways then
    box: int = 124


@dataclass(frozen=True)
class Entry:
    """A scene as it is listed."""

    key: str
    number: str  # its place in the case
    title: str
    address: str
    is_here: bool
    states: Sequence[str]  # start, how it ends, no way here, never ends
    tags: Sequence[tuple[str, str]]  # of its problems: level and words
    leads: str  # `to 3, 2 else 5, nowhere`; nothing for an ending

    @property
    def said(self) -> str:
        """Beside its title: `start, to 3, 2`, `good ending`."""
        return ", ".join(filter(None, (*self.states, self.leads)))

    @property
    def name(self) -> str:
        """Of the link: all that the map shows by shapes and colours."""
        said = ", ".join([self.title, *self.states])
        return f"Scene {self.number}: {said}" + "".join(f". {words}" for _, words in self.tags)


@dataclass(frozen=True)
class Text:
    """A line of text in a box, at its height below the box's upper edge."""

    y: str
    words: str
    style: str = ""


@dataclass(frozen=True)
class Node:
    """A scene as it is drawn. Lengths are texts: templates take three times as long over numbers."""

    entry: Entry
    box: Box
    style: str  # its classes
    radius: str
    texts: Sequence[Text]
    mark: str  # the level of its worst problem

    @property
    def place(self) -> str:
        return f"translate({self.box.x} {self.box.y})"

    @property
    def width(self) -> str:
        return str(self.box.width)

    @property
    def height(self) -> str:
        return str(self.box.height)

    @property
    def middle(self) -> str:
        return str(self.box.width // 2)

    @property
    def mark_x(self) -> str:
        return str(self.box.width - 12)


@dataclass(frozen=True)
class Stroke:
    """All lines of one kind as one path, and their tips as another."""

    style: str
    words: str
    lines: str
    tips: str


@dataclass(frozen=True)
class Drawing:
    """A map, ready to be written down, and the list of all scenes."""

    label: str
    width: int
    height: int
    nodes: Sequence[Node]
    strokes: Sequence[Stroke]
    entries: Sequence[Entry]
    crossings: int
    is_wide: bool  # wider than was wanted
    is_too_large: bool = False  # to be drawn: there is only the list
    left_out: int = 0  # scenes before or after the one that is open, which are not drawn

    @property
    def view_box(self) -> str:
        return f"{-EDGE} 0 {self.width} {self.height}"


def drawn(case: CaseDocument, options: Options) -> Drawing:
    """The whole case, unless it has more than MOST_LINES. An empty one has neither scenes nor a height."""
    return _Drawer(case, options).draw([scene.key for scene in case.scenes])


def drawn_around(case: CaseDocument, options: Options) -> Drawing:
    """The scene `options.here`, or the start, with those before and after it and the lines between it and them."""
    return _Drawer(case, options).draw_around()


def drawn_beside(case: CaseDocument, options: Options) -> Drawing:
    """The whole case where that has room beside a form, else the surroundings of the scene that is open."""
    if len(case.scenes) <= MOST_BESIDE:
        drawing = drawn(case, options)
        if not drawing.is_wide:
            return drawing
    return drawn_around(case, options)


@dataclass(frozen=True)
class _Arrow:
    one: str
    other: str
    style: str


class _Drawer:
    def __init__(self, case: CaseDocument, options: Options) -> None:
        self.case, self.options = case, options
        self.scenes = {scene.key: scene for scene in case.scenes}
        self.numbers = {scene.key: number for number, scene in enumerate(case.scenes, start=1)}
        self.edges = [edge for scene in case.scenes for edge in _edges_of(scene, self.scenes)]

    @cached_property
    def entries(self) -> dict[str, Entry]:
        unreached, endless = _unreached(self.case), _endless(self.case)
        return {scene.key: self._entry(scene, unreached, endless) for scene in self.case.scenes}

    def draw(self, keys: Sequence[str]) -> Drawing:
        scenes = self.case.scenes
        endings = len([scene for scene in scenes if scene.is_ending])
        label = f"Map of {self.case.head.title}: {counted(len(scenes), 'scene', 'scenes')}"
        label += f", {endings} of them {'an ending' if endings == 1 else 'endings'}"
        if len(self.edges) > MOST_LINES:
            return replace(self._drawing(label, [], []), is_too_large=True)
        return self._drawing(label, keys, self.edges, has_start=True)

    def draw_around(self) -> Drawing:
        here = self.options.here if self.options.here in self.scenes else next(iter(self.scenes), "")
        before = dict.fromkeys(edge.one for edge in self.edges if edge.other == here != edge.one)
        after = dict.fromkeys(edge.other for edge in self.edges if edge.one == here != edge.other)
        if not here:
            return self.draw([])
        keys = [*dict.fromkeys([*[*before][:MOST_AROUND], here, *[*after][:MOST_AROUND]])]
        edges = [edge for edge in self.edges if here in (edge.one, edge.other) and {edge.one, edge.other} <= {*keys}]
        label = f"Scene {self.numbers[here]}, {self.scenes[here].title}, with the scenes before and after it"
        left_out = len((before.keys() | after.keys()) - {*keys})
        return self._drawing(label, keys, edges, left_out=left_out)

    def _drawing(
        self, label: str, keys: Sequence[str], edges: Sequence[_Arrow], *, has_start: bool = False, left_out: int = 0
    ) -> Drawing:
        titles = {key: self._texts(key) for key in keys}
        heights = {key: max(60, LINE_HEIGHT * len(texts) + 22) for key, texts in titles.items()}
        size = Size(self.options.width, self.options.box, heights=heights, marked=self.options.faults.keys())
        layout = lay_out(keys, [(edge.one, edge.other) for edge in edges], size, has_start=has_start)
        return Drawing(
            label,
            layout.width + 2 * EDGE,
            layout.height + EDGE,
            [self._node(key, layout.boxes[key], titles[key]) for key in keys],
            _strokes(edges, layout),
            [*self.entries.values()],
            layout.crossings,
            is_wide=layout.width > self.options.width,
            left_out=left_out,
        )

    def _entry(self, scene: Scene, unreached: Collection[str], endless: Collection[str]) -> Entry:
        states = ["start"] if self.numbers[scene.key] == 1 else []
        states += [ENDINGS.get(scene.outcome, ENDINGS[""])] if scene.is_ending else []
        states += ["no way here"] if scene.key in unreached else []
        states += ["never ends"] if scene.key in endless else []
        leads = ", ".join(self._leads(choice) for choice in scene.choices)
        return Entry(
            scene.key,
            str(self.numbers[scene.key]),
            scene.title,
            self.options.address(scene.key),
            scene.key == self.options.here,
            states,
            self.options.faults.get(scene.key, Faults()).tags,
            f"to {leads}" if leads else "",
        )

    def _leads(self, choice: Choice) -> str:
        target = str(self.numbers.get(choice.target, "nowhere"))
        return f"{target} else {self.numbers[choice.otherwise]}" if choice.otherwise in self.numbers else target

    def _texts(self, key: str) -> list[tuple[str, str]]:
        """Lines of text in a box, each with its style: the title, then how the scene stands."""
        room = self.options.box - 2 * MARGIN
        entry = self.entries[key]
        title = [(line, "") for line in wrapped(entry.title, room, LINES)]
        return title + [(line, "state") for state in entry.states for line in wrapped(state, room, 2)]

    def _node(self, key: str, box: Box, texts: Sequence[tuple[str, str]]) -> Node:
        entry, scene = self.entries[key], self.scenes[key]
        styles = ["end"] if scene.is_ending else []
        styles += [
            style for state, style in (("no way here", "lost"), ("never ends", "endless")) if state in entry.states
        ]
        mark = self.options.faults.get(key, Faults()).level
        styles += ["fault"] if mark == "error" else []
        first = (box.height - LINE_HEIGHT * len(texts)) // 2 + 15
        return Node(
            entry,
            box,
            " ".join(["sl-node", *(f"sl-node--{style}" for style in styles)]),
            "30" if scene.is_ending else "8",
            [Text(str(first + LINE_HEIGHT * number), *text) for number, text in enumerate(texts)],
            mark,
        )


def _edges_of(scene: Scene, scenes: Collection[str]) -> Iterator[_Arrow]:
    """One for each choice, and a second one for where it leads otherwise; none for what is not there."""
    for choice in scene.choices:
        if choice.target in scenes:
            yield _Arrow(scene.key, choice.target, choice.rating if choice.rating in WORDS else "unrated")
        if choice.otherwise in scenes:
            yield _Arrow(scene.key, choice.otherwise, "otherwise")


def _strokes(edges: Sequence[_Arrow], layout: Layout) -> list[Stroke]:
    """The lines by their kinds; the three ratings are always told."""
    ways = list(zip(edges, layout.ways, strict=True))
    return [
        Stroke(
            style,
            words,
            "".join(path(way) for edge, way in ways if way and edge.style == style),
            "".join(tip(way) for edge, way in ways if way and edge.style == style),
        )
        for style, words in WORDS.items()
        if style in ("best", "acceptable", "poor") or any(edge.style == style for edge in edges)
    ]


def _unreached(case: CaseDocument) -> Collection[str]:
    """Scenes to which no way leads: by all rules where they can be asked, else by the lines alone."""
    scenes = {scene.key for scene in case.scenes}
    if scenes and all(leads_somewhere(choice, scenes) for scene in case.scenes for choice in scene.choices):
        try:
            return graph_of(case).unreachable()
        except TooManyStatesError:
            pass
    return _without_rules(case).unreachable()


def _endless(case: CaseDocument) -> Collection[str]:
    """Scenes from which no line leads on to an ending, nor to a choice that leads nowhere yet."""
    return _without_rules(case).endless()


def _without_rules(case: CaseDocument) -> Graph:
    """The lines alone; what leads nowhere yet leads to an ending without a name."""
    scenes = {scene.key for scene in case.scenes}
    edges: dict[str, tuple[Edge, ...]] = {NOWHERE: ()}
    for scene in case.scenes:
        targets = [choice.target if choice.target in scenes else NOWHERE for choice in scene.choices]
        targets += [choice.otherwise for choice in scene.choices if choice.otherwise in scenes]
        edges[scene.key] = tuple(Edge(f"{number}", target) for number, target in enumerate(targets))
    return Graph(case.scenes[0].key if case.scenes else NOWHERE, edges)
