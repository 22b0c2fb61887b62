"""Every act of authors is answered by a sentence that says what has become of it."""

from dataclasses import replace

import pytest
from django.contrib.messages import get_messages

from apps.authoring import actions, arranging
from apps.authoring.actions import Saved, UnstorableError
from apps.authoring.queries import find_sheet
from apps.authoring.views.copying import MEANWHILE
from apps.modules import actions as modules_actions
from apps.modules.actions import start_draft
from apps.modules.editions import lock_drafts
from apps.modules.problems import Level, Problem
from apps.modules.rows import read_edition_document
from apps.scenarios.models import Scene
from tests import make
from tests.forms import forms_of
from tests.in_admin import Page as Answered
from tests.quizzes.benches import Writer

pytestmark = [pytest.mark.django_db, pytest.mark.pages]

MODULE = "/admin/write/modules/posts/"
CASE, READING = f"{MODULE}pages/case/", f"{MODULE}pages/reading-1/"


@pytest.fixture
def draft():
    return start_draft(make.edition("posts"))


@pytest.fixture
def browser(draft):
    return make.client(make.publisher())


def told(answer):
    """What the next page will show; nobody has to open that."""
    answer.client.cookies.pop("messages", None)
    return [str(message) for message in get_messages(answer.wsgi_request)]


def refused(*args):
    raise UnstorableError([Problem(Level.ERROR, "case", "", "It cannot.")])


def sent(browser, path, **changes):
    """What is told after the form of this page that goes to it was sent with these fields changed."""
    page = browser.get(path)
    assert page.status_code == 200
    form = next(one for one in forms_of(page.content.decode(), path) if one.action in (path, ""))
    return told(browser.post(path, form.fields | changes))


def test_what_a_draft_says_of_itself(browser):
    path = f"{MODULE}edition/"
    words = {"summary": "What it is about.", "outcomes": "Say why"}
    assert sent(browser, path, title="Anew", **words) == ["Saved."]
    assert sent(browser, path, title="Anew", **words) == ["Nothing had changed, so nothing was saved."]


def test_a_module_is_begun(browser):
    begun = ["Your module has a draft. Learners see nothing of it until it is published."]
    assert sent(browser, "/admin/write/new/", title="Nights") == begun


def test_a_draft_is_discarded(browser):
    done = ["The draft is discarded. Nothing that is published has changed."]
    assert sent(browser, f"{MODULE}discard/") == done


def test_pages_are_moved_and_removed(browser):
    gone = ["This page is not there any more. Nothing was moved."]
    for do in ("up:nothing", "sideways:case", ""):
        assert told(browser.post(f"{MODULE}order/", {"do": do})) == gone
    assert sent(browser, f"{CASE}remove/") == ["“Case” is removed. Undo brings it back."]
    assert told(browser.post(f"{CASE}remove/")) == ["This page is not there any more."]


def test_a_page_that_changed_since_it_was_asked_about_is_not_removed(browser, draft):
    asked = Answered(browser.get(f"{CASE}remove/")).fields
    Scene.objects.filter(edition=draft, key="case-scene-2").update(title="Written meanwhile")
    answer = browser.post(f"{CASE}remove/", asked)
    assert answer.status_code == 409
    assert "so nothing was removed. Read what goes now." in Answered(answer).text
    assert "Written meanwhile" in Answered(answer).text
    assert told(browser.post(f"{CASE}remove/", Answered(answer).fields)) == ["“Case” is removed. Undo brings it back."]


def test_nor_is_one_that_is_saved_while_it_is_removed(browser, draft, monkeypatch):
    asked = Answered(browser.get(f"{CASE}remove/")).fields

    def wait_for(drafts):
        Scene.objects.filter(edition=draft, key="case-scene-2").update(title="Written meanwhile")
        lock_drafts(drafts)

    monkeypatch.setattr(arranging, "lock_drafts", wait_for)
    assert browser.post(f"{CASE}remove/", asked).status_code == 409
    assert "case" in read_edition_document(draft).pages


def test_a_page_is_moved_once_and_only_in_the_order_that_was_seen(browser, draft):
    forms = forms_of(browser.get(MODULE).content.decode(), MODULE)
    seen = next(form for form in forms if form.action.endswith("/order/")).fields["seen"]
    first, second, *others = read_edition_document(draft).pages
    for _ in ("pressed", "pressed twice"):
        assert told(browser.post(f"{MODULE}order/", {"do": f"down:{first}", "seen": seen})) == []
        assert read_edition_document(draft).pages == (second, first, *others)
    late = ["The order had been changed meanwhile, so nothing was moved now. This is how it stands."]
    for do in (f"down:{second}", f"down:{others[0]}"):
        assert told(browser.post(f"{MODULE}order/", {"do": do, "seen": seen})) == late
    assert read_edition_document(draft).pages == (second, first, *others)


def test_a_draft_of_an_older_edition_is_not_started(browser, draft, monkeypatch):
    def late(edition):
        raise modules_actions.OlderEditionError(edition)

    monkeypatch.setattr("apps.authoring.views.module.modules_actions.start_draft", late)
    assert told(browser.post(f"{MODULE}start/")) == [str(modules_actions.OlderEditionError(draft.based_on))]


