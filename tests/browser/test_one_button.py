"""From the front page to the sixth certificate by the most prominent button of each page: there is exactly one.

With scripts and without them in turns, a module each: both ways meet every kind of page and of question.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import pytest
from django.urls import resolve
from playwright.sync_api import BrowserContext, Page

from apps.certificates.models import Certificate
from apps.modules.models import Edition
from apps.quizzes.models import Option, Question
from apps.scenarios.models import Choice
from tests.browser.hands import Mouse
from tests.browser.journey import FROM_BEST, NAME
from tests.browser.watch import PHONE
from tests.make import PASSWORD

pytestmark = pytest.mark.once

PROMINENT = ".sl-button:not(.sl-button--secondary)"
MOST_PRESSES = 400
BEFORE_AN_ACCOUNT = {"home", "scenarios:try", "account_signup"}
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


def kind_of(address: str) -> str:
    """What view a page is of, and of a question its kind."""
    page = resolve(urlsplit(address).path)
    if page.view_name != "quizzes:question":
        return page.view_name
    edition, place = Edition.objects.current().get(module__slug=page.kwargs["slug"]), page.kwargs["position"]
    return f"{page.view_name} {Question.objects.get(edition=edition, position=place).kind}"


def certificates() -> int:
    return Certificate.objects.count()


@pytest.mark.usefixtures("course")
def test_the_one_button_leads_from_the_front_page_to_the_sixth_certificate(
    opened: Callable[..., BrowserContext],
) -> None:
    phone = {"viewport": PHONE, "has_touch": True, "is_mobile": True}
    with_scripts, without = (opened(java_script_enabled=is_on, **phone).new_page() for is_on in (True, False))
    with_scripts.goto("/")
    walkers = [Walker(with_scripts), Walker(without)]
    while (done := certificates()) < Edition.objects.current().count():
        walker, other = walkers
        walker.press()
        assert len(walker.walked) < MOST_PRESSES, walker.walked[-20:]
        if certificates() > done:
            other.page.context.add_cookies(walker.page.context.cookies())
            other.page.goto(walker.page.url)
            walkers.reverse()
    assert certificates() == 6
    walkers[0].press()  # there is one even when everything is done
    kinds = [{kind_of(address) for address in walker.walked} for walker in walkers]
    assert kinds[0] ^ kinds[1] <= BEFORE_AN_ACCOUNT


@pytest.mark.usefixtures("course")
def test_it_does_without_scripts_to_the_first_certificate(opened: Callable[..., BrowserContext]) -> None:
    page = opened(java_script_enabled=False, viewport=PHONE, has_touch=True, is_mobile=True).new_page()
    page.goto("/")
    walker = Walker(page)
    while not certificates():
        walker.press()
        assert len(walker.walked) < MOST_PRESSES, walker.walked[-20:]
