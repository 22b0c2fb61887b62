"""`manage.py seed` brings the course; running it again changes nothing, and published content is never overwritten."""

from __future__ import annotations

import io
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
import yaml
from django.conf import settings
from django.contrib.auth.models import Group
from django.core import serializers
from django.core.management import CommandError, call_command
from django.core.serializers.base import DeserializationError
from django.db import connection, models, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from apps.accounts.models import User
from apps.core import markdown
from apps.core.markdown import RenderedField, render_markdown
from apps.modules import actions, yaml_fixtures
from apps.modules.checks import find_problems
from apps.modules.content import content_models
from apps.modules.management.commands import seed
from apps.modules.models import Edition, Fact, Module, Seeding, Source
from tests import course, make

pytestmark = pytest.mark.django_db

FIXTURES = settings.BASE_DIR / "fixtures"
MODELS = [Group, Module, Source, Fact, Edition, *content_models()]


def run(*arguments: str) -> str:
    out = io.StringIO()
    call_command("seed", *arguments, stdout=out)
    return out.getvalue()


def everything() -> dict[str, list[tuple[Any, ...]]]:
    """Every row that fixtures can bring, with ids, times and rendered HTML."""
    return {model._meta.label: list(models.QuerySet(model).order_by("pk").values_list()) for model in MODELS}


def without_ids() -> dict[str, list[str]]:
    """The same, told by natural keys, so that two databases can be compared."""
    course.tell_the_planner()  # PostgreSQL knows nothing yet of so many new rows, and may join them for a minute
    told: dict[str, list[str]] = {}
    for model in MODELS:
        columns = []
        for field in model._meta.concrete_fields:
            if field.is_relation:
                columns += [f"{field.name}__{path}" for path in yaml_fixtures.natural_key_paths(field.related_model)]
            elif not field.primary_key:
                columns.append(field.name)
        told[model._meta.label] = sorted(map(repr, models.QuerySet(model).values_list(*columns)))
    return told


def bring_the_course() -> None:
    """All that `seed` stores, mostly copied from what it has stored before in this process."""
    course.load()
    make.role("Author")


