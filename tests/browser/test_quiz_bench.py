"""An author writes a quiz on one screen, with and without scripts: in how many clicks, loads and fields."""

from collections import Counter

import pytest
from playwright.sync_api import Page as Tab
from playwright.sync_api import expect

from apps.authoring.queries import find_sheet
from tests import make

pytestmark = pytest.mark.pages

WIDE = {"width": 1280, "height": 900}
MOST = {"clicks": 15, "loads": 8, "fields": 45}


class Author:
    """Types, chooses and presses, and counts."""

    def __init__(self, tab: Tab) -> None:
        self.tab, self.count = tab, Counter()
        tab.on("framenavigated", lambda frame: self.count.update({"loads": frame == tab.main_frame}))

    def press(self, name: str) -> None:
        with self.tab.expect_navigation():
            self.tab.get_by_role("button", name=name, exact=True).first.click()
        self.count["clicks"] += 1

    def fill(self, label: str, text: str) -> None:
        self.tab.get_by_label(label, exact=True).fill(text)
        self.count["fields"] += 1

    def tick(self, label: str) -> None:
        self.tab.get_by_label(label).check()
        self.count["ticks"] += 1

    def choose(self, label: str, words: str) -> None:
        self.tab.get_by_label(label).select_option(words)
        self.count["selects"] += 1


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_a_quiz_of_four_is_written_in_few_clicks_loads_and_fields(transactional_db, opened, sign_in, scripts):
    draft = make.draft("posts")
    make.source("said", authors="Oxtoby K", title="Social media")
    context = opened(viewport=WIDE, java_script_enabled=scripts)
    sign_in(context, make.author())
    author = Author(context.new_page())
    author.tab.goto("/admin/write/modules/posts/")
    author.count.clear()

    author.fill("Title of the new page", "Quiz")
    author.press("Add a quiz")
    author.press("Single best answer")
    for number in range(1, 5):
        author.fill("The situation, and the question", f"What now, in case {number}?")
        for letter in "ABC":
            author.fill(f"Answer {letter}", f"Do {letter} in case {number}")
            author.fill(f"Feedback on {letter}", f"It is {letter}.")
        author.tick("Answer B is right")
        author.fill("Why", "The source says so.")
        author.choose("Add one, sources", "said")
        author.press("Save and add a question" if number < 4 else "Save")
        if number < 4:
            expect(author.tab.get_by_label("The situation, and the question")).to_be_focused()

    quiz = find_sheet(draft, "quiz").document
    assert [question.stem for question in quiz.questions] == [f"What now, in case {number}?" for number in range(1, 5)]
    assert [[option.is_key for option in question.options] for question in quiz.questions] == [[False, True, False]] * 4
    expect(author.tab.get_by_text("Nothing to mend.")).to_be_visible()
    print(f"\nA quiz of four: {dict(author.count)}")  # noqa: T201  # the test is asked for its counts
    assert not {name: (author.count[name], most) for name, most in MOST.items() if author.count[name] > most}


def test_the_focus_goes_with_what_is_moved(transactional_db, opened, sign_in):
    quiz = make.quiz(make.draft("posts"), questions=3)
    context = opened(viewport=WIDE, java_script_enabled=False)
    sign_in(context, make.author())
    tab = context.new_page()
    tab.goto("/admin/write/modules/posts/pages/quiz/?at=quiz-q1")
    down = tab.get_by_role("button", name="Down answer A")
    down.focus()
    with tab.expect_navigation():
        tab.keyboard.press("Enter")
    expect(tab.get_by_role("button", name="Down answer B")).to_be_focused()
    with tab.expect_navigation():
        tab.keyboard.press("Enter")
    expect(tab.get_by_role("button", name="Up answer C")).to_be_focused()
    with tab.expect_navigation():
        tab.get_by_role("button", name="Down the question").press("Enter")
    expect(tab.get_by_role("button", name="Down the question")).to_be_focused()
    assert list(quiz.questions.order_by("position").values_list("key", flat=True))[:2] == ["quiz-q2", "quiz-q1"]
