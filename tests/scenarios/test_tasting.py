"""Trying a case without an account, and keeping it afterwards."""

import datetime
import html
import logging
import re
from typing import Any
from unittest import mock

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.core import mail
from django.db import OperationalError
from django.test import Client

from apps.accounts.models import User
from apps.modules.actions import start_draft
from apps.modules.models import Edition, Page
from apps.progress.models import Enrolment, PageCompletion
from apps.scenarios import tasting
from apps.scenarios.forms.deciding import GONE
from apps.scenarios.models import Decision, Playthrough, Scenario
from apps.scenarios.walks import NotAChoiceError
from tests import make
from tests.forms import Form, forms_of

pytestmark = [pytest.mark.django_db, pytest.mark.pages]

URL = "/try/posts/case/"
CASE = "/learn/posts/1/scenario/case/"


def make_edition(*, is_taster: bool = True) -> Edition:
    draft = make.draft("posts")
    make.reading(draft)
    scenario = make.scenario(draft)
    Scenario.objects.filter(pk=scenario.pk).update(is_taster=is_taster)
    make.quiz(draft)
    return make.publish(draft)


def choose(client: Client, *choices: str, first: int = 1) -> str:
    for number, choice in enumerate(choices, start=first):
        sent = {"decision": number, "choice": f"case-scene-{choice}"}
        page = client.post(f"{URL}choose/", sent, follow=True)
    return page.content.decode()


def look(client: Client, url: str = URL) -> str:
    """The page that the address shows, or that it leads to."""
    return client.get(url, follow=True).content.decode()


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
    assert f'href="{address}#choices"' in visitor.get("/").content.decode()
    page = visitor.get(address).content.decode()
    chosen = re.search(r"<input[^>]*case-scene-1-poor[^>]*>", page)
    assert chosen
    assert "checked" in chosen[0]
    assert '<fieldset id="choices">' in page
    assert page.count("checked") == 1
    assert "tasted" not in visitor.session
    assert "checked" not in visitor.get(f"{URL}?choice=nothing-of-ours").content.decode()


def test_a_visitor_walks_the_case_to_its_ending_and_nothing_is_stored() -> None:
    make_edition()
    visitor = Client()
    assert "Scene 1" in look(visitor)
    assert "What your choice did" in choose(visitor, "1-best")
    page = choose(visitor, "2-best", "3-best", first=2)
    assert "A good end" in page
    assert "Keep this: create an account" in page
    assert not Playthrough.objects.exists()
    assert not Enrolment.objects.exists()


SIGN_IN = f"/account/login/?next={CASE.replace('/', '%2F')}"


def test_the_learners_address_leads_a_visitor_to_their_own_with_what_was_chosen() -> None:
    make_edition()
    assert Client().get(CASE).url == URL
    assert Client().get(f"{CASE}?choice=case-scene-1-poor").url == f"{URL}?choice=case-scene-1-poor#choices"
    assert Client().get("/learn/posts/1/scenario/no-such-case/").status_code == 404


def test_a_case_that_is_not_open_to_all_asks_for_sign_in_and_has_no_address_for_visitors() -> None:
    make_edition(is_taster=False)
    visitor = Client()
    assert visitor.get(CASE).url == SIGN_IN
    response = visitor.post(f"{CASE}choose/", {"decision": 1, "choice": "case-scene-1-best"})
    assert response.url.startswith("/account/login/")
    for client in (visitor, make.client(make.user())):
        assert client.get(URL).status_code == 404
        for action in ("choose", "go-back", "start-again"):
            fields = {"decision": 1, "choice": "case-scene-1-best"}
            assert client.post(f"{URL}{action}/", fields).status_code == 404
    assert "tasted" not in visitor.session
    assert not Enrolment.objects.exists()