@pytest.fixture
def copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Fixtures that a test may change; seed reads these."""
    shutil.copytree(FIXTURES, tmp_path / "fixtures")
    monkeypatch.setattr(seed, "FIXTURES", tmp_path / "fixtures")
    return tmp_path / "fixtures"


def rows_of(path: Path) -> list[dict[str, Any]]:
    return yaml.load(path.read_bytes(), yaml.CSafeLoader)  # type: ignore[no-any-return]


def write(path: Path, rows: list[dict[str, Any]]) -> None:
    path.write_text(yaml.dump(rows, Dumper=yaml.CSafeDumper, allow_unicode=True, sort_keys=False))


def first(rows: list[dict[str, Any]], model: str) -> dict[str, Any]:
    return next(row["fields"] for row in rows if row["model"] == model)


MODULE, NUMBER = "when-posts-go-wrong", 4


def edition_file(fixtures: Path) -> Path:
    return fixtures / f"{MODULE}-{NUMBER}" / "1-edition.yaml"


@pytest.mark.no_cover
def test_seed_brings_the_course_which_could_be_published_and_cites_its_sources() -> None:
    folders = [path.name for path in FIXTURES.iterdir() if path.is_dir()]
    assert f"The course is there: {len(folders)} published editions." in run()
    assert {f"{one.module.slug}-{one.number}" for one in Edition.objects.all()} == set(folders)
    for edition in Edition.objects.all():
        assert find_problems(edition) == []
        assert set(edition.page_set.values_list("kind", flat=True)) == {"reading", "scenario", "quiz"}
        for page in edition.page_set.filter(kind="reading"):
            assert page.citations.exists(), page
        for scene in edition.scene_set.exclude(teaching_point=""):
            assert scene.citations.exists(), scene
        for question in edition.question_set.all():
            assert question.citations.exists(), question
    kinds = list(Edition.objects.get(module__slug=MODULE).page_set.values_list("kind", flat=True))
    assert 6 <= kinds.count("reading") <= 7
    assert (kinds.count("scenario"), kinds.count("quiz")) == (2, 1)


@pytest.mark.no_cover
@pytest.mark.no_cover
def test_running_it_again_changes_no_row() -> None:
    bring_the_course()
    before, seeded = everything(), list(Seeding.objects.order_by("pk").values())
    run()
    assert everything() == before
    assert list(Seeding.objects.order_by("pk").values()) == seeded
    Seeding.objects.update(digest="")  # every file is loaded again
    run()
    assert everything() == before


def test_a_part_whose_files_have_not_changed_is_not_read_again(copied: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bring_the_course()
    parts = {path.name for path in copied.iterdir() if path.is_dir()}
    assert set(Seeding.objects.values_list("name", flat=True)) == {*parts, "shared", "markdown"}
    read: list[bytes] = []
    real = serializers.deserialize

    def told(form: str, content: bytes) -> Any:
        read.append(content)
        return real(form, content)

    monkeypatch.setattr(serializers, "deserialize", told)
    run()
    assert read == []
    before = Seeding.objects.get(name=f"{MODULE}-{NUMBER}")
    edition_file(copied).write_text(edition_file(copied).read_text() + "\n# a remark\n")
    run()
    shared = sorted(copied.glob("*.yaml"))  # an author may have deleted what the edition needs
    assert read == [path.read_bytes() for path in [*shared, *sorted(edition_file(copied).parent.glob("*.yaml"))]]
    assert Seeding.objects.get(name=f"{MODULE}-{NUMBER}").digest != before.digest


def test_reading_and_rendering_come_before_the_lock(copied: Path) -> None:
    """On SQLite all other saves wait while a part is stored: few statements, and nothing else is done meanwhile."""
    rendered: list[str] = []
    with (
        CaptureQueriesContext(connection) as captured,
        mock.patch.object(
            yaml_fixtures, "render_markdown_fields", side_effect=lambda row: rendered.append(len(captured))
        ),
    ):
        rows = [row for path in sorted(edition_file(copied).parent.glob("*.yaml")) for row in read_fixture(path)]
        assert len(captured) == 0
        assert len(rendered) > 300
        call_command("loaddata", *sorted(copied.glob("*.yaml")), verbosity=0)
        of_others = len(captured)
        for row in rows:
            row.save()
    assert len(captured) - of_others < len(rendered)


def read_fixture(path: Path) -> list[Any]:
    return list(serializers.deserialize("yaml", path.read_bytes()))


@pytest.mark.once
def test_a_seed_that_is_interrupted_goes_on_where_it_was(copied: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with transaction.atomic():
        bring_the_course()
        whole = without_ids()
        transaction.set_rollback(True)
    real, refuse = seed._refuse_new_rows, iter([False, False, True])

    def interrupted(before: dict[int, int]) -> None:
        if next(refuse):
            raise KeyboardInterrupt
        real(before)

    monkeypatch.setattr(seed, "_refuse_new_rows", interrupted)
    with pytest.raises(KeyboardInterrupt):
        run()
    assert (Seeding.objects.count(), Edition.objects.count()) == (3, 1)
    monkeypatch.setattr(seed, "_refuse_new_rows", real)
    run()
    assert without_ids() == whole


def test_a_row_that_names_what_is_not_there_is_told(copied: Path) -> None:
    with pytest.raises(DeserializationError, match=r"names a row that is not there"):
        call_command("loaddata", edition_file(copied).with_name("4-quiz.yaml"), verbosity=0)


@pytest.mark.once
def test_loaddata_of_every_file_gives_the_same_but_does_not_call_it_ours() -> None:
    with transaction.atomic():
        bring_the_course()
        for model in (Module, Source, Fact):
            assert not model._base_manager.filter(seeded_digest="").exists()
            model._base_manager.update(seeded_digest="")
        seeded = without_ids()
        transaction.set_rollback(True)
    assert not Edition.objects.exists()
    files = [path for part in seed._parts() for path in part.files]
    assert set(files) == set(FIXTURES.rglob("*.yaml"))
    call_command("loaddata", *files, verbosity=0)
    course.tell_the_planner()
    assert without_ids() == seeded


def test_html_is_rendered_and_follows_a_newer_renderer(monkeypatch: pytest.MonkeyPatch) -> None:
    bring_the_course()
    rendered = [(model, field) for model in content_models() for field in html_fields(model)]
    assert rendered
    expected = {
        (field, row.pk): render_markdown(getattr(row, field.source))
        for model, field in rendered
        for row in model._base_manager.all()
    }
    assert stored_html(rendered) == expected
    for model, field in rendered:
        models.QuerySet(model).update(**{field.name: "<p>from an older renderer</p>"})
    monkeypatch.setattr(markdown, "VERSION", markdown.VERSION + 1)
    run()
    assert stored_html(rendered) == expected


def stored_html(
    rendered: list[tuple[type[models.Model], RenderedField]],
) -> dict[tuple[RenderedField, int], str]:
    """The HTML in each of these fields, by the field and the row."""
    return {
        (field, pk): html
        for model, field in rendered
        for pk, html in models.QuerySet(model).values_list("pk", field.name)
    }


def html_fields(model: type[models.Model]) -> Iterator[RenderedField]:
    return (field for field in model._meta.concrete_fields if isinstance(field, RenderedField))


CHANGES: dict[str, tuple[str, str, dict[str, Any]]] = {
    "the edition's title": ("1-edition.yaml", "modules.edition", {"title": "Another title"}),
    "a page's text": ("1-edition.yaml", "modules.page", {"body": "Another text"}),
    "a page's minutes": ("1-edition.yaml", "modules.page", {"minutes": 99}),
    "a citation's place": ("1-edition.yaml", "modules.pagecitation", {"position": 9}),
    "a scene's text": ("2-the-trolley-photo.yaml", "scenarios.scene", {"body": "Another text"}),
    "a choice's rating": ("2-the-trolley-photo.yaml", "scenarios.choice", {"rating": "acceptable"}),
    "the pass mark": ("4-quiz.yaml", "quizzes.quiz", {"pass_mark": "0.10"}),
    "a question's key": ("4-quiz.yaml", "quizzes.option", {"is_key": False}),
}


def test_a_change_of_what_is_published_is_refused_and_nothing_is_stored(copied: Path) -> None:
    bring_the_course()
    before = everything()
    for change, (name, model, values) in CHANGES.items():
        path = edition_file(copied).with_name(name)
        rows = rows_of(path)
        fields = first(rows, model)
        assert {key: fields.get(key) for key in values} != values
        fields.update(values)
        write(path.with_name("changed.yaml"), rows)
        with pytest.raises(DeserializationError) as caught, transaction.atomic():
            call_command("loaddata", path.with_name("changed.yaml"), verbosity=0)
        assert f"is published, and the fixture differs in {next(iter(values))}." in str(caught.value), change
        assert "give the fixture's edition the next number" in str(caught.value)
        assert everything() == before, change


def test_seed_tells_a_refused_change_in_one_line(copied: Path) -> None:
    """CommandError is what manage.py tells without a traceback."""
    bring_the_course()
    before = everything()
    rows = rows_of(edition_file(copied))
    first(rows, "modules.edition")["title"] = "Another title"
    write(edition_file(copied), rows)
    with pytest.raises(CommandError) as caught, transaction.atomic():
        run()
    assert "differs in title" in str(caught.value)
    assert "\n" not in str(caught.value)
    assert everything() == before


def test_a_new_row_for_a_published_edition_is_refused(copied: Path) -> None:
    bring_the_course()
    before = everything()
    path = edition_file(copied)
    rows = rows_of(path)
    extra = dict(first(rows, "modules.page"), key="brought-in-later", position=99)
    write(path, [*rows, {"model": "modules.page", "fields": extra}])
    with (
        pytest.raises(CommandError, match=r"The fixtures bring new rows for .*, which is published"),
        transaction.atomic(),
    ):
        run()
    assert everything() == before


def add_the_next_edition(fixtures: Path) -> None:
    """The module's newest edition once more under the next number, with a better title."""
    folder = edition_file(fixtures).parent
    following = folder.with_name(f"{MODULE}-{NUMBER + 1}")
    shutil.copytree(folder, following)
    for path in following.glob("*.yaml"):
        path.write_text(path.read_text().replace(f"[{MODULE}, {NUMBER}", f"[{MODULE}, {NUMBER + 1}"))
    rows = rows_of(following / "1-edition.yaml")
    edition = first(rows, "modules.edition")
    edition["number"], edition["title"] = NUMBER + 1, "A better title"
    write(following / "1-edition.yaml", rows)


