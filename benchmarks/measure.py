"""Measure every page beside the bare view, and print Markdown."""

import datetime
import os
import platform
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from benchmarks.load import Connections, Sample
from benchmarks.server import running_server
from benchmarks.world import Ask, Learner, Target, World, calls, in_turn

MAX_QUERIES = 6
TRANSACTION_WORDS = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "ROLLBACK")


@dataclass(frozen=True)
class Plan:
    """How long to measure. `rounds` times each page and the bare view, in turn, for `seconds` each."""

    connections: tuple[int, ...] = (1, 8, 32)
    rounds: int = 4
    seconds: float = 0.8


QUICK = Plan(rounds=1, seconds=0.4)


@dataclass
class Line:
    """A page at a number of connections."""

    target: Target
    connections: int
    page: Sample
    bare: Sample

    @property
    def ratio(self) -> float:
        """The page's throughput as a part of the bare view's."""
        return self.page.rate / self.bare.rate if self.bare.rate else float("nan")


def main(plan: Plan) -> int:
    """Make the world, measure it and print the tables; 1 when an answer was wrong."""
    started = time.monotonic()
    for command in ("createcachetable", "migrate", "collectstatic", "seed"):
        call_command(command, *(["--noinput"] if command == "collectstatic" else []), verbosity=0, stdout=_Nowhere())
    world = World()
    queries = {target.name: _count_queries(target, world.learners[0]) for target in [world.bare(), *world.targets()]}
    load_before = os.getloadavg()[0]
    _say(f"{connection.vendor}: the world is made after {time.monotonic() - started:.0f} s")
    with tempfile.NamedTemporaryFile(prefix="second-look-gunicorn-", suffix=".log") as log:
        host = settings.BASE_URL.removeprefix("https://")
        with running_server(host, Path(log.name)) as address:
            lines = _measure(plan, world, address)
    print(_report(plan, lines, queries, load_before, time.monotonic() - started))
    errors = [error for line in lines for error in [*line.page.errors, *line.bare.errors]]
    for error in errors[:5]:
        _say(error)
    return 1 if errors else 0


def _measure(plan: Plan, world: World, address: tuple[str, int]) -> list[Line]:
    bare = world.bare()
    for target in [bare, *world.targets()]:  # both processes have read the course and compiled the templates
        with Connections(address, 8) as connections:
            _slice(connections, world, target, 0.3)
    lines = []
    for target in world.targets():
        for number in plan.connections:
            line = Line(target, number, Sample(), Sample())
            for turn in range(plan.rounds):
                # The same connections for both: how the two processes share them is the same for both.
                with Connections(address, number) as connections:
                    pair = [(target, line.page), (bare, line.bare)]
                    for one, sample in pair if turn % 2 == 0 else reversed(pair):
                        sample.add(_slice(connections, world, one, plan.seconds))
            lines.append(line)
            _say(f"{target.name}, {number}: {line.page.rate:.0f}/s, {line.ratio:.0%} of the bare view")
    return lines


def _slice(connections: Connections, world: World, target: Target, seconds: float) -> Sample:
    """One stretch of time with one page, and whether all that was acknowledged is stored."""
    number = len(connections.all)
    plans = [in_turn([calls(target, learner) for learner in world.learners[first::number]]) for first in range(number)]
    sample = connections.measure(plans, seconds)
    if target.reset and target.count_stored:
        stored = target.count_stored()
        # An answer to a question that has been answered before leaves no new row.
        most = min(sample.answered, LARGEST.get(target.name, sample.answered))
        if stored < most or stored > sample.answered:
            sample.errors.append(f"{target.name}: {sample.answered} right answers, but {stored} are stored")
        target.reset()
    return sample
