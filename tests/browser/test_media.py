"""Colours that are not ours, and paper."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from apps.certificates.models import Certificate
from apps.modules.models import Edition
from tests import make
from tests.browser.states import QUIZ, TROLLEY

pytestmark = pytest.mark.once


@pytest.fixture
def signed_in(opened: Callable[..., BrowserContext], course: Edition, sign_in) -> Callable[..., Page]:
    """Opens a page in which a learner is signed in who has completed the course."""

    def open_page(**options: object) -> Page:
        learner = make.user("learner@example.org")
        make.completed(learner, course)
        context = opened(**options)
        sign_in(context, learner)
        return context.new_page()

    return open_page


def test_a_chosen_option_can_be_told_from_the_others_in_forced_colours(signed_in: Callable[..., Page]) -> None:
    page = signed_in(forced_colors="active")
    page.goto(QUIZ)
    page.get_by_role("button", name="Start the quiz").click()
    multiple = page.locator("input[type=checkbox]")
    while True:
        cards = page.locator(".sl-choice")
        cards.nth(1).locator("label").click()
        expect(cards.nth(1).locator("input")).to_be_checked()
        page.mouse.move(0, 0)
        expect(cards.nth(1)).to_have_css("outline-style", "solid")
        expect(cards.nth(1)).to_have_css("outline-width", "3px")
        expect(cards.nth(0)).to_have_css("outline-style", "none")
        mark = "input => parseFloat(getComputedStyle(input, '::before').borderBottomWidth)"
        assert cards.nth(1).locator("input").evaluate(mark) >= 4
        assert cards.nth(0).locator("input").evaluate("input => getComputedStyle(input, '::before').content") == "none"
        assert cards.nth(1).locator("input").screenshot() != cards.nth(0).locator("input").screenshot()
        if multiple.count():
            break
        page.get_by_role("button", name="Skip for now").click()


def test_ratings_and_progress_can_be_seen_in_forced_colours(signed_in: Callable[..., Page]) -> None:
    page = signed_in(forced_colors="active")
    page.goto(TROLLEY)
    page.locator(".sl-choice label").first.click()
    page.get_by_role("button", name="Do this").click()
    rating = page.locator(".sl-rating").first
    expect(rating).to_contain_text(re.compile("Best|Acceptable|Poor"))
    expect(rating).to_have_css("border-bottom-style", "solid")
    expect(rating.locator("svg")).to_be_visible()


def test_the_certificate_prints_by_itself_on_white(signed_in: Callable[..., Page]) -> None:
    page = signed_in(color_scheme="dark")
    page.goto("/learn/when-posts-go-wrong/4/finish/")
    page.get_by_role("button", name="Issue my certificate").click()
    page.get_by_role("link", name="See the whole certificate").click()
    page.emulate_media(media="print")
    expect(page.locator(".sl-cert")).to_be_visible()
    expect(page.get_by_text(Certificate.objects.get().name, exact=True)).to_be_visible()
    for left_out in ("header", "footer", ".sl-back", ".sl-button", "details", ".sl-skip"):
        for element in page.locator(left_out).all():
            expect(element).to_be_hidden()
    expect(page.locator("body")).to_have_css("background-color", "rgb(255, 255, 255)")
    page.set_viewport_size({"width": 680, "height": 1010})  # A4 less its margins, at 96 dots an inch
    assert page.locator(".sl-cert").bounding_box()["height"] < 1010, "one sheet"


@pytest.mark.parametrize("path", [TROLLEY, "/learn/when-posts-go-wrong/4/reading/why-doctors-are-exposed/"])
def test_pages_print_without_navigation(signed_in: Callable[..., Page], path: str) -> None:
    page = signed_in(color_scheme="dark")
    page.goto(path)
    page.emulate_media(media="print")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    for left_out in ("header", "footer", ".sl-button"):
        expect(page.locator(left_out).first).to_be_hidden()
    expect(page.locator("body")).to_have_css("background-color", "rgb(255, 255, 255)")
