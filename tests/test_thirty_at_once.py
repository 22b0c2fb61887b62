"""Every POST there is, many times at the same moment: what is done is done once, and nobody gets an error.

What a whole class may do is sent thirty times; changes of an account, and the sweeps through addresses and through the
admin, send a few. SQLite lets one write at a time, whoever asks: there only what learners do is asked, and signing up.
"""

from __future__ import annotations

import copy
import re
from collections import Counter
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from typing import Any
from unittest import mock

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.models import LogEntry
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.cache import cache
from django.db import connection, connections, models
from django.template.backends.django import Template
from django.test import Client
from django.urls import reverse

from apps.accounts.factors.forms import SetUpAppForm
from apps.accounts.models import FactorRemoval, User
from apps.authoring.models import Report
from apps.core.admin import RecordAdmin
from apps.progress.models import Enrolment
from config import settings as product
from tests import access_table, make, proofs
from tests.access_table import ADMIN_DOOR, SIGN_IN, Row, World
from tests.at_once import at_once
from tests.conftest import forget_published_content

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.no_cover, pytest.mark.xdist_group("thirty at once")]

THIRTY = 30
FEW = 6  # enough to meet, as `at_once` lets nobody write before all have looked; thirty also queue, as with any one act
REFUSED = {403, 404, SIGN_IN, ADMIN_DOOR}
# Roles of a line take the same way: the first of them that may send something stands for all.
WAYS = (("anonymous",), ("learner",), ("other_learner", "educator", "author", "administrator"))
ACCOUNTS_OF_WHAT_WAS_DONE = {LogEntry, Session}
Data = dict[str, Any]


@pytest.fixture(autouse=True)
def _as_in_production(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Sign-in limits are counted, which takes the cache's table."""
    settings.ACCOUNT_RATE_LIMITS = product.ACCOUNT_RATE_LIMITS
    if connection.vendor == "sqlite":  # thirty writers queue for one lock, on a machine that may be busy with tests
        monkeypatch.setitem(connections.settings["default"]["OPTIONS"], "timeout", 120)


def sizes() -> Counter[str]:
    """How many rows each table has."""
    counted = set(apps.get_models(include_auto_created=True)) - ACCOUNTS_OF_WHAT_WAS_DONE
    tables = [model._meta.db_table for model in counted]
    one_each = (f"SELECT '{table}', COUNT(*) FROM {connection.ops.quote_name(table)}" for table in tables)  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(one_each))
        return Counter(dict(cursor.fetchall()))


def made_since(before: Counter[str]) -> dict[str, int]:
    after = sizes()
    return {table: after[table] - before[table] for table in after if after[table] != before[table]}


def _draw_nothing(template: Template, *args: Any, **named: Any) -> str:
    """Pages are drawn when something is sent alone; thirty times the admin's forms would take minutes."""
    return ""


def faults(browser: Client, path: str, data: Data, times: int = THIRTY) -> list[str]:
    """What is wrong when this is sent many times at once, from one browser, compared with sending it once."""
    before = sizes()
    cache.clear()
    with access_table.undone(browser):
        alone = browser.post(path, data).status_code
        made_alone = made_since(before)
    cache.clear()
    forget_published_content()
    browsers = [copy.copy(browser) for _ in range(times)]
    for one in browsers:
        one.cookies = copy.deepcopy(browser.cookies)
    with mock.patch.object(Template, "render", _draw_nothing):
        answers = at_once(*(lambda one=one: one.post(path, data).status_code for one in browsers), patience=0.2)
    told = []
    if any(not isinstance(answer, int) or answer >= 500 or answer == 400 for answer in answers):
        told.append(f"answers {Counter(map(str, answers))}")
    if alone not in answers:
        told.append(f"alone {alone}, together {Counter(map(str, answers))}")
    if (made := made_since(before)) != made_alone:
        told.append(f"made {made}, alone {made_alone}")
    cache.clear()
    return told


def tell(wrong: dict[str, list[str]]) -> None:
    assert not any(wrong.values()), "\n".join(f"{act}: {told}" for act, told in wrong.items() if told)


def browser_of(world: World, role: str) -> Client:
    return world.client(role, raise_request_exception=False)


# What the access table sends ----------------------------------------------------------------------------------------


