"""Which row of a map each box stands in. Imports no Django.

Boxes are numbers, in the order in which they were given; the first may be the start.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

LINE = 9  # from one line to the next, where they run side by side

Pair = tuple[int, int]


@dataclass(frozen=True)
class Ways:
    """Boxes and the lines between two of them, all downwards: no box can be reached again."""

    count: int
    lines: Mapping[Pair, int]  # how many, from one box to another

    @cached_property
    def onward(self) -> list[list[int]]:
        return neighbours(self.count, self.lines)

    @cached_property
    def arrivals(self) -> list[list[int]]:
        return neighbours(self.count, ((after, box) for box, after in self.lines))

    @cached_property
    def heights(self) -> list[int]:
        """How many rows at least are needed below each box."""
        heights = [0] * self.count
        for box in reversed(self._in_turn()):
            heights[box] = max((heights[after] + 1 for after in self.onward[box]), default=0)
        return heights

    def reached_from(self, box: int) -> set[int]:
        return _spread([box], self.onward)

    def leading_to(self, boxes: Collection[int]) -> set[int]:
        return _spread(boxes, self.arrivals)

    def _in_turn(self) -> list[int]:
        """Each box after all those that lead to it."""
        waiting = [len(arrivals) for arrivals in self.arrivals]
        turn = [box for box in range(self.count) if not waiting[box]]
        for box in turn:  # which grows
            turn += _released(box, self.onward, waiting)
        return turn


@dataclass(frozen=True)
class Room:
    """How much there is side by side, in points."""

    width: int
    box: int  # with what is left free beside it


def beside(lines: int) -> int:
    """What lines between the same two boxes take of a row that they pass."""
    return LINE + LINE * lines


def neighbours(count: int, pairs: Iterable[Pair]) -> list[list[int]]:
    """For each box the boxes to which it leads."""
    found: list[list[int]] = [[] for _ in range(count)]
    for box, after in pairs:
        found[box].append(after)
    return found


def backward(count: int, pairs: Iterable[Pair]) -> set[Pair]:
    """Those that lead back to where a search from the first box, then from the next, has come from."""
    onward = neighbours(count, pairs)
    found: set[Pair] = set()
    done: set[int] = set()
    for root in range(count):
        under_way: dict[int, Iterator[int]] = {} if root in done else {root: iter(onward[root])}
        while under_way:
            box = next(reversed(under_way))
            after = next(under_way[box], None)
            if after is None:
                done.add(box)
                del under_way[box]
            elif after in under_way:
                found.add((box, after))
            elif after not in done:
                under_way[after] = iter(onward[after])
    return found


def rows_of(ways: Ways, room: Room, *, has_start: bool) -> list[list[int]]:
    """The boxes of each row, from the top: below all that lead to them, as many side by side as there is room for.

    The start stands alone; what neither comes from it nor leads to where it comes stands below all that does.
    """
    near = ways.leading_to(ways.reached_from(0)) if has_start else set(range(ways.count))
    rows = [*_filled(ways, room, near, has_start=has_start)]
    return _pulled_down(rows, ways, room, first=int(has_start))


def _filled(ways: Ways, room: Room, near: set[int], *, has_start: bool) -> Iterator[list[int]]:
    waiting = [len(arrivals) for arrivals in ways.arrivals]
    free = [box for box in range(ways.count) if not waiting[box]]
    passing: dict[int, int] = {}  # the boxes to which lines from above lead, and what these take
    while free:
        pool = [0] if has_start and not passing and 0 in free else [box for box in free if box in near] or free
        row = _chosen(pool, passing, ways.heights, room)
        yield row
        free = [box for box in free if box not in row]
        for box in row:
            passing.pop(box, None)
            free += _released(box, ways.onward, waiting)
            for after in ways.onward[box]:
                passing[after] = passing.get(after, 0) + beside(ways.lines[box, after])


def _chosen(pool: list[int], passing: Mapping[int, int], heights: Sequence[int], room: Room) -> list[int]:
    """Those on the longest ways first, as many as fit beside the lines that pass, if these take less than half."""
    row: list[int] = []
    left, others = room.width, sum(passing.values())
    for box in sorted(pool, key=lambda box: -heights[box]):
        others -= passing.get(box, 0)
        left -= room.box
        if row and left < min(others, room.width // 2):
            break
        row.append(box)
    return row


def _pulled_down(rows: list[list[int]], ways: Ways, room: Room, first: int) -> list[list[int]]:
    """Boxes that more lines leave than reach move down to what they lead to, where there is room: lines get shorter."""
    row_of = {box: place for place, row in enumerate(rows) for box in row}
    taken = _taken(row_of, ways, room)
    for box in [box for row in reversed(rows[first:]) for box in row]:
        leaving = {after: ways.lines[box, after] for after in ways.onward[box]}
        if sum(leaving.values()) > sum(ways.lines[before, box] for before in ways.arrivals[box]):
            here, own = row_of[box], sum(map(beside, leaving.values()))
            below = range(min(row_of[after] for after in leaving) - 1, here, -1)
            place = next((place for place in below if taken[place] - own + room.box <= room.width), here)
            taken[here] -= room.box
            taken[place] += room.box
            for passed in range(here, place):
                taken[passed] += sum(beside(ways.lines[before, box]) for before in ways.arrivals[box])
                taken[passed + 1] -= own
            row_of[box] = place
    moved: list[list[int]] = [[] for _ in rows]
    for box in (box for row in rows for box in row):
        moved[row_of[box]].append(box)
    return [row for row in moved if row]


def _taken(row_of: Mapping[int, int], ways: Ways, room: Room) -> Counter[int]:
    """What boxes and lines that pass take of each row."""
    taken = Counter({row: number * room.box for row, number in Counter(row_of.values()).items()})
    for (box, after), number in ways.lines.items():
        for row in range(row_of[box] + 1, row_of[after]):
            taken[row] += beside(number)
    return taken


def _spread(boxes: Iterable[int], onward: Sequence[Sequence[int]]) -> set[int]:
    found: set[int] = set()
    waiting = list(boxes)
    while waiting:
        box = waiting.pop()
        if box not in found:
            found.add(box)
            waiting += onward[box]
    return found


def _released(box: int, onward: Sequence[Sequence[int]], waiting: list[int]) -> list[int]:
    """Those of its followers that wait for nothing any more."""
    for after in onward[box]:
        waiting[after] -= 1
    return [after for after in onward[box] if not waiting[after]]
