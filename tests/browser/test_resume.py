"""Stopping, coming back, pressing twice, two tabs, a session that ends: nothing is lost and nothing counts double."""

import re
from collections.abc import Callable

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import BrowserContext, Page, expect

from apps.accounts.models import User
from apps.certificates.models import Certificate
from apps.modules.models import Edition
from apps.progress.models import Enrolment, PageCompletion
from apps.quizzes.models import Attempt, Response, SelectedOption
from apps.scenarios.models import Decision, Playthrough, Scene
from tests import make

pytestmark = pytest.mark.once

TROLLEY = "/learn/when-posts-go-wrong/4/scenario/the-trolley-photo/"
QUIZ = "/learn/when-posts-go-wrong/4/quiz/quiz/"
JOIN_IN = "Lie down on the trolley for your twenty seconds"
KETTLE = "Put the kettle on, and call them in to eat"


@pytest.fixture
def trainee(course: Edition) -> User:
    """A learner who has begun the course."""
    trainee = make.user("trainee@example.org")
    make.enrolment(trainee, course)
    return trainee


@pytest.fixture
def phone(opened: Callable[..., BrowserContext], trainee: User, sign_in) -> Page:
    """The trainee's phone, signed in."""
    context = opened()
    sign_in(context, trainee)
    return context.new_page()


def choose(page: Page, text: str) -> None:
    page.get_by_text(text, exact=True).click()


def take(page: Page, text: str) -> None:
    """Take a decision."""
    choose(page, text)
    page.get_by_role("button", name="Do this").click()


