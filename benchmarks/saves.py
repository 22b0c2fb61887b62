"""What authors' pages cost after two saves of a case of 100 scenes, and after 200: in processor time."""

import time
from dataclasses import replace

from django.conf import settings
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import User
from apps.authoring.actions import Edit, Saved, Stamp, save_document
from apps.authoring.arranging import start_module
from apps.authoring.models import Revision
from apps.modules import outline, page_kinds
from apps.modules.models import Page
from apps.modules.writing import write_document
from apps.scenarios.document import CaseDocument
from benchmarks.authoring import case
from benchmarks.processor import database_process, seconds_of

SAVES = 200
TIMES = 8  # that each page is asked for, once it has been seen


def notes() -> list[str]:
    """A line for each page: what one answer costs then, the database's work with it."""
    author = User.objects.create(email="author@bench.example", is_staff=True)
    author.groups.add(Group.objects.get(name="Author"))
    draft, stamp = start_module("A module that is saved often"), Stamp(author, timezone.now())
    saved = save_document(draft, Edit("large", case(), "", kind="scenario"), stamp)
    if not isinstance(saved, Saved) or not isinstance(saved.document, CaseDocument):
        raise TypeError("The case was not saved.")
    document = _retitled(saved.document, 2)  # so that there is something to undo
    save_document(draft, Edit(saved.key, document, saved.document.digest(), kind="scenario"), stamp)
    page = Page.objects.get(edition=draft)
    first = {name: _milliseconds(author, path) for name, path in _pages(page).items()}
    _save_often(page, document, stamp)
    last = {name: _milliseconds(author, path) for name, path in _pages(page).items()}
    costs = [f"{name} {first[name]:.0f} ms, then {last[name]:.0f}" for name in first]
    return [f"- CPU for a page after 2 saves of a case of 100 scenes, and after {SAVES}: {'; '.join(costs)}."]


def _retitled(document: CaseDocument, number: int) -> CaseDocument:
    """The same with another title of one scene."""
    scene = document.scenes[number % len(document.scenes)]
    return document.with_block(scene.key, replace(scene, title=f"{scene.title}, save {number}"))


def _save_often(page: Page, document: CaseDocument, stamp: Stamp) -> None:
    """Save one scene after the other. Only what the last save leaves is written to the page's rows."""
    kind, revisions = page_kinds.get(page.kind), []
    for number in range(3, SAVES + 1):
        document = _retitled(document, number)
        said = {"number": number, "verb": stamp.verb, "text": outline.to_text(kind, document), "problems": 0}
        said["changes"] = f"scene “Save {number}”"
        where = {"module": page.edition.module, "draft": page.edition_id, "page_key": page.key}
        revisions.append(Revision(by=stamp.by, at=stamp.at, **where, **said))
    Revision.objects.bulk_create(revisions, batch_size=20)
    write_document(page, document)


def _pages(page: Page) -> dict[str, str]:
    slug, key = page.edition.module.slug, page.key
    return {
        "Desk": reverse("admin:index"),
        "Authors' module page": reverse("admin:write:module", args=[slug]),
        "Page as text": reverse("admin:write:text", args=[slug, key]),
        "History of the page": reverse("admin:write:history", args=[slug, key]),
        "History of the edition": reverse("admin:write:history", args=[slug]),
    }


def _milliseconds(author: User, path: str) -> float:
    client = Client(headers={"host": settings.BASE_URL.removeprefix("https://")})
    client.force_login(author)
    _get(client, path)
    database, own = database_process(), []
    before = seconds_of(database)
    for _ in range(TIMES):
        started = time.process_time()
        _get(client, path)
        own.append(time.process_time() - started)
    return 1000 * (min(own) + (seconds_of(database) - before) / TIMES)


def _get(client: Client, path: str) -> None:
    response = client.get(path, secure=True)
    if response.status_code != 200:
        raise RuntimeError(f"{path}: {response.status_code}")
