"""A quiz on one screen: written, moved and deleted by its buttons; what cannot be stored is told at its field."""

import datetime
from dataclasses import MISSING, fields, replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.authoring.actions import Edit, Stamp, save_document
from apps.authoring.models import Revision
from apps.authoring.queries import find_sheet
from apps.modules.actions import start_draft
from apps.modules.document import ORDER
from apps.modules.models import Page
from apps.modules.problems import Level
from apps.quizzes.document import Option as Answer
from apps.quizzes.document import Question as Asked
from apps.quizzes.models import Option, Question
from tests import course, make
from tests.in_admin import Page as Answered
from tests.in_admin import read
from tests.quizzes.benches import Writer
from tests.test_ids import Ids

pytestmark = [pytest.mark.django_db, pytest.mark.pages]

MODULE = "/admin/write/modules/posts/"
QUIZ = f"{MODULE}pages/quiz/"
THEME = "The first step"


@pytest.fixture
def draft():
    """A draft with a quiz of three questions, of which the last two are a set with the answers A, B and C."""
    made = make.draft("posts")
    quiz = make.quiz(made, questions=3)
    Question.objects.filter(quiz=quiz, position__gt=1).update(theme=THEME, kind="single", select=1)
    Option.objects.filter(key="quiz-q3-right-2").delete()
    for position in (2, 3):
        for place, ending in enumerate(("right", "wrong", "wrong-2"), start=1):
            Option.objects.filter(key=f"quiz-q{position}-{ending}").update(text="-ABC"[place], position=place + 10)
    Option.objects.filter(key="quiz-q3-right").update(is_key=False)
    Option.objects.filter(key="quiz-q3-wrong").update(is_key=True)
    return made


@pytest.fixture
def writer(draft):
    return Writer(make.client(make.author()), QUIZ)


def said(draft, key="quiz"):
    return find_sheet(draft, key).document


def keys(draft):
    return [question.key for question in said(draft).questions]


def texts(question):
    return [option.text for option in question.options]


def save(draft, document):
    """As another author."""
    save_document(draft, Edit("quiz", document, said(draft).digest()), Stamp(None, make.NOW))


# Writing, a question with one save -----------------------------------------------------------------------------------

