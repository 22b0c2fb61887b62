"""A module is written in forms alone, with and without scripts, and it is counted how much work that is."""

from collections import Counter

import pytest
from playwright.sync_api import Locator, Page, expect

from apps.authoring.queries import find_sheet
from apps.modules.models import Edition
from tests import make
from tests.browser.watch import DESKTOP

pytestmark = pytest.mark.once

SCENES = 5  # with three choices each; as many endings
MOST_OF_CASE = {"clicks": 30, "loads": 16, "typed": 90, "chosen": 40}
MOST = {"clicks": 60, "loads": 32, "typed": 150}


class Hands:
    """An author at work, whose every click, load, field, select and tick is counted."""

    def __init__(self, page: Page) -> None:
        self.page, self.work = page, Counter()
        page.on("load", lambda _: self.work.update(loads=1))

    def press(self, name: str) -> None:
        button, link = (self.page.get_by_role(role, name=name, exact=True) for role in ("button", "link"))
        with self.page.expect_navigation():
            (button.last if button.count() else link.first).click()
        self.work["clicks"] += 1

    def write(self, label: str, text: str, inside: Locator | None = None) -> None:
        (inside or self.page).get_by_label(label, exact=True).fill(text)
        self.work["typed"] += 1

    def choose(self, label: str, option: str, inside: Locator | None = None) -> None:
        (inside or self.page).get_by_label(label, exact=True).select_option(label=option)
        self.work["chosen"] += 1

    def tick(self, label: str) -> None:
        self.page.get_by_label(label).check()
        self.work["chosen"] += 1

    # A case ---------------------------------------------------------------------------------------------------------

    def write_case(self) -> None:
        self.write("Title of the new page", "In the lift")
        self.press("Add a case")
        self.write("Role", "You are an F1 in your first week.")
        for number, gauge in enumerate(("Public trust", "Your standing"), start=1):
            row = self.page.get_by_role("group", name=f"Gauge {number}", exact=True)
            self.write("Name", gauge, row)
            self.write("Starts at", "60", row)
        self.press("Save and write the first scene")
        self.write("Title", "Floor 1")
        for number in range(1, 2 * SCENES + 1):
            expect(self.page.get_by_role("heading", level=2, name=f"Scene {number} of ")).to_be_visible()
            kind, _, its_number = self.page.get_by_label("Title", exact=True).input_value().partition(" ")
            written = self.write_scene if kind == "Floor" else self.write_ending
            written(int(its_number))
            self.press(f"Save and go to scene {number + 1}" if number < 2 * SCENES else "Save")

    def write_scene(self, number: int) -> None:
        self.write("Situation", f"Your registrar asks about bed {number}.")
        onward = f"Floor {number + 1}" if number < SCENES else "3. Ending 1"
        self.write_choice("a", f"Say “later” on floor {number}", onward, "Best", (5, 5))
        self.write_choice("b", f"Say half of it on floor {number}", f"Ending {number}", "Acceptable", (-5, 5))
        elsewhere = "3. Ending 1" if number > 1 else "Ending 1"
        self.write_choice("c", f"Tell him all on floor {number}", elsewhere, "Poor", (-20, -10))

    def write_choice(self, letter: str, text: str, leads_to: str, rating: str, moves: tuple[int, int]) -> None:
        """`leads_to` names a scene that is there by its number and title, or a new one."""
        choice = self.page.get_by_role("group", name=f"Choice ({letter})", exact=True)
        self.write("What the learner may do", text, choice)
        if leads_to[0].isdigit():
            self.choose("Leads to", leads_to, choice)
        else:
            self.choose("Leads to", "New scene…", choice)
            self.write("Title of the new scene", leads_to, choice)
        self.choose("Rating", rating, choice)
        self.write("What follows", f"After that: {text.lower()}.", choice)
        for gauge, change in zip(("Public trust", "Your standing"), moves, strict=True):
            self.write(gauge, str(change), choice)

    def write_ending(self, number: int) -> None:
        self.write("Situation", f"The lift stops, and you get out at {number}.")
        self.choose("How it ends", "A good ending" if number % 2 else "A poor ending")

    # A quiz ---------------------------------------------------------------------------------------------------------

    def write_quiz(self) -> None:
        self.write("Title of the new page", "Quiz")
        self.press("Add a quiz")
        self.press("Single best answer")
        for number in range(1, 5):
            self.write("The situation, and the question", f"What now, in case {number}?")
            self.write("Name, for lists and results", f"Case {number}")
            for letter in "ABC":
                self.write(f"Answer {letter}", f"Do {letter} in case {number}")
                self.write(f"Feedback on {letter}", f"It is {letter}.")
            self.tick("Answer B is right")
            self.write("Why", "The source says so.")
            self.press("Save and add a question" if number < 4 else "Save")
            if number < 4:
                expect(self.page.get_by_label("The situation, and the question")).to_be_focused()