def test_a_report_is_closed_once(browser, draft):
    path = f"/admin/write/reports/{make.report(draft.based_on, 'case').pk}/"
    assert told(browser.post(path, {"do": "close"})) == ["Closed."]
    other = f"/admin/write/reports/{make.report(draft.based_on, 'case').pk}/"
    assert told(browser.post(other, {"do": "answer", "answer": "Mended."})) == ["Answered and closed."]
    again = make.client(make.author()).post(other, {"do": "close"})
    assert told(again) == ["Somebody had answered and closed it already."]


def test_what_is_deleted_twice_is_not_there_any_more(browser, draft):
    path = f"{CASE}delete/scene/case-scene-2/"
    assert sent(browser, path) == ["Scene 2, “Scene 2” is deleted. Undo brings it back."]
    assert told(browser.post(path)) == ["This is not there any more."]
    assert told(browser.get(f"{CASE}?at=case-scene-2")) == ["What you looked for is not there any more."]


def test_what_changed_since_it_was_asked_is_not_deleted(browser):
    path = f"{CASE}delete/scene/case-scene-2/"
    told_then = "The page was changed after you were asked, so nothing was deleted. Read what goes now."
    assert sent(browser, path, seen="stale") == [told_then]


def test_a_scene_that_is_saved_as_it_stands(browser):
    writer = Writer(browser, CASE)
    writer.open("case-scene-1")
    assert told(writer.send("save")) == ["Nothing had changed, so nothing was saved."]


@pytest.fixture
def other(draft):
    return start_draft(make.edition("other"))


COPIED = "is copied into the draft of “When posts go wrong”. This is the copy."
COPIES = {
    "": ("other", "case “Case”", "copy_page"),
    "?at=case-scene-1": ("other/case", "scene “Scene 1”", "copy_block"),
}


@pytest.mark.parametrize("at", COPIES)
def test_a_copy(browser, other, at, monkeypatch):
    to, what, act = COPIES[at]
    path, copy = f"{CASE}copy/{at}", getattr(arranging, act)

    def post(copied=copy):
        monkeypatch.setattr(arranging, act, copied)
        return told(browser.post(path, {"to": to}))

    assert post() == [f"The {what} {COPIED}"]
    assert post() == [f"The {what} had been copied already."]
    assert post(lambda *args: replace(copy(*args), notes=("A note.",)))[1:] == ["A note."]
    assert "It cannot." in post(refused)[0]
    assert post(lambda *args: None) == [MEANWHILE]


def with_note(monkeypatch, place):
    """From now on each save there has something to tell beside."""
    save = actions.save_document
    monkeypatch.setattr(f"apps.authoring.{place}", lambda *args: replace(save(*args), notes=("A note.",)))


def test_a_reading_page(browser, monkeypatch):
    assert sent(browser, READING, body="Anew.", do="save") == ["Saved."]
    with_note(monkeypatch, "views.reading.actions.save_document")
    assert sent(browser, READING, body="Once more.", do="save") == ["Saved.", "A note."]


PICKS = {"mine": ["Saved, as you chose."], "theirs": ["This is what stands there already."]}
PICKS["both"] = [
    "Both versions stand in the fields. Keep what you want of them, then save; nothing of it is stored yet."
]


@pytest.mark.parametrize("pick", PICKS)
def test_two_versions_and_one_choice(browser, draft, pick, monkeypatch):
    path = f"{MODULE}edition/"
    page = browser.get(path).content.decode()
    words = {"summary": "About.", "outcomes": "Say why"}
    mine = next(one for one in forms_of(page, path) if one.action in (path, "")).fields | words
    browser.post(path, mine | {"title": "Theirs"}, follow=True)
    met = browser.post(path, mine | {"title": "Mine"})
    assert met.status_code == 409
    sent = Answered(met).fields
    chosen = {name: pick for name in sent if name.startswith("pick:")}
    assert chosen
    with_note(monkeypatch, "views.resolving.save_document")
    notes = [] if pick == "both" else ["A note."]
    found = browser.post(f"{path}conflict/", sent | chosen | {"do": "save"})
    shown = [str(message) for message in found.context["messages"]] if found.context else told(found)
    assert shown == PICKS[pick] + notes


@pytest.mark.parametrize("verb", ["undo", "redo"])
def test_what_else_there_is_to_say_of_a_way_back(browser, draft, verb, monkeypatch):
    stands = find_sheet(draft, "case").document
    monkeypatch.setattr(f"apps.authoring.actions.{verb}", lambda *args: Saved("case", stands, (), ("A note.",)))
    done = {"undo": "Taken back.", "redo": "Put back."}
    assert told(browser.post(f"{CASE}{verb}/", {"seen": ""})) == [done[verb], "A note."]


def test_what_cannot_be_taken_back(browser, draft, monkeypatch):
    for verb, kept in (("undo", "Nothing was taken back"), ("redo", "Nothing was put back")):
        monkeypatch.setattr(f"apps.authoring.actions.{verb}", refused)
        (words,) = told(browser.post(f"{CASE}{verb}/", {"seen": ""}))
        assert words.startswith(f"{kept}. ")
        assert "It cannot." in words