RANKED = {f"q0_right_{place}": str(5 - place) for place in range(5)}
KINDS = {
    "single": (4, {"q0_right": ["1"]}),
    "multiple": (5, {"q0_right": ["0", "3"], "q0_select": "2"}),
    "rank": (5, RANKED),
    "choose": (8, {"q0_right": ["1", "2", "5"]}),
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_question_of_each_kind_is_written_with_one_save(writer, draft, kind):
    source, fact = make.source("said"), make.fact("A1.1")
    answers, marks = KINDS[kind]
    writer.open("quiz-q1")
    page = writer.press(f"add:{kind}")
    assert f"a{answers - 1}-text" in page.fields, "enough answers stand ready"
    written = {f"a{place}_text": f"Answer {place}" for place in range(answers)}
    written |= {f"q0_{place}_feedback": f"Why {place}" for place in range(answers)}
    more = {"q0_title": "A kind", "q0_stem": "A case.\n\nWhat now?", "q0_rationale": "Because."}
    writer.press("save", **written, **marks, **more, q0_sources_more=source.key, q0_facts_more=fact.key)
    assert writer.answer.status_code == 303
    new = said(draft).questions[-1]
    assert (new.kind, new.title, new.stem, new.rationale) == (kind, "A kind", "A case.\n\nWhat now?", "Because.")
    assert (new.sources, new.facts) == (("said",), ("A1.1",))
    assert texts(new) == [f"Answer {place}" for place in range(answers)]
    assert [option.feedback for option in new.options] == [f"Why {place}" for place in range(answers)]
    here = [problem.text for problem in find_sheet(draft, "quiz").problems_of(said(draft)) if problem.block == new.key]
    assert not here, "it can be published"
    before = said(draft)
    writer.press("save")
    assert said(draft) == before


def test_an_empty_quiz_begins_with_what_it_says_of_itself(draft):
    make.page(draft, "new", kind="quiz", body="")
    writer = Writer(make.client(make.author()), f"{MODULE}pages/new/")
    page = writer.open()
    assert page.fields["title"] == ["New"]
    page = writer.press("add:single", title="A quiz", minutes="9", pass_percent="80", introduction="Begin.")
    assert "Question 1 of 1" in page.words
    quiz = said(draft, "new")
    assert (quiz.head.title, quiz.head.minutes, quiz.pass_percent, quiz.introduction) == ("A quiz", 9, 80, "Begin.")
    assert len(quiz.questions) == 1


def test_save_and_add_goes_on_behind_what_is_open(writer, draft):
    writer.open("quiz-q1")
    page = writer.press("another", q0_stem="Once more?")
    assert "Question 2 of 4" in page.words
    assert [question.stem for question in said(draft).questions][:2] == ["Once more?", ""]
    assert said(draft).questions[1].key == "question"
    writer.press("another", q0_stem="And now?")
    assert [question.stem for question in said(draft).questions][1:3] == ["And now?", ""]


@pytest.mark.parametrize("kind", KINDS)
def test_save_and_add_goes_on_with_a_question_of_the_same_kind(writer, draft, kind):
    writer.open("quiz-q1")
    writer.press(f"add:{kind}")
    writer.press("another", q0_stem="Once more?")
    one, more = said(draft).questions[-2:]
    assert (one.stem, more.stem) == ("Once more?", "")
    assert (more.kind, more.select) == (one.kind, one.select)
    assert more.kind == kind


def test_a_button_pressed_twice_does_it_once(writer, draft):
    writer.open("quiz-q1")
    for _ in range(2):
        assert writer.send("another").status_code == 303
    assert len(keys(draft)) == 4
    assert Revision.objects.filter(page_key="quiz", verb="saved").count() == 1


@pytest.mark.parametrize("do", ["down:question:quiz-q2", "up:set"])
def test_who_moves_in_an_order_that_is_no_more_does_not_take_that_back(writer, draft, do):
    writer.open("quiz-q2")
    document = said(draft)
    first, second, third = document.questions
    moved = replace(document, questions=(third, second, first))
    save_document(draft, Edit("quiz", moved, document.digest()), Stamp(None, make.NOW))
    page = writer.press(do)
    assert said(draft) == moved
    assert "The order had been changed meanwhile, so nothing was moved now." in page.words


def test_a_set_has_one_list_of_answers(writer, draft):
    page = writer.open("quiz-q3")
    assert page.fields["question"] == ["quiz-q2", "quiz-q3"]
    assert "Set of 2: The first step" in page.words
    writer.press("save", a0_text="Ring", q0_0_feedback="Yes.", q1_0_feedback="No.", q1_right=["2"])
    second, third = said(draft).questions[1:]
    assert texts(second) == texts(third) == ["Ring", "B", "C"]
    assert (second.options[0].feedback, third.options[0].feedback) == ("Yes.", "No.")
    assert [option.is_key for option in third.options] == [False, False, True]
    assert [option.key for option in third.options] == ["quiz-q3-right", "quiz-q3-wrong", "quiz-q3-wrong-2"]


def test_a_set_gets_one_more_question(writer, draft):
    writer.open("quiz-q2")
    page = writer.press("stem", a1_text="Wait")
    assert "Set of 3" in page.words
    assert [texts(question) for question in said(draft).questions[1:]] == [["A", "Wait", "C"]] * 3
    writer.press("save", q2_stem="And here?", q2_right=["2"])
    assert said(draft).questions[3].stem == "And here?"
    assert said(draft).questions[3].theme == THEME


ASKED_ALIKE = {"kind", "theme", "select"}


def test_one_more_question_is_asked_as_the_others_and_nothing_is_said_of_it(writer, draft):
    make.source("said")
    make.fact("A1.1")
    options = tuple(Answer(f"a{place}", f"Answer {place}", place < 2, None, None, "Why.") for place in range(4))
    on = datetime.date(2026, 9, 1)
    full = Asked("full", "multiple", "Which?", THEME, "A name", 2, "Why.", ("A1.1",), ("said",), 7, on, options)
    assert all(getattr(full, each.name) not in ("", each.default) for each in fields(full))
    save(draft, replace(said(draft), questions=(full,)))
    writer.open("full")
    writer.press("stem")
    one, more = said(draft).questions
    assert one == full
    unsaid = {each.name: "" if each.default is MISSING else each.default for each in fields(full)}
    told = {each.name for each in fields(full) if getattr(more, each.name) != unsaid[each.name]}
    assert told == ASKED_ALIKE | {"key", "options"}
    assert all(getattr(more, name) == getattr(full, name) for name in ASKED_ALIKE)
    assert more.options == tuple(Answer(new.key, each.text) for new, each in zip(more.options, options, strict=True))


def test_a_question_on_its_own_needs_a_theme_to_become_a_set(writer, draft):
    writer.open("quiz-q1")
    page = writer.press("stem")
    assert (page.status, len(keys(draft))) == (422, 3)
    assert '<a href="#id_set-theme">Give the set a theme first' in page.body
    assert "Set of 2: A theme" in writer.press("stem", set_theme="A theme").words


# Moving, copying, deleting -------------------------------------------------------------------------------------------


def test_sets_move_together_and_the_focus_with_them(writer, draft):
    writer.open("quiz-q3")
    writer.press("up:set", q1_stem="Typed before")
    assert keys(draft) == ["quiz-q2", "quiz-q3", "quiz-q1"]
    assert said(draft).questions[1].stem == "Typed before"
    assert writer.answer.url.endswith("?at=quiz-q3#down-set"), "up is off there"
    writer.press("down:set")
    assert keys(draft) == ["quiz-q1", "quiz-q2", "quiz-q3"]


def test_a_question_moves_in_its_set(writer, draft):
    page = writer.open("quiz-q2")
    assert not page.buttons["up:question:quiz-q2"]
    assert not page.buttons["down:question:quiz-q3"]
    writer.press("down:question:quiz-q2")
    assert keys(draft) == ["quiz-q1", "quiz-q3", "quiz-q2"]
    assert writer.answer.url.endswith("#up-question-quiz-q2")


def test_an_answer_moves_in_all_questions_of_its_set(writer, draft):
    writer.open("quiz-q2")
    page = writer.press("down:answer:0")
    assert [texts(question) for question in said(draft).questions[1:]] == [["B", "A", "C"]] * 2
    assert [option.is_key for option in said(draft).questions[1].options] == [False, True, False]
    assert writer.answer.url.endswith("#down-answer-1")
    assert "down-answer-1" in page.ids
    assert not page.buttons["down:answer:2"]


def test_an_answer_goes_at_once_and_undo_names_it(writer, draft):
    writer.open("quiz-q3")
    page = writer.press("drop:1")
    assert [texts(question) for question in said(draft).questions[1:]] == [["A", "C"]] * 2
    assert "Undo brings it back." in page.words


@pytest.mark.parametrize("do", ["drop:1", "up:answer:1", "down:answer:1"])
def test_the_buttons_of_an_emptied_answer_store_and_no_more(writer, draft, do):
    writer.open("quiz-q2")
    feedback = dict.fromkeys(("q0_1_feedback", "q1_1_feedback"), "")
    writer.press(do, a1_text="", q0_stem="Mine", **feedback)
    assert [texts(question) for question in said(draft).questions[1:]] == [["A", "C"], ["A", "C"]]
    assert said(draft).questions[1].stem == "Mine"


def test_empty_answers_are_dropped_and_one_more_stands_ready(writer, draft):
    writer.open("quiz-q1")
    page = writer.press("answer")
    assert (page.fields["a3-text"], len(said(draft).questions[0].options)) == ([""], 3)
    assert writer.answer.url.endswith("#id_a3-text")
    writer.press("down:answer:1", a0_text="", q0_0_feedback="", a3_text="New")
    assert texts(said(draft).questions[0]) == ["Option wrong-2 of 1", "Option wrong of 1", "New"]


def test_a_question_is_copied_behind_itself(writer, draft):
    writer.open("quiz-q1")
    page = writer.press("duplicate:quiz-q1", q0_stem="Changed")
    assert "Question 2 of 4" in page.words
    first, copy = said(draft).questions[:2]
    assert (first.stem, texts(first)) == (copy.stem, texts(copy))
    assert first.key != copy.key


def test_each_question_can_be_copied_the_last_one_too(writer, draft):
    for key in keys(draft):
        before = keys(draft)
        place = before.index(key) + 1
        writer.open(key)
        writer.press(f"duplicate:{key}")
        after = keys(draft)
        assert [*after[:place], *after[place + 1 :]] == before
        one, copy = said(draft).questions[place - 1 : place + 1]
        assert (copy.stem, copy.theme, texts(copy)) == (one.stem, one.theme, texts(one))


def test_a_question_is_deleted_after_one_question(writer, draft):
    writer.open("quiz-q2")
    page = writer.press("delete:question:quiz-q2", q0_title="", q0_stem="Which?")
    asked = writer.answer.url
    assert "Delete question 2, “Which?”?" in page.words
    assert "The set “The first step” keeps 1 question." in page.words
    sent = page_fields(writer.client, asked)
    answer = writer.client.post(asked, sent)
    assert (answer.status_code, keys(draft)) == (303, ["quiz-q1", "quiz-q3"])
    assert answer.url == f"{QUIZ}?at=quiz-q3"
    assert writer.client.post(asked, sent).status_code == 303, "harmless when repeated"


def page_fields(client, url):
    body = client.get(url).content.decode()
    return {"seen": body.split('name="seen" value="')[1].split('"')[0]}


def test_a_set_is_deleted_as_one(writer, draft):
    asked = f"{QUIZ}delete/set/quiz-q2/"
    assert "Question 3, “Case 3”" in writer.client.get(asked).content.decode()
    assert writer.client.post(asked, page_fields(writer.client, asked)).url == f"{QUIZ}?at=quiz-q1"
    assert keys(draft) == ["quiz-q1"]


def test_after_the_last_question_the_one_above_is_opened(writer, draft):
    left = []
    for key in ("quiz-q3", "quiz-q2", "quiz-q1"):
        asked = f"{QUIZ}delete/question/{key}/"
        left.append(writer.client.post(asked, page_fields(writer.client, asked)).url.removeprefix(QUIZ))
    assert left == ["?at=quiz-q2", "?at=quiz-q1", "?at="]
    assert keys(draft) == []


@pytest.mark.parametrize("row", ["question/nothing", "scene/quiz-q1", "answer/quiz-q1-right"])
def test_what_is_not_there_cannot_be_deleted(writer, row):
    assert writer.client.get(f"{QUIZ}delete/{row}/").status_code == 404


# What we noticed -----------------------------------------------------------------------------------------------------


def test_what_is_right_is_told_while_it_is_unfinished(writer, draft):
    writer.open("quiz-q1")
    for kind, marks, told in (
        ("single", {"q0_right": None}, "Tick the right answer."),
        ("multiple", {}, "Tick two; you ticked none."),
        ("multiple", {"q0_select": "3", "q0_right": ["0", "1"]}, "Tick three; you ticked two."),
        ("rank", {}, "No answer has place 1."),
        ("rank", {"q0_right_0": "2", "q0_right_1": "2"}, "Two answers have place 2."),
        ("rank", {"q0_right_0": "2", "q0_right_1": "1"}, "No answer has place 3."),
    ):
        page = writer.press("save", set_kind=kind, **marks)
        assert (page.status, told in page.words) == (200, True), (kind, told, page.words)


def test_a_whole_order_is_told_nothing(writer, draft):
    writer.open("quiz-q1")
    assert "No answer has place" in writer.press("save", set_kind="rank").words
    count = len(said(draft).questions[0].options)
    page = writer.press("save", **{f"q0_right_{place}": str(count - place) for place in range(count)})
    assert (page.status, "No answer has place" in page.words) == (200, False)


def test_answers_that_show_the_key_are_told(writer, draft):
    writer.open("quiz-q1")
    page = writer.press("save", a0_text="x" * 29, a1_text="y" * 20, a2_text="Y" * 20)
    assert "more than 1.4 times as long as the others" in page.words
    assert "2 of its options say the same" in page.words
    writer.open("quiz-q2")
    assert "The right answers do not stand in one place: A and B." in writer.page.words
    assert "Answer C is right in no question of this set." in writer.page.words
    page = writer.press("save", q1_right=["0"])
    assert "answer A is right in all 2 questions of its set" in page.words


# What cannot be stored -----------------------------------------------------------------------------------------------

REFUSED = {
    "too long an answer": ("a1-text", "x" * 301, "id_a1-text"),
    "too long a feedback": ("q0-1-feedback", "x" * 601, "id_q0-1-feedback"),
    "a character that is no text": ("q0-stem", "a\0b", "id_q0-stem"),
    "too long a stem": ("q0-stem", "x" * 100_000, "id_q0-stem"),
    "too long a name": ("q0-title", "x" * 61, "id_q0-title"),
    "too long a theme": ("set-theme", "x" * 121, "id_set-theme"),
    "an unknown kind": ("set-kind", "essay", "id_set-kind"),
    "half a panel": ("q0-panel_size", "7", "id_q0-panel_agreed_on"),
    "no number": ("q0-panel_size", "seven", "id_q0-panel_size"),
    "no date": ("q0-panel_agreed_on", "2026-02-30", "id_q0-panel_agreed_on"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_cannot_be_stored_is_told_at_its_field(writer, draft, what):
    name, typed, place = REFUSED[what]
    before = said(draft)
    page = writer.open("quiz-q1")
    answer = writer.post({**page.fields, "q0-rationale": "Typed beside", name: typed, "do": "save"})
    assert (answer.status_code, said(draft)) == (422, before)
    body = answer.content.decode()
    assert f'<a href="#{place}">' in body
    assert f'id="{place}"' in body
    assert Ids(body).problems() == []
    assert "Typed beside" in body


def test_half_a_quizs_own_page_is_refused(writer, draft):
    writer.open("")
    page = writer.press("save", title="", minutes="4.5", pass_percent="101", introduction="Kept")
    assert (page.status, page.fields["introduction"]) == (422, ["Kept"])
    for told in ("Title is missing", "Write the minutes as a whole number", "from 0 to 100"):
        assert told in page.words


def test_the_second_question_of_a_set_opens_where_something_is_wrong(writer):
    writer.open("quiz-q2")
    page = writer.press("save", q1_0_feedback="x" * 601)
    assert page.status == 422
    assert '<details class="sl-diff" id="question-quiz-q3" open>' in page.body
    assert "Question 3: Feedback on A: This has 601 characters" in page.words


FORGED = {
    "no question": {"question": None},
    "a question with a key that is none": {"question": [ORDER]},
    "no fields": {"question": ["quiz-q1"], "a0-text": None, "a1-text": None, "a2-text": None},
    "answers of another question": {"q0-options": "quiz-q2-right quiz-q2-right . ../.."},
    "a place that is no number": {"shown": "rank", "q0-right-0": "99999999"},
    "a key that is no answer": {"q0-right": ["17", "x", "-1"]},
    "a kind that is shown": {"shown": "essay" * 40},
    "sources that are none": {"q0-sources": ["nothing", "../", "\0"]},
    "a verb that is none": {"do": "burn:everything"},
    "a kind that is none": {"do": "add:essay"},
    "a row that is none": {"do": "up:answer:99"},
    "a question that is elsewhere": {"do": "duplicate:quiz-q3"},
    "nowhere": {"at": "nowhere"},
    "far away": {"at": "x" * 50_000},
    "another page": {"question": ["quiz-q3", "quiz-q1"]},
}


@pytest.mark.parametrize("do", ["answer:", "drop:0", "up:answer:1", "duplicate:quiz-q1", "burn:everything"])
def test_the_quizs_own_page_has_no_buttons_of_questions(writer, draft, do):
    """What they would be done to is not open: what was typed is stored, and nothing else."""
    page = writer.open("")
    answer = writer.post({**page.fields, "introduction": "Typed.", "do": do})
    assert answer.status_code in (303, 422)
    assert keys(draft) == ["quiz-q1", "quiz-q2", "quiz-q3"]


def test_sets_are_called_by_their_theme_and_the_others_are_on_their_own(writer, draft):
    bench = writer.client.get(QUIZ, {"at": "quiz-q1"}).context["bench"]
    found = {listed.heading: [entry.key for entry in listed.entries] for listed in bench.listed}
    assert found == {"On their own": ["quiz-q1"], THEME: ["quiz-q2", "quiz-q3"]}


@pytest.mark.parametrize("what", FORGED)
def test_forged_forms_break_nothing(writer, draft, what):
    before = said(draft)
    page = writer.open("quiz-q1")
    answer = writer.post({"do": "save", **page.fields, **FORGED[what]})
    assert answer.status_code in (303, 409, 422)
    assert len(answer.get("Location", "")) < 500, "headers are short"
    document = said(draft)
    assert keys(draft) == ["quiz-q1", "quiz-q2", "quiz-q3"]
    options = [option.key for question in document.questions for option in question.options]
    assert len(options) == len(set(options))
    assert document.questions[1:] == before.questions[1:]


def test_another_authors_words_are_not_overwritten(writer, draft):
    writer.open("quiz-q2")
    stood = said(draft)
    save(draft, stood.with_block("quiz-q3", replace(stood.questions[2], stem="Theirs")))
    answer = writer.send("save", q0_stem="Mine")
    assert answer.status_code == 409
    assert "Mine" in answer.content.decode()
    writer.open("quiz-q1")
    save(draft, said(draft).with_block("quiz-q2", replace(said(draft).questions[1], stem="Theirs, too")))
    assert writer.send("up:set", q0_stem="Mine").status_code == 303, "they wrote elsewhere"
    assert [question.stem for question in said(draft).questions][:2] == ["Mine", "Theirs, too"]


def test_a_question_deleted_under_the_open_form_is_not_lost(writer, draft):
    writer.open("quiz-q1")
    stood = said(draft)
    save(draft, replace(stood, questions=stood.questions[1:]))
    answer = writer.send("save", q0_stem="My words")
    assert answer.status_code == 409
    assert "My words" in answer.content.decode()


@pytest.mark.parametrize("instead", ["", "reading"])
def test_words_are_kept_as_text_when_the_page_was_removed(writer, draft, instead):
    writer.open("quiz-q1")
    asked = read(writer.client, f"{QUIZ}remove/").fields
    assert writer.client.post(f"{QUIZ}remove/", asked).status_code == 302
    if instead:
        make.page(draft, "quiz")
    answer = writer.send("save", q0_stem="My words")
    text = Answered(answer).fields["text"][0]
    assert text.startswith("quiz: ")
    assert "My words" in text
    assert "q0-stem" not in text
    assert "The page was removed from the draft in the meantime." in Answered(answer).text


def test_who_saves_while_the_page_is_removed_can_put_it_back(writer, draft, monkeypatch):
    writer.open("quiz-q1")

    def late(*args):
        writer.client.post(f"{QUIZ}remove/", read(writer.client, f"{QUIZ}remove/").fields)
        monkeypatch.undo()
        return save_document(*args)

    monkeypatch.setattr("apps.authoring.views.workbench.actions.save_document", late)
    answer = writer.send("save", q0_stem="My words")
    assert (answer.status_code, "was taken out of the draft" in Answered(answer).text) == (409, True)
    path = f"{QUIZ}conflict/"
    assert writer.client.post(path, {**Answered(answer).fields, "do": "mine"}).status_code == 302
    assert [question.stem for question in said(draft).questions][:1] == ["My words"]
    assert len(keys(draft)) == 3


def test_words_are_kept_when_nothing_is_known_of_the_page(writer, draft):
    writer.open("quiz-q1")
    Page.objects.filter(edition=draft, key="quiz").delete()
    answer = writer.send("save", q0_stem="My words")
    assert "My words" in answer.content.decode()


def test_words_are_kept_when_another_kind_of_page_has_the_key(writer, draft):
    writer.open("quiz-q1").fields["sent_again"] = ["a proof"]
    Page.objects.filter(edition=draft, key="quiz").delete()
    make.page(draft, "quiz")
    answer = writer.send("save", q0_stem="My words")
    assert answer.status_code == 409
    assert "My words" in answer.content.decode()
    assert "a proof" not in answer.content.decode()


# As a whole ----------------------------------------------------------------------------------------------------------


@pytest.mark.no_cover
def test_opening_and_saving_each_question_of_the_course_changes_nothing():
    course.load()
    client = make.client(make.author())
    for page in Page.objects.filter(kind="quiz", edition__number__isnull=False).select_related("edition__module"):
        draft = start_draft(page.edition)
        stood, there = said(draft), set()
        writer = Writer(client, f"/admin/write/modules/{draft.module.slug}/pages/quiz/")
        for key in ["", *keys(draft)]:
            if key in there:
                continue
            opened = writer.open(key)
            there |= set(opened.fields.get("question", []))
            assert opened.labels <= opened.ids, "each label has its field"
            assert writer.send("save").status_code == 303
        assert said(draft) == stood
        assert there == set(keys(draft))
    assert not Revision.objects.filter(verb="saved").exists()


def test_forty_questions_ask_as_many_queries_as_four(writer, draft):
    asked = []
    quiz = Page.objects.get(edition=draft, key="quiz").quiz
    for many in (4, 40):
        for position in range(quiz.questions.count() + 1, many + 1):
            make.question(quiz, position, sources=0)
        with CaptureQueriesContext(connection) as captured:
            writer.open("quiz-q3")
        asked.append(len(captured))
    assert asked[0] == asked[1] <= 20, asked


def test_only_questions_in_which_something_is_wrong_have_a_flag(writer, draft):
    document = said(draft)
    first, *rest = document.questions
    save(draft, replace(document, questions=(replace(first, stem="", rationale=""), *rest)))
    bench = writer.client.get(QUIZ, {"at": "quiz-q1"}).context["bench"]
    flags = {entry.key: entry.flag for listed in bench.listed for entry in listed.entries}
    problems = find_sheet(draft, "quiz").problems_of(said(draft))
    counts = {
        key: [sum(one.block == key and one.level == level for one in problems) for level in Level] for key in flags
    }
    for key, (errors, warnings) in counts.items():
        words = [f"{errors} error{'s' * (errors > 1)}"] * (errors > 0)
        words += [f"{warnings} warning{'s' * (warnings > 1)}"] * (warnings > 0)
        assert flags[key] == ", ".join(words), key
    assert counts["quiz-q1"][0] > 0
    assert "" in flags.values()
