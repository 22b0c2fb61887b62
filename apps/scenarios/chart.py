"""The gauges along a walk as a line chart: where its points and labels stand. Imports no Django."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import ClassVar

WIDTH, HEIGHT = 400, 162  # of the drawing, in its own units
LEFT, RIGHT, TOP, BOTTOM = 34, 226, 20, 120  # the plot in it
LEVELS = (0, 50, 100)  # the values with a line across the plot
HALF_A_LETTER = 4  # by which a label stands lower than what it names, so that both have one middle
LOWEST_LABEL = BOTTOM + 8
LABEL_GAP = 17  # between the labels at the ends of the lines
MARKS = {  # a line's style and the mark at its points: colour is never all that tells two lines apart
    "a": "M4.5 0A4.5 4.5 0 1 1 -4.5 0A4.5 4.5 0 1 1 4.5 0Z",  # solid, a circle
    "b": "M-4-4H4V4H-4Z",  # dashed, a square
    "c": "M0-5.5L5 4H-5Z",  # dotted, a triangle
    "d": "M0-6L6 0L0 6L-6 0Z",  # long dashes, a diamond
}


@dataclass(frozen=True)
class Point:
    """A value on the chart."""

    x: float
    y: float


@dataclass(frozen=True)
class Line:
    """One gauge: its points, and its label at the end."""

    style: str
    name: str
    points: tuple[Point, ...]
    last: int
    label_y: float

    @property
    def mark(self) -> str:
        """The shape at each of its points, as a path around 0, 0."""
        return MARKS[self.style]

    @property
    def polyline(self) -> str:
        return " ".join(f"{point.x:g},{point.y:g}" for point in self.points)


@dataclass(frozen=True)
class Tick:
    """A decision on the horizontal axis, with the value of each gauge after it."""

    x: float
    label: str
    values: tuple[int, ...]


@dataclass(frozen=True)
class Level:
    """A line across the plot at a value, and the height of its label."""

    value: int
    y: int
    label_y: int


@dataclass(frozen=True)
class Chart:
    """Up to four gauges over the decisions of a walk, and where what stands around them is."""

    view_box: ClassVar[str] = f"0 0 {WIDTH} {HEIGHT}"
    left: ClassVar[int] = LEFT
    right: ClassVar[int] = RIGHT
    middle: ClassVar[int] = (LEFT + RIGHT) // 2
    level_label_x: ClassVar[int] = LEFT - 8  # where it ends
    line_label_x: ClassVar[int] = RIGHT + 10
    tick_label_y: ClassVar[int] = BOTTOM + 20
    title_y: ClassVar[int] = HEIGHT - 4

    lines: tuple[Line, ...]
    ticks: tuple[Tick, ...]
    levels: tuple[Level, ...]


def draw(gauges: Sequence[tuple[str, Sequence[int]]]) -> Chart:
    """The chart of gauges, each a name and its values (0 to 100) from the start to after the last decision."""
    steps = max(len(values) for _, values in gauges) - 1
    xs = [LEFT + (RIGHT - LEFT) * number / max(steps, 1) for number in range(steps + 1)]
    ends = _spread([_height(values[-1]) + HALF_A_LETTER for _, values in gauges])
    lines = tuple(
        Line(
            style,
            name,
            tuple(Point(round(x, 1), round(_height(value), 1)) for x, value in zip(xs, values, strict=True)),
            values[-1],
            round(end, 1),
        )
        for style, (name, values), end in zip(MARKS, gauges, ends, strict=False)
    )
    ticks = tuple(
        Tick(round(x, 1), str(number) if number else "start", tuple(values[number] for _, values in gauges))
        for number, x in enumerate(xs)
    )
    heights = [(value, int(_height(value))) for value in LEVELS]
    return Chart(lines, ticks, tuple(Level(value, y, y + HALF_A_LETTER) for value, y in heights))


def _height(value: int) -> float:
    return BOTTOM - (BOTTOM - TOP) * value / 100


def _spread(heights: Sequence[float]) -> list[float]:
    """The heights of labels, moved apart where they would touch, and up where they would leave the drawing."""
    order = sorted(range(len(heights)), key=lambda index: heights[index])
    spread = list(heights)
    for before, after in pairwise(order):
        spread[after] = max(spread[after], spread[before] + LABEL_GAP)
    lowest = float(LOWEST_LABEL)
    for index in reversed(order):
        spread[index] = min(spread[index], lowest)
        lowest = spread[index] - LABEL_GAP
    return spread
