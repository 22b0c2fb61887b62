"""Doors: wherever a password is read, it is counted; what a refusal says is true; the time taken tells nothing.

The limits, the cache and, where it matters, the password hashers are the product's.
"""

import functools
import logging
import re
import time
from typing import Any

import pytest
from allauth.account import app_settings
from allauth.core.internal import ratelimit
from django.contrib.auth import hashers
from django.core import mail
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import resolve, reverse

from apps.accounts import limits
from apps.accounts.models import User
from config import settings as product
from tests import access_table, make

pytestmark = [pytest.mark.django_db, pytest.mark.once]

LEARNER = "learner@example.org"
NEW = {"password1": "another-good-one-2026", "password2": "another-good-one-2026"}

# Every door: who stands before it, what they send, and the field in which the password is.
DOORS: dict[str, tuple[bool, dict[str, str], str]] = {
    "account_login": (False, {"login": LEARNER}, "password"),
    "account_reauthenticate": (True, {}, "password"),
    "account_change_password": (True, NEW, "oldpassword"),
}


@pytest.fixture
def passwords_read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every password that was compared with a stored one since the list was emptied."""
    found: list[str] = []
    compare = hashers.verify_password

    def noting(password: str, *args: Any, **kwargs: Any) -> tuple[bool, bool]:
        found.append(password)
        return compare(password, *args, **kwargs)

    monkeypatch.setattr(hashers, "verify_password", noting)
    return found


def knock(door: str, password: str, user: User, client: Client | None = None, **more: str) -> HttpResponse:
    """Send this password to a door."""
    is_signed_in, fields, field = DOORS[door]
    client = client or make.client(user if is_signed_in else None)
    return client.post(reverse(door), fields | {field: password} | more)


def sign_in(email: str, password: str, **headers: str) -> HttpResponse:
    return Client().post("/account/login/", {"login": email, "password": password}, **headers)


# Where passwords are read ---------------------------------------------------------------------------------------------

EVERY_FIELD = {
    **dict.fromkeys(("login", "email", "username"), LEARNER),
    **dict.fromkeys(("password", "oldpassword", "old_password"), "wrong-horse-battery"),
    **dict.fromkeys(("new_password1", "new_password2"), NEW["password1"]),
    **NEW,
}


# Whoever is not of the staff stops before all of these alike; the administrator, who gets in, tries each.
IN_THE_ADMIN = tuple(f"/admin/{app}/" for app in ("modules", "scenarios", "quizzes", "progress", "certificates"))


@pytest.mark.parametrize("role", ["anonymous", "learner", "administrator"])
def test_no_other_address_reads_a_password(role: str, passwords_read: list[str]) -> None:
    """Whoever opens another door adds it above, where it is tried to the end of its limit.

    Outside the admin the administrator is a learner like any other, and tries the doors only.
    """
    world = access_table.make_world()
    client = world.client(role, raise_request_exception=False)
    addresses = {row.path: row.name for row in access_table.rows(world)}
    before = dict(User.objects.values_list("pk", "password"))
    for path, name in addresses.items():
        is_door = name in DOORS and DOORS[name][0] == (role != "anonymous")
        if role == "administrator" and not path.startswith("/admin/") and not is_door:
            continue
        if role != "administrator" and path.startswith(IN_THE_ADMIN) and name != "admin:app_list":
            continue
        del passwords_read[:]
        with access_table.undone(client):
            client.post(path, EVERY_FIELD)
            changed = {
                pk
                for pk, password in User.objects.filter(closed_at=None).values_list("pk", "password")
                if before.get(pk, password) != password
            }
        assert bool(passwords_read) == is_door, path
        assert not changed, path


@functools.cache
def slow_hash() -> str:
    """The learner's password, as the product would store it."""
    return hashers.make_password(make.PASSWORD)


@pytest.mark.usefixtures("_product_limits")
@pytest.mark.parametrize("first", DOORS)
def test_five_wrong_passwords_close_every_door(
    first: str, learner: User, settings: Any, passwords_read: list[str]
) -> None:
    settings.PASSWORD_HASHERS = product.PASSWORD_HASHERS
    learner.password = slow_hash()
    learner.save()
    for _ in range(5):
        knock(first, "wrong", learner)
    assert passwords_read == ["wrong"] * 5
    for second in DOORS:
        refused = knock(second, make.PASSWORD, learner)
        assert passwords_read == ["wrong"] * 5, f"the right one is not even looked at by {second}"
        is_told = "Too many wrong tries for this account. Wait 15 minutes" in page(refused)
        assert refused.status_code == 429 or is_told, second
    learner.refresh_from_db()
    assert learner.password == slow_hash()


