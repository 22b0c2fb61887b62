"""What was sent after the session had ended is there to send after signing in again; nothing is promised falsely."""

import pytest
from django.contrib.sessions.models import Session
from django.http import HttpResponse
from django.test import Client

from apps.accounts.models import User
from apps.certificates.models import Certificate
from apps.core import kept_answer
from apps.progress.models import Enrolment
from apps.quizzes.models import SelectedOption
from apps.scenarios.models import Decision
from tests import access_table, make

pytestmark = [pytest.mark.django_db, pytest.mark.once]

LEARN = "/learn/posts/1"
CASE = f"{LEARN}/scenario/case/"
QUESTION = f"{LEARN}/quiz/quiz/question/1/"
PROMISE = "Your answer is still here."


@pytest.fixture
def enrolment(learner: User) -> Enrolment:
    return make.enrolment(learner, make.edition("posts"))


@pytest.fixture
def owned(learner: User) -> dict[str, str]:
    """What a form of the learner carries, on a page that stayed open when the session ended."""
    return make.owned_by(learner)


def sign_in(client: Client, answered: HttpResponse) -> HttpResponse:
    """Follow to the sign-in page, sign in there, and follow to where that leads."""
    assert answered.status_code == 302
    page = client.get(answered.url, follow=True)
    back = page.context["redirect_field_value"] or ""
    return client.post(
        "/account/login/", {"login": "learner@example.org", "password": make.PASSWORD, "next": back}, follow=True
    )


def test_a_choice_waits_behind_the_sign_in_page_and_can_be_sent(
    client: Client, enrolment: Enrolment, owned: dict[str, str]
) -> None:
    sent = {"decision": "1", "choice": "case-scene-1-poor"}
    answered = client.post(f"{CASE}choose/", sent | owned)
    assert PROMISE in client.get(answered.url).content.decode()
    page = sign_in(client, answered)
    assert page.redirect_chain[-1][0] == CASE
    assert 'value="case-scene-1-poor" checked' in page.content.decode()
    assert "You were signed out before this was sent." in page.content.decode()
    assert not Decision.objects.exists()
    client.post(f"{CASE}choose/", sent)
    assert Decision.objects.get().choice.key == "case-scene-1-poor"
    assert kept_answer.SESSION_KEY not in client.session


def test_an_answer_waits_with_all_its_options(client: Client, enrolment: Enrolment, owned: dict[str, str]) -> None:
    make.attempt(enrolment, right=0, is_submitted=False)
    SelectedOption.objects.all().delete()
    third = QUESTION.replace("/1/", "/3/", 2).replace("/3/quiz", "/1/quiz")
    sent = {"attempt": "1", "option": ["quiz-q3-right", "quiz-q3-wrong"]}
    page = sign_in(client, client.post(f"{third}answer/", sent | owned)).content.decode()
    assert 'value="quiz-q3-right" checked' in page
    assert 'value="quiz-q3-wrong" checked' in page
    assert page.count(" checked") == 2
    client.post(f"{third}answer/", sent)
    assert SelectedOption.objects.count() == 2
    assert "You were signed out" not in client.get(third).content.decode()


def test_a_name_for_the_certificate_waits(client: Client, enrolment: Enrolment, owned: dict[str, str]) -> None:
    make.completed(enrolment.learner, enrolment.edition)
    page = sign_in(client, client.post(f"{LEARN}/finish/issue/", {"name": "Siân Ŵŷn"} | owned))
    assert 'value="Siân Ŵŷn"' in page.content.decode()
    client.post(f"{LEARN}/finish/issue/", {"name": "Siân Ŵŷn"})
    assert Certificate.objects.get().name == "Siân Ŵŷn"
    assert kept_answer.SESSION_KEY not in client.session


def test_it_waits_for_its_own_form_and_no_other(client: Client, enrolment: Enrolment, owned: dict[str, str]) -> None:
    make.attempt(enrolment, right=0, is_submitted=False)
    sign_in(client, client.post(f"{QUESTION}answer/", {"attempt": "1", "option": "quiz-q1-right"} | owned))
    other = client.get(QUESTION.replace("question/1", "question/2")).content.decode()
    assert "You were signed out" not in other
    assert "You were signed out" not in client.get(CASE).content.decode()
    assert "You were signed out" in client.get(QUESTION).content.decode()


def test_a_choice_that_the_scene_no_longer_offers_is_not_said_to_be_there(
    client: Client, enrolment: Enrolment, owned: dict[str, str]
) -> None:
    answered = client.post(f"{CASE}choose/", {"decision": "1", "choice": "case-scene-1-poor"} | owned)
    make.decision(enrolment)  # meanwhile, on another device
    page = sign_in(client, answered).content.decode()
    assert "Scene 2" in page
    assert "Your choice is still here" not in page


def test_what_is_too_long_is_not_kept_but_stays_on_the_page_which_says_so(
    client: Client, enrolment: Enrolment, owned: dict[str, str]
) -> None:
    name = "x" * kept_answer.MAX_LENGTH
    answered = client.post(f"{LEARN}/finish/issue/", {"name": name} | owned)
    page = answered.content.decode()
    assert answered.status_code == 403
    assert "You were signed out before this was sent" in page
    assert f'name="name" value="{name}"' in page
    assert not Session.objects.exists()


def test_passwords_and_tokens_are_never_kept(client: Client, enrolment: Enrolment, owned: dict[str, str]) -> None:
    sent = {
        "name": "Sam",
        "password": "secret-1",
        "oldpassword": "secret-2",
        "password1": "secret-3",
        "csrfmiddlewaretoken": "secret-4",
    }
    client.post(f"{LEARN}/finish/issue/", sent | owned)
    client.post("/account/password/change/", sent | owned)
    kept = [session.get_decoded() for session in Session.objects.all()]
    assert "secret" not in str(kept)
    assert "Sam" in str(kept)


