"""Every form that is sent with something wrong answers 422, with what is wrong; no form is forgotten."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import resolve

import config.urls  # noqa: F401  # allauth decides by the settings which addresses there are, once
from apps.accounts.models import User
from tests import access_table, make, proofs
from tests.access_table import QUIZ, World
from tests.forms import Form, forms_of

pytestmark = [pytest.mark.django_db, pytest.mark.once]

ROLES = ("anonymous", "learner", "other_learner")
SECOND_STEP = "in the second step"  # of signing in
PROBLEM = "There is a problem"
# Forms in which there is nothing to enter: what they send stands in them.
NOTHING_TO_ENTER = {
    "progress:start",
    "progress:complete",
    "scenarios:go_back",
    "scenarios:try_go_back",
    "scenarios:try_keep",
    "scenarios:try_start_again",
    "quizzes:start",
    "quizzes:submit",
    "quizzes:practise",
    "account_logout",
    "accounts:keep_email",
    "mfa_login_webauthn",
    "mfa_reauthenticate_webauthn",
    "mfa_deactivate_totp",
    "mfa_generate_recovery_codes",
    "mfa_view_recovery_codes",
    "mfa_remove_webauthn",
}


@pytest.fixture
def world(db: None) -> World:
    """The world of the access table, where somebody else is before a certificate; a question of every kind."""
    world = access_table.make_world(is_full=True)
    make.completed(world.users["other_learner"], make.edition("finished"))
    return world


def pages(world: World, browser: Client, role: str) -> Iterator[tuple[str, str]]:
    """Every page that somebody in this role sees, but the admin's."""
    more = [f"{QUIZ}question/{question}/" for question in range(2, 5)] + ["/learn/finished/1/finish/"]
    if role == SECOND_STEP:  # which ends on any other page
        more, role = ["/account/second-factor/code/"], ""
    paths = [row.path for row in access_table.rows(world) if role and row.method == "GET" and "admin" not in row.name]
    for path in dict.fromkeys(paths + more):
        page = browser.get(path)
        if page.status_code == 200 and page["Content-Type"].startswith("text/html"):
            yield path, page.content.decode()


def browser_of(world: World, role: str) -> Client:
    """Signed in for a moment; or with the password, and the second factor not yet shown."""
    browser = world.client(role, raise_request_exception=False)
    if person := world.users.get(role):
        proofs.prove(browser, person)
    elif role != "anonymous":
        browser.post("/account/login/", {"login": world.users["reviewer"].email, "password": make.PASSWORD})
    return browser


def wrongs(browser: Client, form: Form) -> list[str]:
    """What is not as it should be when the form is sent as nobody has filled it in."""
    with access_table.undone(browser):
        answer = browser.post(form.action, form.left_empty())
    is_told = PROBLEM in answer.content.decode()
    return [] if answer.status_code == 422 and is_told else [f"{form.action}: {answer.status_code}, told: {is_told}"]


def test_every_form_left_empty_is_answered_with_422(world: World) -> None:
    wrong, sent, rest = [], set(), set()
    proofs.give_app(world.users["reviewer"])
    proofs.give_passkey(world.users["other_learner"])
    for role in (*ROLES, SECOND_STEP):
        browser = browser_of(world, role)
        for path, page in pages(world, browser, role):
            for form in forms_of(page, path):
                name = resolve(form.action.partition("?")[0]).view_name
                (sent if form.asked else rest).add(name)
                wrong += wrongs(browser, form) if form.asked else []
    assert wrong == []
    assert rest - sent <= NOTHING_TO_ENTER
    assert sent >= access_table.with_forms(world) - NOTHING_TO_ENTER, "No page of this world shows these forms."


def wrongs_at(browser: Client, path: str, count: int) -> list[str]:
    """What is not as it should be when each of the `count` forms of a page that ask for something is left empty."""
    forms = [form for form in forms_of(browser.get(path).content.decode(), path) if form.asked]
    assert len(forms) == count
    return [wrong for form in forms for wrong in wrongs(browser, form)]


def test_so_is_the_code_from_the_mail(settings: Any) -> None:
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    settings.ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
    browser, passwords = Client(), {"password1": make.PASSWORD, "password2": make.PASSWORD}
    browser.post("/account/signup/", {"email": "new@example.org", "full_name": "New", **passwords})
    assert wrongs_at(browser, "/account/confirm-email/", 1) == []


def test_so_is_a_new_password_after_the_link_from_the_mail(learner: User) -> None:
    browser = Client()
    browser.post("/account/password/reset/", {"email": learner.email})
    link = re.search(r"https://[^/]+(/account/password/reset/key/\S+)", mail.outbox[-1].body)
    assert link
    assert wrongs_at(browser, browser.get(link[1]).url, 1) == []
