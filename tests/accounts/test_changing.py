"""A change of address that waits: it is named, it can be gone back to, given up and asked for again."""

import re
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client

from apps.accounts.models import User
from tests import make
from tests.accounts.test_addresses import OLD, code_in, rows, sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.pages]

NEW, CODE = "third@example.org", "/account/confirm-email/"
by_code = pytest.mark.usefixtures("_by_code")


@pytest.fixture
def confirmed(learner: User) -> User:
    EmailAddress.objects.filter(user=learner).update(verified=True)
    return learner


@pytest.fixture
def browser(confirmed: User) -> Client:
    client = Client()
    sign_in(OLD, client=client)
    return client


def change(client: Client, email: str = NEW) -> None:
    client.post("/account/email/", {"action_add": "", "email": email})


def text(client: Client, url: str = "/account/") -> str:
    shown = client.get(url, follow=True).content.decode()
    return " ".join(re.sub(r"<[^>]*>", " ", shown.split("<main", 1)[1].split("</main>")[0]).split())


def enter(client: Client, code: str) -> Any:
    return client.post(CODE, {"code": code})


@by_code
def test_within_five_minutes_of_signing_in_no_password_is_asked_again(browser: Client) -> None:
    response = browser.post("/account/email/", {"action_add": "", "email": NEW})
    assert response.url == CODE
    assert NEW in text(browser, CODE)


@by_code
def test_the_account_page_names_the_address_and_leads_back_to_the_code(browser: Client) -> None:
    assert "Changing to" not in text(browser)
    change(browser)
    assert f"Changing to {NEW}, not confirmed yet." in text(browser)
    assert f'href="{CODE}">Enter the code</a>' in browser.get("/account/").content.decode()
    enter(browser, code_in(mail.outbox[-1]))
    assert "Changing to" not in text(browser)
    assert NEW in text(browser)


@by_code
def test_a_change_is_given_up(browser: Client, confirmed: User) -> None:
    change(browser)
    code = code_in(mail.outbox[-1])
    for _ in range(2):
        assert browser.post("/account/email/keep/").url == "/account/"
    assert f"You still sign in with {OLD}." in text(browser)
    assert "Changing to" not in text(browser)
    enter(browser, code)
    confirmed.refresh_from_db()
    assert (confirmed.email, rows(confirmed)) == (OLD, [(OLD, True)])


def test_an_own_address_that_was_never_confirmed_stays_when_a_change_is_given_up(
    browser: Client, confirmed: User
) -> None:
    EmailAddress.objects.filter(user=confirmed).update(verified=False)
    change(browser)
    assert rows(confirmed) == [(OLD, True), (NEW, False)]
    browser.post("/account/email/keep/")
    assert rows(confirmed) == [(OLD, True)]


@by_code
def test_a_change_that_has_run_out_waits_no_more(browser: Client, confirmed: User) -> None:
    change(browser)
    session = browser.session
    session["account_email_verification_code"]["at"] -= 16 * 60
    session.save()
    assert "Changing to" not in text(browser)
    assert enter(browser, code_in(mail.outbox[-1])).url == "/account/email/"
    told = "The code was good for 15 minutes, and they are over. Enter the new address again for another code."
    assert told in text(browser, "/account/email/")
    confirmed.refresh_from_db()
    assert confirmed.email == OLD


@by_code
def test_another_code_is_sent_three_times_and_only_the_last_one_counts(browser: Client, confirmed: User) -> None:
    change(browser)
    codes = [code_in(mail.outbox[-1])]
    for _ in range(3):
        assert "Send another code" in text(browser, CODE)
        browser.post(CODE, {"action": "resend"})
        codes.append(code_in(mail.outbox[-1]))
        assert mail.outbox[-1].to == [NEW]
    assert len(set(codes)) == 4
    assert "Send another code" not in text(browser, CODE)
    assert "that is all for now" in text(browser, CODE)
    assert "This is not the code that we sent last." in enter(browser, codes[0]).content.decode()
    enter(browser, codes[-1])
    confirmed.refresh_from_db()
    assert confirmed.email == NEW


