"""What lasts for a time lasts until its last moment, and not a moment longer."""

from __future__ import annotations

import datetime
import time
from types import SimpleNamespace
from typing import Any

import pytest
from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.account.internal.flows.login import record_authentication
from django.contrib.auth.models import AnonymousUser

from apps.accounts import changing, keeping, limits
from apps.accounts.factors import actions, demand, removal
from apps.accounts.models import FactorRemoval, User
from apps.scenarios import tasting, ticks
from tests import make, proofs

pytestmark = [pytest.mark.django_db, pytest.mark.pages]

NOW, MOMENT = make.NOW, datetime.timedelta(microseconds=1)
DAY, MINUTE = datetime.timedelta(days=1), datetime.timedelta(minutes=1)


def request_of(user: User | AnonymousUser, **session: Any) -> Any:
    return SimpleNamespace(user=user, session=session, method="POST", headers={}, META={"REMOTE_ADDR": "10.0.0.1"})


def having_proved(user: User, *proofs: tuple[str, datetime.datetime]) -> Any:
    """A request of somebody who showed at these times that it is them."""
    request = request_of(user)
    for method, at in proofs:
        record_authentication(request, user, method)
        request.session[AUTHENTICATION_METHODS_SESSION_KEY][-1]["at"] = at.timestamp()
    return request


# Second factors -------------------------------------------------------------------------------------------------------


def test_a_proof_is_fresh_for_five_minutes() -> None:
    assert demand.is_fresh(NOW, NOW + 5 * MINUTE - MOMENT)
    assert not demand.is_fresh(NOW, NOW + 5 * MINUTE)
    assert not demand.is_fresh(None, NOW)


def test_the_admin_is_open_for_seven_days_without_a_factor(settings: Any) -> None:
    settings.IS_SECOND_FACTOR_DEMANDED = True
    person = make.superuser()
    assert demand.opens_admin(request_of(person), NOW), "nobody has told them yet"
    assert actions.note_demand(person, NOW) == NOW + 7 * DAY
    assert actions.note_demand(person, NOW + DAY) == NOW + 7 * DAY, "the first time stands"
    assert demand.opens_admin(request_of(person), NOW + 7 * DAY - MOMENT)
    assert not demand.opens_admin(request_of(person), NOW + 7 * DAY)
    ends = NOW + 7 * DAY
    assert "Set one up before 29 November: from then on" in demand.in_words(ends, ends - MOMENT)
    assert "the admin is closed to you" in demand.in_words(ends, ends)


def test_who_has_a_factor_has_no_days_of_grace_and_needs_a_proof_of_it(settings: Any) -> None:
    settings.IS_SECOND_FACTOR_DEMANDED = True
    person = make.superuser()
    proofs.give_app(person)
    assert not demand.opens_admin(request_of(person), NOW)
    assert actions.note_demand(person, NOW) is None

    def shown(method: str, at: datetime.datetime) -> Any:
        return having_proved(person, (method, at))

    assert not demand.opens_admin(shown("password", NOW), NOW)
    assert demand.opens_admin(shown("mfa", NOW), NOW + DAY)
    assert demand.lacks_proof(shown("mfa", NOW), NOW + 5 * MINUTE)
    assert not demand.lacks_proof(shown("mfa", NOW), NOW + 4 * MINUTE)
    assert demand.lacks_proof(shown("password", NOW), NOW)
    settings.IS_SECOND_FACTOR_DEMANDED = False
    assert not demand.lacks_proof(shown("password", NOW), NOW)


def test_the_last_of_several_proofs_counts() -> None:
    request = having_proved(make.user(), *(("mfa", at) for at in (NOW, NOW + DAY, NOW + MINUTE)))
    assert demand.proven_at(request) == NOW + DAY
    assert demand.proven_at(request, "password") is None


@pytest.fixture
def asked(settings: Any, learner: User) -> FactorRemoval:
    settings.IS_SECOND_FACTOR_DEMANDED = True
    proofs.give_app(learner)
    make.administrator()
    return removal.ask(learner, make.superuser(), NOW)


def test_what_was_asked_for_waits_for_a_day(asked: FactorRemoval) -> None:
    second = User.objects.get(email="admin@example.org")
    assert removal.asked_of(asked.person, NOW + DAY - MOMENT) == asked
    assert removal.asked_of(asked.person, NOW + DAY) is None
    with pytest.raises(removal.NotRemovableError, match="more than a day ago"):
        removal.confirm(asked, second, NOW + DAY)
    assert removal.confirm(asked, second, NOW + DAY - MOMENT)


