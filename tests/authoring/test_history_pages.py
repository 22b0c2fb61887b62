"""The saved line, the history of a page, and what is restored from it, as authors use them."""

import re
from dataclasses import replace

import pytest
from django.contrib.auth.models import Permission

from apps.authoring.history import saved_line, when
from apps.authoring.models import Revision
from apps.authoring.queries import find_sheet
from apps.modules.actions import discard_draft, start_draft
from apps.modules.document import ORDER
from apps.modules.models import Edition, Page
from apps.scenarios.document import Scene
from tests import make
from tests.authoring.of_one_case import PAGE, said, save
from tests.forms import forms_of
from tests.quizzes.benches import Writer

pytestmark = [pytest.mark.django_db, pytest.mark.pages]

MODULE = "/admin/write/modules/posts/"
QUIZ = f"{MODULE}pages/quiz/"
EDITION = "/admin/write/modules/posts/edition/"


def reworded(document, title, number=0):
    scene = document.scenes[number]
    return document.with_block(scene.key, replace(scene, title=title))


def without(draft, *keys):
    edition = said(draft, "")
    return replace(edition, pages=tuple(key for key in edition.pages if key not in keys))


def form(browser, path, act):
    """The first form of the page at `path` that is sent to an address that ends so."""
    page = browser.get(path)
    assert page.status_code == 200, path
    return next(form for form in forms_of(page.content.decode(), path) if form.action.endswith(act))


def send(browser, form, **fields):
    """Send it as it stands; the page where that leads."""
    answer = browser.post(form.action, form.fields | fields)
    assert answer.status_code == 302
    page = browser.get(answer["Location"], follow=True)
    assert page.status_code == 200
    return page.content.decode()


def test_the_saved_line_says_who_saved_and_what_undo_takes_back(draft, author):
    before = said(draft)
    save(draft, reworded(before, "Bay 6"), by=author)
    line = saved_line(find_sheet(draft, "case"), author, make.NOW)
    assert line.saved == f"Saved {when(make.NOW, make.NOW)} by you"
    assert (line.undo, line.redo) == ("scene “Bay 6”", "")
    assert saved_line(find_sheet(draft, "case"), make.administrator(), make.NOW).saved.endswith(
        f"by {author.full_name}"
    )


def test_the_saved_line_names_two_changes_and_counts_the_others(draft):
    case = said(draft)
    save(draft, replace(case, role="You.", scenes=tuple(replace(one, body="Now.") for one in case.scenes)))
    line = saved_line(find_sheet(draft, "case"), None, make.NOW)
    assert line.undo == "role, scene “Scene 1” and 4 more"


def test_a_page_that_nobody_has_saved_has_nothing_to_take_back(draft):
    line = saved_line(find_sheet(draft, "case"), None, make.NOW)
    assert (line.undo, line.redo) == ("", "")
    assert "nothing has been saved" in line.saved


def test_what_was_written_past_every_save_can_be_taken_back(draft):
    save(draft, reworded(said(draft), "Bay 6"))
    Page.objects.filter(edition=draft, key="case").update(title="By hand")
    line = saved_line(find_sheet(draft, "case"), None, make.NOW)
    assert (line.undo, line.redo) == ("title", "")


def test_undo_and_redo_are_pressed(draft, browser):
    before = said(draft)
    save(draft, reworded(before, "Bay 6"))
    after = said(draft)
    page = send(browser, form(browser, f"{PAGE}history/", "undo/"))
    assert said(draft) == before
    assert "Taken back: scene “Bay 6”" in page
    assert "Redo: scene “Bay 6”" in page
    page = send(browser, form(browser, f"{PAGE}history/", "redo/"))
    assert said(draft) == after
    assert "Put back: scene “Bay 6”." in page


def test_undo_leads_back_to_where_it_was_pressed(draft, browser):
    save(draft, reworded(said(draft), "Bay 6"))
    pressed = form(browser, f"{PAGE}history/", "undo/")
    for back, path in (("text", f"{PAGE}text/"), ("page", PAGE), ("module", "/admin/write/modules/posts/")):
        assert browser.post(pressed.action, pressed.fields | {"back": back})["Location"] == path
        at = browser.post(pressed.action, pressed.fields | {"back": back, "at": "case-scene-2"})["Location"]
        assert at == (f"{path}?at=case-scene-2" if back == "page" else path), "only there are blocks opened"
    for wrong in ("https://example.org/", "//example.org", "../../", "", "undo"):
        assert browser.post(pressed.action, {"back": wrong})["Location"] == f"{PAGE}history/"


