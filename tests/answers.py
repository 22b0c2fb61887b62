"""What every address of the access table answers each role: asked once, looked at by several sweeps.

The tests that look share a process (`SHARED`). They run after each other, each in a database of its own, so an answer
is what was sent, without the objects behind it.
"""

from __future__ import annotations

import copy
import functools
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client

from apps.modules import published
from tests import access_table
from tests.access_table import Row, undone

SHARED = pytest.mark.xdist_group("answers")
# What a server puts into META besides the request: gunicorn every header, the development server its environment too.
AROUND = {
    "SECRET_KEY": settings.SECRET_KEY,
    "DATABASE_URL": "postgres://second-look:secret-password@db/second_look",
    "HTTP_AUTHORIZATION": "Bearer secret-token",
    "HTTP_USER_AGENT": "Secret Browser 7",
    "HTTP_REFERER": "https://secondlook.example/secret-page/",
    "HTTP_X_FORWARDED_FOR": "198.51.100.7",
}
READING = ("SELECT", "SAVEPOINT", "RELEASE SAVEPOINT", "ROLLBACK TO SAVEPOINT", "PRAGMA")


class Writes:
    """An execute wrapper that notes every statement that does more than read."""

    def __init__(self) -> None:
        self.found: list[str] = []

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if not sql.strip("( \n").upper().startswith(READING) or "FOR UPDATE" in sql:
            self.found.append(sql)
        return execute(sql, params, many, context)


@dataclass(frozen=True)
class Answer:
    """What was sent, what was written meanwhile, what sessions held afterwards, and what the browser's cookies."""

    row: Row
    status_code: int
    headers: Mapping[str, str]
    content: bytes
    writes: list[str]
    sessions: list[str]
    cookies: set[str]

    @property
    def url(self) -> str:
        """Where it leads."""
        return self.headers["Location"]

    @property
    def is_page(self) -> bool:
        return bool(self.content) and self.get("Content-Type").startswith("text/html")

    def get(self, name: str, default: str = "") -> str:
        """A header."""
        return self.headers.get(name, default)


@dataclass(frozen=True)
class Answers:
    """All that one role got; which tables have another size since everything was looked at; who asked."""

    all: list[Answer]
    grown: set[str]
    asker: str | None


def sizes() -> set[tuple[str, int]]:
    """How many rows every table has."""
    return {(model._meta.label, model._base_manager.count()) for model in apps.get_models(include_auto_created=True)}


@functools.cache
def answers_to(role: str) -> Answers:
    """In the world of the access table, which goes again; a GET is not undone, as it writes nothing
    (`test_get_never_writes.py`)."""
    with transaction.atomic():
        answers = _answers_to(role)
        transaction.set_rollback(True)
    published.forget_all()
    return answers


def _answers_to(role: str) -> Answers:
    world = access_table.make_world()
    client = world.client(role, raise_request_exception=False, **AROUND)
    rows, asker = access_table.rows(world), world.users.get(role)
    before = sizes()
    looked = [_answer(row, client, transaction.atomic()) for row in rows if row.method == "GET"]
    grown = {label for label, _ in sizes() ^ before}
    sent = [_answer(row, client, undone(client)) for row in rows if row.method != "GET"]
    return Answers(looked + sent, grown, str(asker.pk) if asker else None)


def _answer(row: Row, client: Client, inside: AbstractContextManager[None]) -> Answer:
    writes, cookies = Writes(), client.cookies
    client.cookies = copy.deepcopy(cookies)
    with inside, connection.execute_wrapper(writes):
        response: HttpResponse = row.request(client)
        content = b"" if response.streaming else response.content
        sessions = held_in_sessions()
        held = {cookie.value for cookie in client.cookies.values() if cookie.value}
    client.cookies = cookies
    return Answer(row, response.status_code, response.headers, content, writes.found, sessions, held)


def held_in_sessions() -> list[str]:
    return [str(session.get_decoded()) for session in Session.objects.all()]
