"""Authors at work in the admin: they begin modules and correct sources. Rows of content are there to be read."""

from __future__ import annotations

import pytest
from django.test import Client

from apps.accounts.models import User
from apps.modules import actions
from apps.modules.models import Edition, Fact, Module, Page, Source
from apps.quizzes.models import Question, Quiz
from apps.scenarios.models import Choice, Scenario, Scene
from tests import in_admin, make
from tests.conftest import let_pass
from tests.in_admin import address, read, send

pytestmark = pytest.mark.django_db

LIST = address(Edition)
CONTENT = (Edition, Page, Scenario, Scene, Choice, Quiz, Question)  # which is written at the desk


@pytest.fixture
def author() -> User:
    return make.author()


@pytest.fixture
def browser(author: User) -> Client:
    """In which the author is signed in."""
    return make.client(author)


def test_an_edition_is_numbered_dated_and_signed_in_the_list_and_on_its_page() -> None:
    draft = make.started("posts")
    actions.publish(draft, make.publisher(), make.NOW, "Keep no copy.")
    browser = make.client(make.administrator())
    listed = read(browser, LIST).text
    assert "edition 2" in listed
    assert "draft" not in listed.partition("Published at")[2].partition("2 editions")[0]
    page = read(browser, address(Edition, "change", draft))
    for said in ("Keep no copy.", "When posts go wrong, edition 1", "Sam Learner"):  # its note, its base, its author
        assert said in page.text


def test_an_administrator_finds_rows_of_content_there_to_be_read() -> None:
    draft = make.started("posts")
    browser = make.client(make.administrator())
    for model in CONTENT:
        assert address(model) in read(browser, "/admin/").links
        listed = read(browser, address(model))
        assert (listed.status, listed.actions) == (200, [])
        assert address(model, "add") not in listed.links
        row = draft if model is Edition else model._base_manager.filter(edition=draft)[0]
        assert not {"_save", "_continue", "_addanother"} & {*read(browser, address(model, "change", row)).buttons}


# Modules ------------------------------------------------------------------------------------------------------------


def test_a_module_is_begun_and_its_slug_stays(browser: Client) -> None:
    page = send(browser, address(Module, "add"), slug="new-one", position="3")
    assert [level for level, _ in page.messages] == ["success"]
    module = Module.objects.get()
    assert (module.slug, module.position) == ("new-one", 3)
    send(browser, address(Module, "change", module), slug="another", position="4")
    module.refresh_from_db()
    assert (module.slug, module.position) == ("new-one", 4)


# Sources and facts --------------------------------------------------------------------------------------------------


def sources_page() -> str:
    return Client().get("/sources/").content.decode()


def test_a_source_is_added_and_corrected_wherever_it_is_shown(browser: Client) -> None:
    words = {"key": "oxtoby-2013", "kind": "article", "authors": "Oxtoby K", "title": "How to reap", "year": "2013"}
    page = send(browser, address(Source, "add"), **words, url="bmj.com/f4815")
    assert [level for level, _ in page.messages] == ["success"], page.errors
    source = Source.objects.get()
    assert (source.key, source.authors, source.year) == ("oxtoby-2013", "Oxtoby K", 2013)
    assert source.url == "https://bmj.com/f4815"
    draft = make.draft("posts")
    cited = make.reading(draft, sources=0)
    make.PageCitation.objects.create(edition=draft, page=cited, source=source, position=1)
    shown_at = make.publish(draft).page_set.get().get_absolute_url()
    page = send(browser, address(Source, "change", source), title="How to reap the benefits")
    assert [level for level, _ in page.messages] == ["success"]
    for url in ("/sources/", shown_at):
        assert "How to reap the benefits" in Client().get(url).content.decode()


@pytest.mark.once
@pytest.mark.parametrize(
    ("field", "value", "fault"),
    [
        ("title", "", "This field is required."),
        ("kind", "rumour", "not one of the available choices"),
        ("key", "taken", "already exists"),
        ("url", "javascript:alert(1)", "Enter a valid URL."),
    ],
)
def test_a_source_with_a_fault_is_not_saved(browser: Client, field: str, value: str, fault: str) -> None:
    make.source("taken")
    source = make.source("own", title="As it was", url="https://bmj.com/")
    page = send(browser, address(Source, "change", source), **{"title": "Changed", field: value})
    assert any(fault in error for error in page.errors)
    assert page.messages == []
    assert Source.objects.get(pk=source.pk).title == "As it was"


def test_a_source_is_replaced_by_another_and_readers_are_told(browser: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    old, new = make.source("old", title="The old guidance"), make.source("new", title="The new guidance")
    draft = make.draft("posts")
    make.PageCitation.objects.create(edition=draft, page=make.reading(draft, sources=0), source=old, position=1)
    url = make.publish(draft).page_set.get().get_absolute_url()
    assert "The new guidance" not in Client().get(url).content.decode()
    page = send(browser, address(Source, "change", old), superseded_by=new.pk, superseded_note="Softer on friends.")
    assert [level for level, _ in page.messages] == ["success"]
    old.refresh_from_db()
    assert (old.superseded_by, old.superseded_note) == (new, "Softer on friends.")
    assert "The new guidance" in sources_page()
    let_pass(monkeypatch, 59)
    assert "The new guidance" not in Client().get(url).content.decode()
    let_pass(monkeypatch, 60)
    assert "The new guidance" in Client().get(url).content.decode()


def test_a_source_does_not_replace_itself(browser: Client) -> None:
    source = make.source()
    page = send(browser, address(Source, "change", source), superseded_by=source.pk)
    assert page.errors
    assert page.messages == []
    source.refresh_from_db()
    assert source.superseded_by is None


def test_a_source_that_is_cited_stays_and_one_that_is_not_can_go(browser: Client) -> None:
    cited = make.edition("posts", scenes=2, questions=2, readings=1).page_set.get(key="reading-1").sources.get()
    spare = make.source("spare")
    page = in_admin.Page(browser.post(address(Source, "delete", cited), {"post": "yes"}, follow=True))
    assert "would require deleting the following protected related objects" in page.text
    assert Source.objects.filter(pk=cited.pk).exists()
    page = in_admin.Page(browser.post(address(Source, "delete", spare), {"post": "yes"}, follow=True))
    assert [level for level, _ in page.messages] == ["success"]
    assert not Source.objects.filter(pk=spare.pk).exists()


def test_a_fact_is_added_and_corrected(browser: Client) -> None:
    source = make.source()
    words = {"key": "T6.1", "source": source.pk, "statement": "Posts last.", "view_of": "the author"}
    assert any(
        "Like this: T6.1" in error for error in send(browser, address(Fact, "add"), **words | {"key": "six"}).errors
    )
    assert not Fact.objects.exists()
    send(browser, address(Fact, "add"), **words)
    fact = Fact.objects.get()
    assert (fact.key, fact.source, fact.statement) == ("T6.1", source, "Posts last.")
    send(browser, address(Fact, "change", fact), statement="Posts last for years.")
    fact.refresh_from_db()
    assert fact.statement == "Posts last for years."