def test_who_undoes_what_somebody_else_has_saved_is_told_who_and_when(draft, browser):
    before = said(draft)
    save(draft, reworded(before, "Bay 6"))
    pressed = form(browser, f"{PAGE}history/", "undo/")
    publisher = make.administrator()
    save(draft, reworded(before, "Resus 2"), by=publisher)
    page = send(browser, pressed)
    assert "Ada Administrator saved this" in page
    assert "Nothing was taken back" in page
    assert said(draft) == reworded(before, "Resus 2")


@pytest.mark.parametrize("seen", ["", "0" * 16, "x" * 3000, "\x00"])
def test_a_digest_that_nobody_was_shown_takes_nothing_back(draft, browser, seen):
    save(draft, reworded(said(draft), "Bay 6"))
    before = said(draft)
    for act in ("undo", "redo"):
        assert browser.post(f"{PAGE}{act}/", {"seen": seen}).status_code in (302, 400)
    assert said(draft) == before


def test_there_is_nothing_to_take_back(draft, browser):
    for act, told in (("undo", "There is nothing to take back."), ("redo", "There is nothing to put back.")):
        answer = browser.post(f"{PAGE}{act}/", {"seen": said(draft).digest()}, follow=True)
        assert told in answer.content.decode()


def test_a_page_that_was_taken_out_is_brought_back(draft, browser):
    case = said(draft)
    save(draft, without(draft, "case"), key="")
    page = browser.get(f"{EDITION}history/").content.decode()
    assert "Page “Case”" in page
    assert "page “Case” taken out" in page
    page = send(browser, form(browser, f"{EDITION}history/", "pages/case/undo/"))
    assert "“Case” is back" in page
    assert said(draft) == case


def test_the_history_of_a_page_that_was_taken_out_can_be_read(draft, browser):
    save(draft, reworded(said(draft), "Bay 6"))
    save(draft, without(draft, "case"), key="")
    assert browser.get(f"{PAGE}history/1/").status_code == 200
    assert f'href="{PAGE}text/"' not in browser.get(f"{PAGE}history/").content.decode(), "there is nothing to open"
    send(browser, form(browser, f"{PAGE}history/", "undo/"))
    assert said(draft).scenes[0].title == "Bay 6"
    assert f'href="{PAGE}text/"' in browser.get(f"{PAGE}history/").content.decode()


def test_the_order_of_pages_is_taken_back_from_the_edition(draft, browser):
    before = said(draft, "")
    save(draft, replace(before, pages=before.pages[::-1]), key="")
    send(browser, form(browser, f"{EDITION}history/", "edition/undo/"))
    assert said(draft, "") == before


@pytest.mark.parametrize(("do", "named"), [("down:reading-1", "Reading 1"), ("up:reading-2", "Reading 2")])
def test_of_two_pages_that_change_places_the_one_is_named_that_was_moved(draft, browser, do, named):
    told = f"page “{named}” moved"
    assert f"Undo: {told}" in send(browser, form(browser, MODULE, "/order/"), do=do)
    assert f"Page “{named}” <" in browser.get(f"{EDITION}history/2/?with=before").content.decode()
    for way, done in (("undo", "Taken back"), ("redo", "Put back"), ("undo", "Taken back")):
        assert f"{done}: {told}." in send(browser, form(browser, MODULE, f"edition/{way}/"))
    assert [saved.changes for saved in Revision.objects.of_sheet(draft, "")] == ["", *[told] * 4]


@pytest.mark.parametrize(("scene", "do"), [(1, "down:scene"), (2, "up:scene")])
def test_of_two_scenes_too(draft, browser, scene, do):
    writer = Writer(browser, PAGE)
    writer.open(f"case-scene-{scene}")
    writer.send(do)
    told = f"scene “Scene {scene}” moved"
    assert f"Taken back: {told}." in send(browser, form(browser, PAGE, "/undo/"))
    assert Revision.objects.of_sheet(draft, "case").last().spot == f"case-scene-{scene}"


@pytest.mark.parametrize("question", [1, 2])
def test_of_two_questions_too(draft, browser, question):
    writer = Writer(browser, QUIZ)
    writer.open(f"quiz-q{question}")
    writer.send("down:set" if question == 1 else "up:set")
    told = Revision.objects.of_sheet(draft, "quiz").last().changes
    assert told == f"question “{said(draft, 'quiz').questions[2 - question].name}” moved"
    assert f"Taken back: {told}." in send(browser, form(browser, QUIZ, "/undo/"))


