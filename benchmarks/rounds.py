"""Rounds: every page for a moment, and beside it the bare views, so that what else the machine does meets them all."""

import math
import statistics
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from benchmarks.load import Sample, measure
from benchmarks.processor import seconds_of
from benchmarks.targets import Target, calls, in_turn
from benchmarks.world import World

USUAL = 8  # connections at which pages are compared with the stock bare view


@dataclass(frozen=True)
class Plan:
    """How long to measure: in each of the rounds every page and beside it the bare views, for `seconds` each."""

    connections: tuple[int, ...] = (1, USUAL, 32)
    rounds: int = 4
    seconds: float = 0.8
    growth_rounds: int = 5  # with little and with much data


QUICK = Plan(rounds=1, seconds=0.4, growth_rounds=0)


@dataclass(frozen=True)
class Server:
    """Where it answers, the process that starts its workers, and the one that starts its database's others."""

    address: tuple[str, int]
    process: int
    database: int | None

    def seconds(self) -> float:
        """The processor time it has taken so far."""
        return seconds_of(self.process, self.database)


@dataclass(frozen=True)
class Round:
    """A page, and what was measured right before or after it."""

    page: Sample
    bare: Sample
    stock: Sample | None = None

    @property
    def stock_cost(self) -> float:
        """The stock bare view's processor time."""
        return self.stock.server_cost if self.stock else float("nan")


@dataclass
class Line:
    """A page at a number of connections."""

    target: Target
    connections: int
    has_stock: bool = False  # measured beside the stock bare view too
    rounds: list[Round] = field(default_factory=list)

    @property
    def page(self) -> Sample:
        return together(one.page for one in self.rounds)

    @property
    def bare(self) -> Sample:
        return together(one.bare for one in self.rounds)

    @property
    def rate_part(self) -> float:
        """The page's rate as a part of the bare view's."""
        return self._median(lambda one: part(one.page.rate, one.bare.rate))

    @property
    def time_times(self) -> float:
        """The page's median time as a multiple of the bare view's."""
        return self._median(lambda one: part(one.page.percentile(0.5), one.bare.percentile(0.5)))

    @property
    def cost_part(self) -> float:
        """The bare view's processor time as a part of the page's."""
        return self._median(lambda one: part(one.bare.server_cost, one.page.server_cost))

    @property
    def cost(self) -> float:
        """The page's processor time."""
        return self._median(lambda one: one.page.server_cost)

    @property
    def stock_cost(self) -> float:
        """The stock bare view's processor time beside it."""
        return self._median(lambda one: one.stock_cost)

    @property
    def stock_part(self) -> float:
        """The stock bare view's processor time as a part of the page's."""
        return self._median(lambda one: part(one.stock_cost, one.page.server_cost))

    @property
    def samples(self) -> list[Sample]:
        """All that was measured."""
        return [sample for one in self.rounds for sample in (one.page, one.bare, one.stock) if sample is not None]

    def _median(self, of: Callable[[Round], float]) -> float:
        """Of the rounds in which it could be measured."""
        found = [value for value in map(of, self.rounds) if not math.isnan(value)]
        return statistics.median(found) if found else float("nan")


def part(of: float, whole: float) -> float:
    """One as a part of the other; not a number where that is nothing."""
    return of / whole if whole else float("nan")


def together(samples: Iterable[Sample]) -> Sample:
    """Many samples of one thing as one."""
    made = Sample()
    for sample in samples:
        made.add(sample)
    return made


def warm(world: World, server: Server) -> None:
    """Ask for everything, until both processes have read the course and compiled the templates."""
    for target in [world.bare(), world.stock(), *world.targets()]:
        ask(server, USUAL, world, target, 0.3)


def measure_round(lines: list[Line], seconds: float, world: World, server: Server) -> None:
    """One more round: the page always in the middle, the bare views in turn before and after it."""
    bare, stock = world.bare(), world.stock()
    for line in lines:
        targets = [bare, line.target, *([stock] if line.has_stock else [])]
        if len(line.rounds) % 2:
            targets.reverse()
        samples = {one.name: ask(server, line.connections, world, one, seconds) for one in targets}
        line.rounds.append(Round(samples[line.target.name], samples[bare.name], samples.get(stock.name)))


def ask(server: Server, clients: int, world: World, target: Target, seconds: float) -> Sample:
    """One stretch of time with one page, and whether all that was acknowledged is stored."""
    people = [world.learners[client::clients] for client in range(clients)]
    plans = [in_turn([calls(target, learner) for learner in own]) for own in people]
    before = server.seconds()
    sample = measure(server.address, plans, seconds)
    sample.server_seconds = server.seconds() - before
    if target.reset and target.count_stored:
        if (stored := target.count_stored()) != sample.answered:
            sample.errors.append(f"{target.name}: {sample.answered} right answers, but {stored} are stored")
        target.reset()
    return sample
