"""Whether pages stay as quick when much is stored: each with little data, and again with `make_load_data`'s."""

import io
import time
from contextlib import suppress
from dataclasses import dataclass

from django.core.management import call_command
from django.db import ProgrammingError, connection

from benchmarks.load import Sample
from benchmarks.rounds import USUAL, Line, Server, measure_round, part, warm
from benchmarks.world import World

SECONDS = 0.3
AIM = 1.2  # how often the time with little data a page may take with much


@dataclass(frozen=True)
class Grown:
    """A page with little and with much data.

    Between the two other things may have begun or ended on the machine, which the bare view beside the page tells.
    """

    little: Line
    much: Line

    @property
    def times(self) -> float:
        """How often the time with little data it takes with much, had the bare view stayed as it was."""
        return part(self.much.time_times, self.little.time_times)

    @property
    def cost_times(self) -> float:
        """The same of processor time."""
        return part(self.little.cost_part, self.much.cost_part)

    @property
    def samples(self) -> list[Sample]:
        return [*self.little.samples, *self.much.samples]


@dataclass(frozen=True)
class Growth:
    """All pages, and how long storing took."""

    pages: list[Grown]
    seconds: float


def measure_growth(rounds: int, world: World, server: Server) -> Growth:
    """Measure, store, measure again."""
    little = _measure(rounds, world, server)
    started = time.monotonic()
    call_command("make_load_data", into=str(connection.settings_dict["NAME"]), stdout=io.StringIO())
    settle()
    seconds = time.monotonic() - started
    warm(world, server)
    much = _measure(rounds, world, server)
    return Growth([Grown(*pair) for pair in zip(little, much, strict=True)], seconds)


def _measure(rounds: int, world: World, server: Server) -> list[Line]:
    lines = [Line(target, USUAL) for target in world.targets()]
    for _ in range(rounds):
        measure_round(lines, SECONDS, world, server)
    return lines


def settle() -> None:
    """Let PostgreSQL do now what it would do some minutes later, while pages are measured."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET statement_timeout = 0")
            for work in ("VACUUM ANALYZE", "CHECKPOINT"):
                with suppress(ProgrammingError):  # CHECKPOINT is not for everybody
                    cursor.execute(work)
            cursor.execute("RESET statement_timeout")
