"""A second factor in a real browser, with its virtual authenticator: set up, asked for, demanded, lost."""

import re
from collections.abc import Callable

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from playwright.sync_api import BrowserContext, Page, expect

from apps.accounts.models import FactorRemoval, User
from tests import make, proofs

AT = "/account/second-factor/"
CODE = "Code from your app, or a recovery code"
Opened = Callable[..., BrowserContext]

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]


@pytest.fixture(autouse=True)
def _localhost(settings) -> None:
    """Browsers know passkeys by https only, or at `localhost`, where the tests' server is."""
    settings.PASSKEY_DOMAIN = "localhost"


@pytest.fixture
def demanded(settings) -> None:
    settings.IS_SECOND_FACTOR_DEMANDED = True


def with_device(context: BrowserContext, *, is_verified: bool = True) -> Page:
    """A page of a browser whose device has a place for passkeys, and a finger on it."""
    page = context.new_page()
    device = context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": is_verified}
    more = {"isUserVerified": is_verified, "automaticPresenceSimulation": True}
    device.send("WebAuthn.addVirtualAuthenticator", {"options": options | more})
    return page


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def sign_in(page: Page, person: User, after: str = "/account/") -> None:
    """The first step."""
    page.goto(f"/account/login/?next={after}")
    page.get_by_label("E-mail address").fill(person.email)
    page.get_by_label("Password", exact=True).fill(make.PASSWORD)
    press(page, "Sign in")


def at(page: Page, path: str) -> None:
    expect(page).to_have_url(re.compile(f"^http://[^/]+{re.escape(path)}$"))


def set_up_app(page: Page) -> str:
    """From the account page to recovery codes that are kept; gives the secret."""
    page.get_by_role("link", name="Set up second factor").click()
    page.get_by_role("link", name="Set up an app").click()
    secret = page.locator(".sl-code").inner_text().replace(" ", "")
    page.get_by_label("Code from the app").fill(proofs.code_of(secret))
    press(page, "Set up")
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    assert page.locator(".sl-codes li").count() == 10
    return secret


@pytest.mark.parametrize("has_scripts", [True, False])
def test_an_app_and_a_recovery_code(has_scripts: bool, opened: Opened) -> None:
    person = make.user("learner@example.org")
    page = opened(java_script_enabled=has_scripts).new_page()
    sign_in(page, person)
    secret = set_up_app(page)
    codes = page.locator(".sl-codes li").all_inner_texts()
    press(page, "I have them")
    other = opened(java_script_enabled=has_scripts).new_page()
    sign_in(other, person)
    expect(other.get_by_role("heading", name="Your second factor")).to_be_visible()
    other.get_by_label(CODE).fill("000000")
    press(other, "Sign in")
    expect(other.get_by_role("alert")).to_contain_text("That code is not right")
    other.get_by_label(CODE).fill(proofs.code_of(secret, 1))
    press(other, "Sign in")
    at(other, "/account/")
    lost = opened(java_script_enabled=has_scripts).new_page()
    sign_in(lost, person)
    lost.get_by_text("My phone is lost").click()
    lost.get_by_label(CODE).fill(codes[0])
    press(lost, "Sign in")
    at(lost, "/account/")
    lost.goto(f"{AT}recovery-codes/")
    expect(lost.get_by_text("9 of 10 are left")).to_be_visible()


def test_a_passkey_signs_in_alone_as_second_step_and_as_proof(opened: Opened) -> None:
    person = make.user("learner@example.org")
    context = opened()
    page = with_device(context)
    sign_in(page, person)
    page.get_by_role("link", name="Set up second factor").click()
    page.get_by_role("link", name="Add a passkey").click()
    page.get_by_label("What do you call it?").fill("My phone")
    press(page, "Add a passkey")
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    press(page, "I have them")
    expect(page.get_by_role("link", name="Remove My phone")).to_be_visible()
    context.clear_cookies()
    page.goto("/account/login/?next=/account/")
    press(page, "Sign in with a passkey")
    at(page, "/account/")
    context.clear_cookies()
    sign_in(page, person)
    press(page, "Use a passkey")
    at(page, "/account/")
    proofs.lose_all()
    page.goto(f"{AT}recovery-codes/new/")
    at(page, f"{AT}prove/?next=%2Faccount%2Fsecond-factor%2Frecovery-codes%2Fnew%2F")
    press(page, "Use a passkey")
    at(page, f"{AT}recovery-codes/new/")


def test_a_passkey_that_is_refused_says_so_and_can_be_tried_again(opened: Opened) -> None:
    """A device that cannot ask who holds it: nothing is sent, and the button comes back."""
    person = make.user("learner@example.org")
    page = with_device(opened(), is_verified=False)
    sign_in(page, person)
    page.goto(f"{AT}passkeys/add/")
    press(page, "Add a passkey")
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    page.context.clear_cookies()
    page.goto("/account/login/")
    for _ in range(2):
        press(page, "Sign in with a passkey")
        expect(page.get_by_text("Nothing was sent")).to_be_visible()
        expect(page.get_by_role("button", name="Sign in with a passkey")).to_be_enabled()


