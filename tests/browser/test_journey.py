"""A new trainee tries a case, makes an account to keep it, completes the module and leaves with a certificate."""

import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from apps.modules.models import Edition
from tests import make
from tests.browser.hands import Keyboard, Mouse
from tests.browser.journey import NAME, Journey, assert_tagged_with_name, check_address

pytestmark = pytest.mark.once  # `tests/test_journey.py` goes that way on both databases

Opened = Callable[..., BrowserContext]


def assert_anybody_can_check(context: BrowserContext, pdf: Path, name: str) -> None:
    """Whoever has the PDF opens the address on it and reads the name again."""
    page = context.new_page()
    page.goto(urlsplit(check_address(pdf)).path)
    expect(page.get_by_role("heading", name="Valid", exact=True)).to_be_visible()
    expect(page.get_by_text(name, exact=True)).to_be_visible()
    expect(page.get_by_role("link", name="Sign in", exact=True)).to_be_visible()


@pytest.mark.parametrize("is_javascript_on", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_from_a_case_without_an_account_to_a_certificate(
    opened: Opened, course: Edition, tmp_path: Path, is_javascript_on: bool
) -> None:
    page = opened(java_script_enabled=is_javascript_on, has_touch=True, is_mobile=True).new_page()
    journey = Journey(page, Mouse(page), course)
    journey.from_the_front_page_into_a_case()
    journey.decide("The trolley photo")
    journey.sign_up_to_keep_it("sian@example.org", NAME)
    page.goto(course.module.get_absolute_url())
    journey.link(re.compile("^Continue: "))
    pdf = journey.complete_what_is_left(NAME, tmp_path, done=["the-trolley-photo"], fail_first=True)
    assert_tagged_with_name(pdf, NAME)
    assert_anybody_can_check(opened(), pdf, NAME)


def test_with_the_keyboard_alone_from_a_case_to_a_certificate(opened: Opened, course: Edition, tmp_path: Path) -> None:
    """Through readings, cases and every kind of question."""
    page = opened().new_page()
    journey = Journey(page, Keyboard(page), course)
    journey.from_the_front_page_into_a_case()
    journey.decide("The trolley photo", begin_badly=True)
    journey.sign_up_to_keep_it("sian@example.org", NAME)
    page.goto(course.module.get_absolute_url())
    journey.link(re.compile("^Continue: "))
    assert_tagged_with_name(journey.complete_what_is_left(NAME, tmp_path, done=["the-trolley-photo"]), NAME)


def test_an_arabic_name(page: Page, opened: Opened, sign_in, course: Edition, tmp_path: Path) -> None:
    name = "عائشة بنت محمد الفاسي"
    learner = make.user(full_name=name)
    make.completed(learner, course)
    sign_in(page.context, learner)
    page.goto("/my-learning/")
    journey = Journey(page, Mouse(page), course)
    journey.link(re.compile("^Get the certificate ?: When posts go wrong"))
    journey.name_the_certificate(name)
    pdf = journey.download(tmp_path)
    assert_tagged_with_name(pdf, name)
    assert_anybody_can_check(opened(), pdf, name)


@pytest.mark.parametrize("path", ["/", "/modules/when-posts-go-wrong/", "/account/login/"])
def test_the_skip_link_leads_past_the_navigation(page: Page, course: Edition, path: str) -> None:
    page.goto(path)
    hands = Keyboard(page)
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to main content")
    hands.tab_to(skip)
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")


def test_shift_and_tab_goes_back(page: Page, course: Edition) -> None:
    page.goto("/account/signup/")
    hands = Keyboard(page)
    hands.tab_to(page.get_by_role("button", name="Create account"))
    hands.tab_to(page.get_by_label("E-mail address"), "Shift+Tab")
