"""Trying a case without an account, and keeping it afterwards."""

import re

import pytest
from django.test import Client

from apps.accounts.models import User
from apps.modules.actions import start_draft
from apps.modules.models import Edition
from apps.progress.models import Enrolment, PageCompletion
from apps.scenarios.models import Decision, Playthrough, Scenario
from tests import make

pytestmark = pytest.mark.django_db

URL = "/learn/posts/1/scenario/case/"


def make_edition(*, is_taster: bool = True) -> None:
    draft = make.draft("posts")
    make.reading(draft)
    scenario = make.scenario(draft)
    Scenario.objects.filter(pk=scenario.pk).update(is_taster=is_taster)
    make.quiz(draft)
    make.publish(draft)


def choose(client: Client, *choices: str, first: int = 1) -> str:
    for number, choice in enumerate(choices, start=first):
        sent = {"decision": number, "choice": f"case-scene-{choice}"}
        page = client.post(f"{URL}choose/", sent, follow=True)
    return page.content.decode()


def waiting_ways(client: Client) -> list[list[str]]:
    """What waits in the session, of the one case there is."""
    [visit] = client.session["tasted"].values()
    return visit["ways"]


def test_the_front_page_leads_into_the_case_in_one_click() -> None:
    make_edition()
    assert f'href="{URL}"' in Client().get("/").content.decode()


def test_an_option_on_the_front_page_stands_chosen_in_the_case_and_stores_nothing() -> None:
    make_edition()
    visitor = Client()
    address = f"{URL}?choice=case-scene-1-poor"
    assert f'href="{address}"' in visitor.get("/").content.decode()
    page = visitor.get(address).content.decode()
    chosen = re.search(r"<input[^>]*case-scene-1-poor[^>]*>", page)
    assert chosen
    assert "checked" in chosen[0]
    assert page.count("checked") == 1
    assert "tasted" not in visitor.session
    assert "checked" not in visitor.get(f"{URL}?choice=nothing-of-ours").content.decode()


def test_a_visitor_walks_the_case_to_its_ending_and_nothing_is_stored() -> None:
    make_edition()
    visitor = Client()
    assert "Scene 1" in visitor.get(URL).content.decode()
    assert "What your choice did" in choose(visitor, "1-best")
    page = choose(visitor, "2-best", "3-best", first=2)
    assert "A good end" in page
    assert "Keep this: create an account" in page
    assert not Playthrough.objects.exists()
    assert not Enrolment.objects.exists()


def test_a_case_that_is_not_open_to_all_asks_for_sign_in() -> None:
    make_edition(is_taster=False)
    visitor = Client()
    assert visitor.get(URL).url == f"/account/login/?next={URL.replace('/', '%2F')}"
    response = visitor.post(f"{URL}choose/", {"decision": 1, "choice": "case-scene-1-best"})
    assert response.url.startswith("/account/login/")


def test_a_learner_whose_session_ended_is_not_taken_for_a_visitor() -> None:
    """Their choice waits until they have signed in again, also in a case that is open to all."""
    make_edition()
    learner = make.user("learner@example.org")
    make.decision(make.enrolment(learner, Edition.objects.get()))
    client = Client()
    response = client.post(f"{URL}choose/", {"decision": 2, "choice": "case-scene-2-best"} | make.owned_by(learner))
    assert response.url == f"/account/login/?next={URL.replace('/', '%2F')}"
    assert "tasted" not in client.session
    client.post("/account/login/", {"login": learner.email, "password": make.PASSWORD})
    assert "Your choice is still here" in client.get(URL).content.decode()


def test_a_visitor_can_go_back_and_try_another_way() -> None:
    make_edition()
    visitor = Client()
    choose(visitor, "1-best", "2-best", "3-best")
    page = visitor.post(f"{URL}go-back/", {"decision": 2}, follow=True).content.decode()
    assert "Scene 2" in page
    assert "A poor end" in choose(visitor, "2-poor", first=2)


def test_a_repeated_or_forged_choice_changes_nothing_for_a_visitor() -> None:
    make_edition()
    visitor = Client()
    choose(visitor, "1-best")
    assert "taken that decision already" in choose(visitor, "1-poor")
    forged = {"decision": 2, "choice": "case-scene-3-best"}
    assert visitor.post(f"{URL}choose/", forged).status_code == 422
    assert waiting_ways(visitor) == [["case-scene-1-best"]]