def test_a_visitors_post_to_a_learners_address_decides_nothing() -> None:
    make_edition()
    visitor = Client()
    for action in ("choose", "go-back"):
        fields = {"decision": 1, "choice": "case-scene-1-best", "playthrough": 1}
        assert visitor.post(f"{CASE}{action}/", fields).url.startswith("/account/login/")
    assert "tasted" not in visitor.session


def test_a_learner_whose_session_ended_is_not_taken_for_a_visitor() -> None:
    """Their choice waits until they have signed in again, also in a case that is open to all."""
    make_edition()
    learner = make.user("learner@example.org")
    make.decision(make.enrolment(learner, Edition.objects.get()))
    client = Client()
    response = client.post(f"{CASE}choose/", {"decision": 2, "choice": "case-scene-2-best"} | make.owned_by(learner))
    assert response.url == SIGN_IN
    assert "tasted" not in client.session
    client.post("/account/login/", {"login": learner.email, "password": make.PASSWORD})
    assert "Your choice is still here" in look(client, CASE)


def test_what_somebody_sent_before_their_session_ended_is_no_visitors_choice() -> None:
    """Their page asked whether to keep a visit, which ended with the session."""
    make_edition()
    client = Client()
    sent = {"decision": 1, "choice": "case-scene-1-best"} | make.owned_by(make.user("back@example.org"))
    response = client.post(f"{URL}choose/", sent)
    assert response.url == f"/account/login/?next={URL.replace('/', '%2F')}"
    assert "still here" not in client.get(response.url).content.decode()
    assert "tasted" not in client.session
    sign_in(client, User.objects.get())
    assert client.get(URL).url == CASE


def test_a_visitor_can_go_back_and_try_another_way() -> None:
    make_edition()
    visitor = Client()
    choose(visitor, "1-best", "2-best", "3-best")
    page = visitor.post(f"{URL}go-back/", {"decision": 2}, follow=True).content.decode()
    assert "Scene 2" in page
    assert "Your first one stays as it was, and both wait for two hours if you stop." in page
    assert "and counts" not in page
    assert "A poor end" in choose(visitor, "2-poor", first=2)


def test_both_ways_of_a_visitor_are_listed_once_both_have_ended() -> None:
    make_edition()
    visitor = Client()

    def listed(page: str) -> list[tuple[str, str]]:
        """Where each way leads, nowhere from its own page, and to which ending."""
        below = page.partition("Your ways through</h2>")[2].partition("</ul>")[0]
        return [found.groups() for found in re.finditer(r'<li>(?:<a href="([^"]*)"|<strong)>([^<]*)<', below)]

    assert listed(choose(visitor, "1-best", "2-best", "3-best")) == []
    visitor.post(f"{URL}go-back/", {"decision": 2})
    assert listed(look(visitor, f"{URL}first/")) == []
    assert listed(choose(visitor, "2-poor", first=2)) == [(f"{URL}first/", "A good end"), (None, "A poor end")]
    assert listed(look(visitor, f"{URL}first/")) == [(None, "A good end"), (URL, "A poor end")]


def test_a_repeated_or_forged_choice_changes_nothing_for_a_visitor() -> None:
    make_edition()
    visitor = Client()
    choose(visitor, "1-best")
    assert "taken that decision already" in choose(visitor, "1-poor")
    forged = {"decision": 2, "choice": "case-scene-3-best"}
    assert visitor.post(f"{URL}choose/", forged).status_code == 422
    assert waiting_ways(visitor) == [["case-scene-1-best"]]


def test_a_decision_that_was_taken_before_signing_in_is_not_taken_again() -> None:
    make_edition()
    learner = make.user("new@example.org")
    visitor = Client()
    choose(visitor, "1-best", "2-best")
    sign_in(visitor, learner)
    sent = {"decision": 2, "choice": "case-scene-2-poor"}
    page = visitor.post(f"{URL}choose/", sent, follow=True).content.decode()
    assert "You had taken that decision already" in page
    assert ways() == [["1-best", "2-best"]]