def posts(world: World) -> Iterator[tuple[str, Row]]:
    """Every POST of the access table, with those who may send it. Forms of the admin are filled in below."""
    for row in access_table.rows(world):
        if row.method == "POST" and row.data != {"post": "yes"}:
            for way in WAYS:
                if role := next((role for role in way if row.outcomes[role] not in REFUSED), None):
                    yield role, row


@pytest.mark.once
def test_every_post_of_the_access_table() -> None:
    world = access_table.make_world()
    sent = list(posts(world))
    assert len(sent) > 30
    tell({f"{row} as {role}": faults(browser_of(world, role), row.path, row.data, FEW) for role, row in sent})


# What people send who mean it ---------------------------------------------------------------------------------------

NEW = {"email": "new@example.org", "full_name": "N", "password1": "a-good-long-one", "password2": "a-good-long-one"}
NEW_PASSWORD = {"password1": "another-good-one-2026", "password2": "another-good-one-2026"}


def code_in(message: mail.EmailMessage) -> str:
    found = re.search(r"^\s*([A-Z0-9-]{6,})\s*$", message.body, re.MULTILINE)
    assert found, message.body
    return found[1]


@pytest.fixture
def _by_code(settings: Any) -> None:
    """As in production: an address is confirmed by a code."""
    reverse("account_confirm_email", args=["key"])  # addresses are read once, before the settings change
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    settings.ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True


@pytest.fixture
def browser() -> Client:
    """Of somebody with an account and a confirmed address, who is not signed in."""
    person = make.user("person@example.org")
    EmailAddress.objects.filter(user=person).update(verified=True)
    return Client(raise_request_exception=False)


def sign_in(browser: Client) -> None:
    answer = browser.post("/account/login/", {"login": "person@example.org", "password": make.PASSWORD})
    assert answer.status_code == 302


@pytest.mark.usefixtures("_by_code")
def test_signing_up_and_confirming_the_address(browser: Client) -> None:
    wrong = {
        "sign up": faults(browser, "/account/signup/", NEW),
        "sign up with a taken address": faults(browser, "/account/signup/", NEW | {"email": "person@example.org"}),
    }
    assert {message.to[0] for message in mail.outbox} == {"new@example.org", "person@example.org"}
    another = Client(raise_request_exception=False)
    another.post("/account/signup/", NEW | {"email": "another@example.org"})
    wrong["confirm"] = faults(another, "/account/confirm-email/", {"code": code_in(mail.outbox[-1])})
    tell(wrong)


@pytest.mark.once
def test_signing_in_and_a_forgotten_password(browser: Client) -> None:
    right = {"login": "person@example.org", "password": make.PASSWORD}
    wrong = {
        "sign in": faults(browser, "/account/login/", right),
        "ask for a reset": faults(browser, "/account/password/reset/", {"email": "person@example.org"}),
    }
    browser.post("/account/password/reset/", {"email": "person@example.org"})
    link = re.search(r"https://[^/]+(/account/password/reset/key/\S+)", mail.outbox[-1].body)
    assert link
    form = browser.get(link[1]).url
    tell(wrong | {"choose a new one": faults(browser, form, NEW_PASSWORD)})


@pytest.mark.once
@pytest.mark.parametrize("is_by_code", [True, False])
def test_changing_what_one_signs_in_with(browser: Client, is_by_code: bool, request: pytest.FixtureRequest) -> None:
    if is_by_code:
        request.getfixturevalue("_by_code")
    sign_in(browser)
    proofs.age(browser)
    change = {"action_add": "", "email": "later@example.org"}
    wrong = {"ask": faults(browser, "/account/email/", change, FEW)}
    asked = browser.post("/account/email/", change).url
    wrong["say the password once more"] = faults(browser, asked, {"password": make.PASSWORD}, FEW)
    browser.post(asked, {"password": make.PASSWORD})
    wrong["change the address"] = faults(browser, "/account/email/", change | {"email": "last@example.org"}, FEW)
    browser.post("/account/email/", change)
    if is_by_code:
        code = code_in(mail.outbox[-1])
        wrong["confirm it"] = faults(browser, "/account/confirm-email/", {"code": code}, FEW)
    else:
        link = re.search(r"https://[^/]+(/account/confirm-email/\S+)", mail.outbox[-1].body)
        assert link
        wrong["confirm it"] = faults(browser, link[1], {}, FEW)
    passwords = {"oldpassword": make.PASSWORD} | NEW_PASSWORD
    tell(wrong | {"change the password": faults(browser, "/account/password/change/", passwords, FEW)})


FACTOR = "/account/second-factor/"


