"""Another way can be left at any scene, loses nothing, and the first way can always be looked back at."""

import html
import re

import pytest
from django.core import serializers
from django.http import HttpResponse
from django.test import Client

from apps.accounts.models import User
from apps.modules.models import Edition
from apps.progress.models import Enrolment
from apps.scenarios.models import Decision, Playthrough, Scenario
from tests import make

pytestmark = [pytest.mark.django_db, pytest.mark.pages]

CASE, TRY = "/learn/posts/1/scenario/case/", "/try/posts/case/"
FIRST = f"{CASE}playthrough/1/"
STOP = "Stop, and back to how it went"
GO_ON = "Another way waits for you at decision"


@pytest.fixture
def enrolment(learner: User) -> Enrolment:
    """The learner has gone the best way to its end, and tries another from the second decision."""
    made = make.enrolment(learner, make.edition("posts"))
    make.playthrough(made, "best")
    return made


@pytest.fixture
def browser(enrolment: Enrolment, client_of_learner: Client) -> Client:
    client_of_learner.post(f"{CASE}go-back/", {"playthrough": 1, "decision": 2})
    return client_of_learner


def read(client: Client, path: str = CASE) -> str:
    return html.unescape(client.get(path).content.decode())


def stop(client: Client, decision: int = 2, choice: str = "", path: str = CASE) -> HttpResponse:
    return client.post(f"{path}choose/", {"decision": decision, "choice": choice, "go": "back"})


def stored() -> str:
    rows = [*Playthrough.objects.order_by("pk"), *Decision.objects.order_by("pk")]
    return serializers.serialize("json", rows)


def test_stopping_leads_to_how_the_first_way_went_and_changes_nothing(browser: Client) -> None:
    before = stored()
    page = read(browser)
    assert STOP in page
    assert 'name="go" value="back"' in page
    assert stop(browser).url == FIRST
    assert stored() == before
    page = read(browser, FIRST)
    assert "A good end" in page
    assert f"{GO_ON} 2" in page
    assert STOP not in page


def test_it_can_be_gone_on_with(browser: Client) -> None:
    stop(browser)
    [href] = re.findall(r'<a href="([^"]*)">go on with it</a>', read(browser, FIRST))
    page = read(browser, href.partition("#")[0])
    assert "another way" in page
    assert "Scene 2" in page
    browser.post(f"{CASE}choose/", {"decision": 2, "choice": "case-scene-2-poor"})
    assert Playthrough.objects.get(number=2).ended_at
    page = read(browser)
    assert "A poor end" in page
    assert f'href="{FIRST}"' in page
    assert GO_ON not in page + read(browser, FIRST)


def test_stopping_twice_and_in_two_tabs_is_stopping_once(browser: Client) -> None:
    before = stored()
    assert [stop(browser).url for _ in range(3)] == [FIRST] * 3
    browser.post(f"{CASE}choose/", {"decision": 2, "choice": "case-scene-2-poor"})  # the other tab has come to an end
    assert stop(browser).url == FIRST
    assert stored() != before
    assert Playthrough.objects.count() == 2


def test_what_was_ticked_stays_ticked(browser: Client) -> None:
    before = stored()
    page = browser.post(f"{CASE}choose/", {"decision": 2, "choice": "case-scene-2-poor", "go": "back"}, follow=True)
    assert "Nothing is decided yet" in page.content.decode()
    assert stored() == before
    assert re.search(r'value="case-scene-2-poor"[^>]*checked', read(browser))


def test_another_try_from_there_says_that_it_lets_go_of_the_one_that_waits(browser: Client) -> None:
    assert "that one is let go" in read(browser, FIRST)
    browser.post(f"{CASE}go-back/", {"playthrough": 1, "decision": 3})
    assert Playthrough.objects.get(number=2).left_at
    assert f"{GO_ON} 3" in read(browser, FIRST)


def test_on_the_first_way_nothing_can_be_stopped(learner: User, client_of_learner: Client) -> None:
    make.decision(make.enrolment(learner, make.edition("posts")))
    assert STOP not in read(client_of_learner)
    assert stop(client_of_learner).url == CASE


