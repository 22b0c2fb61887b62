"""What was written when the session had ended is sent once more, once, and by nobody else."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.conf import settings
from django.core.signing import TimestampSigner
from django.http import HttpResponse
from django.test import Client, RequestFactory

from apps.core import form_owner, sent_again
from apps.modules.models import Edition
from tests import make
from tests.forms import Form, forms_of

pytestmark = [pytest.mark.django_db, pytest.mark.pages]

EDITION = "/admin/write/modules/posts/edition/"
MINE = {"summary": "My own words,\r\nin two lines."}


def form_on(response: HttpResponse, action: str) -> Form:
    return next(form for form in forms_of(response.content.decode(), action) if form.action == action)


def sign_in(browser: Client, email: str) -> None:
    sent = {"login": email, "password": make.PASSWORD}
    form = form_on(browser.get("/account/login/"), "/account/login/")
    assert browser.post(form.action, form.fields | sent).status_code == 302


@pytest.fixture
def browser() -> Client:
    make.started("posts")
    make.administrator()
    return make.client(make.author(), enforce_csrf_checks=True)


@pytest.fixture
def kept(browser: Client) -> dict[str, Any]:
    """What the page holds of a form that was sent too late."""
    form = form_on(browser.get(EDITION), EDITION)
    del browser.cookies[settings.SESSION_COOKIE_NAME]
    page = browser.post(EDITION, form.fields | MINE)
    assert "You were signed out before this was sent" in page.content.decode()
    return form_on(page, EDITION).fields


def summary() -> str:
    return Edition.objects.drafts().get().summary


def test_one_press_is_enough_after_signing_in(
    browser: Client, kept: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as later:
        later.setattr(TimestampSigner, "timestamp", lambda _: "zzzzzz")
        held = browser.post(EDITION, kept)
    assert "signed out" in held.content.decode(), "not yet signed in, it is still held"
    assert form_on(held, EDITION).fields["sent_again"] == kept["sent_again"], "for an hour, not for another"
    sign_in(browser, "author@example.org")
    assert browser.post(EDITION, kept).status_code == 302
    assert summary() == "My own words,\nin two lines."


@pytest.mark.parametrize(
    "change",
    [
        {"title": "Another"},
        {"more": "x"},
        {"summary": "My own words,\u2028in two lines."},
        {"sent_again": "forged"},
        {"sent_again": ""},
        {"password": "x"},
    ],
)
def test_nothing_else_is_taken_with_its_proof(browser: Client, kept: dict[str, Any], change: dict[str, str]) -> None:
    sign_in(browser, "author@example.org")
    answer = browser.post(EDITION, kept | change)
    assert answer.status_code == 403
    assert "once more" in answer.content.decode()
    assert "My own words" not in summary()


def test_it_is_of_its_owner_its_address_its_hour_and_its_site(
    browser: Client, kept: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = summary()
    sign_in(browser, "author@example.org")
    assert browser.post("/admin/write/new/", kept).status_code == 403
    assert browser.post(EDITION, kept, headers={"origin": "https://evil.example"}).status_code == 403
    with monkeypatch.context() as later:
        later.setattr(sent_again, "LASTS", datetime.timedelta(seconds=-1))
        assert browser.post(EDITION, kept).status_code == 403
    sign_in(browser := Client(enforce_csrf_checks=True), "admin@example.org")
    other = browser.post(EDITION, kept)
    assert (other.status_code, summary()) == (409, before)
    assert "My own words" not in other.content.decode()


def test_without_the_database_it_is_not_given_back_to_who_may_be_another() -> None:
    """Its token was made right just now, so that it says nothing of who is signed in."""
    request = RequestFactory().post("/", make.owned_by(None))
    assert not form_owner.may_be_given_back(request)
    request.csrf_processing_done = True  # type: ignore[attr-defined]
    assert form_owner.may_be_given_back(request)
    request.is_sent_again = True  # type: ignore[attr-defined]
    assert not form_owner.may_be_given_back(request)
