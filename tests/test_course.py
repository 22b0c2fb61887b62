"""The course itself, as it is seeded: what it promises, walked and counted."""

import functools
import gzip
import re
from collections import Counter
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.management import call_command
from django.test import Client

from apps.accounts.models import User
from apps.core.markdown import plain_of, reveals_in
from apps.core.readability import WORD
from apps.modules.models import Edition, Fact, Page, Source
from apps.modules.queries import PIECES, cited_sources, contents_of
from apps.quizzes.models import Question
from apps.scenarios import actions as scenarios_actions
from apps.scenarios.models import Scenario, Scene, ScenePart
from apps.scenarios.queries import script_of
from apps.scenarios.walks import walk_of
from tests import make
from tests.course import load

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture(autouse=True)
def course() -> None:
    load()


def test_the_editors_checks_find_nothing() -> None:
    call_command("check_content")


def test_it_has_six_modules_nine_cases_and_at_least_54_questions() -> None:
    editions = Edition.objects.current()
    assert [edition.module.position for edition in editions] == [1, 2, 3, 4, 5, 6]
    assert Scenario.objects.filter(edition__in=editions).count() == 9
    assert Question.objects.filter(edition__in=editions).count() >= 54
    assert Fact.objects.count() == 128


def test_it_takes_about_three_hours() -> None:
    minutes = sum(contents_of(edition).minutes for edition in Edition.objects.current())
    assert 150 <= minutes <= 240


def test_every_way_through_every_case_ends_and_each_ending_is_reached() -> None:
    for scenario in Scenario.objects.select_related("page"):
        script = script_of(scenario.page)
        endings = {key for key, scene in script.scenes.items() if scene.is_ending}
        assert len(endings) >= 3, scenario
        reached = {state.scene for _, state in script.graph.paths_with_ends()}
        assert reached == endings, f"{scenario}: no way leads to {endings - reached}"
        assert script.graph.locked() == script.graph.endless() == script.graph.unreachable() == set()


def test_each_case_can_be_played_to_each_of_its_endings(client_of_learner: Client) -> None:
    for scenario in Scenario.objects.select_related("page__edition__module"):
        script = script_of(scenario.page)
        paths = {state.scene: path for path, state in script.graph.paths_with_ends()}
        for ending, path in paths.items():
            client = Client()
            client.force_login(make.user())
            url = scenario.page.get_absolute_url()
            for number, choice in enumerate(path, start=1):
                response = client.post(f"{url}choose/", {"decision": number, "choice": choice})
                assert response.status_code == 302, f"{scenario}, {ending}: {choice}"
            page = client.get(url).content.decode()
            assert Scene.objects.get(edition=scenario.edition, key=ending).get_outcome_display() in page
            assert f"{len(path)} decision" in page


def test_at_least_four_cases_have_gauges() -> None:
    assert Scenario.objects.filter(gauges__isnull=False).distinct().count() >= 4


def test_one_case_can_be_tried_without_an_account() -> None:
    assert [scenario.key for scenario in Scenario.objects.filter(is_taster=True)] == ["the-trolley-photo"]


def test_every_source_is_used_somewhere() -> None:
    page = Client().get("/sources/").content.decode()
    assert page.count("Used on") == Source.objects.count()


@functools.cache
def weight_of(static: str) -> int:
    return len(gzip.compress(Path(finders.find(static)).read_bytes()))


def weigh(client: Client, path: str) -> tuple[int, int]:
    """What a page weighs compressed, in bytes, with all it loads, and how many requests that takes."""
    page = client.get(path)
    assert page.status_code == 200, path
    static = set(re.findall(rb'(?:src|href)="/static/([^"]+)"', page.content))
    return len(gzip.compress(page.content)) + sum(weight_of(name.decode()) for name in static), 1 + len(static)


