"""Whatever is sent to authors' pages, by whomever: no page falls over, and what is published stays as it is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from apps.modules.models import Edition
from tests import access_table
from tests.modules.test_publication_race import rows_of

pytestmark = [pytest.mark.django_db, pytest.mark.once]

HOSTILE = ("", "\0", "x" * 10_000)
MAY_PUBLISH = {"admin:write:publish"}  # which is tried in `test_publish_page.py`


def sent(fields: dict[str, Any], *, is_writer: bool) -> Iterator[dict[str, Any]]:
    """What its form would send, with each field in turn missing, hostile, or there twice; with all fields at once by
    somebody who is refused before a field is read."""
    yield {}
    yield fields
    if not is_writer:
        yield from (dict.fromkeys(fields, value) for value in (*HOSTILE, ["1", "2"]))
    for name in fields if is_writer else ():
        yield {other: value for other, value in fields.items() if other != name}
        yield fields | {name: ["1", "2"]}
        yield from (fields | {name: value} for value in HOSTILE)


@pytest.mark.parametrize("role", ["reviewer", "author"])
def test_nothing_that_is_sent_changes_what_is_published(role: str) -> None:
    world = access_table.make_world()
    client = world.client(role, raise_request_exception=False)
    is_writer, before, wrong = role != "reviewer", published(world), []
    for row in access_table.rows(world):
        if row.method != "POST" or not row.name.startswith("admin:write:") or row.name in MAY_PUBLISH:
            continue
        fields = {"seen": "0" * 16, "do": "save", "draft": world.draft.pk, "block": ""} | row.data
        with access_table.undone(client):
            statuses = {client.post(row.path, data).status_code for data in sent(fields, is_writer=is_writer)}
            is_right = is_writer or min(statuses) >= 400
            if max(statuses) >= 500 or not is_right or published(world) != before:
                wrong.append(f"{row}: {statuses}")
    assert not wrong, "\n".join(wrong)


def published(world: access_table.World) -> object:
    return rows_of(world.edition), list(Edition.objects.published().values_list())
