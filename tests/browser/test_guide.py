"""The first part of docs/authoring.md, followed word by word by somebody who has nothing else open."""

import re
from collections.abc import Callable, Iterator

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.test import override_settings
from playwright.sync_api import BrowserContext, Locator, Page, expect

from apps.authoring.roles import grant_roles
from tests.browser.hands import Mouse
from tests.browser.watch import DESKTOP

pytestmark = pytest.mark.once

HERE = "http://127.0.0.1:8000"  # where `make run` serves it
# **A name** is pressed, or **a field**: `what to write`; `an address` is opened; “words” are seen.
WORD = re.compile(r"\*\*(?P<name>.+?)\*\*(?:: `(?P<text>[^`]+)`)?|`(?P<address>http[^`]+)`|“(?P<seen>[^”]+)”")
ASIDE = re.compile(r" \(A line that could not be read .*?\)| Should you want to take it back: .*?“Undo:”\.")


def steps(begin: str, end: str) -> Iterator[tuple[str, str]]:
    """Each numbered step of a part in one line, and what it gives to be copied."""
    guide = (settings.BASE_DIR / "docs/authoring.md").read_text("utf-8")
    part = guide[guide.index(begin) : guide.index(end)]
    for step in re.split(r"^(?=\d+\. )", part, flags=re.MULTILINE)[1:]:
        words, _, copied = step.partition("```\n")
        yield ASIDE.sub("", " ".join(words.split())), copied.partition("```\n")[0]


AS_TEXT = list(steps("## From the desk", "### Or with forms only"))
WITH_FORMS = [*AS_TEXT[:3], *steps("### Or with forms only", "To change it,"), *AS_TEXT[6:]]


class Reader:
    """Does what stands there, and finds nothing by itself."""

    def __init__(self, page: Page) -> None:
        self.page, self.hand = page, Mouse(page)
        self.at: Page | Locator = page  # what of it is looked at

    def follow(self, step: str, copied: str) -> None:
        for word in WORD.finditer(step):
            name, text, address, seen = word.group("name", "text", "address", "seen")
            if address:
                self.page.goto(address.removeprefix(HERE))
            elif seen:
                expect(self.page.get_by_text(seen).locator("visible=true").first).to_be_visible()
            elif text or name.startswith("The whole"):
                self.write(name, text or copied)
            elif (group := self.page.get_by_role("group", name=name, exact=True)).count():
                self.at = group
            else:
                self.at = self.page
                self.press(name)

    def write(self, name: str, text: str) -> None:
        """In the field of this name where one looks; further down where it is not there."""
        field = next(
            found
            for at in (self.at, self.page)
            for is_exact in (True, False)
            if (found := at.get_by_label(name, exact=is_exact).first).count()
        )
        if field.evaluate("field => field.tagName") == "SELECT":
            field.select_option(label=text)
        else:
            field.fill(text)

    def press(self, name: str) -> None:
        found = self.called(name)
        if found.get_attribute("type") == "radio":
            self.hand.tick(found)
        else:
            with self.page.expect_navigation():
                found.click()

    def called(self, name: str) -> Locator:
        """The button of this name; without one the first link, or what can be chosen."""
        button, *others = (self.page.get_by_role(role, name=name, exact=True) for role in ("button", "link", "radio"))
        return button.first if button.count() else others[0].or_(others[1]).first


@pytest.mark.parametrize("guide", [AS_TEXT, WITH_FORMS], ids=["as text", "with forms"])
def test_the_guide_leads_from_the_desk_to_a_published_case(
    course, opened: Callable[..., BrowserContext], guide: list[tuple[str, str]]
) -> None:
    grant_roles(apps)
    with override_settings(IS_DEVELOPMENT=True):
        call_command("seed", demo=True, verbosity=0)
    reader = Reader(opened(viewport=DESKTOP).new_page())
    for step, copied in guide:
        reader.follow(step, copied)
