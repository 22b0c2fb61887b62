"""Focus goes where reading goes on: to what a choice did, or to what went wrong."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from apps.modules.models import Edition
from tests import make
from tests.browser.states import QUIZ, TROLLEY

pytestmark = pytest.mark.once

with_and_without_javascript = pytest.mark.parametrize(
    "is_javascript_on", [True, False], ids=["with JavaScript", "without JavaScript"]
)


@pytest.fixture
def open_page(opened: Callable[..., BrowserContext], course: Edition, sign_in) -> Callable[[bool], Page]:
    """Opens a page of a learner who has begun."""

    def open_page(is_javascript_on: bool) -> Page:
        learner = make.user("learner@example.org")
        make.enrolment(learner, course)
        context = opened(java_script_enabled=is_javascript_on)
        sign_in(context, learner)
        return context.new_page()

    return open_page


@with_and_without_javascript
def test_after_a_choice_focus_is_on_what_it_did(open_page, is_javascript_on: bool) -> None:
    page = open_page(is_javascript_on)
    page.goto(TROLLEY)
    while page.locator("input[name=choice]").count():
        page.locator(".sl-choice label").last.click()
        with page.expect_navigation():
            page.get_by_role("button", name="Do this").click()
        heading = page.locator("#after")
        expect(heading).to_be_focused()
        expect(heading).to_be_in_viewport()
        is_ended = not page.locator("input[name=choice]").count()
        expect(heading).to_have_text("Your last choice" if is_ended else "What your choice did")


def go_wrong_in_a_scene(page: Page) -> str:
    page.goto(TROLLEY)
    page.get_by_role("button", name="Do this").click()
    return "Choose what you do, then press “Do this”"


def go_wrong_in_a_question(page: Page) -> str:
    page.goto(QUIZ)
    page.get_by_role("button", name="Start the quiz").click()
    page.get_by_role("button", name="Save and go on").click()
    return "Choose one answer, or skip this question for now"


def go_wrong_in_the_account(page: Page) -> str:
    page.goto("/account/")
    page.get_by_label("Full name").fill("")
    page.get_by_role("button", name="Save").click()
    return "Enter your full name"


def go_wrong_in_signing_in(page: Page) -> str:
    page.context.clear_cookies()
    page.goto("/account/login/")
    page.get_by_label("E-mail address").fill("nobody")
    page.get_by_role("button", name="Sign in", exact=True).click()
    return "This is not an e-mail address."


@with_and_without_javascript
@pytest.mark.parametrize(
    "go_wrong", [go_wrong_in_a_scene, go_wrong_in_a_question, go_wrong_in_the_account, go_wrong_in_signing_in]
)
def test_after_an_error_the_summary_comes_first_and_leads_to_the_field(
    open_page, go_wrong: Callable[[Page], str], is_javascript_on: bool
) -> None:
    page = open_page(is_javascript_on)
    words = go_wrong(page)
    summary = page.get_by_role("alert")
    expect(summary).to_contain_text("There is a problem")
    assert page.title().startswith("Error: ")
    expect(page.locator("main").get_by_role("heading").first).to_have_text("There is a problem")
    if is_javascript_on:
        expect(summary).to_be_focused()
    link = summary.get_by_role("link", name=words).first
    field = page.locator(link.get_attribute("href"))
    link.click()
    expect(field).to_be_focused()
    described = field.get_attribute("aria-describedby") or page.locator("fieldset").first.get_attribute(
        "aria-describedby"
    )
    error = page.locator(", ".join(f"#{one}" for one in described.split())).filter(has_text="Error:")
    expect(error).to_be_visible()
