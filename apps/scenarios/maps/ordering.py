"""In which order the places of each row stand, so that few lines cross. Imports no Django."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

SWEEPS = 24  # through all rows, at the most
PATIENCE = 6  # sweeps that make nothing better, before one gives up
EXCHANGES = 4  # rounds in which neighbours change places

Rows = list[list[int]]


@dataclass(frozen=True)
class Net:
    """Places, of boxes and of lines that pass a row, with those next to them in the rows above and below."""

    above: Sequence[Sequence[int]]
    below: Sequence[Sequence[int]]


def ordered(rows: Rows, net: Net) -> Rows:
    """The rows with their places in order: the best of some sweeps from the top and from the bottom."""
    if all(len(row) == 1 for row in rows):
        return rows
    found = (_swept(rows, net, is_down=True), _swept([row[::-1] for row in rows], net, is_down=False))
    return min((_exchanged(one, net) for one in found), key=lambda one: crossings(one, net))


def crossings(rows: Rows, net: Net) -> int:
    """How many pairs of lines cross between two rows, summed up."""
    total = 0
    for upper, lower in pairwise(rows):
        place = {one: number for number, one in enumerate(lower)}
        seen: list[int] = []
        for end in [end for one in upper for end in sorted([place[other] for other in net.below[one]])]:
            at = bisect_right(seen, end)
            total += len(seen) - at
            seen.insert(at, end)
    return total


def _swept(rows: Rows, net: Net, *, is_down: bool) -> Rows:
    """Each row in the order of the middles of what it is joined to, from the top or from the bottom in turn."""
    rows = [list(row) for row in rows]
    best, fewest, tries = [list(row) for row in rows], crossings(rows, net), 0
    place = _places(rows)
    for _ in range(SWEEPS):
        if not fewest or tries == PATIENCE:
            break
        for row in rows if is_down else reversed(rows):
            _sort(row, net.above if is_down else net.below, place)
        number = crossings(rows, net)
        if number < fewest:
            best, fewest, tries = [list(row) for row in rows], number, 0
        else:
            tries += 1
        is_down = not is_down
    return best


def _sort(row: list[int], joined: Sequence[Sequence[int]], place: dict[int, float]) -> None:
    def middle(one: int) -> float:
        ends = joined[one]
        return sum([place[end] for end in ends]) / len(ends) if ends else place[one]

    if len(row) > 1:
        row.sort(key=middle)
    for number, one in enumerate(row):
        place[one] = (number + 0.5) / len(row)


def _places(rows: Rows) -> dict[int, float]:
    return {one: (number + 0.5) / len(row) for row in rows for number, one in enumerate(row)}


def _exchanged(rows: Rows, net: Net) -> Rows:
    """Neighbours change places where fewer lines cross then, until nothing gets better."""
    place = _places(rows)
    for _ in range(EXCHANGES):
        is_better = False
        for row in rows:
            for number in range(len(row) - 1):
                left, right = row[number], row[number + 1]
                if _gain(left, right, net, place) > 0:
                    row[number], row[number + 1] = right, left
                    place[left], place[right] = place[right], place[left]
                    is_better = True
        if not is_better:
            break
    return rows


def _gain(left: int, right: int, net: Net, place: dict[int, float]) -> int:
    """How many crossings fewer there are when two neighbours change places."""
    gain = 0
    for joined in (net.above, net.below):
        ends = [place[end] for end in joined[right]]
        for one in [place[end] for end in joined[left]]:
            for other in ends:
                gain += (one > other) - (one < other)
    return gain
