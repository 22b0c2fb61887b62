"""Results that a tired doctor reads to their end: short as delivered, one thing to do first, practice to the end."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from apps.accounts.models import User
from apps.modules.models import Edition
from apps.quizzes import actions
from apps.quizzes.models import Attempt, SelectedOption
from apps.quizzes.queries import paper_of
from tests import make
from tests.browser.states import QUIZ

pytestmark = pytest.mark.once

TALLEST = 2900  # at 390 px, as delivered
PRIMARY = ":is(a, button).sl-button:not(.sl-button--secondary):visible"
FEWEST_MISSED = 5


@pytest.fixture
def five_missed(course: Edition, learner: User) -> Attempt:
    """The quiz of eleven questions, five of which are wrong and a mark is missing to pass."""
    paper = paper_of(course.page_set.get(key="quiz"))
    attempt = actions.start_attempt(make.enrolment(learner, course), paper, timezone.now())
    wrong, half = (1, 2, 5, 7), 8
    for response in attempt.responses.order_by("position"):
        item = paper.of(response.question_id)
        given = dict(make.given(item, is_right=response.position not in wrong))
        if response.position == half:
            other = next(option.key for option in item.options if not option.is_key)
            given = dict.fromkeys([*list(given)[1:], other])
        actions.answer(response, paper, given, timezone.now())
    return actions.submit_attempt(attempt, paper, timezone.now())


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without JavaScript"])
def page(opened, sign_in, five_missed: Attempt, learner: User, request: pytest.FixtureRequest) -> Page:
    context = opened(java_script_enabled=request.param, viewport={"width": 390, "height": 844})
    sign_in(context, learner)
    page = context.new_page()
    page.goto(f"{QUIZ}attempt/1/")
    return page


def test_the_results_of_eleven_questions_are_short(page: Page, capsys: pytest.CaptureFixture[str]) -> None:
    expect(page.get_by_role("heading", level=1)).to_contain_text("66%: one mark short")
    height = page.evaluate("document.documentElement.scrollHeight")
    with capsys.disabled():
        print(  # noqa: T201 - whoever changes the page sees it grow
            f"\nResults, five of eleven missed, at 390 px: {height} px of {TALLEST}"
        )
    assert height <= TALLEST
    assert page.locator(".sl-rows > li").count() == 11
    assert page.locator(".sl-rows > li > details[open]").count() == 1


def test_there_is_one_thing_to_do_first_and_practice_ends_where_it_began(page: Page) -> None:
    before = list(Attempt.objects.values_list("score", "submitted_at")), SelectedOption.objects.count()
    expect(page.locator(PRIMARY)).to_have_text(f"Try the {FEWEST_MISSED} you missed")
    page.locator(PRIMARY).click()
    for number in range(1, FEWEST_MISSED + 1):
        expect(page.get_by_text(re.compile(rf"^Practice, {number} of {FEWEST_MISSED} · "))).to_be_visible()
        expect(page.locator(PRIMARY)).to_have_count(1)
        asked = re.search(r"\d", page.locator("legend").inner_text())
        for place in range(int(asked[0]) if asked else 1):
            page.locator(".sl-choice label").nth(place).click()
        page.locator(PRIMARY).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(re.compile(r"Practice: \d of 5 now"))
    expect(page.locator(PRIMARY)).to_have_count(1)
    page.get_by_role("link", name="Back to your results").click()
    expect(page.get_by_text("You have begun to practise these.")).to_be_visible()
    assert before == (list(Attempt.objects.values_list("score", "submitted_at")), SelectedOption.objects.count())
