"""What has changed between two documents."""

from dataclasses import replace

import pytest

from apps.modules.comparison import Mark, Verb, compare, marked
from apps.modules.document import EditionDocument, Head, PageDocument
from apps.quizzes.document import Option, Question, QuizDocument
from apps.scenarios.document import CaseDocument, Choice, Effect, Gauge, Need, Part, Scene
from tests.documents import Writing

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


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("one ", "two ", "[-one-]{+two+} "),
        (" one", " two", " [-one-]{+two+}"),
        ("one two", "three four", "[-one two-]{+three four+}"),
        ("one two ", "three four ", "[-one two-]{+three four+} "),
        ("one and two", "three and four", "[-one-]{+three+} and [-two-]{+four+}"),
        ("one", "one two", "one{+ two+}"),
        ("one two", "one", "one[- two-]"),
        ("", "one", "{+one+}"),
    ],
)
def test_a_blank_is_marked_between_two_places_that_differ_and_not_at_the_end(old, new, told):
    shapes = {Mark.KEPT: "{}", Mark.TAKEN_OUT: "[-{}-]", Mark.PUT_IN: "{{+{}+}}"}
    assert "".join(shapes[run.mark].format(run.text) for run in marked(old, new)) == told


def test_both_versions_can_be_read_from_the_marks():
    old, new = "one  two\nthree four", "one 2\nthree and four"
    for size in (1, 3000):  # beyond some size words are no longer compared one by one
        runs = marked(old * size, new * size)
        assert "".join(run.text for run in runs if run.mark != Mark.PUT_IN) == old * size
        assert "".join(run.text for run in runs if run.mark != Mark.TAKEN_OUT) == new * size


def test_of_a_long_text_with_the_same_words_again_and_again_only_what_changed_is_marked():
    many = "the ward is on the call and " * 25
    old, new = f"One {many}rings {many}out", f"Two {many}waits {many}in"
    changed = [(run.mark, run.text) for run in marked(old, new) if run.mark != Mark.KEPT]
    out, put = Mark.TAKEN_OUT, Mark.PUT_IN
    assert changed == [(out, "One"), (put, "Two"), (out, "rings"), (put, "waits"), (out, "out"), (put, "in")]


def lines(before, after):
    """The lines of the only change, each as one text with its place."""
    marks = {Mark.KEPT: "{}", Mark.TAKEN_OUT: "[-{}-]", Mark.PUT_IN: "[+{}+]"}
    [change] = compare(before, after)
    return [(line.where, "".join(marks[run.mark].format(run.text) for run in line.short)) for line in change.lines]


def test_places_and_links_have_an_authors_names():
    gauges = (Gauge("trust", "Public trust", 50),)
    choice = Choice("go", "Go", "best", "two", effects=(Effect("trust", 5),))
    case = replace(CASE, gauges=gauges).with_block("one", replace(SCENES[0], choices=(choice,)))
    needs = (Need("n1", "trust", at_least=40), Need("n2", visited="four"))
    changed = replace(choice, target="three", effects=(Effect("trust", -5),), needs=needs, rating="poor")
    part = Part("p", "message", "Look", image="a.svg", image_alt="A lift")
    scene = replace(SCENES[0], choices=(changed,), parts=(part,), teaching_point="Ask.", seen_by=3)
    assert lines(case, case.with_block("one", scene)) == [
        ("seen by", "[+3+]"),
        ("what to take along", "[+Ask.+]"),
        ("part 1, kind", "[+message+]"),
        ("part 1, text", "[+Look+]"),
        ("part 1, picture", "[+a.svg+]"),
        ("part 1, what it shows", "[+A lift+]"),
        ("choice (a), how good it is", "[-best-][+poor+]"),
        ("choice (a), leads to", "[-Two-][+Three+]"),
        ("choice (a), what it moves", "Public trust [-+5-][+-5+]"),
        ("choice (a), needs", "[+Public trust >= 40\nvisited Four+]"),
    ]


def test_answers_have_letters_and_an_order():
    options = (Option("yes", "Yes", is_key=True), Option("no", "No"))
    quiz = QuizDocument(Head("quiz", "Quiz"), questions=(Question("q", "single", "Why?", options=options),))
    turned = replace(quiz.questions[0], options=(options[1], replace(options[0], is_key=False)))
    assert lines(quiz, quiz.with_block("q", turned)) == [
        ("answer B, right", "[-yes-][+no+]"),
        ("order of each option", "[-Yes-][+No+] / [-No-][+Yes+]"),
    ]


def rows_inside(document):
    """Each row that stands inside a block, with the block as it is without that row."""
    for key, block in document.blocks.items():
        for field in ("parts", "choices", "options"):
            rows = getattr(block, field, ())
            for row in rows:
                yield key, field, row, replace(block, **{field: tuple(other for other in rows if other is not row)})


def test_what_goes_from_inside_a_block_is_told_as_what_comes():
    met = set()
    for document in (write(Writing(number)) for number in range(20) for write in (Writing.case, Writing.quiz)):
        for key, field, row, block in rows_inside(document):
            without = document.with_block(key, block)
            come = [(where, told.replace("[+", "[-").replace("+]", "-]")) for where, told in lines(without, document)]
            assert lines(document, without) == come
            assert not row.text or any(row.text in told for _, told in come)
            met.add(field)
    assert met == {"parts", "choices", "options"}


def test_of_what_was_kept_only_the_words_beside_a_change_are_told():
    many = " ".join(f"w{number}" for number in range(500))
    [(_, told)] = lines(replace(CASE, role=f"{many} old {many}"), replace(CASE, role=f"{many} new {many}"))
    assert len(told) < 700
    assert told.startswith(" … ")
    assert "w499 [-old-][+new+] w0" in told


def test_a_long_name_is_shortened_and_pages_are_called_by_their_titles():
    quiz = QuizDocument(Head("quiz", "Quiz"), questions=(Question("q", "single", "Why? " * 40),))
    assert [len(change.name) for change in compare(None, quiz)][1] < 80
    edition = EditionDocument("Title", "Summary", ("Say no",), pages=("a", "b"))
    [change] = compare(edition, replace(edition, pages=("a",)), {"b": "The lift"})
    assert change.told == "page “The lift” taken out"
