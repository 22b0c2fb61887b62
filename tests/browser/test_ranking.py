"""Putting five actions in order: with buttons where scripts run, with fields everywhere, never by dragging."""

import pytest
from playwright.sync_api import Locator, Page, expect

from apps.modules.models import Edition
from apps.quizzes.models import SelectedOption
from tests import make
from tests.browser.hands import Keyboard
from tests.browser.states import QUIZ

pytestmark = pytest.mark.once


@pytest.fixture
def ranking(opened, sign_in, course: Edition, request: pytest.FixtureRequest) -> Page:
    """The ranking question of an open attempt."""
    learner = make.user("learner@example.org")
    make.attempt(make.enrolment(learner, course), is_submitted=False)
    SelectedOption.objects.filter(response__question__kind="rank").delete()
    context = opened(java_script_enabled=getattr(request, "param", True))
    sign_in(context, learner)
    page = context.new_page()
    position = course.question_set.get(kind="rank").position
    page.goto(f"{QUIZ}question/{position}/")
    return page


def actions(page: Page) -> list[str]:
    return page.locator(".sl-rank p").all_inner_texts()


def fields(page: Page) -> list[Locator]:
    return page.get_by_label("Place of:").all()


def put(field: Locator, rank: str) -> None:
    """Choose a place: where a script moves actions, its field is put away and follows."""
    if field.is_visible():
        field.select_option(rank)
    else:
        field.evaluate("(field, rank) => { field.value = rank; }", rank)


def values(page: Page) -> list[str]:
    return [field.input_value() for field in fields(page)]


def button(page: Page, word: str, action: str) -> Locator:
    return page.get_by_role("button", name=f"{word} : {action}", exact=True)


def stored() -> dict[str, int]:
    chosen = SelectedOption.objects.filter(response__question__kind="rank").select_related("option")
    return {one.option.text: one.rank for one in chosen}


def test_up_and_down_move_an_action_and_focus_goes_with_it(ranking: Page) -> None:
    before = actions(ranking)
    keys = Keyboard(ranking)
    keys.press(button(ranking, "Down", before[0]))
    assert actions(ranking) == [before[1], before[0], *before[2:]]
    assert values(ranking) == ["1", "2", "3", "4", "5"]
    expect(button(ranking, "Down", before[0])).to_be_focused()
    expect(ranking.get_by_role("status").filter(has_text="Now in place")).to_have_text("Now in place 2")
    ranking.keyboard.press("Enter")
    assert actions(ranking) == [before[1], before[2], before[0], *before[3:]]
    keys.press(ranking.get_by_role("button", name="Save and go on"))
    expect(ranking.get_by_text("Question 11 of 11 · ")).to_be_visible()
    assert stored() == {before[1]: 1, before[2]: 2, before[0]: 3, before[3]: 4, before[4]: 5}


def test_every_move_is_said_once(ranking: Page) -> None:
    """Also when another action comes to the position that was said last: the same words again would not be read out."""
    before = actions(ranking)
    status = ranking.locator(".sl-rank + [role=status]")
    status.evaluate(
        """status => {
            window.said = [];
            new MutationObserver(() => window.said.push(status.textContent)).observe(status, { childList: true });
        }"""
    )
    button(ranking, "Down", before[0]).click()
    expect(status).to_have_text("Now in place 2")
    button(ranking, "Down", before[1]).click()
    expect(status).to_have_text("Now in place 2")
    assert ranking.evaluate("window.said") == ["Now in place 2", "", "Now in place 2"]
    button(ranking, "Down", before[1]).evaluate("button => { button.click(); button.click(); }")
    expect(status).to_have_text("Now in place 4")
    assert ranking.evaluate("window.said").count("Now in place 3") == 0


def test_the_first_cannot_go_up_nor_the_last_down(ranking: Page) -> None:
    before = actions(ranking)
    expect(button(ranking, "Up", before[0])).to_be_disabled()
    expect(button(ranking, "Down", before[4])).to_be_disabled()
    button(ranking, "Up", before[1]).click()
    expect(button(ranking, "Up", before[1])).to_be_disabled()
    expect(button(ranking, "Down", before[1])).to_be_focused()


def test_positions_that_were_chosen_are_kept_when_an_action_is_moved(ranking: Page) -> None:
    before = actions(ranking)
    for field, rank in zip(fields(ranking), "54321", strict=True):
        put(field, rank)
    button(ranking, "Up", before[1]).click()
    assert actions(ranking) == [before[4], before[3], before[1], before[2], before[0]]
    assert values(ranking) == ["1", "2", "3", "4", "5"]


@pytest.mark.parametrize("ranking", [True, False], ids=["with JavaScript", "without JavaScript"], indirect=True)
def test_a_tie_is_told_in_words_and_everything_stays(ranking: Page) -> None:
    chosen = dict(zip(actions(ranking), ["2", "2", "1", "4", "5"], strict=True))
    for field, rank in zip(fields(ranking), chosen.values(), strict=True):
        put(field, rank)
    ranking.get_by_role("button", name="Save and go on").click()
    summary = ranking.get_by_role("alert")
    expect(summary).to_contain_text("Two actions share place 2. Everything else is kept.")
    assert dict(zip(actions(ranking), values(ranking), strict=True)) == chosen
    expect(ranking.locator(".sl-rank .is-wrong")).to_have_count(2)
    expect(ranking.locator("select[aria-invalid=true]")).to_have_count(2)
    summary.get_by_role("link").click()
    expect(ranking.locator(".is-wrong select").first).to_be_focused()
    assert stored() == {}


