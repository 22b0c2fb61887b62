"""What each list of the admin shows, by what it is narrowed, and by which words a row is found there."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group
from django.db import models, transaction
from django.test import Client

from apps.accounts.models import User
from apps.authoring.models import Revision
from apps.modules.models import Module
from tests import make
from tests.access_table import make_world
from tests.in_admin import address
from tests.test_admin_rights import rows

pytestmark = [pytest.mark.django_db, pytest.mark.once]

OTHERS = (User, Group)  # `accounts/test_admin.py` has people


@dataclass(frozen=True)
class List:
    """Its columns, what it can be narrowed by, where a word is looked for, and what stands in the page of a row."""

    columns: str
    filters: str = ""
    found_by: str = ""
    dates: str = ""
    within: dict[str, str] = field(default_factory=dict)


LISTS = {
    "modules.Module": List(
        "slug position",
        found_by="slug editions__title",
    ),
    "modules.Edition": List(
        "title module label published_at published_by",
        "module number",
        "title summary module__slug",
        within={
            "Page": "position, key, kind, title, minutes, needed for the certificate",
        },
    ),
    "modules.Page": List(
        "title edition position kind minutes is_required",
        "module number kind",
        "key title body",
        within={
            "PageCitation": "source, position",
        },
    ),
    "scenarios.Scenario": List(
        "key edition page",
        "module number",
        "key page__title",
        within={
            "Gauge": "key, position, name, start",
            "Scene": "position, key, title, outcome",
            "ScenarioCitation": "source, position",
        },
    ),
    "quizzes.Quiz": List(
        "key edition page pass_mark",
        "module number",
        "key page__title",
        within={
            "Question": "position, key, kind, theme, name, select",
        },
    ),
    "scenarios.Scene": List(
        "title scenario edition position outcome",
        "module number outcome",
        "key title body teaching_point",
        within={
            "ScenePart": "key, position, kind, author, meta, text, image, alternative text, footer",
            "Choice": "key, position, text, rating, consequence, target, otherwise",
            "Requirement": "key, gauge, at least, below, visited, not visited",
            "SceneCitation": "source, position",
        },
    ),
    "quizzes.Question": List(
        "key edition position kind theme title",
        "module number kind",
        "key theme title stem rationale",
        within={
            "Option": "position, key, text, is right, place in the key order, "
            "place in a second accepted order, feedback",
            "QuestionCitation": "source, position",
        },
    ),
    "scenarios.Choice": List(
        "text scene rating target edition",
        "module number rating",
        "key text consequence",
        within={
            "Effect": "gauge, change",
            "Requirement": "key, gauge, at least, below, visited, not visited",
        },
    ),
    "modules.Source": List(
        "key authors title year kind superseded_by",
        "kind superseded by",
        "key authors title publication",
    ),
    "modules.Fact": List(
        "key statement view_of source",
        "source",
        "key statement view_of",
    ),
    "modules.Seeding": List(
        "name seeded_at digest",
        found_by="name",
    ),
    "progress.Enrolment": List(
        "learner edition started_at completed_at",
        "module completed at",
        "learner__email learner__full_name edition__title",
        dates="started_at",
        within={
            "PageCompletion": "page, completed at, scaled score",
        },
    ),
    "progress.PageCompletion": List(
        "enrolment page completed_at scaled_score",
        "kind",
        "enrolment__learner__email page__title",
    ),
    "scenarios.Playthrough": List(
        "enrolment scenario number scene started_at ended_at",
        "module ended at",
        "enrolment__learner__email scenario__key",
        within={
            "Decision": "number, choice, is repeated, decided at",
        },
    ),
    "authoring.Revision": List(
        "module page_key number verb by at problems",
        "module verb",
        "page_key by__email by__full_name",
        dates="at",
    ),
    "modules.Withdrawal": List(
        "edition withdrawn_at withdrawn_by reason ended_at ended_by",
        "ended at module",
        "edition__title reason",
        dates="withdrawn_at",
    ),
    "modules.Archiving": List(
        "module archived_at archived_by ended_at ended_by",
        "ended at",
        "module__slug",
        dates="archived_at",
    ),
    "quizzes.Attempt": List(
        "enrolment quiz number started_at submitted_at score max_score practised_at",
        "module submitted at",
        "enrolment__learner__email quiz__key",
        within={
            "Response": "question, position, answered at, score",
        },
    ),
    "certificates.Certificate": List(
        "pretty_code name module_title edition_number completed_at revoked_at withdrawn_at",
        "module title revoked at withdrawn by its holder",
        "code name enrolment__learner__email",
        dates="issued_at",
    ),
}


def listed(browser: Client, model: type[models.Model], word: str = "") -> object:
    return browser.get(address(model), {"q": word} if word else {}).context["cl"]


def within(browser: Client, row: models.Model) -> dict[str, str]:
    """The fields of each kind of row that stands in the page of this one."""
    formsets = browser.get(address(type(row), "change", row)).context["inline_admin_formsets"]
    return {each.opts.model.__name__: ", ".join(str(one["label"]) for one in each.fields()) for each in formsets}


def looked_in(browser: Client, row: models.Model) -> str:
    """Where the list looks for a word: the row is found once one of these fields holds it."""
    fields = listed(browser, type(row)).search_fields
    for path in fields:
        *way, name = path.split("__")
        owner = row
        for step in way:
            owner = getattr(owner, step)
            owner = owner.all()[0] if isinstance(owner, models.Manager) else owner
        with transaction.atomic():
            make.unguarded(type(owner)).filter(pk=owner.pk).update(**{name: "zebra"})
            assert row in listed(browser, type(row), "zebra").queryset, path
            transaction.set_rollback(True)
        assert row not in listed(browser, type(row), "zebra").queryset, path
    return " ".join(fields)


def as_it_is(browser: Client, row: models.Model) -> List:
    shown = listed(browser, type(row))
    return List(
        " ".join(name for name in shown.list_display if name != "action_checkbox"),
        " ".join(str(each.title) for each in shown.filter_specs),
        looked_in(browser, row),
        shown.date_hierarchy or "",
        within(browser, row),
    )


def test_every_list_shows_and_finds_what_it_should() -> None:
    world = make_world(is_full=True)
    make.unguarded(Revision).update(by=world.users["author"])
    world.revision.refresh_from_db()
    browser, found = make.client(make.superuser()), {}
    for row in rows(world):
        if not isinstance(row, OTHERS):
            row = world.draft.module if isinstance(row, Module) else row
            found[row._meta.label] = as_it_is(browser, row)
    assert found == LISTS
    assert {*found} == {model._meta.label for model in admin.site._registry if model not in OTHERS}
