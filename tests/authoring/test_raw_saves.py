"""Rows that are written one by one: each save locks the edition and keeps one revision of the page."""

from __future__ import annotations

import pytest
from django.db import models
from django.test import Client

from apps.accounts.models import User
from apps.authoring.actions import Stamp, undo
from apps.authoring.models import Revision
from apps.authoring.queries import document_of, find_sheet
from apps.modules import actions
from apps.modules.editions import Edition
from apps.modules.models import Page
from apps.quizzes.models import Question, Quiz
from apps.scenarios.models import Choice, Scenario, Scene
from tests import make
from tests.in_admin import Page as Shown
from tests.in_admin import address, read, send

pytestmark = pytest.mark.django_db


@pytest.fixture
def author() -> User:
    return make.author()


@pytest.fixture
def browser(author: User) -> Client:
    """In which the author is signed in."""
    return make.client(author)


@pytest.fixture
def draft() -> Edition:
    return actions.start_draft(make.edition("posts", is_full=True))


def kept(draft: Edition, key: str = "case") -> list[tuple[str, User | None]]:
    """How each revision of a page came about, and who saved it; the last one is what stands there."""
    revisions = list(Revision.objects.of_sheet(draft, key))
    if revisions:
        assert document_of(revisions[-1]) == find_sheet(draft, key).document
    return [(revision.verb, revision.by) for revision in revisions]


def scene_of(draft: Edition) -> Scene:
    return Scene.objects.get(edition=draft, key="case-scene-1")


def delete(browser: Client, row: models.Model) -> Shown:
    return Shown(browser.post(address(type(row), "delete", row), {"post": "yes"}, follow=True))


def test_a_save_keeps_what_was_found_and_what_is_saved(browser: Client, author: User, draft: Edition) -> None:
    scene = scene_of(draft)
    page = send(browser, address(Scene, "change", scene), title="Bay 6")
    assert [level for level, _ in page.messages] == ["success"]
    assert kept(draft) == [("found", None), ("saved", author)]
    send(browser, address(Scene, "change", scene), title="Bay 7")
    assert kept(draft) == [("found", None), ("saved", author), ("saved", author)]
    assert not Revision.objects.exclude(page_key="case").exists()


def test_a_save_that_changes_nothing_keeps_nothing_new(browser: Client, draft: Edition) -> None:
    for _ in range(2):
        send(browser, address(Scene, "change", scene_of(draft)))
    assert kept(draft) == [("found", None)]


def test_rows_in_a_row_are_kept_with_it(browser: Client, author: User, draft: Edition) -> None:
    send(browser, address(Scene, "change", scene_of(draft)), **{"choices-0-text": "Ring the consultant"})
    assert kept(draft) == [("found", None), ("saved", author)]
    assert "Ring the consultant" in Revision.objects.latest("pk").text


@pytest.mark.parametrize("model", [Scenario, Scene, Choice, Quiz, Question])
def test_what_is_deleted_can_be_had_back(
    browser: Client, author: User, draft: Edition, model: type[models.Model]
) -> None:
    row = model._base_manager.filter(edition=draft).order_by("pk")[0]
    key = "quiz" if model in (Quiz, Question) else "case"
    before = find_sheet(draft, key).document
    page = delete(browser, row)
    assert page.messages == [("success", f"Deleted: {row}.")]
    assert kept(draft, key) == [("found", None), ("saved", author)]
    undo(draft, key, find_sheet(draft, key).document.digest(), Stamp(author, make.NOW))
    assert find_sheet(draft, key).document == before


def test_a_row_that_is_added_is_kept(browser: Client, author: User, draft: Edition) -> None:
    scenario = Scenario.objects.get(edition=draft)
    words = {"key": "new", "position": "99", "title": "New", "body": "Quiet."}
    page = send(browser, address(Scene, "add"), edition=draft.pk, scenario=scenario.pk, **words)
    assert [level for level, _ in page.messages] == ["success"], page.errors
    assert kept(draft) == [("found", None), ("saved", author)]
    assert "# New" in Revision.objects.latest("pk").text


def test_what_is_added_belongs_to_its_own_draft(browser: Client, draft: Edition) -> None:
    other = make.scenario(make.draft("other"), "other")
    words = {"key": "new", "position": "99", "title": "New", "body": "Quiet."}
    page = send(browser, address(Scene, "add"), edition=draft.pk, scenario=other.pk, **words)
    assert page.errors == ["This belongs to another draft. Choose one of the same draft."]
    assert not Scene.objects.filter(key="new").exists()
    assert not Revision.objects.exists()


