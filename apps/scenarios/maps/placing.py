"""How far from the left each place of a row stands, once the order is settled. Imports no Django.

Least squares, row by row: each place wants to stand at the middle of what it is joined to, lines more than boxes, so
that long ones become straight; neighbours that would change places or touch share what they want.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from apps.scenarios.maps.ordering import Net, Rows

WEIGHTS = (1.0, 3.0, 12.0)  # of what joins two boxes, a box and a line, two pieces of a line
ROUNDS, LAST_ROUNDS = 4, 4  # by what stands above or below, then by both
FREE = 12  # between two boxes
FREE_OF_LINES = 8  # between a line and what stands beside it

Joined = list[list[tuple[int, float]]]


@dataclass(frozen=True)
class Extent:
    """How far a place reaches to the left and to the right of its middle."""

    left: float
    right: float
    is_line: bool = False


def needed(row: Sequence[int], extents: Sequence[Extent]) -> float:
    """The width of a row without a gap more than must be."""
    offsets = _offsets(row, extents)
    return extents[row[0]].left + offsets[-1] + extents[row[-1]].right


def placed(rows: Rows, net: Net, extents: Sequence[Extent], width: float) -> list[float]:
    """The middle of each place. No row may need more than the width."""
    above, below = _joined(net.above, extents), _joined(net.below, extents)
    both = [[*up, *down] for up, down in zip(above, below, strict=True)]
    fitted = [_Row(row, _offsets(row, extents), extents, width) for row in rows]
    xs = [0.0] * len(extents)
    for row in fitted:
        row.centre(xs)
    for number in range(ROUNDS + LAST_ROUNDS):
        _settle(fitted, above if number < ROUNDS else both, xs)
        _settle(reversed(fitted), below if number < ROUNDS else both, xs)
    _straighten(fitted, net, xs)
    return xs


@dataclass(frozen=True)
class _Row:
    places: Sequence[int]
    offsets: Sequence[float]  # of the middles from the first one's, when all stand close together
    extents: Sequence[Extent]
    width: float

    def centre(self, xs: list[float]) -> None:
        first, last = self.extents[self.places[0]], self.extents[self.places[-1]]
        begin = first.left + (self.width - first.left - self.offsets[-1] - last.right) / 2
        for place, offset in zip(self.places, self.offsets, strict=True):
            xs[place] = begin + offset

    def move(self, wanted: Iterable[tuple[float, float]], xs: list[float]) -> None:
        """Each to where it wants, with its weight: those that would be too close go together to their mean."""
        groups: list[tuple[float, float, int]] = []
        for (want, weight), offset in zip(wanted, self.offsets, strict=True):
            at, number = want - offset, 1
            while groups and groups[-1][0] > at:
                before, other, size = groups.pop()
                at = (at * weight + before * other) / (weight + other)
                weight, number = weight + other, number + size
            groups.append((at, weight, number))
        lowest = self.extents[self.places[0]].left
        highest = max(lowest, self.width - self.extents[self.places[-1]].right - self.offsets[-1])
        starts = (min(max(at, lowest), highest) for at, _, number in groups for _ in range(number))
        for place, start, offset in zip(self.places, starts, self.offsets, strict=True):
            xs[place] = start + offset

    def free(self, number: int, xs: Sequence[float]) -> tuple[float, float]:
        """From where to where one place can stand between its neighbours."""
        extent, offset = self.extents[self.places[number]], self.offsets[number]
        lowest, highest = extent.left, self.width - extent.right
        if number:
            lowest = xs[self.places[number - 1]] + offset - self.offsets[number - 1]
        if number + 1 < len(self.places):
            highest = xs[self.places[number + 1]] - (self.offsets[number + 1] - offset)
        return lowest, highest


def _settle(rows: Iterable[_Row], joined: Joined, xs: list[float]) -> None:
    for row in rows:
        wanted = []
        for place in row.places:
            total, weight = 0.0, 0.0
            for other, force in joined[place]:
                total += xs[other] * force
                weight += force
            wanted.append((total / weight, weight) if weight else (xs[place], 0.1))
        row.move(wanted, xs)


def _straighten(rows: Sequence[_Row], net: Net, xs: list[float]) -> None:
    """Pieces of a line that pass rows one after another stand above each other, as many as find a place in common."""
    at = {place: (row, number) for row in rows for number, place in enumerate(row.places)}
    extents = rows[0].extents
    for first in [place for place in at if extents[place].is_line and not extents[net.above[place][0]].is_line]:
        run: list[int] = []
        low, high, place = float("-inf"), float("inf"), first
        while extents[place].is_line:
            row, number = at[place]
            lowest, highest = row.free(number, xs)
            if run and max(low, lowest) > min(high, highest):
                _align(run, low, high, xs)
                run, low, high = [], float("-inf"), float("inf")
            run.append(place)
            low, high, place = max(low, lowest), min(high, highest), net.below[place][0]
        _align(run, low, high, xs)


def _align(run: Sequence[int], low: float, high: float, xs: list[float]) -> None:
    middle = max(min(sum(xs[place] for place in run) / len(run), high), low)
    for place in run:
        xs[place] = middle


def _offsets(row: Sequence[int], extents: Sequence[Extent]) -> list[float]:
    offsets = [0.0]
    for left, right in pairwise([extents[place] for place in row]):
        free = FREE_OF_LINES if left.is_line or right.is_line else FREE
        offsets.append(offsets[-1] + left.right + free + right.left)
    return offsets


def _joined(ends: Sequence[Sequence[int]], extents: Sequence[Extent]) -> Joined:
    """What each place is joined to, with how strongly."""
    return [
        [(end, WEIGHTS[extents[place].is_line + extents[end].is_line]) for end in found]
        for place, found in enumerate(ends)
    ]
