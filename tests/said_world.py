"""Who asks for what in `test_said.py`, in a world where order, filters and plurals matter."""

from __future__ import annotations

import itertools
import re
import secrets
import uuid
from collections.abc import Iterator

import pytest
from django.apps import apps
from django.core import mail
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from apps.modules import published
from tests import access_table, make
from tests.access_table import ADMIN_DOOR, SIGN_IN, Row, undone
from tests.perceived import perceived
from tests.written_rows import Written, label

ROW_OF_ADMIN = re.compile(r"/admin/(\w+)/(\w+)/(\d+)/")
TO_SITE = re.compile(r"/admin/r/\d+/\d+/")
ASKERS = ("learner", "anonymous", "administrator")  # whoever of these sees most is asked
DOORS = (SIGN_IN, ADMIN_DOOR)
# A PDF, which `certificates/test_pdf.py` reads; what Django wrote; what is drawn by lot; a list without an order.
NO_WORDS = ("certificates:pdf", "admin:jsi18n", "mfa_passkey_options", "admin:modules_module_delete")


def make_always_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """Times, numbers and what is drawn by lot."""
    given = timezone.now
    monkeypatch.setattr(timezone, "now", lambda: make.NOW)
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if field.default is given:  # it was remembered when the class was made
                monkeypatch.setattr(field, "_get_default", lambda: timezone.now())
    monkeypatch.setattr(uuid, "uuid4", lambda: uuid.UUID(int=7))
    lots = itertools.count(1)
    monkeypatch.setattr(make, "_numbers", itertools.count(1))
    monkeypatch.setattr(secrets, "randbits", lambda bits: next(lots))
    monkeypatch.setattr(secrets, "token_hex", lambda size=16: f"{next(lots):0{2 * size}x}")


def hear_all(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """By file, what pages say and acts write."""
    make_always_the_same(monkeypatch)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM sqlite_sequence")
    world = access_table.make_world()
    files: dict[str, list[str]] = {}
    clients = {role: world.client(role, raise_request_exception=False) for role in ASKERS}
    for row in access_table.rows(world):
        if row.name not in NO_WORDS:
            asker = asker_of(row)
            files.setdefault(file_of(row.name), []).extend(heard(row, asker, clients[asker]))
    return {name: "\n".join(lines) + "\n" for name, lines in files.items()}


def file_of(name: str) -> str:
    """The file of an address: of the admin's lists one for each model."""
    of_model = re.fullmatch(r"admin[:/](\w+?)[_/](\w+?)[_/].*", name)
    if of_model and not name.startswith(("admin:app", "admin:write")):
        return "admin." + ".".join(of_model.groups())
    return re.sub(r"\W+", ".", name.removeprefix("admin:write")).strip(".")


def asker_of(row: Row) -> str:
    """Who of the askers is told most; in the admin its administrator."""
    if row.path.startswith("/admin/"):
        return "administrator"

    def rank(role: str) -> int:
        outcome = row.outcomes[role]
        return [outcome == 200, outcome in (422, 409), isinstance(outcome, str) and outcome not in DOORS, True].index(
            True
        )

    return min(ASKERS, key=rank)


def heard(row: Row, asker: str, client: Client) -> list[str]:
    """What one request says and writes."""
    mail.outbox.clear()
    written = Written()
    sent = [f"  {name}: {value}" for name, value in row.data.items()]
    with undone(client):
        with connection.execute_wrapper(written):
            response = row.request(client)
        lines = [*_said(response), *_led_to(response, client, row), *_mailed(), *written.lines()]
        lines = [_without_numbers(line) for line in [f"=== {row.method} {row.path} as {asker}", *sent, *lines, ""]]
    published.forget_all()
    return lines


def _said(response: HttpResponse) -> Iterator[str]:
    yield f"--- {response.status_code} {response.get('Location', '')}".rstrip()
    if response.get("Content-Type", "").startswith("text/html"):
        yield from perceived(response.content.decode())
    else:
        yield from response.content.decode().splitlines()


def _led_to(response: HttpResponse, client: Client, row: Row) -> Iterator[str]:
    """The messages on the page to which an act leads."""
    if row.method == "POST" and response.status_code == 302:
        following = client.get(response["Location"])
        for message in following.context["messages"] if following.context else ():
            yield f"({message.tags}) {message}"


def _mailed() -> Iterator[str]:
    for message in mail.outbox:
        yield f"@ {', '.join(message.to)}: {message.subject}"
        yield from message.body.splitlines()


def _without_numbers(line: str) -> str:
    """Rows that are named in addresses of the admin, by what they say of themselves."""

    def named(found: re.Match[str]) -> str:
        app, model, pk = found.groups()
        try:
            return f"/admin/{app}/{model}/‹{label(apps.get_model(app, model), pk)}›/"
        except LookupError:  # of a report
            return f"/admin/{app}/{model}/…/"

    return ROW_OF_ADMIN.sub(named, TO_SITE.sub("/admin/r/…/", line))