def test_after_signing_in_the_way_can_be_kept_as_the_first_playthrough() -> None:
    make_edition()
    visitor = Client()
    choose(visitor, "1-best", "2-best", "3-best")
    make.user("new@example.org")
    visitor.post("/account/login/", {"login": "new@example.org", "password": make.PASSWORD})
    assert "Keep this" in look(visitor)
    assert not Playthrough.objects.exists()
    page = visitor.post(f"{URL}keep/", follow=True).content.decode()
    assert "Ratings never appear on a certificate" in page
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
    signed_in.post(f"{CASE}choose/", {"decision": 1, "choice": "case-scene-1-poor"})
    visitor = Client()
    choose(visitor, "1-best", "2-best", "3-best")
    visitor.force_login(learner)
    visitor.post(f"{URL}keep/")
    assert list(Decision.objects.values_list("choice__key", flat=True)) == ["case-scene-1-poor"]


def test_the_ending_is_no_decision_to_go_back_to() -> None:
    make_edition()
    visitor = Client()
    choose(visitor, "1-best", "2-poor")
    assert visitor.post(f"{URL}go-back/", {"decision": 3}).status_code == 404
    assert waiting_ways(visitor) == [["case-scene-1-best", "case-scene-2-poor"]]


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
    assert visitor.post(f"{URL}go-back/", {"decision": "1"}).url == URL
    choose(visitor, "1-best")
    assert visitor.post(f"{URL}go-back/", {"decision": decision}).status_code == 404
    assert waiting_ways(visitor) == [["case-scene-1-best"]]


def test_going_back_while_signed_out_asks_for_sign_in_and_leads_back_to_the_case() -> None:
    make_edition()
    answered = Client().post(f"{CASE}go-back/", {"decision": 1, "playthrough": 1})
    assert answered.url == f"/account/login/?next={CASE}go-back/"
    assert make.client(make.user()).get(f"{CASE}go-back/").url == "../"


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
    assert "Keep this" in look(visitor)
    visitor.post(f"{URL}keep/")
    assert ways() == [["1-best", "2-poor"], []]


def test_the_next_decision_keeps_also_what_had_gone_back_to_the_start() -> None:
    make_edition()
    visitor = Client()
    choose(visitor, "1-best", "2-poor")
    visitor.post(f"{URL}go-back/", {"decision": 1})
    sign_in(visitor)
    page = choose(visitor, "1-poor")
    assert "taken that decision already" not in page
    assert "was not added" not in page
    assert ways() == [["1-best", "2-poor"], ["1-poor"]]


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
    page = look(visitor)
    assert "Save and leave" not in page
    assert "Keep this" in page
    visitor.post(f"{URL}keep/")
    page = look(visitor)
    assert "Save and leave" in page
    assert "Keep this" not in page
    assert ways() == [["1-best"]]


def test_what_a_newer_edition_has_overtaken_is_not_promised() -> None:
    make_edition()
    visitor = Client()
    choose(visitor, "1-best", "2-poor")
    make.publish(start_draft(Edition.objects.get()))
    assert "Keep this" not in look(visitor)
    sign_in(visitor)
    page = look(visitor)
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
    choose(visitor, "1-best")
    sign_in(visitor, learner)
    assert "That begins edition 2 of this module; what you did in edition 1 stays." in look(visitor)
    assert visitor.get(newer.page_set.get(key="case").get_absolute_url()).url == URL
    assert visitor.get(CASE).status_code == 200, "what they do in their own edition waits for nothing"
    assert Enrolment.objects.count() == 1


@pytest.mark.parametrize("verb", ["keep", "choose"])
def test_what_was_begun_elsewhere_meanwhile_is_not_added_and_that_is_said(verb: str) -> None:
    """On a telephone, say, after signing in here and before pressing the button."""
    make_edition()
    learner = make.user("back@example.org")
    visitor = Client()
    choose(visitor, "1-best")
    sign_in(visitor, learner)
    make.decision(make.enrolment(learner, Edition.objects.get()), "poor")
    sent = {"decision": 2, "choice": "case-scene-2-best"}
    page = visitor.post(f"{URL}{verb}/", sent, follow=True).content.decode()
    assert "What you tried before you signed in was not added" in page
    assert "taken that decision already" not in page
    assert ways() == [["1-poor"]]