def test_a_form_without_fields_keeps_nothing(client: Client, enrolment: Enrolment, owned: dict[str, str]) -> None:
    answered = client.post(f"{LEARN}/reading/reading-1/complete/", owned)
    assert not Session.objects.exists()
    page = sign_in(client, answered)
    assert page.redirect_chain[-1][0] == "../"
    assert "Mark as read, and go on" in page.content.decode()


@pytest.mark.parametrize(
    ("act", "sent"),
    [
        ("/modules/posts/start/", {"edition": "1"}),
        (f"{CASE}go-back/", {"playthrough": "1", "decision": "1"}),
        (f"{LEARN}/quiz/quiz/start/", {"attempt": "1"}),
        (f"{LEARN}/quiz/quiz/check/submit/", {"attempt": "1"}),
        # Fields that hold an answer, in which nothing stands.
        (f"{CASE}choose/", {"decision": "1", "choice": ""}),
        (f"{QUESTION}answer/", {"attempt": "1", "option": ""}),
        (f"{LEARN}/finish/issue/", {"name": ""}),
    ],
)
@pytest.mark.usefixtures("enrolment")
def test_a_button_with_nothing_to_keep_leads_to_sign_in(
    client: Client, owned: dict[str, str], act: str, sent: dict[str, str]
) -> None:
    """What stands hidden in its form is none of somebody's words."""
    answered = client.post(act, sent | owned)
    assert answered.status_code == 302
    assert answered.url.startswith("/account/login/")
    assert not Session.objects.exists()


def test_nothing_is_sent_by_signing_in_alone(client: Client, enrolment: Enrolment, owned: dict[str, str]) -> None:
    make.completed(enrolment.learner, enrolment.edition)
    sign_in(client, client.post(f"{LEARN}/finish/issue/", {"name": "Sam"} | owned))
    assert not Certificate.objects.exists()


def test_signing_out_forgets_it(client: Client, enrolment: Enrolment, owned: dict[str, str]) -> None:
    sign_in(client, client.post(f"{CASE}choose/", {"decision": "1", "choice": "case-scene-1-poor"} | owned))
    client.post("/account/logout/")
    assert PROMISE not in client.get("/account/login/").content.decode()


def test_the_sign_in_page_promises_only_what_the_next_page_offers() -> None:
    """Every address that takes a POST: whoever is sent to sign in finds afterwards what was promised."""
    world = access_table.make_world()
    world.certificate.delete()
    world.playthrough.delete()
    wrong = []
    for row in access_table.rows(world):
        if row.method != "POST" or row.outcomes["anonymous"] != access_table.SIGN_IN:
            continue
        client = Client()
        with access_table.undone(client):
            answered = client.post(row.path, row.data | make.owned_by(world.users["learner"]))
            if answered.status_code == 403 and "You were signed out before this was sent" in answered.content.decode():
                continue  # it stays on the page
            is_promised = PROMISE in client.get(answered.url, follow=True).content.decode()
            page = sign_in(client, answered)
            if is_promised and "still here" not in page.content.decode() and 'value="Sam"' not in page.content.decode():
                wrong.append(f"{row}: promised, but not on {page.redirect_chain[-1][0]}")
            is_no_page = row.outcomes["learner"] == 404 == page.status_code  # of authors
            if page.status_code not in {200, 403} and not is_no_page:
                wrong.append(f"{row}: signing in leads to {page.status_code} at {page.redirect_chain[-1][0]}")
    assert not wrong, "\n".join(wrong)


def test_sending_another_form_leaves_it_waiting(client: Client, enrolment: Enrolment, owned: dict[str, str]) -> None:
    make.attempt(enrolment, right=0, is_submitted=False)
    SelectedOption.objects.all().delete()
    sign_in(client, client.post(f"{QUESTION}answer/", {"attempt": 1, "option": "quiz-q1-right"} | owned))
    client.post(f"{LEARN}/quiz/quiz/question/2/answer/", {"attempt": 1, "option": "quiz-q2-right"})
    assert SelectedOption.objects.get().option.key == "quiz-q2-right"
    assert "Your answer is still here" in client.get(QUESTION).content.decode()


def test_what_came_too_late_is_not_offered_in_the_next_attempt(
    client: Client, enrolment: Enrolment, owned: dict[str, str]
) -> None:
    make.attempt(enrolment, right=0, is_submitted=False)
    SelectedOption.objects.all().delete()
    sent = {"attempt": 1, "option": "quiz-q1-right"}
    sign_in(client, client.post(f"{QUESTION}answer/", sent | owned))
    client.post(f"{LEARN}/quiz/quiz/check/submit/", {"attempt": 1})
    client.post(f"{QUESTION}answer/", sent)
    client.post(f"{LEARN}/quiz/quiz/start/")
    page = client.get(QUESTION).content.decode()
    assert 'name="attempt" value="2"' in page
    assert PROMISE not in page
    assert " checked" not in page


def test_a_later_tick_takes_its_place(client: Client, enrolment: Enrolment, owned: dict[str, str]) -> None:
    sign_in(client, client.post(f"{CASE}choose/", {"decision": 1, "choice": "case-scene-1-poor"} | owned))
    client.post(f"{CASE}choose/", {"decision": 1, "choice": "case-scene-1-best", "go": "leave"})
    page = client.get(CASE).content.decode()
    assert 'value="case-scene-1-best" checked' in page
    assert "You were signed out before this was sent." not in page
