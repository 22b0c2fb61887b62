"""Looking changes nothing: no GET of any address by anybody writes to the database."""

from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.db import connection

from tests import access_table, make
from tests.access_table import ROLES

pytestmark = [pytest.mark.django_db, pytest.mark.once]

READING = ("SELECT", "SAVEPOINT", "RELEASE SAVEPOINT", "ROLLBACK TO SAVEPOINT", "PRAGMA")
PROBE = "DELETE FROM django_session WHERE 1 = 0"  # /readyz asks whether the database takes writes; it fits no row


class Writes:
    """An execute wrapper that notes every statement that does more than read."""

    def __init__(self) -> None:
        self.found: list[str] = []

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if not sql.strip("( \n").upper().startswith(READING) or "FOR UPDATE" in sql:
            self.found.append(sql)
        return execute(sql, params, many, context)


def size_of_every_table() -> dict[str, int]:
    return {model._meta.label: model._base_manager.count() for model in apps.get_models(include_auto_created=True)}


def test_no_get_writes() -> None:
    world = access_table.make_world()
    rows = access_table.rows(world)
    wrong = []
    for role in ROLES:
        client = world.client(role, raise_request_exception=False)
        before = size_of_every_table()
        for path in dict.fromkeys(row.path for row in access_table.for_sweep(rows, role)):
            writes = Writes()
            with connection.execute_wrapper(writes):
                client.get(path)
            wrong += [f"GET {path} as {role}: {sql[:150]}" for sql in writes.found if sql != PROBE]
        assert size_of_every_table() == before, role
    assert not wrong, "\n".join(wrong)


def test_a_write_would_be_seen() -> None:
    writes = Writes()
    with connection.execute_wrapper(writes):
        module = make.draft().module
        type(module).objects.update(position=2)
        type(module).objects.select_for_update().first()
        make.source().delete()
    assert {sql.split()[0] for sql in writes.found} >= {"INSERT", "UPDATE", "DELETE"}