def test_every_page_of_the_course_is_light(client_of_learner: Client, learner: User) -> None:
    """The longest ones too: a debrief and the result of a quiz."""
    paths = []
    for edition in Edition.objects.current():
        enrolment = make.enrolment(learner, edition)
        paths += [edition.module.get_absolute_url(), *(page.get_absolute_url() for page in edition.page_set.all())]
        for page in edition.page_set.filter(kind="scenario"):
            script = script_of(page)
            scenarios_actions.keep(enrolment, script, [walk_of(script, max(script.graph.paths(), key=len))], make.NOW)
        for page in edition.page_set.filter(kind="quiz"):
            make.attempt(enrolment, 0, key=page.key)
            paths.append(f"{page.get_absolute_url()}attempt/1/")
    weights = {path: weigh(client_of_learner, path) for path in paths}
    assert {path: size for path, (size, _) in weights.items() if size > 100_000} == {}
    assert {path: requests for path, (_, requests) in weights.items() if requests > 10} == {}


def test_every_module_opens_with_a_drawing_and_tells_what_was_and_what_is() -> None:
    for edition in Edition.objects.current():
        assert edition.illustration, edition
        assert edition.curriculum, edition
        assert edition.page_set.filter(body_html__contains="sl-thennow").exists(), edition


def test_every_longer_reading_asks_its_reader_once_what_they_would_do() -> None:
    for page in Page.objects.filter(edition__in=Edition.objects.current(), kind="reading"):
        words = len(WORD.findall(plain_of(page.body)))
        assert [*reveals_in(page.body)] == ([True] if words > 250 else []), f"{page}: {words} words"


def test_every_module_has_a_first_sentence_for_its_tile() -> None:
    for edition in Edition.objects.current():
        first, _, rest = edition.summary.partition(". ")
        assert 20 <= len(first) < 60, edition
        assert 1 <= len(re.findall(r"[.?!](?= |$)", rest)) <= 3, edition


def test_every_question_has_a_name_of_its_own() -> None:
    names = Question.objects.filter(edition__in=Edition.objects.current()).values_list("title", flat=True)
    assert "" not in names
    assert len({name.lower() for name in names}) == len(names) == 64


def test_every_case_has_a_picture_a_clock_and_a_debrief() -> None:
    for scenario in Scenario.objects.all():
        pictures = ScenePart.objects.filter(scene__scenario=scenario).exclude(image="")
        assert pictures.exists(), scenario
        assert all(len(part.image_alt.split()) >= 3 for part in pictures), scenario
        assert not scenario.scenes.filter(clock=""), scenario
        assert scenario.guidance, scenario
        assert scenario.reflection, scenario
        assert 1 <= len(scenario.suggested_lines) <= 2, scenario
        assert all(line.startswith("If ") and ", then I will " in line for line in scenario.suggested_lines), scenario
        assert scenario.citations.exists(), scenario


def test_what_has_been_seen_is_never_unseen() -> None:
    """Along every way the number of people who have seen a post only grows; a scene that tells none says nothing."""
    for scenario in Scenario.objects.select_related("page"):
        script = script_of(scenario.page)
        waiting = [(script.graph.begin(), 0)]
        while waiting:
            state, seen_before = waiting.pop()
            seen = script.scenes[state.scene].scene.seen_by
            assert seen is None or seen >= seen_before, f"{scenario}: {state.scene} after {sorted(state.visited)}"
            onward = [script.graph.take(state, edge) for edge in script.graph.open_edges(state)]
            seen = seen_before if seen is None else seen
            waiting += [(after, seen) for after in onward if after.scene not in after.visited]


def test_the_table_of_modules_is_true() -> None:
    """docs/content.md tells their cases and minutes."""
    table = Path(settings.BASE_DIR, "docs", "content.md").read_text()
    for edition in Edition.objects.current():
        contents = contents_of(edition)
        cases = ", ".join(page.title for page in contents.pages if page.kind == "scenario")
        assert f"| {edition.module.position} {edition.title} | {cases} | {contents.minutes} |" in table


def test_the_table_of_the_five_pieces_is_true() -> None:
    """Each is taught, and docs/content.md says in which modules and on how many pages."""
    table = Path(settings.BASE_DIR, "docs", "content.md").read_text()
    pieces = cited_sources()[PIECES]
    assert len(pieces) == 5
    for piece in pieces:
        modules = Counter(page.edition.module.position for page in piece.pages)
        assert modules
        counts = (modules[position] for position in range(1, 7))
        cells = [f"{count} page{'' if count == 1 else 's'}" if count else "–" for count in counts]
        row = f"({piece.source.year or 'undated'}) | {piece.source.facts.count()} | {' | '.join(cells)} |"
        assert f"{piece.source.title} {row}" in table
