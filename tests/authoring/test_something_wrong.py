"""“Something wrong on this page?”: what readers send, what is kept of it, and who sees it."""

from __future__ import annotations

import datetime
import re
import time
from typing import Any

import pytest
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.test import Client

from apps.accounts.models import ClosedAccountError, User
from apps.authoring import reporting
from apps.authoring.models import Report
from apps.authoring.queries import NewReport
from apps.authoring.reporting import MOST_OPEN, TooManyReportsError
from apps.authoring.views.something_wrong import THANKS
from apps.modules import actions as modules_actions
from apps.modules.models import Edition
from apps.scenarios.models import Scenario
from config import settings as product
from tests import make
from tests.access_table import CASE, LEARN, MODULE, QUIZ, TRY, WRONG

pytestmark = [pytest.mark.django_db, pytest.mark.pages]

READING = f"{LEARN}/reading/reading-1/"
ABOUT_READING, ABOUT_CASE, ABOUT_QUIZ = (f"{WRONG}{key}/" for key in ("reading-1", "case", "quiz"))
NHS_NUMBER = "943 476 5919"
WAY = re.compile(r'<a href="(/something-wrong/[^"]*)"( target="_blank")?>Something wrong on this page\?( \(opens)?')


@pytest.fixture
def edition() -> Edition:
    made = make.edition("posts")
    make.unguarded(Scenario).filter(edition=made).update(is_taster=True)
    return made


def send(browser: Client, path: str = ABOUT_READING, text: str = "A slip.", **fields: Any) -> HttpResponse:
    return browser.post(path, {"text": text, **fields})


def page(response: HttpResponse) -> str:
    return response.content.decode()


# The way there ------------------------------------------------------------------------------------------------------


def way_on(browser: Client, path: str) -> tuple[str, bool]:
    """Where the link of the page leads, and whether to a new tab."""
    found = WAY.findall(page(browser.get(path, follow=True)))
    assert len(found) == 1, path
    ((url, new_tab, told),) = found
    assert bool(new_tab) == bool(told)
    return url, bool(new_tab)


def test_every_page_of_a_module_leads_there_with_its_spot(edition: Edition, client: Client, learner: User) -> None:
    mine, enrolment = make.client(learner), make.enrolment(learner, edition)
    for browser in (client, mine):
        assert way_on(browser, MODULE) == (WRONG, False)
        assert way_on(browser, READING) == (ABOUT_READING, False)
        assert way_on(browser, CASE) == (f"{ABOUT_CASE}?at=case-scene-1", True)
    assert way_on(mine, QUIZ) == (ABOUT_QUIZ, False)
    make.playthrough(enrolment)
    make.attempt(enrolment)
    assert way_on(mine, CASE) == (f"{ABOUT_CASE}?at=case-good", False)
    assert way_on(mine, f"{QUIZ}attempt/1/") == (ABOUT_QUIZ, False)
    make.attempt(enrolment, is_submitted=False)
    assert way_on(mine, f"{QUIZ}question/1/") == (f"{ABOUT_QUIZ}?at=quiz-q1", True)
    assert way_on(mine, f"{QUIZ}check/") == (ABOUT_QUIZ, False)


def test_the_page_of_a_refused_choice_leads_there_too(edition: Edition, client: Client) -> None:
    assert WAY.search(page(client.post(f"{TRY}choose/", {"decision": 1})))


def test_a_draft_that_is_looked_at_beforehand_leads_nowhere() -> None:
    draft = make.draft("posts")
    for shown in (None, make.reading(draft, "reading-1")):
        assert not render_to_string("components/something_wrong.html", {"edition": draft, "page": shown}).strip()


def test_the_form_names_the_page_and_nothing_of_the_quiz(edition: Edition, client: Client) -> None:
    told = page(client.get(f"{ABOUT_QUIZ}?at=quiz-q1"))
    assert edition.page_set.get(key="quiz").title in told
    for secret in ("What is best", "Option", "Because it is.", "Feedback", "Take your time"):
        assert secret not in told