TELLS = {
    "NotAllowedError": "Nothing was sent: the browser or you stopped it.",
    "InvalidStateError": "This device has a passkey of yours already.",
    "SecurityError": "Passkeys belong to one address.",
    "TypeError": "This page has been open for too long, or there is no connection.",
}


@pytest.mark.parametrize("error", TELLS)
def test_why_a_passkey_was_not_sent_is_said_alone(error: str, opened: Opened) -> None:
    page = opened().new_page()
    thrown = f"new {error}('')" if error == "TypeError" else f"new DOMException('', '{error}')"
    page.add_init_script(f"navigator.credentials.get = async () => {{ throw {thrown}; }}")
    page.goto("/account/login/")
    assert page.locator("[data-says]:visible").count() == 0
    press(page, "Sign in with a passkey")
    expect(page.locator("[data-says]:visible")).to_have_count(1)
    expect(page.locator("[data-says]:visible")).to_contain_text(TELLS[error])
    expect(page.get_by_role("button", name="Sign in with a passkey")).to_be_enabled()


def test_without_scripts_no_button_promises_a_passkey(opened: Opened) -> None:
    page = opened(java_script_enabled=False).new_page()
    person = make.user("learner@example.org")
    page.goto("/account/login/")
    expect(page.get_by_role("button", name="Sign in with a passkey")).to_have_count(0)
    sign_in(page, person)
    page.goto(f"{AT}passkeys/add/")
    expect(page.get_by_role("link", name="An app with codes")).to_be_visible()


def test_an_old_browser_signs_in_by_password(opened: Opened) -> None:
    context = opened()
    context.add_init_script("delete window.PublicKeyCredential")
    page = context.new_page()
    page.goto("/account/login/")
    expect(page.get_by_role("button", name="Sign in with a passkey")).to_have_count(0)
    sign_in(page, make.user("learner@example.org"))
    at(page, "/account/")
    page.goto(f"{AT}passkeys/add/")
    expect(page.get_by_text("This browser knows no passkeys")).to_be_visible()


@pytest.mark.usefixtures("demanded")
@pytest.mark.parametrize("has_scripts", [True, False])
def test_a_publisher_is_led_to_it_and_on(has_scripts: bool, opened: Opened) -> None:
    """Within the grace the desk is open; the act is not. What was typed is still there when the proof has grown old."""
    publisher, edition = make.publisher(), make.edition("posts")
    page = opened(java_script_enabled=has_scripts).new_page()
    sign_in(page, publisher, "/admin/")
    expect(page.get_by_text("Your role needs a second factor")).to_be_visible()
    page.goto(f"/admin/write/modules/{edition.module.slug}/withdraw/")
    at(page, f"{AT}?next=%2Fadmin%2Fwrite%2Fmodules%2Fposts%2Fwithdraw%2F")
    page.get_by_role("link", name="Set up an app").click()
    secret = page.locator(".sl-code").inner_text().replace(" ", "")
    page.get_by_label("Code from the app").fill(proofs.code_of(secret))
    press(page, "Set up")
    press(page, "I have them")
    at(page, "/admin/write/modules/posts/withdraw/")
    page.locator("[name=reason]").fill("It names the wrong number.")
    proofs.lose_all()
    page.locator("form:has([name=reason]) [type=submit]").first.click()
    expect(page.get_by_text("Nothing is lost, and nothing is done yet.")).to_be_visible()
    assert not edition.withdrawals.exists()
    with page.expect_popup() as opening:
        page.get_by_role("link", name="show that it is you in a new tab").click()
    tab = opening.value
    tab.get_by_label(CODE).fill(proofs.code_of(secret, 1))
    press(tab, "Go on")
    press(page, "Send it again")
    expect(page.get_by_text("is withdrawn")).to_be_visible()
    assert edition.withdrawals.get().reason == "It names the wrong number."


@pytest.mark.usefixtures("demanded")
def test_a_lost_device(opened: Opened) -> None:
    """Two administrators remove the factor; its owner signs in with the password, and is told."""
    person, first, second = make.user("learner@example.org"), make.superuser(), make.administrator()
    for each in (person, first, second):
        proofs.give_app(each)
    pages = []
    for administrator in (first, second):
        page = opened().new_page()
        sign_in(page, administrator, f"/admin/accounts/user/{person.pk}/change/")
        page.get_by_label(CODE).fill(proofs.code_of())
        press(page, "Sign in")
        page.get_by_role("link", name="Remove the second factor").click()
        pages.append(page)
    asking, confirming = pages
    press(asking, "Ask for it")
    expect(asking.get_by_text("Another administrator confirms it")).to_be_visible()
    confirming.reload()
    press(confirming, "Remove the second factor")
    expect(confirming.get_by_text("The second factor is removed")).to_be_visible()
    assert FactorRemoval.objects.get().confirmed_by == second
    assert not Authenticator.objects.filter(user=person).exists()
    assert mail.outbox[-1].to == [person.email]
    page = opened().new_page()
    sign_in(page, person)
    at(page, "/account/")
