"""From an ending a learner may go back to any decision and try another way; the first way through stays."""

from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from apps.accounts.models import User
from apps.progress.models import Enrolment, PageCompletion
from apps.scenarios.models import Decision, Playthrough
from tests import make

pytestmark = [pytest.mark.django_db, pytest.mark.pages]

CASE = "/learn/posts/1/scenario/case/"


@pytest.fixture
def enrolment(learner: User) -> Enrolment:
    """The learner has gone the best way to its end: three decisions."""
    made = make.enrolment(learner, make.edition("posts"))
    make.playthrough(made, "best")
    return made


def go_back(client: Client, decision: Any, playthrough: Any = 1, **options: Any) -> HttpResponse:
    return client.post(f"{CASE}go-back/", {"playthrough": playthrough, "decision": decision}, **options)


def choose(client: Client, decision: int, choice: str) -> HttpResponse:
    return client.post(f"{CASE}choose/", {"decision": decision, "choice": choice}, follow=True)


def way(number: int) -> list[tuple[int, str, bool]]:
    found = Decision.objects.filter(playthrough__number=number).order_by("number")
    return list(found.values_list("number", "choice__key", "is_repeated"))


FIRST_WAY = [(1, "case-scene-1-best", False), (2, "case-scene-2-best", False), (3, "case-scene-3-best", False)]


@pytest.mark.usefixtures("enrolment")
def test_a_new_playthrough_begins_at_that_decision_with_the_ones_before_it(client_of_learner: Client) -> None:
    page = go_back(client_of_learner, 2, follow=True).content.decode()
    assert "decision 2, usually 2 to 3, another way" in page
    assert "Scene 2" in page
    assert "What your choice did" not in page
    assert way(1) == FIRST_WAY
    assert way(2) == [(1, "case-scene-1-best", True)]
    assert Playthrough.objects.get(number=2).scene.key == "case-scene-2"


@pytest.mark.usefixtures("enrolment")
def test_going_back_to_the_first_decision_begins_from_nothing(client_of_learner: Client) -> None:
    go_back(client_of_learner, 1)
    assert way(2) == []
    assert Playthrough.objects.get(number=2).scene.key == "case-scene-1"


@pytest.mark.usefixtures("enrolment")
def test_the_other_way_reaches_its_own_ending_and_the_first_keeps_counting(client_of_learner: Client) -> None:
    completed_at = PageCompletion.objects.get().completed_at
    go_back(client_of_learner, 2)
    page = choose(client_of_learner, 2, "case-scene-2-poor").content.decode()
    assert "A poor end" in page
    assert "Your first: the one that counts" in page
    assert way(1) == FIRST_WAY
    assert way(2) == [(1, "case-scene-1-best", True), (2, "case-scene-2-poor", False)]
    assert PageCompletion.objects.get().completed_at == completed_at
    first = client_of_learner.get(f"{CASE}playthrough/1/").content.decode()
    assert "A good end" in first
    assert "3 decisions" in first


@pytest.mark.usefixtures("enrolment")
def test_going_back_twice_is_going_back_once(client_of_learner: Client) -> None:
    go_back(client_of_learner, 2)
    go_back(client_of_learner, 2)
    assert Playthrough.objects.count() == 2
    assert way(2) == [(1, "case-scene-1-best", True)]


@pytest.mark.usefixtures("enrolment")
def test_going_back_somewhere_else_leaves_the_way_that_was_waiting(client_of_learner: Client) -> None:
    go_back(client_of_learner, 2)
    go_back(client_of_learner, 3)
    second, third = Playthrough.objects.get(number=2), Playthrough.objects.get(number=3)
    assert second.left_at is not None
    assert second.ended_at is None
    assert (third.left_at, third.scene.key) == (None, "case-scene-3")
    page = client_of_learner.get(CASE).content.decode()
    assert "Scene 3" in page


@pytest.mark.usefixtures("enrolment")
def test_the_same_decision_of_another_way_is_another_to_go_back_to(client_of_learner: Client) -> None:
    go_back(client_of_learner, 1)
    for number in (1, 2):
        choose(client_of_learner, number, f"case-scene-{number}-poor")
    go_back(client_of_learner, 2, playthrough=1)
    go_back(client_of_learner, 2, playthrough=2)
    assert way(3) == [(1, "case-scene-1-best", True)]
    assert way(4) == [(1, "case-scene-1-poor", True)]
    assert "Do the poor thing in Scene 1" in client_of_learner.get(CASE).content.decode()


