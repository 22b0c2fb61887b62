"""A lost device: two administrators together take the second factor away, or one who may use the server."""

from __future__ import annotations

import datetime
from io import StringIO
from smtplib import SMTPServerDisconnected
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.admin.models import LogEntry
from django.core import mail
from django.core.management import CommandError, call_command
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from apps.accounts import closing
from apps.accounts.factors import removal
from apps.accounts.models import FactorRemoval, User
from tests import make, proofs

pytestmark = [pytest.mark.django_db, pytest.mark.once]

LATER = datetime.timedelta(days=1)


@pytest.fixture
def person(learner: User) -> User:
    """Who has lost their phone."""
    proofs.give_app(learner)
    proofs.give_passkey(learner)
    proofs.give_recovery_codes(learner)
    return learner


@pytest.fixture
def first(settings: Any) -> User:
    settings.IS_SECOND_FACTOR_DEMANDED = True
    return make.superuser()


@pytest.fixture
def second() -> User:
    return make.administrator()


def browser_of(administrator: User) -> Client:
    """Who has just proved that it is them."""
    client = make.client(administrator)
    proofs.give_app(administrator)
    proofs.prove(client, administrator)
    return client


def address(person: User) -> str:
    return f"/admin/accounts/user/{person.pk}/factor/"


def page(response: HttpResponse) -> str:
    return response.content.decode()


def has_factor(person: User) -> bool:
    return Authenticator.objects.filter(user=person).exists()


def test_two_administrators_remove_it(person: User, first: User, second: User) -> None:
    theirs = make.client(person)
    asking, confirming = browser_of(first), browser_of(second)
    assert address(person) in page(asking.get(f"/admin/accounts/user/{person.pk}/change/"))
    assert asking.post(address(person), {"ask": "1"}).url == address(person)
    assert has_factor(person)
    asked, warned = mail.outbox
    assert asked.to == [second.email]
    assert (warned.to, "Nothing has changed yet" in warned.body) == ([person.email], True)
    assert f"https://secondlook.example{address(person)}" in asked.body
    assert "You asked for it" in page(asking.get(address(person)))
    found = page(confirming.get(address(person)))
    assert f"{first} asked for it" in found
    assert "Sign out" in found, "as on every page of the admin"
    assert f"Asked to remove the second factor of {person}." in page(browser_log(first)).replace("&#x27;", "'")
    waiting = FactorRemoval.objects.get()
    done = confirming.post(address(person), {"confirm": waiting.pk})
    assert done.url == f"/admin/accounts/user/{person.pk}/change/"
    assert not has_factor(person)
    assert theirs.get("/account/").url.startswith("/account/login/"), "every session has ended"
    assert confirming.get("/admin/").status_code == 200, "no other has"
    told = mail.outbox[-1]
    assert (told.to, told.subject) == ([person.email], "Second Look: Your second factor was removed")
    log = page(browser_log(first))
    assert f"Removed the second factor of {person}, for which {first} had asked." in log.replace("&#x27;", "'")
    signed_in = Client().post("/account/login/", {"login": person.email, "password": make.PASSWORD})
    assert signed_in.url == "/my-learning/"


def browser_log(administrator: User) -> HttpResponse:
    client = make.client(administrator)
    proofs.prove(client, administrator)
    return client.get("/admin/write/log/")


def test_pressed_twice_it_is_asked_for_once_and_done_once(person: User, first: User, second: User) -> None:
    asking, confirming = browser_of(first), browser_of(second)
    for _ in range(2):
        asking.post(address(person), {"ask": "1"})
    waiting = FactorRemoval.objects.get()
    assert len(mail.outbox) == 2
    for _ in range(2):
        done = confirming.post(address(person), {"confirm": waiting.pk})
        assert done.url == f"/admin/accounts/user/{person.pk}/change/"
    assert len(mail.outbox) == 3
    assert LogEntry.objects.filter(change_message__contains="Removed").count() == 1


