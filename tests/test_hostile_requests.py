"""Thousands of requests that no browser would send: none is an error of ours, and every answer carries our headers.

They go through the WSGI application as gunicorn calls it, with the product's own limits and redirects: the test client
would read a request more kindly. A failing one is named by its seed and number, and is the same again next time.
Each list of what is odd is gone through again and again, shuffled each time, so that every member of it is met.
"""

from __future__ import annotations

import io
import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, unquote_to_bytes, urlencode
from wsgiref.headers import Headers

import pytest
from django.conf import settings
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, transaction
from django.test import Client, override_settings

from apps.core.middleware import MAX_LOCATION
from config import settings as product
from config.wsgi import Application
from tests import access_table, make
from tests.access_table import ROLES, Row
from tests.framing import framing
from tests.test_bad_input import HUGE, NASTY, NOT_FOUND
from tests.test_headers import problems

pytestmark = [pytest.mark.django_db, pytest.mark.once]

AMOUNT = 3_000
SEED = 0
BUFFER = 4096  # nginx's proxy_buffer_size where a page of memory is smallest: all headers of an answer must fit
TOKEN = "t" * 32
LONG = "x" * 3900
KEY = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

METHODS = ["GET"] * 8 + ["POST"] * 9 + ["HEAD", "OPTIONS", "PUT", "PATCH", "DELETE", "TRACE", "PROPFIND", "get", "G%T"]
CHARSETS = [
    *("utf-7", "iso-8859-1", "utf-16", "utf-8-sig", "hex", "base64", "undefined", "idna", "punycode", "rot13", "zlib"),
    *("no-such-charset", "", '"', '"utf-8', "utf8", "UTF-8", "cp500", "unicode_escape", "x" * 3000, "\xe9", "é"),
]
FORM = "application/x-www-form-urlencoded"
CONTENT_TYPES = [
    *(
        "",
        FORM,
        FORM.upper(),
        "multipart/form-data",
        "multipart/form-data; boundary=",
        "multipart/form-data; boundary=x",
    ),
    *(
        "multipart/form-data; boundary=" + "b" * 300,
        "multipart/form-data; boundary=\xff",
        "multipart/mixed; boundary=x",
    ),
    *('multipart/form-data; boundary="x', "multipart/form-data; boundary*=utf-7''x", "application/json", "text/plain"),
    *("text/html; x*=nope''a", "a; x*=undefined''a", "a; x*0*=a''b; x*2*=c", f"a; b*{'9' * 4400}=1", ";", "a;;b", "/"),
    *(f"{FORM}; charset*=undefined''a", f"{FORM}; charset*=hex''%41", f"{FORM}; charset=utf-8; charset=hex", "\xff"),
    *(f"{kind}; charset={charset}" for kind in (FORM, "text/plain") for charset in CHARSETS),
    *(f"multipart/form-data; boundary=x; charset={charset}" for charset in CHARSETS),
]
BODIES = [
    b"",
    b"\xff\xfe\x00",
    b"{",
    b"[" * 5000,
    b"a=%ff&%ff=b&csrfmiddlewaretoken=%00",
    b"&".join(b"a=1" for _ in range(2100)),
    b"a=" + b"x" * 1_000_001,
    b"--x\r\nbroken",
    b"--x--",
    b"--x\r\nContent-Disposition: form-data; name*=nope''a\r\n\r\nv\r\n--x--\r\n",
    b"--x\r\nContent-Disposition: form-data; name*=undefined''a\r\n\r\nv\r\n--x--\r\n",
    b'--x\r\nContent-Disposition: form-data; name="a"\r\nContent-Transfer-Encoding: base64\r\n\r\n!!!\r\n--x--\r\n',
    b'--x\r\nContent-Disposition: form-data; name="a"; filename="a\x00"\r\nContent-Type: a\r\n\r\nv\r\n--x--',
    b'--x\r\nContent-Disposition: form-data; name="\xff\xfe"\r\n\r\n\xff\r\n--x--\r\n',
    b'--x\r\nContent-Disposition: form-data; name="f"; filename="f"\r\n\r\nv\r\n' * 9 + b"--x--\r\n",
]
QUERIES = [
    *(
        "",
        "",
        "",
        "x=%00&%00=1",
        "next=%0d%0aSet-Cookie:a=b",
        "next=//evil.example/",
        "next=javascript:x",
        f"next=/{LONG}",
    ),
    *(
        f"next=/modules/?{quote(LONG)}",
        f"next={'%25' * 1200}",
        f"next={'é' * 900}",
        f"code={LONG}",
        "code=%00",
        "code=%ff",
    ),
    *(
        "code=0123456789ABCDEFGHJKMNPQRS",
        "q=%00",
        f"q={HUGE}",
        "p=-1",
        "p=x",
        "o=1.2.-3",
        "o=x",
        "_popup=1&_to_field=x",
    ),
    *(
        "all=",
        "e=1",
        "id__exact=x",
        f"id__exact={HUGE}",
        "id__in=1,x,%00",
        "pk__gte=%ff",
        "is_active__exact=x",
        "x[]=1&&==",
    ),
    *(
        "_changelist_filters=%00",
        "a=" + "&a=" * 1500,
        "&".join(f"a{n}=1" for n in range(900)),
        "app_label=x&model_name=y",
    ),
    *("app_label=modules&model_name=pagecitation&field_name=source&term=%00&page=x", "\xff\xfe", "?", "%", "%zz=%zz"),
]
HEADERS = {
    "HTTP_HOST": [
        "",
        "evil.example",
        "secondlook.example:99999",
        "[::1",
        "a b",
        "\xff",
        "x" * 300,
        "secondlook.example@evil",
    ],
    "HTTP_ACCEPT_LANGUAGE": ["", "x" * 3000, "de,*;q=nan", "\xff", "en-gb;q=" + "9" * 400, "zz-" * 200],
    "HTTP_ACCEPT": ["", "*/*;q=x", ",,,", "text/html;q=9e999", "application/json", "\xff"],
    "HTTP_ACCEPT_ENCODING": ["", "*", "br;q=0", "\xff", "gzip" * 500],
    "HTTP_REFERER": [
        "",
        "x",
        "https://[",
        "//",
        "https://evil.example/verify/?code=1",
        "https://secondlook.example:x/",
        LONG,
    ],
    "HTTP_ORIGIN": ["null", "https://evil.example", "https://[", "http://secondlook.example", "\xff", LONG, ""],
    "HTTP_X_FORWARDED_FOR": [
        "",
        "x",
        "1.2.3.4, x",
        "::1",
        "999.1.1.1",
        "\xff",
        "1.2.3.4," * 400,
        "1.2.3.4:80",
        "[::1]:80",
    ],
    "HTTP_X_FORWARDED_PROTO": ["http", "", "https,http", "HTTPS", "\xff"],
    "HTTP_X_FORWARDED_HOST": ["evil.example", "\xff"],
    "HTTP_RANGE": ["bytes=0-0", "bytes=-1", "bytes=9-1", f"bytes={HUGE}-", f"bytes=0-{'9' * 5000}", "x", "bytes=--1"],
    "HTTP_IF_MODIFIED_SINCE": [
        "",
        "x",
        "Mon, 99 Foo 99999 99:99:99 GMT",
        "0",
        f"Mon, 01 Jan {'9' * 30} 00:00:00 GMT",
        "," * 50,
    ],
    "HTTP_IF_NONE_MATCH": ["", "*", '"', "W/", "\xff", LONG],
    "HTTP_X_CSRFTOKEN": ["", "x", "\xff", TOKEN, LONG],
    "HTTP_X_REQUESTED_WITH": ["XMLHttpRequest", "\xff"],
    "HTTP_USER_AGENT": ["", "\xff", LONG],
    "HTTP_AUTHORIZATION": ["Basic x", "Basic \xff", "Bearer " + LONG],
    "HTTP_EXPECT": ["100-continue", "x"],
    "CONTENT_LENGTH": ["", "0", "-1", "x", HUGE, "1", "1e3", "9" * 5000],
}
COOKIES = [
    *(
        "",
        "a",
        "=",
        ";;;",
        "a=b; a=c",
        "\xff=\xff",
        "x" * 3900,
        f"messages={LONG}",
        'messages="[[\\"__json',
        "messages=a:b:c",
    ),
    *(
        "{session}=",
        '{session}="\\000"',
        '{session}="\\000{key}"',
        "{session}={key}",
        "{session}=" + LONG,
        "{session}=\xff",
    ),
    *(
        '{csrf}="\\000"',
        "{csrf}=x",
        "{csrf}=" + LONG,
        "{csrf}=\xff",
        "{session}={session}; {csrf}={csrf}",
        "$Version=1; a",
    ),
]


