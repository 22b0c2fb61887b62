"""Authors' texts are kept normalised, and their Markdown with its HTML, whichever way they are written."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Value

from apps.modules import actions, taking_back
from apps.modules.content import content_models
from apps.modules.models import Edition, Page
from apps.modules.written import text_fields
from tests import make

pytestmark = pytest.mark.django_db

RAW = " *a*\r\nb\rc\n\n"
KEPT = "*a*\nb\nc"
HTML = "<p><em>a</em>\nb\nc</p>"


def page_of_a_draft() -> Page:
    return make.reading(make.draft("posts"), body="Before", title="Before")


def kept(page: Page) -> tuple[str, str]:
    """The text and its HTML as they are stored."""
    return Page.objects.values_list("body", "body_html").get(pk=page.pk)


def written_by_save(page: Page) -> None:
    page.body = RAW
    page.save()


def written_by_save_of_one_field(page: Page) -> None:
    page.body = RAW
    page.save(update_fields=["body"])


def written_by_update(page: Page) -> None:
    Page.objects.filter(pk=page.pk).update(body=RAW)


def written_by_update_or_create(page: Page) -> None:
    Page.objects.update_or_create(pk=page.pk, defaults={"body": RAW})


def written_by_bulk_update(page: Page) -> None:
    page.body = RAW
    Page.objects.bulk_update([page], ["body"])


def written_by_bulk_create(page: Page) -> None:
    page.body = RAW
    Page.objects.bulk_create([page], update_conflicts=True, unique_fields=["id"], update_fields=["body"])


@pytest.mark.parametrize(
    "write",
    [
        written_by_save,
        written_by_save_of_one_field,
        written_by_update,
        written_by_update_or_create,
        written_by_bulk_update,
        written_by_bulk_create,
    ],
)
def test_a_text_is_normalised_and_rendered_however_it_is_written(write: Any) -> None:
    page = page_of_a_draft()
    write(page)
    assert kept(page) == (KEPT, HTML)


def test_every_text_of_every_row_is_normalised() -> None:
    draft = make.started("posts", is_full=True)
    rows = [model._base_manager.filter(edition=draft).first() for model in content_models()]  # type: ignore[attr-defined]
    seen = 0
    for row in [*rows, draft]:
        for field in text_fields(type(row)):
            setattr(row, field.name, "\r\na ")
        row.save()
        row.refresh_from_db()
        for field in text_fields(type(row)):
            assert getattr(row, field.name) == "a", field
            seen += 1
    assert seen > 30


def test_keys_choices_and_html_are_no_texts() -> None:
    assert {field.name for field in text_fields(Page)} == {"kind", "title", "summary", "facts", "body"}


def test_only_the_named_fields_are_written_in_bulk() -> None:
    page = page_of_a_draft()
    page.title, page.body = " Other ", "Other"
    assert Page.objects.bulk_update([page], ["title"]) == 1
    assert (Page.objects.get(pk=page.pk).title, kept(page)[0]) == ("Other", "Before")


def test_a_bulk_update_is_of_the_rows_that_were_asked_for() -> None:
    page = page_of_a_draft()
    page.body = "Other"
    assert Page.objects.filter(title="Another").bulk_update([page], ["body"]) == 0
    assert kept(page)[0] == "Before"


@pytest.mark.parametrize("expression", [F("title"), Value("*x*"), None])
def test_what_cannot_be_rendered_is_no_markdown(expression: Any) -> None:
    page = page_of_a_draft()
    with pytest.raises(TypeError, match="body is Markdown"):
        Page.objects.filter(pk=page.pk).update(body=expression)
    Page.objects.filter(pk=page.pk).update(position=F("position") + 1)
    assert (kept(page)[0], Page.objects.get(pk=page.pk).position) == ("Before", page.position + 1)


def test_blanks_are_no_words() -> None:
    page = page_of_a_draft()
    page.title, page.body = " \r\n", RAW
    with pytest.raises(ValidationError, match="cannot be blank"):
        page.clean_fields()
    assert page.body == KEPT


def edition_of_before() -> Edition:
    """An edition as it was published when texts were not normalised."""
    edition = make.edition("posts", is_full=True)
    for model in [*content_models(), Edition]:
        texts = {field.name: models.functions.Concat(field.name, Value("\n")) for field in text_fields(model)}
        own = {"pk" if model is Edition else "edition": edition.pk}
        if texts:
            make.unguarded(model).filter(**own).update(**texts)
    return Edition.objects.get(pk=edition.pk)


def test_a_draft_is_a_normalised_copy_and_its_edition_stays() -> None:
    edition = edition_of_before()
    draft = Edition.objects.get(pk=actions.start_draft(edition).pk)
    edition.refresh_from_db()
    assert edition.summary == f"{draft.summary}\n"
    bodies = [one.page_set.order_by("position").values_list("body", flat=True)[0] for one in (edition, draft)]
    assert bodies[0] == f"{bodies[1]}\n" != bodies[1]


def test_what_only_looks_otherwise_is_not_taken_back() -> None:
    edition = edition_of_before()
    assert taking_back.rows_by_key(edition) == taking_back.rows_by_key(actions.start_draft(edition))
