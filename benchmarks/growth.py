"""Whether pages stay as quick when much is stored: each with little data, and again with `make_load_data`'s."""

import io
import statistics
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from django.core.management import call_command
from django.db import ProgrammingError, connection

from benchmarks.load import Sample
from benchmarks.rounds import USUAL, Server, ask, part, warm
from benchmarks.world import World

SECONDS = 0.5
AIM = 1.2  # how often the time with little data a page may take with much


@dataclass(frozen=True)
class Grown:
    """A page with little and with much data: a sample of each round."""

    name: str
    little: list[Sample]
    much: list[Sample]

    @property
    def samples(self) -> list[Sample]:
        return [*self.little, *self.much]

    @property
    def times(self) -> tuple[float, float]:
        """The median time of an answer, in milliseconds."""
        return self._medians(lambda sample: sample.percentile(0.5))

    @property
    def costs(self) -> tuple[float, float]:
        """The processor time of a request, in milliseconds."""
        return self._medians(lambda sample: sample.server_cost)

    @property
    def factor(self) -> float:
        """How often the time with little data it takes with much."""
        little, much = self.times
        return part(much, little)

    def _medians(self, of: Callable[[Sample], float]) -> tuple[float, float]:
        little, much = (statistics.median(map(of, samples)) for samples in (self.little, self.much))
        return little, much


@dataclass(frozen=True)
class Growth:
    """All pages, and how long storing took."""

    pages: list[Grown]
    seconds: float


def measure_growth(rounds: int, world: World, server: Server) -> Growth:
    """Measure, store, measure again. The bare view is among the pages: what it loses, the machine has lost."""
    little = _measure(rounds, world, server)
    started = time.monotonic()
    call_command("make_load_data", into=str(connection.settings_dict["NAME"]), stdout=io.StringIO())
    _settle()
    seconds = time.monotonic() - started
    warm(world, server)
    much = _measure(rounds, world, server)
    return Growth([Grown(name, little[name], much[name]) for name in little], seconds)


def _measure(rounds: int, world: World, server: Server) -> dict[str, list[Sample]]:
    targets = [world.bare(), *world.targets()]
    samples: dict[str, list[Sample]] = {target.name: [] for target in targets}
    for _ in range(rounds):
        for target in targets:
            samples[target.name].append(ask(server, USUAL, world, target, SECONDS))
    return samples


def _settle() -> None:
    """Let PostgreSQL do now what it would do some minutes later, while pages are measured."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET statement_timeout = 0")
            for work in ("VACUUM ANALYZE", "CHECKPOINT"):
                with suppress(ProgrammingError):  # CHECKPOINT is not for everybody
                    cursor.execute(work)
            cursor.execute("RESET statement_timeout")
