"""`manage.py seed` neither fails nor overwrites because authors were at work: what they did stays, and is named."""

from __future__ import annotations

import datetime
import io
import re
import shutil
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
import yaml
from django.core import serializers
from django.core.management import CommandError, call_command
from django.db import connection, models, transaction
from django.db.models import Value
from django.db.models.functions import Concat
from django.test.utils import CaptureQueriesContext

from apps.core import markdown
from apps.modules import actions, rendering
from apps.modules.content import content_models
from apps.modules.management.commands import seed
from apps.modules.models import Edition, Fact, Module, Page, Seeding, Source
from apps.modules.parts import Part
from apps.modules.written import text_fields
from tests import make

pytestmark = pytest.mark.django_db

SLUG = "posts"
LATER = make.NOW + datetime.timedelta(days=30)


@pytest.fixture
def fixtures(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A course of one module with one page, two sources and two facts."""
    folder = tmp_path / "fixtures"
    folder.mkdir()
    monkeypatch.setattr(seed, "FIXTURES", folder)
    write_shared(folder)
    write_edition(folder, 1)
    return folder


def source(key: str, **fields: Any) -> dict[str, Any]:
    values = {"key": key, "kind": "guidance", "title": f"Title of {key}", "superseded_by": None, "read_on": None}
    return {"model": "modules.source", "fields": values | fields}


def fact(key: str, **fields: Any) -> dict[str, Any]:
    values = {"key": key, "source": ["new"], "statement": f"Statement {key}", "view_of": "the authors"}
    return {"model": "modules.fact", "fields": values | fields}


def write_shared(
    folder: Path, new: str = "Title of new", statement: str = "Statement A1", *more: dict[str, Any]
) -> None:
    read_on = datetime.date(2026, 11, 22)
    rows = [source("new", title=new, year=2024, read_on=read_on), source("old", superseded_by=["new"], note=new)]
    rows += [fact("A1", statement=statement), fact("A2")]
    (folder / "shared.yaml").write_text(yaml.safe_dump(rows))


def write_edition(folder: Path, number: int, *, slug: str = SLUG, cites: str = "new", **fields: Any) -> None:
    edition = {"module": [slug], "number": number, "title": f"Posts {number}", "summary": "S", "published_at": make.NOW}
    page = {"edition": [slug, number], "key": "one", "position": 1, "kind": "reading", "title": "One", "minutes": 3}
    citation = {"edition": [slug, number], "page": [slug, number, "one"], "source": [cites], "position": 1}
    rows = [
        {"model": "modules.module", "fields": {"slug": slug, "position": number}},
        {"model": "modules.edition", "fields": edition | {"learning_outcomes": "Look twice"} | fields},
        {"model": "modules.page", "fields": page | {"body": f"Text of *{number}*."}},
        {"model": "modules.pagecitation", "fields": citation},
    ]
    (folder / f"{slug}-{number}").mkdir()
    (folder / f"{slug}-{number}" / "1-edition.yaml").write_text(yaml.safe_dump(rows))


def moved(folder: Path, number: int, **fields: Any) -> None:
    """The module's only edition in the fixtures is another now."""
    for old in folder.glob(f"{SLUG}-*"):
        shutil.rmtree(old)
    write_edition(folder, number, **fields)


def run() -> str:
    out = io.StringIO()
    call_command("seed", stdout=out)
    return out.getvalue()


def editions() -> list[tuple[int | None, str]]:
    return list(Edition.objects.order_by("number").values_list("number", "title"))


def by_an_author(title: str = "An author's") -> Edition:
    draft = actions.start_draft(Edition.objects.current().get())
    draft.title = title
    draft.save()
    return actions.publish(draft, None, LATER)  # whose account may have been closed: it has no name


def test_a_correction_takes_the_next_number_and_brings_its_note(fixtures: Path) -> None:
    run()
    moved(fixtures, 2, change_note="Say less.")
    assert "Left alone" not in run()
    assert editions() == [(1, "Posts 1"), (2, "Posts 2")]
    assert Edition.objects.get(number=2).change_note == "Say less."
    assert "Left alone" not in run()


@pytest.mark.parametrize("number", [1, 2, 3])
def test_an_edition_in_force_that_an_author_published_stays_in_force(fixtures: Path, number: int) -> None:
    """The fixture's number may be lower, the same or higher: its author decides what is taken over."""
    run()
    authors = by_an_author()
    moved(fixtures, number)
    for _ in range(2):  # and each time it is said
        out = run()
        assert f"Left alone: {SLUG}-{number}. Edition 2, which is in force, was published by an author.\n" in out
        assert editions() == [(1, "Posts 1"), (2, "An author's")]
    assert list(Edition.objects.current()) == [authors]


def test_a_module_that_authors_made_is_theirs(fixtures: Path) -> None:
    make.edition(SLUG)
    assert f"Left alone: {SLUG}-1." in run()
    assert not Seeding.objects.filter(name=f"{SLUG}-1").exists()
    assert editions() == [(1, Edition.objects.get().title)]


def test_a_number_below_the_seeded_one_is_left_alone(fixtures: Path) -> None:
    moved(fixtures, 3)
    run()
    moved(fixtures, 2)
    assert f"Left alone: {SLUG}-2. Edition 3 is in force.\n" in run()
    write_edition(fixtures, 3)  # beside it
    assert f"Left alone: {SLUG}-2. Edition 3 is in force.\n" in run()
    assert editions() == [(3, "Posts 3")]


def test_going_back_to_a_release_before_is_said(fixtures: Path) -> None:
    run()
    moved(fixtures, 2)
    run()
    moved(fixtures, 1)
    assert f"Left alone: {SLUG}-1. Edition 2 is in force.\n" in run()


def test_folders_come_in_the_order_of_their_numbers(fixtures: Path) -> None:
    for number in (9, 10):
        write_edition(fixtures, number)
    assert "Left alone" not in run()
    assert [number for number, _ in editions()] == [1, 9, 10]
    assert "Left alone" not in run()


def test_a_draft_in_progress_stays_as_it_is_and_is_told_at_its_publication(fixtures: Path) -> None:
    run()
    draft = actions.start_draft(Edition.objects.get())
    draft.page_set.update(title="My work of an hour")
    moved(fixtures, 2)
    run()
    assert draft.page_set.get().title == "My work of an hour"
    with pytest.raises(actions.NotPublishableError, match="started from edition 1, and edition 2 is in force"):
        actions.publish(draft, None, LATER)


def test_a_row_of_another_edition_is_told(fixtures: Path) -> None:
    """The folder was moved, and the number in it forgotten."""
    run()
    (fixtures / f"{SLUG}-1").rename(fixtures / f"{SLUG}-2")
    with pytest.raises(CommandError, match=rf"fixtures/{SLUG}-2 has a row of another edition: \('{SLUG}', 1\)"):
        run()
    (fixtures / f"{SLUG}-2").rename(fixtures / "posts")
    with pytest.raises(CommandError, match="is named slug-number"):
        run()


CHANGES: dict[str, Callable[[], Any]] = {
    "source new": lambda: Source.objects.filter(key="new").update(note="An author's note"),
    "source old": lambda: Source.objects.filter(key="old").update(superseded_by=None),
    "fact A1": lambda: Fact.objects.filter(key="A1").update(statement="An author's"),
    "fact A2": lambda: Fact.objects.filter(key="A2").update(source=Source.objects.get(key="old")),
    "module posts": lambda: Module.objects.update(position=77),
}


def shared() -> list[tuple[Any, ...]]:
    facts = Fact.objects.order_by("key").values_list("key", "statement", "source__key")
    sources = Source.objects.order_by("key").values_list("key", "title", "note", "superseded_by__key")
    return [*facts, *sources, *Module.objects.values_list("slug", "position")]


@pytest.mark.parametrize("name", CHANGES)
def test_a_shared_row_that_somebody_changed_is_left_alone_and_named(fixtures: Path, name: str) -> None:
    run()
    CHANGES[name]()
    before = shared()
    write_shared(fixtures, "Better", "Better")
    moved(fixtures, 2)
    for _ in range(2):
        assert f"Left alone, since somebody changed them: {name}.\n" in run()
    key = name.split()[1]
    after = shared()
    assert [row for row in after if row[0] == key] == [row for row in before if row[0] == key]
    assert len([row for row in after if row not in before]) == 4 - (name != "fact A2")  # of the five, A2 has no change


def test_rows_that_nobody_changed_follow_the_fixtures(fixtures: Path) -> None:
    run()
    write_shared(fixtures, "Better")
    assert "Left alone" not in run()
    assert Source.objects.get(key="new").title == "Better"
    write_shared(fixtures, "Better still")
    run()
    assert Source.objects.get(key="new").title == "Better still"


def test_the_same_correction_by_an_author_is_no_difference(fixtures: Path) -> None:
    run()
    Source.objects.filter(key="new").update(title="Better")
    write_shared(fixtures, "Better")
    assert "source new" not in run()
    write_shared(fixtures, "Better still")
    run()
    assert Source.objects.get(key="new").title == "Better still"


def test_an_authors_own_row_is_theirs(fixtures: Path) -> None:
    """Also where a fixture comes later with the same key; what has no fixture is nobody's business."""
    make.source(key="own")
    make.source(key="new", title="An author's")
    out = run()
    assert "since somebody changed them: source new.\n" in out
    assert Source.objects.get(key="new").title == "An author's"
    assert Source.objects.get(key="own").seeded_digest == ""


def test_a_deleted_row_comes_back_with_the_edition_that_needs_it(fixtures: Path) -> None:
    run()
    Fact.objects.all().delete()
    Source.objects.get(key="old").delete()
    run()  # nothing is new: nothing comes
    assert not Source.objects.filter(key="old").exists()
    moved(fixtures, 2, cites="old")
    run()
    assert Source.objects.get(key="old").superseded_by.key == "new"
    assert Page.objects.get(edition__number=2).sources.get().key == "old"


def test_a_new_empty_field_changes_no_digest() -> None:
    made = make.source(note="", read_on=None)
    digest = made.digest()
    made.note = "x"
    assert made.digest() != digest
    made.note, made.doi = "", ""
    assert made.digest() == digest


@pytest.mark.parametrize("by_fixture", [True, False])
def test_the_html_of_every_edition_follows_a_newer_renderer(
    fixtures: Path, monkeypatch: pytest.MonkeyPatch, by_fixture: bool
) -> None:
    run()
    by_an_author()
    actions.start_draft(Edition.objects.current().get())
    if not by_fixture:
        shutil.rmtree(fixtures / f"{SLUG}-1")
    pages: models.QuerySet[Page] = make.unguarded(Page)
    texts = list(pages.order_by("pk").values_list("title", "body", "edition", "edition__published_at"))
    assert len(texts) == 3
    pages.update(body_html="<p>from an older renderer</p>")
    run()
    assert set(pages.values_list("body_html", flat=True)) == {"<p>from an older renderer</p>"}  # it is the same still
    monkeypatch.setattr(markdown, "VERSION", markdown.VERSION + 1)
    monkeypatch.setattr(rendering, "BATCH", 2)
    run()
    assert {str(html) for html in pages.values_list("body_html", flat=True)} == {"<p>Text of <em>1</em>.</p>"}
    assert list(pages.order_by("pk").values_list("title", "body", "edition", "edition__published_at")) == texts
    with CaptureQueriesContext(connection) as captured:
        rendering.render_anew(LATER)
    assert len(captured) == 1  # once for each version


def test_what_an_author_saves_while_it_is_rendered_anew_stays(fixtures: Path) -> None:
    run()
    [page] = make.unguarded(Page)
    field = Page._meta.get_field("body_html")
    rendering._store_past_the_guards(Page, field, [(page.pk, "Text of before", "<p>Text of before</p>")])
    page.refresh_from_db()
    assert page.body_html == "<p>Text of <em>1</em>.</p>"


@pytest.mark.parametrize("is_layout_changed", [False, True])
def test_a_database_of_before_texts_were_normalised_takes_every_seed(
    fixtures: Path, monkeypatch: pytest.MonkeyPatch, *, is_layout_changed: bool
) -> None:
    """Its rows say the same with blanks at their ends, as they did in fixtures; only their HTML may change."""
    run()
    models_of_old = (Page, Edition)
    for model in models_of_old:
        texts = {field.name: Concat(field.name, Value("\n")) for field in text_fields(model) if field.name != "kind"}
        make.unguarded(model).update(**texts)
    make.unguarded(Page).update(body_html="<p>from an older renderer</p>")
    before = [list(make.unguarded(model).order_by("pk").values()) for model in models_of_old]
    monkeypatch.setattr(markdown, "VERSION", markdown.VERSION + 1)
    if is_layout_changed:
        file = fixtures / f"{SLUG}-1" / "1-edition.yaml"
        file.write_text(f"# The same in another layout.\n{file.read_text()}")
    run()
    [page] = before[0]
    assert page["body"].endswith("\n")
    page["body_html"] = "<p>Text of <em>1</em>.</p>"
    assert [list(make.unguarded(model).order_by("pk").values()) for model in models_of_old] == before
    assert Seeding.objects.get(name=f"{SLUG}-1").digest == Part.of_edition(fixtures / f"{SLUG}-1").digest


def test_what_a_fixture_says_is_normalised_and_another_word_refused(fixtures: Path) -> None:
    shutil.rmtree(fixtures / f"{SLUG}-1")
    write_edition(fixtures, 1, summary="S\r\nT \n")
    run()
    assert Edition.objects.get().summary == "S\nT"
    shutil.rmtree(fixtures / f"{SLUG}-1")
    write_edition(fixtures, 1, summary=" S\nT")
    run()
    shutil.rmtree(fixtures / f"{SLUG}-1")
    write_edition(fixtures, 1, summary="S T")
    with pytest.raises(CommandError, match="the fixture differs in summary"):
        run()


def test_a_second_run_asks_little(fixtures: Path) -> None:
    run()
    with CaptureQueriesContext(connection) as captured:
        run()
    assert len(captured) <= 10
    assert not [one for one in captured if not re.match(r"SELECT", one["sql"])]


@pytest.mark.django_db(transaction=True)
def test_an_author_who_publishes_while_it_is_seeded_comes_first(fixtures: Path) -> None:
    """Both number the module's next edition: one waits for the other, and nothing fails."""
    run()
    draft = actions.start_draft(Edition.objects.get())
    moved(fixtures, 2)
    is_held, is_seeding = threading.Event(), threading.Event()

    def publish() -> None:
        try:
            with transaction.atomic():
                actions.publish(draft, None, LATER)
                is_held.set()
                is_seeding.wait(timeout=10)
                time.sleep(0.3)  # it comes to its lock
        finally:
            connection.close()

    def told(self: Part) -> list[Any]:
        is_seeding.set()
        return read(self)

    read, publishing = Part.read, threading.Thread(target=publish)
    publishing.start()
    is_held.wait(timeout=10)
    with mock.patch.object(Part, "read", told):
        out = run()
    publishing.join()
    assert f"Left alone: {SLUG}-2. Edition 2, which is in force, was published by an author.\n" in out
    assert editions() == [(1, "Posts 1"), (2, "Posts 1")]
    assert not Seeding.objects.filter(name=f"{SLUG}-2").exists()


def dumped(*rows: models.Model, path: Path) -> Path:
    path.write_text(serializers.serialize("yaml", rows, use_natural_foreign_keys=True, use_natural_primary_keys=True))
    return path


def test_what_was_carried_over_by_loaddata_is_an_authors_text(fixtures: Path, tmp_path: Path) -> None:
    run()
    fact = Fact.objects.get(key="A1")
    fact.statement = "An author's."
    call_command("loaddata", dumped(fact, path=tmp_path / "carried.yaml"), verbosity=0)
    assert Fact.objects.get(key="A1").statement == "An author's."
    write_shared(fixtures, statement="Ours, corrected.")
    assert "Left alone, since somebody changed them: fact A1." in run()
    assert Fact.objects.get(key="A1").statement == "An author's."


def test_a_new_row_that_was_carried_over_by_loaddata_is_an_authors_too(fixtures: Path, tmp_path: Path) -> None:
    path = tmp_path / "carried.yaml"
    path.write_text(yaml.safe_dump([source("new", title="An author's")]))
    call_command("loaddata", path, verbosity=0)
    run()
    assert Source.objects.get(key="new").title == "An author's"


def test_a_draft_that_was_carried_over_by_loaddata_can_be_published(fixtures: Path, tmp_path: Path) -> None:
    run()
    draft = actions.start_draft(Edition.objects.get())
    path = dumped(
        draft,
        *(row for model in content_models() for row in model.objects.filter(edition=draft)),
        path=tmp_path / "draft.yaml",
    )
    draft.delete()
    call_command("loaddata", path, verbosity=0)
    again = Edition.objects.drafts().get()
    assert again.based_on == Edition.objects.published().get()
    assert make.publish(again).number == 2


def test_a_fixture_that_does_not_say_a_drafts_base_leaves_it(fixtures: Path, tmp_path: Path) -> None:
    run()
    draft = actions.start_draft(Edition.objects.get())
    path = dumped(draft, path=tmp_path / "draft.yaml")
    rows = yaml.safe_load(path.read_text())
    del rows[0]["fields"]["based_on"]
    rows[0]["fields"]["title"] = "Carried over"
    path.write_text(yaml.safe_dump(rows))
    call_command("loaddata", path, verbosity=0)
    draft.refresh_from_db()
    assert (draft.title, draft.based_on) == ("Carried over", Edition.objects.published().get())


@pytest.mark.parametrize("name", ["posts-01", "posts-0", "posts-\N{ARABIC-INDIC DIGIT TWO}"])
def test_a_folder_whose_number_is_written_otherwise_is_refused(fixtures: Path, name: str) -> None:
    (fixtures / f"{SLUG}-1").rename(fixtures / name)
    with pytest.raises(CommandError, match="the folder of an edition is named slug-number"):
        run()


@pytest.mark.parametrize(("field", "length"), [("change_note", 600), ("title", 120)])
def test_a_text_that_is_longer_than_its_field_is_refused(fixtures: Path, field: str, length: int) -> None:
    moved(fixtures, 1, **{field: "x" * (length + 1)})
    with pytest.raises(CommandError, match=f"{field} has {length + 1} characters and may have {length}"):
        run()
    moved(fixtures, 1, **{field: "x" * length})
    run()
    assert len(getattr(Edition.objects.get(), field)) == length