ODD_VALUES = [*NASTY, f"/{LONG}", "/modules/?" + "é" * 2000, "\r\nX: y", "x" * 30000]
# What is asked for instead of a path of ours.
ODD_PATHS: list[Any] = [
    "{bare}",
    "/{path}",
    "//evil.example{path}",
    "{path}{end}",
    "/{end}",
    "/static/{end}",
    "/static/css/base.css{end}",
    "/verify/{end}/",
    "/account/password/reset/key/{end}/",
    "/admin/{end}/",
    "/static/images/icon.svg",
    "/static/css/",
    "*",
    "",
    *[NOT_FOUND] * 2,
]
ENDS = ["", "%00", "%ff", "../", "é", "//", HUGE, LONG, "%0d%0aX: y", ";x", "%2e%2e%2f", "x" * 260, "1-set-password"]


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Headers
    body: bytes


class Sender:
    """Calls the application as a server does, and afterwards everything stored is as before."""

    def __init__(self) -> None:
        self.application = Application()

    def __call__(self, environ: dict[str, object]) -> Answer:
        got: list[tuple[str, list[tuple[str, str]]]] = []
        with transaction.atomic():
            answer = self.application(environ, lambda status, headers: got.append((status, headers)))
            body = b"".join(answer)
            answer.close()
            transaction.set_rollback(True)
        return Answer(int(got[0][0][:3]), Headers(got[0][1]), body)


