"""Where the boxes of a map stand, and which way each line takes. Imports no Django.

Boxes stand in rows, below what leads to them. Lines leave at the bottom of a box and arrive at its top, each at a place
of its own, in the order of where they go: between two rows as curves, through a row upright, at a place that is kept
for them. What leads back, or very far, goes round the side. So no line touches a box but its own two.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate, pairwise

from apps.scenarios.maps.layering import LINE, Pair, Room, Ways, backward, rows_of
from apps.scenarios.maps.ordering import Net, Rows, crossings, ordered
from apps.scenarios.maps.placing import FREE, Extent, needed, placed
from apps.scenarios.maps.routing import LOOP, Box, Hall, Line, Way, routed

FAR = 12  # rows; what leads farther goes round the side

Edge = tuple[str, str]


@dataclass(frozen=True)
class Size:
    """What is given: in points."""

    width: int  # of the map; it grows where that is not enough
    box: int  # the width of each
    height: int = 60  # of a box
    heights: Mapping[str, int] = field(default_factory=dict)  # of those that are higher
    marked: Collection[str] = ()  # those with a mark at their upper right corner


@dataclass(frozen=True)
class Layout:
    """A map: its boxes by their keys, and the way of each edge in their order, empty for one that leads nowhere."""

    width: int
    height: int
    boxes: Mapping[str, Box]
    ways: tuple[Way, ...]
    crossings: int  # of lines between rows


def lay_out(keys: Sequence[str], edges: Sequence[Edge], size: Size, *, has_start: bool = True) -> Layout:
    """The map of boxes and what leads from one to another. The first is the start, and stands on top, if there is one.

    Several edges between two boxes are several lines; an edge to or from what is no box has no way.
    """
    if not keys:
        return Layout(size.width, 0, {}, tuple(() for _ in edges), 0)
    numbers = {key: number for number, key in enumerate(keys)}
    ends = [(numbers[one], numbers[other]) if {one, other} <= numbers.keys() else None for one, other in edges]
    plan = _Plan(len(keys), tuple(pair for pair in ends if pair), size, has_start)
    marked = {numbers[key] for key in size.marked if key in numbers}
    hall = Hall(plan.rows, plan.row_heights(keys), plan.xs, size.box, plan.width, marked)
    boxes, ways, extent = routed(hall, plan.lines())
    way = iter(ways)
    return Layout(
        extent[0],
        extent[1],
        {key: boxes[number] for number, key in enumerate(keys)},
        tuple(next(way) if pair else () for pair in ends),
        crossings(plan.places, plan.net),
    )


@dataclass(frozen=True)
class _Plan:
    """From pairs of boxes to places in rows. Places are numbers: first the boxes, then what lines pass."""

    count: int
    pairs: tuple[Pair, ...]
    size: Size
    has_start: bool

    @cached_property
    def counts(self) -> Mapping[Pair, int]:
        return Counter(pair for pair in self.pairs if pair[0] != pair[1])

    @cached_property
    def loops(self) -> Mapping[int, int]:
        return Counter(one for one, other in self.pairs if one == other)

    @cached_property
    def ways(self) -> Ways:
        back = backward(self.count, self.counts) | {pair for pair in self.counts if self.has_start and not pair[1]}
        return Ways(self.count, {pair: number for pair, number in self.counts.items() if pair not in back})

    @cached_property
    def rows(self) -> Rows:
        """Of boxes only, from the top: they leave room beside them for what goes round the side."""
        rows = self._rows_within(self.size.width)
        aside = min(self._width_aside(_row_of(rows)), self.size.width // 20)
        return self._rows_within(self.size.width - aside) if aside else rows

    @cached_property
    def row_of(self) -> Mapping[int, int]:
        return _row_of(self.rows)

    @cached_property
    def chains(self) -> Mapping[Pair, list[int]]:
        """The places that lines pass between two boxes, and those two. What is not in here goes round the side."""
        chains, place = {}, self.count
        for one, other in self.ways.lines:
            between = self.row_of[other] - self.row_of[one] - 1
            if between < FAR:
                chains[one, other] = [one, *range(place, place + between), other]
                place += between
        return chains

    @cached_property
    def net(self) -> Net:
        number = max((max(chain[1:-1], default=0) for chain in self.chains.values()), default=0) + 1
        above: list[list[int]] = [[] for _ in range(max(self.count, number))]
        below: list[list[int]] = [[] for _ in above]
        for chain in self.chains.values():
            for upper, lower in pairwise(chain):
                below[upper].append(lower)
                above[lower].append(upper)
        return Net(above, below)

    @cached_property
    def places(self) -> Rows:
        """Of boxes and lines, in order."""
        rows = [list(row) for row in self.rows]
        for (one, _), chain in self.chains.items():
            for number, place in enumerate(chain[1:-1], start=self.row_of[one] + 1):
                rows[number].append(place)
        return ordered(rows, self.net)

    @cached_property
    def extents(self) -> list[Extent]:
        half = self.size.box / 2
        extents = [Extent(half, half + LOOP * self.loops.get(box, 0)) for box in range(len(self.net.above))]
        for pair, chain in self.chains.items():
            reach = (self.counts[pair] - 1) * LINE / 2 + 1
            for place in chain[1:-1]:
                extents[place] = Extent(reach, reach, is_line=True)
        return extents

    @cached_property
    def width(self) -> int:
        """Without what goes round the sides."""
        rows = (needed(row, self.extents) for row in self.places)
        aside = self._width_aside(self.row_of)
        return round(max(self.size.width - aside - LINE * bool(aside), *rows))  # one more, where both sides have some

    @cached_property
    def xs(self) -> list[float]:
        return placed(self.places, self.net, self.extents, self.width)

    def row_heights(self, keys: Sequence[str]) -> list[int]:
        heights = [self.size.heights.get(key, self.size.height) for key in keys]
        return [max(heights[box] for box in row) for row in self.rows]

    def lines(self) -> list[Line]:
        """One for each pair."""
        seen: Counter[Pair] = Counter()
        lines = []
        for one, other in self.pairs:
            number, count = seen[one, other], self.counts.get((one, other), 1)
            seen[one, other] += 1
            chain = self.chains.get((one, other), ())
            xs = tuple(self.xs[place] + (number - (count - 1) / 2) * LINE for place in chain[1:-1])
            lines.append(Line(one, other, number, xs, is_aside=not chain))
        return lines

    def _rows_within(self, width: int) -> Rows:
        return rows_of(self.ways, Room(width + FREE, self.size.box + FREE), has_start=self.has_start)

    def _width_aside(self, row_of: Mapping[int, int]) -> int:
        """What the lines take that run round the side, where most of them run beside each other."""
        changes: Counter[int] = Counter()
        for (one, other), number in self.counts.items():
            upper, lower = sorted((row_of[one], row_of[other]))
            if (one, other) not in self.ways.lines or lower - upper > FAR:
                changes[upper] += number
                changes[lower + 2] -= number  # two that meet end to end need two, too
        return LINE * max(accumulate(changes[row] for row in sorted(changes)), default=0)


def _row_of(rows: Rows) -> dict[int, int]:
    return {box: number for number, row in enumerate(rows) for box in row}
