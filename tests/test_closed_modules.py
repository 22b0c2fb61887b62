"""Every address of a module that is withdrawn, archived, or not published yet: who asks, learner or not."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator

import pytest

from apps.modules.models import Edition, Module
from tests import access_table, make
from tests.access_table import SIGN_IN, Outcome, Row, World
from tests.test_access import _outcome

pytestmark = [pytest.mark.django_db, pytest.mark.once]

ROLES = ("anonymous", "learner", "other_learner")
# Of no module; or leading on whatever there is.
ELSEWHERE = ("scenarios:moved_keep", "scenarios:moved_start_again", "certificates:verify")


def withdrawn(world: World) -> None:
    make.withdrawal(world.edition)


def archived(world: World) -> None:
    make.archiving(world.edition.module)


def rows_of_module(world: World) -> Iterator[Row]:
    """The addresses below a module's own, and the lists that may name it."""
    for row in access_table.rows(world):
        if not row.name.startswith(("admin", "account")):
            yield row


def expected(row: Row, role: str) -> Outcome:
    """What the table says, for whoever has begun the module; nobody else gets at its pages."""
    outcome = row.outcomes[role]
    is_inside = row.path.startswith(("/modules/posts/", "/learn/posts/", "/try/posts/"))
    is_open = not is_inside or row.name in ELSEWHERE or row.name.startswith("certificates:")
    return outcome if role == "learner" or is_open or outcome == SIGN_IN else 410


@pytest.mark.parametrize("close", [withdrawn, archived])
def test_who_has_begun_a_closed_module_goes_on_and_all_others_are_told(close: Callable[[World], None]) -> None:
    world, wrong = access_table.make_world(), []
    close(world)
    for role in ROLES:
        client = world.client(role, raise_request_exception=False)
        for row in rows_of_module(world):
            with access_table.undone(client):
                outcome = _outcome(row, client)
            if outcome != expected(row, role):
                wrong.append(f"{role}, {row}: {outcome}, not {expected(row, role)}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("close", [withdrawn, archived])
def test_learners_of_an_older_edition_go_on_and_do_not_get_into_the_closed_one(close: Callable[[World], None]) -> None:
    world, wrong = access_table.make_world(), []
    newer = make.publish(world.draft)
    close(dataclasses.replace(world, edition=newer))
    learner = world.client("learner", raise_request_exception=False)
    for row in rows_of_module(world):
        with access_table.undone(learner):
            outcome = _outcome(row, learner)
        if outcome != row.outcomes["learner"]:
            wrong.append(f"{row}: {outcome}, not {row.outcomes['learner']}")
        inside = dataclasses.replace(row, path=row.path.replace("/learn/posts/1/", "/learn/posts/2/"))
        if inside.path != row.path and row.name not in ELSEWHERE:
            with access_table.undone(learner):
                outcome = _outcome(inside, learner)
            if outcome not in (404, 410):
                wrong.append(f"{inside}: {outcome}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("has_draft", [True, False])
def test_where_nothing_is_published_there_is_nothing(has_draft: bool) -> None:
    world, wrong = access_table.make_world(), []
    sketch = Module.objects.create(slug="sketch")
    if has_draft:
        make.unguarded(Edition).filter(pk=world.draft.pk).update(module=sketch)
    for role in ROLES:
        client = world.client(role, raise_request_exception=False)
        for row in rows_of_module(world):
            there = dataclasses.replace(row, path=row.path.replace("/posts/", "/sketch/"))
            if there.path == row.path:
                continue
            with access_table.undone(client):
                outcome = _outcome(there, client)
            if outcome not in (404, SIGN_IN) and row.name not in ELSEWHERE:
                wrong.append(f"{role}, {there}: {outcome}")
    assert not wrong, "\n".join(wrong)