@pytest.fixture
def page(transactional_db, opened, sign_in, request):
    context = opened(viewport=DESKTOP, java_script_enabled=request.param)
    sign_in(context, make.author())
    return context.new_page()


BOTH = pytest.mark.parametrize("page", [True, False], ids=["scripts", "no scripts"], indirect=True)


@BOTH
def test_a_module_is_written_by_hand(page: Page, capsys) -> None:
    hands = Hands(page)
    page.goto("/admin/write/new/")
    hands.write("Title of the new module", "In the lift")
    hands.press("Start the module")
    module, draft = page.url, Edition.objects.drafts().get()

    hands.write("Title of the new page", "What a lift hears")
    hands.press("Add a reading")
    hands.write("Text", "Visitors hear what you say.")
    hands.write("Minutes", "2")
    hands.press("Save")
    hands.press("Back to the module")

    before = Counter(hands.work)
    hands.write_case()
    case = hands.work - before
    case_document = find_sheet(draft, "in-the-lift").document
    choices = [choice for scene in case_document.scenes for choice in scene.choices]
    assert (len(case_document.scenes), len(choices)) == (10, 15)
    assert sum(len(choice.effects) for choice in choices) == 30
    assert [str(problem) for problem in find_sheet(draft, "in-the-lift").errors_of(case_document)] == []

    hands.press("In the lift")  # the module, in the trail
    assert page.url == module
    hands.write_quiz()
    quiz = find_sheet(draft, "quiz").document
    assert [question.stem for question in quiz.questions] == [f"What now, in case {number}?" for number in range(1, 5)]
    assert [[option.is_key for option in question.options] for question in quiz.questions] == [[False, True, False]] * 4
    with capsys.disabled():
        print(f"\nBy hand: a case {dict(case)}, the module {dict(hands.work)}")  # noqa: T201
    assert not {what for what, most in MOST_OF_CASE.items() if case[what] > most}
    assert not {what for what, most in MOST.items() if hands.work[what] > most}


@pytest.mark.parametrize("page", [False], indirect=True)
def test_the_focus_goes_with_what_is_moved(page: Page) -> None:
    quiz = make.quiz(make.draft("posts"), questions=3)
    page.goto("/admin/write/modules/posts/pages/quiz/?at=quiz-q1")
    down = page.get_by_role("button", name="Down answer A")
    down.focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Down answer B")).to_be_focused()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Up answer C")).to_be_focused()
    with page.expect_navigation():
        page.get_by_role("button", name="Down the question").press("Enter")
    expect(page.get_by_role("button", name="Down the question")).to_be_focused()
    assert list(quiz.questions.order_by("position").values_list("key", flat=True))[:2] == ["quiz-q2", "quiz-q1"]


def test_two_authors_in_two_browsers(transactional_db, opened, sign_in) -> None:
    draft = make.draft("posts")
    make.scenario(draft)
    tabs = []
    for person in (make.author(), make.publisher()):
        context = opened(viewport=DESKTOP)
        sign_in(context, person)
        tabs.append(Hands(context.new_page()))
        tabs[-1].page.goto("/admin/write/modules/posts/pages/case/?at=case-scene-1")
    one, other = tabs
    one.write("Title", "Bay 6")
    one.press("Save")
    other.write("Title", "Bay 7")
    other.press("Save")
    expect(other.page.get_by_role("heading", level=1)).to_contain_text("Two of you changed scene")
    other.page.get_by_label("Take mine", exact=True).check()
    other.press("Save what I chose")
    assert find_sheet(draft, "case").document.scenes[0].title == "Bay 7"
