"""The roles: what each may do, and that they are there on a fresh database, after a flush, and after an upgrade."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType

from apps.authoring.roles import CONTENT, ROLES, grant_roles
from apps.modules.content import content_models
from tests import make
from tests.in_admin import Page, read

pytestmark = pytest.mark.django_db


def rights_of(name: str) -> set[str]:
    rows = Group.objects.get(name=name).permissions.values_list("content_type__app_label", "codename")
    return {".".join(row) for row in rows}


def everything() -> set[tuple[str, ...]]:
    return set(Group.objects.values_list("name", "permissions__content_type__app_label", "permissions__codename"))


def test_migrating_made_them_with_all_their_rights() -> None:
    assert {group.name: rights_of(group.name) for group in Group.objects.all()} == ROLES


def test_every_model_of_content_is_among_them() -> None:
    assert {*CONTENT} == {model._meta.label_lower for model in content_models()}


@pytest.mark.parametrize(
    ("role", "may", "may_not"),
    [
        (
            "Author",
            ["modules.read_draft", "modules.change_edition", "scenarios.delete_choice", "modules.add_source"],
            ["modules.publish_edition", "modules.delete_module", "progress.view_enrolment", "accounts.view_user"],
        ),
        ("Publisher", ["modules.publish_edition", "modules.change_edition"], ["certificates.view_certificate"]),
        (
            "Educator",
            ["progress.view_enrolment", "progress.view_pagecompletion", "certificates.view_certificate"],
            ["modules.read_draft", "quizzes.view_attempt", "quizzes.view_response", "scenarios.view_decision"],
        ),
        (
            "Administrator",
            ["modules.publish_edition", "accounts.delete_user", "quizzes.view_attempt", "auth.change_group"],
            ["progress.change_enrolment", "quizzes.change_attempt", "authoring.delete_revision"],
        ),
    ],
)
def test_each_may_do_what_it_is_for(role: str, may: list[str], may_not: list[str]) -> None:
    assert ROLES[role].issuperset(may)
    assert not ROLES[role] & {*may_not}


@pytest.mark.parametrize("role", ["Reviewer", "Educator"])
def test_who_reads_writes_nothing(role: str) -> None:
    assert {right.partition(".")[2].partition("_")[0] for right in ROLES[role]} <= {"view", "read"}
    assert ("modules.read_draft" in ROLES[role]) == (role == "Reviewer")


def test_they_come_back_whatever_was_taken_away() -> None:
    """After a flush not even the permissions are there."""
    before = everything()
    Group.objects.all().delete()
    Permission.objects.all().delete()
    ContentType.objects.filter(app_label__in=["modules", "quizzes"]).delete()
    grant_roles(apps)
    assert everything() == before
    grant_roles(apps)
    assert everything() == before


def test_what_an_owner_added_stays_and_what_is_missing_comes() -> None:
    group, own = Group.objects.get(name="Author"), Permission.objects.get(codename="view_certificate")
    group.permissions.set([own])
    grant_roles(apps)
    assert rights_of("Author") == ROLES["Author"] | {"certificates.view_certificate"}


def test_permissions_are_named_as_django_names_them() -> None:
    before = set(Permission.objects.values_list("codename", "name"))
    Permission.objects.all().delete()
    grant_roles(apps)
    assert set(Permission.objects.values_list("codename", "name")) < before


def test_somebody_in_a_role_has_its_rights() -> None:
    for person, role in ((make.reviewer(), "Reviewer"), (make.publisher(), "Publisher")):
        assert person.get_all_permissions() == ROLES[role]


@pytest.mark.parametrize("page", ["case", "quiz", "reading-1"])
def test_who_loses_the_role_while_they_write_has_their_words_back(page: str) -> None:
    """They can be sent once there is a role again. A stranger gets what there is at any address that is none."""
    make.started("posts")
    author, path = make.author(), f"/admin/write/modules/posts/pages/{page}/"
    browser = make.client(author)
    fields = read(browser, path).fields
    written = {**fields, **dict.fromkeys({"title", "q0-stem", "body"} & fields.keys(), "My words"), "do": "save"}
    author.groups.clear()
    answer = browser.post(path, written)
    kept = Page(answer)
    assert (answer.status_code, "Nothing is lost, and nothing is saved." in kept.text) == (404, True)
    assert ["My words"] in kept.fields.values()
    author.groups.add(make.role("Author"))
    assert browser.post(path, kept.fields).status_code in (302, 303)
    stranger = make.client(make.user())
    for sent, told in (({"title": "My words"}, "Nothing is lost"), ({"do": "save"}, "This page is not here")):
        here, nowhere = (stranger.post(address, sent) for address in (path, "/no-such-page/"))
        assert (here.status_code, nowhere.status_code) == (404, 404)
        assert told in Page(here).text
        assert Page(here).text.replace(path, "/no-such-page/") == Page(nowhere).text