class Deck:
    """Deals from lists as from packs of cards: everything in one comes before anything comes again."""

    def __init__(self, random_: random.Random) -> None:
        self.random = random_
        self.left: dict[int, list[Any]] = {}

    def __call__(self, values: Sequence[Any]) -> Any:
        left = self.left.setdefault(id(values), [])
        if not left:
            left += self.random.sample(values, len(values))
        return left.pop()


class Hostile:
    """Makes requests up, always the same ones from the same seed."""

    def __init__(self, world: access_table.World, seed: int) -> None:
        self.random = random.Random(seed)  # noqa: S311  # the same again each time
        self.pick = Deck(self.random)
        rows = [row for row in access_table.rows(world) if row.name != "certificates:pdf"]  # slow to print
        self.ours = [row for row in rows if not row.name.startswith("admin")]
        self.admin = [row for row in rows if row.name.startswith("admin")]
        self.sessions = {role: world.client(role).cookies.get(settings.SESSION_COOKIE_NAME) for role in ROLES}

    def rarely(self, odds: float = 0.2) -> bool:
        return self.random.random() < odds

    def environ(self) -> dict[str, object]:
        pick = self.pick
        row = pick(self.admin if self.rarely() else self.ours)
        path, _, query = self.path(row).partition("?")
        body, content_type = self.body(row)
        made = self.plain(row.method if self.rarely(0.5) else pick(METHODS), path, body) | {
            "QUERY_STRING": pick(QUERIES) if self.rarely(0.6) else query,
            "CONTENT_TYPE": content_type,
            "HTTP_COOKIE": self.cookies(pick(ROLES)),
        }
        for name in self.random.sample(sorted(HEADERS), self.random.choice([0, 0, 1, 1, 2, 4])):
            made[name] = pick(HEADERS[name])
        return {name: _wire(value) for name, value in made.items()}

    def plain(self, method: str, path: str, body: bytes) -> dict[str, object]:
        """What the proxy makes of a learner's decent request."""
        return {
            "REQUEST_METHOD": method,
            "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
            "CONTENT_TYPE": FORM,
            "CONTENT_LENGTH": str(len(body)),
            "SERVER_NAME": "127.0.0.1",
            "SERVER_PORT": "8000",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1",
            "HTTP_HOST": "secondlook.example",
            "HTTP_X_FORWARDED_PROTO": "https",
            "HTTP_X_FORWARDED_FOR": "192.0.2.1",
            "HTTP_REFERER": "https://secondlook.example/",
            "HTTP_COOKIE": f"{self.session('learner')}; {settings.CSRF_COOKIE_NAME}={TOKEN}",
            "wsgi.input": io.BytesIO(body),
            "wsgi.errors": io.StringIO(),
            "wsgi.url_scheme": "http",
        }

    def session(self, role: str) -> str:
        cookie = self.sessions[role]
        return f"{settings.SESSION_COOKIE_NAME}={cookie.value}" if cookie else ""

    def path(self, row: Row) -> str:
        if not self.rarely():
            return row.path
        path = row.path.partition("?")[0]
        kind = self.pick(ODD_PATHS)
        if kind is NOT_FOUND:
            return self.pick(NOT_FOUND)
        return kind.replace("{path}", path).replace("{bare}", path.rstrip("/")).replace("{end}", self.pick(ENDS))

    def body(self, row: Row) -> tuple[bytes, str]:
        """Mostly a form with the right token, and something odd in it, or around it."""
        if self.rarely(0.3):
            return self.pick(BODIES), self.pick(CONTENT_TYPES)
        fields = dict(row.data) | {"csrfmiddlewaretoken": TOKEN}
        for name in self.random.sample(sorted({*row.data, "next", "unknown", "csrfmiddlewaretoken"}), 2):
            if self.rarely(0.5):
                fields[name] = self.pick(ODD_VALUES)
        content_type = self.pick(CONTENT_TYPES) if self.rarely(0.3) else FORM
        return urlencode(fields, doseq=True).encode(), content_type

    def cookies(self, role: str) -> str:
        given = [self.session(role)]
        if not self.rarely():
            given.append(f"{settings.CSRF_COOKIE_NAME}={TOKEN}")
        if self.rarely():
            odd = self.pick(COOKIES)
            for name, value in {
                "session": settings.SESSION_COOKIE_NAME,
                "csrf": settings.CSRF_COOKIE_NAME,
                "key": KEY,
            }.items():
                odd = odd.replace(f"{{{name}}}", value)
            given.append(odd)
        return "; ".join(given)


