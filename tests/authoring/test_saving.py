"""Whatever changes a draft as a document is locked, compared and kept."""

import re
from dataclasses import replace

import pytest

from apps.authoring.actions import (
    LET_GO,
    Conflict,
    Edit,
    NoDraftError,
    Saved,
    Stamp,
    UnstorableError,
    redo,
    restore_block,
    save_document,
    undo,
    write_text,
)
from apps.authoring.models import Revision
from apps.authoring.queries import find_sheet, saves_of, text_of_module
from apps.modules import outline, page_kinds
from apps.modules.actions import discard_draft, start_draft
from apps.modules.comparison import Verb
from apps.modules.document import Document, Head, PageDocument, with_keys
from apps.modules.models import Edition, Page
from apps.modules.published import PublishedContentError
from apps.scenarios.document import Choice, Scene
from apps.scenarios.models import Scene as SceneRow
from tests import make
from tests.modules.test_publication_race import rows_of

pytestmark = pytest.mark.django_db

STAMP = Stamp(None, make.NOW)


@pytest.fixture
def draft():
    return make.started("posts", is_full=True)


def said(draft, key="case"):
    return find_sheet(draft, key).document


def edit(document, seen=None, **named):
    key = document.head.key if isinstance(document, Document) else ""
    return Edit(key, document, (seen or document).digest(*named.get("blocks", ())), **named)


def reworded(document, number=0, title="Bay 6"):
    """The same with another title of one scene."""
    scene = document.scenes[number]
    return document.with_block(scene.key, replace(scene, title=title))


def save(draft, document, seen):
    saved = save_document(draft, edit(document, seen), STAMP)
    assert isinstance(saved, Saved)
    return saved


def back(draft, key="case"):
    """Undo what stands there now."""
    return undo(draft, key, seen(draft, key), STAMP)


def forth(draft, key="case"):
    """Redo what was undone."""
    return redo(draft, key, seen(draft, key), STAMP)


def restored(revision, block):
    """Restore one block over what stands there now."""
    document = said(Edition.objects.get(pk=revision.draft), revision.page_key)
    return restore_block(revision, block, document.digest(block), STAMP)


def seen(draft, key):
    document = said(draft, key)
    return document.digest() if document else ""


def verbs(draft, key="case"):
    return [revision.verb for revision in Revision.objects.of_sheet(draft, key)]


def test_what_was_written_is_stored_and_kept(draft):
    before = said(draft)
    author = make.author()
    after = reworded(before)
    saved = save_document(draft, edit(after, before), Stamp(author, make.NOW))
    assert said(draft) == after == saved.document
    assert [(change.verb, change.block) for change in saved.changes] == [(Verb.REWORDED, before.scenes[0].key)]
    found, kept = Revision.objects.of_sheet(draft, "case")
    assert [(row.number, row.verb, row.by) for row in (found, kept)] == [(1, "found", None), (2, "saved", author)]
    assert "Bay 6" in kept.text
    assert "Bay 6" not in found.text


def test_saving_twice_is_harmless(draft):
    before = said(draft)
    save(draft, reworded(before), before)
    assert save(draft, reworded(before), before).changes == ()
    assert verbs(draft) == ["found", "saved"]


def test_who_saw_something_else_is_told_and_nothing_is_stored(draft):
    before = said(draft)
    save(draft, reworded(before), before)
    stored, mine = said(draft), reworded(before, title="Resus 2")
    assert save_document(draft, edit(mine, before), STAMP) == Conflict(stored, mine)
    assert said(draft) == stored
    assert verbs(draft) == ["found", "saved"]


def test_two_authors_save_two_scenes(draft):
    """Each form holds the digest of its own scene; what the other has written stays."""
    before = said(draft)
    for number in (0, 1):
        scene = before.scenes[number].key
        saved = save_document(draft, edit(reworded(before, number), before, blocks=(scene,)), STAMP)
        assert isinstance(saved, Saved)
    assert said(draft) == reworded(reworded(before, 0), 1)


