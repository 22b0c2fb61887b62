"""A learner of an older edition reads what the newer one changes, where it is offered."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from apps.accounts.models import User
from apps.modules import actions
from apps.modules.models import Edition
from tests import make

pytestmark = [pytest.mark.django_db, pytest.mark.pages]

NOTE = "We said to copy <b>two posts</b> & keep them.\n\nKeep no copy."
SHOWN = "<p>We said to copy &lt;b&gt;two posts&lt;/b&gt; &amp; keep them.</p>\n\n<p>Keep no copy.</p>"


def followed(edition: Edition, note: str = NOTE) -> Edition:
    return actions.publish(actions.start_draft(edition), None, make.NOW, note)


def text(browser: Client, url: str) -> str:
    response = browser.get(url)
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize("is_complete", [False, True])
def test_the_offer_says_what_has_changed(learner: User, client_of_learner: Client, is_complete: bool) -> None:
    edition = make.edition("posts")
    (make.completed if is_complete else make.enrolment)(learner, edition)
    for url in ("/modules/posts/", "/my-learning/"):
        assert "came out on" not in text(client_of_learner, url)
    followed(edition)
    for url in ("/modules/posts/", "/my-learning/"):
        page = text(client_of_learner, url)
        assert page.count("dition 2 came out on") == 1, url
        assert SHOWN in page, url


def test_an_edition_without_a_note_is_offered_all_the_same(learner: User, client_of_learner: Client) -> None:
    edition = make.edition("posts")
    make.enrolment(learner, edition)
    followed(edition, "")
    for url in ("/modules/posts/", "/my-learning/"):
        page = text(client_of_learner, url)
        assert "dition 2 came out on" in page
        assert "<p></p>" not in page


def test_who_has_begun_the_newest_is_offered_nothing(learner: User, client_of_learner: Client) -> None:
    first = make.edition("posts")
    make.completed(learner, first)
    second = followed(first)
    make.enrolment(learner, second)
    assert "came out on" not in text(client_of_learner, "/my-learning/")
    followed(second, "A third time.")
    page = text(client_of_learner, "/my-learning/")
    assert page.count("came out on") == 1
    assert "You can stay on edition 2" in page
    assert "A third time." in page


def test_more_offers_ask_the_database_no_more(learner: User, client_of_learner: Client) -> None:
    counts = []
    for slug in ("one", "two", "three"):
        edition = make.edition(slug)
        make.enrolment(learner, edition)
        followed(edition)
        text(client_of_learner, "/my-learning/")  # published editions are read once
        with CaptureQueriesContext(connection) as captured:
            text(client_of_learner, "/my-learning/")
        counts.append(len(captured))
    assert len(set(counts)) == 1, counts


def test_each_offer_says_what_has_changed_in_its_own_module(learner: User, client_of_learner: Client) -> None:
    for slug in ("one", "two"):
        edition = make.edition(slug)
        make.enrolment(learner, edition)
        followed(edition, f"New in {slug}.")
    page = text(client_of_learner, "/my-learning/")
    assert [page.count(f"<p>New in {slug}.</p>") for slug in ("one", "two")] == [1, 1]


def test_the_check_page_tells_of_a_newer_edition(learner: User, client: Client) -> None:
    edition = make.edition("posts")
    url = make.certificate(make.completed(learner, edition)).get_absolute_url()
    assert "A newer edition says:" not in text(client, url)
    second = followed(edition)
    page = text(client, url)
    assert "A newer edition says:" in page
    assert SHOWN in page
    other = make.certificate(make.completed(learner, second))
    assert "A newer edition says:" not in text(client, other.get_absolute_url())
    followed(second, "")
    assert SHOWN in text(client, url)
    assert "A newer edition says:" not in text(client, other.get_absolute_url())


def test_an_edition_without_a_note_hides_no_note_before_it(learner: User, client_of_learner: Client) -> None:
    """The notes of all editions above the learner's are read, the newest first; nobody else's, and no empty ones."""
    first = followed(make.edition("posts"), "Before the learner came.")
    make.certificate(make.completed(learner, first))
    followed(make.edition("other"), "Of another module.")
    fifth = followed(followed(followed(first, "Second thoughts."), "Third thoughts."), "")
    check_page = first.enrolments.get().certificate.get_absolute_url()
    for url in ("/modules/posts/", "/my-learning/", check_page):
        page = text(client_of_learner, url)
        assert page.count("thoughts.</p>") == 2, url
        assert page.index("<p>Third thoughts.</p>") < page.index("<p>Second thoughts.</p>"), url
        for unread in ("Before the learner came.", "Of another module.", "<p></p>"):
            assert unread not in page, url
    make.enrolment(learner, fifth)
    for url in ("/modules/posts/", "/my-learning/"):
        assert "thoughts." not in text(client_of_learner, url), url


def test_a_withdrawn_certificate_tells_nothing(learner: User, client: Client) -> None:
    edition = make.edition("posts")
    certificate = make.certificate(make.completed(learner, edition))
    followed(edition)
    make.unguarded(type(certificate)).filter(pk=certificate.pk).update(withdrawn_at=make.NOW, enrolment=None, name="")
    assert "A newer edition says:" not in text(client, certificate.get_absolute_url())


def test_a_page_of_another_edition_makes_nobody_leave_theirs(learner: User, client_of_learner: Client) -> None:
    """The footer leads everybody to a page of the newest edition."""
    before = make.edition("posts")
    make.enrolment(learner, before)
    after = followed(before)
    page = after.page_set.get(key="reading-1").get_absolute_url()
    shown = client_of_learner.get(page).content.decode()
    assert "Your progress stays as it is." in shown
    assert "Mark as read" not in shown
    assert client_of_learner.post(f"{page}complete/").url == "/modules/posts/"
    assert [enrolment.edition for enrolment in learner.enrolments.all()] == [before]
    make.enrolment(learner, after)
    assert "Mark as read" in client_of_learner.get(page).content.decode()