def test_what_is_taken_back_is_told_as_what_was_done(draft, browser):
    case = said(draft)
    save(draft, replace(case, scenes=(*case.scenes, Scene("late", "Late"))))
    assert "Taken back: scene “Late” added." in send(browser, form(browser, f"{PAGE}history/", "/undo/"))
    save(draft, without(draft, "case"), key="")
    assert "Taken back: page “Case” taken out." in send(browser, form(browser, MODULE, "edition/undo/"))


@pytest.mark.parametrize(("way", "kept"), [("undo", "Nothing was taken back."), ("redo", "Nothing was put back.")])
def test_what_somebody_took_out_is_not_put_back_by_a_step_of_its_own(draft, browser, way, kept):
    """Who had the page open wished to take back what they wrote on it, not that it was removed."""
    case = said(draft)
    for title in ("One", "Two"):
        save(draft, replace(said(draft), head=replace(case.head, title=title)))
    send(browser, form(browser, PAGE, "/undo/"))
    step = form(browser, PAGE, f"/{way}/")
    save(draft, without(draft, "case"), key="")
    page = send(browser, step)
    assert f"“One” was taken out of the draft meanwhile. {kept}" in page
    assert "This page was taken out of the draft" in page
    assert "case" not in said(draft, "").pages


def test_a_page_that_is_back_is_told_as_a_page(draft, browser):
    save(draft, without(draft, "case"), key="")
    page = send(browser, form(browser, f"{EDITION}history/", "pages/case/undo/"))
    assert "“Case” is back at the end of the module.<" in re.sub(r"\s+<", "<", page)
    assert Revision.objects.of_sheet(draft, "case").last().changes == ""
    browser.post(f"{MODULE}add/", {"kind": "scenario", "title": "The lift"})
    assert Revision.objects.latest("pk").changes == "page “The lift” added"


def test_history_says_what_each_save_changed(draft, browser, author):
    save(draft, reworded(said(draft), "Bay 6"), by=author)
    save(draft, reworded(said(draft), "Resus 2", 1), by=author)
    page = browser.get(f"{PAGE}history/").content.decode()
    assert page.index("Version 3") < page.index("Version 2") < page.index("Version 1")
    assert "Scene “Bay 6”" in page
    assert "Scene “Resus 2”" in page
    assert "found as it was" in page


def test_history_is_listed_by_twenty(draft, browser):
    for number in range(1, 51):
        make.revision(draft, number=number)
    first = browser.get(f"{PAGE}history/").content.decode()
    assert first.count("/history/") >= 20
    assert "Version 31<" in first
    assert "Version 30<" not in first
    assert "Version 10<" in browser.get(f"{PAGE}history/?page=3").content.decode()
    for wrong in ("0", "-1", "x", "9" * 400, ""):
        assert browser.get(f"{PAGE}history/", {"page": wrong}).status_code == 200


def test_a_revision_is_compared_with_what_stands_and_with_the_one_before(draft, browser):
    save(draft, reworded(said(draft), "Bay 6"))
    save(draft, reworded(said(draft), "Resus 2"))
    since = browser.get(f"{PAGE}history/2/").content.decode()
    assert "<del>Bay 6</del><ins>Resus 2</ins>" in since
    itself = browser.get(f"{PAGE}history/2/?with=before").content.decode()
    assert "<del>Scene 1</del><ins>Bay 6</ins>" in itself
    last = browser.get(f"{PAGE}history/3/?with=before").content.decode()
    assert "<del>Bay 6</del><ins>Resus 2</ins>" in last, "with the one right before it"
    assert browser.get(f"{PAGE}history/1/?with=before").status_code == 200


def test_a_revision_says_who_saved_it(draft, browser, author):
    save(draft, reworded(said(draft), "Bay 6"), by=author)
    save(draft, reworded(said(draft), "Bay 7"), by=make.administrator())
    for number, who in ((2, "you"), (3, "Ada Administrator")):
        assert re.search(rf"Saved [^<]* by {who}\.", browser.get(f"{PAGE}history/{number}/").content.decode())


def test_one_block_is_restored(draft, browser):
    before = said(draft)
    save(draft, reworded(reworded(before, "Bay 6"), "Resus 2", 1))
    pressed = form(browser, f"{PAGE}history/1/", "restore/")
    assert "Restored: scene “Scene 1”." in send(browser, pressed)
    assert said(draft) == reworded(before, "Resus 2", 1)
    assert "Restored." in send(browser, pressed)  # a double click
    assert said(draft) == reworded(before, "Resus 2", 1)


def test_a_scene_that_was_taken_out_is_restored(draft, browser):
    before = said(draft)
    save(draft, replace(before, scenes=before.scenes[1:]))
    send(browser, form(browser, f"{PAGE}history/1/", "restore/"))
    assert before.scenes[0] in said(draft).scenes


