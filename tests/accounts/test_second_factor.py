"""A second factor: set up, asked for, lost, and what people send instead of a code."""

from __future__ import annotations

import datetime
import json
import re
import time
from typing import Any

import pytest
from allauth.account import app_settings
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.sessions.models import Session
from django.core import mail
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.accounts.factors import demand, pictures
from apps.accounts.factors.queries import factors_of, words_of
from apps.accounts.models import User
from tests import access_table, make, proofs
from tests.accounts.test_doors import IN_THE_ADMIN
from tests.passkeys import Passkey
from tests.proofs import code_of

pytestmark = [pytest.mark.django_db, pytest.mark.once]

AT = "/account/second-factor/"
APP, CODES, ADD, OPTIONS, SECOND_STEP, PROVE = (
    f"{AT}{path}" for path in ("app/", "recovery-codes/", "passkeys/add/", "passkeys/options/", "code/", "prove/")
)
SIGN_IN_BY_PASSKEY, PROVE_BY_PASSKEY = f"{AT}passkeys/sign-in/", f"{AT}prove/passkey/"
LEARNER = "learner@example.org"
INCORRECT = "That code is not right, or it has been used."


@pytest.fixture
def client(learner: User) -> Client:
    """Signed in just now, with the password."""
    client = Client()
    assert begin(client).url == "/my-learning/"
    return client


def begin(client: Client, email: str = LEARNER, after: str = "") -> HttpResponse:
    """The first step of signing in."""
    return client.post("/account/login/", {"login": email, "password": make.PASSWORD, "next": after})


def finish(client: Client, code: str) -> HttpResponse:
    """The second step."""
    return client.post(SECOND_STEP, {"code": code})


def page(response: HttpResponse) -> str:
    return response.content.decode()


def secret_on(response: HttpResponse) -> dict[str, str]:
    """The secret that a page shows, and how its form carries it."""
    found = re.search(r'name="signed_secret" value="([^"]+)"', page(response))
    shown = re.search(r'class="sl-code">([A-Z2-7 ]+)<', page(response))
    assert found
    assert shown
    assert found[1].startswith(shown[1].replace(" ", ""))
    return {"signed_secret": found[1], "secret": shown[1].replace(" ", "")}


def set_up_app(client: Client, after: str = "") -> str:
    """An app is set up, as somebody does it; gives its secret."""
    shown = secret_on(client.get(APP))
    sent = {"signed_secret": shown["signed_secret"], "code": code_of(shown["secret"]), "next": after}
    assert client.post(APP, sent).status_code == 302
    return shown["secret"]


def session_of(client: Client) -> dict[str, Any]:
    return Session.objects.get(session_key=client.session.session_key).get_decoded()


def told() -> list[str]:
    return [message.subject.removeprefix("Second Look: ") for message in mail.outbox]


# An app with codes ----------------------------------------------------------------------------------------------------


def test_an_app_is_set_up_and_asked_for_at_the_next_sign_in(client: Client, learner: User) -> None:
    secret = set_up_app(client)
    proofs.give_passkey(make.user())  # somebody else's is nothing to this person
    assert told() == ["An app was set up as your second factor"]
    assert "An app with codes" in page(client.get("/account/"))
    again = Client()
    assert begin(again, after="/account/").url == SECOND_STEP
    assert again.get("/account/").url.startswith("/account/login/"), "the password alone is not enough"
    assert "passkey" not in page(again.get(SECOND_STEP)).split("<main")[1].split("</main>")[0]
    assert finish(again, code_of(secret, 1)).url == "/account/"
    assert len(told()) == 1, "nobody is told of every sign-in"
    assert again.get("/account/").status_code == 200


def test_the_picture_of_a_secret_is_one_that_a_camera_reads(learner: User) -> None:
    """White at its edge, and in three corners a square in a ring; the fourth has none."""
    picture = pictures.of_app(learner, proofs.SECRET)
    dark = {(int(x), int(y)) for x, y in re.findall(r"M(\d+) (\d+)h1v1h-1z", picture.path)}
    last = picture.size - 5
    assert {x for x, _ in dark} == {y for _, y in dark} == {*range(4, last + 1)}
    assert picture.size % 4 == 1, "21 squares, or 4 more for each version, and the edges"

    def ring(left: int, top: int) -> set[tuple[int, int]]:
        return {(x, y) for x in range(7) for y in range(7) if (left + x, top + y) in dark}

    sign = {(x, y) for x in range(7) for y in range(7) if max(abs(x - 3), abs(y - 3)) != 2}
    corners = [ring(left, top) == sign for left in (4, last - 6) for top in (4, last - 6)]
    assert corners == [True, True, True, False]


@pytest.mark.parametrize(
    ("steps", "is_taken"),
    [(0, True), (-1, True), (1, True), (-2, False), (2, False), (-120, False), (120, False)],
)
def test_a_code_may_be_one_step_old(steps: int, is_taken: bool, learner: User) -> None:
    """A phone whose clock is an hour wrong is told what is the matter."""
    proofs.give_app(learner)
    browser = Client()
    begin(browser)
    answer = finish(browser, code_of(steps=steps))
    assert answer.status_code == (302 if is_taken else 422)
    assert is_taken or "let your phone set its clock by itself" in page(answer)