def test_after_signing_in_the_way_can_be_kept_as_the_first_playthrough() -> None:
    make_edition()
    visitor = Client()
    choose(visitor, "1-best", "2-best", "3-best")
    make.user("new@example.org")
    visitor.post("/account/login/", {"login": "new@example.org", "password": make.PASSWORD})
    assert "Keep this" in visitor.get(URL).content.decode()
    assert not Playthrough.objects.exists()
    page = visitor.post(f"{URL}keep/", follow=True).content.decode()
    assert "This page counts as done" in page
    playthrough = Playthrough.objects.get()
    assert playthrough.number == 1
    assert list(playthrough.decisions.values_list("choice__key", flat=True)) == [
        "case-scene-1-best",
        "case-scene-2-best",
        "case-scene-3-best",
    ]
    assert PageCompletion.objects.get().page == playthrough.scenario.page
    assert "tasted" not in visitor.session or not visitor.session["tasted"]


def test_keeping_twice_keeps_once() -> None:
    make_edition()
    visitor = Client()
    choose(visitor, "1-best", "2-best", "3-best")
    visitor.force_login(make.user())
    for _ in range(2):
        visitor.post(f"{URL}keep/")
    assert Playthrough.objects.count() == 1
    assert Decision.objects.count() == 3


def test_going_on_after_signing_in_keeps_what_was_chosen_before() -> None:
    make_edition()
    visitor = Client()
    choose(visitor, "1-best")
    visitor.force_login(make.user())
    choose(visitor, "2-best", first=2)
    assert Decision.objects.count() == 2


def test_somebody_who_has_a_playthrough_keeps_that() -> None:
    make_edition()
    learner = make.user()
    signed_in = Client()
    signed_in.force_login(learner)
    choose(signed_in, "1-poor")
    visitor = Client()
    choose(visitor, "1-best", "2-best", "3-best")
    visitor.force_login(learner)
    visitor.post(f"{URL}keep/")
    assert list(Decision.objects.values_list("choice__key", flat=True)) == ["case-scene-1-poor"]


def test_going_back_twice_is_going_back_once_for_a_visitor() -> None:
    make_edition()
    visitor = Client()
    choose(visitor, "1-best", "2-best", "3-best")
    for _ in range(2):
        assert visitor.post(f"{URL}go-back/", {"decision": 2}).url == f"{URL}#scene"
        first, now = waiting_ways(visitor)
        assert first == [f"case-scene-{number}-best" for number in (1, 2, 3)]
        assert now == ["case-scene-1-best"]


@pytest.mark.parametrize("decision", ["", "0", "-1", "3", "1000", "1001", "x", "1\x00"])
def test_a_visitor_cannot_go_back_to_what_they_did_not_decide(decision: str) -> None:
    make_edition()
    visitor = Client()
    assert visitor.post(f"{URL}go-back/", {"decision": "1"}).status_code == 404
    choose(visitor, "1-best")
    assert visitor.post(f"{URL}go-back/", {"decision": decision}).status_code == 404
    assert waiting_ways(visitor) == [["case-scene-1-best"]]


def test_going_back_while_signed_out_asks_for_sign_in_and_leads_back_to_the_case() -> None:
    make_edition(is_taster=False)
    sign_in = f"/account/login/?next={URL.replace('/', '%2F')}"
    for fields in ({"decision": 1}, {"decision": 1, "playthrough": 1}):
        assert Client().post(f"{URL}go-back/", fields).url == sign_in


def sign_in(visitor: Client, learner: User | None = None) -> None:
    """As the sign-in page does it: the session goes on."""
    learner = learner or make.user("back@example.org")
    visitor.post("/account/login/", {"login": learner.email, "password": make.PASSWORD})


def ways() -> list[list[str]]:
    """What is stored: each playthrough's choices."""
    return [
        [key.removeprefix("case-scene-") for key in one.decisions.values_list("choice__key", flat=True)]
        for one in Playthrough.objects.order_by("number")
    ]