def test_what_a_row_belongs_to_stays(browser: Client, draft: Edition) -> None:
    other = make.scenario(draft, "other")
    send(browser, address(Scene, "change", scene_of(draft)), scenario=other.pk, title="Bay 6")
    scene = scene_of(draft)
    assert (scene.scenario.key, scene.title) == ("case", "Bay 6")


def test_a_form_with_a_fault_keeps_nothing(browser: Client, draft: Edition) -> None:
    page = send(browser, address(Scene, "change", scene_of(draft)), title="")
    assert page.errors
    assert kept(draft) == []


def test_what_could_not_be_read_again_is_refused_in_words(browser: Client, draft: Edition) -> None:
    """A scene has 50 choices at most in a text."""
    scene = scene_of(draft)
    Choice.objects.bulk_create(
        Choice(edition=draft, key=f"more-{number}", scene=scene, position=number, text="More", rating="poor")
        for number in range(3, 51)
    )
    before = find_sheet(draft, "case").document
    words = {"edition": draft.pk, "scene": scene.pk, "key": "one-more", "position": "51", "text": "One more"}
    page = send(browser, address(Choice, "add"), **words, rating="poor", consequence="Nothing.")
    [(level, told)] = page.messages
    assert level == "error"
    assert told.startswith("Nothing was saved. ")
    assert "50" in told
    assert find_sheet(draft, "case").document == before
    assert kept(draft) == []


def test_a_page_of_an_unknown_kind_is_refused_in_words(browser: Client, draft: Edition) -> None:
    scene = scene_of(draft)
    make.unguarded(Page).filter(edition=draft, key="case").update(kind="film")
    page = send(browser, address(Scene, "change", scene), title="Bay 6")
    assert page.messages == [("error", "Nothing was saved. The page case is of an unknown kind: film.")]
    assert scene_of(draft).title == scene.title


# Who lists rows, and who reads them -----------------------------------------------------------------------------------

ROWS = (Scenario, Scene, Choice, Quiz, Question)


@pytest.mark.parametrize("role", ["author", "reviewer", "publisher", "educator"])
def test_lists_of_rows_are_for_administrators(role: str, draft: Edition) -> None:
    browser = make.client(getattr(make, role)())
    for model in (Edition, Page, *ROWS):
        assert read(browser, address(model)).status == 403
        assert address(model) not in read(browser, "/admin/").links
    for model in (Edition, Page):
        for verb in ("change", "delete", "history"):
            row = draft if model is Edition else draft.page_set.all()[0]
            assert read(browser, address(model, verb, row)).status == 403


def test_an_administrator_finds_them_there_to_be_read(draft: Edition) -> None:
    browser = make.client(make.administrator())
    for model in (Edition, Page, *ROWS):
        assert address(model) in read(browser, "/admin/").links
        assert address(model, "add") not in read(browser, "/admin/").links
        page = read(browser, address(model))
        assert (page.status, page.actions) == (200, ["publish", "start_draft"] if model is Edition else [])
        assert address(model, "add") not in page.links
    for row in (draft, draft.page_set.all()[0]):
        page = read(browser, address(type(row), "change", row))
        assert not {"_save", "_continue", "_addanother"} & set(page.buttons)
        assert browser.post(address(type(row), "change", row), {"title": "x"}).status_code == 403


def test_a_reviewer_reads_the_rows_of_a_draft_and_an_educator_does_not(draft: Edition) -> None:
    for role, status in ((make.reviewer, 200), (make.educator, 403)):
        browser = make.client(role())
        for model in ROWS:
            row = model._base_manager.filter(edition=draft).order_by("pk")[0]
            page = read(browser, address(model, "change", row))
            assert page.status == status
            assert not {"_save", "_continue", "_addanother"} & set(page.buttons)


def test_after_a_save_its_author_is_at_the_row_again(browser: Client, draft: Edition) -> None:
    scene = scene_of(draft)
    url = address(Scene, "change", scene)
    fields = {**read(browser, url).fields, "_save": ["Save"]}
    assert browser.post(url, fields).url == url
    assert browser.post(address(Scene, "delete", scene), {"post": "yes"}).url == "/admin/"
