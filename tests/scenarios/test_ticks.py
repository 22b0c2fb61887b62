"""Leaving a case decides nothing; what was ticked is ticked again for whoever ticked it, and for nobody else."""

import datetime
import re
from urllib.parse import unquote

import pytest
from django.contrib.auth import SESSION_KEY
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from apps.scenarios import ticks
from apps.scenarios.models import Decision, Scenario
from tests import make

pytestmark = [pytest.mark.django_db, pytest.mark.once]

CASE = "/learn/posts/1/scenario/case/"
TRY = "/try/posts/case/"
MODULE = "/modules/posts/"
TOLD = "Nothing is decided yet. What you ticked is still ticked when you come back."


@pytest.fixture(autouse=True)
def _edition() -> None:
    draft = make.draft("posts")
    make.scenario(draft)
    Scenario.objects.update(is_taster=True)
    make.publish(draft)


def case_of(client: Client) -> str:
    """The address of the case for whoever this is."""
    return CASE if SESSION_KEY in client.session else TRY


def leave(client: Client, choice: str = "", decision: object = 1, go: str = "leave") -> HttpResponse:
    chosen = {"choice": f"case-scene-{choice}"} if choice else {}
    return client.post(f"{case_of(client)}choose/", {"decision": decision, "go": go} | chosen)


def decide(client: Client, choice: str, decision: int = 1) -> None:
    client.post(f"{CASE}choose/", {"decision": decision, "choice": f"case-scene-{choice}"})


def ticked(client: Client) -> list[str]:
    page = client.get(case_of(client)).content.decode()
    return re.findall(r'value="case-scene-([\w-]+)" checked', page)


def learner(client: Client | None = None, email: str = "learner@example.org") -> Client:
    """Somebody who has an account and signs in, in this browser."""
    client = client or Client()
    client.force_login(make.User.objects.filter(email=email).first() or make.user(email))
    return client


@pytest.mark.parametrize(("go", "where"), [("leave", MODULE), ("home", "/"), ("elsewhere", MODULE)])
def test_the_tick_is_kept_and_nothing_is_decided(go: str, where: str) -> None:
    client = learner()
    answered = leave(client, "1-poor", go=go)
    assert answered.url == where
    assert TOLD in client.get(where).content.decode()
    assert not Decision.objects.exists()
    assert ticked(client) == ["1-poor"]
    assert ticked(client) == ["1-poor"], "as often as they look"


def test_without_a_tick_nothing_is_kept_and_nothing_said() -> None:
    client = learner()
    answered = leave(client)
    assert answered.url == MODULE
    assert TOLD not in client.get(MODULE).content.decode()
    assert ticks.SESSION_KEY not in client.session
    assert ticked(client) == []


@pytest.mark.parametrize(
    ("choice", "decision"),
    [("2-best", 1), ("1-best", 2), ("1-best", 0), ("1-best", "x"), ("1-no-such", 1), ("\x00", 1), ("x" * 5000, 1)],
)
def test_what_is_no_choice_here_is_not_kept(choice: str, decision: object) -> None:
    client = learner()
    assert leave(client, choice, decision).url == MODULE
    assert ticks.SESSION_KEY not in client.session
    assert TOLD not in client.get(MODULE).content.decode()


def test_the_last_tick_is_the_one_that_stays() -> None:
    client = learner()
    leave(client, "1-poor")
    leave(client, "1-best")
    assert ticked(client) == ["1-best"]


def test_it_is_gone_after_the_decision() -> None:
    client = learner()
    leave(client, "1-poor")
    decide(client, "1-best")
    assert ticks.SESSION_KEY not in client.session or not client.session[ticks.SESSION_KEY]
    assert ticked(client) == []
    leave(client, "2-best", 2)
    assert ticked(client) == ["2-best"]


def test_a_tick_of_a_decision_that_was_taken_elsewhere_is_not_shown() -> None:
    client, telephone = learner(), learner()
    leave(client, "1-poor")
    decide(telephone, "1-best")
    assert ticked(client) == []


def test_a_visitor_finds_the_tick_again_for_two_hours() -> None:
    visitor = Client()
    assert leave(visitor, "1-poor").url == MODULE
    assert ticked(visitor) == ["1-poor"]
    _make_older(visitor, ticks.LIFETIME - datetime.timedelta(minutes=1))
    assert ticked(visitor) == ["1-poor"]
    _make_older(visitor, datetime.timedelta(minutes=2))
    assert ticked(visitor) == []


def test_starting_again_lets_go_of_the_tick() -> None:
    visitor = Client()
    leave(visitor, "1-poor")
    visitor.post(f"{TRY}start-again/", {})
    assert ticked(visitor) == []


def _make_older(client: Client, by: datetime.timedelta) -> None:
    session = client.session
    for tick in session[ticks.SESSION_KEY].values():
        tick[-1] -= by.total_seconds()
    session.save()


def test_a_learner_finds_the_tick_again_as_long_as_they_are_signed_in() -> None:
    client = learner()
    leave(client, "1-poor")
    _make_older(client, datetime.timedelta(days=3))
    assert ticked(client) == ["1-poor"]


def test_whoever_signs_in_next_does_not_see_a_visitors_tick() -> None:
    client = Client()
    leave(client, "1-poor")
    assert ticked(learner(client)) == []


def test_somebody_else_on_the_same_computer_does_not_see_it() -> None:
    client = learner()
    leave(client, "1-poor")
    assert ticked(learner(client, "other@example.org")) == []
    client = learner()
    leave(client, "1-poor")
    client.post("/account/logout/")
    assert ticked(client) == []
    assert ticked(learner(client, "other@example.org")) == []


def test_a_session_of_somebody_else_shows_no_tick_even_where_it_was_carried_over() -> None:
    client = learner(email="other@example.org")
    session = client.session
    page = Scenario.objects.get().page_id
    mine = str(make.user("mine@example.org").pk)
    session[ticks.SESSION_KEY] = {str(page): [mine, 1, "case-scene-1-poor", timezone.now().timestamp()]}
    session.save()
    assert ticked(client) == []


def test_a_visitors_page_leaves_no_tick_in_an_account() -> None:
    client = learner()
    sent = {"decision": 1, "choice": "case-scene-1-poor", "go": "leave"} | make.owned_by(None)
    assert client.post(f"{CASE}choose/", sent).status_code == 409
    assert ticked(client) == []


def test_signed_out_a_learners_tick_waits_and_without_one_nothing_is_promised() -> None:
    promise = "Your answer is still here."
    owned = make.owned_by(make.user())
    for answer in ({"choice": "case-scene-1-poor"}, {}):
        client = Client()
        answered = client.post(f"{CASE}choose/", {"decision": 1, "go": "leave"} | answer | owned)
        assert unquote(answered.url) == f"/account/login/?next={CASE}"
        assert (promise in client.get(answered.url).content.decode()) == bool(answer)


def test_every_control_that_leads_away_from_a_scene_is_a_button_of_its_form() -> None:
    for client in (learner(), Client()):
        page = client.get(case_of(client)).content.decode()
        links = re.findall(r'<a\b(?![^>]*target="_blank")[^>]*href="([^#][^"]*|)"', page)
        buttons = re.findall(r"<button\b([^>]*)>", page)
        assert links == []
        assert 'form="answer"' in buttons[0]
        assert "name=" not in buttons[0], "Enter decides"
        assert [one for one in buttons if "name=" in one and 'name="go"' not in one] == []
