"""Going on: one primary button a page, sources that open, an address to copy, and titles that stay whole."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from apps.accounts.models import User
from apps.modules.models import Edition
from tests import make
from tests.browser.states import LEARN, MODULE
from tests.browser.watch import PHONE

pytestmark = pytest.mark.once

READING = f"{LEARN}reading/who-can-see-it/"
PRIMARY = ".sl-button:not(.sl-button--secondary)"
HEIGHT_OF_HOME = 2_700  # px at 390 px, with the six modules
# A word that stands on two lines: the rectangles of each of its letters are not on one.
BROKEN = r"""() => {
  const broken = [];
  const walker = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    for (const word of node.data.matchAll(/[\p{L}]+/gu)) {
      range.setStart(node, word.index);
      range.setEnd(node, word.index + word[0].length);
      const tops = [...range.getClientRects()].map((box) => Math.round(box.top));
      if (new Set(tops).size > 1) broken.push(word[0]);
    }
  }
  return broken;
}"""

with_and_without_javascript = pytest.mark.parametrize("is_javascript_on", [True, False])


@pytest.fixture
def half_way(course: Edition) -> User:
    """Somebody with three certificates, in the middle of a fourth module."""
    learner = make.user("half@example.org")
    *done, under_way = Edition.objects.current().order_by("module__position")[:4]
    for edition in done:
        make.certificate(make.completed(learner, edition))
    make.enrolment(learner, under_way)
    return learner


def open_as(opened: Callable[..., BrowserContext], sign_in: Callable, learner: User, **options: object) -> Page:
    context = opened(**options)
    sign_in(context, learner)
    return context.new_page()


@pytest.mark.usefixtures("course")
@with_and_without_javascript
def test_a_citation_opens_the_sources_below(opened: Callable[..., BrowserContext], is_javascript_on: bool) -> None:
    page = opened(java_script_enabled=is_javascript_on).new_page()
    page.goto(READING)
    cited = page.locator('.sl-prose a[href^="#source-"]').first
    source = page.locator(cited.get_attribute("href") or "")
    expect(source).to_be_hidden()
    expect(page.get_by_text(re.compile(r"^Sources \(\d+\)$"))).to_be_visible()
    cited.click()
    expect(source).to_be_visible()
    expect(source).to_be_in_viewport()


def test_the_address_of_a_certificate_is_copied_and_shared_where_that_can_be_done(
    opened: Callable[..., BrowserContext], sign_in: Callable, half_way: User
) -> None:
    finish = "/learn/when-posts-go-wrong/4/finish/"
    without = open_as(opened, sign_in, half_way, java_script_enabled=False)
    without.goto(finish)
    address = without.locator(".sl-copy").inner_text()
    expect(without.locator(".sl-mini")).to_have_count(0)
    page = open_as(opened, sign_in, half_way, permissions=["clipboard-read", "clipboard-write"])
    page.add_init_script("navigator.share = async (what) => { window.shared = what; }")
    page.goto(finish)
    page.get_by_role("button", name="Copy the address").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == address
    page.get_by_role("button", name="Share").click()
    assert page.evaluate("window.shared.url") == address


@pytest.mark.parametrize("width", [256, 320, 390])
def test_no_word_of_home_is_broken_and_it_is_short(
    opened: Callable[..., BrowserContext], sign_in: Callable, half_way: User, width: int
) -> None:
    page = open_as(opened, sign_in, half_way, viewport={"width": width, "height": 844})
    for url in ("/", "/modules/", "/my-learning/", MODULE):
        page.goto(url)
        assert page.evaluate(BROKEN) == [], url
    page.goto("/")
    shown = page.locator(".sl-tile img").first
    expect(shown).to_be_visible() if width > 336 else expect(shown).to_be_hidden()
    height = page.evaluate("document.documentElement.scrollHeight")
    print(f"Home, signed in, at {width} px: {height} px")  # noqa: T201  # the bar is printed
    assert height <= HEIGHT_OF_HOME or width != PHONE["width"]


@with_and_without_javascript
def test_the_one_button_leads_from_home_through_a_page_and_back_to_the_same_one(
    opened: Callable[..., BrowserContext], sign_in: Callable, half_way: User, is_javascript_on: bool
) -> None:
    page = open_as(opened, sign_in, half_way, java_script_enabled=is_javascript_on, viewport=PHONE)

    def press() -> None:
        expect(page.locator(PRIMARY)).to_have_count(1)
        with page.expect_navigation():
            page.locator(PRIMARY).click()

    named = set()
    for start in ("/", "/my-learning/", MODULE, "/learn/when-posts-go-wrong/4/finish/"):
        page.goto(start)
        press()
        named.add(page.url)
    assert len(named) == 1, named
    first = page.url
    press()  # mark as read, and go on
    assert page.url != first
    second = page.url
    page.goto("/")
    press()
    assert page.url == second