@pytest.mark.usefixtures("enrolment")
def test_a_way_that_was_left_does_not_appear_among_those_that_ended(client_of_learner: Client) -> None:
    go_back(client_of_learner, 2)
    go_back(client_of_learner, 1)
    choose(client_of_learner, 1, "case-scene-1-poor")
    page = choose(client_of_learner, 2, "case-scene-2-poor").content.decode()
    assert page.count("playthrough/1/") == 2, "in the list, and where it is said that it counts"
    assert "playthrough/2/" not in page
    assert client_of_learner.get(f"{CASE}playthrough/2/").status_code == 404


@pytest.mark.usefixtures("enrolment")
def test_a_way_that_was_left_waits_no_more(client_of_learner: Client) -> None:
    """Nothing says that the learner is in the middle of it, and the same decision can be gone back to anew."""
    go_back(client_of_learner, 2)
    assert "You are at decision 2" in client_of_learner.get("/modules/posts/").content.decode()
    go_back(client_of_learner, 3)
    choose(client_of_learner, 3, "case-scene-3-best")
    assert "You are at decision" not in client_of_learner.get("/modules/posts/").content.decode()
    page = go_back(client_of_learner, 2, follow=True).content.decode()
    assert "decision 2, usually 2 to 3, another way" in page
    assert way(4) == [(1, "case-scene-1-best", True)]


@pytest.mark.usefixtures("enrolment")
def test_one_can_go_back_from_a_later_way_too(client_of_learner: Client) -> None:
    go_back(client_of_learner, 2)
    choose(client_of_learner, 2, "case-scene-2-poor")
    go_back(client_of_learner, 2, playthrough=2)
    assert way(3) == [(1, "case-scene-1-best", True)]
    choose(client_of_learner, 2, "case-scene-2-best")
    choose(client_of_learner, 3, "case-scene-3-best")
    assert [p.scene.key for p in Playthrough.objects.order_by("number")] == ["case-good", "case-poor", "case-good"]
    assert way(1) == FIRST_WAY


@pytest.mark.usefixtures("enrolment")
def test_a_repeated_decision_cannot_be_taken_again(client_of_learner: Client) -> None:
    go_back(client_of_learner, 3)
    page = choose(client_of_learner, 1, "case-scene-1-poor").content.decode()
    assert "You had taken that decision already" in page
    assert [number for number, _, _ in way(2)] == [1, 2]


@pytest.mark.parametrize(
    ("playthrough", "decision"),
    [(1, 0), (1, 4), (1, -1), (1, "x"), (1, ""), (1, "9" * 25), (0, 1), (2, 1), ("9" * 25, 1), ("", 1), (1, "1\x00")],
)
@pytest.mark.usefixtures("enrolment")
def test_going_back_to_what_was_not_decided_is_not_found(
    client_of_learner: Client, playthrough: Any, decision: Any
) -> None:
    assert go_back(client_of_learner, decision, playthrough).status_code == 404
    assert Playthrough.objects.count() == 1


def test_one_cannot_go_back_before_an_ending(client_of_learner: Client, learner: User) -> None:
    make.decision(make.enrolment(learner, make.edition("posts")))
    assert go_back(client_of_learner, 1).status_code == 404
    assert Playthrough.objects.count() == 1


@pytest.mark.usefixtures("enrolment")
def test_one_cannot_go_back_in_somebody_elses_playthrough() -> None:
    stranger = make.client(make.user())
    assert go_back(stranger, 1).status_code == 404
    assert stranger.get(f"{CASE}playthrough/1/").status_code == 404
    make.enrolment(make.User.objects.exclude(email="learner@example.org").get(), make.Edition.objects.get())
    assert go_back(stranger, 1).status_code == 404
    assert Playthrough.objects.count() == 1


@pytest.mark.usefixtures("enrolment")
def test_another_way_does_not_make_the_case_unfinished_again(client_of_learner: Client) -> None:
    go_back(client_of_learner, 2)
    assert "Continue: Quiz" in client_of_learner.get("/modules/posts/").content.decode()
    assert PageCompletion.objects.count() == 1