@pytest.mark.once
def test_setting_up_a_second_factor(browser: Client) -> None:
    """One tab is pressed many times; each of many tabs has a secret of its own."""
    person = User.objects.get()
    sign_in(browser)
    signed = SetUpAppForm(user=person)
    sent = {"signed_secret": signed.sealed, "code": proofs.code_of(signed.secret)}
    wrong = {"set up an app": faults(browser, f"{FACTOR}app/", sent, FEW)}
    wrong["keep the codes"] = faults(browser, f"{FACTOR}recovery-codes/", {}, FEW)
    wrong["make new ones"] = faults(browser, f"{FACTOR}recovery-codes/new/", {}, FEW)
    wrong["remove the app"] = faults(browser, f"{FACTOR}app/remove/", {}, FEW)
    tell(wrong)
    assert not Authenticator.objects.exists()


@pytest.mark.parametrize("kind", ["app", "recovery"])
def test_a_code_opens_one_door(kind: str) -> None:
    """Many who have the password send the same code at the same moment."""
    person = make.user("person@example.org")
    proofs.give_app(person)
    code = {"app": proofs.code_of(), "recovery": proofs.give_recovery_codes(person)[0]}[kind]
    browsers = [Client() for _ in range(FEW)]
    for one in browsers:
        sign_in(one)
    answers = at_once(*(lambda one=one: one.post(f"{FACTOR}code/", {"code": code}).status_code for one in browsers))
    assert Counter(answers) == {302: 1, 422: FEW - 1}