def test_who_presses_once_more_within_five_minutes_is_told_the_same(asked: FactorRemoval) -> None:
    second = User.objects.get(email="admin@example.org")
    assert removal.confirm(asked, second, NOW)
    assert not removal.confirm(asked, second, NOW + 5 * MINUTE - MOMENT)
    for who, at in ((second, NOW + 5 * MINUTE), (asked.asked_by, NOW)):
        assert who is not None
        with pytest.raises(removal.NotRemovableError, match="done already"):
            removal.confirm(asked, who, at)


# Addresses ------------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("_by_code")
def test_a_change_waits_as_long_as_its_code(learner: User, monkeypatch: pytest.MonkeyPatch) -> None:
    lasts = changing.app_settings.EMAIL_VERIFICATION_BY_CODE_TIMEOUT
    monkeypatch.setattr(changing.time, "time", lambda: 1000.0)

    def waiting(**changes: Any) -> changing.Waiting | None:
        state = {"email": "new@example.org", "at": 1000.0, "user_id": str(learner.pk)} | changes
        return changing.waiting_change(request_of(learner, **{changing.CODE: state}))

    assert waiting() == waiting(at=1000.0 - lasts) == waiting(user_id=None)
    assert waiting() == changing.Waiting("new@example.org", is_by_code=True)
    assert waiting(at=999.9 - lasts) is None
    assert waiting(email=learner.email) is None
    assert waiting(user_id="0") is None


@pytest.mark.parametrize(
    ("onward", "is_kept"),
    [
        ("/", True),
        ("/?from=mail", True),
        ("/#top", True),
        ("/modules/", False),
        ("/no-such-page/", False),
        ("", False),
        ("//[", False),
    ],
)
def test_what_waits_is_kept_by_the_address_that_signing_in_leads_to(
    onward: str, is_kept: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept: list[Any] = []
    monkeypatch.setattr(keeping, "_keepers", {"home": kept.append})
    request = request_of(AnonymousUser())
    keeping.keep_on_signing_in(request, onward)
    assert kept == ([request] if is_kept else [])


# Limits ---------------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("_product_limits")
def test_the_sixth_wrong_try_waits_until_the_first_is_a_quarter_of_an_hour_old(monkeypatch: pytest.MonkeyPatch) -> None:
    request, now = request_of(AnonymousUser()), time.time()
    for ago in (400, 300, 200, 100, 0):
        monkeypatch.setattr("time.time", lambda ago=ago: now - ago)
        assert limits.seconds_until_free(request, "login_failed", "a@example.org") == 1
        assert limits.consume(request, "login_failed", "a@example.org")
    assert limits.consume(request, "login_failed", "a@example.org") is None
    assert limits.seconds_until_free(request, "login_failed", "a@example.org") == 500
    assert limits.seconds_until_free(request, "login_failed", "b@example.org") == 1
    monkeypatch.setattr("time.time", lambda: now + 500)
    assert limits.seconds_until_free(request, "login_failed", "a@example.org") == 1
    assert limits.seconds_of("login_failed") == 900
    assert limits.asker(request) == "network 10.0.0.1"


@pytest.mark.usefixtures("_product_limits")
@pytest.mark.parametrize(
    ("name", "seconds"),
    [("account_login", 180), ("account_email", 180), ("account_reset_password", 3600), ("home", 60)],
)
def test_a_limit_by_address_is_told_as_its_whole_time(name: str, seconds: int) -> None:
    request = request_of(make.user())
    request.resolver_match = SimpleNamespace(url_name=name)
    assert limits.seconds_to_wait(request) == seconds


# Visitors -------------------------------------------------------------------------------------------------------------


def test_a_visit_and_its_tick_wait_for_two_hours(monkeypatch: pytest.MonkeyPatch) -> None:
    two_hours = 120 * MINUTE
    monkeypatch.setattr(tasting.timezone, "now", lambda: NOW)

    def live(age: datetime.timedelta) -> bool:
        at = (NOW - age).timestamp()
        return bool(tasting._live(request_of(AnonymousUser(), tasted={"1": {"at": at, "ways": [["a"]]}})))

    assert (live(two_hours - datetime.timedelta(seconds=1)), live(two_hours)) == (True, False)

    def ticked(age: datetime.timedelta) -> str:
        tick = {"1": ["visitor", 1, "go", (NOW - age).timestamp()]}
        walk: Any = SimpleNamespace(decision=1, script=SimpleNamespace(scenario=SimpleNamespace(page_id=1)))
        return ticks.ticked(request_of(AnonymousUser(), ticked=tick), walk, NOW)

    assert (ticked(two_hours), ticked(two_hours + datetime.timedelta(seconds=1))) == ("go", "")
