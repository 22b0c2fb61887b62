"""Authors at work in the admin: they publish, start drafts, correct sources, and read what keeps them from it."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from apps.accounts.models import User
from apps.modules import actions
from apps.modules.models import Edition
from tests import make
from tests.in_admin import Page, act, confirm

pytestmark = pytest.mark.django_db

NO_PAGES = "The edition has no page that is needed for the certificate."


@pytest.fixture
def author() -> User:
    return make.author()


@pytest.fixture
def browser(author: User) -> Client:
    """In which the author is signed in."""
    return make.client(author)


def publish(browser: Client, *drafts: Edition, note: str = "What was wrong.") -> Page:
    """Both steps: the note of each draft is what its author wrote on the page that asks for it."""
    page = act(browser, "publish", *drafts)
    notes = {name: note for name in page.fields if name.endswith("-change_note")}
    return confirm(browser, page, Edition, **notes) if notes else page


def stored(edition: Edition) -> Edition:
    """The edition as it is in the database."""
    return Edition.objects.get(pk=edition.pk)


# Publishing ---------------------------------------------------------------------------------------------------------


def spoil(draft: Edition) -> None:
    """Somebody else takes the pages out."""
    draft.page_set.all().delete()


def test_a_note_that_was_written_is_not_lost_when_its_draft_is_refused(browser: Client) -> None:
    """It got a problem after the note had been asked for: its author reads why, and sends the same note again."""
    draft = actions.start_draft(make.edition("posts"))
    page = act(browser, "publish", draft)
    name, written = f"{draft.pk}-change_note", "Keep no copy.\n\n“Never” <was> missing."
    spoil(draft)
    page = confirm(browser, page, Edition, **{name: written})
    assert page.errors == [f"{draft} is not published. {NO_PAGES}"]
    assert page.messages == []
    assert page.fields[name] == [written]
    assert stored(draft).number is None
    make.reading(draft)
    page = confirm(browser, page, Edition)
    assert page.messages == [("success", "Published: When posts go wrong, edition 2.")]
    assert (stored(draft).number, stored(draft).change_note) == (2, written)


def test_nor_is_it_lost_when_the_problem_comes_at_the_last_moment(
    browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = actions.start_draft(make.edition("posts"))

    def refuse(*args: Any) -> None:
        raise actions.NotPublishableError(["One problem.", "Another."])

    page = act(browser, "publish", draft)
    monkeypatch.setattr(actions, "publish", refuse)
    page = confirm(browser, page, Edition, **{f"{draft.pk}-change_note": "Ring first."})
    assert page.errors == [f"{draft} is not published. One problem.", f"{draft} is not published. Another."]
    assert page.fields[f"{draft.pk}-change_note"] == ["Ring first."]


def test_of_several_nothing_is_published_until_each_can_be(browser: Client) -> None:
    good, bad = (actions.start_draft(make.edition(slug)) for slug in ("one", "two"))
    page = act(browser, "publish", good, bad)
    spoil(bad)
    notes = {f"{draft.pk}-change_note": f"Note of {draft.module}." for draft in (good, bad)}
    page = confirm(browser, page, Edition, **notes)
    assert page.errors == [f"{bad} is not published. {NO_PAGES}"]
    assert {name: page.fields[name] for name in notes} == {name: [note] for name, note in notes.items()}
    assert not stored(good).is_published
    page = confirm(browser, page, Edition, _selected_action=[good.pk])
    assert page.messages == [("success", "Published: When posts go wrong, edition 2.")]
    assert (stored(good).change_note, stored(bad).number) == ("Note of one.", None)