def test_two_authors_save_one_scene(draft):
    before = said(draft)
    scene = before.scenes[0].key
    save_document(draft, edit(reworded(before), before, blocks=(scene,)), STAMP)
    second = save_document(draft, edit(reworded(before, title="Resus 2"), before, blocks=(scene,)), STAMP)
    assert isinstance(second, Conflict)
    assert said(draft) == reworded(before)


def test_a_page_that_somebody_deleted_is_not_made_anew(draft):
    before = said(draft)
    Page.objects.filter(edition=draft, key="case").delete()
    assert save_document(draft, edit(reworded(before), before, kind="scenario"), STAMP) == Conflict(
        None, reworded(before)
    )
    assert said(draft) is None


def test_a_page_that_is_not_there_is_made_at_the_end(draft):
    page = PageDocument(Head("?1", "Who to ask"), "Ask *somebody*.")
    saved = save_document(draft, Edit("who-to-ask", page, "", kind="reading"), STAMP)
    assert saved.document == replace(page, head=Head("who-to-ask", "Who to ask"))
    assert Page.objects.filter(edition=draft).order_by("position").last().body_html == "<p>Ask <em>somebody</em>.</p>"
    assert verbs(draft, "who-to-ask") == ["saved"]


def test_the_edition_is_a_document_too(draft):
    before = said(draft, "")
    after = replace(before, title="Posts that come back", pages=before.pages[::-1])
    save(draft, after, before)
    assert said(draft, "") == after
    assert [page.key for page in Page.objects.filter(edition=draft).order_by("position")] == list(after.pages)


def test_a_page_that_the_edition_no_longer_names_can_be_had_back(draft):
    case, before = said(draft), said(draft, "")
    save(draft, replace(before, pages=tuple(key for key in before.pages if key != "case")), before)
    assert said(draft) is None
    assert verbs(draft) == ["found"]
    save_document(draft, Edit("case", case, "", kind="scenario"), STAMP)
    assert said(draft) == case


def test_a_key_of_another_page_is_replaced(draft):
    make.scenario(draft, "other")
    before = said(draft)
    stranger = SceneRow.objects.filter(scenario__key="other").first().key
    saved = save(draft, before.with_block(stranger, Scene(stranger, "Elsewhere")), before)
    assert saved.notes == (f"The key {stranger} belongs to another page: the scene gets the key {stranger}-2.",)
    assert said(draft).scenes[-1].key == f"{stranger}-2"


def test_a_page_keeps_its_key(draft):
    before = said(draft)
    save_document(draft, Edit("case", replace(before, head=replace(before.head, key="new")), before.digest()), STAMP)
    assert said(draft) == before


def test_what_is_published_stays(draft):
    case, edition = said(draft), said(draft, "")
    revision = save(draft, reworded(case), case) and Revision.objects.get(page_key="case", number=1)
    published = make.publish(draft)
    text = outline.read(text_of_module(published).replace("title: ", "title: New "), page_kinds.all_kinds())
    before = rows_of(published)
    for write in (
        lambda: save_document(published, edit(case, reworded(case)), STAMP),
        lambda: save_document(published, edit(replace(edition, title="Other"), edition), STAMP),
        lambda: save_document(published, Edit("new", PageDocument(Head("new", "New")), "", kind="reading"), STAMP),
        lambda: back(published),
        lambda: forth(published),
        lambda: restored(revision, case.scenes[0].key),
        lambda: write_text(published, text, STAMP),
        lambda: discard_draft(published),
    ):
        with pytest.raises(PublishedContentError):
            write()
    assert rows_of(published) == before


def test_a_draft_that_was_discarded_is_told(draft):
    case = said(draft)
    draft.delete()
    draft.pk = 4711
    with pytest.raises(NoDraftError):
        save_document(draft, edit(reworded(case), case), STAMP)


