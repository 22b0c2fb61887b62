"""A reading page: written in a form, beside what a learner will see; no button loses what was typed."""

import re
from dataclasses import replace

import pytest

from apps.accounts.models import User
from apps.authoring.actions import Edit, Stamp, save_document
from apps.authoring.forms.reading import SourceForm
from apps.authoring.models import Revision
from apps.authoring.queries import find_sheet
from apps.core.markdown import MAX_LENGTH
from apps.core.pictures import drawings, picture_url
from apps.modules import actions as modules_actions
from apps.modules import page_kinds
from apps.modules.models import Page, Source
from tests import make
from tests.authoring.test_text_pages import Author, publish, queries_of

pytestmark = [pytest.mark.django_db, pytest.mark.pages]

MODULE = "/admin/write/modules/posts/"
READING = f"{MODULE}pages/reading-1/"


@pytest.fixture
def draft():
    return make.started("posts")


@pytest.fixture
def author(draft):
    return Author(make.client(make.author()), READING)


def said(draft, key="reading-1"):
    return find_sheet(draft, key).document


def test_a_page_is_shown_in_its_form(author, draft):
    page = author.open()
    before = said(draft)
    assert page.fields["title"] == before.head.title
    assert page.fields["body"] == before.body
    assert page.fields["sources"] == list(before.head.sources)
    assert "Some <em>text</em>." in page.body
    assert page.buttons[0] == page.buttons[-1] == "save"  # so that Enter saves


def test_another_tab_opens_once_the_page_is_saved(author, draft):
    page = author.open()
    author.press("history", title="")
    assert (author.answer.status_code, said(draft).head.title) == (422, page.fields["title"])
    author.press("history", title="Before")
    assert author.answer["Location"] == f"{READING}history/"
    assert said(draft).head.title == "Before"


def test_a_page_is_saved(author, draft):
    make.fact("A1.1")
    author.open()
    changes = {"title": "Before", "summary": "Short.", "minutes": "7", "body": "## New\n\nText.", "facts": ["A1.1"]}
    author.press("save", **changes, is_required=None)
    assert author.answer.url == READING
    after = said(draft)
    assert (after.head.title, after.head.minutes, after.head.is_required) == ("Before", 7, False)
    assert (after.head.facts, after.body) == (("A1.1",), "## New\n\nText.")
    assert "Saved." in author.open().words
    assert Revision.objects.get(page_key="reading-1", number=2).by.email == "author@example.org"


def test_saving_what_stands_there_changes_nothing(author, draft):
    before = said(draft)
    author.open()
    author.press("save")
    assert said(draft) == before
    assert "Nothing had changed" in author.open().words
    assert not Revision.objects.exists()


def test_a_preview_stores_nothing_and_is_sanitised(author, draft):
    before = said(draft)
    author.open()
    body = "**Strong** <script>alert(1)</script> [x](javascript:alert(1))\n\n![Two doors](illustrations/trolley.svg)"
    page = author.press("show", body=body, title="")
    assert page.status == 200
    assert "<strong>Strong</strong>" in page.body
    assert "<script>alert" not in page.body
    assert 'href="javascript' not in page.body
    assert '<img src="/static/illustrations/trolley.svg" alt="Two doors"' in page.body
    assert (page.fields["body"], page.fields["title"]) == (body, "")
    assert said(draft) == before


TYPED = {"title": "Typed", "summary": "Typed too", "minutes": "many", "body": "Typed *text*", "new-title": "Half a so"}


@pytest.mark.parametrize("do", ["show", "find", "new_source", "save", "nonsense"])
def test_no_button_loses_what_was_typed(author, do):
    make.fact("A1.1")
    make.fact("A1.2")
    assert 'data-asks=""' in author.open().body
    ticked = {"facts": ["A1.2"], "sources": [*author.page.fields["sources"], make.source("added").key]}
    page = author.press(do, **TYPED, **ticked, search="On", is_required=None, **{"new-kind": "blog"})
    typed = TYPED | {"new-title": ""} if do == "new_source" else TYPED  # it has been added
    assert {name: page.fields[name] for name in typed} == typed
    assert page.fields["facts"] == ["A1.2"]
    assert page.fields["sources"][:2] == ticked["sources"]
    assert page.fields["search"] == "On"
    assert "is_required" not in page.fields
    assert 'data-asks="unsaved"' in page.body, "who leaves is asked"
    assert page.status == (422 if do in ("save", "nonsense") else 200)


def test_sources_are_found_by_words_and_ticked(author, draft):
    found = make.source("oxtoby-2013", authors="Oxtoby K", title="How to avoid the pitfalls", year=2013)
    make.source("other", authors="Kar P", title="Another", year=2022)
    author.open()
    page = author.press("find", search="oxtoby 2013")
    assert f'name="sources" value="{found.key}"' in page.body
    assert 'value="other"' not in page.body
    author.press("save", sources=[*page.fields["sources"], found.key])
    assert said(draft).head.sources[-1] == found.key