@pytest.mark.usefixtures("_product_limits")
def test_one_account_has_one_count_however_it_is_written(learner: User) -> None:
    learner.email = "learner@mün.example"
    learner.save()
    spellings = ["learner@mün.example", " learner@mün.example ", "LEARNER@MÜN.example", "learner@mu\u0308n.example"]
    for spelling in [*spellings, "Learner@mün.Example"]:
        sign_in(spelling, "wrong")
    assert all(sign_in(spelling, make.PASSWORD).status_code == 422 for spelling in spellings)


@pytest.mark.usefixtures("_product_limits")
def test_one_account_has_one_count_whichever_host_the_browser_names(learner: User) -> None:
    for host in ["testserver", "testserver:1", "testserver:2", "localhost", "127.0.0.1:3"]:
        sign_in(LEARNER, "wrong", HTTP_HOST=host)
    assert sign_in(LEARNER, make.PASSWORD, HTTP_HOST="testserver:4").status_code == 422


@pytest.mark.usefixtures("_product_limits")
@pytest.mark.parametrize("door", DOORS)
def test_right_passwords_do_not_count(door: str, learner: User) -> None:
    for _ in range(4):
        knock(door, "wrong", learner)
    assert knock(door, make.PASSWORD, learner).status_code == 302


@pytest.mark.usefixtures("_product_limits")
def test_a_new_password_opens_a_closed_account(learner: User) -> None:
    for _ in range(5):
        sign_in(LEARNER, "wrong")
    set_password_by_link(LEARNER)
    assert sign_in(LEARNER, NEW["password1"]).status_code == 302


def set_password_by_link(email: str) -> None:
    client = Client()
    client.post("/account/password/reset/", {"email": email})
    link = re.search(r"/account/password/reset/key/\S+", mail.outbox[-1].body)
    assert link, mail.outbox[-1].body
    client.post(client.get(link[0]).url, NEW)


# A network address that many share ------------------------------------------------------------------------------------


@pytest.fixture
def _busy_network(_product_limits: None) -> None:
    """Sixty wrong tries have come from here within the hour. One test below makes them at a door."""
    for _ in range(60):
        assert limits.consume(RequestFactory().post("/"), "login_failed_here")


@pytest.mark.usefixtures("_busy_network")
def test_a_colleague_behind_a_busy_network_gets_in(learner: User) -> None:
    assert sign_in(LEARNER, make.PASSWORD).status_code == 302
    assert sign_in(LEARNER, make.PASSWORD).status_code == 302, "a right password does not use the try up"


@pytest.mark.usefixtures("_busy_network")
@pytest.mark.parametrize("door", DOORS)
def test_behind_a_busy_network_each_account_has_one_try(door: str, learner: User, passwords_read: list[str]) -> None:
    other = make.user("other@example.org")
    knock(door, "wrong", learner)
    for _ in range(4):  # which are no tries: they count neither here nor elsewhere
        refused = knock(door, make.PASSWORD, learner)
    assert passwords_read == ["wrong"]
    assert "Wait 1 hour" in page(refused)
    assert sign_in(other.email, make.PASSWORD).status_code == 302, "everybody has a try of their own"
    assert sign_in(LEARNER, make.PASSWORD, REMOTE_ADDR="192.0.2.7").status_code == 302, "elsewhere it is quiet"


@pytest.mark.usefixtures("_busy_network")
def test_a_new_password_gives_the_try_back(learner: User) -> None:
    sign_in(LEARNER, "wrong")
    set_password_by_link(LEARNER)
    assert sign_in(LEARNER, NEW["password1"]).status_code == 302


@pytest.mark.usefixtures("_product_limits")
def test_somebody_who_resets_their_own_password_does_not_clear_the_network(learner: User) -> None:
    """Five wrong tries, then 55."""
    test_a_new_password_opens_a_closed_account(learner)
    for number in range(55):
        sign_in(f"nobody{number}@example.org", "wrong")
    sign_in("last@example.org", "wrong")
    assert "your network" in page(sign_in("last@example.org", "wrong"))


