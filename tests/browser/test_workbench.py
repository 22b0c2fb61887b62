"""A case is built by hand, in forms: with and without scripts, and how much work it is."""

from collections import Counter

import pytest
from playwright.sync_api import Locator, Page, expect

from apps.authoring.queries import find_sheet
from tests import make
from tests.browser.watch import DESKTOP

pytestmark = pytest.mark.once

SCENES = 5  # with three choices each; as many endings
MOST = {"clicks": 30, "loads": 16, "typed": 90, "chosen": 40}


class Hands:
    """An author at work, whose every click, load, field and select is counted."""

    def __init__(self, page: Page) -> None:
        self.page, self.work = page, Counter()
        page.on("load", lambda _: self.work.update(loads=1))

    def press(self, name: str) -> None:
        with self.page.expect_navigation():
            self.page.get_by_role("button", name=name, exact=True).last.click()
        self.work["clicks"] += 1

    def write(self, label: str, text: str, inside: Locator | None = None) -> None:
        (inside or self.page).get_by_label(label, exact=True).fill(text)
        self.work["typed"] += 1

    def choose(self, label: str, option: str, inside: Locator | None = None) -> None:
        (inside or self.page).get_by_label(label, exact=True).select_option(label=option)
        self.work["chosen"] += 1

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

    def write_scene(self, number: int) -> None:
        self.write("Situation", f"Your registrar asks about bed {number}.")
        onward = f"Floor {number + 1}" if number < SCENES else "3. Ending 1"
        self.write_choice("a", f"Say “later” on floor {number}", onward, "Best", (5, 5))
        self.write_choice("b", f"Say half of it on floor {number}", f"Ending {number}", "Acceptable", (-5, 5))
        elsewhere = "3. Ending 1" if number > 1 else "Ending 1"
        self.write_choice("c", f"Tell him all on floor {number}", elsewhere, "Poor", (-20, -10))

    def write_ending(self, number: int) -> None:
        self.write("Situation", f"The lift stops, and you get out at {number}.")
        self.choose("How it ends", "A good ending" if number % 2 else "A poor ending")


@pytest.mark.parametrize("has_scripts", [True, False], ids=["scripts", "no-scripts"])
def test_a_case_of_ten_scenes_is_built_by_hand(transactional_db, opened, sign_in, has_scripts, capsys) -> None:
    draft = make.draft("posts")
    context = opened(viewport=DESKTOP, java_script_enabled=has_scripts)
    sign_in(context, make.author())
    hands = Hands(context.new_page())
    hands.page.goto("/admin/write/modules/posts/")
    hands.write("Title of the new page", "In the lift")
    hands.press("Add a case")
    hands.write("Role", "You are an F1 in your first week.")
    for number, gauge in enumerate(("Public trust", "Your standing"), start=1):
        row = hands.page.get_by_role("group", name=f"Gauge {number}", exact=True)
        hands.write("Name", gauge, row)
        hands.write("Starts at", "60", row)
    hands.press("Save and write the first scene")
    hands.write("Title", "Floor 1")
    for number in range(1, 2 * SCENES + 1):
        expect(hands.page.get_by_role("heading", level=2, name=f"Scene {number} of ")).to_be_visible()
        kind, _, its_number = hands.page.get_by_label("Title", exact=True).input_value().partition(" ")
        written = hands.write_scene if kind == "Floor" else hands.write_ending
        written(int(its_number))
        hands.press(f"Save and go to scene {number + 1}" if number < 2 * SCENES else "Save")
    expect(hands.page.get_by_text("Saved.")).to_be_visible()

    sheet = find_sheet(draft, "in-the-lift")
    choices = [choice for scene in sheet.document.scenes for choice in scene.choices]
    assert (len(sheet.document.scenes), len(choices)) == (10, 15)
    assert sum(len(choice.effects) for choice in choices) == 30
    assert [str(problem) for problem in sheet.errors_of(sheet.document)] == []
    with capsys.disabled():
        print(f"\nA case by hand, scripts {has_scripts}: {dict(hands.work)}")  # noqa: T201
    assert all(hands.work[what] <= most for what, most in MOST.items())