def _wire(value: object) -> object:
    """Text as a server hands it on: bytes, each as one character."""
    if not isinstance(value, str):
        return value
    return value if all(ord(character) < 256 for character in value) else value.encode().decode("latin-1")


def size_of(headers: Iterable[tuple[str, str]]) -> int:
    """Bytes on the wire, with the line that holds the status, and with the server's own Date, Server and Connection."""
    return sum(len(f"{name}: {value}\r\n") for name, value in headers) + 120


def wrong_with(answer: Answer, environ: dict[str, object]) -> list[str]:
    found = [str(answer.status)] if answer.status >= 500 else []
    if (size := size_of(answer.headers.items())) > BUFFER:
        found.append(f"{size} bytes of headers")
    found += [f"control character in {pair}" for pair in answer.headers.items() if not "".join(pair).isprintable()]
    path = str(environ["PATH_INFO"])
    return found + problems(answer.headers, path.startswith("/static/"), framing(path, answer.status))


@pytest.fixture
def sender() -> Iterator[Sender]:
    with override_settings(
        SECURE_SSL_REDIRECT=product.SECURE_SSL_REDIRECT,
        ACCOUNT_RATE_LIMITS=product.ACCOUNT_RATE_LIMITS,
        ALLAUTH_TRUSTED_PROXY_COUNT=1,
    ):
        request_started.disconnect(close_old_connections)  # it would close the test's transaction
        request_finished.disconnect(close_old_connections)
        yield Sender()
        request_started.connect(close_old_connections)
        request_finished.connect(close_old_connections)


def test_no_request_is_an_error_of_ours_and_every_answer_has_our_headers(sender: Sender) -> None:
    hostile = Hostile(access_table.make_world(), SEED)
    wrong, statuses = [], set()
    for number in range(AMOUNT):
        environ = hostile.environ()
        try:
            answer = sender(environ)
        except Exception as error:  # past Django's own net: the server would answer, without a page
            wrong.append(f"{number}: {error!r}: {_told(environ)}")
            continue
        statuses.add(answer.status)
        if found := wrong_with(answer, environ):
            wrong.append(f"{number}: {', '.join(found)}: {_told(environ)}")
    assert not wrong, f"{len(wrong)} with seed {SEED}\n" + "\n".join(wrong[:20])
    assert statuses >= {200, 301, 302, 400, 403, 404, 405}  # they came through to everything


