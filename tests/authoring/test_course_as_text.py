"""The whole course goes to text and back, and a module written from its text publishes as an equal edition."""

import re
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.authoring.actions import Stamp, write_text
from apps.authoring.queries import find_sheet, problems_of, text_of_module
from apps.modules import outline, page_kinds
from apps.modules.actions import start_draft
from apps.modules.models import Edition, Module
from apps.modules.taking_back import rows_by_key as rows_of
from tests import course, make

pytestmark = [pytest.mark.django_db, pytest.mark.once]

STAMP = Stamp(None, make.NOW)


@pytest.fixture(autouse=True)
def _course():
    course.load()


def parse(text):
    read = outline.read(text, page_kinds.all_kinds())
    assert read.faults == ()
    return read


def test_every_page_goes_to_text_and_back():
    pages = 0
    for edition in Edition.objects.current():
        for key in edition.page_set.values_list("key", flat=True):
            sheet = find_sheet(edition, key)
            text = sheet.text_of(sheet.document)
            assert parse(text).document == sheet.document
            assert sheet.text_of(parse(text).document) == text
            pages += 1
    assert pages > 50


def test_every_module_is_written_into_its_draft_without_a_change():
    for edition in Edition.objects.current():
        draft = start_draft(edition)
        before = rows_of(draft)
        with CaptureQueriesContext(connection) as queries:
            saved = write_text(draft, parse(text_of_module(edition)), STAMP)
        assert [sheet.changes for sheet in saved if sheet.changes] == []
        assert [query for query in queries.captured_queries if query["sql"].startswith(("INSERT", "DELETE"))] == []
        assert rows_of(draft) == before


def test_a_module_written_from_its_text_alone_publishes_as_an_equal_edition():
    """Into a draft without a single page: every row comes from the text."""
    for edition in Edition.objects.current():
        module = Module.objects.create(slug=f"{edition.module.slug}-again")
        draft = Edition.objects.create(module=module, title="-", summary="-")
        text = text_of_module(edition).replace(f"module: {edition.module.slug}\n", f"module: {module.slug}\n", 1)
        write_text(draft, parse(text), STAMP)
        published = make.publish(draft)
        assert rows_of(published) == rows_of(edition)
        assert text_of_module(published) == text


def test_nothing_is_wrong_with_the_texts_of_the_course():
    """What would keep them from being published, or what an editor would find."""
    for edition in Edition.objects.current():
        assert problems_of(parse(text_of_module(edition))) == []


def test_a_text_without_keys_finds_the_rows_of_its_page():
    """Keys are written always and need not be read: titles tell which row is meant."""
    edition = Edition.objects.current().get(module__slug="when-posts-go-wrong")
    draft = start_draft(edition)
    text = call_outline("when-posts-go-wrong", "the-trolley-photo")
    bare = re.sub(r" \{[-a-z0-9]+\}", "", text)
    assert bare.count("{") == 0
    [saved] = write_text(draft, parse(bare), STAMP)
    assert saved.changes == ()


def call_outline(*arguments):
    out = StringIO()
    call_command("outline", *arguments, stdout=out)
    return out.getvalue()
