"""What stands hidden in the forms of pages does what their buttons say; other tests send it by hand."""

import pytest
from django.test import Client

from apps.accounts.models import User
from apps.modules import actions as modules_actions
from apps.quizzes.models import Attempt
from apps.scenarios.models import Playthrough, Scenario
from tests import make
from tests.forms import Reader

pytestmark = [pytest.mark.django_db, pytest.mark.once]

CASE = "/learn/posts/1/scenario/case/"
QUIZ = "/learn/posts/1/quiz/quiz/"


@pytest.fixture
def reader(client_of_learner: Client) -> Reader:
    return Reader(client_of_learner)


def test_the_newer_edition_that_is_offered_is_begun(reader: Reader, learner: User) -> None:
    first = make.edition("posts")
    make.enrolment(learner, first)
    second = make.publish(modules_actions.start_draft(first))
    reader.open("/modules/posts/")
    reader.send("start")
    assert learner.enrolments.filter(edition=second).exists()


def walk_to_the_end(reader: Reader, choices: str) -> None:
    """Take the choice at each of these places: 0 is poor, 1 is best."""
    for place in choices:
        choice = reader.forms("choose")[0].fields["choice"][int(place)]
        reader.send("choose", choice=choice)
    assert not reader.forms("choose")


@pytest.mark.parametrize("decision", [1, 2, 3])
def test_each_try_another_way_goes_back_to_its_own_decision(reader: Reader, learner: User, decision: int) -> None:
    make.enrolment(learner, make.edition("posts"))
    reader.open(CASE)
    walk_to_the_end(reader, "111")
    assert len(reader.forms("go-back")) == 3
    reader.send("go-back", place=decision - 1)
    assert Playthrough.objects.get(ended_at=None).scene.key == f"case-scene-{decision}"


def test_it_goes_back_in_the_way_that_is_shown(reader: Reader, learner: User) -> None:
    make.enrolment(learner, make.edition("posts"))
    reader.open(CASE)
    walk_to_the_end(reader, "111")
    reader.send("go-back", place=0)
    walk_to_the_end(reader, "011")  # a second way, whose first decision was another
    reader.send("go-back", place=1)
    way = Playthrough.objects.get(ended_at=None)
    assert [decision.choice.key for decision in way.decisions.all()] == ["case-scene-1-poor"]


def test_a_visitor_goes_back_to_the_decision_that_they_see(client: Client) -> None:
    make.edition("posts")
    make.unguarded(Scenario).update(is_taster=True)
    reader = Reader(client)
    reader.open(CASE)
    walk_to_the_end(reader, "111")
    reader.send("go-back", place=1)
    assert "Scene 2" in reader.page
    assert len(reader.forms("choose")) == 1


def test_a_second_attempt_is_answered_and_handed_in(reader: Reader, learner: User) -> None:
    make.attempt(make.enrolment(learner, make.edition("posts")))
    reader.open(QUIZ)
    reader.send("start")
    for right in (["right"], ["right"], ["right", "right-2"]):
        reader.send("answer", option=[option for option in options(reader) if option.split("-", 2)[-1] in right])
    reader.send("submit")
    first, second = Attempt.objects.order_by("number")
    assert first.submitted_at
    assert second.submitted_at
    assert second.score == second.max_score == 4


def options(reader: Reader) -> list[str]:
    """The keys of the options of the question that is shown."""
    return reader.forms("answer")[0].fields["option"]
