"""An answer is stored before the next page shows, and can be changed until the attempt is handed in."""

import datetime
import re
from typing import Any

import pytest

from apps.modules import actions as modules_actions
from apps.quizzes import actions
from apps.quizzes.models import Attempt, Option, Response, SelectedOption
from apps.quizzes.queries import paper_of
from tests import make
from tests.quizzes.conftest import QUIZ, Player

pytestmark = pytest.mark.django_db


def test_an_answer_is_stored_and_the_next_question_shows(player: Player) -> None:
    response = player.answer(1, "wrong", follow=True)
    assert player.stored() == {1: {"wrong"}}
    assert Response.objects.get(position=1).answered_at is not None
    assert response.redirect_chain == [(f"{QUIZ}question/2/", 302)]
    assert "Saved" in response.content.decode()


def test_nothing_says_saved_before_something_is(player: Player) -> None:
    assert "Saved <" not in player.text("question/1/")
    assert not re.search(r"Saved \d\d:", player.text("question/1/"))


def test_saved_is_said_of_the_last_answer(player: Player) -> None:
    for position, hour in ((1, 9), (2, 11), (3, 10)):
        player.answer(position, "right")
        at = datetime.datetime(2026, 11, 20, hour, 30, tzinfo=datetime.UTC)
        Response.objects.filter(position=position).update(answered_at=at)
    assert "Saved 11:30" in player.text("question/1/")
    assert "Saved 11:30" in player.text("check/")


def test_the_check_says_what_is_not_answered(player: Player) -> None:
    player.answer(1, "wrong")
    given = re.findall(r"<dd>(.*?)</dd>", player.text("check/"))
    assert given == ["Option wrong of 1", *["<strong>Not answered</strong>"] * 2]


def test_the_last_answer_leads_to_the_check(player: Player) -> None:
    response = player.answer(3, "right", "wrong")
    assert response.url == f"{QUIZ}check/"
    assert player.stored() == {3: {"right", "wrong"}}


def test_the_stored_answer_is_shown_again(player: Player) -> None:
    player.answer(1, "wrong")
    page = player.text("question/1/")
    assert 'value="quiz-q1-wrong" checked' in page
    assert page.count(" checked") == 1


def test_a_changed_answer_replaces_the_one_before(player: Player) -> None:
    player.answer(1, "wrong")
    player.answer(1, "right")
    player.answer(3, "right", "wrong")
    player.answer(3, "wrong", "wrong-2")
    assert player.stored() == {1: {"right"}, 3: {"wrong", "wrong-2"}}


def test_the_same_answer_twice_is_one_answer(player: Player) -> None:
    player.answer(3, "right", "wrong")
    player.answer(3, "right", "wrong")
    assert SelectedOption.objects.count() == 2


@pytest.mark.parametrize(
    ("position", "options", "told"),
    [
        (1, ["no-such-option"], "does not belong to this question"),
        (1, ["quiz-q2-right"], "does not belong to this question"),  # another question's
        (1, ["other-q1-right"], "does not belong to this question"),  # another quiz's
        (1, ["x" * 5000], "does not belong to this question"),
        (1, ["quiz-q1-right\x00"], "does not belong to this question"),
        (1, [], "Choose one answer, or skip this question for now"),
        (1, ["right", "wrong"], "Choose one answer"),
        (3, [], "Select 2 answers. You have selected 0"),
        (3, ["right"], "Select 2 answers. You have selected 1"),
        (3, ["right", "right"], "Select 2 answers. You have selected 1"),
        (3, ["right", "right-2", "wrong"], "Select 2 answers. You have selected 3"),
        (3, ["right", "quiz-q1-right"], "does not belong to this question"),
    ],
)
def test_what_is_no_answer_is_told_plainly_and_the_stored_one_stays(
    player: Player, position: int, options: list[str], told: str
) -> None:
    other = make.draft("two")
    make.quiz(other, "other")
    make.publish(other)
    before = {1: {"wrong"}, 3: {"wrong", "wrong-2"}}
    for question, given in before.items():
        player.answer(question, *given)
    response = player.answer(position, *options)
    page = response.content.decode()
    assert response.status_code == 422
    assert "There is a problem" in page
    assert told in page
    assert f"Question {position} of 3" in page
    assert player.stored() == before


def test_what_was_ticked_stays_ticked_on_the_page_that_tells_the_problem(player: Player) -> None:
    page = player.answer(3, "right", "right-2", "wrong").content.decode()
    assert page.count(" checked") == 3


def test_an_option_of_another_edition_is_refused(player: Player) -> None:
    edition = Attempt.objects.get().enrolment.edition
    draft = modules_actions.start_draft(edition)
    Option.objects.filter(edition=draft, key="quiz-q1-right").update(key="quiz-q1-new")
    make.publish(draft)
    assert player.answer(1, "quiz-q1-new").status_code == 422
    player.answer(1, "right")
    assert SelectedOption.objects.get().option.edition == edition


def test_after_handing_in_an_answer_changes_nothing(player: Player) -> None:
    player.answer(1, "wrong")
    player.submit()
    page = player.answer(1, "right", follow=True).content.decode()
    assert "That attempt was handed in already. Its answers stand." in page
    assert "attempt 1" in page
    assert player.stored() == {1: {"wrong"}}


def test_an_answer_from_a_page_of_an_old_attempt_does_not_reach_the_new_one(player: Player) -> None:
    player.submit()
    player.start()
    page = player.answer(1, "right", attempt=1, follow=True).content.decode()
    assert "That attempt was handed in already. Its answers stand." in page
    assert player.stored(1) == {}
    assert player.stored(2) == {}
    player.answer(1, "right", attempt=2)
    assert player.stored(2) == {1: {"right"}}


def test_a_late_answer_leads_to_the_attempt_that_was_handed_in_last(player: Player) -> None:
    player.submit(1)
    player.start()
    player.submit(2)
    response = player.answer(1, "right", attempt=2)
    assert response.status_code == 302
    assert response["Location"] == f"{QUIZ}attempt/2/"


@pytest.mark.parametrize("attempt", ["", "x", "0", "-1", "9" * 30, "1\x00", "2"])
def test_an_answer_to_no_attempt_is_not_stored(player: Player, attempt: Any) -> None:
    assert player.answer(1, "right", attempt=attempt).status_code == 302
    assert player.stored() == {}


def test_a_stranger_cannot_answer(player: Player) -> None:
    stranger = Player(make.client(make.user()))
    assert stranger.answer(1, "right").url == QUIZ
    assert player.stored() == {}


def test_each_learner_has_their_own_answers(player: Player) -> None:
    other = Player(make.client(make.user()))
    other.start()
    player.answer(1, "right")
    other.answer(1, "wrong")
    assert set(SelectedOption.objects.values_list("response__attempt__enrolment__learner__email", "option__key")) == {
        ("learner@example.org", "quiz-q1-right"),
        (make.User.objects.exclude(email="learner@example.org").get().email, "quiz-q1-wrong"),
    }


def test_the_action_itself_refuses_what_is_no_answer(player: Player) -> None:
    attempt = Attempt.objects.get()
    paper = paper_of(attempt.quiz.page)
    response = attempt.responses.get(position=1)
    for given in (["quiz-q2-right"], [], ["quiz-q1-right", "quiz-q1-wrong"]):
        with pytest.raises(actions.NotAnAnswerError):
            actions.answer(response, paper, dict.fromkeys(given), make.NOW)
    player.submit()
    with pytest.raises(actions.AlreadySubmittedError):
        actions.answer(response, paper, {"quiz-q1-right": None}, make.NOW)
    assert not SelectedOption.objects.exists()
