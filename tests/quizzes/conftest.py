"""A learner in a quiz of three questions: two with one best answer, and a multiple response."""

from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from apps.accounts.models import User
from apps.progress.models import Enrolment
from apps.quizzes.models import Attempt, SelectedOption
from tests import make

QUIZ = "/learn/posts/1/quiz/quiz/"


class Player:
    """What a learner does in the quiz, and what is stored of it."""

    def __init__(self, client: Client) -> None:
        self.client = client

    def start(self) -> HttpResponse:
        return self.client.post(f"{QUIZ}start/", follow=True)

    def answer(self, position: int, *options: str, attempt: Any = 1, **more: Any) -> HttpResponse:
        """Post options by the last part of their keys, or whole keys."""
        keys = [f"quiz-q{position}-{option}" if option in ENDINGS else option for option in options]
        data = {"attempt": attempt, "option": keys}
        return self.client.post(f"{QUIZ}question/{position}/answer/", data, **more)

    def submit(self, attempt: Any = 1, **more: Any) -> HttpResponse:
        return self.client.post(f"{QUIZ}check/submit/", {"attempt": attempt}, **more)

    def text(self, place: str = "") -> str:
        return self.client.get(f"{QUIZ}{place}", follow=True).content.decode()

    def stored(self, attempt: int = 1) -> dict[int, set[str]]:
        """What is stored as chosen, by question."""
        chosen: dict[int, set[str]] = {}
        for one in SelectedOption.objects.filter(response__attempt__number=attempt).select_related("option"):
            position = one.response.position
            chosen.setdefault(position, set()).add(one.option.key.removeprefix(f"quiz-q{position}-"))
        return chosen


ENDINGS = ("right", "right-2", "wrong", "wrong-2")


@pytest.fixture
def enrolment(learner: User) -> Enrolment:
    return make.enrolment(learner, make.edition("posts"))


@pytest.fixture
def player(enrolment: Enrolment, client_of_learner: Client) -> Player:
    """Somebody who has just begun their first attempt."""
    made = Player(client_of_learner)
    made.start()
    assert Attempt.objects.get().enrolment == enrolment
    return made
