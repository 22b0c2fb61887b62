"""A decision is taken once, from the scene that the learner is in, and an ending completes the page."""

import re
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from apps.accounts.models import User
from apps.modules import actions as modules_actions
from apps.progress.models import Enrolment, PageCompletion
from apps.scenarios import actions
from apps.scenarios.models import Decision, Playthrough
from apps.scenarios.queries import script_of
from apps.scenarios.walks import NotAChoiceError
from tests import make

pytestmark = [pytest.mark.django_db, pytest.mark.pages]

CASE = "/learn/posts/1/scenario/case/"


@pytest.fixture(autouse=True)
def _module(db: None) -> None:
    make.edition("posts")


def choose(client: Client, decision: Any, choice: str, **options: Any) -> HttpResponse:
    return client.post(f"{CASE}choose/", {"decision": decision, "choice": choice}, **options)


def decisions() -> list[tuple[int, str]]:
    """Every decision that is stored: its number and its choice."""
    return list(Decision.objects.order_by("playthrough", "number").values_list("number", "choice__key"))


def text(client: Client, url: str = CASE) -> str:
    return client.get(url).content.decode()


def test_a_choice_is_stored_and_its_consequence_comes_with_the_next_scene(client_of_learner: Client) -> None:
    response = choose(client_of_learner, 1, "case-scene-1-poor", follow=True)
    page = response.content.decode()
    assert response.redirect_chain == [(f"{CASE}?after=1#after", 302)]
    assert "You chose: Do the poor thing in Scene 1" in page
    assert "Something happens." in page
    assert "Rating: </span>Poor" in page
    assert "Scene 2" in page
    assert "Saved" in page
    assert decisions() == [(1, "case-scene-1-poor")]


def test_the_first_decision_enrols_and_begins_the_first_playthrough(client_of_learner: Client, learner: User) -> None:
    choose(client_of_learner, 1, "case-scene-1-best")
    enrolment = Enrolment.objects.get(learner=learner)
    playthrough = Playthrough.objects.get(enrolment=enrolment)
    assert (playthrough.number, playthrough.scene.key, playthrough.ended_at) == (1, "case-scene-2", None)


def test_looking_at_the_case_begins_nothing(client_of_learner: Client) -> None:
    assert "Scene 1" in text(client_of_learner)
    assert not Enrolment.objects.exists()
    assert not Playthrough.objects.exists()


@pytest.mark.parametrize(
    "forged",
    [
        "no-such-choice",
        "case-scene-2-best",  # another scene's
        "other-scene-1-best",  # another scenario's
        "' OR 1=1 --",
    ],
)
def test_a_choice_that_is_not_the_scenes_is_refused_and_nothing_is_stored(
    client_of_learner: Client, forged: str
) -> None:
    draft = make.draft("two")
    make.scenario(draft, "other")
    make.publish(draft)
    response = choose(client_of_learner, 1, forged)
    assert response.status_code == 422
    assert "That choice is not part of this scene. Choose one of those below" in response.content.decode()
    assert "Scene 1" in response.content.decode()
    assert decisions() == []
    assert not Enrolment.objects.exists()


def test_a_choice_of_another_edition_is_refused(client_of_learner: Client, learner: User) -> None:
    """The same key in a newer edition is another row: what is stored is always the choice of the own edition."""
    enrolment = make.enrolment(learner, make.Edition.objects.get())
    draft = modules_actions.start_draft(enrolment.edition)
    extra = make.Choice.objects.get(edition=draft, key="case-scene-1-best")
    extra.key = "case-scene-1-new"
    extra.save()
    make.publish(draft)
    assert choose(client_of_learner, 1, "case-scene-1-new").status_code == 422
    assert decisions() == []
    choose(client_of_learner, 1, "case-scene-1-best")
    assert Decision.objects.get().choice.edition == enrolment.edition


def test_posting_the_same_decision_twice_stores_it_once(client_of_learner: Client) -> None:
    choose(client_of_learner, 1, "case-scene-1-best")
    response = choose(client_of_learner, 1, "case-scene-1-best", follow=True)
    assert "You had taken that decision already. This is where you are now." in response.content.decode()
    assert "Scene 2" in response.content.decode()
    assert decisions() == [(1, "case-scene-1-best")]


