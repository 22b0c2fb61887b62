"""What has changed between two documents."""

from dataclasses import replace

from apps.modules.comparison import Mark, Verb, compare, marked
from apps.modules.document import EditionDocument, Head, PageDocument
from apps.scenarios.document import CaseDocument, Choice, Scene

SCENES = tuple(Scene(key, key.title(), body=f"You are at {key}.") for key in ("one", "two", "three", "four"))
CASE = CaseDocument(Head("trolley", "The trolley"), role="You are an F1.", scenes=SCENES)


def told(before, after):
    return [(change.verb, change.block) for change in compare(before, after)]


def test_nothing_has_changed():
    assert compare(CASE, CASE) == []


def test_blocks_are_added_removed_moved_and_reworded():
    one, two, _three, four = SCENES
    after = replace(CASE, scenes=(four, one, replace(two, body="You are in bay 6."), Scene("five", "Five")))
    assert told(CASE, after) == [
        (Verb.MOVED, "four"),
        (Verb.REWORDED, "two"),
        (Verb.ADDED, "five"),
        (Verb.REMOVED, "three"),
    ]


def test_a_choice_is_a_part_of_its_scene():
    changed = replace(SCENES[0], choices=(Choice("go", "Go", "best", "two"),))
    assert told(CASE, CASE.with_block("one", changed)) == [(Verb.REWORDED, "one")]


def test_the_page_itself_is_a_block():
    [change] = compare(CASE, replace(CASE, role="You are an ST3."))
    assert (change.verb, change.block, change.name) == (Verb.REWORDED, "", "the page itself")


def test_a_new_page_is_all_new():
    assert told(None, PageDocument(Head("a", "A"))) == [(Verb.ADDED, "")]


def test_pages_of_an_edition_change_their_order():
    edition = EditionDocument("Title", "Summary", ("Say no",), pages=("a", "b", "c"))
    assert told(edition, replace(edition, pages=("c", "a", "b"))) == [(Verb.MOVED, "c")]


def test_words_are_marked():
    [line] = compare(CASE, replace(CASE, role="You are a tired F1."))[0].lines
    assert line.where == "role"
    assert [(run.mark, run.text) for run in line.runs] == [
        (Mark.KEPT, "You are "),
        (Mark.TAKEN_OUT, "an"),
        (Mark.PUT_IN, "a tired"),
        (Mark.KEPT, " F1."),
    ]


def test_both_versions_can_be_read_from_the_marks():
    old, new = "one  two\nthree four", "one 2\nthree and four"
    for size in (1, 3000):  # beyond some size words are no longer compared one by one
        runs = marked(old * size, new * size)
        assert "".join(run.text for run in runs if run.mark != Mark.PUT_IN) == old * size
        assert "".join(run.text for run in runs if run.mark != Mark.TAKEN_OUT) == new * size
