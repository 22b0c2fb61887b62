"""Who may see, add, change and delete what in the admin, found out by doing it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Group
from django.contrib.messages import get_messages
from django.db import models, transaction
from django.http import HttpResponse
from django.test import Client

from apps.modules.content import content_models
from apps.modules.models import Edition, Module
from tests import make
from tests.access_table import ADMIN_DOOR, STAFF, World, make_world
from tests.in_admin import Page, act, address, read

pytestmark = [pytest.mark.django_db, pytest.mark.once]

# v: see, a: add, c: change, d: delete; for an educator, a reviewer, an author, a publisher and an administrator.
SHARED = ("v", "v", "vacd", "vacd", "vacd")
STORED = PRIVATE = ("", "", "", "", "v")
RECORDS = ("v", "", "", "", "v")
RIGHTS = {
    "modules.Module": ("v", "v", "vac", "vac", "vacd"),
    "modules.Edition": STORED,
    "modules.Page": STORED,
    "scenarios.Scenario": STORED,
    "scenarios.Scene": STORED,
    "scenarios.Choice": STORED,
    "quizzes.Quiz": STORED,
    "quizzes.Question": STORED,
    "modules.Source": SHARED,
    "modules.Fact": SHARED,
    "modules.Seeding": PRIVATE,
    "authoring.Revision": PRIVATE,
    "modules.Withdrawal": PRIVATE,
    "modules.Archiving": PRIVATE,
    "progress.Enrolment": RECORDS,
    "progress.PageCompletion": RECORDS,
    "scenarios.Playthrough": PRIVATE,
    "quizzes.Attempt": PRIVATE,
    "certificates.Certificate": RECORDS,
    "accounts.User": ("", "", "", "", "vac"),
    "auth.Group": ("", "", "", "", "vacd"),
}
ROLES = STAFF
CONTENT = [*content_models(), Edition]  # which is written at the desk
OTHER_RECORDS = ("progress.PageCompletion", "quizzes.Response", "scenarios.Decision")  # that stand in one of those


def rows(world: World) -> Iterator[models.Model]:
    """A row of each model in the admin; of content, one of a draft. Nothing keeps those that can go from going."""
    yield Module.objects.create(slug="spare")
    yield from content_in_the_admin(world.draft)
    yield make.source("spare")
    yield from (world.fact, world.seeding, world.enrolment, world.enrolment.completions.all()[0], world.playthrough)
    yield from (
        world.revision,
        world.withdrawal,
        world.archiving,
        world.attempt,
        world.certificate,
        world.users["learner"],
        Group.objects.create(name="Spare"),
    )


def content_in_the_admin(edition: Edition) -> Iterator[models.Model]:
    """An edition, and a row of each model of its content that the admin lists."""
    yield edition
    for model in content_models():
        if model in admin.site._registry:
            yield model._base_manager.filter(edition=edition).order_by("-pk")[0]


def stored(row: models.Model) -> dict[str, Any] | None:
    return models.QuerySet(type(row)).filter(pk=row.pk).values().first()


def sees(listed: Page, opened: Page) -> bool:
    """Whether its page opens; its list does too, or neither."""
    assert listed.status == opened.status
    return opened.status == 200


def adds(browser: Client, row: models.Model) -> bool:
    """Whether the empty form comes back with what is wrong; `test_access.py` opens it."""
    sent = Page(browser.post(address(type(row), "add"), {"_save": "Save"}))
    assert ("_save" in sent.buttons) == bool(sent.errors) == (sent.status == 200)
    return sent.status == 200


def changes(browser: Client, row: models.Model, opened: Page) -> bool:
    """Whether the row can be saved as it stands; who may not can send whatever they like."""
    url = address(type(row), "change", row)
    if "_save" in opened.buttons:
        sent = browser.post(url, opened.fields | {"_save": ["Save"]})
        assert [message.level_tag for message in get_messages(sent.wsgi_request)] == ["success"], Page(sent).errors
        return True
    before = stored(row)
    forged = {name: "1" for name in before or {} if name != "id"}
    assert browser.post(url, forged | {"_save": "Save"}).status_code == 403
    assert stored(row) == before
    return False


def deletes(browser: Client, row: models.Model) -> bool:
    """Whether it is gone afterwards; from a list, all go or none."""
    url = address(type(row), "delete", row)
    asked, sent = browser.get(url).status_code, browser.post(url, {"post": "yes"})
    is_gone = stored(row) is None
    assert (asked, sent.status_code) == ((200, 302) if is_gone else (403, 403))
    return is_gone


def deletes_from_the_list(browser: Client, row: models.Model, listed: Page) -> bool:
    if listed.status == 403:
        return False
    asking = act(browser, "delete_selected", row)
    browser.post(address(type(row)), {"action": "delete_selected", "_selected_action": row.pk, "post": "yes"})
    assert ("Are you sure" in asking.text) == (stored(row) is None)
    return stored(row) is None


def can(browser: Client, row: models.Model) -> str:
    """What of `vacd` somebody can do; afterwards everything is as before."""
    listed, opened = (read(browser, url) for url in (address(type(row)), address(type(row), "change", row)))
    done = "v" if sees(listed, opened) else ""
    for letter, does in (
        ("a", lambda: adds(browser, row)),
        ("c", lambda: changes(browser, row, opened)),
        ("d", lambda: deletes(browser, row)),
        ("d", lambda: deletes_from_the_list(browser, row, listed)),
    ):
        with transaction.atomic():
            done += letter if does() else ""
            transaction.set_rollback(True)
    assert done.count("d") != 1, f"{row}: deleted on its own page or from the list, but not both"
    return done.replace("dd", "d")


@pytest.mark.parametrize("role", ROLES)
def test_everybody_does_in_the_admin_what_the_table_says(role: str) -> None:
    world = make_world(is_full=True)
    browser = world.client(role)
    rights_of_role = {row._meta.label: can(browser, row) for row in rows(world)}
    assert rights_of_role == {label: rights[ROLES.index(role)] for label, rights in RIGHTS.items()}
    assert set(rights_of_role) == {model._meta.label for model in admin.site._registry}


def test_rows_of_content_are_written_by_nobody() -> None:
    """Neither those of a draft, nor what is published: not added, not changed, not deleted, by whoever may do all."""
    world = make_world(is_full=True)
    browser, before = make.client(make.superuser()), everything()
    for edition in (world.draft, world.edition):
        assert {can(browser, row) for row in content_in_the_admin(edition)} == {"v"}
    assert everything() == before


def everything() -> list[list[tuple[Any, ...]]]:
    return [sorted(models.QuerySet(model).values_list(), key=str) for model in CONTENT]


def rights_within(response: HttpResponse) -> dict[type[models.Model], list[bool]]:
    """Whether rows of each model that stands in this page may be seen, added, changed and deleted there."""
    return {
        formset.opts.model: [getattr(formset, f"has_{verb}_permission") for verb in ("view", "add", "change", "delete")]
        for formset in response.context["inline_admin_formsets"]
    }


def test_rows_within_rows_are_there_to_be_read() -> None:
    """Whatever the admin does not list stands in the page of what it belongs to."""
    world, within = make_world(is_full=True), set()
    browser = world.client("administrator")
    records = (world.enrolment, world.attempt, world.playthrough)
    for row in (*records, *content_in_the_admin(world.draft)):
        for model, rights in rights_within(browser.get(address(type(row), "change", row))).items():
            assert rights == [True, False, False, False], f"{model.__name__} in {row._meta.label}"
            within.add(model)
    records_within = {apps.get_model(label) for label in OTHER_RECORDS}
    assert records_within | ({*content_models()} - {*admin.site._registry}) <= within


def test_a_learner_does_nothing_there(client_of_learner: Client) -> None:
    """All addresses lead to the door, which is closed."""
    for model in admin.site._registry:
        for verb in ("changelist", "add"):
            url = address(model, verb)
            for answer in (client_of_learner.get(url), client_of_learner.post(url, {"action": "x"})):
                assert (answer.status_code, answer.url) == (302, f"{ADMIN_DOOR}?next={url}")
    assert client_of_learner.get(answer.url).status_code == 403
