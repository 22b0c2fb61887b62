"""The log: who published, revoked, gave and took rights; for administrators and publishers."""

from __future__ import annotations

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.accounts import closing, log
from apps.accounts.models import RightsChange, User
from apps.certificates import actions as certificates_actions
from apps.modules import actions as modules_actions
from apps.modules.models import Edition
from tests import make
from tests.in_admin import read

pytestmark = pytest.mark.django_db

LOG = "/admin/write/log/"


def at(minutes: int) -> datetime.datetime:
    return make.timezone.now() + datetime.timedelta(minutes=minutes)


def given(person: User, by: User, minutes: int, what: str = "Author") -> None:
    make.rights_change(person, by, at=at(minutes), given=what)


@pytest.fixture
def administrator() -> User:
    return make.administrator()


@pytest.fixture
def person() -> User:
    return make.user("pat@example.org", full_name="Pat Person")


def happened(administrator: User, person: User) -> None:
    """One of each."""
    edition = make.edition("posts", scenes=2, questions=2, readings=1)
    publisher = make.user(full_name="Paz Publisher")
    make.unguarded(Edition).update(published_by=publisher, change_note="It says more.", published_at=at(1))
    certificate = make.certificate(make.completed(person, edition))
    certificates_actions.revoke(certificate, "Issued in error", administrator, at(2))
    given(person, administrator, 3, "may use the admin\nAuthor")
    RightsChange.objects.create(
        group="Friends", by=administrator, at=at(4), given="Can view page", taken="Can add page"
    )


ENTRIES = (
    "Gave to the group Friends: Can view page. Took from the group Friends: Can add page",
    "Gave to Pat Person: may use the admin and Author",
    "Revoked a certificate for When posts go wrong",
    "Published When posts go wrong, edition 1",
)


def test_it_tells_who_did_what_and_why_the_newest_first(administrator: User, person: User) -> None:
    happened(administrator, person)
    text = read(make.client(administrator), LOG).text
    places = [text.index(words) for words in ENTRIES]
    assert places == sorted(places)
    for words in ("“Issued in error”", "“It says more.”", "Paz Publisher"):
        assert words in text
    assert text.count(", Ada Administrator") == 3


def test_of_what_happened_at_one_moment_the_last_stands_first(administrator: User, person: User) -> None:
    for what in ("One", "Two"):
        make.rights_change(person, administrator, at=make.NOW, given=what)
    _, entries = log.read_page("", administrator)
    assert [entry.said for entry in entries] == [f"Gave to Pat Person: {what}" for what in ("Two", "One")]


def test_it_tells_of_withdrawals_and_of_the_archive(administrator: User) -> None:
    edition, publisher = make.edition("posts", scenes=2, questions=2, readings=1), make.user(full_name="Paz Publisher")
    modules_actions.withdraw(edition, publisher, at(1), "The guidance has changed.")
    modules_actions.end_withdrawal(edition, administrator, at(2))
    modules_actions.archive(edition.module, publisher, at(3))
    modules_actions.end_archiving(edition.module, administrator, at(4))
    text = read(make.client(administrator), LOG).text
    told = (
        "Took the module posts out of the archive",
        "Archived the module posts",
        f"Took back that {edition} was withdrawn",
        f"Withdrew {edition} “The guidance has changed.”",
        f"Published {edition}",
    )
    places = [text.index(words) for words in told]
    assert places == sorted(places)
    assert text.count(", Paz Publisher") == text.count(", Ada Administrator") == 2


def test_it_does_not_tell_of_what_has_not_been_taken_back(administrator: User) -> None:
    edition, publisher = make.edition("posts"), make.user(full_name="Paz Publisher")
    modules_actions.withdraw(edition, publisher, at(1), "The guidance has changed.")
    modules_actions.archive(edition.module, publisher, at(2))
    text = read(make.client(administrator), LOG).text
    assert "Archived the module posts" in text
    assert "Took" not in text


def test_links_lead_only_where_their_reader_may_go(administrator: User, person: User) -> None:
    happened(administrator, person)
    for reader in (administrator, make.publisher()):
        browser = make.client(reader)
        inside = [link for link in read(browser, LOG).links if link.startswith("/admin/")]
        assert [link for link in inside if browser.get(link).status_code != 200] == []
        assert any("/certificate/" in link for link in inside) == (reader == administrator)


def test_closing_an_account_leaves_no_name_there(administrator: User, person: User) -> None:
    happened(administrator, person)
    closing.close_account(person, make.timezone.now(), administrator)
    other = make.superuser()
    closing.close_account(administrator, make.timezone.now(), other)
    text = read(make.client(other), LOG).text
    assert f"Gave to {closing.CLOSED}: may use the admin and Author" in text
    assert "Revoked a certificate that its holder has withdrawn since" in text
    for name in ("Pat", "Ada", "pat@"):
        assert name not in text


@pytest.mark.parametrize(
    ("asked", "entries", "shown"),
    [("", 120, "1 of 3"), ("3", 120, "3 of 3"), ("9", 120, "3 of 3"), ("x", 120, "1 of 3"), ("-1", 120, "3 of 3")],
)
def test_fifty_stand_on_a_page(administrator: User, person: User, asked: str, entries: int, shown: str) -> None:
    RightsChange.objects.bulk_create(
        RightsChange(person=person, by=administrator, at=at(0), given=f"Role {number}") for number in range(entries)
    )
    text = read(make.client(administrator), f"{LOG}?page={asked}").text
    assert f"Page {shown}" in text
    assert text.count("Gave to") == (20 if shown.startswith("3") else log.ENTRIES)


def test_it_asks_as_much_for_many_entries_as_for_one_of_each(administrator: User, person: User) -> None:
    happened(administrator, person)
    browser = make.client(administrator)
    asked = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as captured:
            browser.get(LOG)
        asked.append(len(captured))
        for number in range(60):
            given(make.user(), make.user(), -number)
    assert asked[0] == asked[1] <= 10


def test_where_nothing_has_happened_it_says_so(administrator: User) -> None:
    assert "Nothing has happened yet." in read(make.client(administrator), LOG).text


@pytest.mark.parametrize("role", ["author", "reviewer", "educator", "user"])
def test_for_others_there_is_no_such_page(role: str) -> None:
    assert make.client(getattr(make, role)()).get(LOG).status_code == 404
