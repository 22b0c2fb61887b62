"""A published edition cannot change, whichever way somebody tries; and a draft cannot reach into one."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, models, transaction
from django.test.utils import CaptureQueriesContext

from apps.modules import actions
from apps.modules.content import Citation, MovedContentError, content_links, content_models
from apps.modules.models import Edition, Source
from apps.modules.published import PublishedContentError
from apps.scenarios.models import Choice, Effect, Gauge
from tests import make

pytestmark = [pytest.mark.django_db, pytest.mark.once]

MODELS = [*content_models(), Edition]


class World:
    """A published edition, a draft started from it, and the draft of another module with rows of every model."""

    def __init__(self) -> None:
        self.published = make.edition("posts", is_full=True)
        self.draft = actions.start_draft(self.published)
        self.other = make.draft("other")
        make.reading(self.other, "other-reading")
        make.rules(make.scenario(self.other, "other-case"))
        make.quiz(self.other, "other-quiz")
        self.other.page_set.update(position=models.F("position") + 50)  # nothing of it stands in another row's way

    def row(self, model: type[models.Model], edition: Edition) -> Any:
        """A row of this model in this edition, read now."""
        if model is Edition:
            return Edition.objects.get(pk=edition.pk)
        return model._base_manager.filter(edition=edition).order_by("pk").first()

    def rows(self, model: type[models.Model], edition: Edition) -> Any:
        """The same as a queryset."""
        return model.objects.filter(**{"pk" if model is Edition else "edition": edition.pk})


def published_rows() -> dict[str, set[tuple[Any, ...]]]:
    """Every row of every published edition, with every column, as it is in the database.

    Asked without models: this is asked after each of hundreds of attempts.
    """
    found = {}
    with connection.cursor() as cursor:
        for model in MODELS:
            column = "id" if model is Edition else "edition_id"
            cursor.execute(
                f"SELECT * FROM {model._meta.db_table} WHERE {column} IN "  # noqa: S608  # our own names
                "(SELECT id FROM modules_edition WHERE number IS NOT NULL)"
            )
            found[model._meta.label] = set(cursor.fetchall())
    return found


def text_field(model: type[models.Model]) -> str:
    """A field that an author could want to correct."""
    names = [field.name for field in model._meta.concrete_fields]
    return next(name for name in ("title", "text", "key", "position", "change") if name in names)


def value_for(model: type[models.Model]) -> Any:
    return {"position": 77, "change": 7}.get(text_field(model), "changed")


def copy_of(row: Any) -> Any:
    """A new row like this one."""
    made = copy.copy(row)
    made.pk = None
    made._state = models.base.ModelState()
    made._state.adding = True
    for name, value in (("key", "new-key"), ("position", 4 if isinstance(row, Gauge) else 78)):
        if hasattr(made, name):
            setattr(made, name, value)
    if isinstance(made, Effect):
        made.choice = Choice.objects.filter(edition=made.edition).exclude(effects__gauge=made.gauge)[0]
    if isinstance(made, Citation):
        made.source = make.source()
    return made


# Ways to change a published row, each with the world and a model. ---------------------------------------------------


def save(world: World, model: Any) -> None:
    row = world.row(model, world.published)
    setattr(row, text_field(model), value_for(model))
    row.save()


def save_one_field(world: World, model: Any) -> None:
    row = world.row(model, world.published)
    setattr(row, text_field(model), value_for(model))
    row.save(update_fields=[text_field(model)])


def save_a_row_that_was_read_before_publication(world: World, model: Any) -> None:
    row = world.row(model, world.draft)
    make.publish(world.draft)
    setattr(row, text_field(model), value_for(model))
    row.save()


def delete(world: World, model: Any) -> None:
    world.row(model, world.published).delete()


def delete_a_row_that_was_read_before_publication(world: World, model: Any) -> None:
    row = world.row(model, world.draft)
    make.publish(world.draft)
    row.delete()


def queryset_update(world: World, model: Any) -> None:
    world.rows(model, world.published).update(**{text_field(model): value_for(model)})


def queryset_update_of_drafts_and_published(world: World, model: Any) -> None:
    model.objects.all().update(**{text_field(model): value_for(model)})


def queryset_delete(world: World, model: Any) -> None:
    world.rows(model, world.published).delete()


def bulk_update(world: World, model: Any) -> None:
    row = world.row(model, world.published)
    setattr(row, text_field(model), value_for(model))
    model.objects.bulk_update([row], [text_field(model)])


def update_or_create(world: World, model: Any) -> None:
    row = world.row(model, world.published)
    model.objects.update_or_create(pk=row.pk, defaults={text_field(model): value_for(model)})


def upsert(world: World, model: Any) -> None:
    row = world.row(model, world.published)
    setattr(row, text_field(model), value_for(model))
    model.objects.bulk_create([row], update_conflicts=True, update_fields=[text_field(model)], unique_fields=["id"])


def upsert_as_if_it_were_the_drafts(world: World, model: Any) -> None:
    row = world.row(model, world.draft)
    row.pk = world.row(model, world.published).pk
    setattr(row, text_field(model), value_for(model))
    model.objects.bulk_create([row], update_conflicts=True, update_fields=[text_field(model)], unique_fields=["id"])


ON_EVERY_MODEL = [
    save,
    save_one_field,
    save_a_row_that_was_read_before_publication,
    delete,
    delete_a_row_that_was_read_before_publication,
    queryset_update,
    queryset_update_of_drafts_and_published,
    queryset_delete,
    bulk_update,
    update_or_create,
    upsert,
    upsert_as_if_it_were_the_drafts,
]


# Ways to bring a row into a published edition, or out of it. -------------------------------------------------------


def create(world: World, model: Any) -> None:
    copy_of(world.row(model, world.published)).save()


def create_by_manager(world: World, model: Any) -> None:
    made = copy_of(world.row(model, world.published))
    values = {field.attname: getattr(made, field.attname) for field in model._meta.concrete_fields}
    model.objects.create(**values)


def get_or_create(world: World, model: Any) -> None:
    made = copy_of(world.row(model, world.published))
    values = {field.attname: getattr(made, field.attname) for field in model._meta.concrete_fields}
    model.objects.get_or_create(pk=-1, defaults=values | {"id": None})


def bulk_create(world: World, model: Any) -> None:
    model.objects.bulk_create([copy_of(world.row(model, world.published))])


def bulk_create_ignoring_conflicts(world: World, model: Any) -> None:
    model.objects.bulk_create([copy_of(world.row(model, world.published))], ignore_conflicts=True)


def move_in(world: World, model: Any) -> None:
    row = world.row(model, world.other)
    row.edition = world.published
    row.save()


def move_out(world: World, model: Any) -> None:
    row = world.row(model, world.published)
    row.edition = world.other
    row.save()


def move_in_by_update(world: World, model: Any) -> None:
    world.rows(model, world.other).update(edition=world.published)


def move_in_by_update_with_the_id(world: World, model: Any) -> None:
    world.rows(model, world.other).update(edition=world.published.pk)


def move_in_by_update_of_the_column(world: World, model: Any) -> None:
    world.rows(model, world.other).update(edition_id=world.published.pk)


def move_in_by_update_with_an_expression(world: World, model: Any) -> None:
    world.rows(model, world.other).update(edition=models.Value(world.published.pk))


def move_out_by_update(world: World, model: Any) -> None:
    world.rows(model, world.published).update(edition=world.other)


def move_in_by_bulk_update(world: World, model: Any) -> None:
    row = world.row(model, world.other)
    row.edition = world.published
    model.objects.bulk_update([row], ["edition"])


def move_out_by_bulk_update(world: World, model: Any) -> None:
    row = world.row(model, world.published)
    row.edition = world.other
    model.objects.bulk_update([row], ["edition"])


def move_in_by_the_editions_set(world: World, model: Any) -> None:
    getattr(world.published, f"{model._meta.model_name}_set").add(world.row(model, world.other))


def move_in_by_setting_the_editions_set(world: World, model: Any) -> None:
    getattr(world.published, f"{model._meta.model_name}_set").set([world.row(model, world.other)])


def create_in_the_editions_set(world: World, model: Any) -> None:
    made = copy_of(world.row(model, world.published))
    getattr(world.published, f"{model._meta.model_name}_set").add(made, bulk=False)


ON_ROWS = [
    create,
    create_by_manager,
    get_or_create,
    bulk_create,
    bulk_create_ignoring_conflicts,
    move_in,
    move_out,
    move_in_by_update,
    move_in_by_update_with_the_id,
    move_in_by_update_of_the_column,
    move_in_by_update_with_an_expression,
    move_out_by_update,
    move_in_by_bulk_update,
    move_out_by_bulk_update,
    move_in_by_the_editions_set,
    move_in_by_setting_the_editions_set,
    create_in_the_editions_set,
]


# Ways to let a draft's row appear in a published one, through a link between rows. --------------------------------


def loose(world: World, model: Any, link: str) -> Any:
    """A row of the draft, with this link, that stands in no published row's way: no position, key or source is taken
    twice."""
    row = model._base_manager.filter(edition=world.draft, **{f"{link}__isnull": False}).order_by("pk").first()
    values: dict[str, Any] = {"key": "loose"} if hasattr(row, "key") else {"change": 7}
    if hasattr(row, "position"):
        values = {"position": 3 if isinstance(row, Gauge) else 79}
    if issubclass(model, Citation):
        values["source"] = make.source()
    models.QuerySet(model).filter(pk=row.pk).update(**values)
    return model._base_manager.get(pk=row.pk)


def link_by_save(world: World, row: Any, link: str, target: Any) -> None:
    setattr(row, link, target)
    row.save()


def link_by_saving_the_id(world: World, row: Any, link: str, target: Any) -> None:
    setattr(row, f"{link}_id", target.pk)
    row.save(update_fields=[link])


def link_by_create(world: World, row: Any, link: str, target: Any) -> None:
    row = copy_of(row)
    setattr(row, link, target)
    row.save()


def link_by_update(world: World, row: Any, link: str, target: Any) -> None:
    type(row).objects.filter(pk=row.pk).update(**{link: target})


def link_by_update_of_the_column(world: World, row: Any, link: str, target: Any) -> None:
    type(row).objects.filter(pk=row.pk).update(**{f"{link}_id": target.pk})


def link_by_bulk_create(world: World, row: Any, link: str, target: Any) -> None:
    row = copy_of(row)
    setattr(row, link, target)
    type(row).objects.bulk_create([row])


def link_by_bulk_update(world: World, row: Any, link: str, target: Any) -> None:
    setattr(row, link, target)
    type(row).objects.bulk_update([row], [link])


def link_by_the_set_of_the_published_row(world: World, row: Any, link: str, target: Any) -> None:
    field = row._meta.get_field(link)
    if field.one_to_one:
        setattr(target, field.remote_field.get_accessor_name(), row)
        row.save()
    else:
        getattr(target, field.remote_field.get_accessor_name()).add(row)


LINKING = [
    link_by_save,
    link_by_saving_the_id,
    link_by_create,
    link_by_update,
    link_by_update_of_the_column,
    link_by_bulk_create,
    link_by_bulk_update,
    link_by_the_set_of_the_published_row,
]


# The sweep ----------------------------------------------------------------------------------------------------------


def refused(attempts: list[tuple[str, Callable[[], None]]], errors: tuple[type[Exception], ...]) -> list[str]:
    """What was not refused, or changed something all the same."""
    holes, before = [], published_rows()
    for name, attempt in attempts:
        with transaction.atomic():
            try:
                with transaction.atomic():
                    attempt()
            except errors:
                outcome = ""
            except Exception as error:  # another error would refuse by accident
                outcome = f"{type(error).__name__}: {error}"
            else:
                outcome = "not refused"
            after = published_rows()
            changed = [label for label, rows in after.items() if not before[label] <= rows]
            changed += [] if outcome == "" else [label for label, rows in after.items() if rows - before[label]]
            if outcome or changed:
                holes.append(f"{name}: {outcome}, changed: {', '.join(sorted(set(changed))) or 'nothing'}")
            transaction.set_rollback(True)
    return holes


def test_a_published_row_cannot_change() -> None:
    world = World()
    attempts = [
        (f"{model.__name__}: {way.__name__}", lambda way=way, model=model: way(world, model))
        for model in MODELS
        for way in ON_EVERY_MODEL
    ]
    assert not (holes := refused(attempts, (PublishedContentError,))), "\n".join(holes)


def test_no_row_enters_or_leaves_a_published_edition() -> None:
    world = World()
    attempts = [
        (f"{model.__name__}: {way.__name__}", lambda way=way, model=model: way(world, model))
        for model in content_models()
        for way in ON_ROWS
    ]
    assert not (holes := refused(attempts, (PublishedContentError, MovedContentError))), "\n".join(holes)


def test_no_row_of_a_draft_hangs_itself_on_a_published_row() -> None:
    world = World()

    def attempt(way: Any, model: Any, field: Any) -> None:
        way(world, loose(world, model, field.name), field.name, world.row(field.related_model, world.published))

    attempts = [
        (f"{model.__name__}.{field.name}: {way.__name__}", lambda w=way, m=model, f=field: attempt(w, m, f))
        for model in content_models()
        for field in content_links(model)
        for way in LINKING
        if not (way is link_by_the_set_of_the_published_row and field.remote_field.hidden)  # there is no such set
    ]
    assert len(attempts) > 80
    assert not (holes := refused(attempts, (PublishedContentError, ValueError))), "\n".join(holes)


def test_the_sources_of_a_published_row_cannot_change() -> None:
    world = World()
    citing = [model for model in content_models() if hasattr(model, "sources")]
    assert len(citing) == 4
    attempts = [attempt for model in citing for attempt in on_sources(world, model)]
    assert refused(attempts, (PublishedContentError, ValueError)) == []
    for model in citing:
        with pytest.raises(models.ProtectedError):
            Source.objects.filter(pk__in=model.sources.through.objects.values("source")).delete()


def on_sources(world: World, model: Any) -> list[tuple[str, Callable[[], None]]]:
    """Ways to change which sources a published row of this model cites."""
    row = model.objects.filter(edition=world.published, citations__isnull=False).first()
    cited, source = row.sources.get(), make.source()
    same, draft = {"edition": world.published}, {"edition": world.draft}
    back = getattr(source, model.sources.field.remote_field.get_accessor_name())
    back_of_cited = getattr(cited, model.sources.field.remote_field.get_accessor_name())
    ways = [
        ("add", lambda: row.sources.add(source, through_defaults=same)),
        ("add with the draft as edition", lambda: row.sources.add(source, through_defaults=draft)),
        ("add without an edition", lambda: row.sources.add(source)),
        ("create", lambda: row.sources.create(key="new", kind="blog", title="New", through_defaults=same)),
        ("set", lambda: row.sources.set([source], through_defaults=same)),
        ("set to nothing", lambda: row.sources.set([])),
        ("remove", lambda: row.sources.remove(cited)),
        ("clear", lambda: row.sources.clear()),
        ("add from the source's side", lambda: back.add(row, through_defaults=same)),
        ("remove from the source's side", lambda: back_of_cited.remove(row)),
        ("clear from the source's side", lambda: back_of_cited.clear()),
    ]
    return [(f"{model.__name__}: {name}", way) for name, way in ways]


def test_an_edition_is_numbered_only_by_publishing() -> None:
    world = World()
    numbered = {"number": 5, "published_at": make.NOW}

    def save_a_number() -> None:
        world.draft.number, world.draft.published_at = 5, make.NOW
        Edition.save(world.draft)

    def insert(**more: Any) -> None:
        Edition(module=world.other.module, title="T", summary="S", learning_outcomes="L", **numbered | more).save()

    attempts = [
        ("save a number on the draft", save_a_number),
        ("insert a numbered edition", insert),
        ("insert a numbered edition with an id", lambda: insert(pk=9999)),
        (
            "bulk_create a numbered edition",
            lambda: Edition.objects.bulk_create([Edition(module=world.other.module, **numbered)]),
        ),
    ]
    assert refused(attempts, (PublishedContentError,)) == []


def test_a_published_edition_stays_with_its_module() -> None:
    world = World()
    attempts = [
        ("add", lambda: world.other.module.editions.add(world.published)),
        ("delete its module", lambda: world.published.module.delete()),
    ]
    assert refused(attempts, (PublishedContentError, models.ProtectedError)) == []


def test_a_draft_may_change() -> None:
    """The guards would be worth nothing if they refused everything."""
    world = World()
    for model in MODELS:
        row = world.row(model, world.other)
        setattr(row, text_field(model), value_for(model))
        row.save()
        assert getattr(world.row(model, world.other), text_field(model)) == value_for(model)
        world.rows(model, world.other).filter(pk=row.pk).update(**{text_field(model): value_for(model)})
    for model in reversed(content_models()):
        copied = copy_of(world.row(model, world.other))
        if not any(field.one_to_one for field in content_links(model)):
            copied.save()
            copied.delete()
        world.rows(model, world.other).delete()
    world.other.delete()
    assert not Edition.objects.filter(module__slug="other").exists()


def test_a_row_of_a_draft_points_only_at_rows_of_its_own_edition() -> None:
    world = World()
    for model in content_models():
        for field in content_links(model):
            row = world.row(model, world.draft)
            setattr(row, field.name, world.row(field.related_model, world.other))
            with pytest.raises(ValueError, match="of another edition"):
                row.save()


def test_no_row_moves_from_one_draft_to_another() -> None:
    """What a row belongs to is known before its edition is locked, and stays so."""
    world = World()
    world.published = make.draft("third")
    attempts = [
        (f"{model.__name__}: {way.__name__}", lambda way=way, model=model: way(world, model))
        for model in content_models()
        for way in ON_ROWS
        if way.__name__.startswith("move_in")
    ]
    assert not (holes := refused(attempts, (MovedContentError,))), "\n".join(holes)


def test_no_manager_deletes_all_there_is() -> None:
    assert [model.__name__ for model in MODELS if hasattr(model.objects, "delete")] == []


def test_the_guard_asks_the_database_and_not_a_remembered_object() -> None:
    draft = make.draft("posts")
    page = make.reading(draft)
    make.publish(draft)
    assert page.edition.number is None  # what this object remembers
    with pytest.raises(PublishedContentError), CaptureQueriesContext(connection) as captured:
        page.save()
    assert any("modules_edition" in query["sql"] for query in captured)


def test_every_content_model_is_swept() -> None:
    assert {model.__name__ for model in content_models()} == {
        *("Page", "PageCitation", "Scenario", "ScenarioCitation", "Scene", "ScenePart", "Choice", "SceneCitation"),
        *("Gauge", "Effect", "Requirement"),
        *("Quiz", "Question", "Option", "QuestionCitation"),
    }
    assert all(issubclass(model, Citation | Effect) or hasattr(model, "key") for model in content_models())