def test_undo_and_redo(draft):
    states = [said(draft)]
    for title in ("One", "Two"):
        states.append(reworded(states[0], title=title))
        save(draft, states[-1], states[-2])
    for way, state in ((back, 1), (back, 0), (back, None), (forth, 1), (forth, 2), (forth, None), (back, 1)):
        done = way(draft)
        assert (done and done.document) == (None if state is None else states[state])
    save(draft, states[0], states[1])  # what was undone is gone now
    assert forth(draft) is None
    assert back(draft).document == states[1]
    assert said(draft) == states[1]


def test_what_was_written_in_another_way_can_be_undone(draft):
    before = said(draft)
    save(draft, reworded(before), before)
    SceneRow.objects.filter(edition=draft, key=before.scenes[1].key).update(title="By hand")
    by_hand = said(draft)
    assert back(draft).document == reworded(before)
    assert forth(draft).document == by_hand


def test_what_was_saved_in_an_older_format_is_read_as_it_was_meant(draft):
    before = said(draft, "quiz")
    for title in ("One", "Two"):
        save(draft, replace(before, head=replace(before.head, title=title)), said(draft, "quiz"))
    revision = Revision.objects.get(page_key="quiz", number=2)
    asked = before.questions[0]
    older = re.sub(r"^\? single .*$", f"? single {{{asked.key}}} This | that", revision.text, count=1, flags=re.M)
    Revision.objects.filter(pk=revision.pk).update(format=1, text=older)
    assert (said(draft, "quiz").questions[0].theme, asked.title) == ("", "Case 1")
    back(draft, "quiz")
    found = said(draft, "quiz").questions[0]
    assert (found.theme, found.title) == ("This | that", "")


def test_an_older_text_whose_key_another_page_has_taken_gets_another(draft):
    before = said(draft)
    gone = before.scenes[-1]
    shorter = replace(before, scenes=tuple(replace(scene, needs=()) for scene in before.scenes[:-1]))
    save(draft, with_keys(shorter, {("Scene", gone.key): ""}), before)
    other = make.scenario(draft, "other")
    make.unguarded(SceneRow).filter(scenario=other, position=1).update(key=gone.key)
    assert back(draft).document.scenes[-1].key == f"{gone.key}-2"


def test_who_undoes_what_somebody_else_has_saved_is_told(draft):
    """A double click is the same: the second finds what the first has left."""
    before = said(draft)
    save(draft, reworded(before), before)
    digest = said(draft).digest()
    save(draft, reworded(before, title="Yours"), said(draft))
    for way in (undo, redo):
        assert isinstance(way(draft, "case", digest, STAMP), Conflict | None)
    assert said(draft) == reworded(before, title="Yours")


def test_undoing_what_an_edition_says_deletes_no_page(draft):
    before = said(draft, "")
    save(draft, replace(before, title="New"), before)
    save_document(draft, Edit("new", PageDocument(Head("new", "New"), "Text."), "", kind="reading"), STAMP)
    undone = back(draft, "")
    assert undone.document.title == before.title
    assert said(draft, "").pages == (*before.pages, "new")


def test_a_page_that_was_taken_out_comes_back_with_all_that_it_said(draft):
    """By undoing what took it out, and by undoing its own end."""
    case, before = said(draft), said(draft, "")
    without = replace(before, pages=tuple(key for key in before.pages if key != "case"))
    save(draft, without, before)
    assert back(draft, "").document == before
    assert said(draft) == case
    assert forth(draft, "").document.pages == (*without.pages, "case")  # what is there stays there
    save(draft, without, said(draft, ""))
    assert back(draft).document == case
    assert said(draft) == case
    assert said(draft, "").pages == (*without.pages, "case")


def test_a_page_that_comes_back_twice_has_taken_no_step_itself(draft):
    case, before = said(draft), said(draft, "")
    save(draft, reworded(case), case)
    for _ in range(3):
        save(draft, replace(before, pages=tuple(key for key in before.pages if key != "case")), said(draft, ""))
        assert back(draft, "").document == before
    saves = saves_of(find_sheet(draft, "case"))
    assert [revision.verb for revision in saves.all] == ["found", "saved"]
    assert not saves.undone
    assert back(draft).document == case


