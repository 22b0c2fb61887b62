"""What stands in the log helps whoever mends the product, and names nobody.

`tests/conftest.py` listens to every test; these make the things happen that would give somebody away.
"""

from __future__ import annotations

import json
import logging
import re
import runpy
import sys
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.core.exceptions import BadRequest, PermissionDenied, SuspiciousOperation
from django.db import IntegrityError, OperationalError
from django.http import Http404, HttpRequest
from django.test import Client, override_settings

from apps.certificates.models import Certificate
from apps.core.logs import FRAMES, JsonFormatter
from tests import access_table, log_canary, make

pytestmark = [pytest.mark.django_db, pytest.mark.once]

EMAIL = "canary@example.org"
CODE = "0123456789ABCDEFGHJKMNPQRS"
KEY = "1-d9xk2p-0123456789abcdef0123456789abcdef"
WORDS = f'Key (email)=({EMAIL}) of Sam Learner: {CODE} postgres://user:{make.PASSWORD}@db/?key="{KEY}"'
FAULTS = [IntegrityError, OperationalError, PermissionDenied, SuspiciousOperation, BadRequest, Http404, KeyError]


class Fault:
    """A middleware that fails before the view, with words that would give somebody away, in three exceptions."""

    kind: type[Exception] = Exception

    def __init__(self, get_response: Callable[[HttpRequest], Any]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> Any:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *args: object) -> None:
        try:
            try:
                raise ValueError(WORDS)
            except ValueError as error:
                raise LookupError(WORDS) from error
        except LookupError:
            raise self.kind(WORDS)  # noqa: B904  # the context is what is tried


