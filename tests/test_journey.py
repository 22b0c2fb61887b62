"""The whole way of a trainee, without a browser."""

import re

import pytest
from django.test import Client

from apps.certificates.models import Certificate
from apps.progress.models import Enrolment
from tests import make

pytestmark = pytest.mark.django_db


def follow(client: Client, url: str, data: dict[str, object]) -> str:
    """Post, follow to the page that comes, and return its text."""
    response = client.post(url, data, follow=True)
    assert response.status_code == 200, response.content.decode()
    return response.content.decode()


def test_a_trainee_completes_a_module_and_gets_a_certificate(client_of_learner: Client) -> None:
    make.edition("posts")
    base = "/learn/posts/1"
    client = client_of_learner

    assert "Start the module" in client.get("/modules/posts/").content.decode()
    assert "Reading 1" in follow(client, "/modules/posts/start/", {"edition": 1})
    assert "Reading 2" in follow(client, f"{base}/reading/reading-1/complete/", {})
    assert "Scene 1" in follow(client, f"{base}/reading/reading-2/complete/", {})
    for number in (1, 2, 3):
        page = follow(
            client, f"{base}/scenario/case/choose/", {"decision": number, "choice": f"case-scene-{number}-best"}
        )
    assert "A good end" in page
    assert "3 decisions" in page
    assert "Question 1 of 3" in follow(client, f"{base}/quiz/quiz/start/", {})
    for number in (1, 2):
        follow(
            client,
            f"{base}/quiz/quiz/question/{number}/answer/",
            {"attempt": 1, "option": f"quiz-q{number}-right"},
        )
    page = follow(
        client, f"{base}/quiz/quiz/question/3/answer/", {"attempt": 1, "option": ["quiz-q3-right", "quiz-q3-right-2"]}
    )
    assert "Check your answers" in page
    page = follow(client, f"{base}/quiz/quiz/check/submit/", {"attempt": 1})
    assert "100%" in page
    assert "Finish the module" in page

    assert "How should your name appear?" in client.get(f"{base}/finish/").content.decode()
    page = follow(client, f"{base}/finish/issue/", {"name": "Siân Ŵŷn Ó Dónaill-Łukasz"})
    assert "Siân Ŵŷn Ó Dónaill-Łukasz" in page
    certificate = Certificate.objects.get()
    assert certificate.assessed_by == "1 branching case and a quiz of 3 questions, passed"
    assert Enrolment.objects.get().completed_at is not None
    pdf = client.get(f"{base}/certificate/pdf/")
    assert pdf.content.startswith(b"%PDF")
    checked = Client().get(f"/verify/{certificate.code}/")
    assert checked.status_code == 200
    assert re.search("Valid", checked.content.decode())
    assert "Siân Ŵŷn Ó Dónaill-Łukasz" in checked.content.decode()
    assert "You have finished" not in client.get("/my-learning/").content.decode()
