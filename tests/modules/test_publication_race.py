"""While somebody publishes a draft, every write to it waits, and is refused when the draft has been published."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.core import serializers
from django.core.management import call_command
from django.db import connection, connections, models, transaction

from apps.modules import actions, page_kinds
from apps.modules.content import MovedContentError, content_models
from apps.modules.models import Edition
from apps.modules.published import PublishedContentError
from apps.modules.rows import read_document, read_edition_document
from apps.modules.writing import create_page, write_document, write_edition_document
from tests import make
from tests.modules import test_immutability as ways

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.no_cover]

WRITERS = 5  # at once; with the publisher and the test itself fewer than a pool has connections
READING = ("SELECT", "SAVEPOINT", "RELEASE", "ROLLBACK", "PRAGMA")

ON_EVERY_MODEL = [
    *(ways.save, ways.save_one_field, ways.delete, ways.queryset_update, ways.queryset_delete, ways.bulk_update),
    *(ways.queryset_update_of_drafts_and_published, ways.update_or_create, ways.upsert),
]
ON_ROWS = ways.ON_ROWS


class World(ways.World):
    """What the ways of `test_immutability` take for published is a draft that is being published."""

    def __init__(self) -> None:
        super().__init__()
        self.first, self.published = self.published, self.draft

    def row(self, model: type[models.Model], edition: Edition) -> Any:
        row = super().row(model, edition)
        if edition == self.published and hasattr(row, "edition"):
            row.edition = Edition(pk=edition.pk, module_id=edition.module_id)  # as if it had been read long ago
        return row


def rows_of(edition: Edition) -> dict[str, set[tuple[Any, ...]]]:
    """Every row of the edition, and of the edition itself all but the marks of its publication."""
    told = {
        model._meta.label: set(make.unguarded(model).filter(edition=edition).values_list())
        for model in content_models()
    }
    told["edition"] = set(make.unguarded(Edition).filter(pk=edition.pk).values_list("module", "title", "summary"))
    return told


class Waiting:
    """An execute wrapper that tells when a writer has come to its first statement that does more than read."""

    def __init__(self, arrived: threading.Semaphore) -> None:
        self.arrived: threading.Semaphore | None = arrived

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if not sql.strip("( \n").upper().startswith(READING) or " FOR " in sql:
            self.tell()
        return execute(sql, params, many, context)

    def tell(self) -> None:
        if self.arrived:
            self.arrived.release()
        self.arrived = None


class Race:
    """Threads that write while another holds a publication open."""

    def __init__(self, threads: ThreadPoolExecutor) -> None:
        self.threads = threads

    def run(self, draft: Edition, writes: list[Callable[[], Any]]) -> list[Any]:
        """Publish the draft, keep that open until every write has begun to write; what each gave, or its error.

        The draft is a draft again afterwards, for the next ones."""
        is_held, arrived = threading.Event(), threading.Semaphore(0)

        def publish() -> None:
            with transaction.atomic():
                actions.publish(draft, None, make.NOW)
                is_held.set()
                for _ in writes:
                    arrived.acquire(timeout=10)
                time.sleep(0.03)  # the last of them comes to its lock

        def write(act: Callable[[], Any]) -> Any:
            waiting = Waiting(arrived)
            is_held.wait(timeout=10)
            try:
                with connection.execute_wrapper(waiting):
                    return act()
            except Exception as error:  # told to the test
                return error
            finally:
                waiting.tell()

        publishing = self.threads.submit(publish)
        results = list(self.threads.map(write, writes))
        publishing.result()
        make.unguarded(Edition).filter(pk=draft.pk).update(number=None, published_at=None)
        return results


@pytest.fixture
def race(monkeypatch: pytest.MonkeyPatch) -> Iterator[Race]:
    monkeypatch.setattr(actions, "find_obstacles", lambda edition: [])
    with ThreadPoolExecutor(WRITERS + 1) as threads:
        yield Race(threads)
        barrier = threading.Barrier(WRITERS + 1)

        def close() -> None:
            barrier.wait(timeout=10)  # each thread once
            connections.close_all()

        list(threads.map(lambda _: close(), range(WRITERS + 1)))


def holes(race: Race, world: World, writes: list[tuple[str, Callable[[], Any]]]) -> list[str]:
    """The writes that were not refused; where something changed all the same, that too."""
    found, before = [], rows_of(world.published)
    for start in range(0, len(writes), WRITERS):
        some = writes[start : start + WRITERS]
        results = race.run(world.published, [act for _, act in some])
        found += [
            f"{name}: {result!r}"
            for (name, _), result in zip(some, results, strict=True)
            if not isinstance(result, PublishedContentError | MovedContentError)
        ]
        if rows_of(world.published) != before:
            return [*found, f"changed by one of {', '.join(name for name, _ in some)}"]
    return found


def test_no_write_slips_past_a_publication(race: Race) -> None:
    world = World()
    every = [(model, way) for model in ways.MODELS for way in ON_EVERY_MODEL]
    every += [(model, way) for model in content_models() for way in ON_ROWS]
    writes = [
        (f"{model.__name__}: {way.__name__}", lambda way=way, model=model: way(world, model)) for model, way in every
    ]
    assert not (found := holes(race, world, writes)), "\n".join(found)


def test_no_link_to_a_source_slips_past_a_publication(race: Race) -> None:
    world = World()
    writes: list[tuple[str, Callable[[], Any]]] = []
    for model in content_models():
        if not hasattr(model, "sources"):
            continue
        row = model.objects.filter(edition=world.published, citations__isnull=False).first()
        cited, source = row.sources.get(), make.source()
        same = {"edition": world.published}
        back = getattr(cited, model.sources.field.remote_field.get_accessor_name())
        writes += [
            (f"{model.__name__}: {name}", act)
            for name, act in (
                ("add", lambda row=row, source=source, same=same: row.sources.add(source, through_defaults=same)),
                ("set", lambda row=row, source=source, same=same: row.sources.set([source], through_defaults=same)),
                ("remove", lambda row=row, cited=cited: row.sources.remove(cited)),
                ("clear", lambda row=row: row.sources.clear()),
                ("clear from the other side", lambda back=back: back.clear()),
            )
        ]
    assert not (found := holes(race, world, writes)), "\n".join(found)


def test_no_fixture_slips_past_a_publication(race: Race, tmp_path: Path) -> None:
    world = World()
    page = world.row(ways.MODELS[0], world.published)
    page.edition = world.published
    page.title = "Changed by a fixture"
    path = tmp_path / "draft.yaml"
    path.write_text(serializers.serialize("yaml", [page], use_natural_foreign_keys=True, use_natural_primary_keys=True))
    before = rows_of(world.published)
    [result] = race.run(world.published, [lambda: call_command("loaddata", str(path), verbosity=0)])
    assert isinstance(result, serializers.base.DeserializationError), result
    assert rows_of(world.published) == before


def test_no_document_slips_past_a_publication(race: Race) -> None:
    world = World()
    draft = world.published
    pages = [draft.page_set.filter(kind=kind.name)[0] for kind in page_kinds.all_kinds()]
    documents = [read_document(page) for page in pages]
    changed = [replace(document, head=replace(document.head, title="Changed")) for document in documents]
    turned = replace(read_edition_document(draft), pages=read_edition_document(draft).pages[:0:-1])
    new = replace(documents[0], head=replace(documents[0].head, key="new"))
    writes: list[tuple[str, Callable[[], Any]]] = [
        (page.kind, lambda page=page, document=document: write_document(page, document))
        for page, document in zip(pages, changed, strict=True)
    ]
    writes.append(("edition", lambda: write_edition_document(draft, turned)))
    writes.append(("new page", lambda: create_page(draft, pages[0].kind, new)))
    assert not (found := holes(race, world, writes)), "\n".join(found)