def heading(page: Page, text: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_contain_text(text)


def begin_quiz(page: Page) -> None:
    page.goto(QUIZ)
    page.get_by_role("button", name=re.compile("Start the quiz|Take the whole quiz again")).click()
    at_question(page, 1)


def at_question(page: Page, number: int) -> None:
    expect(page.get_by_text(re.compile(rf"^Question {number} of 11 · "))).to_be_visible()


def option(page: Page, place: int):
    """The option at this place on the page, from 1."""
    return page.locator("input[name=option]").nth(place - 1)


def answer(page: Page, place: int) -> str:
    """Save the option at this place; returns its key."""
    chosen = option(page, place)
    key = chosen.get_attribute("value")
    page.locator(f'label[for="option-{key}"]').click()
    page.get_by_role("button", name="Save and go on").click()
    return key


def sign_out_and_in_again(page: Page) -> None:
    page.get_by_role("button", name="Save and leave").click()
    page.get_by_role("navigation").get_by_role("link", name="Account", exact=True).click()
    page.get_by_role("button", name="Sign out").click()
    heading(page, "Look twice before you post")
    page.get_by_role("navigation").get_by_role("link", name="Sign in", exact=True).click()
    write_password(page)
    heading(page, "My learning")


def write_password(page: Page) -> None:
    page.get_by_label("E-mail address").fill("trainee@example.org")
    page.get_by_label("Password").fill(make.PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


# Stop and go on ------------------------------------------------------------------------------------------------------


def test_one_click_leads_back_to_the_scene(phone: Page) -> None:
    phone.goto(TROLLEY)
    take(phone, JOIN_IN)
    heading(phone, "What your choice did")
    here = Playthrough.objects.get().scene
    sign_out_and_in_again(phone)
    expect(phone.get_by_text("You are at decision 2")).to_be_visible()
    phone.get_by_role("main").get_by_role("link", name="Continue", exact=True).click()
    expect(phone.get_by_role("heading", name=here.title)).to_be_visible()
    expect(phone.get_by_text("decision 2")).to_be_visible()
    phone.get_by_text("What your last choice did, and your role").click()
    expect(phone.get_by_text(JOIN_IN)).to_be_visible()
    assert Decision.objects.count() == 1


def test_one_click_leads_back_to_the_question(phone: Page) -> None:
    begin_quiz(phone)
    first = answer(phone, 2)
    at_question(phone, 2)
    answer(phone, 1)
    at_question(phone, 3)
    sign_out_and_in_again(phone)
    phone.get_by_role("main").get_by_role("link", name="Continue", exact=True).click()
    at_question(phone, 3)
    expect(phone.get_by_text(re.compile(r"Saved \d\d:\d\d"))).to_be_visible()
    phone.get_by_role("button", name=re.compile("Question 1 ?, answered")).click()
    at_question(phone, 1)
    expect(phone.locator(f"#option-{first}")).to_be_checked()


def test_options_keep_their_order(phone: Page) -> None:
    begin_quiz(phone)
    order = [option.get_attribute("value") for option in phone.locator("input[name=option]").all()]
    phone.reload()
    assert [option.get_attribute("value") for option in phone.locator("input[name=option]").all()] == order


# Reload, back, twice -------------------------------------------------------------------------------------------------


def test_reload_and_back_take_no_second_decision(phone: Page) -> None:
    phone.goto("/modules/when-posts-go-wrong/")
    phone.goto(TROLLEY)
    take(phone, JOIN_IN)
    heading(phone, "What your choice did")
    phone.reload()
    heading(phone, "What your choice did")
    phone.go_back()
    expect(phone.get_by_text("decision 2")).to_be_visible()  # the page is asked for again, and shows where you are
    phone.go_forward()
    heading(phone, "What your choice did")
    assert [decision.choice.text for decision in Decision.objects.all()] == [JOIN_IN]


def test_back_from_the_ending_leads_to_the_ending(phone: Page, course: Edition) -> None:
    phone.goto(TROLLEY)
    while not Playthrough.objects.filter(ended_at__isnull=False).exists():
        phone.locator(".sl-choice label").last.click()
        with phone.expect_navigation():
            phone.get_by_role("button", name="Do this").click()
    taken = Decision.objects.count()
    ending = Playthrough.objects.get().scene.title
    heading(phone, ending)
    phone.go_back()
    heading(phone, ending)
    phone.reload()
    heading(phone, ending)
    assert Decision.objects.count() == taken


@pytest.mark.parametrize("is_javascript_on", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_pressing_twice_takes_one_decision(
    opened: Callable[..., BrowserContext], trainee: User, sign_in, is_javascript_on: bool
) -> None:
    context = opened(java_script_enabled=is_javascript_on)
    sign_in(context, trainee)
    page = context.new_page()
    page.goto(TROLLEY)
    choose(page, KETTLE)
    page.get_by_role("button", name="Do this").dblclick()
    heading(page, "What your choice did")
    assert [decision.choice.text for decision in Decision.objects.all()] == [KETTLE]


@pytest.mark.parametrize("is_javascript_on", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_pressing_twice_anywhere_else_does_a_thing_once(
    opened: Callable[..., BrowserContext], trainee: User, sign_in, course: Edition, is_javascript_on: bool
) -> None:
    context = opened(java_script_enabled=is_javascript_on)
    sign_in(context, trainee)
    page = context.new_page()
    page.goto(QUIZ)
    page.get_by_role("button", name="Start the quiz").dblclick()
    at_question(page, 1)
    assert Attempt.objects.count() == 1
    page.goto(f"{QUIZ}check/")
    page.get_by_role("button", name="Hand in and see the answers").dblclick()
    heading(page, "0%: worth another read")
    assert Attempt.objects.submitted().count() == 1
    page.goto(course.page_set.get(position=1).get_absolute_url())
    page.get_by_role("button", name="Mark as read, and go on").dblclick()
    heading(page, course.page_set.get(position=2).title)
    assert PageCompletion.objects.count() == 1
    make.completed(trainee, course)
    page.goto("/learn/when-posts-go-wrong/4/finish/")
    page.get_by_role("button", name="Issue my certificate").dblclick()
    heading(page, "Done, and on paper")
    assert Certificate.objects.count() == 1


# Two tabs ------------------------------------------------------------------------------------------------------------


def test_a_second_tab_that_is_behind_is_led_to_the_scene_where_you_are(phone: Page) -> None:
    other = phone.context.new_page()
    phone.goto(TROLLEY)
    other.goto(TROLLEY)
    take(phone, JOIN_IN)
    heading(phone, "What your choice did")
    take(other, KETTLE)
    expect(other.get_by_text("You had taken that decision already. This is where you are now.")).to_be_visible()
    expect(other.get_by_text(f"You chose: {JOIN_IN}")).to_be_visible()
    assert [decision.choice.text for decision in Decision.objects.all()] == [JOIN_IN]


def test_an_answer_from_a_second_tab_takes_the_place_of_the_first(phone: Page) -> None:
    other = phone.context.new_page()
    begin_quiz(phone)
    other.goto(phone.url)
    answer(phone, 1)
    at_question(phone, 2)
    latest = answer(other, 2)
    at_question(other, 2)
    assert Response.objects.filter(answered_at__isnull=False).count() == 1
    assert [selected.option.key for selected in SelectedOption.objects.all()] == [latest]


def test_an_answer_after_handing_in_elsewhere_changes_nothing(phone: Page) -> None:
    other = phone.context.new_page()
    begin_quiz(phone)
    given = answer(phone, 1)
    other.goto(f"{QUIZ}question/1/")
    phone.goto(f"{QUIZ}check/")
    phone.get_by_role("button", name="Hand in and see the answers").click()
    heading(phone, "worth another read")  # the option may be the key
    before = list(Attempt.objects.values())
    answer(other, 2)
    expect(other.get_by_text("That attempt was handed in already. Its answers stand.")).to_be_visible()
    heading(other, "worth another read")
    assert list(Attempt.objects.values()) == before
    assert [selected.option.key for selected in SelectedOption.objects.all()] == [given]


def test_an_answer_to_an_earlier_attempt_does_not_reach_the_open_one(phone: Page) -> None:
    other = phone.context.new_page()
    begin_quiz(phone)
    other.goto(f"{QUIZ}question/1/")
    phone.goto(f"{QUIZ}check/")
    phone.get_by_role("button", name="Hand in and see the answers").click()
    phone.get_by_role("button", name="Take the whole quiz again").click()
    at_question(phone, 1)
    answer(other, 1)
    expect(other.get_by_text("That attempt was handed in already. Its answers stand.")).to_be_visible()
    assert not SelectedOption.objects.exists()


def test_handing_in_from_two_tabs_gives_one_result(phone: Page) -> None:
    other = phone.context.new_page()
    begin_quiz(phone)
    phone.goto(f"{QUIZ}check/")
    other.goto(f"{QUIZ}check/")
    for page in (phone, other):
        page.get_by_role("button", name="Hand in and see the answers").click()
        heading(page, "0%: worth another read")
    assert Attempt.objects.count() == 1


# Signed out in between -----------------------------------------------------------------------------------------------


def end_session(page: Page) -> None:
    """As after seven days."""
    Session.objects.all().delete()


def lose_cookies(page: Page) -> None:
    """As when a browser throws them away: the form's own safety token goes, too."""
    page.context.clear_cookies()


def sign_in_with_what_was_kept(page: Page) -> None:
    again = page.get_by_role("button", name="Send it again")
    signed_out = page.get_by_text("Your answer is still here.")
    expect(again.or_(signed_out)).to_be_visible()
    if again.is_visible():
        heading(page, "For safety we need you to send that once more")
        again.click()
    expect(signed_out).to_be_visible()
    write_password(page)


@pytest.mark.parametrize("go_away", [end_session, lose_cookies])
@pytest.mark.parametrize("is_javascript_on", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_an_answer_sent_after_the_session_ended_is_still_there_after_signing_in(
    opened: Callable[..., BrowserContext], trainee: User, sign_in, go_away, is_javascript_on: bool
) -> None:
    context = opened(java_script_enabled=is_javascript_on)
    sign_in(context, trainee)
    page = context.new_page()
    begin_quiz(page)
    go_away(page)
    key = answer(page, 3)
    sign_in_with_what_was_kept(page)
    at_question(page, 1)
    expect(page.get_by_text("Your answer is still here: press “Save and go on” to save it.")).to_be_visible()
    expect(page.locator(f"#option-{key}")).to_be_checked()
    assert not SelectedOption.objects.exists()
    page.get_by_role("button", name="Save and go on").click()
    at_question(page, 2)
    expect(page.get_by_text("still here")).to_have_count(0)
    assert [selected.option.key for selected in SelectedOption.objects.all()] == [key]


@pytest.mark.parametrize("go_away", [end_session, lose_cookies])
def test_a_choice_sent_after_the_session_ended_is_still_there_after_signing_in(phone: Page, go_away) -> None:
    phone.goto(TROLLEY)
    take(phone, JOIN_IN)
    heading(phone, "What your choice did")
    scene: Scene = Playthrough.objects.get().scene
    second = scene.choices.order_by("position")[1]
    choose(phone, second.text)
    go_away(phone)
    phone.get_by_role("button", name="Do this").click()
    sign_in_with_what_was_kept(phone)
    expect(phone.get_by_text("Your choice is still here: press “Do this” to take it.")).to_be_visible()
    expect(phone.get_by_label(second.text, exact=True)).to_be_checked()
    assert Decision.objects.count() == 1
    phone.get_by_role("button", name="Do this").click()
    expect(phone.get_by_text(second.text)).to_be_visible()
    assert [decision.choice for decision in Decision.objects.order_by("number")][1:] == [second]


def test_marking_as_read_after_the_session_ended_leads_back_to_the_page(phone: Page, course: Edition) -> None:
    first = course.page_set.get(position=1)
    phone.goto(first.get_absolute_url())
    end_session(phone)
    phone.get_by_role("button", name="Mark as read, and go on").click()
    expect(phone.get_by_role("button", name="Sign in", exact=True)).to_be_visible()
    write_password(phone)
    heading(phone, first.title)
    phone.get_by_role("button", name="Mark as read, and go on").click()
    heading(phone, course.page_set.get(position=2).title)
    assert Enrolment.objects.get().completions.count() == 1