def test_ten_sources_are_shown_and_the_others_counted(author):
    for number in range(13):
        make.source(f"s-{number}", authors="Oxtoby K", year=2000 + number)
    author.open()
    page = author.press("find", search="oxtoby")
    assert page.body.count('name="sources"') - len(page.fields["sources"]) == 10
    assert "And 3 more." in page.words


@pytest.mark.parametrize("search", ["nothing like it", "\0", "%", "x" * 5_000, "' OR 1=1"])
def test_a_search_that_finds_nothing_says_so(author, search):
    author.open()
    page = author.press("find", search=search)
    assert page.status == 200
    assert "No source has these words" in page.words or search == "\0"


NEW = {"new-authors": "Kar P", "new-title": "On names", "new-year": "2022", "new-kind": "blog"}


def test_a_new_source_is_made_and_ticked(author, draft):
    author.open()
    before = author.page.fields["sources"]
    page = author.press("new_source", **NEW, title="Typed")
    assert page.fields["sources"] == [*before, "kar-p-2022"]
    assert page.fields["title"] == "Typed"
    assert page.fields["new-title"] == "", "there is room for another one"
    assert Source.objects.get(key="kar-p-2022").title == "On names"
    author.press("save")
    assert said(draft).head.sources[-1] == "kar-p-2022"


def test_the_same_source_is_made_once(author):
    author.open()
    for _ in range(2):
        author.press("new_source", **NEW)
    assert Source.objects.filter(title="On names").count() == 1


OTHER = {
    "new-authors": "Kar P, Others",
    "new-title": "On other names",
    "new-publication": "BMJ",
    "new-year": "2023",
    "new-kind": "guidance",
    "new-doi": "10.1136/bmj.f4815",
    "new-url": "https://example.org/names/",
}


@pytest.mark.parametrize("field", [f"new-{name}" for name in SourceForm.base_fields])
def test_a_source_that_differs_in_anything_is_another(author, field):
    """As guidance does that comes out anew each year under the same title."""
    author.open()
    author.press("new_source", **NEW)
    page = author.press("new_source", **{**NEW, field: OTHER[field]})
    made = Source.objects.exclude(key="kar-p-2022").filter(authors__startswith="Kar P").get()
    assert str(getattr(made, field.removeprefix("new-"))) == OTHER[field]
    assert page.fields["sources"][-2:] == ["kar-p-2022", made.key]


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"new-title": ""}, "Its title is missing"),
        ({"new-year": "22"}, "Write the year with four digits"),
        ({"new-year": "9" * 30}, "Write the year with four digits"),
        ({"new-url": "not an address"}, "Write the whole address"),
        ({"new-kind": "song"}, ""),
        ({"new-title": "A\0b"}, "This has a character in it that is not text."),
    ],
)
def test_a_source_that_cannot_be_made_is_told_in_words(author, changes, told):
    count = Source.objects.count()
    author.open()
    page = author.press("new_source", **{**NEW, **changes}, body="Typed")
    assert page.status == 422
    assert told in page.words
    assert page.fields["body"] == "Typed"
    assert Source.objects.count() == count


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"title": ""}, "Title is missing"),
        ({"minutes": ""}, "Say how many minutes the page takes"),
        ({"minutes": "four"}, "Write the minutes as a whole number"),
        ({"minutes": "0"}, "A page takes 1 minute at the least."),
        ({"minutes": "-1"}, "A page takes 1 minute at the least."),
        ({"minutes": "9" * 400}, ""),
        ({"title": "x" * 121}, "120"),
        ({"title": "A\0b"}, "This has a character in it that is not text."),
        ({"body": "x" * (MAX_LENGTH + 1)}, "64000"),
        ({"body": "A\0b"}, "This has a character in it that is not text."),
        ({"sources": ["nobody-2020"]}, "cites the source nobody-2020, which does not exist"),
        ({"body": None, "title": None, "minutes": None}, "Title is missing"),
    ],
)
def test_what_cannot_be_saved_is_told_in_words(author, draft, changes, told):
    before = said(draft)
    author.open()
    page = author.press("save", **changes)
    assert page.status == 422
    assert told in page.words
    assert "Nothing was saved yet" in page.words
    assert said(draft) == before


@pytest.mark.parametrize(
    "changes", [{"facts": ["no fact", "<b>", "A" * 500]}, {"sources": ["?", "a b", ""] * 300}, {"seen": None}]
)
def test_what_no_form_of_ours_sends_is_never_an_error_of_ours(author, draft, changes):
    before = said(draft)
    author.open()
    assert author.press("save", **{"title": before.head.title, **changes}).status in {302, 409, 422}
    assert said(draft) in (before, replace(before, head=replace(before.head, sources=())))


def test_a_fact_is_told_by_its_sentence(author, draft):
    make.fact("A1.1", statement="Posts last.")
    make.fact("A1.2", statement="Posts travel.")
    before = said(draft)
    ticked = replace(before, head=replace(before.head, facts=("A1.2", "Z9.9")))
    save_document(draft, Edit("reading-1", ticked, before.digest()), Stamp(None, make.NOW))
    page = author.open()
    assert page.fields["facts"] == ["A1.2", "Z9.9"]
    assert (
        page.words.index("Posts travel.") < page.words.index("There is no such fact.") < page.words.index("Posts last.")
    )


