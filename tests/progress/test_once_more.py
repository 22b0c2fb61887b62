"""A module taken once more, in a newer edition or with a page done again; and a certificate that was revoked."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from apps.accounts.models import User
from apps.certificates import actions as certificates_actions
from apps.certificates.models import Certificate
from apps.modules.models import Edition
from apps.modules.queries import catalogue
from apps.progress.course import Course, course_of
from apps.progress.models import Enrolment
from apps.progress.onward import among, of_learner
from apps.progress.queries import taken_by
from apps.quizzes import actions as quizzes_actions
from apps.quizzes.queries import paper_of
from tests import make
from tests.progress.test_home import home, tiles
from tests.progress.test_onward import certify, module, newer, place, primary, read

pytestmark = [pytest.mark.django_db, pytest.mark.pages]


def course(learner: User) -> Course:
    taken, offered = taken_by(learner), catalogue()
    return course_of(taken, offered, among(taken, offered))


def words(client: Client, url: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", client.get(url).content.decode()).split())


def revoke(edition: Edition, reason: str = "Issued in error.") -> None:
    certificate = Certificate.objects.get(enrolment__edition=edition)
    certificates_actions.revoke(certificate, reason, make.administrator(), make.timezone.now())


# A newer edition ------------------------------------------------------------------------------------------------------


def test_a_newer_edition_that_is_begun_takes_nothing_back(learner: User, client_of_learner: Client) -> None:
    first, _ = module("a", 28), module("b", 7)
    certify(learner, first)
    read(learner, newer(first))
    found = course(learner)
    assert (found.total, len(found.done), found.minutes_done) == (2, 1, 28)
    assert (found.left_in_words, found.segments) == ("One to go, 7 minutes.", ["done", ""])
    assert "1 of 2 modules 28 minutes" in home(client_of_learner)
    under_way, _ = tiles(client_of_learner)
    assert "In progress 0 of 1 page" in under_way
    assert "1 of 2 modules 28 minutes" in words(client_of_learner, "/my-learning/")


def test_the_end_is_not_said_while_a_newer_edition_is_under_way(learner: User) -> None:
    first = module("a", 28)
    certify(learner, first)
    read(learner, newer(first))
    assert (course(learner).left_in_words, course(learner).segments) == ("", ["done"])


def test_an_older_edition_half_done_drops_out_once_a_newer_one_is_certified(
    learner: User, client_of_learner: Client
) -> None:
    first = module("a", 1, 1)
    enrolment = read(learner, first, "a-1")
    certify(learner, newer(first))
    read(learner, module("b", 1, 1), "b-1")
    page = words(client_of_learner, "/my-learning/")
    assert "1 of 2 pages done" in page.split("Under way")[1], "the other module"
    assert "Module a" not in page.split("Under way")[1].split("Completed")[0]
    assert place(enrolment, "a-1").onward() == of_learner(learner)
    assert primary(client_of_learner, "/learn/a/1/reading/a-1/") == ["/learn/b/1/reading/b-2/"]


def test_one_who_is_certified_in_an_older_edition_or_is_somebody_else_goes_on(learner: User) -> None:
    first = module("a", 1, 1)
    certify(learner, first)
    second = newer(first)
    certify(make.user(), second)
    enrolment = read(learner, second, "a-1")
    assert place(enrolment, "a-1").onward().url == "/learn/a/2/reading/a-2/"


def test_of_two_editions_under_way_each_is_named_and_leads_to_its_own(learner: User, client_of_learner: Client) -> None:
    first = module("a", 1, 1)
    read(learner, first, "a-1")
    read(learner, newer(first))
    read(learner, module("b", 1, 1))
    page = client_of_learner.get("/my-learning/").content.decode()
    links = re.findall(r'<h3><a href="([^"]*)">([^<]*)</a></h3>', page)
    assert sorted(links) == [
        ("/learn/a/1/reading/a-2/", "Module a, edition 1"),
        ("/modules/a/", "Module a, edition 2"),
        ("/modules/b/", "Module b"),
    ]


# A certificate that was revoked ---------------------------------------------------------------------------------------


def test_a_revoked_certificate_proves_nothing(learner: User, client_of_learner: Client) -> None:
    first, second = module("a", 30), module("b", 3)
    certify(learner, first), certify(learner, second)
    revoke(second)
    page = home(client_of_learner)
    for said in (
        "1 certificate, 30 minutes that you can prove",
        "1 of 2 modules 30 minutes",
        "1 certificate was revoked.",
    ):
        assert said in page
    assert "That is all of it." not in page
    assert course(learner).segments == ["done", ""]
    assert primary(client_of_learner, "/my-learning/") == ["/learn/a/1/certificate/"], "the latest that is valid"
    completed = words(client_of_learner, "/my-learning/").split("Completed")[1]
    assert re.search(r"Certificate revoked : Module b", completed)
    assert re.search(r"Certificate : Module a", completed)
    assert "Your certificate, revoked" in words(client_of_learner, "/modules/b/")
    assert "Your certificate, revoked" not in words(client_of_learner, "/modules/a/")


def test_who_has_no_other_is_not_told_of_what_they_can_prove(learner: User, client_of_learner: Client) -> None:
    first = module("a", 30)
    certify(learner, first)
    revoke(first)
    for url in ("/", "/my-learning/"):
        page = words(client_of_learner, url)
        assert "can prove" not in page
        assert "0 of 1 module" in page
        assert primary(client_of_learner, url) == ["/modules/"]


def test_an_older_certificate_counts_when_that_of_a_newer_edition_is_revoked(learner: User) -> None:
    first = module("a", 30)
    certify(learner, first)
    second = newer(first)
    certify(learner, second)
    revoke(second)
    assert [done.contents.edition.number for done in course(learner).proven] == [1]
    assert of_learner(learner).hint == "1 certificate, 30 minutes that you can prove."


@pytest.mark.parametrize(
    ("reason", "told"),
    [("Issued in error.", "Issued in error."), ("Issued in error", "Issued in error."), ("Whose?", "Whose?")],
)
def test_the_page_of_a_revoked_certificate_has_one_full_stop_and_does_not_press_it(
    learner: User, client_of_learner: Client, reason: str, told: str
) -> None:
    first = module("a", 30)
    certify(learner, first)
    assert primary(client_of_learner, "/learn/a/1/certificate/") == ["/learn/a/1/certificate/pdf/"]
    revoke(first, reason)
    assert primary(client_of_learner, "/learn/a/1/certificate/") == []
    assert f"Reason given: {told} " in words(client_of_learner, "/learn/a/1/certificate/")


# A page done again ----------------------------------------------------------------------------------------------------


def retake(learner: User) -> Enrolment:
    """Everything done and certified, then the quiz begun again."""
    enrolment = make.completed(learner, make.edition("posts"))
    make.certificate(enrolment)
    paper = paper_of(enrolment.edition.page_set.get(key="quiz"))
    quizzes_actions.start_attempt(enrolment, paper, make.timezone.now())
    return enrolment


def test_a_retake_left_open_is_named_and_is_not_the_next_step(learner: User, client_of_learner: Client) -> None:
    retake(learner)
    module("b", 7)
    said = "Another attempt is open. 0 of 3 answered"
    assert f"Quiz, about 7 minutes. {said}" in words(client_of_learner, "/modules/posts/")
    assert f"Quiz : {said}" in words(client_of_learner, "/my-learning/").split("Completed")[1]
    assert of_learner(learner).label == "Start: Module b"


def test_another_way_that_waits_is_called_that(learner: User, client_of_learner: Client) -> None:
    enrolment = make.completed(learner, make.edition("posts"))
    make.decision(enrolment)
    page = words(client_of_learner, "/modules/posts/")
    assert "Case, about 6 minutes. Another way is open. You are at decision 2 Completed" in page


# Nothing on offer -----------------------------------------------------------------------------------------------------


def test_with_nothing_on_offer_nobody_is_asked_where_they_were(client_of_learner: Client) -> None:
    page = home(client_of_learner)
    assert "Where were we?" not in page
    assert "Nothing to do just now" in page


def test_strangers_are_not_told_that_nothing_was_ever_published(client: Client) -> None:
    make.archiving(module("a", 1).module)
    for url in ("/", "/modules/"):
        page = words(client, url)
        assert "No module has been published" not in page
        assert "No module is on offer just now." in page


# Whatever there is ----------------------------------------------------------------------------------------------------


def test_many_editions_and_certificates_ask_no_more_than_one(learner: User, client_of_learner: Client) -> None:
    def queries() -> int:
        client_of_learner.get("/my-learning/")
        with CaptureQueriesContext(connection) as asked:
            client_of_learner.get("/my-learning/")
        return len(asked)

    edition = module("a", 1, 1)
    certify(learner, edition)
    edition = newer(edition)
    read(learner, edition, "a-1")
    few = queries()
    for _ in range(4):
        edition = newer(edition)
        certify(learner, edition)
    assert queries() == few
