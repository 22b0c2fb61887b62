"""A consultant writes a module as text; a publisher publishes it; a learner takes it while it is corrected."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from apps.accounts.models import User
from apps.modules.models import Edition
from apps.progress.models import Enrolment
from tests import make
from tests.browser.hands import Mouse
from tests.browser.journey import Journey
from tests.browser.watch import DESKTOP

pytestmark = pytest.mark.once

TITLE = "The full lift"
NOTE = "The first scene says where you are."
SCENES, WITH_CHOICES = 10, 5


def scene(number: int) -> str:
    """One of ten scenes: five with three choices each, then five endings."""
    if number > WITH_CHOICES:
        outcome = "good" if number % 2 else "poor"
        return f"# Ending {number}\nending: {outcome}\n\nThe lift stops at floor {number}, and you get out.\n"
    onward = f"Scene {number + 1}" if number < WITH_CHOICES else "Ending 6"
    endings = [f"Ending {WITH_CHOICES + number}", f"Ending {WITH_CHOICES + 1 + number % WITH_CHOICES}"]
    return (
        f"# Scene {number}\nclock: 08:1{number}\nplace: the lift\nfacts: O5\nsources: gmc-2024\n"
        f"thought: It would be rude not to answer.\nquestion: What do you say?\nteaching: A lift has ears.\n\n"
        f"Your registrar asks about bed {number}. Two visitors look at their shoes.\n\n"
        f"* Say “later”, on floor {number} -> {onward} | best\n  He nods, and looks at the visitors.\n\n"
        f"* Say half of it, on floor {number} -> {endings[0]} | acceptable\n  The visitors look up.\n\n"
        f"* Tell him all, on floor {number} -> {endings[1]} | poor\n  The visitors have stopped talking.\n"
    )


def case(title: str) -> str:
    """A case of ten scenes and fifteen choices, as a consultant would paste it."""
    head = (
        f"case: {title}\nminutes: 2\nsummary: An invented ride of one minute.\n"
        "role: You are an F1 in your first week. The story is invented, and so is everyone in it.\n"
        "guidance: What you say about a patient must not be heard by others ([GMC, 2024](#source-gmc-2024)).\n"
        "reflection: Where do you talk about patients?\n"
        "plan:\n  If somebody asks me in the lift, then I will say: “Later, upstairs.”\n"
        "sources: gmc-2024\n\n"
    )
    return head + "\n".join(scene(number) for number in range(1, SCENES + 1))


def quiz(title: str) -> str:
    """Six questions."""
    questions = (
        f"? single | Floor {number}\nfacts: O5\nsources: gmc-2024\n\nWhat do you say on floor {number}?\n\n"
        f"+ Later, upstairs, on floor {number}\n  Yes. Nobody overhears it.\n"
        f"- The diagnosis, but quietly, {number}\n  The visitors hear it.\n"
        f"- The bed and not the name, {number}\n  That is enough to know who it is.\n"
        "why: What you say about a patient must not be heard by others.\n"
        for number in range(1, 7)
    )
    return f"quiz: {title}\nminutes: 3\nsummary: Six floors.\npass mark: 70\nsources: gmc-2024\n\n" + "\n".join(
        questions
    )


class Desk:
    """Somebody at work in the authors' rooms, who counts their clicks."""

    def __init__(self, page: Page) -> None:
        self.page, self.clicks = page, 0

    def link(self, name: str | re.Pattern[str]) -> None:
        self.page.get_by_role("link", name=name, exact=isinstance(name, str)).first.click()
        self.clicks += 1

    def button(self, name: str | re.Pattern[str]) -> None:
        with self.page.expect_navigation():
            self.page.get_by_role("button", name=name, exact=isinstance(name, str)).last.click()
        self.clicks += 1

    def write(self, label: str | re.Pattern[str], text: str) -> None:
        self.page.get_by_label(label).first.fill(text)

    def sees(self, text: str | re.Pattern[str]) -> None:
        expect(self.page.get_by_text(text).first).to_be_visible()

    def begin(self, title: str) -> None:
        """A new module with what its certificate needs."""
        self.page.goto("/admin/")
        self.link("Start a new module")
        self.write("Title of the new module", title)
        self.button("Start the module")
        self.link("Title, summary and outcomes")
        self.write("Summary", "What is said in lifts, and who hears it.")
        self.write("Learning outcomes", "Say “later” in a full lift\nName three places with ears")
        self.button("Save")
        self.sees("Saved.")
        self.link("Back to the module")

    def add(self, kind: str, title: str) -> None:
        self.write("Title of the new page", title)
        self.button(f"Add a {kind}")

    def store(self, text: str) -> None:
        self.write(re.compile("^The whole"), text)
        self.button("Check")
        self.button("Store these changes")
        self.sees("Saved.")

    def publishes(self, note: str = "") -> None:
        """From the module, with every warning confirmed."""
        slug = Edition.objects.drafts().get(title=TITLE).module.slug
        self.page.goto(f"/admin/write/modules/{slug}/")
        self.link("Check and publish…")
        for box in self.page.get_by_role("checkbox").all():
            box.check()
        if note:
            self.write("What is new, for learners", note)
        self.page.get_by_role("button", name=re.compile("^Publish edition")).click()
        self.sees(re.compile(r"Edition \d is published"))

    def text(self) -> str:
        return self.page.get_by_label(re.compile("^The whole")).input_value()


