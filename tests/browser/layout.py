"""Whether a page fits narrow windows, large letters and fingers."""

from pathlib import Path

from playwright.sync_api import Page

from tests.browser.watch import DESKTOP, PHONE

SCRIPT = Path(__file__).with_suffix(".js").read_text().strip()
AVERAGE_MEASURE, LONGEST_LINE = 75, 80  # characters


def look(page: Page, what: str) -> list:
    """Measure the page with the function of this name in layout.js."""
    return page.evaluate(f"({SCRIPT}).{what}()")


def misfits(page: Page, *, is_admin: bool = False) -> list[str]:
    """What does not fit. Django's own admin is made for wide windows (its front page needs 357 px) and mice."""
    found = look(page, "overflow")
    if not is_admin:
        found += look(page, "targets") + look(page, "clipped")
        found += _in_narrow_and_wide_windows(page)
        found += _with_letters_of_twice_the_size(page)
        page.set_viewport_size(PHONE)
    return found


def _in_narrow_and_wide_windows(page: Page) -> list[str]:
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


def _with_letters_of_twice_the_size(page: Page) -> list[str]:
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