def test_the_next_number_is_how_a_change_comes(copied: Path) -> None:
    bring_the_course()
    count = Edition.objects.count()
    first_edition = Edition.objects.get(module__slug=MODULE)
    before = {model: list(model._base_manager.filter(edition=first_edition).values()) for model in content_models()}
    add_the_next_edition(copied)
    assert f"{count + 1} published editions" in run()
    assert Edition.objects.current().get(module__slug=MODULE).title == "A better title"
    after = {model: list(model._base_manager.filter(edition=first_edition).values()) for model in content_models()}
    assert after == before


def test_a_newer_edition_opens_what_was_withdrawn_and_not_what_its_owner_archived(copied: Path) -> None:
    bring_the_course()
    edition = Edition.objects.current().get(module__slug=MODULE)
    make.withdrawal(edition)
    archiving = make.archiving(edition.module)
    add_the_next_edition(copied)
    run()
    offered = Edition.objects.offered().filter(module=edition.module)
    assert not offered.exists()
    assert edition.module.archivings.get() == archiving
    actions.end_archiving(edition.module, make.user(), make.NOW)
    assert [each.title for each in offered] == ["A better title"]


def test_sources_are_not_frozen(copied: Path) -> None:
    """Guidance is replaced, also where a published page cites it."""
    call_command("loaddata", copied / "sources.yaml", verbosity=0)
    rows = rows_of(copied / "sources.yaml")
    fields = first(rows, "modules.source")
    fields["note"] = "Corrected."
    write(copied / "sources.yaml", rows)
    call_command("loaddata", copied / "sources.yaml", verbosity=0)
    assert Source.objects.get(key=fields["key"]).note == "Corrected."


