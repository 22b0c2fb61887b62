"""Measure every page beside the bare view, and print Markdown."""

import datetime
import io
import os
import platform
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from benchmarks import authoring, saves
from benchmarks.load import Sample, measure
from benchmarks.processor import database_process, seconds_of
from benchmarks.server import running_server
from benchmarks.world import Ask, Learner, Target, World, calls, in_turn

MAX_QUERIES = 6
COLUMNS = (
    *("Page", "Queries", "Connections", "Requests/s", "p50 ms", "p95 ms"),
    *("Bare, requests/s", "Ratio", "CPU ms", "CPU ratio"),
)
TRANSACTION_WORDS = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "ROLLBACK")


@dataclass(frozen=True)
class Plan:
    """How long to measure: in each of the rounds every page and beside it the bare view, for `seconds` each."""

    connections: tuple[int, ...] = (1, 8, 32)
    rounds: int = 4
    seconds: float = 0.8


QUICK = Plan(rounds=1, seconds=0.4)


@dataclass(frozen=True)
class Server:
    """Where it answers, and the processes that start its others."""

    address: tuple[str, int]
    processes: tuple[int | None, ...]


@dataclass
class Line:
    """A page at a number of connections."""

    target: Target
    connections: int
    page: Sample = field(default_factory=Sample)
    bare: Sample = field(default_factory=Sample)
    ratios: list[float] = field(default_factory=list)  # of each round: the page's rate as a part of the bare view's

    def add(self, page: Sample, bare: Sample) -> None:
        """One round."""
        self.page.add(page)
        self.bare.add(bare)
        self.ratios.append(page.rate / bare.rate if bare.rate else float("nan"))

    @property
    def cost_ratio(self) -> float:
        """The bare view's processor time as a part of the page's."""
        return self.bare.server_cost / self.page.server_cost if self.page.server_cost else float("nan")


def main(plan: Plan) -> int:
    """Make the world, measure it and print the tables; 1 when an answer was wrong."""
    started = time.monotonic()
    for command in ("createcachetable", "migrate", "collectstatic", "seed"):
        options = {"interactive": False} if command == "collectstatic" else {}
        call_command(command, verbosity=0, stdout=io.StringIO(), **options)
    world = World()
    queries = {target.name: _count_queries(target, world.learners[0]) for target in [world.bare(), *world.targets()]}
    load_before = os.getloadavg()[0]
    _say(f"{connection.vendor}: the world is made after {time.monotonic() - started:.0f} s")
    with tempfile.NamedTemporaryFile(prefix="second-look-gunicorn-", suffix=".log") as log:
        host = settings.BASE_URL.removeprefix("https://")
        with running_server(host, Path(log.name)) as (address, process):
            lines = _measure(plan, world, Server(address, (process, database_process())))
    print(_report(plan, lines, queries, load_before, time.monotonic() - started))
    errors = [error for line in lines for error in [*line.page.errors, *line.bare.errors]]
    for error in errors[:5]:
        _say(error)
    return 1 if errors else 0


def _measure(plan: Plan, world: World, server: Server) -> list[Line]:
    bare = world.bare()
    for target in [bare, *world.targets()]:  # both processes have read the course and compiled the templates
        _slice(server, 8, world, target, 0.3)
    lines = [Line(target, number) for target in world.targets() for number in plan.connections]
    for turn in range(plan.rounds):
        for line in lines:
            targets = [line.target, bare]
            if turn % 2:
                targets.reverse()
            samples = {id(one): _slice(server, line.connections, world, one, plan.seconds) for one in targets}
            line.add(samples[id(line.target)], samples[id(bare)])
        _say(f"round {turn + 1} of {plan.rounds} is done")
    return lines


def _slice(server: Server, clients: int, world: World, target: Target, seconds: float) -> Sample:
    """One stretch of time with one page, and whether all that was acknowledged is stored."""
    people = [world.learners[client::clients] for client in range(clients)]
    plans = [in_turn([calls(target, learner) for learner in own]) for own in people]
    before = seconds_of(*server.processes)
    sample = measure(server.address, plans, seconds)
    sample.server_seconds = seconds_of(*server.processes) - before
    if target.reset and target.count_stored:
        if (stored := target.count_stored()) != sample.answered:
            sample.errors.append(f"{target.name}: {sample.answered} right answers, but {stored} are stored")
        target.reset()
    return sample