@by_code
@pytest.mark.usefixtures("_product_limits")
def test_whoever_asks_too_soon_is_told_how_long_to_wait_and_the_code_they_have_stays_good(
    browser: Client, confirmed: User
) -> None:
    change(browser)
    code, sent = code_in(mail.outbox[-1]), len(mail.outbox)
    told = browser.post(CODE, {"action": "resend"})
    assert told.url == CODE
    assert re.search(r"Wait \d+ seconds?, then ask for another code", text(browser, CODE))
    assert len(mail.outbox) == sent
    enter(browser, code)
    confirmed.refresh_from_db()
    assert confirmed.email == NEW


@by_code
def test_in_two_tabs_the_change_asked_for_last_is_the_one_that_waits(browser: Client, confirmed: User) -> None:
    change(browser, "first@example.org")
    old = code_in(mail.outbox[-1])
    change(browser, NEW)
    assert f"Changing to {NEW}" in text(browser)
    assert "first@example.org" not in text(browser)
    assert enter(browser, old).status_code == 422
    enter(browser, code_in(mail.outbox[-1]))
    confirmed.refresh_from_db()
    assert confirmed.email == NEW


@by_code
def test_an_address_of_somebody_elses_looks_like_any_other(browser: Client, confirmed: User) -> None:
    """Only who reads the mail that goes there learns anything."""
    pages = []
    for address in ("other@example.org", "fresh@example.org"):
        if address.startswith("other"):
            make.user(address)
        change(browser, address)
        pages.append([text(browser, url).replace(address, "X") for url in (CODE, "/account/", "/account/email/")])
    assert pages[0] == pages[1]
    change(browser, "other@example.org")
    enter(browser, code_in(mail.outbox[-1]))
    confirmed.refresh_from_db()
    assert confirmed.email == OLD


@by_code
def test_both_addresses_of_one_person_are_told_apart(browser: Client) -> None:
    told = browser.post("/account/email/", {"action_add": "", "email": OLD.upper()})
    assert told.status_code == 422
    assert told.content.decode().count("This is the address you have already.") == 2


@by_code
def test_what_waits_for_one_person_is_not_shown_to_the_next(browser: Client) -> None:
    change(browser)
    assert NEW in text(browser)
    browser.post("/account/logout/")
    other = make.user("other@example.org")
    EmailAddress.objects.filter(user=other).update(verified=True)
    sign_in(other.email, client=browser)
    assert NEW not in text(browser)


@by_code
def test_what_a_session_holds_of_somebody_else_is_not_theirs_to_see_or_to_give_up(browser: Client) -> None:
    change(browser)
    session = browser.session
    session["account_email_verification_code"]["user_id"] = str(make.user().pk)
    session.save()
    assert NEW not in text(browser).replace(f"We sent a message to {NEW}.", "")
    browser.post("/account/email/keep/")
    assert browser.session["account_email_verification_code"]


def test_where_no_code_is_asked_for_none_is_promised(browser: Client, confirmed: User) -> None:
    for url in ("/account/", "/account/email/"):
        assert "code" not in text(browser, url).lower()
    change(browser)
    assert f"Changing to {NEW}, not confirmed yet. We sent a link there." in text(browser)
    assert "code" not in text(browser, "/account/email/").lower()
    browser.post("/account/email/keep/")
    assert "Changing to" not in text(browser)
    assert rows(confirmed) == [(OLD, True)]


def test_sign_out_stands_on_the_account_page_and_in_no_header(browser: Client) -> None:
    assert "Sign out" in text(browser)
    for url in ("/", "/modules/", "/my-learning/"):
        assert "Sign out" not in browser.get(url).content.decode()
    header = browser.get("/account/").content.decode().split("<main")[0]
    assert "csrfmiddlewaretoken" not in header
    assert re.findall(r'<li><a href="[^"]*"[^>]*>([^<]*)</a></li>', header) == ["My learning", "Modules", "Account"]


def link() -> str:
    found = re.search(r"https?://[^/]+(/account/confirm-email/\S+)", mail.outbox[-1].body)
    assert found, mail.outbox[-1].body
    return found[1]


