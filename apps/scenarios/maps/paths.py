"""Ways as SVG writes them. Imports no Django."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from apps.scenarios.maps.routing import Point, Way

TIP, HALF = 8, 5  # the length of a line's tip, and half of its width
ROUND = 7  # the radius of a corner


def path(way: Way) -> str:
    """A line to the foot of its tip: upright, level, or curved between two heights."""
    points = [*way[:-1], _before(way[-2], way[-1])]
    return f"M{points[0][0]} {points[0][1]}" + "".join(_steps(points))


def tip(way: Way) -> str:
    """A triangle that points where the line ends."""
    x, y = way[-1]
    if way[-2][1] == y:  # from the right, into the side of a box
        return f"M{x + TIP} {y - HALF}v{2 * HALF}l-{TIP}-{HALF}z"
    return f"M{x - HALF} {y - TIP}h{2 * HALF}l-{HALF} {TIP}z"


def _steps(points: list[Point]) -> Iterator[str]:
    for place, (one, other) in enumerate(pairwise(points), start=1):
        if one[0] != other[0] and one[1] != other[1]:
            middle = (one[1] + other[1]) // 2
            yield f"C{one[0]} {middle} {other[0]} {middle} {other[0]} {other[1]}"
        elif place + 1 < len(points) and _is_corner(one, other, points[place + 1]):
            begin, end = _towards(other, one), _towards(other, points[place + 1])
            yield f"L{begin[0]} {begin[1]}Q{other[0]} {other[1]} {end[0]} {end[1]}"
        else:
            yield f"V{other[1]}" if one[0] == other[0] else f"H{other[0]}"


def _is_corner(one: Point, corner: Point, other: Point) -> bool:
    return (one[0] == corner[0] and corner[1] == other[1]) or (one[1] == corner[1] and corner[0] == other[0])


def _towards(corner: Point, other: Point) -> Point:
    """A little way from a corner."""
    x, y = other[0] - corner[0], other[1] - corner[1]
    far = min(ROUND, (abs(x) + abs(y)) // 2)
    return corner[0] + _sign(x) * far, corner[1] + _sign(y) * far


def _before(one: Point, end: Point) -> Point:
    """Where the tip of a line begins."""
    return end[0] - _sign(end[0] - one[0]) * (TIP - 1), end[1] - _sign(end[1] - one[1]) * (TIP - 1)


def _sign(number: int) -> int:
    return (number > 0) - (number < 0)
