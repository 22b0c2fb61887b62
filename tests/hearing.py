"""Asks for everything once, and writes down what pages say and what acts write (`test_said.py`)."""

from __future__ import annotations

import datetime
import itertools
import re
import secrets
import uuid
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace

import pytest
from django.apps import apps
from django.contrib.messages import get_messages
from django.core import mail
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.urls import Resolver404, resolve
from django.utils import timezone

from apps.modules import published
from apps.modules.models import Edition
from tests import make
from tests.access_table import undone
from tests.perceived import form_for, perceived
from tests.said_asked import Asked
from tests.said_learners import of_learners
from tests.said_states import everything_asked
from tests.said_world import Clock, World
from tests.written_rows import Written, label

ROW_OF_ADMIN = re.compile(r"/admin/(\w+)/(\w+)/(\d+)/")
NUMBERED = re.compile(r"(/admin/r/)\d+/\d+/|(__exact=)\d+|(/write/reports/)\d+/|(\^draft=)\d+|(_action=)\d+")


def hear_all(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """By file, what pages say and acts write."""
    clock = Clock()
    make_always_the_same(monkeypatch, clock)
    world = World(clock)
    clients: dict[str, Client] = {}
    files: dict[str, list[str]] = {}
    for asked in itertools.chain(everything_asked(world), of_learners(world)):
        for who in {asked.who, *(before.who for before in asked.first)} - clients.keys():
            clients[who] = make.client(world.people.get(who), raise_request_exception=False)
        files.setdefault(file_of(asked), []).extend(heard(asked, clients, clock))
    return {name: "\n".join(lines) + "\n" for name, lines in files.items()}


def make_always_the_same(monkeypatch: pytest.MonkeyPatch, clock: Clock) -> None:
    """Times, numbers and what is drawn by lot."""
    given = timezone.now
    monkeypatch.setattr(timezone, "now", clock)
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if field.default is given:  # it was remembered when the class was made
                monkeypatch.setattr(field, "_get_default", clock)
    lots = itertools.count(1)
    monkeypatch.setattr(make, "_numbers", itertools.count(1))
    monkeypatch.setattr(secrets, "randbits", lambda bits: next(lots))
    monkeypatch.setattr(secrets, "token_hex", lambda size=16: f"{next(lots):0{2 * size}x}")
    monkeypatch.setattr(uuid, "uuid4", lambda: uuid.UUID(int=7))
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM sqlite_sequence")


def file_of(asked: Asked) -> str:
    """The file of an address: of the admin's lists one for each model."""
    try:
        name = asked.name or resolve(asked.path.partition("?")[0]).view_name
    except Resolver404:
        return "not_found"
    of_model = re.fullmatch(r"admin[:/](\w+?)[_/](\w+?)[_/].*", name)
    if of_model and not name.startswith(("admin:app_list", "admin:write", "admin:view_on", "admin:password")):
        return "admin." + ".".join(of_model.groups())
    return re.sub(r"\W+", ".", name.replace("admin:write:", "write:")).strip(".")


def heard(asked: Asked, clients: dict[str, Client], clock: Clock) -> list[str]:
    """What one request says and writes; afterwards all is as before."""
    written, before, now = Written(), Written(), clock()
    with all_undone(clients[who] for who in {asked.who: 0, **dict.fromkeys(one.who for one in asked.first)}):
        opened = _filled(asked, clients) if asked.is_open else asked
        with connection.execute_wrapper(before):
            for one in asked.first:
                one.meanwhile() if one.meanwhile else _sent(_filled(one, clients), clients)
                clock.time += datetime.timedelta(minutes=0 if asked.is_still else 1)
        if not asked.is_still:
            clients[asked.who].cookies.pop("messages", None)
        mail.outbox.clear()
        filled = opened if asked.is_open else _filled(asked, clients)
        with connection.execute_wrapper(written):
            response = _sent(filled, clients)
        label.cache_clear()
        lines = [*_headline(asked), *_said(response, asked), *_mailed(), *written.lines(), ""]
        lines = [_without_numbers(line) for line in lines]
    clock.time = now
    if written.has_touched(Edition) or before.has_touched(Edition):  # remembered by ids that will be given again
        published.forget_all()
    return lines


@contextmanager
def all_undone(clients: Iterable[Client]) -> Iterator[None]:
    """Afterwards everything is as before, also in these browsers."""
    with ExitStack() as stack:
        for client in clients:
            stack.enter_context(undone(client))
        yield


def _sent(asked: Asked, clients: dict[str, Client]) -> HttpResponse:
    client = clients[asked.who]
    return client.get(asked.path) if asked.data is None else client.post(asked.path, asked.data)


def _filled(asked: Asked, clients: dict[str, Client]) -> Asked:
    """With the form of a page, and what is typed into it."""
    if not asked.form:
        return asked
    html = clients[asked.who].get(asked.form).content.decode()
    return replace(asked, data={**form_for(html, asked.path, asked.form), **(asked.data or {})})


def _headline(asked: Asked) -> Iterator[str]:
    is_sent = asked.data is not None or asked.form is not None
    yield f"=== {'POST' if is_sent else 'GET'} {asked.path} as {asked.who or 'nobody'}"
    for before in asked.first:
        by = f" as {before.who}" if before.who != asked.who else ""
        yield f"  {'meanwhile' if asked.is_open else 'after'} {before.path} {before.data or ''}".rstrip() + by
    for name, value in (asked.data or {}).items():
        yield f"  {name}: {' '.join(str(value).split())}"


def _said(response: HttpResponse, asked: Asked) -> Iterator[str]:
    yield f"--- {response.status_code} {response.get('Location', '')}".rstrip()
    if response.status_code in (302, 303):
        yield from (f"({message.tags}) {message}" for message in get_messages(response.wsgi_request))
    elif response.get("Content-Type", "").startswith("text/html"):
        yield from perceived(response.content.decode(), is_whole=asked.is_whole)
    else:
        yield from response.content.decode().splitlines()


def _mailed() -> Iterator[str]:
    for message in mail.outbox:
        yield f"@ {', '.join(message.to)}: {message.subject}"
        yield from (f"@ {line}" for line in message.body.splitlines() if line)


def _without_numbers(line: str) -> str:
    """Rows that are named in addresses of the admin, by what they say of themselves."""

    def named(found: re.Match[str]) -> str:
        app, model, pk = found.groups()
        return f"/admin/{app}/{model}/‹{label(apps.get_model(app, model), pk)}›/"

    return ROW_OF_ADMIN.sub(named, NUMBERED.sub(lambda found: f"{found.group(found.lastindex)}…", line))