def test_the_order_of_scenes_is_restored(draft, browser):
    before = said(draft)
    save(draft, replace(before, scenes=before.scenes[::-1]))
    pressed = form(browser, f"{PAGE}history/1/", "restore/")
    assert pressed.fields["block"] == [ORDER]
    send(browser, pressed)
    assert said(draft) == before


def test_who_restores_over_the_words_of_somebody_else_is_told(draft, browser):
    before = said(draft)
    save(draft, reworded(before, "Bay 6"))
    pressed = form(browser, f"{PAGE}history/1/", "restore/")
    save(draft, reworded(before, "Resus 2"))
    assert "Nothing was restored" in send(browser, pressed)
    assert said(draft) == reworded(before, "Resus 2")


def test_a_version_of_a_draft_that_is_gone_is_not_another_ones(draft, browser):
    save(draft, reworded(said(draft), "Bay 6"))
    save(draft, reworded(said(draft), "Bay 7"))
    pressed = form(browser, f"{PAGE}history/2/", "restore/")
    discard_draft(draft)
    anew = start_draft(draft.based_on)
    assert "Nothing was restored" in send(browser, pressed), "there is no version yet"
    save(anew, reworded(said(anew), "Resus 2"))
    save(anew, reworded(said(anew), "Bay 7"))
    assert "belongs to a draft that was discarded" in send(browser, pressed)
    assert said(anew) == reworded(said(anew), "Bay 7")


@pytest.mark.parametrize("block", ["no-such-scene", "x" * 3000, "<b>", None])
def test_a_block_that_is_not_there_is_not_restored(draft, browser, block):
    save(draft, reworded(said(draft), "Bay 6"))
    before = said(draft)
    data = {} if block is None else {"block": block, "seen": before.digest(block)}
    page = browser.post(f"{PAGE}history/1/restore/", data, follow=True).content.decode()
    assert "othing was" in page
    assert said(draft) == before


def test_a_revision_that_can_no_longer_be_read_is_told_in_words(draft, browser):
    save(draft, reworded(said(draft), "Bay 6"))
    before = said(draft)
    Revision.objects.filter(page_key="case", number=1).update(text="no such page\n\x0b")
    assert "can no longer be read" in browser.get(f"{PAGE}history/1/").content.decode()
    assert browser.get(f"{PAGE}history/2/?with=before").status_code == 200
    assert browser.get(f"{PAGE}history/").status_code == 200
    for act, data in (("undo/", {"seen": before.digest()}), ("history/1/restore/", {"block": ""})):
        assert "can no longer be read" in browser.post(f"{PAGE}{act}", data, follow=True).content.decode()
    assert said(draft) == before


def test_revisions_of_other_drafts_and_pages_are_not_found(draft, browser):
    other = make.started("other")
    save(other, reworded(said(other), "Bay 6"))
    assert browser.get(f"{PAGE}history/1/").status_code == 404
    answer = browser.post(f"{PAGE}history/1/restore/", {"block": ""}, follow=True)
    assert "Nothing was restored" in answer.content.decode()
    for path in ("pages/no-such-page/history/", "pages/case/history/9/", f"pages/case/history/{'9' * 30}/"):
        assert browser.get(f"/admin/write/modules/posts/{path}").status_code == 404
    assert browser.post("/admin/write/modules/posts/pages/no-such-page/undo/").status_code == 404


def test_a_draft_that_is_gone_is_told(draft, browser):
    save(draft, reworded(said(draft), "Bay 6"))
    pressed = form(browser, f"{PAGE}history/", "undo/")
    discard_draft(Edition.objects.get(pk=draft.pk))
    for path in (pressed.action, f"{PAGE}history/1/restore/"):
        page = browser.post(path, pressed.fields, follow=True)
        assert page.status_code == 200
        assert "There is no draft here any more" in page.content.decode()


def test_who_may_only_read_sees_no_button(draft, author):
    save(draft, reworded(said(draft), "Bay 6"))
    reader = make.user("reader@example.org", is_staff=True)
    reader.user_permissions.add(Permission.objects.get(codename="read_draft"))
    browser = make.client(reader)
    for path in (f"{PAGE}history/", f"{PAGE}history/1/", f"{EDITION}history/"):
        page = browser.get(path)
        assert page.status_code == 200
        assert [form.action for form in forms_of(page.content.decode(), path) if "/write/" in form.action] == []
    for act in ("undo/", "redo/", "history/1/restore/"):
        assert browser.post(f"{PAGE}{act}").status_code == 404
