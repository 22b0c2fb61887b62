"""What stands beside a module or a learner changes nothing for them, and nothing of it changes with them.

Small worlds hold one of everything: a query there that names no module, draft or learner finds the right row all the
same. So every page is read, and each of its forms sent, in a world alone and then beside neighbours of the same keys.
"""

from collections import Counter
from collections.abc import Iterator

import pytest
from django.apps import apps
from django.contrib.messages import get_messages
from django.db import models
from django.test import Client
from django.utils import timezone

from apps.accounts.models import User
from apps.modules import actions as modules_actions
from apps.modules.models import Edition
from tests import access_table, make
from tests.access_table import World, make_world, undone
from tests.forms import forms_of
from tests.in_admin import Page

pytestmark = [pytest.mark.django_db, pytest.mark.once]

# Pages that show what there is of all modules, and the names of addresses that stand for those.
OF_ALL = {
    *(
        "home",
        "modules:catalogue",
        "modules:sources",
        "progress:search",
        "progress:my_learning",
        "accounts:account",
        "admin:index",
    ),
    *("admin:write:modules", "admin:write:search", "admin:write:reports", "admin:write:copy", "admin:write:log"),
    "admin:write:how",
    *("progress:module", "certificates:finish"),  # whose next step may be in another module
}
LEADS_AWAY = ("/account/", "/admin/logout/")


def lived(learner: User, edition: Edition) -> None:
    """One of everything that a learner can leave behind."""
    enrolment = make.enrolment(learner, edition)
    make.playthrough(enrolment)
    make.attempt(enrolment)
    make.completed(learner, edition)
    make.certificate(enrolment)
    make.attempt(enrolment, is_submitted=False)


def a_module_beside(world: World) -> None:
    """Another module with a draft, of the same keys; the learner has done it too, and a reader found a slip there."""
    content = make.draft("nearby", title="The neighbour")
    make.page(content, "reading-1")
    make.scenario(content, sources=0)  # sources are everybody's
    make.quiz(content, sources=0)
    edition = make.publish(content)
    for role in ("learner", "other_learner"):
        lived(world.users[role], edition)
    make.report(edition, "case", text="Said of the neighbour.", spot="case-scene-1")
    draft = modules_actions.start_draft(edition)
    Edition.objects.filter(pk=draft.pk).update(change_note="A note of the neighbour.")
    make.revision(draft, text="case: Neighbour\n", number=7)
    make.withdrawal(edition, "Wrong at the neighbour.")
    make.archiving(edition.module)


def an_open_module_beside(world: World) -> None:
    """Another module that anybody may begin, in its second edition, with a draft of a third."""
    content = make.draft("nearby", title="The neighbour")
    make.reading(content, "reading-1", sources=0)
    make.scenario(content, sources=0)
    newer = make.publish(modules_actions.start_draft(make.publish(content)))
    modules_actions.start_draft(newer)


def a_learner_beside(world: World) -> None:
    """Somebody else who has done all of the same module."""
    lived(make.user("beside@example.org", full_name="Bea Side"), world.edition)


def as_it_is(world: World) -> None:
    """Open, and with a draft."""


def closed_without_a_draft(world: World) -> None:
    """Nobody may begin the module, and nobody writes in it."""
    modules_actions.discard_draft(world.draft)
    make.withdrawal(world.edition)
    make.archiving(world.edition.module)


def pages(world: World, role: str) -> list[str]:
    """What concerns one module or one learner, and opens for this role where all is open."""
    rows = [row for row in access_table.rows(world) if row.method == "GET" and row.outcomes[role] == 200]
    ours = ("admin:write:", "progress:", "scenarios:", "quizzes:", "certificates:", "reports:")
    return [row.path for row in rows if row.name.startswith(ours) and row.name not in OF_ALL]


def stored() -> dict[tuple[str, object], tuple]:
    """Every row of ours, by its model and its key."""
    return {
        (model._meta.label, row[model._meta.pk.attname]): tuple(row.values())
        for model in apps.get_models()
        if model.__module__.startswith("apps.")
        for row in models.QuerySet(model).values()
    }


def numbers(beside: dict) -> dict[str, int]:
    """How many rows of ours there are of each model, without so many as are the neighbour's."""
    theirs = Counter(label for label, _ in beside)
    ours = [model for model in apps.get_models() if model.__module__.startswith("apps.")]
    return {model._meta.label: models.QuerySet(model).count() - theirs[model._meta.label] for model in ours}


def outcomes(browser: Client, paths: list[str], beside: dict) -> Iterator[tuple[str, object]]:
    """What each page says, and what each of its forms does when it is sent with something in every field."""
    for path in paths:
        answer = browser.get(path)
        if answer.status_code != 200:
            yield path, (answer.status_code, answer.headers.get("Location"))
            continue
        if not answer.headers["Content-Type"].startswith("text/html"):
            yield path, answer.headers["Content-Type"]
            continue
        yield path, Page(answer).text
        for place, form in enumerate(forms_of(answer.content.decode(), path)):
            if not form.action.startswith(LEADS_AWAY):
                with undone(browser):
                    fields = {**form.filled("Because."), **(form.pressed or {})}
                    yield f"{path} {place}: {form.action}", sent(browser, form.action, fields, beside)


def sent(browser: Client, action: str, fields: dict[str, list[str]], beside: dict) -> object:
    """Where a form leads, what is told then, how many rows there are, and which of the neighbour’s have changed."""
    answer = browser.post(action, fields)
    told = [str(message) for message in get_messages(answer.wsgi_request)]
    now = stored() if beside else {}
    return (
        answer.status_code,
        answer.headers.get("Location"),
        told,
        numbers(beside),
        [row for row in beside if now.get(row) != beside[row]],
    )


@pytest.mark.parametrize(
    ("role", "state", "neighbour"),
    [
        ("publisher", as_it_is, a_module_beside),
        ("learner", as_it_is, a_module_beside),
        ("learner", as_it_is, a_learner_beside),
        ("other_learner", as_it_is, a_module_beside),
        ("other_learner", as_it_is, a_learner_beside),
        ("publisher", closed_without_a_draft, an_open_module_beside),
        ("other_learner", closed_without_a_draft, an_open_module_beside),
    ],
)
def test_all_is_as_it_is_without_a_neighbour(role, state, neighbour, monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: make.NOW)
    world = make_world(is_full=True)
    make.decision(make.enrolment(world.users["other_learner"], world.edition))
    browser, paths = world.client(role), pages(world, role)
    state(world)
    alone, before = dict(outcomes(browser, paths, {})), stored()
    neighbour(world)
    beside = {row: values for row, values in stored().items() if row not in before}
    found = dict(outcomes(browser, paths, beside))
    assert len(alone) > 11
    assert found.keys() == alone.keys()
    assert {place: outcome for place, outcome in found.items() if outcome != alone[place]} == {}