# What is kept -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "at", "where", "key", "spot"),
    [
        (WRONG, "", MODULE, None, ""),
        (WRONG, "case-scene-1", MODULE, None, ""),
        (ABOUT_READING, "", READING, "reading-1", ""),
        (ABOUT_READING, "case-scene-1", READING, "reading-1", ""),
        (ABOUT_CASE, "case-scene-2", TRY, "case", "case-scene-2"),
        (ABOUT_CASE, "quiz-q1", TRY, "case", ""),
        (ABOUT_CASE, "no-such\x00scene", TRY, "case", ""),
        (ABOUT_QUIZ, "quiz-q3", MODULE, "quiz", "quiz-q3"),
        (ABOUT_QUIZ, "x" * 5000, MODULE, "quiz", ""),
    ],
)
def test_a_visitor_is_thanked_where_they_came_from(
    edition: Edition, client: Client, path: str, at: str, where: str, key: str | None, spot: str
) -> None:
    response = send(client, path, " A slip,\r\nhere. ", at=at)
    assert (response.status_code, response.url) == (302, where)
    report = Report.objects.get()
    assert report.text == "A slip,\nhere."
    assert (report.edition, report.page and report.page.key, report.spot) == (edition, key, spot)
    assert (report.by, report.answer, report.closed_at, report.closed_by) == (None, "", None, None)
    assert THANKS in page(client.get(where, follow=True))
    assert "sessionid" not in client.cookies


def test_a_name_goes_with_it_only_if_its_owner_ticks_that(edition: Edition, learner: User, client: Client) -> None:
    browser = make.client(learner)
    assert 'name="is_named"' in page(browser.get(ABOUT_QUIZ))
    assert 'name="is_named"' not in page(client.get(ABOUT_QUIZ))
    assert send(browser, ABOUT_QUIZ).url == QUIZ
    assert Report.objects.get().by is None
    send(browser, ABOUT_QUIZ, is_named="on")
    assert Report.objects.latest("pk").by == learner
    send(client, ABOUT_QUIZ, "Another.", is_named="on")
    assert Report.objects.latest("pk").by is None


def test_who_was_signed_out_meanwhile_is_asked_before_their_name_is_left_out(edition: Edition, learner: User) -> None:
    browser = Client()
    sent = {"text": "A slip.", **make.owned_by(learner)}
    response = browser.post(ABOUT_READING, sent | {"is_named": "on"})
    assert response.status_code == 403
    assert "A slip." in page(response)
    assert not Report.objects.exists()
    assert browser.post(ABOUT_READING, sent).status_code == 302
    assert Report.objects.get().by is None


def test_an_old_edition_can_be_wrong_too_and_a_draft_cannot(edition: Edition, client: Client) -> None:
    newer = make.publish(modules_actions.start_draft(edition))
    assert newer.number == 2
    modules_actions.start_draft(newer)
    assert send(client, ABOUT_READING).url == READING
    assert send(client, ABOUT_CASE).url == MODULE, "its taster is not of the edition in force"
    assert Report.objects.filter(edition=edition).count() == 2
    for path in ("/something-wrong/posts/3/", "/something-wrong/no/1/", f"{WRONG}no-such-page/"):
        assert (client.get(path).status_code, send(client, path).status_code) == (404, 404)


def test_whatever_is_sent_leads_to_pages_of_ours(edition: Edition, client: Client) -> None:
    path = f"{ABOUT_READING}?next=https://evil.example/&at=//evil.example"
    assert client.post(path, {"text": "x", "at": "//evil.example", "next": "//evil.example"}).url == READING


# Wrong input --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "Say what is wrong on the page"),
        (" \r\n ", "Say what is wrong on the page"),
        ("x" * 1001, "Say it in 1,000 characters at the most. You have used 1001."),
        ("a\x00b", "There are signs in this text that cannot be kept."),
    ],
)
def test_what_is_wrong_is_said_and_stays_in_the_field(edition: Edition, client: Client, text: str, told: str) -> None:
    response = send(client, text=text, at="reading-1")
    assert response.status_code == 422
    assert told in page(response)
    assert text.strip().strip("\x00")[:1] in page(response)
    assert not Report.objects.exists()


