"""What readers say is wrong, as authors find and answer it."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.db import IntegrityError, connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from apps.accounts.models import User
from apps.authoring import reporting
from apps.authoring.models import Report
from apps.authoring.queries import open_reports, open_reports_of
from apps.modules import actions as modules_actions
from apps.modules.models import Edition
from tests import make

pytestmark = pytest.mark.django_db

LIST = "/admin/write/reports/"
LATER = make.NOW + datetime.timedelta(days=1)


@pytest.fixture
def edition() -> Edition:
    return make.edition("posts")


@pytest.fixture
def author() -> User:
    return make.author()


@pytest.fixture
def browser(author: User) -> Client:
    return make.client(author)


def address(report: Report) -> str:
    return f"{LIST}{report.pk}/"


def page(response: HttpResponse) -> str:
    assert response.status_code in {200, 409, 422}
    return response.content.decode()


# The list -----------------------------------------------------------------------------------------------------------


def test_open_ones_come_first_then_the_newest(edition: Edition, browser: Client, author: User) -> None:
    minutes = [make.NOW + datetime.timedelta(minutes=number) for number in range(4)]
    reports = [make.report(edition, "case", text=f"Slip {at.minute}.", sent_at=at) for at in minutes]
    reporting.answer_report(reports[3], author, LATER, "Mended.")
    reporting.answer_report(reports[1], author, LATER + datetime.timedelta(days=1))
    told = page(browser.get(LIST))
    places = [told.index(f"Slip {reports[number].sent_at.minute}.") for number in (2, 0, 1, 3)]
    assert places == sorted(places)
    assert [told.count(f">{word}</span>") for word in ("Open", "Answered", "Closed")] == [2, 1, 1]


def test_each_says_where_it_was_sent_from(edition: Edition, browser: Client) -> None:
    make.report(edition, "case", spot="case-scene-2", by=make.user(full_name="Lea Learner"))
    make.report(edition, "quiz", spot="quiz-q3")
    make.report(edition)
    told = page(browser.get(LIST))
    for where in ("scene 2, “Scene 2”", "question 3", "edition 1", "from Lea Learner"):
        assert where in told


def test_those_of_one_module_are_listed_alone(edition: Edition, browser: Client) -> None:
    other = make.edition("other")
    make.report(edition, text="About posts.")
    make.report(other, text="About others.")
    told = page(browser.get(f"{LIST}?module=other"))
    assert "About others." in told
    assert "About posts." not in told
    for odd in ("no-such", "%00", "x" * 5000):
        assert "About posts." in page(browser.get(f"{LIST}?module={odd}"))


def test_fifty_stand_on_a_page(edition: Edition, browser: Client) -> None:
    Report.objects.bulk_create(
        Report(edition=edition, text=f"Slip {number}.", sent_at=make.NOW) for number in range(51)
    )
    assert page(browser.get(f"{LIST}?module=posts")).count('<li class="sl-row">') == 50
    assert '<a href="?page=2&amp;module=posts">Older</a>' in page(browser.get(f"{LIST}?module=posts"))
    assert page(browser.get(f"{LIST}?page=2")).count('<li class="sl-row">') == 1
    for odd in ("0", "x", "9" * 30, "%00"):
        assert browser.get(f"{LIST}?page={odd}").status_code == 200


def test_an_empty_list_says_so(browser: Client) -> None:
    assert "Nobody has reported anything wrong." in page(browser.get(LIST))


# One of them --------------------------------------------------------------------------------------------------------


def test_it_leads_to_the_learners_page_and_to_the_draft(edition: Edition, browser: Client) -> None:
    report = make.report(edition, "case", spot="case-scene-2", text="A slip.")
    told = page(browser.get(address(report)))
    assert "<h1>Report: Case</h1>" in told
    assert 'href="/learn/posts/1/scenario/case/"' in told
    assert "scene 2, “Scene 2”" in told
    assert "without a name" in told
    assert "Mend it in the draft" not in told
    draft = modules_actions.start_draft(edition)
    assert 'href="/admin/write/modules/posts/pages/case/"' in page(browser.get(address(report)))
    draft.page_set.filter(key="case").delete()
    assert "Mend it in the draft" not in page(browser.get(address(report)))
    assert 'href="/admin/write/modules/posts/"' in page(browser.get(address(make.report(edition))))


def test_an_answer_closes_it(edition: Edition, browser: Client, author: User) -> None:
    report = make.report(edition, "case")
    response = browser.post(address(report), {"do": "answer", "answer": " Mended,\r\nthank you. "})
    assert (response.status_code, response.url) == (302, LIST)
    report.refresh_from_db()
    assert (report.answer, report.closed_by) == ("Mended,\nthank you.", author)
    assert report.closed_at
    told = page(browser.get(address(report)))
    assert "Mended," in told
    assert 'name="do"' not in told


def test_it_can_be_closed_without_one(edition: Edition, browser: Client, author: User) -> None:
    report = make.report(edition, "case")
    assert browser.post(address(report), {"do": "close", "answer": "What was typed is not sent."}).status_code == 302
    report.refresh_from_db()
    assert (report.answer, report.closed_by) == ("", author)
    assert "Closed without an answer" in page(browser.get(address(report)))


@pytest.mark.parametrize("data", [{"do": "answer"}, {"do": "answer", "answer": " \n"}, {}, {"answer": "x" * 1001}])
def test_an_answer_says_something_and_not_too_much(edition: Edition, browser: Client, data: dict[str, str]) -> None:
    report = make.report(edition, "case")
    answer = browser.post(address(report), data)
    assert answer.status_code == 422
    assert 'role="alert"' in page(answer)
    report.refresh_from_db()
    assert report.is_open


def test_the_first_answer_stands_and_the_second_is_given_back(edition: Edition, browser: Client) -> None:
    report = make.report(edition, "case")
    paz = make.user(full_name="Paz Publisher")
    assert reporting.answer_report(report, paz, LATER, "Mended.")
    assert reporting.answer_report(report, paz, LATER, "Mended."), "the same again is no other answer"
    refused = browser.post(address(report), {"do": "answer", "answer": "Not so."})
    assert refused.status_code == 409
    assert "Paz Publisher has closed this in the meantime." in page(refused)
    assert "Not so.</textarea>" in page(refused)
    assert browser.post(address(report), {"do": "close"}, follow=True).status_code == 200
    assert not reporting.answer_report(report, paz, LATER)
    report.refresh_from_db()
    assert (report.answer, report.closed_by, report.closed_at) == ("Mended.", paz, LATER)


def test_reviewers_read_and_only_authors_answer(edition: Edition) -> None:
    report = make.report(edition, "case", text="A slip.")
    reviewer = make.user(is_staff=True)
    reviewer.user_permissions.add(Permission.objects.get(codename="read_draft"))
    browser = make.client(reviewer)
    assert "A slip." in page(browser.get(LIST))
    told = page(browser.get(address(report)))
    assert "A slip." in told
    assert 'name="do"' not in told
    assert browser.post(address(report), {"do": "close"}).status_code == 404
    report.refresh_from_db()
    assert report.is_open


def test_an_author_who_was_signed_out_keeps_the_answer(edition: Edition, author: User) -> None:
    report = make.report(edition, "case")
    data = {"do": "answer", "answer": "A long answer.", **make.owned_by(author)}
    response = Client().post(address(report), data)
    assert response.status_code == 403
    assert "A long answer." in response.content.decode()


# What other pages ask -----------------------------------------------------------------------------------------------


def test_the_desk_has_the_newest_open_ones_and_their_number(edition: Edition, author: User) -> None:
    days = [make.NOW + datetime.timedelta(days=number) for number in range(7)]
    reports = [make.report(edition, "case", spot="case-scene-1", sent_at=at) for at in days]
    reporting.answer_report(reports[6], author, days[6])
    found = open_reports()
    assert [reported.report for reported in found.newest] == reports[5:0:-1]
    assert {reported.spot for reported in found.newest} == {"scene 1, “Scene 1”"}
    assert found.has_more


def test_by_the_spot_stand_those_of_every_edition(edition: Edition) -> None:
    first = make.report(edition, "case")
    second = make.report(make.publish(modules_actions.start_draft(edition)), "case", sent_at=LATER)
    module_page = make.report(edition)
    make.report(edition, "quiz")
    make.report(make.edition("other"), "case")
    assert [reported.report for reported in open_reports_of(edition.module, "case").newest] == [second, first]
    assert [reported.report for reported in open_reports_of(edition.module).newest] == [module_page]


def test_both_take_the_same_queries_however_much_there_is(edition: Edition) -> None:
    def count() -> list[int]:
        asked = []
        for ask in (open_reports, lambda: open_reports_of(edition.module, "case")):
            with CaptureQueriesContext(connection) as captured:
                for reported in ask().newest:
                    str(reported.report), reported.report.by, reported.report.edition.module.slug
            asked.append(len(captured))
        return asked

    make.report(edition, "case", spot="case-scene-1", by=make.user())
    few = count()
    for slug in ("posts", "a", "b", "c"):
        one = edition if slug == "posts" else make.edition(slug)
        for key in ("case", "quiz", "reading-1"):
            make.report(one, key, spot="case-scene-1" if key == "case" else "", by=make.user())
    assert count() == few
    assert max(few) <= 5


# The row ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "fields",
    [
        {"text": ""},
        {"spot": "case-scene-1"},
        {"answer": "Mended."},
        {"closed_at": LATER},
        {"closed_by": True},
        {"closed_at": make.NOW - datetime.timedelta(days=1), "closed_by": True},
    ],
)
def test_the_database_takes_no_half_report(edition: Edition, author: User, fields: dict[str, Any]) -> None:
    if "closed_by" in fields:
        fields = fields | {"closed_by": author}
    with pytest.raises(IntegrityError), transaction.atomic():
        make.report(edition, **fields)
