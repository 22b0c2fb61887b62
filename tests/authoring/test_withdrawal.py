"""Publishers withdraw editions and archive modules in the admin, and take that back."""

from __future__ import annotations

import pytest
from django.test import Client

from apps.accounts.models import User
from apps.modules.actions import start_draft
from apps.modules.models import Archiving, Edition, Withdrawal
from tests import make

pytestmark = [pytest.mark.django_db, pytest.mark.pages]

MODULE = "/admin/write/modules/posts/"
WITHDRAW = f"{MODULE}withdraw/"
ARCHIVE = f"{MODULE}archive/"
REASON = {"edition": 1, "reason": "It names the wrong number."}


@pytest.fixture
def publisher() -> User:
    return make.publisher()


@pytest.fixture
def browser(publisher: User) -> Client:
    return make.client(publisher)


@pytest.fixture
def edition() -> Edition:
    return make.edition("posts")


def text(browser: Client, url: str) -> str:
    response = browser.get(url)
    assert response.status_code == 200, url
    return response.content.decode()


def said(browser: Client, url: str, fields: dict[str, object] | None = None) -> str:
    """The page of the module after something was sent, with what it says of that."""
    response = browser.post(url, fields or {}, follow=True)
    assert response.redirect_chain == [(MODULE, 302)]
    return response.content.decode()


def test_the_page_says_what_will_happen_and_to_how_many(browser: Client, edition: Edition) -> None:
    make.enrolment(None, edition)
    make.enrolment(None, edition)
    make.completed(None, edition)
    page = text(browser, WITHDRAW)
    assert "Withdraw edition 1?" in page
    assert "2 learners are under way, 1 completed it." in page
    assert "New learners cannot start it" in page
    assert "Those under way keep it" in page
    assert not Withdrawal.objects.exists()


def test_a_publisher_withdraws_with_a_reason_and_takes_it_back(
    browser: Client, publisher: User, edition: Edition
) -> None:
    assert "Edition 1 is withdrawn. Its learners read why." in said(browser, WITHDRAW, REASON)
    withdrawal = Withdrawal.objects.get()
    assert (withdrawal.withdrawn_by, withdrawal.reason) == (publisher, REASON["reason"])
    page = text(browser, WITHDRAW)
    assert "Edition 1 is withdrawn" in page
    assert f"by {publisher}" in page
    assert "<title>Take a withdrawal back - " in page
    assert "<p>It names the wrong number.</p>" in page
    again = said(browser, WITHDRAW, REASON)
    assert "Edition 1 had been withdrawn already. What was said then stands." in again
    refused = browser.post(WITHDRAW, REASON | {"reason": "Another."})
    assert refused.status_code == 409
    assert "Your reason is not stored" in refused.content.decode()
    assert "<p>Another.</p>" in refused.content.decode()
    sentence = "The withdrawal of edition 1 is taken back. New learners can start the module."
    assert sentence in said(browser, f"{WITHDRAW}end/", {"edition": 1})
    assert "Edition 1 is not withdrawn." in said(browser, f"{WITHDRAW}end/", {"edition": 1})
    withdrawal.refresh_from_db()
    assert (withdrawal.ended_by, withdrawal.reason) == (publisher, REASON["reason"])


@pytest.mark.parametrize("reason", ["", "  \n ", "x" * 601, "a\x00b"])
def test_a_reason_that_cannot_be_taken_comes_back_with_what_is_wrong(
    browser: Client, edition: Edition, reason: str
) -> None:
    response = browser.post(WITHDRAW, {"edition": 1, "reason": reason})
    assert response.status_code == 422
    assert "Nothing was saved yet" in response.content.decode()
    assert response.context["form"].errors
    assert not Withdrawal.objects.exists()


def test_what_a_page_showed_is_withdrawn_though_a_newer_edition_has_come_out(browser: Client, edition: Edition) -> None:
    newer = make.publish(start_draft(edition))
    said(browser, WITHDRAW, REASON)
    assert Withdrawal.objects.get().edition == edition
    assert list(Edition.objects.offered()) == [newer]
    page = text(browser, WITHDRAW)
    assert "Withdraw edition 2?" in page
    assert f"{WITHDRAW}?edition=1" in page
    assert "Edition 2 has followed, so new learners start that one." in text(browser, f"{WITHDRAW}?edition=1")


@pytest.mark.parametrize("number", ["2", "0", "x", "9" * 30, "1\x00"])
def test_an_edition_that_is_none_has_no_page(browser: Client, edition: Edition, number: str) -> None:
    assert browser.get(WITHDRAW, {"edition": number}).status_code == 404
    for url in (WITHDRAW, f"{WITHDRAW}end/"):
        assert browser.post(url, {"edition": number, "reason": "x"}).status_code == 404
    assert not Withdrawal.objects.exists()


def test_a_module_with_only_a_draft_has_nothing_to_close(browser: Client) -> None:
    make.draft("posts")
    for url in (WITHDRAW, ARCHIVE):
        assert browser.get(url).status_code == 404
        assert browser.post(url, {"reason": "x"}).status_code == 404
        assert browser.post(f"{url}end/").status_code == 404
    assert browser.get("/admin/write/modules/no-such-module/archive/").status_code == 404


def test_a_publisher_archives_and_offers_again(browser: Client, publisher: User, edition: Edition) -> None:
    make.enrolment(None, edition)
    make.enrolment(None, make.publish(start_draft(edition)))
    page = text(browser, ARCHIVE)
    assert "2 learners are under way in it." in page
    assert "Nothing is deleted." in page
    assert not Archiving.objects.exists()
    assert "The module is archived." in said(browser, ARCHIVE)
    assert "The module had been archived already." in said(browser, ARCHIVE)
    assert Archiving.objects.get().archived_by == publisher
    assert f"by {publisher}" in text(browser, ARCHIVE)
    assert "<title>Offer the module again - " in text(browser, ARCHIVE)
    sentence = "The module is no longer archived. New learners can start the module."
    assert sentence in said(browser, f"{ARCHIVE}end/")
    assert "The module is not archived." in said(browser, f"{ARCHIVE}end/")


def test_what_still_keeps_new_learners_away_is_said(browser: Client, edition: Edition) -> None:
    make.withdrawal(edition)
    make.archiving(edition.module)
    assert "because it is archived" in text(browser, WITHDRAW)
    assert "its newest edition is withdrawn" in text(browser, ARCHIVE)
    still = "New learners still cannot start the module:"
    assert f"{still} its newest edition is withdrawn." in said(browser, f"{ARCHIVE}end/")
    make.archiving(edition.module)
    assert f"{still} it is archived." in said(browser, f"{WITHDRAW}end/", {"edition": 1})


def test_who_may_only_write_finds_none_of_these_pages(edition: Edition) -> None:
    for browser in (make.client(make.author()), make.client(make.educator()), make.client(make.user())):
        for url in (WITHDRAW, ARCHIVE):
            assert browser.get(url).status_code == 404
            assert browser.post(url, REASON).status_code == 404
            assert browser.post(f"{url}end/", {"edition": 1}).status_code == 404
    assert not Withdrawal.objects.exists()
    assert not Archiving.objects.exists()
