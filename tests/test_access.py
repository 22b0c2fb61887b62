"""Every address for every role, and no address without a row in the table."""

import re

import pytest
from django.http import HttpResponse
from django.test import Client

from tests import access_table
from tests.access_table import ADMIN_DOOR, ROLES, SIGN_IN, Outcome, Row
from tests.answers import SHARED, Answer, answers_to

pytestmark = [pytest.mark.django_db, pytest.mark.once, SHARED]


def test_every_address_has_a_row_and_every_row_an_address() -> None:
    in_table = {row.name for row in access_table.rows(access_table.make_world())}
    addresses = access_table.every_url_name()
    assert addresses - in_table == set(), "These addresses have no row in tests/access_table.py."
    assert in_table - addresses == set(), "These rows of tests/access_table.py have no address."


@pytest.mark.parametrize("role", ROLES)
def test_everybody_gets_what_the_table_says(role: str) -> None:
    wrong = []
    for answer in answers_to(role).all:
        outcome, row = _outcome_of(answer), answer.row
        if outcome != row.outcomes[role]:
            wrong.append(f"{row}: {outcome}, not {row.outcomes[role]}")
    assert not wrong, "\n".join([f"As {role}:", *wrong])


AMERICAN = re.compile(rb"\b(?:Jan\.|Feb\.|March|April|May|June|July|Aug\.|Sept\.|Oct\.|Nov\.|Dec\.) \d{1,2}, \d{4}\b")
TWELVE_HOURS = re.compile(rb"\d{4},? (?:\d{1,2}(?::\d\d)? [ap]\.m\.|noon|midnight)")


@pytest.mark.parametrize("role", ROLES)
def test_no_page_writes_a_day_as_django_does_unasked(role: str) -> None:
    """`Nov. 20, 2026` is what a bare date becomes on learners' pages, `20 Nov 2026, 3:14 a.m.` a moment in the admin:
    `|day` and `config/formats` write them as people here do.
    """
    wrong = [
        f"{answer.row}: {found}"
        for answer in answers_to(role).all
        for format_ in (AMERICAN, TWELVE_HOURS)
        for found in format_.findall(answer.content)
    ]
    assert wrong == []


def _outcome(row: Row, client: Client) -> Outcome:
    return _outcome_of(row.request(client))


def _outcome_of(response: HttpResponse | Answer) -> Outcome:
    if response.status_code != 302:
        return response.status_code
    for door in (SIGN_IN, ADMIN_DOOR):
        if response.url.startswith(f"{door}?next="):
            return door
    return response.url
