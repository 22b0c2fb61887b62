"""From the front page to the sixth certificate by the most prominent button of each page: there is exactly one."""

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import BrowserContext, Page

from apps.certificates.models import Certificate
from apps.modules.models import Edition
from apps.quizzes.models import Option
from apps.scenarios.models import Choice
from tests.browser.hands import Mouse
from tests.browser.journey import FROM_BEST, NAME
from tests.browser.watch import PHONE
from tests.make import PASSWORD

pytestmark = pytest.mark.once

PROMINENT = ".sl-button:not(.sl-button--secondary)"
MOST_PRESSES = 400
TYPED = {"email": "sian@example.org", "full_name": NAME, "password1": PASSWORD, "password2": PASSWORD}


@dataclass
class Walker:
    """Somebody who reads little, answers what is asked, and presses what is brightest."""

    page: Page
    walked: list[str] = field(default_factory=list)

    def press(self) -> None:
        """Fill in what the page asks for, and press its one button."""
        self.walked.append(self.page.url)
        self._answer()
        prominent = self.page.locator(PROMINENT).locator("visible=true")
        assert prominent.count() == 1, (self.page.url, prominent.all_inner_texts())
        with self.page.expect_navigation():
            prominent.click()

    def _answer(self) -> None:
        for name, text in TYPED.items():
            for asked in self.page.locator(f"main input[name={name}]").all():
                asked.fill(text)
        for name, right in (("choice", self._best), ("option", self._keys)):
            offered = self.page.locator(f"main input[name={name}]")
            if offered.count():
                for value in right([one.get_attribute("value") or "" for one in offered.all()]):
                    Mouse(self.page).tick(self.page.locator(f'main input[name={name}][value="{value}"]'))

    @staticmethod
    def _best(keys: list[str]) -> list[str]:
        offered = Choice.objects.filter(edition__in=Edition.objects.current(), key__in=keys).order_by("position")
        return [min(offered, key=lambda choice: FROM_BEST.index(choice.rating)).key]

    @staticmethod
    def _keys(keys: list[str]) -> list[str]:
        right = Option.objects.filter(edition__in=Edition.objects.current(), key__in=keys, is_key=True)
        return list(right.values_list("key", flat=True))


@pytest.mark.usefixtures("course")
@pytest.mark.parametrize("is_javascript_on", [True, False])
def test_the_one_button_leads_from_the_front_page_to_the_sixth_certificate(
    opened: Callable[..., BrowserContext], is_javascript_on: bool
) -> None:
    page = opened(java_script_enabled=is_javascript_on, viewport=PHONE, has_touch=True, is_mobile=True).new_page()
    page.goto("/")
    walker = Walker(page)
    while Certificate.objects.count() < Edition.objects.current().count():
        walker.press()
        assert len(walker.walked) < MOST_PRESSES, walker.walked[-20:]
    assert Certificate.objects.count() == 6
    walker.press()  # there is one even when everything is done