def test_every_drawing_is_shown_with_what_to_write(author):
    page = author.open()
    assert len(drawings()) > 20
    for name in drawings():
        assert f"![What it shows]({name})" in page.words
        assert f'src="{picture_url(name)}"' in page.body


def test_two_authors_keep_both_texts(author, draft):
    before = said(draft)
    author.open()
    theirs = replace(before, body="Theirs.")
    save_document(draft, Edit("reading-1", theirs, before.digest()), Stamp(None, make.NOW))
    page = author.press("save", body="Mine.")
    assert page.status == 409
    assert "Mine." in page.words
    assert "Theirs." in page.words
    assert said(draft) == theirs


@pytest.mark.parametrize("way", [modules_actions.discard_draft, publish])
def test_what_was_written_for_a_draft_that_is_gone_is_kept_as_text(author, draft, way):
    author.open()
    way(draft)
    page = author.press("save", title="Mine {x}", body="My text.\n\n=== not a page")
    assert page.status == 409
    assert page.fields["text"].startswith("reading: Mine")
    assert page.fields["text"].endswith("My text.\n\n\\=== not a page\n")


@pytest.mark.parametrize(("typed", "kept"), [("7", ["7"]), ("many", []), ("9" * 5000, []), ("²", [])])
def test_the_minutes_are_kept_as_far_as_they_are_a_number(author, draft, typed, kept):
    author.open()
    modules_actions.discard_draft(draft)
    page = author.press("save", minutes=typed)
    assert page.status == 409
    assert re.findall("^minutes: (.*)$", page.fields["text"], re.MULTILINE) == kept
    assert 'name="text" rows="12"' in page.body


def test_what_says_that_it_comes_from_a_workbench_is_kept_as_it_was_typed(author, draft):
    page = author.open()
    publish(draft)
    sent = {**page.fields, "at": "", "kind": "reading", "body": "My text.", "draft": draft.pk}
    answer = author.client.post(READING, sent)
    assert answer.status_code == 409
    assert "My text." in answer.content.decode()


@pytest.mark.parametrize("way", [modules_actions.discard_draft, publish])
def test_who_loses_the_race_keeps_the_text(author, draft, way, monkeypatch):
    author.open()
    store = save_document

    def late(*args):
        way(draft)
        return store(*args)

    monkeypatch.setattr("apps.authoring.views.reading.actions.save_document", late)
    page = author.press("save", body="My text.")
    assert page.status == 409
    assert "My text." in page.fields["text"]


def test_who_saves_while_the_page_is_removed_is_told_so(author, draft, monkeypatch):
    author.open()
    store = save_document

    def late(*args):
        Page.objects.filter(edition=draft, key="reading-1").delete()
        return store(*args)

    monkeypatch.setattr("apps.authoring.views.reading.actions.save_document", late)
    page = author.press("save", body="My text.")
    assert (page.status, "was taken out of the draft" in page.words) == (409, True)
    assert "My text." in page.fields["wanted"]


def test_a_page_that_was_removed_is_gone_and_its_text_kept(author, draft):
    author.open()
    Page.objects.filter(edition=draft, key="reading-1").delete()
    assert author.client.get(READING).status_code == 404
    page = author.press("save", body="My text.")
    assert page.status == 409
    assert "My text." in page.fields["text"]


def test_a_text_is_kept_when_a_page_of_another_kind_has_taken_the_key(author, draft):
    author.open()
    make.unguarded(Page).filter(edition=draft, key="reading-1").update(kind="scenario")
    page = author.press("save", body="My text.")
    assert page.status == 409
    assert "My text." in page.fields["text"]
    sent = author.client.post(f"{READING}text/", {**page.fields, "do": "check"})
    assert "My text." in sent.content.decode(), "refused, and still there"


@pytest.mark.parametrize("kind", [kind.name for kind in page_kinds.all_kinds()])
def test_what_is_more_than_a_text_is_written_as_text(author, draft, kind):
    added = author.client.post(f"{MODULE}add/", {"title": "New", "kind": kind})
    response = author.client.get(added.url)
    made = page_kinds.get(kind)
    if made.workbench is not None or made.document_class is page_kinds.PageKind.document_class:
        assert response.status_code == 200
    else:
        assert response.url == f"{added.url}text/"
        assert author.client.get(response.url).status_code == 200


def test_a_page_asks_as_little_however_much_is_ticked(author, draft):
    before = queries_of(author.client, READING)
    make.reading(draft, "large", sources=12)
    for number in range(30):
        make.fact(f"A{number}.1")
    assert queries_of(author.client, f"{MODULE}pages/large/") == before <= 20


def test_strangers_see_no_such_page(author, draft):
    for person in (make.user(), make.educator()):
        browser = make.client(person)
        for url in (READING, f"{READING}text/", f"{MODULE}text/", "/admin/write/how/"):
            assert browser.get(url).status_code in {302, 404}
    assert User.objects.count() == 3
