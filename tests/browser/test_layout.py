"""Narrow windows, large letters, fingers, paper, and colours that are not ours."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from apps.certificates.models import Certificate
from apps.modules.models import Edition
from tests import make
from tests.browser.states import QUIZ, TROLLEY, Visits
from tests.browser.watch import DESKTOP, PHONE

pytestmark = pytest.mark.browser

SCRIPT = Path(__file__).with_name("layout.js").read_text().strip()
AVERAGE_MEASURE, LONGEST_LINE = 75, 80  # characters


def look(page: Page, what: str) -> list:
    """Measure the page with the function of this name in layout.js."""
    return page.evaluate(f"({SCRIPT}).{what}()")


def in_narrow_and_wide_windows(page: Page) -> list[str]:
    """Nothing sticks out, down to 256 px; running text has a measure that can be read."""
    found = []
    for size in ({"width": 320, "height": 800}, {"width": 256, "height": 800}, DESKTOP):
        page.set_viewport_size(size)
        found += [f"{size['width']} px: {one}" for one in look(page, "overflow")]
    if lines := look(page, "measure"):
        if sum(lines) / len(lines) > AVERAGE_MEASURE:
            found.append(f"lines have {sum(lines) / len(lines):.1f} characters on average")
        if max(lines) > LONGEST_LINE:
            found.append(f"a line has {max(lines)} characters")
    return found


def with_letters_of_twice_the_size(page: Page) -> list[str]:
    """The browser's own setting, which also moves the widths at which the layout changes."""
    found = []
    browser = page.context.new_cdp_session(page)
    browser.send("Page.setFontSizes", {"fontSizes": {"standard": 32, "fixed": 26}})
    assert page.evaluate("getComputedStyle(document.documentElement).fontSize") == "32px"
    for size in (PHONE, DESKTOP):
        page.set_viewport_size(size)
        found += [f"{size['width']} px, large letters: {one}" for one in look(page, "overflow") + look(page, "clipped")]
    browser.send("Page.setFontSizes", {"fontSizes": {"standard": 16, "fixed": 13}})
    browser.detach()
    return found


def test_every_page_fits_windows_letters_and_fingers(visits: Visits) -> None:
    findings = []
    for state, page in visits:
        found = look(page, "overflow")
        # Django's own admin is made for wide windows (its front page needs 357 px) and mice.
        if not state.is_admin:
            found += look(page, "targets") + look(page, "clipped")
            found += in_narrow_and_wide_windows(page)
            found += with_letters_of_twice_the_size(page)
        findings += [f"{state.name}: {one}" for one in found]
    visits.assert_none(findings)


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
        look_of_card = (
            "card => { const s = getComputedStyle(card); return [s.outlineStyle, parseFloat(s.outlineWidth)]; }"
        )
        assert cards.nth(1).evaluate(look_of_card) == ["solid", 3]
        assert cards.nth(0).evaluate(look_of_card)[0] == "none"
        mark = "input => parseFloat(getComputedStyle(input, '::before').borderBottomWidth)"
        assert cards.nth(1).locator("input").evaluate(mark) >= 4
        assert cards.nth(0).locator("input").evaluate("input => getComputedStyle(input, '::before').content") == "none"
        assert cards.nth(1).locator("input").screenshot() != cards.nth(0).locator("input").screenshot()
        if multiple.count():
            break
        page.get_by_role("link", name="Skip for now").click()


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
    page.goto("/learn/when-posts-go-wrong/1/finish/")
    page.get_by_role("button", name="Issue my certificate").click()
    page.emulate_media(media="print")
    expect(page.locator(".sl-cert")).to_be_visible()
    expect(page.get_by_text(Certificate.objects.get().name, exact=True)).to_be_visible()
    for left_out in ("header", "footer", ".sl-back", ".sl-button", "details", ".sl-skip"):
        for element in page.locator(left_out).all():
            expect(element).to_be_hidden()
    expect(page.locator("body")).to_have_css("background-color", "rgb(255, 255, 255)")
    page.set_viewport_size({"width": 680, "height": 1010})  # A4 less its margins, at 96 dots an inch
    assert page.locator(".sl-cert").bounding_box()["height"] < 1010, "one sheet"


@pytest.mark.parametrize("path", [TROLLEY, "/learn/when-posts-go-wrong/1/reading/why-doctors-are-exposed/"])
def test_pages_print_without_navigation(signed_in: Callable[..., Page], path: str) -> None:
    page = signed_in(color_scheme="dark")
    page.goto(path)
    page.emulate_media(media="print")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    for left_out in ("header", "footer", ".sl-button"):
        expect(page.locator(left_out).first).to_be_hidden()
    expect(page.locator("body")).to_have_css("background-color", "rgb(255, 255, 255)")
