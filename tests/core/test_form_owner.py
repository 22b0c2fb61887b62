"""One person's words are never stored as another's and never shown to them, whichever form they stood in."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from typing import Any
from unittest import mock

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.core.signing import BadSignature
from django.db import connection
from django.http import HttpResponse
from django.test import Client

from apps.accounts.models import User
from apps.certificates.models import Certificate
from apps.core import form_owner, kept_answer
from apps.progress.models import Enrolment
from apps.quizzes.models import SelectedOption
from apps.scenarios.models import Decision
from tests import access_table, make
from tests.access_table import CASE, LEARN, QUIZ, ROLES
from tests.answers import SHARED, answers_to
from tests.core.test_errors import Away
from tests.forms import Form, forms_of

pytestmark = [pytest.mark.django_db, pytest.mark.once]

CANARY = "Wordsofmine-7f3a"
QUESTION = f"{QUIZ}question/1/"
ANOTHERS = "This was written under another account"
ANSWERS = {
    f"{CASE}choose/": {"decision": "1", "choice": "case-scene-1-poor"},
    f"{QUESTION}answer/": {"attempt": "1", "option": "quiz-q1-right"},
    f"{LEARN}/finish/issue/": {"name": CANARY},
}


@pytest.fixture
def enrolment(learner: User) -> Enrolment:
    """All pages completed, an attempt open, no certificate, no decision."""
    made = make.completed(learner, make.edition("posts"))
    make.attempt(made, right=0, is_submitted=False)
    SelectedOption.objects.all().delete()
    return made


def owner_in(form: Form) -> str | None:
    [sent] = form.fields.get(form_owner.FIELD, [""])
    try:
        return form_owner._signer().unsign(sent)
    except BadSignature:
        return None


class Writes:
    """An execute wrapper that notes what is written besides sessions."""

    def __init__(self) -> None:
        self.found: list[str] = []

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith(("INSERT", "UPDATE", "DELETE")) and "django_session" not in sql:
            self.found.append(f"{sql[:80]} {params!r:.80}")
        return execute(sql, params, many, context)


def change_over(browser: Client, other: User) -> None:
    """Somebody else signs in in the same browser, by the doors that there are."""
    for path, sent in (
        ("/account/logout/", {}),
        ("/account/login/", {"login": other.email, "password": make.PASSWORD}),
    ):
        page = browser.get(path).content.decode()
        form = next(form for form in forms_of(page, path) if form.action == path)
        assert browser.post(path, form.fields | sent).status_code == 302


FOLLOWED_BY = {"learner": "other_learner", "administrator": "author", "author": "administrator"}


def not_of(owner: str, found: list[tuple[str, Form]]) -> list[str]:
    """The forms that do not say that they were made for this person."""
    return [f"{path}: {form.action}" for path, form in found if owner_in(form) != owner]


def forms_shown_to(role: str) -> list[tuple[str, Form]]:
    """The forms on every page that somebody in this role can see, with the addresses of the pages."""
    asked = answers_to(role)
    seen = [(page.row.path, page.content.decode()) for page in asked.all if page.is_page and page.status_code == 200]
    found = [(path, form) for path, page in seen for form in forms_of(page, path)]
    assert not_of(asked.asker or form_owner.VISITOR, found) == []
    return found


@SHARED
@pytest.mark.parametrize("role", [role for role in ROLES if role not in FOLLOWED_BY])
def test_every_form_says_whom_it_was_made_for(role: str) -> None:
    assert len(forms_shown_to(role)) >= 3


@SHARED
@pytest.mark.parametrize("role", FOLLOWED_BY)
def test_every_form_says_whom_it_was_made_for_and_serves_nobody_else(role: str) -> None:
    """Sent by another it is neither stored nor shown: first with its own safety token, which is too old; then once
    more with a good one."""
    found = forms_shown_to(role)
    world = access_table.make_world()
    browser = world.client(role, enforce_csrf_checks=True, raise_request_exception=False)
    if role == "learner":
        world.certificate.delete()
        path = f"{LEARN}/finish/"
        finish = [(path, form) for form in forms_of(browser.get(path).content.decode(), path)]
        assert not_of(str(world.users[role].pk), finish) == []
        found += finish
    forms = {(form.action, *sorted(form.fields)): form for _, form in found}
    change_over(browser, world.users[FOLLOWED_BY[role]])
    assert str(world.users[FOLLOWED_BY[role]].pk) != answers_to(role).asker
    wrong, writes, token = [], Writes(), token_of(browser)
    for form in forms.values():
        with access_table.undone(browser), connection.execute_wrapper(writes):
            wrong += [f"{form.action}: {fault}" for fault in faults(browser, form, token)]
    assert wrong == []
    assert writes.found == []
    assert len(forms) > 8


def faults(browser: Client, form: Form, token: str) -> Iterator[str]:
    """What is wrong with the answers to another's form: sent as it was, sent again with this token."""
    for sent in (form.filled(CANARY), form.filled(CANARY) | {"csrfmiddlewaretoken": [token]}):
        response = browser.post(form.action, sent)
        page = response.content.decode()
        if response.status_code != 409:
            yield str(response.status_code)
        if ANOTHERS not in page:
            yield "does not say why"
        if CANARY in page or forms_of(page, form.action):
            yield "gives it back"


