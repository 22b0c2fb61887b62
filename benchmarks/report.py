"""What was measured, in Markdown."""

import datetime
import math
import os
import platform
from dataclasses import dataclass, field

from django.db import connection

from benchmarks import memory
from benchmarks.growth import AIM, SECONDS, Grown, Growth
from benchmarks.load import Sample
from benchmarks.memory import Memory
from benchmarks.rounds import USUAL, Line, Plan, together
from benchmarks.targets import Target

PAGES = (
    *("Page", "Connections", "Requests/s", "p50 ms", "p95 ms"),
    *("Bare, requests/s", "Ratio", "CPU ms", "CPU ratio"),
)
AIMS = ("Page", "CPU ms", "Stock, CPU ms", "Part of stock", "Aim", "", "Statements", "Aim", "")
GROWTH = ("Page", "p50 ms", "With much data", "Times", "", "CPU ms", "With much data", "Times")


@dataclass
class Measured:
    """Everything."""

    plan: Plan
    statements: dict[str, list[int]]  # of each page: all of them, also those for session and person
    load_before: float
    lines: list[Line] = field(default_factory=list)
    memory: list[Memory] = field(default_factory=list)  # of workers, after each round
    growth: Growth | None = None
    memory_with_much: list[Memory] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def total(self) -> Sample:
        """All samples as one."""
        samples = [sample for line in self.lines for sample in line.samples]
        pages = self.growth.pages if self.growth else []
        return together([*samples, *(sample for page in pages for sample in page.samples)])


def errors_of(measured: Measured) -> list[str]:
    """All that went wrong."""
    return measured.total.errors


def report(measured: Measured) -> str:
    """Everything in Markdown."""
    parts = [_head(measured), _pages(measured), _aims(measured), _growth(measured), _notes(measured)]
    return "\n\n".join(filter(None, parts))


def _head(measured: Measured) -> str:
    plan, version = measured.plan, ".".join(str(part) for part in connection.get_database_version())
    return "\n".join(
        [
            f"### {connection.display_name} {version}",
            "",
            f"{datetime.date.today():%-d %B %Y}, {os.cpu_count()} cores, {_system()}, "
            f"Python {platform.python_version()}; rounds: {plan.rounds} of {plan.seconds} s; load average before: "
            f"{measured.load_before:.1f}; in all {measured.seconds:.0f} s. Errors: {len(measured.total.errors)}.",
        ]
    )


def _pages(measured: Measured) -> str:
    first = measured.plan.connections[0]
    rows: list[tuple[object, ...]] = [
        (
            *(line.target.name if line.connections == first else "", line.connections, f"{line.page.rate:.0f}"),
            *(f"{line.page.percentile(0.5):.1f}", f"{line.page.percentile(0.95):.1f}", f"{line.bare.rate:.0f}"),
            *(_percent(line.rate_part), f"{line.cost:.1f}", _percent(line.cost_part)),
        )
        for line in measured.lines
    ]
    return _table(PAGES, rows)


def _aims(measured: Measured) -> str:
    """Each page at the usual connections beside the stock bare view, and its statements beside session and person."""
    rows: list[tuple[object, ...]] = []
    for line in measured.lines:
        if line.has_stock and (aim := line.target.aim):
            counts = beside_session(line.target, measured.statements)
            also = f" ({line.target.also[0]}: {counts[1]})" if line.target.also else ""
            most = aim.statements
            rows.append(
                (
                    *(line.target.name, f"{line.cost:.1f}", f"{line.stock_cost:.1f}", _percent(line.stock_part)),
                    *(f"{aim.part:.0%}", verdict(line.stock_part >= aim.part, line.stock_part)),
                    *(f"{counts[0]}{also}", most or "", verdict(counts[0] <= most) if most else ""),
                )
            )
    return _table(AIMS, rows)


def beside_session(target: Target, statements: dict[str, list[int]]) -> list[int]:
    """A page's statements without those for session and person, which are all that the bare view has."""
    known = 0 if target.is_public else statements["bare view"][0]
    return [count - known for count in statements[target.name]]


def verdict(is_met: bool, measured: float = 0.0) -> str:
    """Whether an aim is met; where nothing could be measured nobody knows."""
    return "unknown" if math.isnan(measured) else "met" if is_met else "MISSED"


def _growth(measured: Measured) -> str:
    if not measured.growth:
        return ""
    rows = [_grown(page) for page in measured.growth.pages]
    words = (
        f"With little data, and with that of `make_load_data` (stored in {measured.growth.seconds:.0f} s); rounds: "
        f"{measured.plan.growth_rounds} of {SECONDS} s at {USUAL} connections; aim: at most {AIM} times."
    )
    return f"{words}\n\n{_table(GROWTH, rows)}"


def _grown(page: Grown) -> tuple[object, ...]:
    little, much = page.little, page.much
    return (
        *(little.target.name, f"{little.page.percentile(0.5):.1f}", f"{much.page.percentile(0.5):.1f}"),
        *(f"{page.times:.2f}", verdict(page.times <= AIM, page.times)),
        *(f"{little.cost:.1f}", f"{much.cost:.1f}", f"{page.cost_times:.2f}"),
    )


def _notes(measured: Measured) -> str:
    bare, stock = (measured.statements[name][0] for name in ("bare view", "stock bare view"))
    notes = [
        f"- The bare view takes {bare} statements, the stock bare view {stock}.",
        f"- Memory of a worker, the largest after a round: {memory.told(measured.memory)}.",
    ]
    if measured.growth:
        notes.append(f"- The same at the end, with much data: {memory.told(measured.memory_with_much)}.")
    notes.append(f"- The load generator took {measured.total.own_share:.0%} of one core.")
    return "\n".join([*notes, *measured.notes])


def _table(columns: tuple[str, ...], rows: list[tuple[object, ...]]) -> str:
    lines = [f"| {' | '.join(columns)} |", f"|---|{'--:|' * (len(columns) - 1)}"]
    return "\n".join([*lines, *(f"| {' | '.join(map(str, row))} |" for row in rows)])


def _percent(part: float) -> str:
    return "unknown" if math.isnan(part) else f"{part:.0%}"


def _system() -> str:
    """`Debian 12`."""
    try:
        release = platform.freedesktop_os_release()
    except OSError:
        return platform.system()
    return f"{release.get('ID', '').capitalize()} {release.get('VERSION_ID', '')}".strip()
