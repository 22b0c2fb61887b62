"""The page of sources: each with the pages that rest on it."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from apps.modules.content import Citation
from apps.modules.models import Module, Page, PageCitation
from apps.quizzes.models import QuestionCitation
from apps.scenarios.models import ScenarioCitation, SceneCitation
from tests import make

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("model", "page"),
    [
        (PageCitation, "page"),
        (SceneCitation, "scene__scenario__page"),
        (ScenarioCitation, "scenario__page"),
        (QuestionCitation, "question__quiz__page"),
    ],
)
def test_a_source_leads_to_the_page_on_which_anything_cites_it(
    client: Client, model: type[Citation], page: str
) -> None:
    edition = make.edition("posts", is_full=True)
    cited = model._base_manager.filter(edition=edition).order_by("pk")[:1]
    ((key, page_id),) = cited.values_list("source__key", page)
    shown = client.get("/sources/").content.decode()
    item = shown.partition(f'id="source-{key}"')[2].partition('id="source-')[0]
    assert f'href="{Page.objects.get(pk=page_id).get_absolute_url()}"' in item


def test_guidance_that_was_replaced_is_history(client: Client) -> None:
    newer = make.source("newer", kind="guidance")
    make.source("older", kind="guidance", superseded_by=newer)
    make.source("study")
    shown = client.get("/sources/").content.decode()
    headings = ["Guidance and advice", "Research, journalism and opinion", "History: replaced by newer guidance"]
    below = [re.findall('id="source-([a-z]+)"', part) for part in re.split("|".join(headings), shown)]
    assert below == [[], ["newer"], ["study"], ["older"]]


def test_the_pages_that_cite_a_source_stand_in_the_order_of_the_course(client: Client) -> None:
    source = make.source("cited")
    for slug in ("later", "earlier"):
        draft = make.draft(slug)
        pages = [make.reading(draft, f"{slug}-{number}", sources=0) for number in range(4)]
        for place, page in enumerate(pages):
            PageCitation.objects.create(edition=draft, page=page, source=source, position=1)
            make.unguarded(Page).filter(pk=page.pk).update(position=10 - place)
        make.publish(draft)
    make.unguarded(Module).filter(slug="later").update(position=99)
    make.unguarded(Module).filter(slug="earlier").update(position=98)
    shown = client.get("/sources/").content.decode().partition('id="source-cited"')[2]
    keys = re.findall(r"/reading/((?:later|earlier)-\d)/", shown)
    assert keys == [f"{slug}-{number}" for slug in ("earlier", "later") for number in (3, 2, 1, 0)]