def test_where_a_newer_edition_is_not_open_to_all_nobody_is_left_before_a_missing_page() -> None:
    make_edition()
    learner = make.user("back@example.org")
    make.enrolment(learner, Edition.objects.get())
    visitor, another = Client(), Client()
    for browser in (visitor, another):
        choose(browser, "1-best")
    newer = start_draft(Edition.objects.get())
    Scenario.objects.filter(edition=newer).update(is_taster=False)
    make.publish(newer)
    assert another.post(f"{URL}start-again/").url == "/modules/posts/"
    sign_in(visitor, learner)
    assert visitor.post(f"{URL}keep/").url == CASE


@pytest.mark.parametrize("sent", [("keep", {}), ("choose", {"decision": 2, "choice": "case-scene-2-best"})])
def test_what_is_sent_twice_stays_in_the_edition_in_which_it_was_kept(sent: tuple[str, dict[str, Any]]) -> None:
    make_edition()
    learner = make.user("back@example.org")
    make.enrolment(learner, Edition.objects.get())
    visitor = Client()
    choose(visitor, "1-best")
    sign_in(visitor, learner)
    make.publish(start_draft(Edition.objects.get()))
    verb, fields = sent
    for _ in range(2):
        assert visitor.post(f"{URL}{verb}/", fields).url.startswith(CASE)
    assert [enrolment.edition.number for enrolment in Enrolment.objects.all()] == [1]
    assert Playthrough.objects.get().decisions.count() == (2 if fields else 1)


def test_who_was_on_the_way_to_keep_a_visit_when_its_address_changed_keeps_it() -> None:
    make_edition()
    visitor = Client()
    choose(visitor, "1-best", "2-poor")
    make.user("back@example.org")
    login = {"login": "back@example.org", "password": make.PASSWORD, "next": f"{CASE}keep/"}
    page = visitor.post("/account/login/", login, follow=True)
    assert page.status_code == 200
    assert page.request["PATH_INFO"] == CASE
    assert Playthrough.objects.get().ended_at
    assert visitor.post(f"{CASE}start-again/").url == CASE


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
    assert "was not added" in look(visitor)
    visitor.post(f"{CASE}choose/", {"decision": 2, "choice": "case-scene-2-best"})
    assert "was not added" not in look(visitor)
    assert not visitor.session["tasted"]


def test_a_first_decision_in_a_tab_from_before_the_visit_tells_that_it_was_not_added() -> None:
    make_edition()
    visitor = Client()
    choose(visitor, "1-best")
    sign_in(visitor)
    visitor.post(f"{CASE}choose/", {"decision": 1, "choice": "case-scene-1-poor"})
    assert ways() == [["1-poor"]]
    assert "was not added" in look(visitor)


def test_after_going_back_nobody_is_told_again_that_the_visit_was_not_added() -> None:
    make_edition()
    learner = make.user("back@example.org")
    make.playthrough(make.enrolment(learner, Edition.objects.get()))
    visitor = Client()
    choose(visitor, "1-best")
    sign_in(visitor, learner)
    assert "was not added" in look(visitor)
    visitor.post(f"{CASE}go-back/", {"playthrough": 1, "decision": 1})
    assert Playthrough.objects.count() == 2
    assert "was not added" not in look(visitor)


def test_keeping_nothing_begins_nothing() -> None:
    make_edition()
    client = make.client(make.user())
    assert client.post(f"{URL}keep/").url == CASE
    assert not Enrolment.objects.exists()


# Two hours, and once more from the start ---------------------------------------------------------------------------


