"""Signing in is the default for every page; signing out takes a POST."""

from typing import Any

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.exceptions import SessionInterrupted
from django.contrib.sessions.models import Session
from django.http import HttpResponse, HttpResponseRedirect
from django.test import Client, RequestFactory
from django.urls import get_resolver

from apps.accounts.middleware import SessionMiddleware
from apps.accounts.models import User
from config import settings as product
from tests import log_canary, make

pytestmark = pytest.mark.django_db


def sign_in(client: Client, email: str = "learner@example.org", password: str = make.PASSWORD, **more: str) -> Any:
    return client.post("/account/login/", {"login": email, "password": password, **more})


@pytest.mark.parametrize("email", ["learner@example.org", "LEARNER@Example.ORG", " learner@example.org "])
def test_the_address_is_read_in_any_case(client: Client, learner: User, email: str) -> None:
    assert sign_in(client, email).url == "/my-learning/"
    assert client.get("/my-learning/").status_code == 200


@pytest.mark.parametrize(
    ("email", "password"),
    [("learner@example.org", "wrong"), ("nobody@example.org", make.PASSWORD), ("", ""), ("a\x00b", "c\x00d")],
)
def test_the_wrong_word_opens_nothing(client: Client, learner: User, email: str, password: str) -> None:
    response = sign_in(client, email, password)
    assert response.status_code == 422
    assert "There is a problem" in response.content.decode()
    assert client.get("/my-learning/").status_code == 302


def test_a_wrong_password_and_an_unknown_address_look_the_same(client: Client, learner: User) -> None:
    def told(email: str) -> str:
        page = sign_in(Client(), email, "wrong").content.decode()
        return page[page.index("There is a problem") : page.index("</div>", page.index("There is a problem"))]

    assert told("learner@example.org") == told("nobody@example.org")


def test_somebody_who_may_not_sign_in_any_more_cannot(client: Client, learner: User) -> None:
    User.objects.update(is_active=False)
    sign_in(client)
    assert client.get("/my-learning/").status_code == 302


def test_signing_in_leads_back_to_the_page_that_asked_for_it(
    client: Client, learner: User, log: log_canary.Listener
) -> None:
    make.edition("posts")
    asked = client.get("/learn/posts/1/quiz/quiz/?from=mail")
    assert asked.url == "/account/login/?next=/learn/posts/1/quiz/quiz/%3Ffrom%3Dmail"
    assert sign_in(client, next="/learn/posts/1/quiz/quiz/?from=mail").url == "/learn/posts/1/quiz/quiz/?from=mail"
    assert not [line for line in log.lines if "kept nothing" in line], "there was nothing to keep"


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "\\\\evil"])
def test_signing_in_never_leads_to_another_site(client: Client, learner: User, elsewhere: str) -> None:
    assert sign_in(client, next=elsewhere).url == "/my-learning/"


def test_signing_out_takes_a_post(client_of_learner: Client) -> None:
    page = client_of_learner.get("/account/logout/")
    assert page.status_code == 200
    assert client_of_learner.get("/my-learning/").status_code == 200
    assert client_of_learner.post("/account/logout/").url == "/"
    assert client_of_learner.get("/my-learning/").status_code == 302
    assert not Session.objects.exists()


def test_signing_in_gives_a_new_session(client: Client, learner: User) -> None:
    make.edition("posts")
    choice = {"decision": 1, "choice": "case-scene-1-best"}
    client.post("/learn/posts/1/scenario/case/choose/", choice | make.owned_by(learner))
    before = client.cookies["sessionid"].value
    sign_in(client)
    assert client.cookies["sessionid"].value != before


def test_the_session_cookie_is_out_of_reach_of_scripts_and_other_sites(client: Client, learner: User) -> None:
    sign_in(client)
    cookie = client.cookies["sessionid"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert cookie["max-age"] == 7 * 24 * 3600
    assert (product.SESSION_COOKIE_SECURE, product.SESSION_COOKIE_NAME) == (True, "__Host-sessionid")


def test_only_these_views_are_open_to_anybody() -> None:
    """Whoever opens another view to the public has to say so here."""
    ours = {
        "home", "catalogue", "sources", "module", "reading", "check", "verify",
        "about", "accessibility", "privacy", "who_to_ring", "favicon", "healthz", "readyz",
        "search", "robots", "security", "manifest",
        "login",  # of the admin: only shows the way to the door
        "scenario",  # leads on to the visitors' address of a case that is open to all, or to sign-in
        "look", "look_back", "choose", "go_back", "start_again",  # that address
        "something_wrong",  # on a page, which its reader says
        "moved",  # an address of before, which leads on
        "view",  # allauth's, of the second step of signing in, of passkeys, and of the link that confirms an address
        "message_sent",  # the code that confirms an address is asked for
        "passkey_options",  # a challenge says nothing about anybody
    }  # fmt: skip
    found = set()
    for pattern in _patterns(get_resolver().url_patterns):
        if pattern.callback.__module__.startswith("apps.") and not getattr(pattern.callback, "login_required", True):
            found.add(pattern.callback.__name__)
    assert found == ours


def _patterns(patterns: list[Any]) -> list[Any]:
    return [
        found
        for pattern in patterns
        for found in (_patterns(pattern.url_patterns) if hasattr(pattern, "url_patterns") else [pattern])
    ]


@pytest.mark.usefixtures("_product_limits")
def test_five_wrong_passwords_lock_the_account_for_a_while_but_nobody_else(learner: User) -> None:
    make.user("other@example.org")
    for _ in range(5):
        sign_in(Client(), password="wrong")
    assert sign_in(Client()).status_code == 422, "the right password is refused too"
    assert sign_in(Client(), "other@example.org").status_code == 302


def test_whose_session_another_request_has_ended_is_led_on(rf: RequestFactory) -> None:
    """A double click signs in twice: the slower answer leads on too. A page is not shown by a session that is gone."""
    middleware = SessionMiddleware(lambda request: HttpResponse())
    request = rf.post("/account/confirm-email/")
    request.session = SessionStore()
    request.session["next"] = "/my-learning/"
    request.session.create()
    Session.objects.all().delete()
    request.session["next"] = "/"
    assert middleware.process_response(request, HttpResponseRedirect("/my-learning/")).url == "/my-learning/"
    with pytest.raises(SessionInterrupted):
        middleware.process_response(request, HttpResponse("A page"))