def test_a_removal_is_confirmed_once_and_for_what_was_asked(person: User, first: User, second: User) -> None:
    """Sent once more on another day it ends no session, and says so."""
    asked = removal.ask(person, first, timezone.now() - datetime.timedelta(hours=2))
    removal.confirm(asked, second, timezone.now() - datetime.timedelta(hours=1))
    proofs.give_app(person)
    theirs = make.client(person)
    refused = browser_of(second).post(address(person), {"confirm": asked.pk})
    assert refused.status_code == 409
    assert "That is done already." in page(refused)
    assert theirs.get("/account/").status_code == 200
    assert has_factor(person)


@pytest.mark.parametrize("lost", ["is_active", "is_staff", "is_superuser"])
def test_who_asked_must_still_be_allowed_to(lost: str, person: User, first: User, second: User) -> None:
    asked = removal.ask(person, first, timezone.now())
    User.objects.filter(pk=first.pk).update(**{lost: False})
    make.user("third@example.org", is_staff=True, is_superuser=True)
    refused = browser_of(second).post(address(person), {"confirm": asked.pk})
    assert refused.status_code == 409
    assert "may not do so any more" in page(refused)
    assert has_factor(person)


def test_a_mail_that_cannot_be_sent_takes_nothing_back(
    person: User, first: User, second: User, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Whether asked for, confirmed or done on the server, or by the person: what is done is done whole, and logged."""

    def fail(self: object, *args: object, **named: object) -> None:
        raise SMTPServerDisconnected("for learner@example.org")

    monkeypatch.setattr(mail.EmailMessage, "send", fail)
    theirs = make.client(person)
    assert browser_of(first).post(address(person), {"ask": "1"}).url == address(person)
    confirm = {"confirm": FactorRemoval.objects.get().pk}
    assert browser_of(second).post(address(person), confirm).status_code == 302
    assert theirs.get("/account/").status_code == 302
    proofs.give_app(person)
    theirs = make.client(person)
    call_command("remove_second_factor", person.email, stdout=StringIO())
    assert theirs.get("/account/").status_code == 302
    proofs.give_app(person)
    theirs = make.client(person)
    proofs.prove(theirs, person)
    assert theirs.post("/account/second-factor/app/remove/").status_code == 302
    assert not has_factor(person)
    assert caplog.text.count("A mail could not be sent: SMTPServerDisconnected") == 5


def test_nobody_confirms_what_they_asked_for(person: User, first: User, second: User) -> None:
    asking = browser_of(first)
    asking.post(address(person), {"ask": "1"})
    refused = asking.post(address(person), {"confirm": FactorRemoval.objects.get().pk})
    assert refused.status_code == 409
    assert "another administrator must confirm it" in page(refused)
    assert has_factor(person)


def test_nobody_removes_their_own_so(person: User, first: User, second: User) -> None:
    own = browser_of(first)
    assert "on your account page" in page(own.get(address(first)))
    browser_of(second).post(address(first), {"ask": "1"})
    assert own.post(address(first), {"ask": "1"}).status_code == 409
    assert not FactorRemoval.objects.filter(asked_by=first).exists()


def test_a_sole_administrator_is_led_to_the_server(person: User, first: User) -> None:
    refused = browser_of(first).post(address(person), {"ask": "1"})
    assert refused.status_code == 409
    assert f"manage.py remove_second_factor {person.email}" in page(refused)
    assert not FactorRemoval.objects.exists()


def test_an_inactive_administrator_is_no_second_one(person: User, first: User, second: User) -> None:
    User.objects.filter(pk=second.pk).update(is_active=False)
    assert "there is none besides you" in page(browser_of(first).get(address(person)))


def test_what_was_asked_for_lapses_after_a_day(person: User, first: User, second: User) -> None:
    asked = removal.ask(person, first, timezone.now() - LATER)
    confirming = browser_of(second)
    assert "asked for it" not in page(confirming.get(address(person)))
    refused = confirming.post(address(person), {"confirm": asked.pk})
    assert refused.status_code == 409
    assert has_factor(person)
    confirming.post(address(person), {"ask": "1"})
    assert FactorRemoval.objects.latest("asked_at").asked_by == second, "asked for anew"
    assert FactorRemoval.objects.count() == 2, "what lapsed stays in the log"


@pytest.mark.parametrize(
    ("before", "waits"), [(datetime.timedelta(microseconds=1), True), (datetime.timedelta(), False)]
)
def test_the_day_ends_to_the_moment(
    before: datetime.timedelta, waits: bool, person: User, first: User, second: User
) -> None:
    asked = removal.ask(person, first, make.NOW)
    at = make.NOW + LATER - before
    assert (removal.asked_of(person, at) == asked) is waits
    if waits:
        assert removal.confirm(asked, second, at)
    else:
        with pytest.raises(removal.NotRemovableError, match="more than a day ago"):
            removal.confirm(asked, second, at)


def test_whoever_could_not_confirm_it_is_no_second_one(first: User, second: User) -> None:
    """Neither the person themselves, nor somebody who may do less than they."""
    other = make.user("other@example.org", is_staff=True, is_superuser=True)
    for person in (second, other):
        proofs.give_app(person)
    User.objects.filter(pk=other.pk).update(is_active=False)
    with pytest.raises(removal.NotRemovableError, match="none besides you and this person"):
        removal.refuse(second, first)
    with pytest.raises(removal.NotRemovableError, match="none besides you and this person"):
        removal.refuse(other, first)


@pytest.mark.parametrize("key", ["", "x", "0", "99999999999999999999", "-1", "1e3", "\x00"])
def test_what_nobody_asked_for_is_not_confirmed(key: str, person: User, first: User, second: User) -> None:
    assert browser_of(second).post(address(person), {"confirm": key}).status_code == 409
    assert has_factor(person)


def test_anothers_removal_is_not_this_ones(person: User, first: User, second: User) -> None:
    other = make.user("other@example.org")
    proofs.give_app(other)
    asked = removal.ask(other, first, timezone.now())
    assert browser_of(second).post(address(person), {"confirm": asked.pk}).status_code == 409
    assert has_factor(person)
    assert has_factor(other)


def test_who_may_do_less_removes_nothing_of_who_may_do_more(first: User, second: User) -> None:
    """A superuser's second factor is taken away by superusers."""
    other = make.user("other@example.org", is_staff=True, is_superuser=True)
    proofs.give_app(other)
    lesser = browser_of(second)
    assert "may do more than you" in page(lesser.post(address(other), {"ask": "1"}))
    make.user("third@example.org", is_staff=True, is_superuser=True)
    asked = removal.ask(other, first, timezone.now())
    assert "may do more than you" in page(lesser.post(address(other), {"confirm": asked.pk})), "nor confirm it"
    assert has_factor(other)


@pytest.mark.parametrize("role", ["author", "publisher", "educator", "learner"])
def test_nobody_else_comes_to_the_page(role: str, person: User, first: User, second: User) -> None:
    browser = make.client(person if role == "learner" else getattr(make, role)())
    if role != "learner":
        proofs.prove(browser, User.objects.get(pk=browser.session["_auth_user_id"]))
    assert browser.get(address(person), follow=True).status_code == 403
    assert browser.post(address(person), {"ask": "1"}).status_code in {302, 403}
    assert not FactorRemoval.objects.exists()


def test_there_is_nothing_to_remove_of_a_closed_account(person: User, first: User, second: User) -> None:
    closing.close_account(person, timezone.now(), first)
    assert not has_factor(person)
    assert browser_of(first).get(address(person)).status_code == 404


def test_closing_says_that_the_second_factor_goes(person: User, first: User) -> None:
    asked = page(browser_of(first).get(f"/admin/accounts/user/{person.pk}/close/"))
    assert "Its second factor: an app with codes and 1 passkey, and recovery codes." in asked


def test_on_the_server_it_is_removed_and_told(person: User) -> None:
    theirs, out = make.client(person), StringIO()
    call_command("remove_second_factor", f" {person.email.upper()}", stdout=out)
    assert "Removed." in out.getvalue()
    assert not has_factor(person)
    assert theirs.get("/account/").status_code == 302
    assert [message.to for message in mail.outbox] == [[person.email]]
    assert "on the server" in page(browser_log(make.superuser()))
    theirs.force_login(person)
    with pytest.raises(CommandError, match="has no second factor"):
        call_command("remove_second_factor", person.email)
    assert theirs.get("/account/").status_code == 302, "every session has ended all the same"
    with pytest.raises(CommandError, match="Nobody has the address"):
        call_command("remove_second_factor", "nobody@example.org")