@pytest.mark.parametrize(("begins", "ends"), [(" ", ""), ("", " "), ("", "\t"), ("1 ", " ")])
def test_blanks_in_a_code_are_nothing(begins: str, ends: str, learner: User) -> None:
    proofs.give_app(learner)
    browser, code = Client(), code_of()
    begin(browser)
    assert finish(browser, f"{begins.strip() and ' '}{code[:3]} {code[3:]}{ends}").status_code == 302


@pytest.mark.parametrize("code", ["abcdef", "", "12345", "1234567", "١٢٣٤٥٦", "\x00\x00", "9" * 5000, "-1", "0x1234"])
def test_what_is_no_code_is_refused(code: str, client: Client, learner: User) -> None:
    proofs.give_app(learner)
    browser = Client()
    begin(browser)
    assert finish(browser, code).status_code == 422
    proofs.age(client)
    assert client.post(PROVE, {"code": code, "next": "/account/"}).status_code == 422


def test_a_code_is_taken_once_at_all_doors_together(client: Client, learner: User) -> None:
    secret = set_up_app(client)
    browser = Client()
    begin(browser)
    assert INCORRECT in page(finish(browser, code_of(secret))), "the one it was set up with"
    assert finish(browser, code_of(secret, 1)).status_code == 302
    proofs.age(browser)
    assert INCORRECT in page(browser.post(PROVE, {"code": code_of(secret, 1)}))


def test_no_session_holds_the_secret_of_an_app(client: Client) -> None:
    shown = secret_on(client.get(APP))
    assert shown["secret"] not in str(session_of(client))
    client.post(APP, {"signed_secret": shown["signed_secret"], "code": "000000"})
    assert shown["secret"] not in str(session_of(client))
    set_up_app(client)
    records = session_of(client)["account_authentication_methods"]
    assert [sorted(record) for record in records] == [["at", "email", "method"], ["at", "id", "method", "type"]]


@pytest.mark.parametrize("path", [SECOND_STEP, PROVE, APP])
def test_an_empty_code_is_asked_for_in_the_same_words_above_and_beside_the_field(path: str, learner: User) -> None:
    if path != APP:
        proofs.give_app(learner)
    browser = make.client(learner) if path == PROVE else Client()
    begin(browser)
    answer = page(browser.post(path, {"code": ""}))
    what = "code from the app" if path == APP else "code from your app, or a recovery code"
    assert f">C{what[1:]}</label>" in answer
    assert answer.count(f"Enter the {what}<") == 2
    assert "missing" not in answer


def test_a_wrong_code_keeps_the_picture(client: Client) -> None:
    shown = secret_on(client.get(APP))
    wrong = client.post(APP, {"signed_secret": shown["signed_secret"], "code": "000000"})
    assert wrong.status_code == 422
    assert secret_on(wrong) == shown, "and makes it no younger"


@pytest.mark.parametrize("sealed", ["", "JBSWY3DPEHPK3PXP", "JBSWY3DPEHPK3PXP:1:2", "x" * 5000])
def test_nobody_brings_a_secret_of_their_own(sealed: str, client: Client) -> None:
    answer = client.post(APP, {"signed_secret": sealed, "code": code_of()})
    assert answer.status_code == 422
    assert "This page had been open for too long" in page(answer)
    assert not Authenticator.objects.exists()


def test_the_secret_of_one_person_is_none_of_anothers(client: Client) -> None:
    other = make.user("other@example.org")
    theirs = make.client(other)
    proofs.prove(theirs, other, method="password")
    shown = secret_on(theirs.get(APP))
    answer = client.post(APP, {"signed_secret": shown["signed_secret"], "code": code_of(shown["secret"])})
    assert answer.status_code == 422
    assert not Authenticator.objects.exists()