def test_demo_accounts_are_refused_in_production() -> None:
    with pytest.raises(CommandError, match="Demo accounts are for development"):
        run("--demo")
    assert not User.objects.exists()
    assert not Edition.objects.exists()


def test_demo_accounts_are_made_once_in_development(settings: Any, copied: Path) -> None:
    settings.IS_DEVELOPMENT = True
    for path in copied.glob("*/*.yaml"):  # the course itself is not needed here
        path.unlink()
    out = run("--demo")
    people = list(User.objects.order_by("pk").values())
    assert "Demo accounts, password “look-twice-2026”" in out
    roles = {user.email.split("@")[0]: set(user.groups.values_list("name", flat=True)) for user in User.objects.all()}
    assert roles.pop("trainee") == set()
    assert roles.pop("admin") == {"Administrator"}
    assert roles == {name.lower(): {name} for name in ("Author", "Reviewer", "Publisher", "Educator")}
    assert list(User.objects.filter(is_superuser=True).values_list("email", flat=True)) == ["admin@example.org"]
    assert list(User.objects.filter(is_staff=False).values_list("email", flat=True)) == ["trainee@example.org"]
    for name in ("Sam Trainee", "Ari Author", "Rae Reviewer", "Paz Publisher", "Edi Educator", "Ada Administrator"):
        assert User.objects.filter(full_name=name).exists(), name
    run("--demo")
    assert list(User.objects.order_by("pk").values()) == people
    assert Client().login(email="trainee@example.org", password="look-twice-2026")