def later(client: Client, **ago: int) -> None:
    """As if the last step had been taken so long ago."""
    session = client.session
    for visit in session["tasted"].values():
        visit["at"] -= datetime.timedelta(**ago).total_seconds()
    session.save()


def test_a_visit_is_gone_two_hours_after_its_last_step() -> None:
    make_edition()
    visitor = Client()
    choose(visitor, "1-best", "2-best")
    later(visitor, minutes=119)
    assert "Scene 3" in look(visitor)
    later(visitor, minutes=2)
    assert "Scene 1" in look(visitor)
    for act in ("go-back", "choose"):
        sent = {"decision": 3, "choice": "case-scene-3-best"}
        page = visitor.post(f"{URL}{act}/", sent, follow=True).content.decode()
        assert f'<p class="sl-message sl-message--info" role="status">{GONE}</p>' in page
    sign_in(visitor)
    assert "Keep this" not in look(visitor)
    visitor.post(f"{URL}keep/")
    assert not Enrolment.objects.exists()


def test_every_step_counts_the_two_hours_anew_and_leaves_the_sessions_own_end_alone() -> None:
    make_edition()
    visitor = Client()
    choose(visitor, "1-best")
    ends = visitor.session.get_expiry_age()
    later(visitor, minutes=119)
    choose(visitor, "2-best", first=2)
    later(visitor, minutes=119)
    assert "Scene 3" in look(visitor)
    assert visitor.session.get_expiry_age() == ends == 7 * 24 * 3600


@pytest.mark.parametrize("tasted", [{"1": [["case-scene-1-best"]]}, {"1": [[], []]}, {"1": []}, {}])
def test_a_visit_from_before_there_was_a_time_breaks_no_page(tasted: dict[str, Any]) -> None:
    """As sessions hold it that are older than this code: nobody knows when its last step was, so it is gone."""
    make_edition()
    visitor = Client()
    visitor.get(URL)
    session = SessionStore()
    session["tasted"] = {str(Scenario.objects.get().page_id): ways for ways in tasted.values()}
    session.save()
    visitor.cookies["sessionid"] = session.session_key
    assert "Scene 1" in look(visitor)
    assert "What your choice did" in choose(visitor, "1-best")
    sign_in(visitor)
    for path in (URL, "/my-learning/", "/"):
        assert visitor.get(path).status_code == 200


def test_a_visitors_open_case_can_be_started_again() -> None:
    make_edition()
    visitor = Client()
    assert "Start again" not in look(visitor)
    for choices in (("1-best",), ("1-best", "2-poor")):
        choose(visitor, *choices)
        [form] = [form for form in forms_of(look(visitor), URL) if "start-again" in form.action]
        page = visitor.post(form.action, form.fields, follow=True).content.decode()
        assert "Scene 1" in page
        assert "Start again" not in page
        assert visitor.session["tasted"] == {}


def test_who_signs_in_can_start_anothers_visit_again() -> None:
    make_edition()
    visitor = Client()
    choose(visitor, "1-best")
    sign_in(visitor)
    assert "Start again" in look(visitor)
    visitor.post(f"{URL}start-again/")
    assert "Keep this" not in look(visitor)
    assert not Enrolment.objects.exists()


def test_starting_again_leaves_a_learners_own_walk_alone() -> None:
    make_edition()
    learner = make.user()
    make.decision(make.enrolment(learner, Edition.objects.get()))
    client = make.client(learner)
    client.post(f"{URL}start-again/")
    assert ways() == [["1-best"]]


def test_a_visit_does_not_grow_without_end() -> None:
    make_edition()
    visitor = Client()
    with mock.patch.object(tasting, "MOST_DECISIONS", 1):
        choose(visitor, "1-best")
        assert "as far as a case goes without an account" in choose(visitor, "2-best", first=2)
    assert waiting_ways(visitor) == [["case-scene-1-best"]]


