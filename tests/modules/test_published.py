"""What a process reads once is shared by all its requests, so nobody writes to it."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import models

from apps.modules.content import content_models
from apps.modules.models import Edition, Module, Page
from apps.modules.published import Frozen, PublishedContentError, freeze_rows, read_once
from apps.modules.queries import published_contents
from apps.quizzes.queries import published_paper
from apps.scenarios.queries import published_script
from tests import make

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("model", [*content_models(), Edition, Module])
def test_a_row_that_was_read_once_can_be_neither_changed_nor_saved_nor_deleted(model: type[models.Model]) -> None:
    draft = make.draft("posts")
    make.reading(draft)
    make.rules(make.scenario(draft))
    make.quiz(draft)
    of_the_draft = {Edition: draft, Module: draft.module}.get(model) or model._base_manager.filter(edition=draft)[0]
    row: Any = read_once(lambda pk: model._base_manager.get(pk=pk))(of_the_draft.pk)
    for field in model._meta.concrete_fields:
        with pytest.raises(PublishedContentError):
            setattr(row, field.attname, getattr(row, field.attname))
    for write in (row.save, row.delete):
        with pytest.raises(PublishedContentError):
            write()
    assert row == of_the_draft
    of_the_draft.save()  # as ever


def test_all_rows_that_pages_share_are_frozen() -> None:
    edition = make.edition("posts", is_full=True)
    pages = {page.kind: page.pk for page in edition.page_set.all()}
    contents = published_contents(edition.pk)
    script, paper = published_script(pages["scenario"]), published_paper(pages["quiz"])
    scene = script.scenes["case-scene-2"]
    choice = script.choices["case-scene-2-best"]
    item = paper.items[0]
    shared: list[Any] = [contents.edition, contents.edition.module, *contents.pages]
    shared += [script.scenario, *script.gauges, scene.scene, *scene.parts, *scene.choices, choice.target]
    shared += [paper.quiz, item.question, *item.options]
    assert len({row._meta.model for row in shared}) == 11
    assert [row for row in shared if not isinstance(row, Frozen)] == []


def test_what_a_shared_row_points_at_is_frozen_also_when_it_is_read_later() -> None:
    edition = make.edition("posts", is_full=True)
    script = published_script(edition.page_set.get(kind="scenario").pk)
    choice = script.choices["case-scene-1-best"]
    for row in (script.scenario.page, script.scenario.page.edition.module, choice.edition):
        assert isinstance(row, Frozen)


def test_rows_in_any_collection_are_found_and_a_circle_of_them_ends() -> None:
    draft = make.draft()
    first, second = make.page(draft, "first"), make.page(draft, "second")
    first._state.fields_cache["edition"] = second
    second._state.fields_cache["edition"] = first
    freeze_rows({"pages": ([first],), "words": "none"})
    assert isinstance(first, Frozen)
    assert isinstance(second, Frozen)


def test_the_page_of_a_draft_is_not_remembered() -> None:
    draft = make.draft("posts")
    quiz = make.quiz(draft)
    for _ in range(2):
        with pytest.raises(Page.DoesNotExist):
            published_paper(quiz.page_id)
    make.publish(draft)
    assert published_paper(quiz.page_id).quiz == quiz
