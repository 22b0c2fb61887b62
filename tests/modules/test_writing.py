"""Documents become rows: no more is written than has changed, and nothing but a draft of the author's own page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.db import connection, models
from django.test.utils import CaptureQueriesContext

from apps.core.markdown import RenderedField
from apps.modules import actions, page_kinds
from apps.modules.content import content_models
from apps.modules.document import EditionDocument, Head, PageDocument
from apps.modules.models import Edition, Page
from apps.modules.page_kinds import WrongDocumentError
from apps.modules.published import PublishedContentError
from apps.modules.rows import read_document, read_edition_document
from apps.modules.writing import KeyInUseError, create_page, write_document, write_edition_document
from apps.quizzes.document import QuizDocument
from tests import course, make

pytestmark = pytest.mark.django_db

MODELS: list[type[models.Model]] = [Edition, *content_models()]


def everything(**of: Any) -> dict[str, list[dict[str, Any]]]:
    """Every column of every row of content, as stored."""
    return {
        model._meta.label: list(make.unguarded(model).filter(**_of(model, of)).order_by("pk").values())
        for model in MODELS
    }


def _of(model: type[models.Model], of: dict[str, Any]) -> dict[str, Any]:
    return {name.removeprefix("edition__") if model is Edition else name: value for name, value in of.items()}


def writes(act: Callable[[], object]) -> list[str]:
    """The statements of an act that change something."""
    with CaptureQueriesContext(connection) as asked:
        act()
    statements = [query["sql"] for query in asked]
    return [sql for sql in statements if not sql.startswith(("SELECT", "SAVEPOINT", "RELEASE"))]


def test_what_is_written_as_it_was_read_changes_nothing() -> None:
    draft = actions.start_draft(course.load())
    before = everything()
    for page in draft.page_set.all():
        document = read_document(page)
        assert writes(lambda page=page, document=document: write_document(page, document)) == []  # type: ignore[misc]
    assert writes(lambda: write_edition_document(draft, read_edition_document(draft))) == []
    assert everything() == before


def test_every_page_of_the_course_can_be_written_anew() -> None:
    edition = course.load()
    draft = make.draft("copy")
    for page in edition.page_set.order_by("position"):
        document = read_document(page)
        copy = create_page(draft, page.kind, document)
        assert read_document(copy) == document
        assert (copy.position, copy.kind) == (page.position, page.kind)
    assert _html(draft) == _html(edition)


def _html(edition: Edition) -> dict[Any, str]:
    return {
        (model, field.name, row.key): getattr(row, field.name).strip()
        for model in content_models()
        for field in model._meta.concrete_fields
        if isinstance(field, RenderedField)
        for row in model._base_manager.filter(edition=edition)
    }


def test_a_page_takes_all_that_its_head_and_body_say() -> None:
    page = make.reading(make.draft(), "why", sources=2)
    stays = page.citations.get(position=2)
    new = make.source("new")
    head = Head("why", "Why?", "In short", 5, False, ("A1", "B2"), ("new", stays.source.key))
    write_document(page, PageDocument(head, "More *text*."))
    assert read_document(page) == PageDocument(head, "More *text*.")
    page.refresh_from_db()
    assert page.body_html == "<p>More <em>text</em>.</p>"
    assert {citation.source_id: citation.pk for citation in page.citations.all()}[stays.source_id] == stays.pk
    assert page.citations.get(source=new).position == 1


def test_what_differs_in_blanks_only_is_left_as_it_is() -> None:
    page = make.reading(make.draft(), "why", body="One.\r\nTwo.\n")
    assert writes(lambda: write_document(page, read_document(page))) == []


def test_only_what_has_changed_is_written() -> None:
    page = make.reading(make.draft(), "why")
    document = read_document(page)
    (statement,) = writes(lambda: write_document(page, replace(document, head=replace(document.head, title="Not"))))
    assert "modules_page" in statement


def test_an_edition_takes_its_words_and_the_order_of_its_pages() -> None:
    draft = make.draft()
    pages = {key: make.reading(draft, key) for key in "abcd"}
    document = EditionDocument("T", "S", ("Know", "Do"), ("C",), "illustrations/dots.svg", ("d", "b", "a"))
    write_edition_document(draft, document)
    assert read_edition_document(draft) == document
    stored = {page.key: (page.pk, page.position) for page in draft.page_set.all()}
    assert stored == {key: (pages[key].pk, place) for place, key in enumerate("dba", start=1)}


def test_positions_far_apart_are_put_in_order() -> None:
    draft = make.draft()
    for key, position in (("a", 1001), ("b", 2), ("c", 3000)):
        Page.objects.filter(pk=make.page(draft, key).pk).update(position=position)
    write_edition_document(draft, replace(read_edition_document(draft), pages=("a", "b", "c")))
    assert list(draft.page_set.values_list("key", "position")) == [("a", 1), ("b", 2), ("c", 3)]


@pytest.mark.parametrize("pages", [("a", "lost"), ("a", "a")])
def test_an_edition_does_not_take_pages_that_are_not_there_or_twice(pages: tuple[str, ...]) -> None:
    draft = make.draft()
    make.page(draft, "a")
    with pytest.raises(ValueError, match=r"lost|twice"):
        write_edition_document(draft, replace(read_edition_document(draft), pages=pages))
    assert draft.page_set.count() == 1


def test_a_page_does_not_take_what_is_not_there_or_not_its_own() -> None:
    page = make.page(make.draft(), "a")
    document = read_document(page)
    make.source("twice")
    for head in (Head("b", "A"), Head("a", "A", sources=("lost",)), Head("a", "A", sources=("twice", "twice"))):
        with pytest.raises(ValueError, match=r"“b”|“lost”|twice"):
            write_document(page, replace(document, head=head))
    with pytest.raises(WrongDocumentError):
        write_document(page, QuizDocument(document.head))
    assert read_document(page) == document


def test_a_new_page_does_not_take_a_key_that_is_in_use() -> None:
    draft = make.draft()
    make.page(draft, "a")
    with pytest.raises(KeyInUseError, match="“a”"):
        create_page(draft, "reading", PageDocument(Head("a", "A")))


@pytest.mark.parametrize("kind", [kind.name for kind in page_kinds.all_kinds()])
def test_nothing_is_written_into_what_is_published(kind: str) -> None:
    edition = make.edition(is_full=True)
    page = edition.page_set.filter(kind=kind)[0]
    empty = read_document(make.page(make.draft(), "empty", kind=kind, body=""))
    other = replace(empty, head=replace(empty.head, key=page.key))
    no_pages = replace(read_edition_document(edition), pages=())
    acts: list[Callable[[], object]] = [
        lambda: write_document(page, other),
        lambda: write_document(page, read_document(page)),
        lambda: create_page(edition, kind, empty),
        lambda: write_edition_document(edition, no_pages),
    ]
    before = everything(edition__number__isnull=False)
    for act in acts:
        with pytest.raises(PublishedContentError):
            act()
    assert everything(edition__number__isnull=False) == before