def _count_queries(target: Target, learner: Learner) -> int:
    """SQL statements of one warm request, without those that only begin and end transactions."""
    client = Client(headers={"host": settings.BASE_URL.removeprefix("https://")})
    if not target.is_public:
        client.cookies[settings.SESSION_COOKIE_NAME] = learner.session_key
    asks = target.asks(learner)
    _send(client, next(asks))
    if target.reset:  # a case or an attempt has a first request only once
        target.reset()
        asks = target.asks(learner)
    with CaptureQueriesContext(connection) as captured:
        _send(client, next(asks))
    if target.reset:
        target.reset()
    statements = [query["sql"] for query in captured.captured_queries]
    return sum(not sql.upper().startswith(TRANSACTION_WORDS) for sql in statements)


def _send(client: Client, ask: Ask) -> None:
    if ask.fields is None:
        response = client.get(ask.path, secure=True)
    else:
        fields: dict[str, list[str]] = {}
        for name, value in ask.fields:
            fields.setdefault(name, []).append(value)
        response = client.post(ask.path, fields, secure=True)
    text = f"Location: {response.get('Location')}\n{response.content.decode()}"
    if ask.marker not in text:
        raise RuntimeError(f"{ask.path}: {response.status_code}, without {ask.marker!r}: {text[:600]}")


def _report(plan: Plan, lines: list[Line], queries: dict[str, int], load_before: float, seconds: float) -> str:
    """Everything in Markdown."""
    every = [sample for line in lines for sample in (line.page, line.bare)]
    total = Sample()
    for sample in every:
        total.add(sample)
    version = ".".join(str(part) for part in connection.get_database_version())
    rows = [
        f"### {connection.display_name} {version}",
        "",
        f"{datetime.date.today():%-d %B %Y}, {os.cpu_count()} cores, {_system()}, Python {platform.python_version()}; "
        f"rounds: {plan.rounds} of {plan.seconds} s; load average before: {load_before:.1f}; in all {seconds:.0f} s. "
        f"The bare view takes {queries['bare view']} queries. Errors: {len(total.errors)}.",
        "",
        f"| {' | '.join(COLUMNS)} |",
        f"|---|{'--:|' * (len(COLUMNS) - 1)}",
    ]
    for line in lines:
        is_first = line.connections == plan.connections[0]
        rows.append(
            f"| {line.target.name if is_first else ''} | {queries[line.target.name] if is_first else ''} "
            f"| {line.connections} | {line.page.rate:.0f} | {line.page.percentile(0.5):.1f} "
            f"| {line.page.percentile(0.95):.1f} | {line.bare.rate:.0f} | {statistics.median(line.ratios):.0%} "
            f"| {line.page.server_cost:.1f} | {line.cost_ratio:.0%} |"
        )
    return "\n".join([*rows, "", *_notes(lines, queries, total), *authoring.notes(), *saves.notes()])


def _notes(lines: list[Line], queries: dict[str, int], total: Sample) -> list[str]:
    """Whether the aims are met, and how much the measuring itself took."""
    notes = []
    for name in dict.fromkeys(line.target.name for line in lines):
        of_page = [line for line in lines if line.target.name == name]
        if aim := of_page[0].target.aim:
            ratio = statistics.median(ratio for line in of_page for ratio in line.ratios)
            verdict = "met" if ratio >= aim else "MISSED"
            cost = statistics.median(line.cost_ratio for line in of_page)
            notes.append(f"- {name}: {ratio:.0%} of the bare view, by CPU time {cost:.0%}; aim {aim:.0%}: {verdict}.")
    many = [f"{name} ({count})" for name, count in queries.items() if count > MAX_QUERIES]
    notes.append(f"- More than {MAX_QUERIES} queries: {', '.join(many) or 'none'}.")
    notes.append(f"- The load generator took {total.own_share:.0%} of one core.")
    return notes


def _system() -> str:
    """`Debian 12`."""
    try:
        release = platform.freedesktop_os_release()
    except OSError:
        return platform.system()
    return f"{release.get('ID', '').capitalize()} {release.get('VERSION_ID', '')}".strip()


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