@pytest.mark.parametrize("kind", FAULTS)
def test_what_goes_wrong_anywhere_is_logged_without_its_words(
    kind: type[Exception], log: log_canary.Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = access_table.make_world()
    monkeypatch.setattr(Fault, "kind", kind)
    with override_settings(MIDDLEWARE=[*settings.MIDDLEWARE, f"{__name__}.Fault"]):
        client = world.client("learner", raise_request_exception=False)
        rows = [row for row in access_table.rows(world) if not row.name.startswith("admin:")]
        answers = {row.request(client).status_code for row in rows}
    assert 200 not in answers
    assert len(log.lines) > 50  # and the fixture looks for leaks in them


def test_addresses_that_hold_a_code_or_a_key_are_logged_by_their_pattern(log: log_canary.Listener) -> None:
    code = make.certificate().code
    client = Client(raise_request_exception=False, enforce_csrf_checks=True)
    for path in (
        f"/verify/{code}/",
        f"/verify/{code}/more/",
        f"/verify/?code={code}",
        f"/{code}",
        f"/account/password/reset/key/{KEY}/",
        f"/account/confirm-email/{KEY}/",
        f"/static/{EMAIL}",
        f"/modules/posts/?who={EMAIL}",
    ):
        for method in ("GET", "POST", "PUT", "TRACE", code):
            client.generic(method, path, headers={"referer": f"https://elsewhere.example{path}", "origin": EMAIL})
            client.generic(method, path, b"{}", "application/json", headers={"host": f"{code}.example"})
    routes = {json.loads(line)["route"] for line in log.lines}
    assert {"verify/<pasted:code>/", "verify/", ""} <= routes
    assert Certificate.objects.filter(code=code).exists()


def test_failed_and_done_sign_ins_and_sign_ups_name_nobody(log: log_canary.Listener) -> None:
    make.user(EMAIL)
    with override_settings(ACCOUNT_RATE_LIMITS={"login": "2/m/ip"}):
        for password in ("wrong", "wrong", make.PASSWORD):
            Client().post("/account/login/", {"login": EMAIL, "password": password})
    Client().post("/account/password/reset/", {"email": EMAIL})
    Client().post("/account/signup/", {"email": EMAIL, "password1": make.PASSWORD, "password2": make.PASSWORD})
    assert any(json.loads(line).get("status") == 429 for line in log.lines)


@pytest.mark.parametrize(
    ("name", "message", "args", "written"),
    [
        ("gunicorn.error", "Error handling request %s %s", ("GET", f"/verify/{CODE}/"), "Error handling request … …"),
        ("gunicorn.error", f"Invalid request from ip=1.2.3.4: {WORDS}", (), "Invalid request from ip"),
        ("gunicorn.error", "Booting worker with pid: %s", (12,), "Booting worker with pid: 12"),
        ("psycopg.pool", "error connecting in %r: %s", ("pool-1", OperationalError(WORDS)),
         "error connecting in '…': django.db.utils.OperationalError"),
        ("py.warnings", "%s", (WORDS,), "…"),
        ("asyncio", f"Task {WORDS!r} failed", (), "Task "),
        ("django.dispatch", "Error calling %(who)s", ({"who": WORDS},), "Error calling …"),
        ("apps.core.middleware", "Picture %s is missing", ("wave.svg",), "Picture wave.svg is missing"),
        ("apps.core.middleware", "Not kept: %s", (ValueError(WORDS),), "Not kept: ValueError"),
        ("x", "%s and %s", (1,), "A message that cannot be written: TypeError"),
    ],
)  # fmt: skip
def test_others_words_are_left_out(name: str, message: str, args: Any, written: str) -> None:
    record = logging.LogRecord(name, logging.ERROR, "", 0, message, args, None)
    assert json.loads(JsonFormatter().format(record))["message"] == written


def test_an_exception_is_its_type_and_where_it_came_from(log: log_canary.Listener) -> None:
    client = Client(raise_request_exception=False)
    with override_settings(MIDDLEWARE=[*settings.MIDDLEWARE, f"{__name__}.Fault"]):
        response = client.get("/about/")
    entry = json.loads(log.lines[-1])
    assert (entry["status"], entry["method"], entry["route"]) == (500, "GET", "about/")
    assert entry["request"] == response["X-Request-ID"]
    assert [error["type"] for error in entry["exception"]] == ["Exception", "LookupError", "ValueError"]
    assert re.search(r"test_logs\.py:\d+ process_view$", entry["exception"][0]["frames"][-1])


def fall(steps: int) -> None:
    """Fail so many calls further down."""
    if steps:
        fall(steps - 1)
    raise ValueError


def test_of_a_deep_fall_the_innermost_frames_are_told() -> None:
    try:
        fall(FRAMES)
    except ValueError:
        record = logging.LogRecord("x", logging.ERROR, "", 0, "It broke", (), sys.exc_info())
    [told] = json.loads(JsonFormatter().format(record))["exception"]
    assert len(told["frames"]) == FRAMES
    assert {frame.rpartition(" ")[2] for frame in told["frames"]} == {"fall"}


def test_a_line_logged_after_the_answer_bears_its_number(client: Client, log: log_canary.Listener) -> None:
    response = client.get("/no-such-page/")
    assert json.loads(log.lines[-1])["request"] == response["X-Request-ID"]


@pytest.mark.parametrize("secret", [EMAIL, CODE, KEY, make.PASSWORD, "Sam Learner", "/verify/?code=x"])
def test_a_planted_canary_is_heard(secret: str) -> None:
    for formatter in (logging.Formatter(), JsonFormatter()):
        listener = log_canary.Listener(formatter)
        listener.handle(logging.LogRecord("apps.core", logging.INFO, "", 0, "Seen: %s", (secret,), None))
        assert len(listener.leaks()) >= 1, formatter


def test_the_listener_hears_at_the_products_level() -> None:
    assert logging.getLogger().level == logging.INFO
    assert logging.getLogger("django.request").getEffectiveLevel() == logging.INFO


def test_gunicorns_own_messages_take_the_same_form() -> None:
    configuration = runpy.run_path(str(settings.BASE_DIR / "gunicorn.conf.py"))["logconfig_dict"]
    handler = configuration["loggers"]["gunicorn.error"]["handlers"]
    assert handler == ["console"]
    formatter = configuration["formatters"][configuration["handlers"]["console"]["formatter"]]
    assert formatter == {"()": f"{JsonFormatter.__module__}.{JsonFormatter.__qualname__}"}