def test_the_longest_headers_fit_into_a_proxys_buffer() -> None:
    """Many messages that were never shown, and a redirect as long as may be."""
    client = make.client(make.user("learner@example.org"))
    for _ in range(60):
        client.post("/account/", {"full_name": "Sam"})
    longest = "/modules/?" + "x" * (MAX_LOCATION - len("/modules/?"))
    response = client.post("/account/logout/", {"next": longest})
    assert response.url == longest
    assert set(response.cookies) == {"messages", "sessionid"}
    lines = [*response.items(), *(("Set-Cookie", cookie.OutputString()) for cookie in response.cookies.values())]
    assert size_of(lines) < BUFFER


@pytest.mark.parametrize(
    ("asked", "leads_to"),
    [
        ("/modules/", "/modules/"),
        (f"/modules/?{LONG[:MAX_LOCATION]}", "/modules/"),
        (f"/modules/{LONG[:MAX_LOCATION]}/", "/"),
    ],
)
def test_a_redirect_too_long_leads_to_the_page_without_its_query(asked: str, leads_to: str) -> None:
    make.user("learner@example.org")
    signing_in = {"login": "learner@example.org", "password": make.PASSWORD, "next": asked}
    assert Client().post("/account/login/", signing_in).url == leads_to
    assert Client().get(f"/my-learning/?{asked}{LONG}").url == "/account/login/"


REFUSED = [
    (f"{FORM}; charset=utf-7", b"full_name=Sam"),
    (f"{FORM}; charset=iso-8859-1", b"full_name=Sam"),
    ("text/html; x*=nope''a", b"full_name=Sam"),
    ("application/json", b"{}"),
    ("multipart/form-data", b"--x--"),
]
TOO_LARGE = [
    ("multipart/form-data; boundary=x", BODIES[-1]),  # more files than we take
    (FORM, b"a=" + b"x" * 4_000_001),
    (FORM, b"a=1&" * 2001),
]


def test_a_body_that_is_no_form_is_answered_with_the_page_that_says_so(sender: Sender) -> None:
    hostile = Hostile(access_table.make_world(), SEED)
    for content_type, body in (*REFUSED, *TOO_LARGE):
        environ = hostile.plain("POST", "/account/", body) | {"CONTENT_TYPE": content_type}
        answer = sender(environ)
        is_large = (content_type, body) in TOO_LARGE
        assert answer.status == (413 if is_large else 400), (content_type, body[:20])
        said = b"larger than we take in one go" if is_large else b"We could not read what your browser sent"
        assert said in answer.body
        assert wrong_with(answer, environ) == []


def test_what_browsers_send_is_taken(sender: Sender) -> None:
    hostile = Hostile(access_table.make_world(), 0)
    body = f"full_name=Zo%C3%AB&csrfmiddlewaretoken={TOKEN}".encode()
    parts = "".join(
        f'------WebKitFormBoundaryA1b2\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in (("full_name", "Zoë"), ("csrfmiddlewaretoken", TOKEN))
    )
    multipart = f"{parts}------WebKitFormBoundaryA1b2--\r\n".encode()
    for content_type, sent in (
        (FORM, body),
        (f"{FORM}; charset=UTF-8", body),
        (f"{FORM};charset=utf-8", body),
        ("multipart/form-data; boundary=----WebKitFormBoundaryA1b2", multipart),
    ):
        answer = sender(hostile.plain("POST", "/account/", sent) | {"CONTENT_TYPE": content_type})
        assert (answer.status, answer.headers["Location"]) == (302, "/account/"), content_type


def _told(environ: dict[str, object]) -> str:
    names = ("REQUEST_METHOD", "PATH_INFO", "QUERY_STRING", "CONTENT_TYPE", "CONTENT_LENGTH", *HEADERS, "HTTP_COOKIE")
    return " ".join(f"{name}={str(environ[name])[:90]!r}" for name in dict.fromkeys(names) if name in environ)