def test_a_page_that_was_open_for_an_hour_shows_a_new_picture(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    shown, now = secret_on(client.get(APP)), time.time()
    monkeypatch.setattr(time, "time", lambda: now + 3601)
    proofs.age(client, -datetime.timedelta(hours=1))
    answer = client.post(APP, {"signed_secret": shown["signed_secret"], "code": code_of(shown["secret"])})
    assert answer.status_code == 422
    assert secret_on(answer)["secret"] != shown["secret"]


def test_two_tabs_set_up_one_app(client: Client, learner: User) -> None:
    first, second = secret_on(client.get(APP)), secret_on(client.get(APP))
    assert first["secret"] != second["secret"]
    assert (
        client.post(APP, {"signed_secret": first["signed_secret"], "code": code_of(first["secret"])}).status_code == 302
    )
    late = client.post(APP, {"signed_secret": second["signed_secret"], "code": code_of(second["secret"])}, follow=True)
    assert "Your app is set up already." in page(late)
    browser = Client()
    begin(browser)
    assert finish(browser, code_of(first["secret"], 1)).status_code == 302, "the first one is the one"


def test_an_app_is_removed_and_its_owner_is_told(client: Client, learner: User) -> None:
    set_up_app(client)
    assert client.post(f"{APP}remove/").url == AT
    assert told()[-1] == "The app was removed from your account"
    assert not Authenticator.objects.exists(), "recovery codes stand in for nothing"
    assert begin(Client()).url == "/my-learning/"


# Recovery codes -------------------------------------------------------------------------------------------------------


def test_recovery_codes_are_shown_until_they_are_kept(client: Client, learner: User) -> None:
    set_up_app(client)
    codes = re.findall(r'<li class="sl-code">(\d{8})</li>', page(client.get(CODES)))
    assert len(codes) == 10
    assert codes[0] in page(client.get(CODES)), "the browser's Stop loses nothing"
    saved = client.get(f"{CODES}download/")
    assert saved["Content-Disposition"].startswith("attachment")
    assert set(codes) <= set(page(saved).split())
    client.post(CODES)
    assert codes[0] not in page(client.get(CODES))
    assert "10 of 10 are left" in page(client.get(CODES))
    assert client.get(f"{CODES}download/").status_code == 404
    browser = Client()
    begin(browser)
    assert finish(browser, f"{codes[3][:4]} {codes[3][4:]}").status_code == 302
    assert told()[-1] == "A recovery code of your account was used"
    assert "9 of 10 are left" in mail.outbox[-1].body
    assert "9 of 10 are left" in page(browser.get(CODES))
    again = Client()
    begin(again)
    assert finish(again, codes[3]).status_code == 422, "each works once"


def test_new_recovery_codes_end_the_old_ones(client: Client, learner: User) -> None:
    set_up_app(client)
    old = re.findall(r'<li class="sl-code">(\d{8})</li>', page(client.get(CODES)))
    client.post(CODES)
    assert client.post(f"{CODES}new/").url == CODES
    new = re.findall(r'<li class="sl-code">(\d{8})</li>', page(client.get(CODES)))
    assert not set(old) & set(new)
    assert told()[-1] == "New recovery codes were made for your account"
    browser = Client()
    begin(browser)
    assert finish(browser, old[0]).status_code == 422
    assert finish(browser, new[0]).status_code == 302


def test_there_are_no_recovery_codes_without_a_factor(client: Client) -> None:
    assert client.get(CODES).status_code == 404
    answer = client.post(f"{CODES}new/")
    assert answer.status_code == 422
    assert not Authenticator.objects.exists()


# Passkeys -------------------------------------------------------------------------------------------------------------


def options(client: Client, **fields: str) -> dict[str, Any]:
    answer = client.post(OPTIONS, fields)
    assert answer.status_code == 200
    return answer.json()


def add(client: Client, passkey: Passkey, name: str = "") -> HttpResponse:
    made = passkey.create(options(client, add="1"))
    return client.post(ADD, {"credential": json.dumps(made), "name": name})


def test_a_passkey_signs_in_by_itself_and_as_a_second_step(client: Client, learner: User) -> None:
    passkey = Passkey()
    assert add(client, passkey, "My phone").url == CODES
    assert told() == ["A passkey was added to your account"]
    assert "My phone" in page(client.get(AT))
    alone = Client()
    said = json.dumps(passkey.get(options(alone)))
    assert alone.post(SIGN_IN_BY_PASSKEY, {"credential": said, "next": "/account/"}).url == "/account/"
    assert alone.get("/account/").context["user"] == learner
    second = Client()
    assert begin(second, after="/account/").url == SECOND_STEP
    asked = options(second)
    assert len(asked["publicKey"]["allowCredentials"]) == 1, "it is known whose passkey is wanted"
    assert second.post(SECOND_STEP, {"credential": json.dumps(passkey.get(asked))}).url == "/account/"


def test_an_app_or_a_passkey_is_a_factor_and_recovery_codes_alone_are_none(learner: User) -> None:
    assert (str(factors_of(learner)), bool(factors_of(learner))) == ("None", False)
    proofs.give_recovery_codes(learner)
    assert not factors_of(learner)
    proofs.give_passkey(learner)
    assert (str(factors_of(learner)), bool(factors_of(learner))) == ("1 passkey", True)
    assert words_of(learner) == ["Its second factor: 1 passkey, and recovery codes."]
    proofs.give_app(learner)
    assert str(factors_of(learner)) == "An app with codes and 1 passkey"


def test_a_second_factor_brings_no_codes_and_leads_back(client: Client) -> None:
    asked = options(client, add="1")["publicKey"]["rp"]
    assert asked == {"id": "secondlook.example", "name": "Second Look"}, "what the browser says the passkey is for"
    assert add(client, Passkey()).url == CODES
    assert add(client, Passkey()).url == AT


def test_the_day_is_told_by_the_clock_of_our_readers() -> None:
    ends = datetime.datetime(2026, 6, 30, 23, 30, tzinfo=datetime.UTC)
    assert "Set one up before 1 July:" in demand.in_words(ends, ends - datetime.timedelta(microseconds=1))
    assert "Until you have set one up" in demand.in_words(ends, ends)


@pytest.mark.parametrize(("ago", "is_fresh"), [(299, True), (300, False), (301, False)])
def test_a_proof_is_fresh_for_five_minutes_to_the_moment(ago: int, is_fresh: bool) -> None:
    assert demand.is_fresh(make.NOW, make.NOW + datetime.timedelta(seconds=ago)) is is_fresh
    assert not demand.is_fresh(None, make.NOW)


SAID_BY_THE_SCRIPT = {
    "gave_up": "Nothing was sent: the browser or you stopped it. Try again, or choose another way.",
    "known": "This device has a passkey of yours already.",
    "elsewhere": "Passkeys belong to one address. Open the site at the address you were given, in development",
    "too_old": "This page has been open for too long, or there is no connection. Load it again.",
    "no_passkeys": "This browser knows no passkeys. Choose another way.",
}


def test_where_a_passkey_can_be_used_its_form_says_what_may_go_wrong(client: Client, learner: User) -> None:
    """Hidden until the script is there: who has no passkey, or no scripts, sees none of it."""
    proofs.give_passkey(learner)
    proofs.prove(client, learner)
    waiting, stranger = Client(), Client()
    begin(waiting)
    for browser, path, button in (
        (waiting, SECOND_STEP, "Use a passkey"), (client, PROVE, "Use a passkey"), (client, ADD, "Add a passkey"),
        (stranger, "/account/login/", "Sign in with a passkey"),
    ):  # fmt: skip
        shown = page(browser.get(path))
        said = dict(re.findall(r'data-says="(\w+)" hidden>(.*?)<(?:/p|code)>', shown))
        assert {name: text.strip() for name, text in said.items()} == SAID_BY_THE_SCRIPT, path
        assert re.search(rf'data-passkey="(get|add)".*?>{button}</button>', shown, re.DOTALL), path


def test_a_passkey_without_a_name_gets_one(client: Client, learner: User) -> None:
    """It is counted among one's own."""
    proofs.give_passkey(make.user())
    for name in ("Passkey", "Passkey 2", "Passkey 3"):
        assert add(client, Passkey()).status_code == 302
        assert Authenticator.objects.filter(type="webauthn").latest("pk").wrap().name == name


def test_everybody_may_have_so_many_passkeys_whatever_others_have(
    client: Client, learner: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("apps.accounts.factors.forms.MAX_PASSKEYS", 2)
    others = [proofs.give_passkey(make.user()) for _ in range(2)]
    assert add(client, Passkey()).status_code == 302
    assert add(client, Passkey()).status_code == 302
    assert add(client, Passkey()).status_code == 422
    assert Authenticator.objects.filter(type="webauthn").count() == len(others) + 2


@pytest.mark.parametrize(("has_one", "asked"), [(False, "your password"), (True, "your second factor")])
def test_what_was_sent_too_late_waits_for_what_its_sender_has(learner: User, has_one: bool, asked: str) -> None:
    late = make.client(learner)
    if has_one:
        proofs.give_app(learner)
    answer = late.post(reverse("mfa_add_webauthn"), {"name": "Mine"})
    assert answer.status_code == 403
    assert f"This asks for {asked}, and you have not" in page(answer)
    assert f'href="{reverse("mfa_reauthenticate" if has_one else "account_reauthenticate")}"' in page(answer)


def test_a_passkey_that_asked_nobody_is_a_second_step_only(client: Client, learner: User) -> None:
    """A security key without a PIN: whoever holds it could sign in alone."""
    passkey = Passkey(is_verified=False)
    add(client, passkey)
    alone = Client()
    refused = alone.post(SIGN_IN_BY_PASSKEY, {"credential": json.dumps(passkey.get(options(alone)))}, follow=True)
    assert "That passkey did not work here" in page(refused)
    assert not refused.context["user"].is_authenticated
    second = Client()
    begin(second)
    assert second.post(SECOND_STEP, {"credential": json.dumps(passkey.get(options(second)))}).status_code == 302


@pytest.mark.parametrize("what", ["origin", "site", "challenge", "key", "again"])
def test_a_passkey_of_another_site_or_challenge_is_refused(what: str, client: Client, learner: User) -> None:
    passkey = Passkey()
    add(client, passkey)
    browser = Client()
    asked = options(browser)
    if what == "origin":
        passkey.origin = "https://secondlook.example.evil.test"
    elif what == "site":
        passkey.site = "evil.test"
    elif what == "challenge":
        asked = options(Client())
    elif what == "key":
        passkey.key = Passkey().key
    said = json.dumps(passkey.get(asked))
    if what == "again":
        assert browser.post(SIGN_IN_BY_PASSKEY, {"credential": said}).url == "/my-learning/"
        browser.post("/account/logout/")
    refused = browser.post(SIGN_IN_BY_PASSKEY, {"credential": said}, follow=True)
    assert "That passkey did not work here" in page(refused)
    assert not refused.context["user"].is_authenticated


def test_a_passkey_made_for_another_site_is_not_added(client: Client) -> None:
    answer = add(client, Passkey(origin="https://evil.test"))
    assert answer.status_code == 422
    assert "That passkey did not work here" in page(answer)
    assert not Authenticator.objects.exists()


HOSTILE = [
    *("", "{}", "[]", "null", "1", '"x"', "{", "true", "[[]]", '{"id": 1}', '{"response": []}', '{"response": null}'),
    '{"id": "x", "rawId": "x", "type": "public-key", "response": {}}',
    '{"id": "AA", "rawId": "AA", "type": "public-key", "response": '
    '{"clientDataJSON": "AA", "attestationObject": "AA"}}',
    '{"id": "AA", "rawId": "AA", "type": "public-key", "response": '
    '{"clientDataJSON": "e30", "authenticatorData": "AA", "signature": "AA", "userHandle": "MQ"}}',
    '{"id": "é", "rawId": "é", "type": "public-key", "response": {"userHandle": "é", "clientDataJSON": "é"}}',
    '{"response": {"userHandle": 5}}',
    "[" * 5000,
    '{"id": "' + "A" * 30_000 + '"}',
    "\x00",
    "1e999",
]


@pytest.mark.parametrize("said", HOSTILE)
def test_what_is_no_passkey_is_refused_at_each_door(said: str, client: Client, learner: User) -> None:
    proofs.give_app(learner)
    proofs.prove(client, learner)
    options(client, add="1")
    assert client.post(ADD, {"credential": said}).status_code == 422
    options(client)
    assert client.post(PROVE_BY_PASSKEY, {"credential": said}).status_code == 302
    second = Client()
    begin(second)
    options(second)
    assert second.post(SECOND_STEP, {"credential": said}).status_code == 422
    alone = Client()
    options(alone)
    assert alone.post(SIGN_IN_BY_PASSKEY, {"credential": said}).url == "/account/login/"
    assert Authenticator.objects.count() == 1


@pytest.mark.parametrize("part", ["clientDataJSON", "attestationObject"])
def test_a_passkey_that_is_cut_off_is_refused(part: str, client: Client) -> None:
    made = Passkey().create(options(client, add="1"))
    for length in range(0, len(made["response"][part]), 7):
        cut = made | {"response": made["response"] | {part: made["response"][part][:length]}}
        assert client.post(ADD, {"credential": json.dumps(cut)}).status_code == 422, length
    assert not Authenticator.objects.exists()


def test_ten_passkeys_are_the_most(client: Client, learner: User) -> None:
    for _ in range(10):
        proofs.give_passkey(learner)
    proofs.prove(client, learner)
    answer = client.post(ADD, {"credential": "{}"})
    assert answer.status_code == 422
    assert "You have ten passkeys" in page(answer)


def test_a_passkey_is_removed_by_its_owner_alone(client: Client, learner: User) -> None:
    theirs = proofs.give_passkey(make.user("other@example.org"))
    own = proofs.give_passkey(learner, "Old phone")
    proofs.prove(client, learner)
    for remove in (client.get, client.post):
        assert remove(f"{AT}passkeys/{theirs.pk}/remove/").status_code == 404
    assert "Old phone" in page(client.get(f"{AT}passkeys/{own.pk}/remove/"))
    client.post(f"{AT}passkeys/{own.pk}/remove/")
    assert list(Authenticator.objects.all()) == [theirs]
    assert told() == ["A passkey was removed from your account"]


# How often ------------------------------------------------------------------------------------------------------------


DOORS = {"mfa_authenticate", "mfa_reauthenticate", "mfa_activate_totp"}  # where codes are read: they share one count


@pytest.mark.parametrize("role", ["anonymous", "learner", "administrator"])
def test_no_other_address_reads_a_code(role: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever opens another door adds it above, and to the test below.

    Outside the admin the administrator is a learner like any other; who is not of the staff stops before its pages.
    """
    world, read = access_table.make_world(), []
    for reader in (TOTP, RecoveryCodes):
        monkeypatch.setattr(reader, "validate_code", lambda self, code: bool(read.append(code)))
    for person in world.users.values():
        proofs.give_app(person)
    browser = world.client(role, raise_request_exception=False)
    if role != "anonymous":
        proofs.prove(browser, world.users[role])
    for path, name in {row.path: row.name for row in access_table.rows(world)}.items():
        if path.startswith(IN_THE_ADMIN) if role != "administrator" else not path.startswith("/admin/"):
            continue
        with access_table.undone(browser):
            browser.post(path, {"code": "123456", "otp": "123456", "token": "123456"})
        assert name in DOORS or not read, path
        del read[:]


@pytest.mark.usefixtures("_product_limits")
@pytest.mark.parametrize("doors", [["second"], ["prove"], ["passkey"], ["second", "prove", "passkey"]])
def test_five_wrong_codes_close_every_door(doors: list[str], client: Client, learner: User) -> None:
    assert app_settings.RATE_LIMITS["login_failed"] == "5/15m/key"
    proofs.give_app(learner)
    second, stolen = Client(), Passkey(site="secondlook.example")
    begin(second)
    tries = {
        "second": lambda code: second.post(SECOND_STEP, {"code": code}),
        "prove": lambda code: client.post(PROVE, {"code": code}),
        "passkey": lambda code: second.post(SECOND_STEP, {"credential": json.dumps(stolen.get(options(second)))}),
    }
    for number in range(5):
        assert INCORRECT[:9] in page(tries[doors[number % len(doors)]]("000000")).replace("That passkey", INCORRECT[:9])
    refused = tries["second"](code_of())
    assert "Too many wrong codes for this account. Wait 15 minutes" in page(refused)
    assert refused.status_code == 422
    assert "Too many wrong codes" in page(tries["prove"](code_of()))


@pytest.mark.usefixtures("_product_limits")
def test_a_right_code_gives_the_tries_back(learner: User) -> None:
    proofs.give_app(learner)
    for steps in (-1, 0, 1):
        browser = Client()
        begin(browser)
        for _ in range(4):
            finish(browser, "000000")
        assert finish(browser, code_of(steps=steps)).status_code == 302


# Who is asked, and for what -------------------------------------------------------------------------------------------


def test_who_has_a_factor_is_not_asked_for_the_password(client: Client, learner: User) -> None:
    """A password that was found out takes nothing of the factor away."""
    proofs.give_app(learner)
    proofs.age(client)
    assert client.get(f"{APP}remove/").url == f"{PROVE}?next=%2Faccount%2Fsecond-factor%2Fapp%2Fremove%2F"
    assert client.get("/account/reauthenticate/").url == PROVE
    assert client.post("/account/reauthenticate/", {"password": make.PASSWORD}).url == PROVE
    assert client.post(f"{APP}remove/").status_code == 403
    proofs.prove(client, learner, method="password")
    assert client.post(f"{APP}remove/").status_code == 403, "nor is it enough just after it"
    assert client.post(PROVE, {"code": code_of(), "next": f"{APP}remove/"}).url == f"{APP}remove/"
    assert client.post(f"{APP}remove/").url == AT


@pytest.mark.parametrize("path", [APP, f"{APP}remove/", CODES, f"{CODES}new/", ADD])
def test_a_form_whose_proof_has_grown_old_waits_on_the_page(path: str, client: Client, learner: User) -> None:
    if path != APP:
        proofs.give_app(learner)
    proofs.age(client)
    sent = {"code": "123 456", "signed_secret": "a-secret", "credential": "a-key", "name": "My phone"}
    refused = client.post(path, sent | make.owned_by(learner))
    assert refused.status_code == 403
    assert all(value in page(refused) for value in sent.values())
    assert "First show that it is you" in page(refused)
    assert not any(value in str(session_of(client)) for value in sent.values())
    way = "/account/reauthenticate/" if path == APP else PROVE
    assert f'href="{way}"' in page(refused)


def test_signing_in_is_a_proof_for_five_minutes(client: Client, learner: User) -> None:
    assert client.get(APP).status_code == 200
    proofs.age(client)
    assert client.get(APP).url.startswith("/account/reauthenticate/")


def test_a_proof_of_anothers_session_is_none(client: Client, learner: User) -> None:
    """The records say whose they are."""
    session = client.session
    session["account_authentication_methods_user"] = "999"
    session.save()
    assert client.get(APP).url.startswith("/account/reauthenticate/")


def test_a_password_that_was_typed_before_the_factor_came_takes_nothing_away(client: Client, learner: User) -> None:
    """In another browser, just now, and by allauth's own record of it."""
    proofs.age(client)
    assert client.post("/account/reauthenticate/", {"password": make.PASSWORD, "next": "/account/"}).url == "/account/"
    proofs.give_app(learner)
    proofs.give_recovery_codes(learner)
    assert client.get(CODES).url.startswith(PROVE)
    assert client.post(f"{APP}remove/").status_code == 403
    assert Authenticator.objects.count() == 2


def test_a_factor_that_goes_while_the_second_step_waits(learner: User) -> None:
    """It begins anew, and not in a circle."""
    app, browser = proofs.give_app(learner), Client()
    begin(browser, after="/account/")
    app.delete()
    assert browser.get(SECOND_STEP).url == "/account/login/"
    assert LATE in page(browser.get("/account/login/"))
    assert begin(browser, after="/account/").url == "/account/"


LATE = "That took longer than 15 minutes, or your account was changed. Sign in again."


@pytest.mark.parametrize("way", ["code", "passkey", "look"])
def test_who_is_late_with_the_second_step_is_told(way: str, learner: User, monkeypatch: pytest.MonkeyPatch) -> None:
    """A browser asks for the options of a passkey before it sends it."""
    proofs.give_app(learner)
    browser, now = Client(), time.time()
    begin(browser)
    monkeypatch.setattr("allauth.account.internal.stagekit.time.time", lambda: now + 1000)
    if way == "passkey":
        browser.post(OPTIONS)
    answer = browser.get(SECOND_STEP) if way == "look" else finish(browser, code_of())
    assert answer.url == "/account/login/"
    assert page(browser.get("/account/login/")).count(LATE) == 1
    assert LATE not in page(browser.get("/account/login/")), "once"


@pytest.mark.parametrize("what", ["password", "is_active"])
def test_a_second_step_knows_what_became_of_the_first(what: str, learner: User) -> None:
    """Another password, or an account that is closed to its owner: it begins anew."""
    proofs.give_app(learner)
    browser = Client()
    begin(browser)
    if what == "password":
        learner.set_password("another-good-one-2026")
    else:
        learner.is_active = False
    learner.save()
    assert finish(browser, code_of()).url == "/account/login/"
    assert browser.get("/account/").url.startswith("/account/login/")
    learner.is_active = True
    learner.save()
    assert finish(browser, code_of()).url == "/account/login/", "nor later"


def test_a_passkey_that_fails_leads_on_all_the_same() -> None:
    answer = Client().post(SIGN_IN_BY_PASSKEY, {"credential": '{"id": 1}', "next": "/account/"})
    assert answer.url == "/account/login/?next=%2Faccount%2F"


def test_who_has_no_way_to_show_it_is_refused(learner: User) -> None:
    """Neither a password nor a factor: nothing falls over."""
    learner.set_unusable_password()
    learner.save()
    browser = make.client(learner)
    for path in (APP, CODES, f"{CODES}new/", ADD):
        assert browser.post(path, {"code": "1"}).status_code == 403
        assert browser.get(path).status_code == 403


def test_recovery_codes_alone_are_no_factor(client: Client, learner: User) -> None:
    """Should they ever be left behind."""
    proofs.give_recovery_codes(learner)
    assert begin(Client()).url == "/my-learning/"
    assert client.get(APP).status_code == 200


def test_keeping_the_codes_uses_none_up_and_frees_none(client: Client, learner: User) -> None:
    proofs.give_app(learner)
    codes = proofs.give_recovery_codes(learner)
    proofs.prove(client, learner)
    stale = Authenticator.objects.get(type="recovery_codes")
    used = Authenticator.objects.get(type="recovery_codes").wrap()
    assert used.validate_code(codes[0])
    assert not stale.wrap()._is_code_used(0)
    client.post(CODES)
    assert Authenticator.objects.get(type="recovery_codes").wrap()._is_code_used(0)


# Demanded -------------------------------------------------------------------------------------------------------------


@pytest.fixture
def publisher(settings: Any) -> User:
    settings.IS_SECOND_FACTOR_DEMANDED = True
    return make.publisher()


def test_the_grace_begins_with_the_first_sign_in(publisher: User) -> None:
    """And is told each time."""
    for _ in range(2):
        browser = Client()
        begin(browser, publisher.email, "/account/")
        assert "Your role needs a second factor. Set one up before" in page(browser.get("/account/"))
    for path in ("/admin/", "/admin/write/modules/"):
        browser = Client()
        begin(browser, publisher.email, path)
        assert page(browser.get(path)).count("Your role needs a second factor.") == 1, "every page there says it"
    first = User.objects.get(pk=publisher.pk).factor_demanded_at
    begin(Client(), publisher.email)
    assert User.objects.get(pk=publisher.pk).factor_demanded_at == first


ROLE = re.compile("Your role needs (?:a second factor|one)")


def test_it_is_told_once_on_a_page_whatever_waits(publisher: User) -> None:
    """Whoever looks at a few pages by scripts, signs in twice, or comes to a page that says so anyway."""
    for path in ("/admin/", "/account/", AT):
        browser = Client()
        for _ in range(2):
            begin(browser, publisher.email, "/account/")
            browser.post("/account/logout/")
        begin(browser, publisher.email, "/account/")
        shown = page(browser.get(path))
        assert len(ROLE.findall(shown)) == 1, path
        assert "You are signed out." in shown, "what else waits is told"


@pytest.mark.parametrize("path", ["/account/", AT])
def test_what_waits_to_be_told_is_told_as_it_is_by_then(path: str, publisher: User) -> None:
    browser = Client()
    begin(browser, publisher.email, "/account/")
    User.objects.update(factor_demanded_at=timezone.now() - demand.GRACE)
    shown = page(browser.get(path))
    assert len(ROLE.findall(shown)) == 1
    assert "Until you have set one up, the admin is closed to you." in shown
    assert "from then on" not in shown
    assert " on. It takes" not in shown


def test_what_holds_no_more_is_not_told(publisher: User, learner: User, settings: Any) -> None:
    """It was set up elsewhere, the role is gone, or somebody else has signed in."""
    browsers = [Client() for _ in range(3)]
    for browser in browsers:
        begin(browser, publisher.email, "/account/")
    browsers[0].post("/account/logout/")
    begin(browsers[0], learner.email, "/account/")
    app = proofs.give_app(publisher)
    for browser in browsers[:2]:
        assert not ROLE.search(page(browser.get("/account/")))
    app.delete()
    publisher.groups.clear()
    assert not ROLE.search(page(browsers[2].get("/account/")))


def test_of_others_nothing_is_demanded(publisher: User, learner: User) -> None:
    browser = Client()
    begin(browser, learner.email, "/account/")
    assert "Your role needs" not in page(browser.get("/account/"))
    assert User.objects.get(pk=learner.pk).factor_demanded_at is None


@pytest.mark.parametrize("is_overdue", [True, False])
def test_who_is_kept_out_can_leave_and_loses_no_words(is_overdue: bool, publisher: User) -> None:
    """The admin's own forms, too, wait on the page; and its button to sign out signs out."""
    administrator = make.superuser()
    User.objects.update(factor_demanded_at=timezone.now() - demand.GRACE)
    if not is_overdue:
        proofs.give_app(administrator)
    browser = make.client(administrator)
    source = make.source()
    typed = {"title": "A title that took an hour"} | make.owned_by(administrator)
    refused = browser.post(f"/admin/modules/source/{source.pk}/change/", typed)
    assert refused.status_code == 403
    assert typed["title"] in page(refused)
    assert ("you have none yet" in page(refused)) is is_overdue
    browser.post("/admin/logout/")
    assert browser.get("/account/").url.startswith("/account/login/")


def test_a_factor_that_was_removed_proves_nothing_more(learner: User, settings: Any) -> None:
    """Somebody without any is made an administrator in the same session."""
    proofs.give_app(learner)
    browser = make.client(learner)
    proofs.prove(browser, learner)
    browser.post(f"{APP}remove/")
    settings.IS_SECOND_FACTOR_DEMANDED = True
    User.objects.update(is_staff=True, is_superuser=True, factor_demanded_at=timezone.now() - demand.GRACE)
    assert browser.get("/admin/", follow=True).redirect_chain[-1][0] == f"{AT}?next=%2Fadmin%2F"


def test_after_the_grace_it_is_set_up_first_and_leads_on(publisher: User) -> None:
    User.objects.update(factor_demanded_at=timezone.now() - demand.GRACE)
    browser = Client()
    begin(browser, publisher.email)
    asked = browser.get("/admin/write/modules/?q=1", follow=True).redirect_chain
    assert asked == [(f"{AT}?next=%2Fadmin%2Fwrite%2Fmodules%2F%3Fq%3D1", 302)]
    secret_page = browser.get(f"{APP}?next=/admin/write/modules/")
    assert 'name="next" value="/admin/write/modules/"' in page(secret_page)
    shown = secret_on(secret_page)
    sent = {"signed_secret": shown["signed_secret"], "code": code_of(shown["secret"]), "next": "/admin/write/modules/"}
    codes = browser.post(APP, sent).url
    assert codes == f"{CODES}?next=%2Fadmin%2Fwrite%2Fmodules%2F"
    assert browser.post(CODES, {"next": "/admin/write/modules/"}).url == "/admin/write/modules/"
    assert browser.get("/admin/write/modules/").status_code == 200, "setting it up was a proof"


def test_a_session_from_before_the_demand(publisher: User, settings: Any) -> None:
    """Its pages stay open until it ends, with the word; who has a factor proves it."""
    browser = make.client(publisher)
    assert "Your role needs a second factor" in page(browser.get("/admin/"))
    proofs.give_app(publisher)
    asked = browser.get("/admin/", follow=True)
    assert asked.redirect_chain[-1][0] == f"{PROVE}?next=%2Fadmin%2F"
    assert browser.post(PROVE, {"code": code_of(), "next": "/admin/"}).url == "/admin/"
    assert browser.get("/admin/").status_code == 200


def test_whoever_may_not_use_the_admin_is_not_asked_for_a_factor(publisher: User, learner: User) -> None:
    proofs.give_app(learner)
    assert make.client(learner).get("/admin/", follow=True).status_code == 403


@pytest.mark.parametrize("is_demanded", [True, False])
def test_the_last_factor_stays_where_one_is_demanded(is_demanded: bool, publisher: User, settings: Any) -> None:
    settings.IS_SECOND_FACTOR_DEMANDED = is_demanded
    app, passkey = proofs.give_app(publisher), proofs.give_passkey(publisher)
    browser = make.client(publisher)
    proofs.prove(browser, publisher)
    browser.post(f"{APP}remove/")
    assert not Authenticator.objects.filter(pk=app.pk).exists(), "there is another"
    removed = browser.post(f"{AT}passkeys/{passkey.pk}/remove/")
    assert removed.status_code == (409 if is_demanded else 302)
    assert Authenticator.objects.filter(pk=passkey.pk).exists() is is_demanded
    if is_demanded:
        assert "you have no other" in page(removed)
        again = proofs.give_app(publisher)
        browser.post(f"{AT}passkeys/{passkey.pk}/remove/")
        refused = browser.post(f"{APP}remove/")
        assert refused.status_code == 422
        assert "you have no other" in page(refused)
        assert Authenticator.objects.get() == again


def test_a_changed_address_must_be_confirmed_before_a_factor(client: Client, learner: User, settings: Any) -> None:
    settings.MFA_ALLOW_UNVERIFIED_EMAIL = False
    learner.emailaddress_set.update(verified=False)
    asked = client.get(APP, follow=True)
    assert asked.redirect_chain[-1][0] == AT
    assert "Confirm your new e-mail address first" in page(asked)