def test_nobody_stops_or_sees_anothers_way(browser: Client) -> None:
    stranger = make.client(make.user())
    assert stop(stranger).url == CASE
    assert stranger.get(FIRST).status_code == 404
    assert Client().get(FIRST).url.startswith("/account/login/")


@pytest.mark.parametrize("is_archived", [True, False])
def test_in_a_module_that_was_closed_it_can_still_be_left(browser: Client, is_archived: bool) -> None:
    edition = Edition.objects.get()
    if is_archived:
        make.archiving(edition.module)
    else:
        make.withdrawal(edition)
    assert stop(browser).url == FIRST
    assert GO_ON in read(browser, FIRST)


def test_a_newer_edition_changes_nothing_for_who_began_an_older_one(browser: Client) -> None:
    make.publish(make.modules_actions.start_draft(Edition.objects.get()))
    assert stop(browser).url == FIRST
    assert GO_ON in read(browser, FIRST)


# Without an account --------------------------------------------------------------------------------------------------


@pytest.fixture
def visitor(db: None) -> Client:
    """Somebody who went the best way to its end, and tries another from the second decision."""
    edition = make.edition("posts")
    make.unguarded(Scenario).filter(edition=edition).update(is_taster=True)
    client = Client()
    for number in (1, 2, 3):
        decide(client, number, "best")
    client.post(f"{TRY}go-back/", {"decision": 2, "playthrough": 1})
    return client


def decide(client: Client, number: int, how: str) -> None:
    client.post(f"{TRY}choose/", {"decision": number, "choice": f"case-scene-{number}-{how}"})


def ways(client: Client) -> list[list[str]]:
    [visit] = client.session["tasted"].values()
    return [[key.removeprefix("case-scene-") for key in way] for way in visit["ways"]]


def test_a_visitor_can_leave_another_way_and_go_on_with_it(visitor: Client) -> None:
    before = ways(visitor)
    assert before == [["1-best", "2-best", "3-best"], ["1-best"]]
    assert STOP in read(visitor, TRY)
    assert stop(visitor, path=TRY).url == f"{TRY}first/"
    page = read(visitor, f"{TRY}first/")
    assert "A good end" in page
    assert f"{GO_ON} 2" in page
    assert f'<a href="{TRY}#scene">go on with it</a>' in page
    assert ways(visitor) == before
    decide(visitor, 2, "poor")
    assert f'href="{TRY}first/"' in read(visitor, TRY)
    assert "A good end" in read(visitor, f"{TRY}first/")
    assert GO_ON not in read(visitor, f"{TRY}first/")


def test_a_visitor_can_go_back_in_the_first_way_while_another_waits(visitor: Client) -> None:
    decide(visitor, 2, "poor")
    for _ in range(2):
        visitor.post(f"{TRY}go-back/", {"decision": 3, "playthrough": 1})
        assert ways(visitor) == [["1-best", "2-best", "3-best"], ["1-best", "2-best"]]


@pytest.mark.parametrize("playthrough", ["0", "3", "x", "2"])
def test_a_walk_that_no_visitor_made_is_not_gone_back_in(visitor: Client, playthrough: str) -> None:
    before = ways(visitor)
    answer = visitor.post(f"{TRY}go-back/", {"decision": 3, "playthrough": playthrough})
    assert answer.status_code == 404
    assert ways(visitor) == before


def test_without_another_way_there_is_one_page_of_the_first(db: None) -> None:
    edition = make.edition("posts")
    make.unguarded(Scenario).filter(edition=edition).update(is_taster=True)
    client = Client()
    assert client.get(f"{TRY}first/").url == TRY
    decide(client, 1, "best")
    assert client.get(f"{TRY}first/").url == TRY
    assert stop(client, path=TRY).url == TRY
    assert STOP not in read(client, TRY)


def test_who_has_signed_in_since_can_look_back_and_keep_both(visitor: Client) -> None:
    visitor.force_login(make.user())
    assert "Keep this" in read(visitor, f"{TRY}first/")
    visitor.post(f"{TRY}keep/")
    assert Playthrough.objects.count() == 2
    assert visitor.get(f"{TRY}first/").url == CASE
