"""Which way each line of a map takes past its boxes. Imports no Django."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise

from apps.scenarios.maps.layering import LINE

OUT, IN = 6, 14  # how far lines go upright below a row, and above the next, where numbers and marks stand
TRACK = 8  # from one line to the next, where they run level
LOOP = 16  # beside a box, for each line that leads to itself
LEAST, MOST = 38, 88  # of the height between two rows in which lines curve
LEAVING, ARRIVING = 26, 20  # from one line's end at a box to the next, at the most
CORNER, NUMBER, MARK = 22, 42, 28  # kept free at the bottom's ends; at the top's left, at the right of marked boxes
END = 22  # at the right of the others, whose corners may be round

Point = tuple[int, int]
Way = tuple[Point, ...]  # two points at one height are joined level, two above each other upright, others by a curve


@dataclass(frozen=True)
class Box:
    """Where a box stands: its upper left corner, and its size."""

    x: int
    y: int
    width: int
    height: int

    @property
    def bottom(self) -> int:
        return self.y + self.height


@dataclass(frozen=True)
class Line:
    """A line from one box to another, where it passes the rows between them, and where it ends at the two."""

    one: int
    other: int
    number: int  # among those between the same two
    xs: tuple[float, ...]
    is_aside: bool
    lane: int = 0  # the how-manieth round the side: above 0 at the right, below it at the left

    @property
    def is_loop(self) -> bool:
        return self.one == self.other


@dataclass(frozen=True)
class Hall:
    """The rows with their heights, and the middle of each box."""

    rows: Sequence[Sequence[int]]
    heights: Sequence[int]
    xs: Sequence[float]
    box: int
    width: int
    marked: Collection[int]  # boxes with a mark at their upper right corner
    left: int = 0  # where boxes begin, beside what goes round them

    @cached_property
    def row_of(self) -> Mapping[int, int]:
        return {box: number for number, row in enumerate(self.rows) for box in row}


def routed(hall: Hall, lines: Sequence[Line]) -> tuple[dict[int, Box], list[Way], tuple[int, int]]:
    """The boxes, the way of each line, and the width and the height of it all."""
    lines = _beside(hall, lines)
    left, right = (LINE * max([0, *(side * line.lane for line in lines)]) for side in (-1, 1))
    shifted = replace(hall, xs=[x + left for x in hall.xs], left=left, width=hall.width + left)
    lines = [replace(line, xs=tuple(x + left for x in line.xs)) for line in lines]
    router = _Router(shifted, lines)
    return router.boxes, [router.way(number) for number in range(len(lines))], (shifted.width + right, router.height)


def _beside(hall: Hall, lines: Sequence[Line]) -> list[Line]:
    """Lines with a lane of their own for each that goes round the side, short ones next to the boxes."""
    lanes: dict[int, list[tuple[int, int]]] = {}
    found = list(lines)
    aside = [(_span(hall, line), number) for number, line in enumerate(lines) if line.is_aside and not line.is_loop]
    for (top, bottom), number in sorted(aside, key=lambda one: (one[0][1] - one[0][0], one[1])):
        line = lines[number]
        side = 1 if hall.xs[line.one] + hall.xs[line.other] >= hall.width else -1
        lane = side
        while any(top <= end and bottom >= begin for begin, end in lanes.get(lane, ())):
            lane += side
        lanes.setdefault(lane, []).append((top, bottom))
        found[number] = replace(line, lane=lane)
    return found


def _span(hall: Hall, line: Line) -> tuple[int, int]:
    """The gaps above rows, by their numbers, between which it runs beside them."""
    ends = hall.row_of[line.one] + 1, hall.row_of[line.other]
    return min(ends), max(ends)


class _Router:
    """Ends at boxes, levels between rows, and what comes of them."""

    def __init__(self, hall: Hall, lines: Sequence[Line]) -> None:
        self.hall, self.lines = hall, lines
        self.leaving = self._ends(is_leaving=True)
        self.arriving = self._ends(is_leaving=False)
        self.level_out, self.tracks_out = self._levels(is_leaving=True)
        self.level_in, self.tracks_in = self._levels(is_leaving=False)
        self.tops: list[int] = []
        at = IN + TRACK * self.tracks_in[0]
        for row, height in enumerate(hall.heights):
            self.tops.append(at)
            at += height + OUT + TRACK * self.tracks_out[row + 1]
            if row + 1 < len(hall.heights):
                at += self._curved(row + 1) + TRACK * self.tracks_in[row + 1] + IN
        self.height = at

    @cached_property
    def boxes(self) -> dict[int, Box]:
        hall = self.hall
        return {
            box: Box(round(hall.xs[box] - hall.box / 2), self.tops[row], hall.box, hall.heights[row])
            for box, row in hall.row_of.items()
        }

    def way(self, number: int) -> Way:
        line = self.lines[number]
        if line.is_loop:
            return self._loop(line)
        return self._round(number, line) if line.is_aside else self._through(number, line)

    def _loop(self, line: Line) -> Way:
        box = self.boxes[line.one]
        right, middle = box.x + box.width, box.y + box.height // 2
        far = right + LOOP * (line.number + 1) - 4
        reach = min(8 + 10 * line.number, box.height // 2 - 4)
        return (right, middle + reach), (far, middle + reach), (far, middle - reach), (right, middle - reach)

    def _round(self, number: int, line: Line) -> Way:
        row, to_row = self.hall.row_of[line.one], self.hall.row_of[line.other]
        x, to_x = round(self.leaving[number]), round(self.arriving[number])
        lane = (self.hall.width if line.lane > 0 else self.hall.left) + LINE * line.lane
        down = self._bottom(row) + OUT + TRACK * self.level_out[number]
        up = self.tops[to_row] - IN - TRACK * (self.tracks_in[to_row] - 1 - self.level_in[number])
        points = (x, self._bottom(row)), (x, down), (lane, down), (lane, up), (to_x, up)
        return (*points, (to_x, self.tops[to_row]))

    def _through(self, number: int, line: Line) -> Way:
        row = self.hall.row_of[line.one]
        points = [(round(self.leaving[number]), self._bottom(row))]
        for x in (*(round(x) for x in line.xs), round(self.arriving[number])):
            before = points[-1][0]
            if x != before:
                points.append((before, self._bottom(row) + OUT + TRACK * self.tracks_out[row + 1]))
                points.append((x, self.tops[row + 1] - IN - TRACK * self.tracks_in[row + 1]))
            row += 1
        points.append((points[-1][0], self.tops[row]))
        return tuple(points)

    def _bottom(self, row: int) -> int:
        return self.tops[row] + self.hall.heights[row]

    def _ends(self, *, is_leaving: bool) -> dict[int, float]:
        """Where each line leaves its box, or arrives: in the order of where it goes, or comes from."""
        at: dict[int, list[tuple[float, int, int]]] = {}
        for number, line in enumerate(self.lines):
            if not line.is_loop:
                box = line.one if is_leaving else line.other
                at.setdefault(box, []).append((*self._aim(line, is_leaving), number))
        ends: dict[int, float] = {}
        for box, found in at.items():
            numbers = [number for *_, number in sorted(found)]
            ends |= dict(zip(numbers, _spread(self.hall, box, len(numbers), is_leaving), strict=True))
        return ends

    def _aim(self, line: Line, is_leaving: bool) -> tuple[float, int]:
        """What orders a line's end among the others of the box; lanes so that those of one side do not cross there."""
        if line.is_aside:
            is_up = self.hall.row_of[line.other] <= self.hall.row_of[line.one]
            return (float("inf") if line.lane > 0 else float("-inf")), -line.lane if is_up else line.lane
        if line.xs:
            return (line.xs[0] if is_leaving else line.xs[-1]), 0
        return self.hall.xs[line.other if is_leaving else line.one], 0

    def _levels(self, *, is_leaving: bool) -> tuple[dict[int, int], Counter[int]]:
        """The how-manieth level each line round the side takes below its box, or above the other; how many by row."""
        levels: dict[int, int] = {}
        tracks: Counter[int] = Counter()
        ends = self.leaving if is_leaving else self.arriving
        aside = [(line, number) for number, line in enumerate(self.lines) if line.lane]
        for line, number in sorted(aside, key=lambda one: -ends[one[1]] if one[0].lane > 0 else ends[one[1]]):
            row = self.hall.row_of[line.one] + 1 if is_leaving else self.hall.row_of[line.other]
            levels[number] = tracks[row]
            tracks[row] += 1
        if not is_leaving:
            rows = {number: self.hall.row_of[self.lines[number].other] for number in levels}
            levels = {number: tracks[rows[number]] - 1 - level for number, level in levels.items()}
        return levels, tracks

    def _curved(self, row: int) -> int:
        """The height in which lines curve above a row: more where they go far to a side, or where they are many."""
        return self._reach.get(row, LEAST)

    @cached_property
    def _reach(self) -> Mapping[int, int]:
        far: dict[int, float] = {}
        many: Counter[int] = Counter()
        for number, line in enumerate(self.lines):
            if not line.is_aside and not line.is_loop:
                xs = (self.leaving[number], *line.xs, self.arriving[number])
                for row, (x, to_x) in enumerate(pairwise(xs), self.hall.row_of[line.one] + 1):
                    far[row] = max(far.get(row, 0.0), abs(to_x - x))
                    many[row] += abs(to_x - x) > LINE
        return {row: min(MOST, round(LEAST + reach / 12 + many[row])) for row, reach in far.items()}


def _spread(hall: Hall, box: int, number: int, is_leaving: bool) -> Iterable[float]:
    """So many ends at a box, from left to right: about its middle, beside what stands on its frame."""
    left, right = (CORNER, CORNER) if is_leaving else (NUMBER, MARK if box in hall.marked else END)
    room = hall.box - left - right
    step = min(LEAVING if is_leaving else ARRIVING, room / (number - 1)) if number > 1 else 0
    begin = max(left, min(hall.box / 2 - step * (number - 1) / 2, hall.box - right - step * (number - 1)))
    return (hall.xs[box] - hall.box / 2 + begin + step * place for place in range(number))
