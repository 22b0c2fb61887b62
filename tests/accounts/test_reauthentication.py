"""What waits while the password is asked once more; what sessions hold."""

import json
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.core import mail
from django.http import HttpResponse
from django.test import Client

from apps.accounts.models import User
from tests import access_table, make
from tests.answers import AROUND, SHARED, answers_to, held_in_sessions

pytestmark = [pytest.mark.django_db, pytest.mark.once]

EMAIL = "/account/email/"
BEHIND_A_PROXY = AROUND | {"HTTP_X_FORWARDED_PROTO": "https", "HTTP_HOST": "secondlook.example"}
ALLOWED = {"HTTP_HOST", "HTTP_X_FORWARDED_PROTO", "SERVER_NAME", "SERVER_PORT"} | {
    *("REQUEST_METHOD", "CONTENT_TYPE", "QUERY_STRING", "REMOTE_ADDR"),
}


@pytest.fixture
def browser(learner: User) -> Client:
    return make.client(learner, **BEHIND_A_PROXY)


def change_email(browser: Client, **more: Any) -> HttpResponse:
    return browser.post(EMAIL, {"action_add": "", "email": "newer@example.org", "csrfmiddlewaretoken": "tok"} | more)


def stored() -> dict[str, Any]:
    return Session.objects.get().get_decoded()


def test_the_session_holds_no_more_of_the_request_than_it_needs(browser: Client, settings: Any) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    assert change_email(browser).url.startswith("/account/reauthenticate/")
    waiting = json.loads(stored()["account_reauthentication_state"]["request"])
    assert waiting["META"].keys() <= ALLOWED
    assert (waiting["META"]["HTTP_HOST"], waiting["scheme"]) == ("secondlook.example", "https")
    assert waiting["META"]["REMOTE_ADDR"] == "198.51.100.7"
    assert waiting["POST"] == "action_add=&email=newer%40example.org"
    assert "ecret" not in str(stored())
    assert browser.cookies["sessionid"].value not in str(stored())


def test_after_the_password_it_goes_on(browser: Client, learner: User) -> None:
    asked = change_email(browser)
    answer = browser.post(asked.url, {"password": make.PASSWORD, "next": EMAIL})
    assert answer.status_code == 302, answer.content.decode()
    assert {address.email for address in learner.emailaddress_set.all()} >= {"newer@example.org"}
    assert "account_reauthentication_state" not in stored()


def test_what_goes_on_has_its_headers(browser: Client) -> None:
    """The request that went on brought its own surroundings; the answer to it is made in the present ones."""
    asked = change_email(browser)
    answer = browser.post(asked.url, {"password": make.PASSWORD, "next": EMAIL})
    plain = browser.get("/account/")
    assert answer["X-Request-ID"]
    for header in ("Permissions-Policy", "Content-Security-Policy", "Strict-Transport-Security"):
        assert answer.get(header) == plain.get(header), header
        assert asked.get(header) == plain.get(header), header


def test_a_long_text_does_not_wait(browser: Client) -> None:
    assert change_email(browser, more="x" * 100_000).url.startswith("/account/reauthenticate/")
    assert "xxx" not in str(stored())


def test_the_message_about_it_names_the_browser_of_now(browser: Client, learner: User) -> None:
    learner.emailaddress_set.update(verified=True)
    asked = change_email(browser)
    browser.post(asked.url, {"password": make.PASSWORD, "next": EMAIL})
    told = [message.body for message in mail.outbox if "From: " in message.body]
    assert all("Secret Browser 7" in body for body in told)


def secrets_in(sessions: list[str], cookies: set[str]) -> list[str]:
    return [secret[:12] for held in sessions for secret in {*AROUND.values()} | cookies if secret in held]


@SHARED
@pytest.mark.parametrize("role", access_table.ROLES)
def test_no_session_ever_holds_the_key_or_a_cookie(role: str) -> None:
    wrong = {str(one.row): found for one in answers_to(role).all if (found := secrets_in(one.sessions, one.cookies))}
    assert wrong == {}
    assert any(one.sessions and one.cookies for one in answers_to(role).all)


def test_nor_does_one_in_which_something_waits_for_the_password() -> None:
    world, waiting = access_table.make_world(), set()
    for role in access_table.ROLES:
        browser = world.client(role, **BEHIND_A_PROXY)
        with access_table.undone(browser):
            change_email(browser)
            sessions = held_in_sessions()
            assert secrets_in(sessions, {cookie.value for cookie in browser.cookies.values() if cookie.value}) == []
            waiting |= {role} if "account_reauthentication_state" in str(sessions) else set()
    assert waiting == {*access_table.ROLES} - {"anonymous"}
