"""Acts with which harm can be done: role × second factor. None passes without a proof of the last five minutes."""

import datetime
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from apps.accounts.factors import demand
from apps.accounts.models import FactorRemoval, RightsChange, User
from apps.authoring.roles import HARMFUL
from apps.certificates.models import Certificate
from apps.modules.models import Archiving, Edition, Withdrawal
from tests import access_table, make, proofs
from tests.access_table import STAFF, Row, World

pytestmark = [pytest.mark.django_db, pytest.mark.once]

ACTS = {
    *("admin:write:publish", "admin:write:withdraw", "admin:write:end_withdrawal"),
    *("admin:write:archive", "admin:write:end_archiving"),
    *("admin:accounts_user_add", "admin:accounts_user_change", "admin:accounts_user_close"),
    *("admin:accounts_user_factor", "admin:accounts_user_delete"),
    *("admin:auth_group_add", "admin:auth_group_change", "admin:auth_group_delete"),
}
# What an act writes: whoever else writes one of these is an act, too.
WRITTEN = (User, Group, RightsChange, FactorRemoval, Certificate, Edition, Withdrawal, Archiving)
FACTORS = {"none": None, "old proof": proofs.LONG_AGO, "fresh proof": proofs.JUST_NOW}


@pytest.fixture
def world(settings: Any) -> World:
    settings.IS_SECOND_FACTOR_DEMANDED = True
    return access_table.make_world()


def client_of(world: World, role: str, factor: str) -> Client:
    """Signed in, in the grace where there is no factor."""
    person, ago = world.users[role], FACTORS[factor]
    client = make.client(person)
    if ago is not None:
        proofs.give_app(person)
        proofs.prove(client, person, ago)
    return client


def acts(world: World) -> list[Row]:
    return [row for row in access_table.rows(world) if row.name in ACTS]


def others(world: World) -> Iterator[Row]:
    """Every other form of the admin, and to revoke a certificate is one of them: an action of the list."""
    rows = (row for row in access_table.rows(world) if row.method == "POST")  # a GET never writes
    yield from (row for row in rows if row.name not in ACTS and row.path.startswith("/admin/"))
    yield revoke(world)


def revoke(world: World) -> Row:
    data = {"action": "revoke", "_selected_action": [world.certificate.pk], "reason": "Not theirs."}
    path = "/admin/certificates/certificate/"
    return access_table.Row("revoke", path, dict.fromkeys(STAFF, 302), "POST", data)


@pytest.mark.parametrize("factor", FACTORS)
@pytest.mark.parametrize("role", STAFF)
def test_each_act_asks_for_a_fresh_proof(role: str, factor: str, world: World) -> None:
    client, wrong = client_of(world, role, factor), []
    for row in acts(world):
        may = row.outcomes[role] not in {403, 404}
        with access_table.undone(client):
            answer = row.request(client)
        got = answer.url if answer.status_code == 302 else answer.status_code
        if not may or factor == "fresh proof":
            is_right = got == row.outcomes[role]
        elif row.method == "POST":
            is_right = got == 403 and "First show that it is you" in answer.content.decode()
        else:
            way = "/account/second-factor/" if factor == "none" else "/account/second-factor/prove/"
            is_right = str(got).startswith(f"{way}?next=%2Fadmin%2F")
        if not is_right:
            wrong.append(f"{row}: {got}, may: {may}")
    assert wrong == []


def stored() -> list[list[object]]:
    """What acts write; a draft is written by others, too."""
    kept = [model._base_manager.order_by("pk") for model in WRITTEN if model is not Edition]
    return [list(rows.values()) for rows in (*kept, Edition.objects.published().order_by("pk"))]


def test_the_acts_are_all_there_are(world: World) -> None:
    """With an old proof nothing that an act writes is written, whatever somebody who may do everything sends."""
    client = client_of(world, "administrator", "old proof")

    before, wrong = stored(), []
    for row in [*acts(world), *others(world)]:
        with access_table.undone(client):
            row.request(client)
            if stored() != before:
                wrong.append(str(row))
    assert wrong == []


@pytest.mark.parametrize("path", ["/admin/", "/admin/write/modules/posts/", "/admin/write/modules/posts/publish/"])
def test_a_proof_costs_no_query(path: str, world: World, settings: Any) -> None:
    """Authors' pages stand at the most that they may ask."""
    client, asked = client_of(world, "publisher", "fresh proof"), []
    for settings.IS_SECOND_FACTOR_DEMANDED in (False, True):
        client.get(path)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(path).status_code == 200
        asked.append(len(queries))
    assert asked[0] == asked[1]


def test_a_certificate_is_revoked_with_a_fresh_proof_only(world: World) -> None:
    act, person = revoke(world), world.users["administrator"]
    client = client_of(world, "administrator", "old proof")
    refused = act.request(client)
    assert refused.status_code == 403
    assert "Not theirs." in refused.content.decode(), "what was typed is still there"
    proofs.prove(client, person)
    act.request(client)
    assert Certificate.objects.get(pk=world.certificate.pk).revoked_at


def test_whoever_may_do_an_act_needs_a_second_factor(world: World, settings: Any) -> None:
    """Rights are given one by one, too: each that opens an act is demanding by itself."""
    for role, is_demanded in (
        *(("educator", True), ("publisher", True), ("administrator", True)),
        *(("reviewer", False), ("author", False), ("learner", False)),
    ):
        assert demand.is_demanded_of(world.users[role]) is is_demanded, role
    for right in HARMFUL:
        person = make.user(f"{right}@example.org", is_staff=True)
        app, _, codename = right.partition(".")
        person.user_permissions.add(Permission.objects.get(content_type__app_label=app, codename=codename))
        assert demand.is_demanded_of(User.objects.get(pk=person.pk)), right
        settings.IS_SECOND_FACTOR_DEMANDED = False
        assert not demand.is_demanded_of(User.objects.get(pk=person.pk)), right
        settings.IS_SECOND_FACTOR_DEMANDED = True


@pytest.mark.parametrize("has_factor", [False, True])
@pytest.mark.parametrize(("role", "is_demanded"), [("author", True), ("reviewer", True), ("publisher", False)])
def test_the_admin_is_open_to_those_of_whom_none_is_demanded_any_more(
    role: str, is_demanded: bool, has_factor: bool, world: World, settings: Any
) -> None:
    """Because their role is another now, or because this server demands none: whatever was demanded long ago."""
    settings.IS_SECOND_FACTOR_DEMANDED = is_demanded
    person = world.users[role]
    person.factor_demanded_at = timezone.now() - datetime.timedelta(days=100)
    person.save()
    if has_factor:
        proofs.give_app(person)
    assert make.client(person).get("/admin/").status_code == 200


@pytest.mark.parametrize("days", [6, 8])
@pytest.mark.parametrize("role", ["educator", "publisher", "administrator"])
def test_without_a_factor_the_admin_is_open_for_seven_days(role: str, days: int, world: World) -> None:
    person = world.users[role]
    person.factor_demanded_at = timezone.now() - datetime.timedelta(days=days)
    person.save()
    answer = make.client(person).get("/admin/")
    if days < 7:
        assert answer.status_code == 200
        assert "Your role needs a second factor. Set one up before" in answer.content.decode()
    else:
        assert make.client(person).get("/admin/", follow=True).redirect_chain[-1][0] == (
            "/account/second-factor/?next=%2Fadmin%2F"
        )
