"""Rows of pages become documents, whatever a draft holds."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.modules import page_kinds
from apps.modules.content import content_models
from apps.modules.document import EditionDocument, Head, PageDocument
from apps.modules.models import Page, PageCitation
from apps.modules.rows import models_of, of_page, read_document, read_edition_document
from tests import course, make

pytestmark = pytest.mark.django_db

MOST_QUERIES = 12


def test_a_reading_page_is_its_head_and_its_body() -> None:
    page = make.reading(make.draft(), "why", sources=2, title=" Why\r\n", body="One.\r\n\r\nTwo. \n", facts="A1  B2")
    keys = tuple(page.citations.values_list("source__key", flat=True))
    head = Head("why", "Why", minutes=3, facts=("A1", "B2"), sources=keys)
    assert read_document(page) == PageDocument(head, "One.\n\nTwo.")


def test_a_page_of_an_unknown_kind_is_read_as_one_that_has_no_more_than_its_text() -> None:
    page = make.page(make.draft(), "lost", kind="lost")
    assert read_document(page) == PageDocument(Head("lost", "Lost", minutes=3), "Some *text*.")


def test_what_is_stored_counts_and_not_what_was_read_before() -> None:
    page = make.reading(make.draft(), "why")
    Page.objects.filter(pk=page.pk).update(title="Why not")
    assert read_document(page).head.title == "Why not"


def test_an_edition_is_its_own_words_and_the_order_of_its_pages() -> None:
    draft = make.draft(title="Posts ", learning_outcomes="Describe\r\n\r\n Explain\r\n", curriculum_links="One")
    for key in ("b", "a"):
        make.page(draft, key)
    assert read_edition_document(draft) == EditionDocument(
        "Posts", "Two cases.", ("Describe", "Explain"), ("One",), pages=("b", "a")
    )


@pytest.mark.parametrize("kind", ["reading", "scenario", "quiz"])
def test_an_empty_page_of_any_kind_can_be_read(kind: str) -> None:
    page = make.page(make.draft(), "new", kind=kind, body="")
    document = read_document(page)
    assert document == type(document)(Head("new", "New", minutes=3))


def test_every_row_of_the_course_belongs_to_one_page() -> None:
    edition = course.load()
    kinds = page_kinds.all_kinds()
    models = [Page, *models_of(PageCitation, *(model for kind in kinds for model in kind.content))]
    assert models == content_models()
    for model in models:
        rows = model._base_manager.filter(edition=edition)
        found = [row.pk for page in edition.page_set.all() for row in rows.filter(of_page(model, page))]
        assert sorted(found) == sorted(row.pk for row in rows), model


def test_every_page_of_the_course_is_read_in_a_few_queries() -> None:
    for page in course.load().page_set.all():
        with CaptureQueriesContext(connection) as asked:
            assert read_document(page).head.key == page.key
        assert len(asked) <= MOST_QUERIES
