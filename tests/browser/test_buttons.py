"""No button dies and no choice vanishes: a network that hangs or is away, a press too many, a way out half-way.

Every button of every page is tried in `test_every_page.py`.
"""

import re
from collections.abc import Callable

import pytest
from django.utils import timezone
from playwright.sync_api import BrowserContext, Locator, Page, Route, expect

from apps.modules.models import Edition
from apps.quizzes import actions as quizzes_actions
from apps.quizzes.models import SelectedOption
from apps.quizzes.queries import paper_of
from apps.scenarios.models import Decision
from tests import make
from tests.browser.axe import AT_WORDS, CLOSELY, violations
from tests.browser.buttons import NO_NETWORK, OFFLINE, Network, be_patient, press, wait_for
from tests.browser.hands import Keyboard
from tests.browser.layout import look
from tests.browser.states import QUIZ, TROLLEY
from tests.browser.watch import DESKTOP, PHONE, Watch

pytestmark = pytest.mark.once

with_and_without_javascript = pytest.mark.parametrize(
    "is_javascript_on", [True, False], ids=["with JavaScript", "without JavaScript"]
)


# One question, one case ----------------------------------------------------------------------------------------------


@pytest.fixture
def open_page(opened: Callable[..., BrowserContext], course: Edition, sign_in) -> Callable[..., Page]:
    """Opens a page of a learner with an open attempt; nothing is answered."""
    trainee = make.user("trainee@example.org")
    enrolment = make.enrolment(trainee, course)
    quizzes_actions.start_attempt(enrolment, paper_of(course.page_set.get(key="quiz")), timezone.now())

    def open_page(**options: object) -> Page:
        context = opened(**options)
        sign_in(context, trainee)
        return context.new_page()

    return open_page


def tick(page: Page, *places: int) -> list[str]:
    """Tick the options at these places, from 1; returns their keys."""
    inputs = [page.locator(".sl-choice input").nth(place - 1) for place in places]
    for one in inputs:
        page.locator(f'label[for="{one.get_attribute("id")}"]').click()
        expect(one).to_be_checked()
    return [one.get_attribute("value") or "" for one in inputs]


def at_question(page: Page, number: int) -> None:
    expect(page.get_by_text(re.compile(rf"^Question {number} of 11 · "))).to_be_visible()


def stored() -> list[str]:
    return list(SelectedOption.objects.values_list("option__key", flat=True))


def button(page: Page, name: str | re.Pattern[str]) -> Locator:
    return page.get_by_role("button", name=name, exact=isinstance(name, str))


WAYS_OUT: dict[str, tuple[str | re.Pattern[str], str]] = {
    "a number": (re.compile("Question 6 ?, not answered"), f"{QUIZ}question/6/"),
    "skip": ("Skip for now", f"{QUIZ}question/2/"),
    "leave": ("Save and leave", "/modules/when-posts-go-wrong/"),
    "the wordmark": ("Second Look", "/"),
}


@with_and_without_javascript
@pytest.mark.parametrize("way", WAYS_OUT)
def test_every_way_out_of_a_question_saves_what_is_ticked(open_page, way: str, is_javascript_on: bool) -> None:
    page = open_page(java_script_enabled=is_javascript_on)
    page.goto(f"{QUIZ}question/1/")
    chosen = tick(page, 2)
    name, where = WAYS_OUT[way]
    button(page, name).click()
    expect(page).to_have_url(re.compile(f"{re.escape(where)}$"))
    assert stored() == chosen
    expect(page.get_by_text("was not saved")).to_have_count(0)


@with_and_without_javascript
def test_what_is_not_complete_is_said_on_the_next_page(open_page, course: Edition, is_javascript_on: bool) -> None:
    page = open_page(java_script_enabled=is_javascript_on)
    position = course.question_set.get(kind="choose").position
    page.goto(f"{QUIZ}question/{position}/")
    tick(page, 1, 2)
    button(page, re.compile("Question 1 ?, not answered")).click()
    at_question(page, 1)
    told = f"Question {position} was not saved. Select 3 answers. You have selected 2."
    expect(page.get_by_role("status").filter(has_text=told)).to_be_visible()
    button(page, "Skip for now").click()
    at_question(page, 2)
    expect(page.get_by_text("was not saved")).to_have_count(0)
    assert stored() == []


@with_and_without_javascript
def test_enter_saves_and_goes_on(open_page, is_javascript_on: bool) -> None:
    page = open_page(java_script_enabled=is_javascript_on)
    page.goto(f"{QUIZ}question/3/")
    chosen = tick(page, 1)
    page.locator(".sl-choice input").first.press("Enter")
    at_question(page, 4)
    assert stored() == chosen


def test_with_the_keyboard_the_ways_out_come_before_the_options_and_can_be_seen(open_page) -> None:
    page = open_page()
    page.goto(f"{QUIZ}question/1/")
    hands = Keyboard(page)
    for name in ("Second Look", "Save and leave", re.compile("Question 1 ?, this one"), re.compile("Question 11 ?,")):
        hands.tab_to(button(page, name))
    hands.tab_to(page.locator(".sl-choice input").first)
    hands.tab_to(button(page, "Save and go on"))
    hands.press(button(page, "Skip for now"))
    at_question(page, 2)
    assert hands.tabs < 20


@with_and_without_javascript
@pytest.mark.parametrize("name", ["Save and leave", "Second Look"])
def test_leaving_a_case_keeps_the_tick_and_decides_nothing(open_page, name: str, is_javascript_on: bool) -> None:
    page = open_page(java_script_enabled=is_javascript_on)
    page.goto(TROLLEY)
    (chosen,) = tick(page, 2)
    button(page, name).click()
    expect(page.get_by_text("Nothing is decided yet.")).to_be_visible()
    assert not Decision.objects.exists()
    page.goto(TROLLEY)
    expect(page.locator(f'input[value="{chosen}"]')).to_be_checked()
    page.locator(f'input[value="{chosen}"]').press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("What your choice did")
    assert Decision.objects.get().choice.key == chosen


