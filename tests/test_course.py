"""The course itself, as it is seeded: what it promises, walked and counted."""

import pytest
from django.core.management import call_command
from django.test import Client

from apps.modules.models import Edition, Fact, Source
from apps.modules.queries import outline_of
from apps.quizzes.models import Question
from apps.scenarios.models import Scenario, Scene
from apps.scenarios.queries import script_of, walk_of
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def course() -> None:
    call_command("seed", verbosity=0)


def test_the_editors_checks_find_nothing() -> None:
    call_command("check_content")


def test_it_has_six_modules_nine_cases_and_at_least_54_questions() -> None:
    editions = Edition.objects.current()
    assert [edition.module.position for edition in editions] == [1, 2, 3, 4, 5, 6]
    assert Scenario.objects.filter(edition__in=editions).count() == 9
    assert Question.objects.filter(edition__in=editions).count() >= 54
    assert Fact.objects.count() == 128


def test_it_takes_about_three_hours() -> None:
    minutes = sum(outline_of(edition).minutes for edition in Edition.objects.current())
    assert 150 <= minutes <= 240


def test_every_way_through_every_case_ends_and_its_gauges_stay_in_bounds() -> None:
    walked = 0
    for scenario in Scenario.objects.select_related("page"):
        script = script_of(scenario.page)
        endings = {key for key, scene in script.scenes.items() if scene.is_ending}
        reached = set()
        for path in script.graph.paths():
            walk = walk_of(script, path)
            assert walk.is_ended, f"{scenario}: {path}"
            assert all(0 <= value <= 100 for _, values in walk.values() for value in values)
            reached.add(walk.here.scene.key)
            walked += 1
        assert reached == endings, f"{scenario}: no way leads to {endings - reached}"
    assert walked > 9


def test_each_case_can_be_played_to_each_of_its_endings(client_of_learner: Client) -> None:
    for scenario in Scenario.objects.select_related("page__edition__module"):
        script = script_of(scenario.page)
        ways = {walk_of(script, path).here.scene.key: path for path in script.graph.paths()}
        for ending, path in ways.items():
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