def token_of(browser: Client) -> str:
    """A safety token that is good for who is signed in now."""
    [token] = forms_of(browser.get("/account/").content.decode(), "/account/")[-1].fields["csrfmiddlewaretoken"]
    return token


def test_an_authors_long_text_is_given_back_to_its_author() -> None:
    """The safety token is too old, and the same person is signed in: nothing is lost."""
    world = access_table.make_world()
    browser = world.client("author", enforce_csrf_checks=True)
    path = "/admin/write/modules/posts/pages/reading-1/"
    [form] = [one for one in forms_of(browser.get(path).content.decode(), path) if "body" in one.typed]
    text = "Two lines\r\n& more. " * 3_000
    answer = browser.post(path, form.fields | {"body": text, "csrfmiddlewaretoken": "x" * 64})
    [again] = forms_of(answer.content.decode(), path)
    assert answer.status_code == 403
    assert again.fields["body"] == [text]
    assert owner_in(again) == str(world.users["author"].pk)


def test_an_authors_long_text_stays_on_the_page_when_the_session_has_ended() -> None:
    world = access_table.make_world()
    path = "/admin/write/modules/posts/pages/reading-1/"
    text = "A long text. " * 3_000
    answer = Client().post(path, {"body": text} | make.owned_by(world.users["author"]))
    assert answer.status_code == 403
    assert "You were signed out before this was sent" in answer.content.decode()
    assert forms_of(answer.content.decode(), path)[0].fields["body"] == [text]
    assert not Session.objects.exists()


# A form that does not say whose it is -----------------------------------------------------------------------------


@pytest.mark.parametrize("is_signed_in", [True, False])
def test_an_answer_without_an_owner_is_asked_for_again(enrolment: Enrolment, learner: User, is_signed_in: bool) -> None:
    """Such as from a page that was open when owners came in. The reason stands above the form, nothing is ticked."""
    client, wrong = make.client(learner if is_signed_in else None), []
    sessions = Session.objects.count()
    for action, owner in itertools.product(ANSWERS, ["", "1", "visitor", "1:forged", "x" * 5000, "\x00"]):
        with access_table.undone(client):
            answer = client.post(action, ANSWERS[action] | {form_owner.FIELD: owner}, follow=True)
            page = answer.content.decode()
            is_told = "nothing was saved. Please answer once more." in page
            is_given_back = " checked" in page or CANARY in page
            is_stored = any(model.objects.exists() for model in (Decision, SelectedOption, Certificate))
            is_kept = Session.objects.count() != sessions
            if not is_told or is_given_back or is_stored or is_kept:
                wrong.append(f"{action} {owner[:9]!r}: {is_told=} {is_given_back=} {is_stored=} {is_kept=}")
    assert wrong == []


# Kept while signed out --------------------------------------------------------------------------------------------


def sign_in(client: Client, who: User) -> HttpResponse:
    return client.post("/account/login/", {"login": who.email, "password": make.PASSWORD})


@pytest.mark.parametrize("action", ANSWERS)
def test_what_was_kept_is_offered_to_its_writer_alone(enrolment: Enrolment, learner: User, action: str) -> None:
    other = make.completed(make.user("other@example.org"), enrolment.edition).learner
    make.attempt(Enrolment.objects.get(learner=other), right=0, is_submitted=False)
    SelectedOption.objects.all().delete()
    client = Client()
    client.post(action, ANSWERS[action] | make.owned_by(learner))
    assert kept_answer.SESSION_KEY in client.session
    client.force_login(other)  # by a door that does not clear it
    page = client.get(kept_page(action)).content.decode()
    assert "still here" not in page
    assert CANARY not in page
    assert " checked" not in page


def kept_page(action: str) -> str:
    return action.rstrip("/").rsplit("/", 1)[0] + "/"


def by_signing_in(client: Client) -> None:
    sign_in(client, make.user("other@example.org"))


def by_signing_up(client: Client) -> None:
    password = {"password1": "a-good-long-one-2026", "password2": "a-good-long-one-2026"}
    client.post("/account/signup/", {"email": "other@example.org", "full_name": "Other"} | password)


def by_the_admins_door(client: Client) -> None:
    make.user("other@example.org", is_staff=True)
    door = client.get("/admin/", follow=True).redirect_chain[-1][0]
    client.post(door, {"login": "other@example.org", "password": make.PASSWORD})


