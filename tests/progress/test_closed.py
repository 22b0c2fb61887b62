"""Learners before what is withdrawn or archived: who has begun goes on and reads why, and nobody else begins."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from apps.accounts.models import User
from apps.modules import actions as modules_actions
from apps.modules.models import Edition
from apps.progress import actions
from apps.progress.models import Enrolment
from tests import make

pytestmark = [pytest.mark.django_db, pytest.mark.pages]

MODULE = "/modules/posts/"
LEARN = "/learn/posts/1"
READING = f"{LEARN}/reading/reading-1/"
REASON = "It names the wrong number.\nRing 111 instead."
SHOWN = "<p>It names the wrong number.<br>Ring 111 instead.</p>"
PAGES = (MODULE, READING, f"{LEARN}/scenario/case/", f"{LEARN}/quiz/quiz/")
STARTS: dict[str, dict[str, object]] = {
    f"{MODULE}start/": {"edition": 1},
    f"{READING}complete/": {},
    f"{LEARN}/scenario/case/choose/": {"decision": 1, "choice": "case-scene-1-best"},
    f"{LEARN}/quiz/quiz/start/": {},
}


@pytest.fixture
def edition() -> Edition:
    return make.edition("posts")


def followed(edition: Edition) -> Edition:
    return make.publish(modules_actions.start_draft(edition))


def text(client: Client, url: str, status: int = 200) -> str:
    response = client.get(url)
    assert response.status_code == status, url
    return response.content.decode()


def test_who_has_not_begun_reads_at_each_address_that_it_was_withdrawn_when_and_why(
    edition: Edition, client_of_learner: Client, client: Client
) -> None:
    make.withdrawal(edition, REASON)
    for browser, urls in ((client_of_learner, PAGES), (client, PAGES[:3])):
        for url in urls:
            page = text(browser, url, 410)
            assert "Edition 1 of this module was withdrawn on 22 November 2026." in page, url
            assert SHOWN in page, url
            assert "Some <em>text</em>" not in page, url
    assert "Sign in and go on" in page
    assert not Enrolment.objects.exists()


def test_who_has_not_begun_reads_that_a_module_is_archived(edition: Edition, client: Client) -> None:
    make.archiving(edition.module)
    page = text(client, MODULE, 410)
    assert "This module has not been offered since 22 November 2026." in page
    assert "was withdrawn" not in page


@pytest.mark.parametrize("close", [make.withdrawal, lambda edition: make.archiving(edition.module)])
def test_nobody_begins_in_any_way(close, edition: Edition, client_of_learner: Client) -> None:
    second = followed(edition)
    close(second)
    for url, fields in STARTS.items():
        sent = {**fields, "edition": 2}  # which only one of them reads
        response = client_of_learner.post(url.replace("/1/", "/2/"), sent)
        assert response.status_code == 410, url
        assert "nothing was begun in your account" in response.content.decode(), url
    assert client_of_learner.post(f"{MODULE}start/", {"edition": 1}).status_code == 410
    assert not Enrolment.objects.exists()


def test_who_is_on_another_edition_does_not_change_over_to_a_withdrawn_one(
    edition: Edition, learner: User, client_of_learner: Client
) -> None:
    make.enrolment(learner, edition)
    make.withdrawal(followed(edition), REASON)
    for url in (MODULE, "/my-learning/"):
        page = text(client_of_learner, url)
        assert "dition 2" not in page, url
        assert "withdrawn" not in page, url
    assert client_of_learner.post(f"{MODULE}start/", {"edition": 2}).status_code == 410
    assert [enrolment.edition for enrolment in learner.enrolments.all()] == [edition]
    assert "Mark as read" in text(client_of_learner, READING)


def test_who_is_under_way_goes_on_to_the_certificate_and_reads_why(
    edition: Edition, learner: User, client_of_learner: Client
) -> None:
    enrolment = make.enrolment(learner, edition)
    make.withdrawal(edition, REASON)
    make.archiving(edition.module)
    for url in (MODULE, READING, "/my-learning/"):
        page = text(client_of_learner, url)
        assert page.count(SHOWN) == 1, url
        assert "dition 1 was withdrawn on 22 November 2026." in page, url
    assert "has not been offered to new learners since 22 November 2026" in text(client_of_learner, MODULE)
    for url in (*list(STARTS)[1:],):
        assert client_of_learner.post(url, STARTS[url]).status_code == 302, url
    make.completed(learner, edition)
    assert SHOWN in text(client_of_learner, f"{LEARN}/finish/")
    assert client_of_learner.post(f"{LEARN}/finish/issue/", {"name": "Sam"}).url == f"{LEARN}/finish/"
    check_page = text(Client(), enrolment.certificate.get_absolute_url())
    assert "REVOKED" not in check_page.upper()
    assert "withdrawn" not in check_page
    assert SHOWN in text(client_of_learner, "/my-learning/")


def test_a_newer_edition_is_offered_to_who_is_on_the_withdrawn_one(
    edition: Edition, learner: User, client_of_learner: Client
) -> None:
    make.enrolment(learner, edition)
    make.withdrawal(edition, REASON)
    assert "came out on" not in text(client_of_learner, "/my-learning/")
    second = followed(edition)
    for url in (MODULE, "/my-learning/"):
        page = text(client_of_learner, url)
        assert SHOWN in page, url
        assert "dition 2 came out on" in page, url
    assert client_of_learner.post(f"{MODULE}start/", {"edition": 2}).status_code == 302
    assert learner.enrolments.filter(edition=second).exists()
    assert SHOWN not in text(client_of_learner, MODULE)
    visitors = text(Client(), READING, 410)
    assert SHOWN in visitors
    assert "A newer edition is there." in visitors
    assert "Edition 2" in text(Client(), MODULE)


def test_whoever_would_begin_an_old_edition_is_led_to_the_newer_one_though_the_old_is_withdrawn(
    edition: Edition, client_of_learner: Client
) -> None:
    make.withdrawal(edition)
    followed(edition)
    response = client_of_learner.post(f"{MODULE}start/", {"edition": 1}, follow=True)
    assert "A newer edition has come out. Start with that one." in response.content.decode()


def test_what_is_taken_back_is_as_before(edition: Edition, learner: User, client_of_learner: Client) -> None:
    make.withdrawal(edition, REASON)
    make.archiving(edition.module)
    modules_actions.end_withdrawal(edition, learner, make.NOW)
    assert text(client_of_learner, MODULE, 410)
    modules_actions.end_archiving(edition.module, learner, make.NOW)
    for url, fields in STARTS.items():
        assert client_of_learner.post(url, fields).status_code == 302, url
    for url in (*PAGES[:2], "/my-learning/"):
        page = text(client_of_learner, url)
        assert "withdrawn" not in page, url
        assert "offered" not in page, url


def test_reasons_are_shown_as_plain_text(edition: Edition, client: Client) -> None:
    make.withdrawal(edition, "<script>alert(1)</script> *no* {{ edition }}")
    page = text(client, MODULE, 410)
    assert "&lt;script&gt;alert(1)&lt;/script&gt; *no* {{ edition }}" in page


def test_a_process_that_remembers_the_edition_learns_of_it_at_once(edition: Edition, client: Client) -> None:
    text(client, MODULE)
    text(client, READING)
    make.withdrawal(edition)
    text(client, MODULE, 410)
    text(client, READING, 410)


def test_an_archived_module_refuses_with_an_error_of_its_own(edition: Edition, learner: User) -> None:
    make.archiving(edition.module)
    with pytest.raises(actions.ClosedError):
        actions.enrol(learner, edition, make.NOW)


def test_withdrawn_editions_cost_my_learning_no_queries(learner: User, client_of_learner: Client) -> None:
    counts = []
    for slug in ("one", "two", "three"):
        edition = make.edition(slug)
        make.enrolment(learner, edition)
        make.withdrawal(edition)
        text(client_of_learner, "/my-learning/")  # published editions are read once
        with CaptureQueriesContext(connection) as captured:
            text(client_of_learner, "/my-learning/")
        counts.append(len(captured))
    assert len(set(counts)) == 1, counts
