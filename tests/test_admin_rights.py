"""Who may see, add, change and delete what in the admin, found out by doing it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group
from django.db import models, transaction
from django.test import Client

from apps.accounts.models import User
from apps.modules.content import EditionContent, content_models
from apps.modules.models import Edition, Module
from tests import make
from tests.access_table import World, make_world
from tests.in_admin import Page, act, address, read

pytestmark = pytest.mark.django_db

# v: see, a: add, c: change, d: delete; for an educator, an author and an administrator.
DRAFTS = ("v", "vacd", "vacd")
SHARED = ("v", "vacd", "vacd")
RECORDS = ("", "", "v")
RIGHTS = {
    "modules.Module": ("v", "vac", "vacd"),
    "modules.Edition": DRAFTS,
    "modules.Page": DRAFTS,
    "scenarios.Scenario": DRAFTS,
    "scenarios.Scene": DRAFTS,
    "scenarios.Choice": DRAFTS,
    "quizzes.Quiz": DRAFTS,
    "quizzes.Question": DRAFTS,
    "modules.Source": SHARED,
    "modules.Fact": SHARED,
    "modules.Seeding": RECORDS,
    "progress.Enrolment": RECORDS,
    "progress.PageCompletion": RECORDS,
    "scenarios.Playthrough": RECORDS,
    "quizzes.Attempt": RECORDS,
    "certificates.Certificate": RECORDS,
    "accounts.User": ("", "", "vac"),
    "auth.Group": ("", "", "vacd"),
}
ROLES = ("educator", "author", "administrator")
OTHER_RECORDS = ("progress.PageCompletion", "quizzes.Response", "scenarios.Decision")  # that stand in one of those


def rows(world: World) -> Iterator[models.Model]:
    """A row of each model in the admin; of content, one of a draft. Nothing keeps those that can go from going."""
    yield Module.objects.create(slug="spare")
    yield make.draft("other")
    for model in content_models():
        if model in admin.site._registry:
            yield model._base_manager.filter(edition=world.draft).order_by("-pk")[0]
    yield make.source("spare")
    yield from (world.fact, world.seeding, world.enrolment, world.enrolment.completions.all()[0], world.playthrough)
    yield from (world.attempt, world.certificate, world.users["learner"], Group.objects.create(name="Spare"))


def stored(row: models.Model) -> dict[str, Any] | None:
    return models.QuerySet(type(row)).filter(pk=row.pk).values().first()


def sees(browser: Client, row: models.Model) -> bool:
    pages = [read(browser, url) for url in (address(type(row)), address(type(row), "change", row))]
    assert len({page.status for page in pages}) == 1
    return pages[0].status == 200


def adds(browser: Client, row: models.Model) -> bool:
    """Whether the empty form comes back with what is wrong."""
    url = address(type(row), "add")
    opened, sent = read(browser, url), Page(browser.post(url, {"_save": "Save"}))
    assert opened.status == sent.status
    assert ("_save" in opened.buttons) == bool(sent.errors) == (sent.status == 200)
    return sent.status == 200


def changes(browser: Client, row: models.Model) -> bool:
    """Whether the row can be saved as it stands; who may not can send whatever they like."""
    url = address(type(row), "change", row)
    opened = read(browser, url)
    if "_save" in opened.buttons:
        page = Page(browser.post(url, opened.fields | {"_save": ["Save"]}, follow=True))
        assert [level for level, _ in page.messages] == ["success"], page.errors
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


def deletes_from_the_list(browser: Client, row: models.Model) -> bool:
    if read(browser, address(type(row))).status == 403:
        return False
    asking = act(browser, "delete_selected", row)
    browser.post(address(type(row)), {"action": "delete_selected", "_selected_action": row.pk, "post": "yes"})
    assert ("Are you sure" in asking.text) == (stored(row) is None)
    return stored(row) is None


def can(browser: Client, row: models.Model) -> str:
    """What of `vacd` somebody can do; afterwards everything is as before."""
    done = ""
    for letter, does in (("v", sees), ("a", adds), ("c", changes), ("d", deletes), ("d", deletes_from_the_list)):
        with transaction.atomic():
            done += letter if does(browser, row) else ""
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


@pytest.mark.parametrize("role", ROLES)
def test_rows_within_rows_are_written_by_who_writes_those(role: str) -> None:
    """Each model of content that stands in the page of another: its rows are seen, and written by authors."""
    world = make_world(is_full=True)
    browser = world.client(role)
    may_write = role != "educator"
    within = set()
    for model, site in admin.site._registry.items():
        if not site.inlines or not issubclass(model, EditionContent | Edition):
            continue
        row = world.draft if model is Edition else model._base_manager.filter(edition=world.draft)[0]
        for formset in browser.get(address(model, "change", row)).context["inline_admin_formsets"]:
            rights = [getattr(formset, f"has_{verb}_permission") for verb in ("view", "add", "change", "delete")]
            assert rights == [True, may_write, may_write, may_write], formset.opts.model
            within.add(formset.opts.model)
    alone = {model for model in content_models() if model in admin.site._registry}
    assert within | alone == set(content_models())


def test_records_within_records_are_there_to_be_read() -> None:
    world = make_world()
    within = set()
    for record in (world.enrolment, world.attempt, world.playthrough):
        for formset in (
            world.client("administrator").get(address(type(record), "change", record)).context["inline_admin_formsets"]
        ):
            rights = [getattr(formset, f"has_{verb}_permission") for verb in ("view", "add", "change", "delete")]
            assert rights == [True, False, False, False]
            within.add(formset.opts.model._meta.label)
    assert within == set(OTHER_RECORDS)


@pytest.mark.parametrize("role", ["educator", "author", "administrator"])
def test_nothing_published_is_added_to_changed_or_deleted_by_anybody(role: str) -> None:
    world = make_world(is_full=True)
    browser = world.client(role)
    for model in (Edition, *content_models()):
        if model not in admin.site._registry:
            continue
        row = world.edition if model is Edition else model._base_manager.filter(edition=world.edition)[0]
        response = browser.get(address(model, "change", row))
        for formset in response.context["inline_admin_formsets"]:
            rights = [getattr(formset, f"has_{verb}_permission") for verb in ("view", "add", "change", "delete")]
            assert rights == [True, False, False, False], formset.opts.model
        assert "_save" not in Page(response).buttons


def test_a_learner_does_nothing_there(learner: User, client_of_learner: Client) -> None:
    for model in admin.site._registry:
        for verb in ("changelist", "add"):
            assert client_of_learner.get(address(model, verb), follow=True).status_code == 403
            assert client_of_learner.post(address(model, verb), {"action": "x"}, follow=True).status_code == 403
