"""A draft begins as a copy of an edition: the same rows under the same keys, linked among themselves."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, models
from django.test.utils import CaptureQueriesContext

from apps.core.markdown import RenderedField, render_markdown_fields
from apps.modules import actions
from apps.modules.content import EditionContent, ForeignLinkError, content_links, content_models
from apps.modules.editions import MovedEditionError
from apps.modules.models import Edition, Module, Source
from apps.modules.published import PublishedContentError
from apps.scenarios.models import Scenario
from tests import make

pytestmark = pytest.mark.django_db

MODELS = content_models()


# What an edition has of its own; every other column is its content, and a draft begins with it.
OF_ONE_EDITION = {"id", "number", "change_note", "based_on", "published_at", "published_by"}


def says_something(field: models.Field[Any, Any], row: models.Model) -> bool:
    return getattr(row, field.attname) not in (None, "", field.get_default())


def something(field: models.Field[Any, Any]) -> Any:
    """What a new row does not say in this column."""
    if isinstance(field, models.BooleanField):
        return not field.get_default()
    others = {models.DateField: datetime.date(2026, 1, 2), models.DecimalField: Decimal("0.50"), models.IntegerField: 3}
    other = next((value for kind, value in others.items() if isinstance(field, kind)), f"own-{field.name}")
    return other[: field.max_length] if isinstance(other, str) else other


def fill(rows: list[Any]) -> None:
    """Let every column say something in one of these rows of a model, past all guards."""
    fields = [field for field in rows[0]._meta.concrete_fields if not field.primary_key and not field.is_relation]
    for field in fields:
        if not isinstance(field, RenderedField) and not any(says_something(field, row) for row in rows):
            setattr(rows[-1], field.attname, something(field))
    render_markdown_fields(rows[-1])
    values = {field.name: getattr(rows[-1], field.attname) for field in fields}
    make.unguarded(type(rows[-1])).filter(pk=rows[-1].pk).update(**values)
    for field in fields:
        assert any(says_something(field, row) for row in rows), f"{field} says nothing"


def facts_of(row: EditionContent) -> dict[str, Any]:
    """A row without ids: its columns, with the keys of what it points at."""
    facts: dict[str, Any] = {}
    for field in row._meta.concrete_fields:
        value = getattr(row, field.name)
        if isinstance(value, EditionContent):
            facts[field.name] = value.natural_key()[2:]
        elif not field.primary_key and not isinstance(value, Edition):
            facts[field.name] = value
    return facts


def rows_of(model: type[EditionContent], edition: Edition) -> list[dict[str, Any]]:
    return sorted((facts_of(row) for row in model._base_manager.filter(edition=edition)), key=repr)


def test_every_row_is_copied_under_its_key_with_every_column() -> None:
    edition = make.edition("posts", sources=2, is_full=True)
    for model in MODELS:
        fill(list(model._base_manager.filter(edition=edition).order_by("pk")))
    draft = actions.start_draft(edition)
    for model in MODELS:
        assert rows_of(model, draft) == rows_of(model, edition)


def test_nothing_in_the_copy_points_back() -> None:
    draft = actions.start_draft(make.edition("posts", is_full=True))
    for model in MODELS:
        for field in content_links(model):
            linked = model._base_manager.filter(edition=draft, **{f"{field.name}__isnull": False})
            outside = linked.exclude(**{f"{field.name}__edition": draft})
            assert linked.exists()
            assert not outside.exists(), f"{field} leads out of the draft"


def test_the_copy_has_every_column_of_the_edition_but_is_not_published() -> None:
    edition = make.edition("posts")
    actions.publish(actions.start_draft(edition), make.user(), make.NOW, "What was wrong.")
    edition = Edition.objects.get(number=2)
    columns = [field for field in Edition._meta.concrete_fields if field.name not in OF_ONE_EDITION]
    for field in columns:
        if not field.is_relation:
            setattr(edition, field.attname, something(field))
    values = {field.name: getattr(edition, field.name) for field in columns}
    make.unguarded(Edition).filter(pk=edition.pk).update(**values)
    draft = Edition.objects.get(pk=actions.start_draft(edition).pk)
    assert {field.name: getattr(draft, field.name) for field in columns} == values
    assert (draft.number, draft.change_note, draft.published_at, draft.published_by) == (None, "", None, None)
    assert draft.based_on == edition


def test_a_draft_that_is_there_already_is_given_back_untouched() -> None:
    edition = make.edition("posts")
    draft = actions.start_draft(edition)
    draft.page_set.filter(position=1).update(title="My work of an hour")
    again = actions.start_draft(edition)
    assert again == draft
    assert again.page_set.get(position=1).title == "My work of an hour"
    assert Edition.objects.count() == 2


def test_a_draft_started_from_a_draft_is_that_draft() -> None:
    draft = make.draft()
    assert actions.start_draft(draft) == draft
    assert Edition.objects.count() == 1


def test_sources_are_shared_and_not_copied() -> None:
    edition = make.edition("posts")
    before = Source.objects.count()
    actions.start_draft(edition)
    assert (Source.objects.count(), Module.objects.count()) == (before, 1)


def test_a_draft_can_be_started_and_published_again_and_again() -> None:
    edition = make.edition("posts")
    for number in (2, 3):
        edition = make.publish(actions.start_draft(edition))
        assert edition.number == number
    assert rows_of(MODELS[0], edition) == rows_of(MODELS[0], Edition.objects.get(number=1))


def test_correcting_the_draft_leaves_the_edition_as_it_is() -> None:
    edition = make.edition("posts")
    draft = actions.start_draft(edition)
    page = draft.page_set.get(key="reading-1")
    page.body = "*Corrected*"
    page.save()
    assert "<em>Corrected</em>" in draft.page_set.get(key="reading-1").body_html
    assert "Corrected" not in edition.page_set.get(key="reading-1").body_html


def test_every_rendered_field_holds_what_its_markdown_gives() -> None:
    """Also in a copy, which is written in bulk."""
    draft = actions.start_draft(make.edition("posts"))
    seen = 0
    for model in MODELS:
        for field in (one for one in model._meta.concrete_fields if isinstance(one, RenderedField)):
            for row in model._base_manager.filter(edition=draft):
                if source := getattr(row, field.source):
                    assert source.strip("*. ").split()[0] in getattr(row, field.name)
                    seen += 1
    assert seen > 10


def test_a_row_that_points_into_another_edition_is_told_and_no_draft_is_left() -> None:
    edition, other = make.edition("posts"), make.edition("other")
    make.unguarded(Scenario).filter(edition=edition).update(page=other.page_set.get(key="reading-1"))
    with pytest.raises(ForeignLinkError, match="“case” points at page of another edition"):
        actions.start_draft(edition)
    assert not Edition.objects.drafts().exists()


def test_the_copy_has_every_field_that_an_author_writes() -> None:
    edition = make.publish(make.reading(make.draft(**WRITTEN)).edition)
    draft = actions.start_draft(edition)
    own = {"id", "number", "based_on", "change_note", "published_at", "published_by", "module"}
    assert {field.name for field in Edition._meta.concrete_fields} - own == WRITTEN.keys()
    assert {name: getattr(draft, name) for name in WRITTEN} == WRITTEN
    assert (draft.based_on, draft.change_note) == (edition, "")


WRITTEN = {
    "title": "A title",
    "summary": "A summary",
    "learning_outcomes": "Describe",
    "curriculum_links": "Item 3",
    "illustration": "illustrations/trolley.svg",
}


def test_a_draft_is_a_copy_of_the_newest_edition_only() -> None:
    first = make.edition("posts")
    second = make.publish(actions.start_draft(first))
    with pytest.raises(actions.OlderEditionError, match="Edition 2 is in force"):
        actions.start_draft(first)
    assert not Edition.objects.drafts().exists()
    assert actions.start_draft(second).based_on == second


def test_a_draft_stays_in_its_module() -> None:
    draft, module = make.draft("posts"), make.edition("other").module
    before = draft.module_id
    draft.module = module
    ways: list[Callable[[], object]] = [
        draft.save,
        lambda: Edition.objects.filter(pk=draft.pk).update(module=module),
        lambda: Edition.objects.bulk_update([draft], ["module"]),
        lambda: Edition.objects.bulk_create(
            [draft], update_conflicts=True, unique_fields=["id"], update_fields=["module"]
        ),
        lambda: module.editions.add(draft),
    ]
    for way in ways:
        with pytest.raises(MovedEditionError):
            way()
        assert Edition.objects.get(pk=draft.pk).module_id == before


def test_a_draft_is_discarded_with_all_that_is_in_it_and_nothing_else() -> None:
    edition, other = make.edition("posts", is_full=True), make.draft("other")
    make.reading(other)
    before = {model: model._base_manager.count() for model in MODELS}
    draft = actions.start_draft(edition)
    with CaptureQueriesContext(connection) as captured:
        actions.discard_draft(draft)
    assert len(captured) <= 40
    assert set(Edition.objects.all()) == {edition, other}
    assert {model: model._base_manager.count() for model in MODELS} == before
    actions.discard_draft(draft)  # harmless when repeated


def test_what_is_published_is_not_discarded() -> None:
    draft = make.draft("posts")
    make.reading(draft)
    make.publish(draft)
    with pytest.raises(PublishedContentError):
        actions.discard_draft(draft)
    assert Edition.objects.get().page_set.exists()