def test_a_thousand_characters_are_counted_as_a_reader_counts_them(edition: Edition, client: Client) -> None:
    assert send(client, text="x\r\n" * 499 + "xy").status_code == 302
    assert len(Report.objects.get().text) == 1000


def test_words_are_words_wherever_they_stand(edition: Edition, learner: User) -> None:
    browser = make.client(learner)
    send(browser, text="<script>alert(1)</script>", is_named="on")
    report = Report.objects.get()
    for reader, path in (
        (browser, ABOUT_READING),
        (make.client(make.author()), "/admin/write/reports/"),
        (make.client(User.objects.get(email="author@example.org")), f"/admin/write/reports/{report.pk}/"),
    ):
        told = page(reader.get(path))
        assert "&lt;script&gt;alert(1)" in told
        assert "<script>alert" not in told


def test_what_looks_like_a_patients_details_is_asked_about_once(edition: Edition, client: Client) -> None:
    text = f"It says NHS number {NHS_NUMBER}."
    asked = send(client, text=text)
    assert asked.status_code == 422
    assert "This looks like an NHS number (ends in 919). Take it out, or tick below" in page(asked)
    assert 'name="is_harmless"' in page(asked)
    assert not Report.objects.exists()
    assert send(client, text=text, is_harmless="on").status_code == 302
    assert Report.objects.get().text == text
    assert 'name="is_harmless"' not in page(client.get(ABOUT_READING))


# Again, and too often -----------------------------------------------------------------------------------------------


def test_the_same_words_about_the_same_page_within_minutes_are_one_report(edition: Edition, learner: User) -> None:
    reading, later = edition.page_set.get(key="reading-1"), datetime.timedelta(minutes=9)
    new = NewReport(edition, reading, "A slip.")
    assert reporting.send_report(new, make.NOW)
    assert reporting.send_report(new, make.NOW + later) is None
    for other in (
        NewReport(edition, reading, "Another."),
        NewReport(edition, None, "A slip."),
        NewReport(edition, edition.page_set.get(key="reading-2"), "A slip."),
        NewReport(edition, reading, "A slip.", by=learner),
    ):
        assert reporting.send_report(other, make.NOW + later)
        assert reporting.send_report(other, make.NOW + later) is None
    assert reporting.send_report(new, make.NOW + 2 * later)
    assert Report.objects.count() == 6