def test_the_first_way_to_an_ending_is_the_one_that_counts_and_the_second_is_kept_beside_it() -> None:
    make_edition()
    visitor = Client()
    choose(visitor, "1-best", "2-poor")
    visitor.post(f"{URL}go-back/", {"decision": 2})
    choose(visitor, "2-best", "3-best", first=2)
    sign_in(visitor)
    visitor.post(f"{URL}keep/")
    assert ways() == [["1-best", "2-poor"], ["1-best", "2-best", "3-best"]]
    first, second = Playthrough.objects.order_by("number")
    assert first.scene.outcome == "poor"
    assert list(second.decisions.values_list("is_repeated", flat=True)) == [True, False, False]
    assert PageCompletion.objects.count() == 1


def test_somebody_who_ended_and_went_back_to_the_start_can_still_keep_what_they_had() -> None:
    make_edition()
    visitor = Client()
    choose(visitor, "1-best", "2-poor")
    visitor.post(f"{URL}go-back/", {"decision": 1})
    sign_in(visitor)
    assert "Keep this" in visitor.get(URL).content.decode()
    visitor.post(f"{URL}keep/")
    assert ways() == [["1-best", "2-poor"]]


def test_the_next_decision_after_signing_in_goes_on_from_the_second_way() -> None:
    make_edition()
    visitor = Client()
    choose(visitor, "1-best", "2-poor")
    visitor.post(f"{URL}go-back/", {"decision": 1})
    choose(visitor, "1-poor")
    sign_in(visitor)
    visitor.post(f"{URL}choose/", {"decision": 2, "choice": "case-scene-2-best"})
    assert ways() == [["1-best", "2-poor"], ["1-poor", "2-best"]]


def test_until_it_is_kept_nothing_says_that_it_is_saved() -> None:
    make_edition()
    visitor = Client()
    choose(visitor, "1-best")
    sign_in(visitor)
    page = visitor.get(URL).content.decode()
    assert "Save and leave" not in page
    assert "Keep this" in page
    visitor.post(f"{URL}keep/")
    page = visitor.get(URL).content.decode()
    assert "Save and leave" in page
    assert "Keep this" not in page
    assert ways() == [["1-best"]]


def test_what_a_newer_edition_has_overtaken_is_not_promised() -> None:
    make_edition()
    visitor = Client()
    choose(visitor, "1-best", "2-poor")
    make.publish(start_draft(Edition.objects.get()))
    assert "Keep this" not in visitor.get(URL).content.decode()
    sign_in(visitor)
    page = visitor.get(URL).content.decode()
    assert "it cannot be kept" in page
    assert "Keep this" not in page
    visitor.post(f"{URL}keep/")
    assert not Playthrough.objects.exists()


def test_keeping_says_when_it_begins_another_edition() -> None:
    make_edition()
    learner = make.user("back@example.org")
    make.enrolment(learner, Edition.objects.get())
    newer = make.publish(start_draft(Edition.objects.get()))
    visitor = Client()
    url = URL.replace("/1/", f"/{newer.number}/")
    visitor.post(f"{url}choose/", {"decision": 1, "choice": "case-scene-1-best"})
    sign_in(visitor, learner)
    assert "That begins edition 2 of this module; what you did in edition 1 stays." in visitor.get(url).content.decode()
    assert Enrolment.objects.count() == 1


def test_a_visitors_form_does_not_decide_in_a_learners_own_walk() -> None:
    make_edition()
    learner = make.user("back@example.org")
    make.decision(make.enrolment(learner, Edition.objects.get()), "poor")
    visitor = Client()
    choose(visitor, "1-best")
    sign_in(visitor, learner)
    sent = {"decision": 2, "choice": "case-scene-2-best"} | make.owned_by(None)
    response = visitor.post(f"{URL}choose/", sent)
    assert response.status_code == 409
    assert "This was written before you signed in" in response.content.decode()
    assert ways() == [["1-poor"]]


def test_a_returning_learner_is_told_that_the_visit_was_not_added() -> None:
    make_edition()
    learner = make.user("back@example.org")
    make.decision(make.enrolment(learner, Edition.objects.get()), "poor")
    visitor = Client()
    choose(visitor, "1-best")
    sign_in(visitor, learner)
    assert "was not added" in visitor.get(URL).content.decode()
    visitor.post(f"{URL}choose/", {"decision": 2, "choice": "case-scene-2-best"})
    assert "was not added" not in visitor.get(URL).content.decode()


def test_keeping_nothing_begins_nothing() -> None:
    make_edition()
    client = make.client(make.user())
    assert client.post(f"{URL}keep/").url == URL
    assert not Enrolment.objects.exists()
