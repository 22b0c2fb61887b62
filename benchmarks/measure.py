"""Make the world, measure every page beside the bare views, and print Markdown."""

import io
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection

from benchmarks import authoring, memory, saves
from benchmarks.growth import measure_growth, settle
from benchmarks.processor import database_process
from benchmarks.report import Measured, errors_of, report
from benchmarks.rounds import USUAL, Line, Plan, Server, measure_round, warm
from benchmarks.server import running_server
from benchmarks.statements import count_all
from benchmarks.world import World


def main(plan: Plan) -> int:
    """Make the world, measure it and print the tables; 1 when an answer was wrong."""
    started = time.monotonic()
    for command in ("createcachetable", "migrate", "collectstatic", "seed"):
        options = {"interactive": False} if command == "collectstatic" else {}
        call_command(command, verbosity=0, stdout=io.StringIO(), **options)
    world = World()
    settle()  # else a plan from before there were rows may take a delete between rounds past its time
    measured = Measured(plan, count_all(world), os.getloadavg()[0])
    _say(f"{connection.vendor}: the world is made after {time.monotonic() - started:.0f} s")
    with _server() as server:
        _measure(plan, world, server, measured)
        measured.notes += [*authoring.notes(), *saves.notes()]  # before there is much data
        if plan.growth_rounds:
            measured.growth = measure_growth(plan.growth_rounds, world, server)
            measured.memory_with_much = memory.of_workers(server.process)
    measured.seconds = time.monotonic() - started
    print(report(measured))
    errors = errors_of(measured)
    for error in errors[:5]:
        _say(error)
    return 1 if errors else 0


@contextmanager
def _server() -> Iterator[Server]:
    with tempfile.NamedTemporaryFile(prefix="second-look-gunicorn-", suffix=".log") as log:
        host = settings.BASE_URL.removeprefix("https://")
        with running_server(host, Path(log.name)) as (address, process):
            yield Server(address, process, database_process())


def _measure(plan: Plan, world: World, server: Server, measured: Measured) -> None:
    warm(world, server)
    measured.lines = [
        Line(target, number, has_stock=number == USUAL) for target in world.targets() for number in plan.connections
    ]
    for turn in range(plan.rounds):
        measure_round(measured.lines, plan.seconds, world, server)
        measured.memory += memory.of_workers(server.process)
        _say(f"round {turn + 1} of {plan.rounds} is done")


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