def test_moving_an_action_mends_what_was_wrong(ranking: Page) -> None:
    put(fields(ranking)[0], "2")
    ranking.get_by_role("button", name="Save and go on").click()
    expect(ranking.locator("select[aria-invalid=true]")).to_have_count(2)
    expect(fields(ranking)[0]).to_be_visible()
    button(ranking, "Down", actions(ranking)[0]).click()
    expect(ranking.locator("select[aria-invalid=true]")).to_have_count(0)
    expect(ranking.locator(".is-wrong")).to_have_count(0)
    expect(fields(ranking)[0]).to_be_hidden()


@pytest.mark.parametrize("ranking", [True, False], ids=["with JavaScript", "without JavaScript"], indirect=True)
def test_the_numbers_stand_there_from_the_start_and_are_no_answer_before_they_are_sent(ranking: Page) -> None:
    assert ranking.locator(".sl-rank .sl-place").all_inner_texts() == ["1", "2", "3", "4", "5"]
    ranking.get_by_role("button", name="Skip for now").click()
    expect(ranking.get_by_text("Question 11 of 11 · ")).to_be_visible()
    assert stored() == {}
    ranking.go_back()
    before = actions(ranking)
    ranking.get_by_role("button", name="Save and go on").click()
    expect(ranking.get_by_text("Question 11 of 11 · ")).to_be_visible()
    assert stored() == dict(zip(before, range(1, 6), strict=True))


def test_the_numbers_follow_what_is_moved(ranking: Page) -> None:
    assert "Move them until it is yours: 1 is the best thing to do." in ranking.locator("legend").inner_text()
    move_and_go_away(ranking)
    assert ranking.locator(".sl-rank .sl-place").all_inner_texts() == ["1", "2", "3", "4", "5"]
    expect(fields(ranking)[0]).to_be_hidden()


@pytest.mark.parametrize("ranking", [True, False], ids=["with JavaScript", "without JavaScript"], indirect=True)
def test_what_was_saved_is_there_again(ranking: Page) -> None:
    chosen = dict(zip(actions(ranking), "31425", strict=True))
    for field, rank in zip(fields(ranking), chosen.values(), strict=True):
        put(field, rank)
    ranking.get_by_role("button", name="Save and go on").click()
    expect(ranking.get_by_text("Question 11 of 11 · ")).to_be_visible()
    ranking.go_back()
    ranking.reload()
    assert dict(zip(actions(ranking), values(ranking), strict=True)) == chosen


def move_and_go_away(page: Page) -> list[str]:
    """Move two actions, save nothing; returns the order that was seen."""
    before = actions(page)
    button(page, "Down", before[0]).click()
    button(page, "Up", before[4]).click()
    return actions(page)


def assert_one_truth(page: Page) -> None:
    """The order, the numbers and the buttons say the same."""
    chosen = values(page)
    assert chosen == sorted(chosen, key=lambda value: int(value or 99))
    seen = actions(page)
    for place, action in enumerate(seen):
        expect(button(page, "Up", action)).to_be_enabled(enabled=place > 0)
        expect(button(page, "Down", action)).to_be_enabled(enabled=place < 4)


@pytest.mark.parametrize("return_", ["back", "reload", "back and forward"])
def test_after_coming_back_order_and_numbers_agree(ranking: Page, return_: str) -> None:
    moved = move_and_go_away(ranking)
    if return_ == "reload":
        ranking.reload()
    else:
        ranking.goto("/about/")
        ranking.go_back()
    if return_ == "back and forward":
        ranking.go_forward()
        ranking.go_back()
    expect(ranking.locator(".sl-rank .sl-mini")).to_have_count(10)
    assert_one_truth(ranking)
    if return_ != "reload":  # after which a browser may fill the fields in again, or not
        assert dict(zip(actions(ranking), values(ranking), strict=True)) == dict(zip(moved, "12345", strict=True))


def test_a_page_from_the_browsers_memory_is_arranged_by_its_fields(ranking: Page) -> None:
    """As browsers do that keep the fields and not the order, or the other way round."""
    before = actions(ranking)
    for field, rank in zip(fields(ranking), "54321", strict=True):
        field.evaluate("(field, rank) => { field.value = rank; }", rank)
    ranking.evaluate("window.dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")
    assert actions(ranking) == before[::-1]
    assert_one_truth(ranking)


def test_skip_saves_the_order_and_back_shows_it(ranking: Page) -> None:
    moved = move_and_go_away(ranking)
    ranking.get_by_role("button", name="Skip for now").click()
    expect(ranking.get_by_text("Question 11 of 11 · ")).to_be_visible()
    assert stored() == dict(zip(moved, range(1, 6), strict=True))
    ranking.go_back()
    expect(ranking.locator(".sl-rank .sl-mini")).to_have_count(10)
    assert actions(ranking) == moved
    assert_one_truth(ranking)