def test_two_scenes_that_lead_to_each_other_come_back_one_by_one(draft):
    before = said(draft)
    one, two = (
        Scene(key, key, choices=(Choice(f"{key}-go", "Go", "best", other),))
        for key, other in (("one", "two"), ("two", "one"))
    )
    both = replace(before, scenes=(*before.scenes, one, two))
    save(draft, both, before)
    save(draft, before, both)
    with_both = Revision.objects.get(page_key="case", number=2)
    first = restored(with_both, "one")
    assert first.document.scenes[-1] == replace(one, choices=(replace(one.choices[0], target=""),))
    assert first.notes == (LET_GO,)
    assert restored(with_both, "two").document.scenes[-1] == two


def test_what_could_not_be_read_again_is_not_stored(draft):
    before = said(draft)
    many = tuple(Scene(f"more-{number}", "More") for number in range(600))
    with pytest.raises(UnstorableError, match="at most 500 scenes"):
        save_document(draft, edit(replace(before, scenes=(*before.scenes, *many)), before), STAMP)
    assert said(draft) == before


def test_a_sheet_says_only_what_it_can_say(draft):
    case, edition, reading = said(draft), said(draft, ""), said(draft, "reading-1")
    wrong = [
        Edit("case", edition, case.digest()),
        Edit("case", reading, case.digest()),
        Edit("reading-1", case, reading.digest()),
        Edit("", case, edition.digest()),
        Edit("new", reading, ""),
        Edit("new", reading, "", kind="film"),
        Edit("case", case, case.digest("nowhere"), blocks=("nowhere",)),
    ]
    for edit_ in wrong:
        with pytest.raises(UnstorableError, match="This is not what such a page says"):
            save_document(draft, edit_, STAMP)
    assert not Revision.objects.exists()


def test_history_ends_where_another_kind_of_page_had_the_key(draft):
    case, edition = said(draft), said(draft, "")
    save(draft, reworded(case), case)
    revision = Revision.objects.get(page_key="case", number=1)
    save(draft, replace(edition, pages=tuple(key for key in edition.pages if key != "case")), edition)
    reading = PageDocument(Head("case", "Now a text"), "Text.")
    save_document(draft, Edit("case", reading, "", kind="reading"), STAMP)
    assert back(draft) is None
    assert restored(revision, case.scenes[0].key) is None
    assert said(draft) == reading


def test_one_block_is_restored(draft):
    before = said(draft)
    after = reworded(reworded(before, 0), 1)
    save(draft, after, before)
    found = Revision.objects.get(page_key="case", number=1)
    scene = before.scenes[0].key
    assert restored(found, scene).document == reworded(before, 1)
    assert restored(found, "no-such-scene") is None
    assert verbs(draft) == ["found", "saved", "restored"]


def test_who_restores_what_somebody_else_has_changed_is_told(draft):
    before = said(draft)
    scene = before.scenes[0].key
    save(draft, reworded(before), before)
    found, digest = Revision.objects.get(page_key="case", number=1), said(draft).digest(scene)
    save(draft, reworded(before, title="Resus 2"), said(draft))
    assert isinstance(restore_block(found, scene, digest, STAMP), Conflict)
    assert said(draft) == reworded(before, title="Resus 2")
    restored(found, scene)
    assert restore_block(found, scene, digest, STAMP).changes == ()  # a double click


def test_a_deleted_scene_comes_back_with_the_choices_that_led_to_it(draft):
    before = said(draft)
    gone = before.scenes[-1].key
    without = replace(before, scenes=tuple(replace(scene, needs=()) for scene in before.scenes[:-1]))
    save(draft, with_keys(without, {("Scene", gone): ""}), before)
    assert any(not choice.target for scene in said(draft).scenes for choice in scene.choices)
    assert back(draft).document == before
    assert said(draft) == before


def test_history_begins_with_the_draft(draft):
    """Another draft of the module has no part in it."""
    before = said(draft)
    save(draft, reworded(before), before)
    second = start_draft(make.publish(draft))
    assert back(second) is None
    save(second, before, said(second))
    assert [row.number for row in Revision.objects.of_sheet(second, "case")] == [1, 2]
