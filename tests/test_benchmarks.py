"""The benchmark measures what it says, and its many learners are what the product would have stored of them."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection, models
from django.test.utils import CaptureQueriesContext

from apps.accounts.backends import AddressBackend
from apps.accounts.models import User
from apps.modules.models import Edition
from apps.progress.models import Enrolment, PageCompletion
from apps.quizzes.models import Attempt, Response, SelectedOption
from apps.quizzes.queries import answers_of, paper_of
from apps.scenarios.models import Decision, Playthrough
from apps.scenarios.queries import script_of, walk_of_playthrough
from benchmarks import memory, world
from benchmarks import settings as bench_settings
from benchmarks.load import Sample
from benchmarks.management.commands.make_load_data import Command
from benchmarks.report import Measured, report
from benchmarks.rounds import QUICK, Line, Round
from benchmarks.statements import count_all
from benchmarks.targets import Aim, Target
from benchmarks.world import STOCK_BACKEND, World
from tests import make

pytestmark = [pytest.mark.django_db, pytest.mark.once]  # it measures where production is

STORED = (EmailAddress, Enrolment, PageCompletion, Playthrough, Decision, Attempt, Response, SelectedOption)


@pytest.fixture
def edition() -> Edition:
    """What the benchmark takes: readings, two cases, a quiz with each way to answer."""
    made = make.draft("posts")
    for number in (1, 2):
        make.reading(made, f"reading-{number}")
    for key in ("case", "second"):
        make.scenario(made, key)
    make.ranking(make.quiz(made), 4)
    return make.publish(made)


def store(**options: Any) -> None:
    """Ten learners in this test's database."""
    amounts = {"learners": 10, "responses": 58, "decisions": 35}
    call_command(Command(), **amounts | {"into": connection.settings_dict["NAME"]} | options)


@pytest.fixture
def _benchmark(settings: Any) -> None:
    """The benchmark's own settings, as far as they differ. Its app is not installed: it has only the command."""
    folder = settings.BASE_DIR / "benchmarks" / "templates"
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [*settings.TEMPLATES[0]["DIRS"], folder]}]
    settings.ROOT_URLCONF, settings.MIDDLEWARE = bench_settings.ROOT_URLCONF, bench_settings.MIDDLEWARE


