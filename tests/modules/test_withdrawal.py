"""What is withdrawn or archived is offered to nobody, until that is taken back or a newer edition comes."""

from __future__ import annotations

import datetime
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import models
from django.db.models import ProtectedError
from django.test import Client

from apps.accounts.models import User
from apps.modules import actions, queries
from apps.modules.content import content_models
from apps.modules.models import Archiving, Edition, Withdrawal
from tests import make

pytestmark = pytest.mark.django_db

LATER = make.NOW + datetime.timedelta(days=1)


@pytest.fixture
def publisher() -> User:
    return make.administrator()


@pytest.fixture
def edition() -> Edition:
    return make.edition("posts")


def followed(edition: Edition, note: str = "") -> Edition:
    """The next edition, with what is new in it."""
    newer = make.publish(actions.start_draft(edition))
    make.unguarded(Edition).filter(pk=newer.pk).update(change_note=note)
    return newer


def offered() -> list[tuple[str, int | None]]:
    return [(edition.module.slug, edition.number) for edition in Edition.objects.offered()]


def test_an_edition_is_withdrawn_once_and_the_first_reason_stays(edition: Edition, publisher: User) -> None:
    first = actions.withdraw(edition, publisher, make.NOW, "  It is wrong.\r\nRing 111. ")
    again = actions.withdraw(edition, make.user(), LATER, "Another reason.")
    assert again == first == Withdrawal.objects.get()
    assert (again.withdrawn_by, again.withdrawn_at, again.reason) == (publisher, make.NOW, "It is wrong.\nRing 111.")
    assert offered() == []


def test_what_is_taken_back_is_one_editions(edition: Edition, publisher: User) -> None:
    others = [make.edition("other"), followed(edition)]
    for withdrawn in (edition, *others):
        make.withdrawal(withdrawn)
    assert actions.end_withdrawal(edition, publisher, LATER)
    assert {withdrawal.edition for withdrawal in Withdrawal.objects.open()} == {*others}


def test_one_module_is_offered_again_and_the_others_are_not(edition: Edition, publisher: User) -> None:
    other = make.edition("other")
    for module in (edition.module, other.module):
        make.archiving(module)
    assert actions.end_archiving(edition.module, publisher, LATER)
    assert [archiving.module for archiving in Archiving.objects.open()] == [other.module]


def test_a_withdrawal_is_taken_back_and_stays_on_record(edition: Edition, publisher: User) -> None:
    assert not actions.end_withdrawal(edition, publisher, LATER)
    make.withdrawal(edition)
    assert actions.end_withdrawal(edition, publisher, LATER)
    assert not actions.end_withdrawal(edition, make.user(), make.NOW)
    ended = Withdrawal.objects.get()
    assert (ended.ended_at, ended.ended_by) == (LATER, publisher)
    assert offered() == [("posts", 1)]
    make.withdrawal(edition, "Wrong once more.")
    assert Withdrawal.objects.count() == 2
    assert offered() == []


def test_a_draft_cannot_be_withdrawn(publisher: User) -> None:
    with pytest.raises(actions.NotWithdrawableError):
        actions.withdraw(make.draft("posts"), publisher, make.NOW, "No.")
    assert not Withdrawal.objects.exists()


def test_a_module_is_archived_once_and_offered_again(edition: Edition, publisher: User) -> None:
    first = actions.archive(edition.module, publisher, make.NOW)
    assert actions.archive(edition.module, make.user(), LATER) == first == Archiving.objects.get()
    assert (first.archived_by, first.archived_at, offered()) == (publisher, make.NOW, [])
    assert actions.end_archiving(edition.module, publisher, LATER)
    assert not actions.end_archiving(edition.module, publisher, LATER)
    ended = Archiving.objects.get()
    assert (ended.ended_at, ended.ended_by, offered()) == (LATER, publisher, [("posts", 1)])


def test_no_older_edition_takes_the_place_and_a_newer_one_opens_the_module(edition: Edition) -> None:
    second = followed(edition)
    make.withdrawal(second)
    assert offered() == []
    assert list(Edition.objects.current()) == [second]
    assert not queries.is_readable(edition)  # of a module that is closed
    followed(second)
    assert offered() == [("posts", 3)]
    assert [queries.is_readable(each) for each in (edition, second)] == [True, False]


