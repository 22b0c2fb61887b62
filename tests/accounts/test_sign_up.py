"""Making an account, confirming the address, and getting back in without the password."""

import re
import time

import pytest
from django.core import mail
from django.http import HttpResponse
from django.test import Client

from apps.accounts.models import User
from tests import make

pytestmark = pytest.mark.django_db

NEW = {
    "email": "New.Learner@Example.org",
    "full_name": "Siân Ŵŷn",
    "password1": "a-good-long-one-2026",
    "password2": "a-good-long-one-2026",
}


def sign_up(client: Client, **changes: str) -> HttpResponse:
    return client.post("/account/signup/", NEW | changes)


def test_an_account_has_the_name_and_the_address_in_lower_case(client: Client) -> None:
    response = sign_up(client)
    user = User.objects.get()
    assert (response.status_code, response.url) == (302, "/my-learning/")
    assert (user.email, user.full_name, user.certificate_name) == ("new.learner@example.org", "Siân Ŵŷn", "")
    assert (user.is_staff, user.is_superuser, user.is_active) == (False, False, True)
    assert client.get("/my-learning/").status_code == 200


def test_signing_up_leads_back_to_where_one_was(client: Client) -> None:
    make.edition("posts")
    assert sign_up(client, next="/learn/posts/1/reading/reading-1/").url == "/learn/posts/1/reading/reading-1/"


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_signing_up_never_leads_to_another_site(client: Client, elsewhere: str) -> None:
    assert sign_up(client, next=elsewhere).url == "/my-learning/"


@pytest.mark.parametrize("email", ["learner@example.org", "LEARNER@Example.ORG"])
def test_one_address_has_one_account_in_any_case(client: Client, learner: User, email: str) -> None:
    assert sign_up(client, email=email).status_code == 422
    assert User.objects.count() == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"email": ""},
        {"email": "not an address"},
        {"email": f"{'x' * 250}@example.org"},
        {"full_name": ""},
        {"full_name": "x" * 151},
        {"full_name": "Sam\x00"},
        {"password1": "short", "password2": "short"},
        {"password1": "123456789012345", "password2": "123456789012345"},
        {"password1": "password12345", "password2": "another-one-2026"},
        {"password1": "learner12026", "password2": "learner12026"},
    ],
)
def test_what_is_not_in_order_makes_no_account(client: Client, changes: dict[str, str]) -> None:
    response = sign_up(client, **changes)
    assert response.status_code == 422
    assert "There is a problem" in response.content.decode()
    assert not User.objects.exists()


@pytest.mark.parametrize("field", ["is_staff", "is_superuser", "is_active", "certificate_name"])
def test_signing_up_gives_nobody_more_than_an_account(client: Client, field: str) -> None:
    sign_up(client, **{field: "1"})
    user = User.objects.get()
    assert (user.is_staff, user.is_superuser, user.is_active, user.certificate_name) == (False, False, True, "")


@pytest.mark.usefixtures("_by_code")
def test_the_address_is_confirmed_by_a_code_from_an_e_mail(client: Client) -> None:
    assert sign_up(client).url == "/account/confirm-email/"
    assert client.get("/my-learning/").status_code == 302
    message = mail.outbox[0]
    assert message.to == ["new.learner@example.org"]
    code = re.search(r"^\s*([A-Z0-9]{3,}-?[A-Z0-9]{3,})\s*$", message.body, re.MULTILINE)
    assert code, message.body
    response = client.post("/account/confirm-email/", {"code": code[1]})
    assert response.status_code == 302, response.content.decode()
    assert client.get("/my-learning/").status_code == 200


@pytest.mark.usefixtures("_by_code")
def test_three_wrong_codes_end_it(client: Client) -> None:
    sign_up(client)
    for _ in range(3):
        client.post("/account/confirm-email/", {"code": "WRONG1"})
    code = re.search(r"^\s*([A-Z0-9]{3,}-?[A-Z0-9]{3,})\s*$", mail.outbox[0].body, re.MULTILINE)
    client.post("/account/confirm-email/", {"code": code[1] if code else ""})
    assert client.get("/my-learning/").status_code == 302


@pytest.mark.usefixtures("_by_code")
@pytest.mark.parametrize("email", ["learner@example.org", "new@example.org"])
def test_a_code_that_comes_too_late_is_told_so_whether_or_not_there_is_an_account(
    client: Client, learner: User, email: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = time.time()
    sign_up(client, email=email)
    code = re.search(r"^\s*([A-Z0-9]{3,}-?[A-Z0-9]{3,})\s*$", mail.outbox[0].body, re.MULTILINE)
    monkeypatch.setattr("time.time", lambda: now + 901)
    answer = client.post("/account/confirm-email/", {"code": code[1] if code else "ABCDEF"}, follow=True)
    assert answer.redirect_chain == [("/account/login/", 302)]
    told = "The code was good for 15 minutes, and they are over. Sign in for another code."
    assert told in answer.content.decode()


@pytest.mark.usefixtures("_by_code")
def test_signing_up_with_a_taken_address_tells_nobody_but_its_owner(client: Client, learner: User) -> None:
    taken = sign_up(client, email="learner@example.org")
    fresh = sign_up(Client(), email="fresh@example.org")
    assert (taken.status_code, taken.url) == (fresh.status_code, fresh.url)
    assert mail.outbox[0].to == ["learner@example.org"]
    assert "already" in mail.outbox[0].body
    assert User.objects.filter(email="learner@example.org").count() == 1


def test_a_reset_link_sets_a_new_password_once(client: Client, learner: User) -> None:
    client.post("/account/password/reset/", {"email": "LEARNER@example.org"})
    link = re.search(r"https?://\S+(/account/password/reset/key/\S+)", mail.outbox[0].body)
    assert link, mail.outbox[0].body
    form = client.get(link[1])
    new = {"password1": "another-good-one-2026", "password2": "another-good-one-2026"}
    assert client.post(form.url, new).status_code == 302
    learner.refresh_from_db()
    assert learner.check_password("another-good-one-2026")
    assert client.get("/my-learning/").status_code == 302, "the new password must be used before anything else"
    again = Client().get(link[1], follow=True)
    assert 'name="password1"' not in again.content.decode()


def test_a_reset_for_nobody_looks_the_same(client: Client, learner: User) -> None:
    known = client.post("/account/password/reset/", {"email": "learner@example.org"})
    unknown = client.post("/account/password/reset/", {"email": "nobody@example.org"})
    assert (known.status_code, known.url) == (unknown.status_code, unknown.url)
