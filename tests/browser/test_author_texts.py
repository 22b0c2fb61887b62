"""An author's text outlives whatever happens to it in a browser: a session that ends, a text too large, a way out."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Dialog, Page, expect

from apps.modules.models import Edition
from tests import make
from tests.browser.watch import DESKTOP

pytestmark = pytest.mark.once

MODULE = "/admin/write/modules/posts/"
CASE = f"{MODULE}pages/case/text/"

with_and_without_javascript = pytest.mark.parametrize(
    "is_javascript_on", [True, False], ids=["with JavaScript", "without JavaScript"]
)


@pytest.fixture
def draft(transactional_db: None) -> Edition:
    return make.started("posts", is_full=True)


@pytest.fixture
def open_page(opened: Callable[..., BrowserContext], draft: Edition, sign_in) -> Callable[..., Page]:
    """Opens a page of an author."""
    author = make.author()

    def open_page(**options: object) -> Page:
        context = opened(**{"viewport": DESKTOP} | options)
        sign_in(context, author)
        return context.new_page()

    return open_page


def press(page: Page, do: str) -> None:
    page.locator(f'button[name="do"][value="{do}"]').last.click()


def put(page: Page, text: str) -> None:
    """Let a large text stand in the text area; to type it would take Chromium very long."""
    page.get_by_label("The whole case").evaluate("(area, text) => { area.value = text; }", text)


def changed(text: str) -> str:
    return text.replace("It is quiet.", "It is loud.", 1)


@with_and_without_javascript
def test_a_line_is_mended_and_the_text_stored(open_page: Callable[..., Page], is_javascript_on: bool) -> None:
    page = open_page(java_script_enabled=is_javascript_on)
    page.goto(CASE)
    text = page.get_by_label("The whole case")
    text.fill(changed(text.input_value()).replace("| best", "| fine", 1))
    press(page, "check")
    line = page.get_by_label("Mend line")
    line.fill(line.input_value().replace("fine", "best"))
    press(page, "check")
    expect(page.locator("ins")).to_have_text("loud.")
    press(page, "store")
    expect(page.locator(".messagelist")).to_have_text("Saved.")
    assert "It is loud." in text.input_value()


def test_a_large_text_outlives_its_session(open_page: Callable[..., Page]) -> None:
    """Signed in again in a second tab, it is sent once more."""
    page = open_page()
    page.goto(CASE)
    text = page.get_by_label("The whole case")
    large = changed(text.input_value()) + "\n# More\n\n" + ("“A word, <b>& another</b>” " * 4 + "\n") * 1_800
    put(page, large)
    page.context.clear_cookies(name="sessionid")
    press(page, "check")
    expect(page.get_by_role("heading", level=1)).to_have_text("You were signed out before this was sent")
    with page.context.expect_page() as second:
        page.get_by_role("link", name="sign in in a new tab").click()
    second.value.get_by_label("E-mail address").fill("author@example.org")
    second.value.get_by_label("Password", exact=True).fill(make.PASSWORD)
    second.value.get_by_role("button", name="Sign in", exact=True).click()
    second.value.wait_for_url("**/my-learning/")
    page.get_by_role("button", name="Send it again").click()
    expect(page.get_by_role("heading", name="What would change")).to_be_visible()
    assert text.input_value().rstrip("\n") == large.rstrip("\n")


def test_what_is_too_large_is_there_when_one_goes_back(open_page: Callable[..., Page], settings) -> None:
    """With a smaller limit: Chromium takes half a minute for a text of the real one."""
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100_000
    page = open_page()
    page.goto(CASE)
    large = ("a line of words " * 5 + "\n") * 1_500
    put(page, large)
    press(page, "check")
    expect(page.get_by_role("heading", level=1)).to_have_text("This is larger than we take in one go")
    page.go_back()
    assert page.get_by_label("The whole case").input_value() == large


def test_leaving_with_unsaved_text_asks_first(open_page: Callable[..., Page]) -> None:
    page = open_page()
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    page.goto(CASE)
    page.get_by_role("link", name="Desk").click()  # nothing was written
    page.wait_for_url("**/admin/")
    assert asked == []
    page.goto(CASE)
    text = page.get_by_label("The whole case")
    text.fill(changed(text.input_value()))
    page.get_by_role("link", name="Desk").click()
    expect(text).to_be_visible()
    assert asked == ["beforeunload"]
    press(page, "check")  # it is sent without a question, and is not stored yet
    page.get_by_role("link", name="Desk").click()
    expect(page.get_by_role("heading", name="What would change")).to_be_visible()
    assert asked == ["beforeunload"] * 2
    press(page, "store")
    page.get_by_role("link", name="Desk").click()
    page.wait_for_url("**/admin/")
    assert len(asked) == 2


# A field of each kind on a page that asks, and what somebody does to it and takes back.
FILLED = "(field, text) => { field.value = text; field.dispatchEvent(new Event('input', { bubbles: true })); }"
TICKED = "field => field.click()"
CHOSEN = "(field, place) => { field.selectedIndex = place; }"
FIELDS = {
    "a text": ("pages/case/", "form[data-asks] textarea", FILLED),
    "a line": ("pages/case/", "form[data-asks] input[type=text]", FILLED),
    "a choice of several": ("pages/case/", "form[data-asks] select", CHOSEN),
    "a tick": ("pages/case/", "form[data-asks] input[type=checkbox]", TICKED),
    "a file": ("pages/case/text/", "form[data-asks] input[type=file]", ""),
}
ASKS = "() => !window.dispatchEvent(new Event('beforeunload', { cancelable: true }))"


@pytest.mark.parametrize("kind", FIELDS)
def test_whatever_was_changed_and_not_taken_back_asks_first(open_page: Callable[..., Page], kind: str) -> None:
    path, where, change = FIELDS[kind]
    page = open_page()
    page.goto(f"{MODULE}{path}")
    field = page.locator(where).first
    assert page.evaluate(ASKS) is False, "nothing was changed"
    if not change:
        file = {"name": "case.txt", "mimeType": "text/plain", "buffer": b"case: A"}
        field.set_input_files(file)
        assert page.evaluate(ASKS) is True
        field.set_input_files([])
    else:
        before = field.evaluate("field => field.type === 'checkbox' ? null : field.selectedIndex ?? field.value")
        field.evaluate(change, 1 - before if change == CHOSEN else "7")
        assert page.evaluate(ASKS) is True
        field.evaluate(change, before)
    assert page.evaluate(ASKS) is False, "all is as it was"
