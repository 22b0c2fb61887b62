"""Looking changes nothing: no GET of any address by anybody writes to the database."""

import pytest
from django.db import connection

from tests import access_table, make
from tests.access_table import ROLES
from tests.answers import SHARED, Writes, answers_to, sizes

pytestmark = [pytest.mark.django_db, pytest.mark.once, SHARED]

PROBE = "DELETE FROM django_session WHERE 1 = 0"  # /readyz asks whether the database takes writes; it fits no row


@pytest.mark.parametrize("role", ROLES)
def test_no_get_writes(role: str) -> None:
    asked = answers_to(role)
    looked = [answer for answer in asked.all if answer.row.method == "GET"]
    assert [f"{answer.row}: {sql[:150]}" for answer in looked for sql in answer.writes if sql != PROBE] == []
    assert asked.grown == set()


def test_no_get_of_what_is_only_sent_to_writes() -> None:
    """Which is mostly refused."""
    world = access_table.make_world()
    rows = access_table.rows(world)
    looked_at = {row.path for row in rows if row.method == "GET"}
    wrong = []
    for role in ROLES:
        client = world.client(role, raise_request_exception=False)
        before = sizes()
        for path in dict.fromkeys(row.path for row in access_table.for_sweep(rows, role)):
            if path not in looked_at:
                with connection.execute_wrapper(writes := Writes()):
                    client.get(path)
                wrong += [f"GET {path} as {role}: {sql[:150]}" for sql in writes.found]
        assert sizes() == before, role
    assert wrong == []


def test_a_write_would_be_seen() -> None:
    writes = Writes()
    with connection.execute_wrapper(writes):
        module = make.draft().module
        type(module).objects.update(position=2)
        type(module).objects.select_for_update().first()
        make.source().delete()
    assert {sql.split()[0] for sql in writes.found} >= {"INSERT", "UPDATE", "DELETE"}
