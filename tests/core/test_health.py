"""What operators ask of the process."""

import re
from unittest import mock

import pytest
from django.db import OperationalError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client

from tests.core.test_errors import Away

HEX = re.compile(r"[0-9a-f]{8}")


def test_healthz_says_that_the_process_lives_without_asking_the_database(client: Client) -> None:
    """This test has no database at all."""
    response = client.get("/healthz")
    assert (response.status_code, response.content) == (200, b"ok\n")


@pytest.mark.django_db
def test_healthz_does_not_ask_who_is_signed_in(client_of_learner: Client) -> None:
    with connection.execute_wrapper(Away()):
        assert client_of_learner.get("/healthz").status_code == 200


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