@pytest.fixture
def person(opened: Callable, sign_in: Callable) -> Callable[..., Desk]:
    def sit_down(user: User, **options: bool) -> Desk:
        context = opened(viewport=DESKTOP, **options)
        sign_in(context, user)
        return Desk(context.new_page())

    return sit_down


@pytest.mark.parametrize("has_scripts", [True, False], ids=["scripts", "no-scripts"])
def test_a_module_is_written_as_text_and_published(course, person, has_scripts) -> None:
    author = person(make.author(), java_script_enabled=has_scripts)
    author.begin(TITLE)

    author.add("reading", "Before the doors close")
    author.write("Text", "Say **later**, and mean it ([GMC, 2024](#source-gmc-2024)).")
    author.write("Find a source", "medical professional")
    author.button("Find")
    author.page.get_by_label(re.compile("gmc-2024$")).check()
    author.button("Save")
    author.sees("Saved")

    author.page.goto("/admin/")
    author.clicks = 0
    author.link(TITLE)
    author.add("case", "In the lift")
    author.button("As text")
    broken = case("In the lift").replace("| acceptable", "| fine", 1)
    author.write("The whole case", broken)
    author.button("Check")
    author.sees(re.compile("“fine”"))
    mended = author.page.get_by_label(re.compile("^Mend line"))
    mended.fill(mended.input_value().replace("| fine", "| acceptable"))
    author.button("Check again")
    author.button("Store these changes")
    author.sees("Saved.")
    assert author.clicks <= 6
    author.link(TITLE)
    author.add("quiz", "Six floors")
    author.button("As text")
    author.store(quiz("Six floors"))

    deletes_a_scene_and_has_it_back(author)
    looks_at_it_as_a_learner(author)
    publisher = person(make.publisher(), java_script_enabled=has_scripts)
    both_change_the_same_scene(author, publisher)
    publisher.publishes()
    first = Edition.objects.get(title=TITLE)
    assert first.number == 1

    learner = make.user("learner@example.org")
    reader = person(learner, java_script_enabled=has_scripts)
    reader.page.goto(f"/modules/{first.module.slug}/")
    reader.page.get_by_role("button", name=re.compile("Start")).first.click()
    reader.page.get_by_role("button", name="Mark as read, and go on").click()
    expect(reader.page.get_by_role("heading", level=1)).to_contain_text("Scene 1")

    publisher.page.goto(f"/admin/write/modules/{first.module.slug}/")
    publisher.button("Start a draft of edition 2")
    publisher.link("In the lift")
    publisher.button("As text")
    publisher.store(publisher.text().replace("# Scene 1 {", "# Bay 1 {").replace("In the lift {", "In the full lift {"))
    publisher.publishes(note=NOTE)

    reader.page.reload()
    expect(reader.page.get_by_role("heading", level=1)).to_contain_text("Scene 1")
    journey = Journey(reader.page, Mouse(reader.page), first)
    journey.decide("In the lift")
    journey.go_on()
    journey.pass_the_quiz("Start the quiz")
    journey.name_the_certificate(learner.full_name)
    reader.page.goto(f"/modules/{first.module.slug}/")
    reader.sees(NOTE)
    assert list(Enrolment.objects.values_list("edition", flat=True)) == [first.pk]


def deletes_a_scene_and_has_it_back(author: Desk) -> None:
    author.link(TITLE)
    author.link("In the lift")
    author.button("As text")
    whole = author.text()
    without = whole[: whole.index("# Ending 10")].replace("-> Ending 10 |", "-> Ending 9 |")
    author.store(without)
    assert "Ending 10" not in author.text()
    author.button(re.compile("^Undo: "))
    assert author.text() == whole


def looks_at_it_as_a_learner(author: Desk) -> None:
    author.link("Preview the case")
    expect(author.page.get_by_role("heading", level=1)).to_contain_text("Scene 1")
    author.page.get_by_label("Say “later”, on floor 1").check(force=True)
    author.button("Do this")
    author.sees("He nods, and looks at the visitors.")
    author.page.go_back()
    author.page.go_back()


def both_change_the_same_scene(author: Desk, publisher: Desk) -> None:
    """Whoever comes second chooses; what does not clash is kept of both."""
    address = author.page.url
    publisher.page.goto(address)
    mine = author.text().replace("asks about bed 1.", "asks, loudly, about bed 1.").replace("bed 3.", "bay 3.")
    publisher.store(publisher.text().replace("asks about bed 1.", "asks about bed 1, in a whisper."))
    author.write(re.compile("^The whole"), mine)
    author.button("Check")
    author.button("Store these changes")
    expect(author.page.get_by_role("heading", level=1)).to_contain_text("Two of you changed")
    author.page.get_by_label("Take mine").first.check()
    author.button("Save what I chose")
    author.page.goto(address)
    assert "asks, loudly, about bed 1." in author.text()
    assert "bay 3." in author.text()