def test_a_session_holds_only_the_last_few_cases() -> None:
    draft = make.draft("posts")
    for number in range(tasting.MOST_CASES + 1):
        make.scenario(draft, f"case-{number}")
    Scenario.objects.update(is_taster=True)
    make.publish(draft)
    visitor = Client()
    pages = list(Page.objects.filter(kind="scenario").order_by("position"))

    def decide(page: Page, decision: int = 1) -> list[str]:
        sent = {"decision": decision, "choice": f"{page.key}-scene-{decision}-best"}
        visitor.post(f"/try/posts/{page.key}/choose/", sent)
        return list(visitor.session["tasted"])

    *some, last = pages
    before = [decide(page) for page in some][-1]
    assert before == [str(page.pk) for page in some]
    assert decide(some[1], 2) == [before[0], *before[2:], before[1]], "the one walked last comes last"
    assert decide(last) == [*before[2:], before[1], str(last.pk)]


# In which edition, and whose page ----------------------------------------------------------------------------------


def publish_another(*, is_taster: bool = True) -> Edition:
    draft = start_draft(Edition.objects.order_by("-number")[0])
    Scenario.objects.filter(edition=draft).update(is_taster=is_taster)
    return make.publish(draft)


def test_a_visit_stays_in_the_edition_where_it_began() -> None:
    make_edition()
    visitor = Client()
    choose(visitor, "1-best")
    newer = publish_another()
    [page] = visitor.session["tasted"]
    assert "Scene 2" in choose(visitor, "2-best", first=2)
    assert list(visitor.session["tasted"]) == [page]
    visitor.post(f"{URL}start-again/")
    choose(visitor, "1-best")
    assert list(visitor.session["tasted"]) == [str(newer.page_set.get(key="case").pk)]


def test_a_visit_goes_on_where_the_edition_in_force_is_no_longer_open_to_all() -> None:
    make_edition()
    visitor = Client()
    choose(visitor, "1-best")
    publish_another(is_taster=False)
    assert "Scene 2" in look(visitor)
    assert Client().get(URL).status_code == 404
    assert Client().get(CASE).url == SIGN_IN
    visitor.post(f"{URL}start-again/")
    assert visitor.get(URL).status_code == 404


def test_who_keeps_twice_a_case_that_is_no_longer_open_to_all_is_led_to_their_own() -> None:
    learner = make.user("back@example.org")
    make.enrolment(learner, make_edition())
    visitor = Client()
    choose(visitor, "1-best")
    publish_another(is_taster=False)
    sign_in(visitor, learner)
    for _ in range(2):
        assert visitor.post(f"{URL}keep/").url == CASE
    assert visitor.get(URL).url == CASE, "as an old tab asks for it"
    assert ways() == [["1-best"]]
    assert make.client(make.user()).post(f"{URL}keep/").status_code == 404


def test_of_visits_in_two_editions_the_later_one_is_shown() -> None:
    """As sessions hold them that began before a visit stayed in its edition. Nobody is led in a circle."""
    make_edition()
    newer = publish_another()
    visitor = Client()
    choose(visitor, "1-best")
    session = visitor.session
    [(page, visit)] = session["tasted"].items()
    first = Edition.objects.get(number=1).page_set.get(key="case")
    session["tasted"] = {page: visit, str(first.pk): {"at": visit["at"] - 60, "ways": [["case-scene-1-poor"]]}}
    session.save()
    assert "Do the best thing in Scene 1" in look(visitor)
    sign_in(visitor)
    assert visitor.get(newer.page_set.get(key="case").get_absolute_url()).url == URL
    assert visitor.get(CASE).status_code == 200, "theirs to begin, and nothing of it is shown elsewhere"
    assert "was not added" not in look(visitor, CASE)
    visitor.post(f"{URL}keep/")
    assert ways() == [["1-best"]]
    assert "it cannot be kept" in look(visitor), "what is left of the edition that was replaced"


