"""A database that takes no writes (a standby, a fail-over, a read-only file): pages show, and nothing is “saved”."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client

from apps.quizzes.models import SelectedOption
from tests import access_table, make
from tests.access_table import ROLES
from tests.core.test_errors import QUESTION

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]


class ReadOnly:
    """The database of the tests takes no writes inside this `with`."""

    def __enter__(self) -> None:
        if connection.vendor == "postgresql":
            self._set("on")
        else:
            self.path = connection.settings_dict["NAME"]
            self._open(f"file:{quote(self.path)}?mode=ro")

    def __exit__(self, *args: object) -> None:
        if connection.vendor == "postgresql":
            self._set("off")
        else:
            self._open(self.path)

    def _set(self, value: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"SET default_transaction_read_only = {value}")

    def _open(self, name: str) -> None:
        connection.close()
        connection.settings_dict["NAME"] = name


@pytest.fixture
def read_only() -> Iterator[ReadOnly]:
    yield ReadOnly()
    assert Client().get("/readyz").status_code == 200  # it was for this test only


def test_an_answer_is_not_saved_and_given_back(read_only: ReadOnly) -> None:
    learner = make.user("learner@example.org")
    make.attempt(make.enrolment(learner, make.edition("posts")), right=0, is_submitted=False)
    SelectedOption.objects.all().delete()
    browser = make.client(learner, raise_request_exception=False)
    with read_only:
        response = browser.post(f"{QUESTION}answer/", {"attempt": "1", "option": "quiz-q1-right"})
        assert response.status_code == 503
        assert "Your last answer was not saved." in response.content.decode()
        assert '<input type="hidden" name="option" value="quiz-q1-right">' in response.content.decode()
        assert browser.get(QUESTION).status_code == 200
    assert not SelectedOption.objects.exists()


def test_readyz_is_not_ready(read_only: ReadOnly, client: Client) -> None:
    client.raise_request_exception = False
    with read_only:
        assert client.get("/readyz").status_code == 503
        assert client.get("/healthz").status_code == 200
    assert client.get("/readyz").status_code == 200


def test_pages_show_and_no_button_dies(read_only: ReadOnly) -> None:
    world = access_table.make_world()
    browsers = {role: world.client(role, raise_request_exception=False) for role in ROLES}
    rows = [row for row in access_table.rows(world) if row.path != "/readyz"]
    with read_only:
        wrong = [
            f"{row} as {role}: {status}"
            for role, row in asked(rows)
            if (status := fault(row, role, row.request(browsers[role])))
        ]
    assert not wrong, "\n".join(wrong)


def asked(rows: list[access_table.Row]) -> Iterator[tuple[str, access_table.Row]]:
    """Of those who get the same answer the first asks; the learner and the administrator ask for everything."""
    met = set()
    for role in ROLES:
        for row in access_table.for_sweep(rows, role):
            kind = row, row.outcomes[role]
            if kind not in met or role in {"learner", "administrator"}:
                yield role, row
            met.add(kind)


def fault(row: access_table.Row, role: str, response: HttpResponse) -> int | None:
    """The status of an answer that is neither the usual one nor says that nothing can be stored."""
    outcome, status = row.outcomes[role], response.status_code
    usual = outcome if isinstance(outcome, int) else 302
    fits = status == usual if row.method == "GET" else status < 500
    is_said = status == 503 and b"could not reach our records" in response.content
    return None if fits or is_said else status