@pytest.mark.usefixtures("_busy_network")
def test_the_alarm_is_raised_once_and_names_nobody(learner: User, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        for _ in range(3):
            sign_in(LEARNER, "wrong")
    alarms = [record.getMessage() for record in caplog.records if record.name == "apps.accounts.adapter"]
    assert alarms == ["Too many failed sign-ins from one network address"]
    assert not re.search(r"learner|127\.0\.0\.1", caplog.text)


# Refusals -------------------------------------------------------------------------------------------------------------

SIGN_UP = NEW | {"email": "new@example.org", "full_name": "N"}
# How each limit that answers with 429 is used up: signed in or not, the address, the form; and what the page says.
REFUSALS: dict[str, tuple[bool, str, dict[str, str], str]] = {
    "login": (False, "/account/login/", {}, "1 minute"),
    "signup": (False, "/account/signup/", {}, "1 hour"),
    "confirm_email": (False, "/account/signup/", SIGN_UP, "10 seconds"),
    "reset_password": (False, "/account/password/reset/", {"email": LEARNER}, "1 hour"),
    "reset_password_from_key": (False, "/account/password/reset/key/1-no-such-key/", {}, "1 minute"),
    "change_password": (True, "/account/password/change/", {}, "1 minute"),
    "reauthenticate": (True, "/account/reauthenticate/", {}, "1 minute"),
    "manage_email": (True, "/account/email/", {"action_add": ""}, "1 minute"),
}
TOLD_IN_THE_FORM = {"login_failed", "login_failed_here", "login_failed_last", "report"}
WITHOUT_A_DOOR = {"change_phone", "verify_phone", "request_login_code"}  # there are no phones and no codes to sign in


@pytest.mark.usefixtures("_product_limits")
def test_every_limit_is_known() -> None:
    assert set(app_settings.RATE_LIMITS) == {
        *REFUSALS, *TOLD_IN_THE_FORM, *WITHOUT_A_DOOR, "alarm",
    }  # fmt: skip
    doors = access_table.every_url_name()
    assert limits.LIMITS_AT.keys() <= doors
    of_accounts = [name for name in doors if name.startswith("account")]
    assert not [name for name in of_accounts if "phone" in name or name == "account_request_login_code"]


@pytest.mark.usefixtures("_by_code")
@pytest.mark.parametrize("action", REFUSALS)
def test_a_refusal_says_truly_how_long_and_leads_elsewhere(
    action: str, settings: Any, learner: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.ACCOUNT_RATE_LIMITS = product.ACCOUNT_RATE_LIMITS
    once = [f"1/{rate.duration}s/{rate.per}" for rate in ratelimit.parse_rates(app_settings.RATE_LIMITS[action])]
    settings.ACCOUNT_RATE_LIMITS = product.ACCOUNT_RATE_LIMITS | {action: ",".join(once)}
    is_signed_in, path, fields, told = REFUSALS[action]

    def ask() -> HttpResponse:
        return make.client(learner if is_signed_in else None).post(path, fields)

    assert ask().status_code != 429
    refused = ask()
    assert refused.status_code == 429
    assert f"Wait {told}, then try again." in page(refused)
    ways_on = set(re.findall(r'href="(/[^"]*)"', page(refused).split("<main")[1].split("</main>")[0]))
    assert ways_on == {"/", "/account/password/reset/"} if action == "login" else ways_on == {"/"}
    assert resolve(path).url_name not in {resolve(way).url_name for way in ways_on}
    seconds, now = int(refused.headers["Retry-After"]), time.time()
    assert limits.in_words(seconds) == told
    monkeypatch.setattr(time, "time", lambda: now + seconds - 2)
    assert ask().status_code == 429, "not earlier"
    monkeypatch.setattr(time, "time", lambda: now + seconds)
    assert ask().status_code != 429, "nor later"


def test_of_several_tries_the_first_one_to_be_forgotten_ends_the_waiting(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"reset_password": "2/m/ip"}
    start, path = time.time(), "/account/password/reset/"
    for later, status in ((0, 302), (40, 302), (45, 429)):
        monkeypatch.setattr(time, "time", lambda later=later: start + later)
        answer = Client().post(path, {"email": LEARNER})
        assert answer.status_code == status
    assert int(answer.headers["Retry-After"]) == 15


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(1, "1 second"), (59, "59 seconds"), (60, "1 minute"), (61, "2 minutes"), (900, "15 minutes"),
     (3541, "1 hour"), (3600, "1 hour"), (3601, "2 hours")],
)  # fmt: skip
def test_time_in_words_is_never_too_short(seconds: int, words: str) -> None:
    assert limits.in_words(seconds) == words


