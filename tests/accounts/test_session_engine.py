"""Sessions live as Django's own do: each test runs with Django's engine, too, and with one that finds the other's."""

import datetime
from typing import Any

import pytest
from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import SessionBase, UpdateError
from django.contrib.sessions.models import Session
from django.test import Client, override_settings
from django.utils import timezone

from apps.accounts import session_engine
from apps.accounts.models import User
from tests import make

pytestmark = pytest.mark.django_db

ENGINES = [session_engine.SessionStore, db.SessionStore]


@pytest.fixture(params=ENGINES, ids=["ours", "Django’s"])
def engine(request: pytest.FixtureRequest) -> type[SessionBase]:
    return request.param  # type: ignore[no-any-return]


@pytest.fixture(params=ENGINES, ids=["written by ours", "written by Django’s"])
def key(request: pytest.FixtureRequest) -> str:
    """Of a stored session."""
    store = request.param()
    store["said"] = "something"
    store.create()
    return str(store.session_key)


def test_it_finds_what_either_has_stored(engine: Any, key: str) -> None:
    store = engine(key)
    assert store["said"] == "something"
    assert store.session_key == key
    assert not store.modified


@pytest.mark.parametrize("other", ["", "x", "x" * 32, "ÄÖÜ", "' OR 1=1 --"], ids=repr)
def test_a_key_that_nobody_has_finds_nothing_and_is_given_up(engine: Any, key: str, other: str) -> None:
    store = engine(other)
    assert store.get("said") is None
    assert store.session_key is None


@pytest.mark.parametrize(("late_by", "is_found"), [(-1, True), (0, False), (1, False)])
def test_it_ends_at_its_moment(
    engine: Any, key: str, late_by: int, is_found: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    ends = Session.objects.get(pk=key).expire_date
    monkeypatch.setattr(timezone, "now", lambda: ends + datetime.timedelta(microseconds=late_by))
    assert ("said" in engine(key)) is is_found


def test_what_was_tampered_with_is_empty(engine: Any, key: str) -> None:
    Session.objects.filter(pk=key).update(session_data="tampered")
    store = engine(key)
    assert "said" not in store
    assert store.session_key == key


def test_a_new_key_keeps_what_it_holds_and_the_old_one_is_gone(engine: Any, key: str) -> None:
    store = engine(key)
    store.cycle_key()
    assert store.session_key not in {key, None}
    assert engine(store.session_key)["said"] == "something"
    assert "said" not in engine(key)


def test_flushed_it_is_gone(engine: Any, key: str) -> None:
    store = engine(key)
    store.flush()
    assert not Session.objects.exists()
    assert "said" not in engine(key)


def test_saving_does_not_bring_back_what_was_deleted(engine: Any, key: str) -> None:
    store = engine(key)
    store["said"] = "something else"
    Session.objects.all().delete()
    with pytest.raises(UpdateError):
        store.save()
    assert not Session.objects.exists()


# People ---------------------------------------------------------------------------------------------------------------


@pytest.fixture
def signed_in() -> tuple[User, Client]:
    person = make.user()
    return person, make.client(person)


def _is_in(client: Client) -> bool:
    return client.get("/my-learning/").status_code == 200


def test_an_upgrade_signs_nobody_out() -> None:
    with override_settings(SESSION_ENGINE="django.contrib.sessions.backends.db"):
        before = make.client(make.user())
        assert _is_in(before)
    after = Client()
    after.cookies = before.cookies
    assert _is_in(after)


def test_who_may_not_sign_in_any_more_is_out(signed_in: tuple[User, Client]) -> None:
    person, client = signed_in
    assert _is_in(client)
    User.objects.filter(pk=person.pk).update(is_active=False)
    assert not _is_in(client)


def test_another_password_ends_the_session(signed_in: tuple[User, Client]) -> None:
    person, client = signed_in
    person.set_password("another-long-password")
    person.save()
    assert not _is_in(client)
    assert not Session.objects.exists()


def test_who_is_gone_is_out(signed_in: tuple[User, Client]) -> None:
    person, client = signed_in
    make.unguarded(User).filter(pk=person.pk).delete()
    assert not _is_in(client)
