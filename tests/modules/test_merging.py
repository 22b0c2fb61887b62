"""What two people made of one page, put together."""

from dataclasses import replace

import pytest

from apps.modules.document import ORDER, EditionDocument, Head, PageDocument
from apps.modules.merging import Meeting, Pick
from apps.quizzes.document import Option, Question, QuizDocument
from apps.scenarios.document import CaseDocument, Choice, Gauge, Scene

SCENES = tuple(Scene(key, key.title(), choices=(Choice(f"{key}-go", "Go", "best"),)) for key in "abcd")
CASE = CaseDocument(Head("case", "Case"), role="You.", gauges=(Gauge("trust", "Trust", 50),), scenes=SCENES)
EDITION = EditionDocument("Title", "Summary", ("Say no",), pages=("a", "b", "c"))


def with_title(document, key, title):
    return document.with_block(key, replace(document.blocks[key], title=title))


def in_order(document, keys):
    return replace(document, scenes=tuple(document.blocks[key] for key in keys))


def keys(document):
    return [scene.key for scene in document.scenes]


def test_what_one_of_both_changed_is_kept():
    meeting = Meeting(CASE, with_title(CASE, "a", "Mine"), replace(with_title(CASE, "b", "Theirs"), role="Theirs."))
    assert meeting.clashes == []
    assert meeting.merged({}) == replace(with_title(with_title(CASE, "a", "Mine"), "b", "Theirs"), role="Theirs.")


@pytest.mark.parametrize(("pick", "title"), [(Pick.MINE, "Mine"), (Pick.THEIRS, "Theirs")])
def test_what_both_changed_is_picked(pick, title):
    meeting = Meeting(CASE, with_title(CASE, "a", "Mine"), with_title(CASE, "a", "Theirs"))
    assert meeting.clashes == ["a"]
    assert meeting.merged({"a": pick}) == with_title(CASE, "a", title)


def test_the_same_change_does_not_clash():
    both = with_title(CASE, "a", "Both")
    assert Meeting(CASE, both, both).clashes == []


def test_both_versions_of_a_scene_stand_one_after_the_other():
    meeting = Meeting(CASE, with_title(CASE, "b", "Mine"), with_title(CASE, "b", "Theirs"))
    merged = meeting.merged({"b": Pick.BOTH})
    assert [scene.title for scene in merged.scenes] == ["A", "Theirs", "Mine", "C", "D"]
    copy = merged.scenes[2]
    assert copy.key.startswith("?")
    assert copy.choices[0].key.startswith("?")


def test_of_a_scene_that_one_took_out_both_keeps_the_other():
    without = replace(CASE, scenes=SCENES[1:])
    for mine, theirs in ((without, with_title(CASE, "a", "New")), (with_title(CASE, "a", "New"), without)):
        meeting = Meeting(CASE, mine, theirs)
        assert meeting.clashes == ["a"]
        assert "New" in [scene.title for scene in meeting.merged({"a": Pick.BOTH}).scenes]
    assert keys(Meeting(CASE, without, with_title(CASE, "a", "New")).merged({"a": Pick.MINE})) == ["b", "c", "d"]


def test_the_page_itself_is_put_together_field_by_field():
    mine = replace(CASE, role="Mine.", reflection="Think.", plan_lines=("If",), gauges=(Gauge("trust", "Trust", 60),))
    theirs = replace(CASE, role="Theirs.", plan_lines=("Then",), gauges=(*CASE.gauges, Gauge("new", "New", 1)))
    merged = Meeting(CASE, mine, theirs).merged({"": Pick.BOTH})
    assert (merged.role, merged.reflection, merged.plan_lines) == ("Theirs. / Mine.", "Think.", ("Then", "If"))
    assert merged.gauges == (Gauge("trust", "Trust", 60), Gauge("new", "New", 1))
    assert merged.scenes == SCENES


def test_long_texts_stand_below_each_other():
    page = PageDocument(Head("a", "A"), "Text.")
    mine, theirs = (replace(page, body=f"{who}\nand more") for who in ("Mine", "Theirs"))
    assert Meeting(page, mine, theirs).merged({"": Pick.BOTH}).body == "Theirs\nand more\n\nMine\nand more"
    short = replace(page, body="Theirs")
    assert Meeting(page, mine, short).merged({"": Pick.BOTH}).body == "Theirs\n\nMine\nand more"
    assert Meeting(page, short, mine).merged({"": Pick.BOTH}).body == "Mine\nand more\n\nTheirs"


@pytest.mark.parametrize(
    ("mine", "theirs", "order"),
    [
        ("dabc", "abcd", "dabc"),
        ("abcd", "dabc", "dabc"),
        ("ad", "abcd", "ad"),
        ("abcd", "ad", "ad"),
        ("ba", "abcd", "ba"),
        ("dabc", "abd", "dab"),
    ],
)
def test_who_moved_scenes_has_them_moved(mine, theirs, order):
    meeting = Meeting(CASE, in_order(CASE, mine), in_order(CASE, theirs))
    assert meeting.clashes == []
    assert keys(meeting.merged({})) == list(order)


def test_two_orders_clash():
    meeting = Meeting(CASE, in_order(CASE, "bacd"), in_order(CASE, "abdc"))
    assert meeting.clashes == [ORDER]
    assert keys(meeting.merged({})) == list("bacd")
    assert keys(meeting.merged({ORDER: Pick.THEIRS})) == list("abdc")


def test_what_both_added_stands_where_each_put_it():
    new, other = Scene("new", "New"), Scene("other", "Other")
    mine, theirs = replace(CASE, scenes=(*SCENES, new)), replace(CASE, scenes=(SCENES[0], other, *SCENES[1:]))
    assert keys(Meeting(CASE, mine, theirs).merged({})) == ["a", "other", "b", "c", "d", "new"]


def test_without_a_base_all_that_differs_clashes_and_nothing_is_taken_out():
    mine = replace(with_title(CASE, "a", "Mine"), scenes=with_title(CASE, "a", "Mine").scenes[:3])
    theirs = replace(CASE, scenes=SCENES[0:1] + SCENES[2:])
    meeting = Meeting(None, mine, theirs)
    assert meeting.clashes == ["a"]
    assert sorted(keys(meeting.merged({}))) == list("abcd")


@pytest.mark.parametrize(
    ("mine", "theirs", "pages"),
    [("ab", "abc", "ab"), ("abc", "cab", "cab"), ("abcd", "ac", "acd"), ("abc", "ab", "ab"), ("abc", "", "")],
)
def test_pages_of_an_edition(mine, theirs, pages):
    sides = (replace(EDITION, pages=tuple(keys_)) for keys_ in (mine, theirs))
    assert "".join(Meeting(EDITION, *sides).merged({}).pages) == pages


def test_questions_are_blocks_too():
    question = Question("q", "single", "Stem?", options=(Option("o", "Yes", is_key=True),))
    quiz = QuizDocument(Head("quiz", "Quiz"), questions=(question,))
    mine, theirs = (quiz.with_block("q", replace(question, stem=stem)) for stem in ("Mine?", "Theirs?"))
    merged = Meeting(quiz, mine, theirs).merged({"q": Pick.BOTH})
    assert [each.stem for each in merged.questions] == ["Theirs?", "Mine?"]