def page(response: HttpResponse) -> str:
    return response.content.decode()


# Nothing is told by the time it takes ---------------------------------------------------------------------------------


@pytest.fixture
def hashes(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every hash that was computed since the list was emptied."""
    found: list[str] = []
    encode = hashers.MD5PasswordHasher.encode

    def noting(self: Any, password: str, salt: str) -> str:
        found.append(password)
        return encode(self, password, salt)

    monkeypatch.setattr(hashers.MD5PasswordHasher, "encode", noting)
    return found


@pytest.mark.usefixtures("_by_code")
def test_signing_up_costs_a_hash_for_a_taken_address_too(learner: User, hashes: list[str]) -> None:
    del hashes[:]
    Client().post("/account/signup/", SIGN_UP)
    free = len(hashes)
    Client().post("/account/signup/", SIGN_UP | {"email": LEARNER})
    assert (free, len(hashes), len(mail.outbox)) == (1, 2, 2)


def test_signing_in_costs_a_hash_whoever_it_is(hashes: list[str]) -> None:
    make.user("closed@example.org", is_active=False)
    User.objects.create_user("without@example.org", full_name="W")
    make.user(LEARNER)
    for email in [LEARNER, "closed@example.org", "without@example.org", "nobody@example.org"]:
        del hashes[:]
        sign_in(email, "wrong")
        assert len(hashes) == 1, email


def test_a_reset_sends_one_message_whoever_it_is(learner: User, hashes: list[str]) -> None:
    make.user("closed@example.org", is_active=False)
    del hashes[:]
    for email in [LEARNER, "closed@example.org", "nobody@example.org"]:
        Client().post("/account/password/reset/", {"email": email})
        message = mail.outbox.pop()
        assert message.to == [email]
        assert ("/account/password/reset/key/" in message.body) is (email == LEARNER)
    assert not mail.outbox
    assert not hashes


# The admin ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["get", "post"])
def test_the_admin_shows_staff_the_way_and_never_to_another_site(method: str) -> None:
    client = make.client(make.educator())
    for asked, led in [
        ("/admin/modules/", "/admin/modules/"),
        ("https://evil.example/", "/admin/"),
        ("//evil", "/admin/"),
    ]:
        assert getattr(client, method)("/admin/login/", {"next": asked}).url == led
    anonymous = getattr(Client(), method)("/admin/login/", {"next": "/admin/modules/"})
    assert anonymous.url == "/account/login/?next=/admin/modules/"


def test_staff_cannot_become_somebody_else_at_the_admins_door(passwords_read: list[str]) -> None:
    educator, administrator = make.educator(), make.superuser()
    client = make.client(educator)
    client.post("/admin/login/", {"username": administrator.email, "password": make.PASSWORD})
    assert client.get("/account/").context["user"] == educator
    assert not passwords_read


def test_passwords_are_set_by_their_owners(learner: User) -> None:
    client = make.client(make.superuser())
    change = f"/admin/accounts/user/{learner.pk}/change/"
    assert "password" not in client.get(change).context["adminform"].form.fields
    client.post(f"/admin/accounts/user/{learner.pk}/password/", NEW, follow=True)
    client.post("/admin/accounts/user/add/", {"email": "new@example.org", "full_name": "N", **NEW})
    assert not User.objects.get(email="new@example.org").has_usable_password()
    learner.refresh_from_db()
    assert learner.check_password(make.PASSWORD)
    set_password_by_link("new@example.org")
    assert sign_in("new@example.org", NEW["password1"]).status_code == 302


def test_a_changed_password_is_told_to_its_owner(learner: User) -> None:
    assert knock("account_change_password", make.PASSWORD, learner).status_code == 302
    assert [(message.to, message.subject) for message in mail.outbox] == [
        ([LEARNER], "Second Look: Your password was changed")
    ]


def test_an_account_that_is_closed_is_told_so(learner: User) -> None:
    User.objects.update(is_active=False)
    assert sign_in(LEARNER, make.PASSWORD).url == "/account/inactive/"
