"""The whole way of a trainee through a module, whichever hands take it."""

import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from apps.modules.models import Edition
from apps.quizzes.models import Option, Question
from apps.scenarios.models import Choice
from tests.browser.hands import Keyboard, Mouse
from tests.make import PASSWORD

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

    def from_the_front_page_into_learning(self) -> None:
        """One click."""
        self.page.goto("/")
        self.heading("Look twice before you post")
        self.link("Start reading now")
        self.heading(self.edition.page_set.get(position=1).title)

    def sign_up(self, email: str, name: str) -> None:
        """From the reading page, and back to it."""
        self.link("Create an account")
        self.heading("Create your account")
        self.hands.write(self.page.get_by_label("E-mail address"), email)
        self.hands.write(self.page.get_by_label("Full name"), name)
        self.hands.write(self.page.get_by_label("Password", exact=True), PASSWORD)
        self.hands.write(self.page.get_by_label("The same password again"), PASSWORD)
        self.button("Create account")
        self.heading(self.edition.page_set.get(position=1).title)

    def start(self) -> None:
        """From the module's own page."""
        self.hands.press(self.page.get_by_role("main").get_by_role("link", name=self.edition.title, exact=True).first)
        self.heading(self.edition.title)
        self.button("Start the module")

    def read(self, title: str) -> None:
        self.heading(title)
        self.button("Mark as read and continue")

    def decide(self, title: str, first_rating: str = "best") -> None:
        """A case to an ending; the first decision is of `first_rating`, the others are the best."""
        expect(self.page).to_have_title(re.compile(re.escape(title)))
        rating = first_rating
        for _ in range(12):
            offered = self.page.locator("input[name=choice]")
            keys = [radio.get_attribute("value") for radio in offered.all()]
            choice = Choice.objects.filter(edition=self.edition, key__in=keys, rating=rating).order_by("position")[0]
            rating = "best"
            self.hands.tick(self.page.get_by_label(choice.text, exact=True))
            with self.page.expect_navigation():  # the next page has the same heading as this one
                self.button("Do this")
            if choice.target.choices.exists():
                self.heading("What your choice did")
                expect(self.page.get_by_text(f"Rating: {choice.get_rating_display()}")).to_be_visible()
                expect(self.page.get_by_text(re.compile(r"Saved \d\d:\d\d"))).to_be_visible()
            else:
                self.heading(choice.target.title)
                break
        expect(self.page.get_by_text("Ratings are for learning")).to_be_visible()
        self.hands.press(self.page.get_by_role("link", name=re.compile("^(Continue: |Finish the module)")))

    def answer_questions(self, *, rightly: bool) -> None:
        """An attempt, from its first question to its result."""
        questions = Question.objects.filter(quiz__page__edition=self.edition).order_by("position")
        for question in questions:
            place = f"Question {question.position} of {len(questions)}"
            expect(self.page.get_by_text(place, exact=True)).to_be_visible()
            options = sorted(question.options.all(), key=lambda option: option.is_key is not rightly)
            for option in options[: question.select]:
                self.hands.tick(self.page.get_by_label(option.text, exact=True))
            self.button("Save and go on")
        self.heading("Check your answers")
        expect(self.page.get_by_text("Not answered")).to_have_count(0)
        self.button("Hand in and see the answers")

    def fail_the_quiz_and_see_why(self) -> None:
        self.button("Start the quiz")
        self.answer_questions(rightly=False)
        self.heading("not yet past the pass mark")
        expect(self.page.get_by_role("heading", name="Worth a second look")).to_be_visible()
        self.hands.press(self.page.get_by_text("The other options of question 1", exact=True))
        for option in Option.objects.filter(question__quiz__page__edition=self.edition, question__position=1):
            expect(self.page.get_by_text(option.feedback)).to_be_visible()

    def pass_the_quiz(self) -> None:
        self.button("Try the quiz again")
        self.answer_questions(rightly=True)
        self.heading("100%: past the pass mark")
        self.link("Finish the module")

    def name_the_certificate(self, name: str) -> None:
        self.heading("You have finished the module")
        expect(self.page.get_by_label("Name on the certificate")).to_have_value(name)
        self.button("Issue my certificate")
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

    def complete_the_module(self, email: str, name: str, folder: Path) -> Path:
        """From the front page to the downloaded certificate."""
        self.from_the_front_page_into_learning()
        self.sign_up(email, name)
        self.start()
        for page in self.edition.page_set.order_by("position"):
            match page.kind:
                case "reading":
                    self.read(page.title)
                case "scenario":
                    self.decide(page.title, "best" if page.key == "the-trolley-photo" else "poor")
                case "quiz":
                    self.heading(page.title)
                    self.fail_the_quiz_and_see_why()
                    self.pass_the_quiz()
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