def test_a_case_of_the_same_name_in_another_module_is_another_case() -> None:
    make_edition()
    other = make.edition("other")
    newest = make.publish(start_draft(other))
    make.unguarded(Scenario).filter(edition__in=(other, newest)).update(is_taster=True)
    visitor = Client()
    choose(visitor, "1-best")
    assert "Scene 1" in look(visitor, "/try/other/case/")
    visitor.post("/try/other/case/choose/", {"decision": 1, "choice": "case-scene-1-poor"})
    assert str(newest.page_set.get(key="case").pk) in visitor.session["tasted"]
    assert "Do the best thing in Scene 1" in look(visitor)


def test_who_is_signed_in_and_has_nothing_waiting_is_led_to_the_edition_that_they_take() -> None:
    make_edition()
    learner = make.user()
    client = make.client(learner)
    assert client.get(URL).url == CASE
    make.enrolment(learner, Edition.objects.get())
    newer = publish_another()
    assert client.get(f"{URL}?choice=case-scene-1-poor").url == f"{CASE}?choice=case-scene-1-poor#choices"
    make.enrolment(learner, newer)
    assert client.get(URL).url == newer.page_set.get(key="case").get_absolute_url()


@pytest.mark.parametrize("is_taster", [True, False])
def test_who_takes_several_editions_is_led_to_the_newest_of_them(is_taster: bool) -> None:
    learner = make.user()
    make.enrolment(learner, make_edition())
    make.enrolment(learner, publish_another())
    publish_another(is_taster=is_taster)
    client, own = make.client(learner), "/learn/posts/2/scenario/case/"
    assert client.get(URL).url == own
    assert client.post(f"{URL}choose/", {"decision": 1, "choice": "case-scene-1-best"}).url == own
    assert client.post(f"{URL}keep/").url == own


def test_the_learners_page_leads_to_a_visit_that_waits() -> None:
    make_edition()
    visitor = Client()
    choose(visitor, "1-best")
    sign_in(visitor)
    assert visitor.get(CASE).url == URL
    visitor.post(f"{URL}keep/")
    assert visitor.get(CASE).status_code == 200
    assert visitor.get(URL).url == CASE


# Kept in the POST that signs in ------------------------------------------------------------------------------------

NEW = {"email": "new@example.org", "full_name": "New Person", "password1": "a-good-long-one-2026"}


def follow_keep(visitor: Client, button: str) -> Form:
    """The form behind a link of the ending's page."""
    page = look(visitor)
    [href] = re.findall(rf'<a[^>]*href="([^"]*)"[^>]*>{button}</a>', page)
    path = href.split("?")[0]
    [form] = [one for one in forms_of(visitor.get(html.unescape(href)).content.decode(), path) if one.action == path]
    return form


def test_creating_an_account_keeps_the_way_in_the_same_act() -> None:
    make_edition()
    visitor = Client()
    choose(visitor, "1-best", "2-poor")
    form = follow_keep(visitor, "Keep this: create an account")
    answer = visitor.post(form.action, form.fields | NEW | {"password2": NEW["password1"]})
    assert answer.status_code == 302
    assert ways() == [["1-best", "2-poor"]]
    assert PageCompletion.objects.count() == 1
    page = visitor.get(answer.url, follow=True).content.decode()
    assert "Ratings never appear on a certificate" in page
    assert "Keep this" not in page


def test_signing_in_by_that_link_keeps_it_too_and_by_another_it_waits() -> None:
    make_edition()
    make.user("back@example.org")
    sent = {"login": "back@example.org", "password": make.PASSWORD}
    for is_kept in (False, True):
        visitor = Client()
        choose(visitor, "1-best", "2-poor")
        form = follow_keep(visitor, "Sign in and keep this")
        visitor.post(form.action, (form.fields if is_kept else {}) | sent)
        assert Playthrough.objects.exists() is is_kept
        assert ("Not kept yet" in visitor.get("/my-learning/").content.decode()) is not is_kept