@pytest.mark.parametrize("is_at_once", [False, True])
def test_a_link_for_somebody_elses_address_says_so(
    browser: Client, confirmed: User, is_at_once: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where the other person is seen only by the constraint."""
    make.user("other@example.org")
    change(browser, "other@example.org")
    if is_at_once:
        monkeypatch.setattr(type(User.objects.all()), "exists", lambda rows: False)
    told = browser.post(link(), follow=True)
    assert told.redirect_chain[-1][0] == "/account/"
    assert "There is an account with this address already." in told.content.decode()
    assert "Changing to" not in text(browser)
    confirmed.refresh_from_db()
    assert (confirmed.email, rows(confirmed)) == (OLD, [(OLD, True)])


def test_who_follows_the_link_without_being_signed_in_is_led_to_sign_in(browser: Client, confirmed: User) -> None:
    change(browser)
    assert Client().post(link()).url == "/account/login/"
    confirmed.refresh_from_db()
    assert confirmed.email == NEW


def test_the_page_behind_the_link_is_ours_and_leads_on(browser: Client, confirmed: User) -> None:
    change(browser)
    path = link()
    assert f"From then on you sign in with {NEW}" in text(browser, path)
    assert browser.post(path).url == "/account/"
    confirmed.refresh_from_db()
    assert confirmed.email == NEW
    for dead in (path, f"{CODE}no-such-key/"):
        for answer in (browser.get(dead), browser.post(dead)):
            shown = answer.content.decode()
            assert "This link does not work any more" in shown
            assert 'href="/account/">Your account</a>' in shown


def test_a_link_is_sent_once_more_to_the_address_that_waits(browser: Client) -> None:
    change(browser)
    sent = len(mail.outbox)
    browser.post("/account/email/", {"action_send": "", "email": NEW})
    assert [message.to for message in mail.outbox[sent:]] == [[NEW]]
    for nothing in ({}, {"action_primary": "", "email": NEW}, {"action_remove": "", "email": NEW}):
        assert browser.post("/account/email/", nothing).url == "/account/email/"
    assert f"Changing to {NEW}" in text(browser)
    assert len(mail.outbox) == sent + 1


def test_looking_at_a_link_signs_nobody_out(browser: Client) -> None:
    change(browser)
    other = make.client(make.user("other@example.org"))
    other.get(link())
    assert other.get("/account/").status_code == 200


@pytest.mark.parametrize("act", ["action_primary", "action_remove"])
def test_no_address_is_confirmed_by_asking(browser: Client, confirmed: User, act: str) -> None:
    EmailAddress.objects.filter(user=confirmed).update(verified=False)
    change(browser)
    browser.post("/account/email/", {act: "", "email": NEW})
    confirmed.refresh_from_db()
    assert (confirmed.email, rows(confirmed)) == (OLD, [(OLD, True), (NEW, False)])


@by_code
def test_after_the_code_one_is_back_at_the_account(browser: Client) -> None:
    change(browser)
    assert enter(browser, code_in(mail.outbox[-1])).url == "/account/"


@by_code
def test_three_wrong_codes_lead_back_to_the_change(browser: Client) -> None:
    change(browser)
    for _ in range(2):
        assert enter(browser, "WRONG1").status_code == 422
    assert enter(browser, "WRONG1").url == "/account/email/"
    assert "Enter the new address again for another code." in text(browser, "/account/email/")


@by_code
def test_a_change_to_a_taken_address_waits_no_more(browser: Client) -> None:
    make.user("other@example.org")
    change(browser, "other@example.org")
    assert enter(browser, code_in(mail.outbox[-1])).url == "/account/email/"
    shown = text(browser, "/account/email/")
    assert "There is an account with this address already." in shown
    assert "Changing to" not in shown


def test_the_mail_with_a_link_speaks_of_no_code_and_of_no_new_account(browser: Client) -> None:
    change(browser)
    assert "nothing changes" in mail.outbox[-1].body
    assert not re.search("code|an account", mail.outbox[-1].body)
