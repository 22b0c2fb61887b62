"""What operators ask of the process."""

import json
import logging
import re
from unittest import mock

import pytest
from django.db import OperationalError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client

from apps.core import logs
from tests.core.test_errors import Away

HEX = re.compile(r"[0-9a-f]{8}")


def test_healthz_says_that_the_process_lives_without_asking_the_database(client: Client) -> None:
    """This test has no database at all."""
    response = client.get("/healthz")
    assert (response.status_code, response.content) == (200, b"ok\n")


@pytest.mark.django_db
def test_readyz_says_ready_when_every_migration_is_applied(client: Client) -> None:
    response = client.get("/readyz")
    assert (response.status_code, response.content) == (200, b"ready\n")


@pytest.mark.django_db
def test_readyz_is_not_ready_with_a_migration_to_apply(client: Client) -> None:
    [newest] = MigrationLoader(connection).graph.leaf_nodes("certificates")
    MigrationRecorder(connection).record_unapplied(*newest)
    response = client.get("/readyz")
    assert (response.status_code, response.content) == (503, b"1 migrations to apply\n")


@pytest.mark.django_db
def test_readyz_is_not_ready_when_the_database_is_away(client: Client) -> None:
    client.raise_request_exception = False
    with connection.execute_wrapper(Away()):
        assert client.get("/readyz").status_code == 503
    with mock.patch("apps.core.views.MigrationExecutor", side_effect=OperationalError("refused")):
        assert client.get("/readyz").status_code == 503


@pytest.mark.parametrize("url", ["/healthz", "/readyz", "/about/", "/accessibility/", "/privacy/", "/favicon.ico"])
@pytest.mark.django_db
def test_head_is_answered_like_get(client: Client, url: str) -> None:
    assert client.head(url).status_code == client.get(url).status_code


def test_each_request_has_a_number_of_its_own(client: Client) -> None:
    numbers = {client.get("/healthz")["X-Request-ID"] for _ in range(5)}
    assert len(numbers) == 5
    assert all(HEX.fullmatch(number) for number in numbers)


def test_a_visitor_cannot_choose_the_number(client: Client) -> None:
    response = client.get("/healthz", headers={"X-Request-ID": "forged\n"})
    assert HEX.fullmatch(response["X-Request-ID"])


def test_the_log_is_one_json_object_a_line_without_query_strings() -> None:
    token = logs.request_id.set("cafe0123")
    try:
        record = logging.makeLogRecord(
            {
                "name": "x",
                "levelno": 30,
                "levelname": "WARNING",
                "msg": "Not Found: /verify/?code=%s",
                "args": ("SECRET",),
            }
        )
        line = logs.JsonFormatter().format(record)
    finally:
        logs.request_id.reset(token)
    entry = json.loads(line)
    assert "\n" not in line
    assert entry["message"] == "Not Found: /verify/"
    assert entry["request"] == "cafe0123"
    assert "SECRET" not in line


def test_an_exception_stays_on_its_line() -> None:
    try:
        raise ValueError("two\nlines")
    except ValueError as error:
        record = logging.makeLogRecord({"msg": "failed", "exc_info": (type(error), error, error.__traceback__)})
    line = logs.JsonFormatter().format(record)
    assert "\n" not in line
    assert "ValueError: two" in json.loads(line)["exception"]
