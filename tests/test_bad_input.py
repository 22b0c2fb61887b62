"""Whatever is typed into an address or a form, the answer is a page: never a 500, and nothing is stored."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from django.apps import apps
from django.db import models
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from tests import access_table, make
from tests.access_table import CASE, LEARN, QUIZ

pytestmark = [pytest.mark.django_db, pytest.mark.once, pytest.mark.no_cover]

HUGE = "9" * 20  # more than any column of any database holds
# Forms that stand at their own address.
SEND_TO_THEMSELVES = {
    "accounts:account",
    "account_email",
    "reports:module",
    "reports:page",
}  # forms that stand at their own address
ENORMOUS = "9" * 4000  # about as long as an address may be

NOT_FOUND = [
    # unknown slug, edition, key
    "/modules/no-such-module/",
    "/modules/draft-only/",
    "/learn/no-such-module/1/reading/reading-1/",
    "/learn/posts/0/reading/reading-1/",
    "/learn/posts/2/reading/reading-1/",
    f"/learn/posts/{HUGE}/reading/reading-1/",
    f"/learn/posts/{ENORMOUS}/reading/reading-1/",
    "/learn/posts/1/reading/no-such-page/",
    f"/learn/posts/1/reading/{'x' * 3000}/",
    "/learn/posts/-1/reading/reading-1/",
    "/learn/posts/one/reading/reading-1/",
    "/learn/posts/1.0/reading/reading-1/",
    "/learn/posts/١/reading/reading-1/",  # an Arabic one
    "/learn/draft-only/1/reading/reading-1/",
    "/learn/draft-only/None/reading/reading-1/",
    # the wrong kind of page
    f"{LEARN}/reading/case/",
    f"{LEARN}/reading/quiz/",
    f"{LEARN}/scenario/quiz/",
    f"{LEARN}/scenario/reading-1/",
    f"{LEARN}/quiz/case/",
    f"{LEARN}/quiz/reading-1/question/1/",
    f"{LEARN}/film/reading-1/",
    # a case without an account
    "/try/no-such-module/case/",
    "/try/posts/no-such-case/",
    "/try/posts/quiz/",
    "/try/draft-only/reading-1/",
    f"/try/posts/{'x' * 3000}/",
    "/try/posts/case%00/",
    # what is wrong
    "/something-wrong/posts/2/",
    "/something-wrong/no-such-module/1/",
    "/something-wrong/draft-only/1/reading-1/",
    f"/something-wrong/posts/{HUGE}/",
    f"/something-wrong/posts/{ENORMOUS}/reading-1/",
    f"/something-wrong/posts/1/{'x' * 3000}/",
    "/something-wrong/posts/1/reading-1%00/",
    f"/admin/write/reports/{HUGE}/",
    # numbers
    f"{CASE}playthrough/0/",
    f"{CASE}playthrough/9/",
    f"{CASE}playthrough/{HUGE}/",
    f"{QUIZ}question/0/",
    f"{QUIZ}question/9/",
    f"{QUIZ}question/{HUGE}/",
    f"{QUIZ}attempt/0/",
    f"{QUIZ}attempt/9/",
    f"{QUIZ}attempt/{HUGE}/",
    f"/learn/posts/{HUGE}/finish/",
    f"/learn/posts/{HUGE}/certificate/",
    f"/learn/posts/{HUGE}/certificate/pdf/",
    "/learn/no-such-module/1/certificate/",
    # null bytes, line breaks, things that are no addresses
    "/modules/po%00sts/",
    "/modules/posts%00/",
    "/learn/posts/1/reading/reading-1%00/",
    "/learn/po%0Asts/1/reading/reading-1/",
    "/%00",
    "/%ff%fe/",
    "/modules/%F0%9F%98%80/",
    "/../../etc/passwd",
    "/modules/posts/../../admin/no/",
    "/static/../config/settings.py",
    "/account/no-such-page/",
    "/.env",
]

ODD_QUERY = f"?x=%00&%00=1&next=%00&page=%00&q=%00&code=%00&o=x&p=-1&y={'y' * 2000}&&==&x[]=1"


@pytest.fixture
def world(db: None) -> access_table.World:
    made = access_table.make_world()
    make.reading(make.draft("draft-only"), "reading-1")
    return made


def browsers(world: access_table.World) -> list[Client]:
    return [world.client(role, raise_request_exception=False) for role in ("anonymous", "learner", "administrator")]


def test_what_is_not_there_is_a_page_with_a_way_on(world: access_table.World) -> None:
    wrong = []
    owner = str(world.users["learner"].pk)
    for browser in browsers(world):
        for url in NOT_FOUND:
            response = browser.get(url)
            if response.status_code == 302 and response.url.startswith("/account/login/"):
                continue  # somebody who is not signed in does not learn what is there
            if response.status_code == 302 and response.url == QUIZ and browser.session["_auth_user_id"] != owner:
                continue  # somebody without an open attempt has no questions to look for
            if response.status_code != 404:
                wrong.append(f"{url[:90]}: {response.status_code}")
            elif "This page is not here" not in response.content.decode():
                wrong.append(f"{url[:90]}: not the designed page")
    assert not wrong, "\n".join(wrong)


def test_an_anonymous_visitor_cannot_tell_what_is_there(world: access_table.World) -> None:
    client = Client()
    assert client.get(f"{LEARN}/certificate/").status_code == client.get("/learn/no/1/certificate/").status_code == 302


ACTIONS = {
    "/modules/": ("start/",),
    "/reading/": ("complete/",),
    "/scenario/": ("choose/", "go-back/"),
    "/try/": ("choose/", "go-back/", "keep/", "start-again/"),
    "/quiz/": ("start/", "answer/", "submit/"),
    "/finish/": ("issue/",),
}


def test_the_same_addresses_take_no_post_either(world: access_table.World) -> None:
    before = size_of_every_table()
    browser = world.client("learner", raise_request_exception=False)
    wrong = []
    for url in NOT_FOUND:
        for action in ("", *(action for part, actions in ACTIONS.items() if part in url for action in actions)):
            sent = {"edition": 1, "attempt": 2, "decision": 1, "choice": "case-scene-1-best", "playthrough": 1}
            status = browser.post(f"{url}{action}", sent).status_code
            if status not in {404, 405}:
                wrong.append(f"POST {url[:90]}{action}: {status}")
    assert not wrong, "\n".join(wrong)
    assert size_of_every_table() == before


def size_of_every_table() -> dict[str, int]:
    return {
        model._meta.label: models.QuerySet(model).count()
        for model in apps.get_models()
        if model._meta.label != "sessions.Session"
    }


def test_odd_query_strings_disturb_no_page(world: access_table.World) -> None:
    wrong = []
    for role in ("anonymous", "learner", "administrator"):
        browser = world.client(role, raise_request_exception=False)
        for row in access_table.for_sweep(access_table.rows(world), role):
            if row.method == "POST" or "?" in row.path:
                continue
            for query in [ODD_QUERY, "?q=%00"] if row.name.endswith("_changelist") else [ODD_QUERY]:
                status = browser.get(f"{row.path}{query}").status_code
                if status >= 500:
                    wrong.append(f"{row.path}{query[:30]} as {role}: {status}")
    assert not wrong, "\n".join(wrong)


NASTY: list[Any] = [
    "",
    "\x00",
    "a\x00b",
    HUGE,
    "-1",
    "0",
    "1e9",
    "NaN",
    "x" * 5000,
    "ŵ😀\u202e",
    "<script>",
    ["1", "2"],
    "null",
]


def test_nasty_fields_are_no_error_of_ours_and_nothing_is_stored(world: access_table.World) -> None:
    """Every field of every form of ours, one after another, with what a form would not send."""
    browser = world.client("learner", raise_request_exception=False)
    in_turn = itertools.cycle(NASTY)  # a field that nobody reads has one of them in each form
    wrong = []
    for row in access_table.rows(world):
        if row.method != "POST" or row.name.startswith("admin"):
            continue
        for field in (*row.data, "unknown"):
            for nasty in NASTY if field in row.data else [next(in_turn)]:
                with access_table.undone(browser):
                    status = browser.post(row.path, row.data | {field: nasty}).status_code
                if status >= 500:
                    wrong.append(f"{row} {field}={str(nasty)[:20]!r}: {status}")
    assert not wrong, "\n".join(wrong)


def test_nasty_fields_of_a_visitor_are_no_error_of_ours(world: access_table.World) -> None:
    browser = world.client("anonymous", raise_request_exception=False)
    wrong = []
    for row in access_table.rows(world):
        if row.method != "POST" or not row.name.startswith(("account_", "certificates:issue")):
            continue
        for field in {*row.data, "next"}:
            for nasty in NASTY:
                with access_table.undone(browser):
                    response = browser.post(row.path, row.data | {field: nasty}, follow=False)
                    status = response.status_code
                    if status == 302 and response.url.startswith("/account/login/"):
                        status = browser.get(response.url).status_code
                if status >= 500:
                    wrong.append(f"{row} {field}={str(nasty)[:20]!r}: {status}")
    assert not wrong, "\n".join(wrong)


NO_FORMS = [
    (b"\xff\xfe\x00", "application/x-www-form-urlencoded"),
    (b"{", "application/json"),
    (b"--x\r\nbroken", "multipart/form-data; boundary=x"),
    (b"", "multipart/form-data"),
    (b"decision=1&choice=%ff", "application/x-www-form-urlencoded; charset=utf-7"),
    (b"decision=1", "application/x-www-form-urlencoded; charset=no-such-charset"),
]


def test_a_body_that_is_no_form_is_no_error_of_ours(world: access_table.World) -> None:
    browser = world.client("learner", raise_request_exception=False)
    wrong = []
    for url in (f"{CASE}choose/", f"{QUIZ}question/1/answer/", f"{LEARN}/finish/issue/", "/account/"):
        for body, content_type in NO_FORMS:
            with access_table.undone(browser):
                status = browser.generic("POST", url, body, content_type).status_code
            if status >= 500:
                wrong.append(f"{url} {body!r} as {content_type}: {status}")
    assert wrong == []


def test_head_is_answered_like_get_without_a_body(world: access_table.World) -> None:
    wrong = []
    for role in ("anonymous", "learner", "administrator"):
        browser = world.client(role, raise_request_exception=False)
        for row in access_table.rows(world):
            if row.method == "GET" and not row.name.startswith("admin:"):
                got, head = browser.get(row.path), browser.head(row.path)
                if (got.status_code, got.get("Location")) != (head.status_code, head.get("Location")):
                    wrong.append(f"HEAD {row.path} as {role}: {head.status_code}, GET {got.status_code}")
    assert not wrong, "\n".join(wrong)


def our_names() -> set[str]:
    """Names of the addresses that are ours, not allauth's and not the admin's."""

    def walk(patterns: list[URLPattern | URLResolver], namespace: str) -> set[str]:
        names: set[str] = set()
        for pattern in patterns:
            if isinstance(pattern, URLResolver):
                inside = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
                names |= walk(pattern.url_patterns, inside) if pattern.namespace != "admin" else set()
            elif getattr(pattern.callback, "__module__", "").startswith("apps."):
                names.add(f"{namespace}{pattern.name}")
        return names

    return walk(get_resolver().url_patterns, "")


def test_only_the_methods_that_are_meant_are_answered(world: access_table.World) -> None:
    """Ours say 405 to PUT, PATCH, DELETE, OPTIONS and TRACE, and to POST where there is nothing to send."""
    browser = world.client("learner", raise_request_exception=False)
    rows = [row for row in access_table.rows(world) if row.name in our_names()]
    takes_post = {row.name for row in rows if row.method == "POST"} | {"account_confirm_email"}  # behind a live link
    wrong = []
    for row in rows:
        methods = {"PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"} | (set() if row.name in takes_post else {"POST"})
        for method in sorted(methods):
            response: HttpResponse = browser.generic(method, row.path)
            if response.status_code != 405 or not response.get("Allow"):
                wrong.append(f"{method} {row.path}: {response.status_code}")
    assert not wrong, "\n".join(wrong)
    assert len(rows) > 30


def test_so_it_is_with_authors_pages(world: access_table.World) -> None:
    """By GET, those that only take what is sent lead to their page."""
    browser = world.client("administrator", raise_request_exception=False)
    rows = {row.name: row for row in access_table.rows(world) if row.name.startswith("admin:write:")}
    methods: dict[str, set[str]] = {name: set() for name in rows}
    for row in access_table.rows(world):
        if row.name in rows:
            methods[row.name].add(row.method)
    wrong = []
    for name, row in rows.items():
        for method in {"PUT", "DELETE", "POST", "GET"} - methods[name]:
            answer = browser.generic(method, row.path)
            wanted = (302, "../") if method == "GET" else (405, None)
            if (answer.status_code, answer.get("Location")) != wanted:
                wrong.append(f"{method} {row.path}: {answer.status_code} {answer.get('Location')}")
    assert not wrong, "\n".join(wrong)
    assert len(rows) > 30


def test_an_actions_address_leads_to_its_page(world: access_table.World) -> None:
    """A reload or a bookmark of it is a GET."""
    browser = world.client("learner")
    for row in access_table.rows(world):
        stands_there = row.name in SEND_TO_THEMSELVES or row.name.startswith("mfa_")
        if row.method == "POST" and row.name in our_names() and not stands_there:
            for ask in (browser.get, browser.head):
                response = ask(row.path)
                assert (response.status_code, response.url) == (302, "../"), row
            assert browser.get(row.path, follow=True).status_code == 200, row


def test_an_address_without_its_last_slash_leads_to_the_page(client: Client) -> None:
    make.edition("posts")
    assert client.get("/modules/posts").url == "/modules/posts/"


STRANGE_NEXT = (
    *(
        "http://[",
        "//%5B",
        "//a℀b",
        "http://ex℀mple.org/",
        "https://]",
        "abc",
        "home",
        "progress",
        "é",
        "[",
        "?x",
        "#x",
    ),
    *(
        "//evil.example/",
        "/\\evil.example/",
        "javascript:alert(1)",
        "https://evil.example/",
        "\x00",
        "/\t/evil.example/",
    ),
)


def test_a_strange_way_on_leads_nowhere_and_breaks_nothing(world: access_table.World) -> None:
    wrong = []
    addresses = {row.path for row in access_table.rows(world) if "/account/" in row.path or row.name == "admin:login"}
    # Somebody who is signed in is mostly led on before it is read: two of them share the values.
    for role, values in (
        ("anonymous", STRANGE_NEXT),
        ("learner", STRANGE_NEXT[::2]),
        ("administrator", STRANGE_NEXT[1::2]),
    ):
        browser = world.client(role, raise_request_exception=False)
        for path in addresses:
            for strange in values:
                response = browser.get(path, {"next": strange})
                if response.status_code >= 500 or not response.get("Location", "/").startswith(("/", "../")):
                    wrong.append(f"{path} {strange!r} as {role}: {response.status_code} {response.get('Location')}")
    for strange in STRANGE_NEXT:
        sent = {"login": "learner@example.org", "password": make.PASSWORD, "next": strange}
        signed_in = Client(raise_request_exception=False).post("/account/login/", sent)
        if (signed_in.status_code, signed_in.get("Location")) != (302, "/my-learning/"):
            wrong.append(f"signing in with {strange!r}: {signed_in.status_code} {signed_in.get('Location')}")
    assert not wrong, "\n".join(wrong)
    assert len(addresses) > 15