@pytest.fixture
def _few_learners(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(world, "LEARNERS", 2)
    monkeypatch.setattr(world, "GRADUATES", 1)


# make_load_data ---------------------------------------------------------------------------------------------------


def test_so_much_is_stored_in_whole_attempts_and_walks(edition: Edition) -> None:
    store()
    counts = {model: model._default_manager.count() for model in STORED}
    assert User.objects.count() == 10
    assert counts == {
        EmailAddress: 10,
        Enrolment: 10,
        PageCompletion: 10 + 10 + 2 + 5,  # one of two readings, the first case, the second, the quiz
        Playthrough: 12,
        Decision: 36,
        Attempt: 15,
        Response: 60,
        SelectedOption: 15 * (1 + 1 + 2 + 5),
    }


def test_every_row_of_it_could_be_the_products(edition: Edition) -> None:
    store()
    connection.check_constraints()
    for model in (User, *STORED):
        for row in model._default_manager.all():
            row.full_clean()
    for person in User.objects.all():
        assert EmailAddress.objects.get(user=person).email == person.email
        assert not person.has_usable_password()


def test_answers_have_the_marks_that_the_product_gives(edition: Edition) -> None:
    store()
    paper, passed = paper_of(edition.page_set.get(kind="quiz")), set()
    for attempt in Attempt.objects.select_related("quiz"):
        answers = answers_of(attempt, paper)
        assert [answer.item.error(answer.given) for answer in answers] == [""] * 4
        assert [answer.response.score for answer in answers] == [answer.item.score(answer.given) for answer in answers]
        counting = [answer.response.score for answer in answers if answer.item.question.counts]
        assert (attempt.score, attempt.max_score) == (sum(counting), paper.max_score)
        assert attempt.is_passed == (attempt.number == 2)
        passed |= {attempt.enrolment_id} if attempt.is_passed else set()
    completed = PageCompletion.objects.filter(page=paper.quiz.page, scaled_score=1)
    assert {completion.enrolment_id for completion in completed} == passed
    assert len(passed) == 5


def test_walks_end_where_the_product_says(edition: Edition) -> None:
    store()
    for page in edition.page_set.filter(kind="scenario"):
        script = script_of(page)
        walked = Playthrough.objects.filter(scenario=script.scenario)
        for playthrough in walked:
            walk = walk_of_playthrough(script, playthrough)
            assert walk.is_ended
            assert playthrough.scene == walk.here.scene
            assert playthrough.ended_at
        done = PageCompletion.objects.filter(page=page).values_list("enrolment_id", flat=True)
        assert {*done} == {playthrough.enrolment_id for playthrough in walked}


def test_one_of_its_learners_reads_on(edition: Edition) -> None:
    store()
    for person in User.objects.order_by("pk")[::9]:  # with all that there is, and with the least
        client = make.client(person)
        home = client.get(edition.module.get_absolute_url())
        assert "Reading 2" in home.content.decode()
        for page in edition.page_set.all():
            assert client.get(page.get_absolute_url(), follow=True).status_code == 200, page


def test_new_rows_come_after_it(edition: Edition) -> None:
    """PostgreSQL counts its ids apart from the rows."""
    store()
    enrolment = make.enrolment(edition_=edition)
    make.playthrough(enrolment)
    assert make.attempt(enrolment).is_passed


def test_it_locks_no_table_that_other_databases_share(edition: Edition) -> None:
    """ANALYZE of everything waits for whoever else analyses on the same server, and others wait for it."""
    with CaptureQueriesContext(connection) as captured:
        store()
    analysed = [query["sql"] for query in captured if query["sql"].startswith("ANALYZE")]
    tables = connection.introspection.django_table_names()
    assert {connection.ops.quote_name(table) for table in tables} == {sql.removeprefix("ANALYZE ") for sql in analysed}


@pytest.mark.parametrize(
    ("is_development", "has_people", "into", "said"),
    [
        (False, False, None, "DEVELOPMENT is off"),
        (True, True, None, "1 person has an account here"),
        (True, False, "another", "The database is not called another"),
        (False, True, "another", "The database is not called another"),
    ],
)
def test_it_harms_no_database_that_is_in_use(
    edition: Edition, settings: Any, is_development: bool, has_people: bool, into: str | None, said: str
) -> None:
    settings.IS_DEVELOPMENT = is_development
    if has_people:
        make.user()
    with pytest.raises(CommandError, match=said):
        store(into=into)
    assert User.objects.count() == has_people


def test_without_people_in_development_it_asks_no_name_and_does_it_once(edition: Edition, settings: Any) -> None:
    settings.IS_DEVELOPMENT = True
    store(into=None)
    with pytest.raises(CommandError, match="there already"):
        store()
    assert User.objects.count() == 10


@pytest.mark.parametrize("amounts", [{"decisions": 61}, {"learners": 0}, {"responses": -1}])
def test_amounts_that_cannot_be_are_refused_before_anything_is_stored(
    edition: Edition, amounts: dict[str, int]
) -> None:
    with pytest.raises(CommandError):
        store(**amounts)
    assert not User.objects.exists()


def test_only_the_benchmark_has_the_command() -> None:
    assert "benchmarks" in bench_settings.INSTALLED_APPS
    assert "benchmarks" not in settings.INSTALLED_APPS


# What is measured -------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("_benchmark", "_few_learners")
def test_every_page_is_asked_and_nothing_of_others_is_touched(edition: Edition) -> None:
    store()
    before = {model: [*rows_of_others(model)] for model in STORED}
    counts = count_all(made := World())
    assert counts["stock bare view"] == [2]
    assert counts.keys() >= {target.name for target in made.targets()}
    assert all(min(found) > 0 for found in counts.values())
    assert len(counts["reading page"]) == 2
    assert {model: [*rows_of_others(model)] for model in STORED} == before
    assert made._count_given() == made._count_taken() == made._count_marked() == 0


def rows_of_others(model: type[models.Model]) -> models.QuerySet[Any]:
    """All rows that `make_load_data` has stored: each is found by its learner."""
    ways = {
        EmailAddress: "user",
        Enrolment: "learner",
        PageCompletion: "enrolment__learner",
        Playthrough: "enrolment__learner",
        Decision: "playthrough__enrolment__learner",
        Attempt: "enrolment__learner",
        Response: "attempt__enrolment__learner",
        SelectedOption: "response__attempt__enrolment__learner",
    }
    others = {f"{ways[model]}__email__endswith": "@load.example"}
    return model._default_manager.filter(**others).order_by("pk").values()


@pytest.mark.usefixtures("_benchmark")
def test_the_stock_view_rests_on_django_alone(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the product does about sessions and people: here both are taken away."""
    person = make.user()
    client = make.client()
    client.force_login(person, STOCK_BACKEND)
    settings.SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"
    monkeypatch.setattr(AddressBackend, "get_user", lambda *_: None)
    stock, bare = client.get("/bench/stock/"), client.get("/bench/bare/")
    assert f"Signed in as {person.email}" in stock.content.decode()
    assert bare.status_code == 302


def test_the_bare_views_have_the_middleware_of_the_product() -> None:
    ours = ["benchmarks.middleware.SessionMiddleware"]
    differing = [name for name in bench_settings.MIDDLEWARE if name not in settings.MIDDLEWARE]
    assert differing == ours
    assert len(bench_settings.MIDDLEWARE) == len(settings.MIDDLEWARE)


# What is told -----------------------------------------------------------------------------------------------------


def sampled(cost: float) -> Sample:
    """A thousand answers that took so many milliseconds of the processor each."""
    return Sample(seconds=1.0, latencies=[0.01] * 1000, answered=1000, server_seconds=cost)


def measured(aim: Aim, *rounds: tuple[float, float], statements: tuple[int, ...] = (5,)) -> str:
    """The row about the aims of a page that took (page, stock bare view) in each round.

    In the table before it a page is named at its first number of connections only, which is not this one.
    """
    target = Target("page", lambda learner: iter(()), aim)
    line = Line(target, 8, has_stock=True, rounds=[Round(*map(sampled, (page, 1.0, stock))) for page, stock in rounds])
    counts = {"bare view": [2], "stock bare view": [2], "page": [*statements]}
    told = report(Measured(QUICK, counts, 0.0, [line]))
    return next(row for row in told.splitlines() if row.startswith("| page |"))


def cells(row: str) -> list[str]:
    return [cell.strip() for cell in row.strip("|").split("|")]


def test_an_aim_is_judged_by_the_median_of_the_rounds() -> None:
    rounds = ((10.0, 5.0), (10.0, 9.0), (100.0, 60.0))  # together they would be 62 %
    assert cells(measured(Aim(0.6, 3), *rounds))[3:] == ["60%", "60%", "met", "3", "3", "met"]
    assert cells(measured(Aim(0.61, 2), *rounds))[3:] == ["60%", "61%", "MISSED", "3", "2", "MISSED"]


def test_what_could_not_be_measured_is_neither_met_nor_missed() -> None:
    row = cells(measured(Aim(0.6), (0.0, 0.0)))
    assert row[3:6] == ["unknown", "60%", "unknown"]


@pytest.fixture
def child() -> Iterator[subprocess.Popen[bytes]]:
    """A process of this one, until the test ends."""
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        yield process
        process.stdin.close()


def test_memory_is_that_of_the_children(child: subprocess.Popen[bytes]) -> None:
    found = memory.of_workers(os.getpid())
    if Path("/proc/self/smaps_rollup").exists():
        assert found
        assert all(0 < one.pss <= one.rss for one in found)
        assert re.fullmatch(r"[1-9]\d* MB \(PSS; RSS [1-9]\d* MB\)", memory.told(found))
    assert memory.of_workers(child.pid) == []
    assert memory.told([]) == "unknown"