@pytest.fixture
def _product_limits(settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = product.ACCOUNT_RATE_LIMITS


@pytest.mark.usefixtures("_product_limits")
def test_after_five_in_ten_minutes_one_is_told_how_long_to_wait(edition: Edition, monkeypatch: Any) -> None:
    start = time.time()

    def wait_until(seconds: int) -> None:
        monkeypatch.setattr("time.time", lambda: start + seconds)

    browser, elsewhere = Client(), Client(REMOTE_ADDR="192.0.2.9")
    for number in range(5):
        wait_until(60 * number)
        assert send(browser, text=f"Slip {number}").status_code == 302
        wait_until(60 * number + 1)
        assert send(browser, text=f"Slip {number}").status_code == 302, "the same again does not count"
    wait_until(300)
    refused = send(browser, text="A sixth, which is long.")
    assert (refused.status_code, refused["Retry-After"]) == (429, "300")
    assert "What you wrote is still here: send it in 5 minutes." in page(refused)
    assert "A sixth, which is long.</textarea>" in page(refused)
    assert Report.objects.count() == 5
    assert send(elsewhere).status_code == 302
    assert send(make.client(make.user()), text="Mine.").status_code == 302
    wait_until(599)
    assert send(browser, text="Later.").status_code == 429
    wait_until(600)
    assert send(browser, text="Later.").status_code == 302


@pytest.mark.usefixtures("_product_limits")
def test_a_person_is_counted_wherever_they_are_and_what_is_wrong_does_not_count(edition: Edition) -> None:
    person = make.user()
    browsers = [make.client(person, REMOTE_ADDR=f"192.0.2.{number}") for number in range(6)]
    for browser in browsers:
        assert send(browser, text="").status_code == 422
    answers = [send(browser, text=f"Slip {number}").status_code for number, browser in enumerate(browsers)]
    assert answers == [302] * 5 + [429]


def test_nobody_can_fill_the_database(edition: Edition, client: Client) -> None:
    reading = edition.page_set.get(key="reading-1")
    Report.objects.bulk_create(
        Report(edition=edition, page=reading, text=f"Slip {number}", sent_at=make.NOW) for number in range(MOST_OPEN)
    )
    response = send(client)
    assert response.status_code == 422
    assert "Many readers have written about this page" in page(response)
    with pytest.raises(TooManyReportsError):
        reporting.send_report(NewReport(edition, reading, "One more."), make.NOW)
    assert send(client, WRONG).status_code == 302, "another page has room"
    reporting.answer_report(Report.objects.filter(page=reading)[0], make.author(), make.timezone.now())
    assert send(client).status_code == 302


# Who reads it -------------------------------------------------------------------------------------------------------


def test_who_gave_their_name_finds_the_answer_and_nobody_else_does(edition: Edition, learner: User) -> None:
    browser, other = make.client(learner), make.client(make.user("other@example.org"))
    send(browser, text="My own words.", is_named="on")
    send(browser, text="Without my name.")
    assert "My own words." in page(browser.get(ABOUT_READING))
    assert "Not read yet." in page(browser.get(ABOUT_READING))
    report = Report.objects.get(by=learner)
    reporting.answer_report(report, make.author(), report.sent_at, "Thank you: mended.")
    told = page(browser.get(ABOUT_READING))
    assert re.search(r"You wrote on \d+ \w+ \d{4}:", told)
    assert "Thank you: mended." in told
    assert "Without my name." not in told
    newer = make.publish(modules_actions.start_draft(edition))
    assert "mended." in page(browser.get(ABOUT_READING.replace("/1/", f"/{newer.number}/")))
    for reader, path in ((other, ABOUT_READING), (Client(), ABOUT_READING), (browser, ABOUT_CASE), (browser, WRONG)):
        assert "My own words." not in page(reader.get(path))
        assert "mended." not in page(reader.get(path))


def test_my_learning_tells_of_an_answer_for_a_fortnight(edition: Edition, learner: User) -> None:
    browser, author, now = make.client(learner), make.author(), make.timezone.now()
    told = "There is an answer to what you wrote about"
    old = now - datetime.timedelta(days=20)
    reports = [make.report(edition, key, by=learner, sent_at=old) for key in ("case", "")]
    make.report(edition, "quiz", by=learner)
    assert told not in page(browser.get("/my-learning/"))
    silent = make.report(edition, "case", by=learner, sent_at=old)
    reporting.answer_report(silent, author, now, "")
    assert told not in page(browser.get("/my-learning/")), "closed without an answer"
    reporting.answer_report(reports[0], author, now - datetime.timedelta(days=13), "Mended.")
    reporting.answer_report(reports[1], author, now, "Mended too.")
    mine = page(browser.get("/my-learning/"))
    assert mine.count(told) == 2
    assert f'<a href="{ABOUT_CASE}">' in mine
    assert f'<a href="{WRONG}">' in mine
    assert told not in page(make.client(make.user()).get("/my-learning/"))
    Report.objects.filter(closed_at__isnull=False).update(closed_at=now - datetime.timedelta(days=15))
    assert told not in page(browser.get("/my-learning/"))


def test_a_closed_account_sends_nothing_under_its_name(edition: Edition, learner: User) -> None:
    User.objects.filter(pk=learner.pk).update(
        closed_at=make.NOW, is_active=False, full_name="", certificate_name="", training_grade="", specialty=""
    )
    with pytest.raises(ClosedAccountError):
        reporting.send_report(NewReport(edition, None, "Late.", by=learner), make.NOW)
    assert not Report.objects.exists()


def test_the_log_holds_none_of_it(edition: Edition, client: Client, log: Any) -> None:
    send(client, text="Kanarienvogel " * 5, at="kanarienvogel")
    send(client, text="Kanarienvogel" * 500)
    assert log.lines
    assert not [line for line in log.lines if "anarienvogel" in line]
