"""Whether a page fits narrow windows, large letters and fingers."""

from pathlib import Path

from playwright.sync_api import Page

from tests.browser.hands import LOOK_AT_FOCUS

SCRIPT = Path(__file__).with_suffix(".js").read_text().strip()
AVERAGE_MEASURE, LONGEST_LINE = 75, 80  # characters


def look(page: Page, what: str) -> list:
    """Measure the page with the function of this name in layout.js."""
    return page.evaluate(f"({SCRIPT}).{what}()")


def looks(page: Page, *what: str) -> list[list]:
    """Measure it with several of them in one go."""
    named = ", ".join(f"look.{one}()" for one in what)
    return page.evaluate(f"(() => {{ const look = {SCRIPT}; return [{named}]; }})()")


def misfits(page: Page) -> list[str]:
    """What does not fit the window as it is, or could not be read or hit in it."""
    overflow, clipped, targets, lines = looks(page, "overflow", "clipped", "targets", "measure")
    found = overflow + clipped + targets
    if lines:
        if sum(lines) / len(lines) > AVERAGE_MEASURE:
            found.append(f"lines have {sum(lines) / len(lines):.1f} characters on average")
        if max(lines) > LONGEST_LINE:
            found.append(f"a line has {max(lines)} characters")
    return found


def unseen_focus(page: Page) -> list[str]:
    """What does not show that it has the focus, or has it where nobody sees it."""
    page.keyboard.press("Tab")  # from now on the browser shows focus, as for somebody with a keyboard
    faults = f"({SCRIPT}).focusable().map((element) => {{ element.focus(); return ({LOOK_AT_FOCUS})(element)[0]; }})"
    return [wrong for wrong in page.evaluate(faults) if wrong]


def misfits_of_large_letters(page: Page) -> list[str]:
    """The same with letters of twice the size: the browser's own setting, which also moves the layout's widths."""
    browser = page.context.new_cdp_session(page)
    browser.send("Page.setFontSizes", {"fontSizes": {"standard": 32, "fixed": 26}})
    assert page.evaluate("getComputedStyle(document.documentElement).fontSize") == "32px"
    overflow, clipped = looks(page, "overflow", "clipped")
    browser.send("Page.setFontSizes", {"fontSizes": {"standard": 16, "fixed": 13}})
    browser.detach()
    return [f"large letters: {one}" for one in overflow + clipped]