# The network ---------------------------------------------------------------------------------------------------------


def test_after_a_few_seconds_without_an_answer_it_can_be_pressed_again(open_page) -> None:
    page = open_page()
    page.clock.install()
    page.goto(f"{QUIZ}question/1/")
    chosen = tick(page, 1)
    save, busy = button(page, "Save and go on"), button(page, "Saving…")
    with Network(page) as network:
        press(save)
        expect(busy).to_be_visible()
        expect(busy).to_be_focused()
        expect(page.get_by_role("status").filter(has_text="Saving…")).to_have_count(1)
        page.clock.fast_forward(4000)
        press(busy)
        page.clock.fast_forward(2000)
        expect(save).to_be_visible()
        expect(page.get_by_role("status").filter(has_text="No answer yet")).to_be_visible()
        press(save)
        network.expect_sent(2)
        expect(page.get_by_text("No answer yet")).to_have_count(0)
    page.clock.fast_forward(6000)
    save.click()
    at_question(page, 2)
    assert stored() == chosen


def test_a_request_that_hangs_can_be_sent_again(open_page) -> None:
    page = open_page()
    page.goto(f"{QUIZ}question/1/")
    tick(page, 1)
    save = button(page, "Save and go on")
    save.scroll_into_view_if_needed()
    box = save.bounding_box()
    hanging: list[Route] = []
    page.route("**/answer/", lambda route: hanging.append(route))  # Playwright sets attributes on it

    def press_there() -> None:
        page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)

    press_there()
    wait_for(page, lambda: len(hanging) == 1)
    page.wait_for_timeout(6000)  # the patience of app.js
    press_there()
    wait_for(page, lambda: len(hanging) == 2)
    assert len(hanging) == 2
    hanging[-1].continue_()
    at_question(page, 2)


COMING_BACK = {
    "to the window": "window.dispatchEvent(new Event('focus'))",
    "to the tab": "document.dispatchEvent(new Event('visibilitychange'))",
    "online": "window.dispatchEvent(new Event('online'))",
    "to find the network gone": "window.dispatchEvent(new Event('offline'))",
    "to the page": "window.dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))",
}


@pytest.mark.parametrize("how", COMING_BACK)
def test_coming_back_makes_a_press_the_first_again(open_page, how: str) -> None:
    page = open_page()
    be_patient(page)
    page.goto(f"{QUIZ}question/1/")
    tick(page, 1)
    with Network(page) as network:
        press(button(page, "Save and go on"))
        network.expect_sent(1)
        page.evaluate(COMING_BACK[how])
        press(button(page, "Save and go on"))
        network.expect_sent(2)


def test_another_button_and_a_changed_choice_are_no_second_press(open_page) -> None:
    page = open_page()
    be_patient(page)
    page.goto(f"{QUIZ}question/1/")
    tick(page, 1)
    with Network(page) as network:
        press(button(page, "Save and go on"))
        network.expect_sent(1)
        tick(page, 2)
        press(button(page, "Save and go on"))
        network.expect_sent(2)
        press(button(page, "Save and leave"))
        network.expect_sent(3)
        assert ["go=leave" in sent for sent in network.sent] == [False, False, True]


def test_without_a_network_the_choice_stays_and_can_be_sent_later(open_page, watch: Watch) -> None:
    page = open_page()
    page.goto(f"{QUIZ}question/1/")
    (chosen,) = tick(page, 2)
    page.context.set_offline(True)
    for name in ("Save and go on", "Save and go on", re.compile("Question 4 ?, not"), "Save and leave", "Second Look"):
        button(page, name).click()
        expect(page.get_by_role("status").filter(has_text=OFFLINE)).to_be_visible()
    assert stored() == []
    expect(page.locator(f'input[value="{chosen}"]')).to_be_checked()
    page.context.set_offline(False)
    expect(page.get_by_text(OFFLINE)).to_have_count(0)
    button(page, "Save and go on").click()
    at_question(page, 2)
    assert stored() == [chosen]
    watch.complaints[:] = [one for one in watch.complaints if NO_NETWORK not in one]


def test_a_browser_that_is_wrong_about_the_network_sends_all_the_same(open_page) -> None:
    page = open_page()
    page.add_init_script("Object.defineProperty(navigator, 'onLine', { get: () => false })")
    page.goto(f"{QUIZ}question/1/")
    chosen = tick(page, 2)
    button(page, re.compile("Question 4 ?, not")).click()
    at_question(page, 4)
    assert stored() == chosen


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
@pytest.mark.parametrize("path", [f"{QUIZ}question/1/", TROLLEY])
def test_what_buttons_say_meanwhile_is_accessible_too(open_page, watch: Watch, path: str, size: dict[str, int]) -> None:
    page = open_page(viewport=size)
    rules = CLOSELY if size == PHONE else AT_WORDS  # no colour is another in a wide window
    be_patient(page)
    page.goto(path)
    tick(page, 1)
    main, leave = page.locator("form .sl-button").first, page.locator("button[value=leave]")
    with Network(page):
        for one in (main, leave):
            press(one)
            expect(one).to_have_text("Saving…")
            assert violations(page, rules=rules) == []
    page.context.set_offline(True)
    for one in (main, leave):
        one.click()
        expect(page.get_by_text(OFFLINE)).to_be_visible()
        assert violations(page, rules=rules) == []
        assert look(page, "overflow") + look(page, "clipped") == []
    watch.complaints[:] = [one for one in watch.complaints if NO_NETWORK not in one]