def test_a_second_tab_cannot_take_the_same_decision_another_way(client_of_learner: Client) -> None:
    choose(client_of_learner, 1, "case-scene-1-best")
    choose(client_of_learner, 2, "case-scene-2-best")
    response = choose(client_of_learner, 1, "case-scene-1-poor", follow=True)
    assert "You had taken that decision already" in response.content.decode()
    assert "Scene 3" in response.content.decode()
    assert decisions() == [(1, "case-scene-1-best"), (2, "case-scene-2-best")]


def make_locked(slug: str = "locked") -> str:
    """A case in which trust starts at 60, the poor first choice takes 30 of it, and the best second one needs 50."""
    draft = make.draft(slug)
    case = make.scenario(draft)
    trust = make.gauge(case, start=60)
    make.effect(trust, "case-scene-1-poor", -30)
    best = make.Choice.objects.get(edition=draft, key="case-scene-2-best")
    make.requirement(draft, choice=best, gauge=trust, at_least=50)
    make.publish(draft)
    return f"/learn/{slug}/1/scenario/case/"


def test_a_locked_choice_is_not_offered_and_refused_when_posted_by_hand(client_of_learner: Client) -> None:
    case = make_locked()
    client_of_learner.post(f"{case}choose/", {"decision": 1, "choice": "case-scene-1-poor"})
    assert "case-scene-2-poor" in text(client_of_learner, case)
    assert "case-scene-2-best" not in text(client_of_learner, case)
    response = client_of_learner.post(f"{case}choose/", {"decision": 2, "choice": "case-scene-2-best"})
    assert response.status_code == 422
    assert "That choice is not part of this scene. Choose one of those below" in response.content.decode()
    assert decisions() == [(1, "case-scene-1-poor")]
    assert Playthrough.objects.get().scene.key == "case-scene-2"


def test_the_same_choice_is_offered_where_its_need_is_met(client_of_learner: Client) -> None:
    case = make_locked()
    client_of_learner.post(f"{case}choose/", {"decision": 1, "choice": "case-scene-1-best"})
    assert "case-scene-2-best" in text(client_of_learner, case)
    client_of_learner.post(f"{case}choose/", {"decision": 2, "choice": "case-scene-2-best"})
    assert decisions() == [(1, "case-scene-1-best"), (2, "case-scene-2-best")]


def test_the_debrief_leaves_out_what_was_locked(client_of_learner: Client) -> None:
    case = make_locked()
    for number, rating in ((1, "poor"), (2, "poor")):
        client_of_learner.post(f"{case}choose/", {"decision": number, "choice": f"case-scene-{number}-{rating}"})
    page = text(client_of_learner, case)
    assert "2 decisions" in page
    assert "Do the best thing in Scene 1" in page
    assert "Do the best thing in Scene 2" not in page


@pytest.mark.parametrize("ahead", [2, 3, 1000])
def test_a_decision_ahead_of_its_turn_is_refused(client_of_learner: Client, ahead: int) -> None:
    response = choose(client_of_learner, ahead, "case-scene-1-best")
    assert response.status_code == 422
    assert decisions() == []


@pytest.mark.parametrize("decision", ["", "0", "-1", "1001", "one", "1.5", "9" * 30, "1\x00"])
def test_a_number_that_is_none_is_told_plainly(client_of_learner: Client, decision: str) -> None:
    response = choose(client_of_learner, decision, "case-scene-1-best")
    assert response.status_code == 422
    assert "There is a problem" in response.content.decode()
    assert decisions() == []


@pytest.mark.parametrize(
    ("choice", "told"),
    [
        ("", "Choose what you do, then press “Do this”"),
        ("x" * 81, "80 characters"),
        ("case-scene-1-best\x00", "Null characters are not allowed."),
    ],
)
def test_no_choice_or_a_broken_one_is_told_plainly(client_of_learner: Client, choice: str, told: str) -> None:
    response = choose(client_of_learner, 1, choice)
    assert response.status_code == 422
    assert told in response.content.decode()
    assert decisions() == []


