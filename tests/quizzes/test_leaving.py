"""Every way out of a question takes the answer along: what is complete is saved, what is not is said."""

import re
from typing import Any
from urllib.parse import unquote

import pytest
from django.http import HttpResponse
from django.test import Client

from apps.modules import published
from apps.quizzes.models import Attempt, Option, Response, SelectedOption
from tests import make
from tests.quizzes.conftest import QUIZ, Player

pytestmark = [pytest.mark.django_db, pytest.mark.pages]

MODULE = "/modules/posts/"
PLACES = {"2": f"{QUIZ}question/2/", "3": f"{QUIZ}question/3/", "check": f"{QUIZ}check/", "leave": MODULE, "home": "/"}
PROMISE = "Your answer is still here."


def go(player: Player, where: str, position: int, *options: str, was: str | None = None, **more: Any) -> HttpResponse:
    """Press a button that leads away; `was` as the page carries it."""
    keys = [f"quiz-q{position}-{option}" for option in options]
    data = {"attempt": 1, "option": keys, "go": where} | ({} if was is None else {"was": was})
    return player.client.post(f"{QUIZ}question/{position}/answer/", data, **more)


def said(player: Player, answered: HttpResponse) -> list[str]:
    """The messages on the page that follows."""
    page = player.client.get(answered.url, follow=True).content.decode()
    return re.findall(r'<p class="sl-message[^>]*>(.*?)</p>', page)


@pytest.mark.parametrize("where", PLACES)
def test_what_is_complete_is_saved_and_the_way_goes_on(player: Player, where: str) -> None:
    answered = go(player, where, 1, "wrong")
    assert answered.url == PLACES[where]
    assert player.stored() == {1: {"wrong"}}
    assert said(player, answered) == []


@pytest.mark.parametrize("where", PLACES)
def test_what_is_not_complete_is_not_saved_and_the_next_page_says_so(player: Player, where: str) -> None:
    answered = go(player, "2" if where == "3" else where, 3, "right")
    assert player.stored() == {}
    assert said(player, answered) == ["Question 3 was not saved. Select 2 answers. You have selected 1."]
    assert said(player, answered) == [], "once"


@pytest.mark.parametrize("where", PLACES)
def test_an_untouched_question_says_nothing_and_writes_nothing(player: Player, where: str) -> None:
    before = list(Response.objects.values())
    for was in ("", None):
        answered = go(player, where, 1, was=was)
        assert answered.url == PLACES[where]
        assert said(player, answered) == []
    assert list(Response.objects.values()) == before


@pytest.mark.parametrize("was", ["quiz-q3-right= quiz-q3-wrong=", None])
def test_an_answer_that_was_not_changed_stays_as_it_is(player: Player, was: str | None) -> None:
    player.answer(3, "right", "wrong")
    before = list(Response.objects.values()), list(SelectedOption.objects.values())
    assert said(player, go(player, "check", 3, "wrong", "right", was=was)) == []
    assert (list(Response.objects.values()), list(SelectedOption.objects.values())) == before


def test_an_answer_that_was_changed_replaces_the_one_before(player: Player) -> None:
    player.answer(3, "right", "wrong")
    go(player, "leave", 3, "right", "right-2", was="quiz-q3-right= quiz-q3-wrong=")
    assert player.stored() == {3: {"right", "right-2"}}


def test_an_answer_that_became_incomplete_keeps_the_one_before_and_is_told(player: Player) -> None:
    player.answer(3, "right", "wrong")
    told = said(player, go(player, "1", 3, "right"))
    assert told == ["Question 3 keeps the answer it had. Select 2 answers. You have selected 1."]
    assert player.stored() == {3: {"right", "wrong"}}


def test_an_old_page_that_was_not_touched_does_not_undo_a_newer_answer(player: Player) -> None:
    player.answer(1, "wrong")
    page = player.text("question/1/")
    was = re.search('name="was" value="(.*?)"', page)
    assert was
    player.answer(1, "right")  # in a second tab
    assert said(player, go(player, "leave", 1, "wrong", was=was[1])) == []
    assert player.stored() == {1: {"right"}}


def test_the_number_of_the_question_itself_keeps_what_is_ticked(player: Player) -> None:
    answered = go(player, "3", 3, "right")
    page = answered.content.decode()
    assert answered.status_code == 422
    assert "Select 2 answers. You have selected 1" in page
    assert page.count(" checked") == 1
    assert go(player, "3", 3, "right", "wrong").url == PLACES["3"]