@pytest.mark.once
def test_wrong_codes_that_come_together_are_counted_one_by_one(settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = product.ACCOUNT_RATE_LIMITS
    person = make.user("person@example.org")
    proofs.give_app(person)
    browsers = [Client() for _ in range(FEW)]
    for one in browsers:
        sign_in(one)
    at_once(*(lambda one=one: one.post(f"{FACTOR}code/", {"code": "000000"}).status_code for one in browsers))
    refused = browsers[0].post(f"{FACTOR}code/", {"code": proofs.code_of()})
    assert "Too many wrong codes" in refused.content.decode()


@pytest.mark.once
def test_two_tabs_cannot_each_take_away_the_last_factor(settings: Any) -> None:
    settings.IS_SECOND_FACTOR_DEMANDED = True
    person = make.publisher()
    proofs.give_app(person)
    passkey = proofs.give_passkey(person)
    tabs = [make.client(person) for _ in range(2)]
    for tab in tabs:
        proofs.prove(tab, person)
    at_once(
        lambda: tabs[0].post(f"{FACTOR}app/remove/").status_code,
        lambda: tabs[1].post(f"{FACTOR}passkeys/{passkey.pk}/remove/").status_code,
        patience=0.5,
    )
    assert Authenticator.objects.filter(user=person).count() == 1


@pytest.mark.once
def test_no_mail_is_sent_while_others_wait(browser: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server of mails may take long: what was locked is free by then."""
    sent: list[bool] = []
    monkeypatch.setattr(mail.EmailMessage, "send", lambda self: sent.append(connection.in_atomic_block))
    proofs.give_app(User.objects.get())
    sign_in(browser)
    browser.post(f"{FACTOR}code/", {"code": proofs.code_of()})
    browser.post(f"{FACTOR}recovery-codes/new/")
    browser.post(f"{FACTOR}app/remove/")
    assert sent == [False, False]


@pytest.mark.once
def test_a_removal_that_many_ask_for_and_confirm() -> None:
    person, first, second = make.user("person@example.org"), make.superuser(), make.administrator()
    proofs.give_app(person)
    path = f"/admin/accounts/user/{person.pk}/factor/"
    wrong = {"ask": faults(make.client(first), path, {"ask": "1"}, FEW)}
    confirm = {"confirm": FactorRemoval.objects.get().pk}
    wrong["confirm"] = faults(make.client(second), path, confirm, FEW)
    tell(wrong)
    assert FactorRemoval.objects.get().confirmed_by == second
    assert not Authenticator.objects.exists()


BASE = "/learn/posts/1"
CASE, QUIZ, TRY = f"{BASE}/scenario/case", f"{BASE}/quiz/quiz", "/try/posts/case"


def test_a_learner_who_means_it() -> None:
    make.edition("posts")
    browser = make.client(make.user(), raise_request_exception=False)
    wrong = {
        "enrol": faults(browser, "/modules/posts/start/", {"edition": 1}),
        "decide": faults(browser, f"{CASE}/choose/", {"decision": 1, "choice": "case-scene-1-best"}),
        "end the case": faults(browser, f"{CASE}/choose/", {"decision": 2, "choice": "case-scene-2-poor"}),
        "go back": faults(browser, f"{CASE}/go-back/", {"playthrough": 1, "decision": 1}),
        "begin the quiz": faults(browser, f"{QUIZ}/start/", {}),
    }
    for number, option in enumerate((["right"], ["right"], ["right", "right-2"]), start=1):
        given = {"attempt": 1, "option": [f"quiz-q{number}-{ending}" for ending in option]}
        wrong[f"answer {number}"] = faults(browser, f"{QUIZ}/question/{number}/answer/", given)
    wrong["submit"] = faults(browser, f"{QUIZ}/check/submit/", {"attempt": 1})
    wrong["begin it again"] = faults(browser, f"{QUIZ}/start/", {})
    for number in (1, 2):
        wrong[f"read {number}"] = faults(browser, f"{BASE}/reading/reading-{number}/complete/", {})
    said = {"text": "A slip.", "is_named": "on"}
    wrong["say what is wrong"] = faults(browser, "/something-wrong/posts/1/reading-1/", said)
    assert Report.objects.get().by == Enrolment.objects.get().learner
    wrong["take the certificate"] = faults(browser, f"{BASE}/finish/issue/", {"name": "Sam Learner"})
    assert Enrolment.objects.get().certificate.name == "Sam Learner"
    tell(wrong)


@pytest.mark.parametrize("act", ["complete", "choose", "begin"])
def test_a_first_act_enrols(act: str) -> None:
    make.edition("posts")
    browser = make.client(make.user(), raise_request_exception=False)
    path, data = {
        "complete": (f"{BASE}/reading/reading-1/complete/", {}),
        "choose": (f"{CASE}/choose/", {"decision": 1, "choice": "case-scene-1-best"}),
        "begin": (f"{QUIZ}/start/", {}),
    }[act]
    tell({act: faults(browser, path, data)})
    assert Enrolment.objects.count() == 1


def test_a_visitor_who_keeps_a_visit() -> None:
    edition = make.draft("posts")
    make.scenario(edition).__class__.objects.update(is_taster=True)
    make.publish(edition)
    browser = Client(raise_request_exception=False)
    choice = {"decision": 1, "choice": "case-scene-1-best"}
    wrong = {"decide as a visitor": faults(browser, f"{TRY}/choose/", choice)}
    wrong["say what is wrong"] = faults(browser, "/something-wrong/posts/1/case/", {"text": "A slip."})
    browser.post(f"{TRY}/choose/", choice)
    wrong["go back as a visitor"] = faults(browser, f"{TRY}/go-back/", {"decision": 1})
    browser.post(f"{TRY}/choose/", choice)
    browser.post("/account/signup/", NEW)
    tell(wrong | {"keep the visit": faults(browser, f"{TRY}/keep/", {})})


# The admin ----------------------------------------------------------------------------------------------------------


class FormReader(HTMLParser):
    """What a browser would send of a page's forms."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.data: dict[str, list[str]] = {}
        self._select = self._text = self._first = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        name, value = given.get("name") or "", given.get("value") or ""
        if tag == "select":
            self._select, self._first = name, "" if "multiple" in given else "is awaited"
        elif tag == "option" and self._select:
            if "selected" in given:
                self._add(self._select, value)
            elif self._first == "is awaited":
                self._first = value
        elif tag == "textarea":
            self._text = name
            self._add(name, "")
        elif tag == "input" and name:
            kind = given.get("type")
            is_ticked = kind not in {"checkbox", "radio"} or "checked" in given
            if is_ticked and kind not in {"submit", "button", "image", "file"}:
                self._add(name, value or ("on" if kind == "checkbox" else ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            if self._first not in {"", "is awaited"} and self._select not in self.data:
                self._add(self._select, self._first)  # what a browser shows where nothing is selected
            self._select = ""
        self._text = "" if tag == "textarea" else self._text

    def handle_data(self, data: str) -> None:
        if self._text:
            self.data[self._text][-1] += data.removeprefix("\n")

    def _add(self, name: str, value: str) -> None:
        self.data.setdefault(name, []).append(value)


def filled_in(browser: Client, path: str) -> Data:
    """The form of an admin's page as it stands there."""
    answer = browser.get(path)
    assert answer.status_code == 200, path
    data = FormReader(answer.content.decode()).data
    return {name: values for name, values in data.items() if "__prefix__" not in name} | {"_save": "Save"}


def rows_in_the_admin(world: World) -> Iterator[tuple[models.Model, Data]]:
    """A row of every model that can be added in the admin, with what another such row needs for itself."""
    own: dict[str, Data] = {
        "modules_module": {"slug": "fresh"},
        "modules_source": {"key": "fresh"},
        "modules_fact": {"key": "Z9"},
        "accounts_user": {"email": NEW["email"], "full_name": NEW["full_name"]},
        "auth_group": {"name": "Fresh"},
    }
    addable = {"_".join(access_name(model)) for model, site in admin.site._registry.items() if can_add(model, site)}
    rows = {name: row for name, _, row in access_table._kinds_of_models(world)}
    assert addable == own.keys(), "how to add one must stand here for every model of the admin"
    for name, fresh in own.items():
        yield rows[name], fresh


def access_name(model: type[models.Model]) -> tuple[str, str]:
    return model._meta.app_label, str(model._meta.model_name)


def can_add(model: type[models.Model], site: admin.ModelAdmin[Any]) -> bool:
    return not isinstance(site, RecordAdmin)


def values_of(row: models.Model, form: Data) -> Data:
    """The form for another such row, with this one's values."""
    values = {
        field.name: str(getattr(row, field.attname))
        for field in row._meta.concrete_fields
        if field.name in form and getattr(row, field.attname) not in (None, "")
    }
    return form | values


def in_the_admin(world: World, act: Callable[[Client, str, models.Model, Data], list[str]]) -> None:
    browser = browser_of(world, "administrator")
    wrong = {}
    for row, fresh in list(rows_in_the_admin(world)):
        base = "/admin/{}/{}/".format(*access_name(type(row)))
        wrong[base] = act(browser, base, row, fresh)
    tell(wrong)


def add(browser: Client, base: str, row: models.Model, fresh: Data) -> list[str]:
    blank = filled_in(browser, f"{base}add/")
    before = sizes()
    told = faults(browser, f"{base}add/", values_of(row, blank) | fresh, FEW)
    if made_since(before).get(row._meta.db_table) != 1:
        told.append(f"added {made_since(before)}")
    return told


def take_from_another(browser: Client, base: str, row: models.Model, fresh: Data) -> list[str]:
    """Not thirty times: a second row that claims what the first one has gets the form with its error."""
    blank = filled_in(browser, f"{base}add/")
    assert browser.post(f"{base}add/", values_of(row, blank) | fresh).status_code == 302
    second = type(row)._base_manager.latest("pk")
    form = filled_in(browser, f"{base}{second.pk}/change/")
    claimed = {name: str(getattr(row, row._meta.get_field(name).attname)) for name in fresh if name in form}
    answer = browser.post(f"{base}{second.pk}/change/", form | claimed)
    is_told = answer.status_code == 200 and "errornote" in answer.content.decode()
    return [] if is_told or not claimed else [f"{answer.status_code} for {claimed}"]


def change(browser: Client, base: str, row: models.Model, fresh: Data) -> list[str]:
    return faults(browser, f"{base}{row.pk}/change/", filled_in(browser, f"{base}{row.pk}/change/"), FEW)


def delete(browser: Client, base: str, row: models.Model, fresh: Data) -> list[str]:
    return faults(browser, f"{base}{row.pk}/delete/", {"post": "yes"}, FEW)


@pytest.mark.once
@pytest.mark.parametrize("act", [add, take_from_another, change, delete])
def test_an_administrator_at_every_model(act: Callable[..., list[str]]) -> None:
    in_the_admin(access_table.make_world(), act)


def chosen(action: str, row: models.Model) -> Data:
    return {"action": action, ACTION_CHECKBOX_NAME: row.pk}


@pytest.mark.once
def test_what_an_administrator_does_with_what_is_ticked() -> None:
    world = access_table.make_world()
    browser = browser_of(world, "administrator")
    source = make.source()
    reason = {"reason": "Issued by mistake."}
    tell(
        {
            "revoke": faults(
                browser, "/admin/certificates/certificate/", chosen("revoke", world.certificate) | reason, FEW
            ),
            "delete": faults(
                browser, "/admin/modules/source/", chosen("delete_selected", source) | {"post": "yes"}, FEW
            ),
        }
    )
