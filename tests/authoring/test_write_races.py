"""While somebody publishes a draft, every way of writing it as a document waits, and is refused afterwards."""

from dataclasses import replace

import pytest

from apps.authoring.actions import Conflict, Edit, Saved, Stamp, redo, restore_block, save_document, undo, write_text
from apps.authoring.arranging import Move, move_page, remove_page
from apps.authoring.models import Revision
from apps.authoring.publishing import digest_of_note, keep_note
from apps.authoring.queries import find_sheet, text_of_module
from apps.modules import outline, page_kinds
from apps.modules.actions import discard_draft, publish
from apps.modules.document import ORDER, Head, PageDocument
from apps.modules.models import Edition
from apps.modules.published import PublishedContentError
from tests import make
from tests.at_once import at_once
from tests.authoring.test_saving import reworded
from tests.modules.test_publication_race import WRITERS, race, rows_of  # noqa: F401  # a fixture

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.no_cover]

STAMP = Stamp(None, make.NOW)


@pytest.fixture
def draft():
    return make.started("posts", is_full=True)


def said(draft, key="case"):
    return find_sheet(draft, key).document


def save(draft, document, seen, key="case"):
    return save_document(draft, Edit(key, document, seen.digest()), STAMP)


def ways(draft):
    """Each way of writing a draft as a document, with something to change."""
    case, edition = said(draft), said(draft, "")
    save(draft, reworded(case, title="Before"), case)
    save(draft, reworded(case, title="After"), reworded(case, title="Before"))
    undo(draft, "case", said(draft).digest(), STAMP)  # so that there is something to undo and to redo
    now, first = said(draft), Revision.objects.get(page_key="case", number=1)
    page = PageDocument(Head("new", "New"), "Text.")
    text = outline.read(text_of_module(draft).replace("title: ", "title: New "), page_kinds.all_kinds())
    return [
        lambda: save(draft, reworded(now), now),
        lambda: save(draft, replace(edition, title="New"), edition, key=""),
        lambda: save_document(draft, Edit("new", page, "", kind="reading"), STAMP),
        lambda: move_page(draft, Move("case", 1), edition.digest(ORDER), STAMP),
        lambda: remove_page(draft, "case", now.digest(), STAMP),
        lambda: undo(draft, "case", now.digest(), STAMP),
        lambda: redo(draft, "case", now.digest(), STAMP),
        lambda: restore_block(first, case.scenes[0].key, now.digest(case.scenes[0].key), STAMP),
        lambda: write_text(draft, text, STAMP),
        lambda: keep_note(draft, "A note.", digest_of_note("")),
        lambda: discard_draft(draft),
    ]


def test_no_way_of_writing_slips_past_a_publication(race, draft):  # noqa: F811
    acts = ways(draft)
    before, kept = rows_of(draft), Revision.objects.count()
    for start in range(0, len(acts), WRITERS):
        results = race.run(draft, acts[start : start + WRITERS])
        assert [type(result) for result in results] == [PublishedContentError] * len(results)
    assert rows_of(draft) == before
    assert Revision.objects.count() == kept


def test_of_two_saves_at_once_one_wins_and_nothing_is_mixed(draft):
    before = said(draft)
    mine, yours = reworded(before, title="Mine"), reworded(reworded(before, title="Yours"), 1, "Yours too")
    results = at_once(lambda: save(draft, mine, before), lambda: save(draft, yours, before), patience=0.2)
    assert sorted(type(result).__name__ for result in results) == ["Conflict", "Saved"]
    won = next(result for result in results if isinstance(result, Saved))
    lost = next(result for result in results if isinstance(result, Conflict))
    assert said(draft) == won.document == lost.stored
    assert [row.number for row in Revision.objects.of_sheet(draft, "case")] == [1, 2]


def test_many_authors_save_a_scene_each(draft):
    """Nobody is in the way of anybody, and each save is kept."""
    before = said(draft)
    scenes = [scene.key for scene in before.scenes]

    def write(number):
        edit = Edit("case", reworded(before, number, f"New {number}"), before.digest(scenes[number]), (scenes[number],))
        return save_document(draft, edit, STAMP)

    results = at_once(*(lambda number=number: write(number) for number in range(len(scenes))), patience=0.2)
    assert [type(result) for result in results] == [Saved] * len(scenes)
    assert [scene.title for scene in said(draft).scenes] == [f"New {number}" for number in range(len(scenes))]
    assert Revision.objects.count() == len(scenes) + 1


def test_a_draft_that_is_written_while_it_is_published_is_published_whole(draft):
    before = said(draft)
    at_once(lambda: save(draft, reworded(before), before), lambda: publish(draft, None, make.NOW), patience=0.2)
    published = Edition.objects.get(pk=draft.pk)
    assert published.is_published
    assert said(published) in (before, reworded(before))
    assert bool(Revision.objects.count()) == (said(published) == reworded(before))