@pytest.mark.parametrize("where", ["0", "4", "-1", "1e9", "9" * 30, "//evil.example", "https://evil.example/", "\x00"])
def test_a_place_that_is_none_leads_nowhere_and_nothing_is_lost(player: Player, where: str) -> None:
    answered = go(player, where, 1, "wrong")
    assert answered.status_code == 422
    assert "There is no such place in this quiz" in answered.content.decode()
    assert answered.content.decode().count(" checked") == 1
    assert player.stored() == {}


@pytest.mark.parametrize("where", PLACES)
def test_a_late_answer_changes_nothing_wherever_it_leads(player: Player, where: str) -> None:
    player.submit()
    assert go(player, where, 1, "right").url == f"{QUIZ}attempt/1/"
    assert player.stored() == {}


@pytest.mark.parametrize("where", PLACES)
def test_signed_out_an_answer_waits_and_without_one_nothing_is_promised(player: Player, where: str) -> None:
    sent = {"attempt": 1, "go": where, "was": ""} | make.owned_by(Attempt.objects.get().enrolment.learner)
    for answer in ({"option": "quiz-q1-right"}, {}):
        client = Client()
        answered = client.post(f"{QUIZ}question/1/answer/", sent | answer)
        assert unquote(answered.url) == f"/account/login/?next={QUIZ}question/1/"
        assert (PROMISE in client.get(answered.url).content.decode()) == bool(answer)


def test_a_ranking_goes_along_too() -> None:
    draft = make.draft("posts")
    make.ranking(make.quiz(draft), 4)
    learner = make.user()
    make.enrolment(learner, make.publish(draft))
    player = Player(make.client(learner))
    player.start()
    ranks = {f"rank-quiz-q4-place-{place}": place for place in range(1, 6)}
    url = f"{QUIZ}question/4/answer/"
    blank = dict.fromkeys(ranks, "")
    assert said(player, player.client.post(url, blank | {"attempt": 1, "go": "1", "was": ""})) == []
    half = blank | {"rank-quiz-q4-place-1": 1}
    told = said(player, player.client.post(url, half | {"attempt": 1, "go": "1", "was": ""}))
    assert told == ["Question 4 was not saved. Four actions have no place."]
    assert said(player, player.client.post(url, ranks | {"attempt": 1, "go": "1", "was": ""})) == []
    assert SelectedOption.objects.count() == 5
    answered_at = Attempt.objects.get().responses.get(position=4).answered_at
    was = re.search('name="was" value="(.*?)"', player.text("question/4/"))
    assert was
    player.client.post(url, ranks | {"attempt": 1, "go": "1", "was": was[1]})
    assert Attempt.objects.get().responses.get(position=4).answered_at == answered_at


class Controls:
    """The links and buttons of a page, as they stand in its HTML. A link that opens a new tab leaves the page there."""

    def __init__(self, page: str) -> None:
        self.links = re.findall(r'<a\b(?![^>]*target="_blank")[^>]*href="([^#][^"]*|)"', page)
        self.buttons = re.findall(r"<button\b([^>]*)>(.*?)</button>", page, re.DOTALL)


def test_every_control_that_leads_away_from_a_question_is_a_button_of_its_form(player: Player) -> None:
    controls = Controls(player.text("question/2/"))
    assert controls.links == []
    assert len(re.findall("<form", player.text("question/2/"))) == 1
    first, *_ = controls.buttons
    assert 'form="answer"' in first[0]
    assert "name=" not in first[0], "Enter saves and goes on"
    values = [
        match[1] for attributes, _ in controls.buttons if (match := re.search('name="go" value="(.*?)"', attributes))
    ]
    assert values == ["home", "leave", "1", "2", "3", "3"]


def test_a_question_that_was_left_out_leaves_no_dead_end(player: Player) -> None:
    make.unguarded(Option).filter(question__key="quiz-q2").delete()
    published.forget_all()
    assert go(player, "", 1, "right").url == PLACES["3"]
    assert go(player, "3", 1, "right").url == PLACES["3"]
    assert go(player, "", 3, "right", "right-2").url == PLACES["check"]
    page = player.text("question/1/")
    assert re.findall(r'name="go" value="(\d+)"', page).count("2") == 0
    assert 'value="3"' in page
    assert "Question 3 of 3" in player.text("question/3/")