def test_a_newer_edition_does_not_open_an_archived_module(edition: Edition) -> None:
    make.archiving(edition.module)
    followed(edition)
    assert offered() == []


def test_an_older_edition_is_withdrawn_alone(edition: Edition) -> None:
    second = followed(edition)
    make.withdrawal(edition)
    assert offered() == [("posts", 2)]
    assert (queries.is_readable(edition), queries.is_readable(second)) == (False, True)


def test_a_draft_begins_with_the_newest_edition_though_it_is_withdrawn(edition: Edition) -> None:
    second = followed(edition)
    make.withdrawal(second)
    draft = actions.start_draft(second)
    assert draft.based_on == second
    assert not Withdrawal.objects.exclude(edition=second).exists()
    assert not {Withdrawal, Archiving} & set(content_models())
    actions.discard_draft(draft)


def test_what_was_withdrawn_cannot_be_deleted_with_its_record(edition: Edition) -> None:
    make.withdrawal(edition)
    make.archiving(edition.module)
    for model, row in ((Edition, edition), (type(edition.module), edition.module)):
        with pytest.raises(ProtectedError):
            models.QuerySet(model).filter(pk=row.pk).delete()


def test_what_keeps_new_learners_away_is_told_of_one_module(edition: Edition, publisher: User) -> None:
    module = edition.module
    other = make.edition("other")
    make.withdrawal(other)
    make.archiving(other.module)
    assert queries.closure_of(module) == queries.Closure(None, None)
    assert not queries.closure_of(module).is_closed
    withdrawal = make.withdrawal(edition)
    assert queries.closure_of(module) == queries.Closure(None, withdrawal)
    archiving = make.archiving(module)
    assert queries.closure_of(module) == queries.Closure(archiving, withdrawal)
    followed(edition)
    assert queries.closure_of(module) == queries.Closure(archiving, None)
    assert queries.withdrawal_of(edition) == withdrawal
    actions.end_archiving(module, publisher, LATER)
    assert not queries.closure_of(module).is_closed


@pytest.mark.parametrize("close", [make.withdrawal, lambda edition: make.archiving(edition.module)])
def test_what_is_closed_stands_on_no_public_list(close, edition: Edition, client: Client) -> None:
    kept = make.draft("kept", title="What stays")
    make.reading(kept, "page-that-stays")
    make.publish(kept)
    make.unguarded(edition.scenario_set.model).update(is_taster=True)
    before = {url: client.get(url).content.decode() for url in ("/", "/modules/", "/sources/")}
    assert all("/posts/" in page for page in before.values())
    close(edition)
    for url in before:
        page = client.get(url).content.decode()
        assert "/posts/" not in page, url
        assert "What stays" in page, url


def test_the_note_of_a_withdrawn_edition_is_told_only_once_another_takes_it_up(edition: Edition) -> None:
    second = followed(edition, "Second.")
    third = followed(second, "Third.")
    make.withdrawal(third)
    assert queries.notes_since([edition]) == {edition.pk: ["Second."]}
    make.withdrawal(second)
    assert queries.notes_since([edition]) == {edition.pk: []}
    followed(third, "Fourth.")
    assert queries.notes_since([edition]) == {edition.pk: ["Fourth.", "Third.", "Second."]}


def test_only_what_is_on_offer_is_checked() -> None:
    for slug in ("posts", "closed"):
        draft = make.draft(slug, title=slug.capitalize())
        make.reading(draft, sources=0)
        make.publish(draft)
    make.withdrawal(Edition.objects.get(module__slug="closed"))
    out, err = StringIO(), StringIO()
    with pytest.raises(CommandError):
        call_command("check_content", stdout=out, stderr=err)
    assert "Closed, edition 1: withdrawn or archived, so not checked" in out.getvalue()
    assert "Posts, edition 1" in err.getvalue()
    assert "Closed" not in err.getvalue()
