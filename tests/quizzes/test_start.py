"""An attempt begins with a response waiting for every question; one attempt at a time is open."""

import html
import re

import pytest
from django.test import Client

from apps.accounts.models import User
from apps.progress.models import Enrolment
from apps.quizzes.models import Attempt, Response
from tests import make
from tests.quizzes.conftest import QUIZ, Player

pytestmark = [pytest.mark.django_db, pytest.mark.pages]


def test_an_attempt_has_a_response_for_every_question_from_the_start(player: Player) -> None:
    attempt = Attempt.objects.get()
    assert (attempt.number, attempt.submitted_at, attempt.score, attempt.max_score) == (1, None, None, None)
    responses = list(Response.objects.order_by("position").values_list("position", "question__key", "answered_at"))
    assert responses == [(1, "quiz-q1", None), (2, "quiz-q2", None), (3, "quiz-q3", None)]
    assert "Question 1 of 3" in player.text()


def test_starting_twice_goes_on_with_the_same_attempt(player: Player) -> None:
    player.answer(1, "right")
    page = player.start().content.decode()
    assert Attempt.objects.count() == 1
    assert Response.objects.count() == 3
    assert "Question 2 of 3" in page


def test_the_quiz_leads_to_the_question_the_learner_was_at(player: Player) -> None:
    player.answer(1, "right")
    player.answer(3, "right", "right-2")
    assert "Question 2 of 3" in player.text()
    player.answer(2, "right")
    assert "Check your answers" in player.text()


def test_a_new_attempt_after_submission_gets_the_next_number(player: Player) -> None:
    player.submit()
    player.start()
    assert list(Attempt.objects.values_list("number", flat=True)) == [1, 2]
    assert Response.objects.count() == 6


def test_starting_enrols_whoever_has_not_begun(learner: User) -> None:
    make.edition("posts")
    Player(make.client(learner)).start()
    assert Enrolment.objects.get().learner == learner
    assert Attempt.objects.count() == 1


def test_looking_at_the_quiz_begins_nothing(learner: User) -> None:
    make.edition("posts")
    page = Player(make.client(learner)).text()
    assert "3 questions, one a page. 4 marks in all." in page
    assert "The pass mark is 70%" in page
    assert "Start the quiz" in page
    assert not Attempt.objects.exists()
    assert not Enrolment.objects.exists()


def test_an_edition_that_has_been_replaced_takes_no_newcomers(client_of_learner: Client) -> None:
    make.publish(make.started("posts"))
    page = Player(client_of_learner).start().content.decode()
    assert "A newer edition has come out." in page
    assert not Attempt.objects.exists()


def test_a_question_without_an_attempt_leads_to_the_quiz(client_of_learner: Client, enrolment: Enrolment) -> None:
    for place in ("question/1/", "check/"):
        response = client_of_learner.get(f"{QUIZ}{place}")
        assert (response.status_code, response.url) == (302, QUIZ)


@pytest.mark.parametrize("position", [0, 4, 10**30])
def test_a_question_that_is_not_in_the_quiz_is_not_found(player: Player, position: int) -> None:
    assert player.client.get(f"{QUIZ}question/{position}/").status_code == 404
    assert player.answer(position, "quiz-q1-right").status_code == 404


def test_titles_name_the_question_the_quiz_and_the_module(player: Player) -> None:
    assert title(player.text("question/2/")) == "Question 2 of 3 - Quiz - When posts go wrong - Second Look"
    refused = player.answer(2).content.decode()
    assert title(refused) == "Error: Question 2 of 3 - Quiz - When posts go wrong - Second Look"
    assert title(player.text("check/")) == "Check your answers - Quiz - When posts go wrong - Second Look"
    player.submit()
    assert title(player.text()) == "Quiz - When posts go wrong - Second Look"


def title(page: str) -> str:
    found = re.search("<title>(.*?)</title>", page, re.DOTALL)
    assert found
    return html.unescape(found[1])


def test_each_quiz_counts_its_own_attempts(learner: User) -> None:
    draft = make.draft("twice")
    for key in ("first", "second"):
        make.quiz(draft, key)
    enrolment = make.enrolment(learner, make.publish(draft))
    assert [make.attempt(enrolment, key=key).number for key in ("first", "first", "second")] == [1, 2, 1]