@pytest.mark.parametrize("door", [by_signing_in, by_signing_up, by_the_admins_door])
def test_whoever_else_signs_in_makes_it_forgotten(
    enrolment: Enrolment, learner: User, door: Callable[[Client], None]
) -> None:
    client = Client()
    for action, sent in ANSWERS.items():
        client.post(action, sent | make.owned_by(learner))
    door(client)
    assert client.session["_auth_user_id"] == str(User.objects.get(email="other@example.org").pk)
    assert kept_answer.SESSION_KEY not in client.session


def test_its_writer_finds_it(enrolment: Enrolment, learner: User) -> None:
    client = Client()
    client.post(f"{LEARN}/finish/issue/", {"name": CANARY} | make.owned_by(learner))
    sign_in(client, learner)
    assert CANARY in client.get(f"{LEARN}/finish/").content.decode()


def test_what_waits_is_small_and_one(enrolment: Enrolment, learner: User) -> None:
    client = Client()
    for action, sent in ANSWERS.items():
        for _ in range(5):
            client.post(action, sent | make.owned_by(learner))
    [session] = Session.objects.all()
    assert session.get_decoded()[kept_answer.SESSION_KEY]["path"] == list(ANSWERS)[-1]
    most = {"name": "ŵ" * (kept_answer.MAX_LENGTH - 4)}
    client.post(f"{LEARN}/finish/issue/", most | make.owned_by(learner))
    [(_, kept)] = Session.objects.get().get_decoded()[kept_answer.SESSION_KEY]["fields"]
    assert len(kept) == kept_answer.MAX_LENGTH - 4
    client.post(f"{LEARN}/finish/issue/", {"name": f"{kept}w"} | make.owned_by(learner))
    assert f"{kept}w" not in str(Session.objects.get().get_decoded())


@pytest.mark.parametrize("owner", [{}, {form_owner.FIELD: "forged"}, make.owned_by(None)])
def test_without_a_persons_form_nothing_is_stored_however_often_it_is_sent(
    enrolment: Enrolment, owner: dict[str, str]
) -> None:
    for action, sent in ANSWERS.items():
        for _ in range(3):
            Client().post(action, sent | {"name": "x" * 1_500} | {form_owner.FIELD: ""} | owner)
    visits = [session.get_decoded() for session in Session.objects.all()]
    assert not any(kept_answer.SESSION_KEY in visit for visit in visits)
    assert all(set(visit) == {"tasted"} for visit in visits)


@pytest.mark.parametrize("kept", [{"path": f"{LEARN}/finish/issue/", "fields": [["name", CANARY]]}, {}, None])
def test_a_session_from_before_owners_breaks_no_page(enrolment: Enrolment, learner: User, kept: object) -> None:
    client = Client()
    session = SessionStore()
    session[kept_answer.SESSION_KEY] = kept
    session.save()
    client.cookies["sessionid"] = session.session_key
    assert "still here" not in client.get("/account/login/").content.decode()
    assert sign_in(client, learner).status_code == 302
    assert CANARY not in client.get(f"{LEARN}/finish/").content.decode()


# When something goes wrong ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("sql", ["", "django_session", "accounts_user", "progress_"])
def test_another_never_gets_it_from_a_page_about_the_database(enrolment: Enrolment, learner: User, sql: str) -> None:
    """The form's safety token is from before the other one signed in, as it is in any browser."""
    browser = make.client(make.user("other@example.org"), enforce_csrf_checks=True, raise_request_exception=False)
    sent = {"name": CANARY, "csrfmiddlewaretoken": "x" * 64} | make.owned_by(learner)
    with connection.execute_wrapper(Away(sql=sql)):
        answer = browser.post(f"{LEARN}/finish/issue/", sent)
    assert answer.status_code in {409, 503}
    assert CANARY not in answer.content.decode()


def test_what_a_503_gave_back_is_refused_when_another_sends_it(enrolment: Enrolment, learner: User) -> None:
    browser = make.client(learner, enforce_csrf_checks=True, raise_request_exception=False)
    [form] = [one for one in forms_of(browser.get(f"{LEARN}/finish/").content.decode(), "") if "name" in one.typed]
    with connection.execute_wrapper(Away(sql="certificates_")):
        answer = browser.post(form.action, form.filled(CANARY))
    [again] = forms_of(answer.content.decode(), "")
    assert answer.status_code == 503
    assert again.fields["name"] == [CANARY]
    change_over(browser, make.user("other@example.org"))
    assert list(faults(browser, again, token_of(browser))) == []
    assert not Certificate.objects.exists()


def test_another_gets_nothing_from_a_500(enrolment: Enrolment, learner: User) -> None:
    browser = make.client(learner, raise_request_exception=False)
    for owned, is_back in ((make.owned_by(learner), True), ({form_owner.FIELD: "forged"}, False)):
        with mock.patch("apps.accounts.forms.AccountForm.save", side_effect=RuntimeError("boom")):
            answer = browser.post("/account/", {"full_name": CANARY} | owned)
        assert answer.status_code == 500
        assert (CANARY in answer.content.decode()) is is_back
