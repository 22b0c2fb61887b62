"""A page, a scene or a question copied into another draft, with what it cites."""

import re
from dataclasses import replace

import pytest

from apps.authoring.actions import LET_GO
from apps.authoring.queries import find_sheet
from apps.modules.copying import with_copy
from apps.modules.document import rows_in, tied, with_keys
from apps.modules.models import Page
from apps.scenarios.models import Choice, Effect, Gauge, Requirement
from tests import make

pytestmark = [pytest.mark.django_db, pytest.mark.pages]

CASE = "/admin/write/modules/posts/pages/case/"


@pytest.fixture
def draft():
    return make.started("posts", is_full=True)


@pytest.fixture
def other():
    """A draft of another module, with a case of one scene and the same gauges under other keys."""
    return make.started("other", is_full=True)


@pytest.fixture
def author():
    return make.client(make.author())


def said(draft, key="case"):
    return find_sheet(draft, key).document


def without_keys(value):
    return with_keys(value, {(type(row).__name__, row.key): "" for row in rows_in(value)})


def test_a_whole_page_is_copied_to_the_end_of_another_draft_once(author, draft, other):
    for _ in range(2):
        answer = author.post(f"{CASE}copy/", {"to": "other"}, follow=True)
        assert answer.status_code == 200
    pages = Page.objects.filter(edition=other).order_by("position")
    copied = pages.last()
    assert pages.count() == Page.objects.filter(edition=draft).count() + 1
    assert without_keys(said(other, copied.key)) == without_keys(said(draft))
    assert said(other, copied.key).head.sources == said(draft).head.sources
    assert {row.key for row in rows_in(said(other, copied.key))}.isdisjoint(row.key for row in rows_in(said(other)))


def test_a_block_is_copied_into_another_page_of_its_kind_once(author, draft, other):
    before, scene = said(other), said(draft).scenes[0]
    address = f"{CASE}copy/?at={scene.key}"
    page = author.get(address).content.decode()
    assert re.findall(r'name="to" value="([^"]+)"', page) == ["other/case"]
    for _ in range(2):
        author.post(address, {"to": "other/case"})
    *kept, copied = said(other).scenes
    assert tuple(kept) == before.scenes
    assert (copied.title, copied.body, copied.sources) == (scene.title, scene.body, scene.sources)
    assert [choice.text for choice in copied.choices] == [choice.text for choice in scene.choices]
    assert copied.key != scene.key or scene.key not in {scene.key for scene in before.scenes}


def test_where_to_is_offered_in_the_order_of_the_course(author, draft, other):
    make.scenario(other, "case-0")
    modules = make.unguarded(type(draft.module))
    make.unguarded(Page).filter(edition=other, key="case-0").update(position=0)

    def offered(at=""):
        answer = author.get(f"{CASE}copy/{at}")
        assert answer.status_code == 200
        return re.findall(r'name="to" value="([^"]+)"', answer.content.decode())

    for slug, position in (("posts", 2), ("other", 1)):
        modules.filter(slug=slug).update(position=position)
    scene = f"?at={said(draft).scenes[0].key}"
    assert offered() == ["other", "posts"]
    assert offered(scene) == ["other/case-0", "other/case"]
    make.scenario(draft, "case-2")
    assert offered(scene) == ["other/case-0", "other/case", "posts/case-2"]
    modules.filter(slug="other").update(position=3)
    assert offered() == ["posts", "other"]
    assert offered(scene) == ["posts/case-2", "other/case-0", "other/case"]


def let_go(case):
    """The case without what points at nothing in it."""
    return tied(case, {(type(row).__name__, row.key) for row in rows_in(case)})


def test_a_copy_leads_to_what_is_called_the_same_and_lets_go_what_is_not_there(draft, other):
    source, into = said(draft), said(other)
    renamed = replace(into, scenes=tuple(replace(scene, key=f"x-{scene.key}") for scene in into.scenes))
    choice = next(choice for choice in source.scenes[0].choices if choice.target)
    title = next(scene.title for scene in source.scenes if scene.key == choice.target)
    copied = with_copy(renamed, source.scenes[0].key, source).scenes[-1]
    leads = next(one for one in copied.choices if one.text == choice.text).target
    assert [scene.title for scene in renamed.scenes if scene.key == leads] == [title]
    others = replace(into, scenes=tuple(replace(scene, title=f"Other {scene.title}") for scene in into.scenes))
    strange = let_go(with_copy(others, source.scenes[0].key, source)).scenes[-1]
    assert all(not one.target for one in strange.choices), "the keys are the same, the scenes are others"
    alone = replace(renamed, scenes=())
    lonely = let_go(with_copy(alone, source.scenes[0].key, source)).scenes[-1]
    assert all(not one.target for one in lonely.choices)


def test_what_a_copy_moves_and_needs_that_is_not_there_is_let_go_and_told(author, draft, other):
    for model in (Effect, Requirement, Gauge):
        make.unguarded(model).filter(edition=other).delete()
    scene = said(draft).scenes[0]
    gauge = make.unguarded(Gauge).filter(edition=draft).first()
    choice = make.unguarded(Choice).filter(edition=draft, key=scene.choices[0].key).get()
    make.unguarded(Requirement).create(edition=draft, key="needs", choice=choice, gauge=gauge, at_least=1)
    assert any(choice.effects for choice in scene.choices)
    told = [author.post(f"{CASE}copy/?at={scene.key}", {"to": "other/case"}, follow=True) for _ in range(2)]
    assert [answer.status_code for answer in told] == [200, 200]
    copied = said(other).scenes[-1]
    assert [one.text for one in copied.choices] == [one.text for one in scene.choices]
    assert not any(one.effects or one.needs for one in copied.choices)
    assert LET_GO in told[0].content.decode()
    assert "had been copied already" in told[1].content.decode()


@pytest.mark.parametrize("to", ["", "nowhere", "other/nothing", "other/reading-1", "posts/case", "x" * 5000])
def test_nothing_is_copied_to_where_nothing_can_stand(author, draft, other, to):
    scene, before = said(draft).scenes[0], said(other)
    assert author.post(f"{CASE}copy/?at={scene.key}", {"to": to}).status_code == 422
    assert said(other) == before
    assert author.get(f"{CASE}copy/?at=nothing").status_code == 404


@pytest.mark.parametrize("page", ["copy/", "delete/scene/case-scene-1/"])
def test_a_button_says_what_became_of_its_page(author, draft, page):
    """It was removed, or the draft discarded, between the question and the answer."""
    Page.objects.filter(edition=draft, key="case").delete()
    answer = author.post(f"{CASE}{page}", {"to": "other"}, follow=True)
    assert "This page is not there any more." in answer.content.decode()
    draft.delete()
    answer = author.post(f"{CASE}{page}", {"to": "other"}, follow=True)
    assert "There is no draft here any more." in answer.content.decode()
    assert author.get(f"{CASE}{page}").status_code == 404


def test_a_scene_that_went_meanwhile_is_not_copied(author, draft):
    answer = author.post(f"{CASE}copy/?at=gone", {"to": "posts"}, follow=True)
    assert (answer.status_code, "so nothing was copied" in answer.content.decode()) == (200, True)