def test_an_ending_completes_the_page_and_ends_the_playthrough(client_of_learner: Client) -> None:
    for number in (1, 2, 3):
        assert not PageCompletion.objects.exists()
        choose(client_of_learner, number, f"case-scene-{number}-best")
    playthrough = Playthrough.objects.get()
    completion = PageCompletion.objects.get()
    assert playthrough.ended_at == completion.completed_at
    assert (completion.page.key, completion.scaled_score) == ("case", None)
    page = text(client_of_learner)
    assert "A good end" in page
    assert "Ratings never appear on a certificate." in page


def test_an_early_ending_counts_too(client_of_learner: Client) -> None:
    choose(client_of_learner, 1, "case-scene-1-poor")
    choose(client_of_learner, 2, "case-scene-2-poor")
    assert Playthrough.objects.get().scene.key == "case-poor"
    assert PageCompletion.objects.count() == 1


def test_after_the_end_no_decision_is_taken(client_of_learner: Client) -> None:
    choose(client_of_learner, 1, "case-scene-1-poor")
    choose(client_of_learner, 2, "case-scene-2-poor")
    for number in (1, 2, 3):
        response = choose(client_of_learner, number, f"case-scene-{number}-best", follow=True)
        assert "A poor end" in response.content.decode()
    assert decisions() == [(1, "case-scene-1-poor"), (2, "case-scene-2-poor")]
    assert Playthrough.objects.count() == 1


def test_a_broken_choice_after_the_end_shows_the_ending(client_of_learner: Client) -> None:
    choose(client_of_learner, 1, "case-scene-1-poor")
    choose(client_of_learner, 2, "case-scene-2-poor")
    assert "A poor end" in choose(client_of_learner, "", "", follow=True).content.decode()


def test_the_debrief_shows_the_whole_path_and_what_else_there_was(client_of_learner: Client) -> None:
    choose(client_of_learner, 1, "case-scene-1-poor")
    choose(client_of_learner, 2, "case-scene-2-poor")
    page = text(client_of_learner)
    assert "2 decisions:</strong> 2 poor" in page
    assert page.count("Ask first.") == 2  # each decision's teaching point
    assert page.count("Your choice again") == 2, "there was only one other, which stands there as best"
    assert re.findall('<details open>|<b>Best here:</b>|<strong class="sl-best">Best here:', page)[:4] == [
        "<details open>",
        '<strong class="sl-best">Best here:',
        "<b>Best here:</b>",
        '<strong class="sl-best">Best here:',
    ], "the first poor one is open, the second says what was best before it is"
    assert "Do the best thing in Scene 1" in page
    assert "Leads to: Scene 3" in page


def test_one_learners_decisions_are_not_anothers(client_of_learner: Client) -> None:
    choose(client_of_learner, 1, "case-scene-1-best")
    other = make.client(make.user())
    assert "Scene 1" in text(other)
    choose(other, 1, "case-scene-1-poor")
    assert sorted(decisions()) == [(1, "case-scene-1-best"), (1, "case-scene-1-poor")]


def test_reloading_and_the_back_button_show_where_the_learner_is(client_of_learner: Client) -> None:
    choose(client_of_learner, 1, "case-scene-1-best")
    assert (
        text(client_of_learner).split("csrfmiddlewaretoken")[0]
        == text(client_of_learner).split("csrfmiddlewaretoken")[0]
    )
    assert client_of_learner.get(f"{CASE}choose/").url == "../"
    assert decisions() == [(1, "case-scene-1-best")]


def test_the_action_itself_refuses_a_choice_of_another_scene(learner: User) -> None:
    enrolment = make.enrolment(learner, make.Edition.objects.get())
    script = script_of(enrolment.edition.page_set.get(key="case"))
    with pytest.raises(NotAChoiceError):
        actions.choose(enrolment, script, 1, "case-scene-2-best", make.NOW)
    assert not Playthrough.objects.exists()


def test_an_edition_that_has_been_replaced_takes_no_newcomers(client_of_learner: Client) -> None:
    make.publish(modules_actions.start_draft(make.Edition.objects.get()))
    response = choose(client_of_learner, 1, "case-scene-1-best", follow=True)
    assert "A newer edition has come out." in response.content.decode()
    assert response.redirect_chain == [("/modules/posts/", 302)]
    assert decisions() == []