def test_it_is_kept_after_the_code_and_nobody_is_enrolled_before(settings: Any) -> None:
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    settings.ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
    make_edition()
    visitor = Client()
    choose(visitor, "1-best", "2-poor")
    form = follow_keep(visitor, "Keep this: create an account")
    visitor.post(form.action, form.fields | NEW | {"password2": NEW["password1"]})
    assert not Enrolment.objects.exists()
    code = re.search(r"^\s*([A-Z0-9]{3,}-?[A-Z0-9]{3,})\s*$", mail.outbox[0].body, re.MULTILINE)
    assert code
    [confirm] = [
        one for one in forms_of(visitor.get("/account/confirm-email/").content.decode(), "") if "code" in one.typed
    ]
    visitor.post("/account/confirm-email/", confirm.fields | {"code": code[1]})
    assert ways() == [["1-best", "2-poor"]]


@pytest.mark.parametrize("error", [RuntimeError("secret"), OperationalError("secret"), NotAChoiceError])
def test_a_keeping_that_fails_keeps_nobody_out(error: Any, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.ERROR, "apps.accounts.keeping")
    make_edition()
    make.user("back@example.org")
    visitor = Client()
    choose(visitor, "1-best", "2-poor")
    form = follow_keep(visitor, "Sign in and keep this")
    with mock.patch("apps.scenarios.actions.complete_page", side_effect=error):
        answer = visitor.post(form.action, form.fields | {"login": "back@example.org", "password": make.PASSWORD})
    assert answer.status_code == 302
    assert not Enrolment.objects.exists()
    [record] = [record for record in caplog.records if record.name == "apps.accounts.keeping"]
    assert record.getMessage().endswith(getattr(error, "__name__", type(error).__name__))
    assert "secret" not in caplog.text
    assert "Keep this" in visitor.get(answer.url, follow=True).content.decode()


def test_signing_in_does_not_begin_another_edition_without_a_word() -> None:
    make_edition()
    learner = make.user("back@example.org")
    make.enrolment(learner, Edition.objects.get())
    publish_another()
    visitor = Client()
    choose(visitor, "1-best")
    visitor.post("/account/login/", {"login": learner.email, "password": make.PASSWORD, "next": f"{URL}keep/"})
    assert Enrolment.objects.count() == 1
    assert "That begins edition 2" in look(visitor)


def test_signing_in_tells_who_had_begun_the_case_that_the_visit_was_not_added() -> None:
    make_edition()
    learner = make.user("back@example.org")
    make.decision(make.enrolment(learner, Edition.objects.get()), "poor")
    visitor = Client()
    choose(visitor, "1-best")
    login = {"login": learner.email, "password": make.PASSWORD, "next": f"{URL}keep/"}
    answer = visitor.post("/account/login/", login, follow=True)
    assert answer.redirect_chain[-1][0] == CASE
    assert "was not added" in answer.content.decode()
    assert ways() == [["1-poor"]]


def test_my_learning_is_not_empty_while_a_way_waits() -> None:
    make.decision(make.enrolment(make.user("somebody@example.org"), make_edition()), "poor")
    visitor = Client()
    choose(visitor, "1-best")
    sign_in(visitor)
    page = visitor.get("/my-learning/").content.decode()
    assert "Nothing here yet" not in page
    assert f'href="{CASE}"' in page, "which leads on to the visit"
    visitor.post(f"{URL}start-again/")
    page = visitor.get("/my-learning/").content.decode()
    assert "Nothing here yet" in page
    assert "Not kept yet" not in page


def test_my_learning_does_not_offer_what_was_begun_in_the_account() -> None:
    make_edition()
    learner = make.user("back@example.org")
    make.decision(make.enrolment(learner, Edition.objects.get()), "poor")
    visitor = Client()
    choose(visitor, "1-best")
    sign_in(visitor, learner)
    assert "Not kept yet" not in visitor.get("/my-learning/").content.decode()
