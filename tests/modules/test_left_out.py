"""What is published and cannot be shown is left out, the rest stays as it was, and the log names it once."""

import logging

import pytest
from django.test import Client

from apps.core import left_out
from apps.modules import actions
from apps.modules.models import Edition, Page
from apps.quizzes.models import Option, Question, Quiz
from apps.scenarios.models import Choice, Scene
from tests import make
from tests.access_table import CASE, LEARN, QUIZ
from tests.conftest import forget_published_content

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def edition(db: None) -> Edition:
    return make.edition("posts")


def logged(caplog: pytest.LogCaptureFixture, client: Client, *urls: str) -> list[str]:
    """What the log says was left out when these pages are asked for, each twice."""
    caplog.set_level(logging.ERROR, "apps.core.left_out")
    left_out.note.cache_clear()
    forget_published_content()
    for url in urls * 2:
        assert client.get(url).status_code in {200, 404}, url
    return [record.getMessage() for record in caplog.records if record.name == "apps.core.left_out"]


@pytest.mark.parametrize("kind", ["film", "quiz", "scenario"])
def test_a_page_that_cannot_be_shown(
    edition: Edition, client_of_learner: Client, caplog: pytest.LogCaptureFixture, kind: str
) -> None:
    """Of a kind that no app knows, or without what its kind has."""
    page = edition.page_set.get(key="reading-1")
    make.unguarded(Page).filter(pk=page.pk).update(kind=kind)
    told = logged(caplog, client_of_learner, "/", "/modules/", "/modules/posts/", f"{LEARN}/{kind}/reading-1/")
    why = "of an unknown kind" if kind == "film" else "nothing in it can be done"
    assert told == [f"Left out: modules.Page {page.pk} ({why})"]
    module = client_of_learner.get("/modules/posts/").content.decode()
    assert "Reading 1" not in module
    assert all(title in module for title in ("Reading 2", "Case", "Quiz"))
    assert client_of_learner.get(f"{LEARN}/{kind}/reading-1/").status_code == 404


def test_a_certificate_still_needs_a_page_that_is_left_out(edition: Edition) -> None:
    learner = make.user()
    enrolment = make.enrolment(learner, edition)
    make.unguarded(Page).filter(edition=edition, key="reading-1").update(kind="film")
    browser = make.client(learner)
    make.playthrough(enrolment)
    make.attempt(enrolment)
    browser.post(f"{LEARN}/reading/reading-2/complete/")
    page = browser.get(f"{LEARN}/finish/").content.decode()
    assert "3 of 3 pages done" in page
    assert "A page that the certificate needs cannot be shown at the moment." in page
    assert '<a class="sl-button" href="/modules/">All modules</a>' in page, "it does not lead back to itself"
    assert browser.post(f"{LEARN}/finish/issue/", {"name": "Sam"}).url == f"{LEARN}/finish/"


def test_a_question_that_cannot_be_asked(edition: Edition, caplog: pytest.LogCaptureFixture) -> None:
    """The others keep their places in an attempt that is under way; a new attempt counts only them."""
    learner = make.user()
    browser = make.client(learner)
    make.enrolment(learner, edition)
    browser.post(f"{QUIZ}start/")
    broken = Question.objects.get(edition=edition, position=1)
    make.unguarded(Question).filter(pk=broken.pk).update(kind="essay")
    assert logged(caplog, browser, f"{QUIZ}question/1/", f"{QUIZ}question/2/", f"{QUIZ}check/") == [
        f"Left out: quizzes.Question {broken.pk} (cannot be asked)"
    ]
    assert browser.get(f"{QUIZ}question/1/").status_code == 404
    assert browser.post(f"{QUIZ}question/1/answer/", {"attempt": 1, "option": "quiz-q1-right"}).status_code == 404
    browser.post(f"{QUIZ}question/2/answer/", {"attempt": 1, "option": "quiz-q2-right"})
    browser.post(f"{QUIZ}question/3/answer/", {"attempt": 1, "option": ["quiz-q3-right", "quiz-q3-right-2"]})
    browser.post(f"{QUIZ}check/submit/", {"attempt": 1})
    assert "3 of 3 marks" in browser.get(f"{QUIZ}attempt/1/").content.decode()


def test_a_choice_that_leads_into_another_case(edition: Edition, client_of_learner: Client) -> None:
    other = Scene.objects.filter(edition=make.edition("other")).first()
    make.unguarded(Choice).filter(edition=edition, key="case-scene-1-poor").update(target=other)
    page = client_of_learner.get(CASE).content.decode()
    assert "case-scene-1-best" in page
    assert "case-scene-1-poor" not in page


def test_a_way_that_the_case_no_longer_has(edition: Edition) -> None:
    learner = make.user()
    make.decision(make.enrolment(learner, edition))
    other = Scene.objects.filter(edition=make.edition("other")).first()
    make.unguarded(Choice).filter(edition=edition, key="case-scene-1-best").update(target=other)
    forget_published_content()
    browser = make.client(learner)
    assert browser.get(CASE).status_code == 404
    assert browser.post(f"{CASE}choose/", {"decision": 2, "choice": "case-scene-2-best"}).status_code == 404
    assert browser.get("/my-learning/").status_code == 200


@pytest.mark.parametrize("model", [Quiz, Question, Option])
def test_a_quiz_without_anything_to_answer(edition: Edition, client_of_learner: Client, model: type) -> None:
    make.unguarded(model).filter(edition=edition).delete()
    assert client_of_learner.get(QUIZ).status_code == 404
    assert "Quiz" not in client_of_learner.get("/modules/posts/").content.decode().partition("<h2")[2]


def test_a_quiz_of_questions_that_nobody_knows(edition: Edition, client_of_learner: Client) -> None:
    make.unguarded(Question).filter(edition=edition).update(kind="essay")
    assert client_of_learner.get(QUIZ).status_code == 404
    assert QUIZ not in client_of_learner.get("/modules/posts/").content.decode()


def test_a_draft_with_a_question_of_an_unknown_kind_is_refused() -> None:
    draft = make.draft()
    make.quiz(draft)
    make.unguarded(Question).filter(edition=draft, position=1).update(kind="essay")
    assert actions.find_obstacles(draft) == ["Quiz “Quiz”: question 1 is of an unknown kind: essay."]
