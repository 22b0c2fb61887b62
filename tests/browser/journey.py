"""The whole way of a trainee through a module, whichever hands take it."""

import os
import re
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from apps.modules.models import Edition
from apps.quizzes.models import Question
from apps.scenarios.models import Choice
from apps.scenarios.queries import script_of
from apps.scenarios.walks import walk_of
from tests.browser.hands import Keyboard, Mouse
from tests.make import PASSWORD

MOST_DECISIONS = 12
FROM_BEST = ("best", "acceptable", "poor")
NAME = "Siân Ŵŷn Ó Dónaill-Łukasz"


@dataclass
class Journey:
    """One trainee's way, step by step; each step says what the trainee sees."""

    page: Page
    hands: Mouse | Keyboard
    edition: Edition

    def heading(self, text: str | re.Pattern[str]) -> None:
        expect(self.page.get_by_role("heading", level=1)).to_contain_text(text)

    def button(self, name: str) -> None:
        self.hands.press(self.page.get_by_role("button", name=name, exact=True))

    def link(self, name: str | re.Pattern[str]) -> None:
        self.hands.press(self.page.get_by_role("main").get_by_role("link", name=name, exact=True))

    def from_the_front_page_into_a_case(self) -> None:
        """One click, no account."""
        self.page.goto("/")
        self.heading("Look twice before you post")
        self.link("Try a case now")
        expect(self.page.get_by_text("You are trying this case without an account")).to_be_visible()

    def sign_up_to_keep_it(self, email: str, name: str) -> None:
        """From the ending of the case, and back to it."""
        ending = self.page.get_by_role("heading", level=1).inner_text()
        self.link("Keep this: create an account")
        self.heading("Create your account")
        self.hands.write(self.page.get_by_label("E-mail address"), email)
        self.hands.write(self.page.get_by_label("Full name"), name)
        self.hands.write(self.page.get_by_label("Password", exact=True), PASSWORD)
        self.hands.write(self.page.get_by_label("The same password again"), PASSWORD)
        self.button("Create account")
        expect(self.page.get_by_role("heading", level=1)).to_have_text(ending, use_inner_text=True)
        expect(self.page.get_by_text("Ratings never appear on a certificate")).to_be_visible()
        self.go_on()

    def read(self, title: str) -> None:
        self.heading(title)
        self.button("Mark as read, and go on")

    def decide(self, title: str, *, begin_badly: bool = False) -> None:
        """A case to an ending: at first perhaps the worst that is offered, then always the best."""
        expect(self.page).to_have_title(re.compile(re.escape(title)))
        script = script_of(self.edition.page_set.get(kind="scenario", title=title))
        taken: list[str] = []
        for number in range(MOST_DECISIONS):
            keys = [radio.get_attribute("value") for radio in self.page.locator("input[name=choice]").all()]
            offered = Choice.objects.filter(edition=self.edition, key__in=keys).order_by("position")
            best_first = sorted(offered, key=lambda choice: FROM_BEST.index(choice.rating))
            choice = best_first[-1 if begin_badly and number == 0 else 0]
            self.hands.tick(self.page.get_by_label(choice.text, exact=True))
            with self.page.expect_navigation():  # the next page has the same heading as this one
                self.button("Do this")
            taken.append(choice.key)
            walk = walk_of(script, taken)
            if walk.is_ended:
                self.heading(walk.here.scene.title)
                return
            self.heading("What your choice did")
            expect(self.page.get_by_text(f"Rating: {choice.get_rating_display()}")).to_be_visible()
        raise AssertionError(f"{MOST_DECISIONS} decisions led to no ending")

    def play(self, title: str) -> None:
        """A case of somebody who has an account, and on to the next page."""
        self.decide(title, begin_badly=True)
        expect(self.page.get_by_text(re.compile(r"Saved \d\d:\d\d"))).to_be_visible()
        expect(self.page.get_by_text("Ratings never appear on a certificate")).to_be_visible()
        self.go_on()

    def go_on(self) -> None:
        self.hands.press(self.page.get_by_role("link", name=re.compile("^(Continue: |Finish the module)")))

    def answer_questions(self, *, rightly: bool) -> None:
        """An attempt, from its first question to its result."""
        questions = Question.objects.filter(quiz__page__edition=self.edition).order_by("position")
        for question in questions:
            place = re.compile(rf"^Question {question.position} of {len(questions)} · ")
            expect(self.page.get_by_text(place)).to_be_visible()
            if question.kind == "rank":
                self._rank(question, rightly=rightly)
            else:
                self._choose(question, rightly=rightly)
            self.button("Save and go on")
        self.heading("Check your answers")
        expect(self.page.get_by_text("Not answered")).to_have_count(0)
        self.button("Hand in and see the answers")

    def _choose(self, question: Question, *, rightly: bool) -> None:
        options = sorted(question.options.all(), key=lambda option: option.is_key is not rightly)
        for option in options[: question.select]:
            self.hands.tick(self.page.get_by_label(option.text, exact=True))

    def _rank(self, question: Question, *, rightly: bool) -> None:
        """In the key order, or the other way round: with the buttons where scripts run, else with the fields."""
        options = sorted(question.options.all(), key=lambda option: option.rank or 0, reverse=not rightly)
        self.page.wait_for_load_state()
        has_buttons = self.page.locator(".sl-rank .sl-mini").count() > 0
        for place, option in enumerate(options, start=1):
            if has_buttons:
                up = self.page.get_by_role("button", name=f"Up : {option.text}", exact=True)
                while self.page.locator(".sl-rank p").all_inner_texts().index(option.text) >= place:
                    self.hands.press(up)
            else:
                self.hands.select(self.page.get_by_label(f"Place of: {option.text}", exact=True), str(place))

    def fail_the_quiz_and_see_why(self) -> None:
        self.button("Start the quiz")
        self.answer_questions(rightly=False)
        self.heading("worth another read")
        expect(self.page.get_by_role("heading", name=re.compile("^The .* you missed$"))).to_be_visible()
        first = Question.objects.filter(quiz__page__edition=self.edition, kind="single").order_by("position")[0]
        shown = self.page.locator(f"#question-{first.position}")
        self.unfold(shown)
        self.hands.press(shown.get_by_text(re.compile("^The other .* of question")))
        for option in first.options.all():
            expect(shown.get_by_text(option.feedback)).to_be_visible()
        self.look_at_the_judgement()

    def look_at_the_judgement(self) -> None:
        """Points, and in words how far they are from the key; the key order with its reasons; who says so."""
        judged = Question.objects.filter(quiz__page__edition=self.edition, kind="rank").order_by("position")
        if not judged:
            return
        shown = self.page.locator(f"#question-{judged[0].position}")
        expect(shown.get_by_text(re.compile(r"^\d+ of 20 points\. "))).to_be_visible()
        self.unfold(shown)
        expect(shown.get_by_text("Key by the course authors, not yet agreed by a panel.")).to_be_visible()
        for option in judged[0].options.all():
            expect(shown.get_by_text(option.feedback)).to_be_visible()

    def unfold(self, row: Locator) -> None:
        """Open a row of the results, unless it stands open."""
        if row.get_attribute("open") is None:
            self.hands.press(row.locator("summary").first)

    def pass_the_quiz(self, button: str) -> None:
        self.button(button)
        self.answer_questions(rightly=True)
        self.heading("100%. ")
        self.look_at_the_judgement()
        self.go_on()

    def name_the_certificate(self, name: str) -> None:
        self.heading("You have finished the module")
        expect(self.page.get_by_label("Name on the certificate")).to_have_value(name)
        self.button("Issue my certificate")
        self.heading("Done, and on paper")
        self.link("See the whole certificate")
        self.heading("Certificate of completion")
        expect(self.page.locator(".sl-cert__name")).to_have_text(name)

    def download(self, folder: Path) -> Path:
        """The certificate's PDF."""
        with self.page.expect_download() as download:
            self.link("Download PDF")
        assert re.fullmatch(r"second-look-[\w-]+\.pdf", download.value.suggested_filename)
        path = folder / "certificate.pdf"
        download.value.save_as(path)
        return path

    def complete_what_is_left(
        self, name: str, folder: Path, *, done: Sequence[str] = (), fail_first: bool = False
    ) -> Path:
        """From the page after the last one done, round to what was skipped, to the downloaded certificate."""
        pages = list(self.edition.page_set.order_by("position"))
        present = max((page.position for page in pages if page.key in done), default=0)
        for page in [page for page in pages[present:] + pages[:present] if page.key not in done]:
            match page.kind:
                case "reading":
                    self.read(page.title)
                case "scenario":
                    self.play(page.title)
                case "quiz":
                    self.heading(page.title)
                    if fail_first:
                        self.fail_the_quiz_and_see_why()
                    self.pass_the_quiz("Take the whole quiz again" if fail_first else "Start the quiz")
        self.name_the_certificate(name)
        return self.download(folder)


def poppler(tool: str, *arguments: str) -> str:
    """What a tool of poppler prints."""
    if shutil.which(tool) is None:
        if os.environ.get("REQUIRE_TOOLS"):
            pytest.fail(f"{tool} is not installed: apt-get install poppler-utils")
        pytest.skip(f"{tool} is not installed: apt-get install poppler-utils")
    return subprocess.run([tool, *arguments], capture_output=True, text=True, check=True).stdout


def assert_tagged_with_name(path: Path, name: str) -> None:
    """The PDF is tagged, and the name on it can be copied out exactly."""
    assert re.search(r"^Tagged: +yes$", poppler("pdfinfo", str(path)), re.MULTILINE)
    marks = dict.fromkeys(map(ord, "\u200e\u200f\u202a\u202b\u202c\u2066\u2067\u2068\u2069"))
    lines = [line.translate(marks).strip() for line in poppler("pdftotext", str(path), "-").splitlines()]
    assert name in lines


def check_address(path: Path) -> str:
    """The address of the check page, as it stands in the PDF."""
    return next(word for word in poppler("pdfinfo", "-url", str(path)).split() if "/verify/" in word)
