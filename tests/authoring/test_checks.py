"""Each check finds its problem in a small edition, and nothing in one that is as it should be."""

import io
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from apps.authoring.checks import check_course, check_facts
from apps.modules.checks import find_errors, find_problems
from apps.modules.models import Edition, Page
from apps.modules.problems import Level
from apps.quizzes.models import Option, Question
from apps.scenarios.models import Choice, Scenario, Scene
from tests import make

pytestmark = [pytest.mark.django_db, pytest.mark.once]

HARD = (
    "Notwithstanding institutional considerations, professional accountability necessitates comprehensive evaluation "
    "of communicative responsibilities, particularly regarding confidentiality, organisational reputation and "
    "interprofessional relationships. "
) * 4


def make_draft() -> Edition:
    """An edition in which nothing is wrong."""
    draft = make.draft("posts")
    make.reading(draft, facts="A1.1")
    make.rules(make.scenario(draft))
    quiz = make.quiz(draft, questions=2)
    make.ranking(quiz, 3)
    make.choosing(quiz, 4)
    make.fact("A1.1")
    return draft


def found(edition: Edition) -> list[str]:
    return [problem.text for problem in find_problems(edition)]


def change(row: Any, **values: Any) -> Any:
    for name, value in values.items():
        setattr(row, name, value)
    row.save()
    return row


def reading(edition: Edition) -> Page:
    return edition.page_set.get(key="reading")


def option(edition: Edition, key: str) -> Option:
    return Option.objects.get(edition=edition, key=key)


def test_nothing_is_found_in_what_is_as_it_should_be() -> None:
    draft = make_draft()
    assert found(draft) == []
    assert found(make.publish(draft)) == []
    assert check_course([draft.pk]) == []


@pytest.mark.parametrize("find", [find_problems, find_errors])
def test_an_edition_is_judged_in_as_many_statements_however_much_it_holds(find: Any) -> None:
    asked = []
    for size in ({"scenes": 3, "questions": 2}, {"scenes": 9, "questions": 8, "sources": 3}):
        edition = make.edition(f"posts-{size['scenes']}", readings=1, is_full=True, **size)
        with CaptureQueriesContext(connection) as captured:
            assert find(edition) == []
        asked.append(len(captured))
    assert asked[0] == asked[1] <= 8 + 12 * 2 + 2


def test_what_cannot_be_published_is_found() -> None:
    draft = make_draft()
    Question.objects.filter(edition=draft).delete()
    assert found(draft) == ["Quiz “Quiz” has no questions."]


@pytest.mark.parametrize(
    ("picture", "told"),
    [
        ("![A trolley in a corridor](illustrations/dots.svg)", []),
        ("![](illustrations/dots.svg)", ["the picture illustrations/dots.svg has no alternative text."]),
        ("![Two words](illustrations/dots.svg)", ["the picture illustrations/dots.svg has no alternative text."]),
    ],
)
def test_pictures_that_are_mute_are_found(picture: str, told: list[str]) -> None:
    draft = make_draft()
    change(reading(draft), body=picture)
    assert found(draft) == [f"Page “Reading” (reading): {one}" for one in told]


def test_pictures_that_are_missing_are_found() -> None:
    draft = make_draft()
    change(draft, illustration="illustrations/lost.svg")
    assert found(draft) == [f"Edition “{draft.title}”: the picture illustrations/lost.svg does not exist."]


def test_a_link_to_a_source_that_the_page_does_not_cite_is_found() -> None:
    draft = make_draft()
    cited = reading(draft).sources.get().key
    change(reading(draft), body=f"One [says](#source-{cited}), another [says](#source-elsewhere).")
    assert found(draft) == ["Page “Reading” (reading): the text refers to the source elsewhere, which does not exist."]


REVEAL = ":::: reveal\nIt is late.\n\n::: answer\nSleep.\n:::\n::::"


def test_a_reveal_outside_of_a_reading_page_is_found() -> None:
    draft = make_draft()
    change(reading(draft), body=REVEAL)
    change(Choice.objects.get(edition=draft, key="case-scene-1-best"), consequence=REVEAL)
    (problem,) = found(draft)
    assert problem.endswith("its consequence has a reveal, which belongs on a reading page.")


def test_the_guidance_the_role_and_the_consequences_are_read_too() -> None:
    draft = make_draft()
    case = Scenario.objects.get(edition=draft)
    change(case, guidance=f"See [there](#source-elsewhere). ![](illustrations/trolley.svg) {HARD}")
    change(
        Choice.objects.get(edition=draft, key="case-scene-1-best"), consequence="![A cat asleep](illustrations/cat.svg)"
    )
    told = found(draft)
    assert "Scenario “case”: the picture illustrations/trolley.svg has no alternative text." in told
    assert "Scenario “case”: the text refers to the source elsewhere, which does not exist." in told
    assert any(one.startswith("Scenario “case”: its reading age is ") for one in told)
    assert any(one.endswith("(case-scene-1-best): the picture illustrations/cat.svg does not exist.") for one in told)
    assert len(told) == 4


def test_a_link_to_a_source_that_is_cited_elsewhere_is_found() -> None:
    draft = make_draft()
    make.source("elsewhere")
    change(reading(draft), body="Another [says](#source-elsewhere).")
    (problem,) = found(draft)
    assert problem == "Page “Reading” (reading): the text refers to the source elsewhere, which it does not cite."


def test_a_link_to_a_source_where_none_are_listed_is_found() -> None:
    draft = make_draft()
    question = Question.objects.get(edition=draft, key="quiz-q1")
    change(question, rationale=f"So [it says](#source-{question.sources.get().key}).")
    assert len(found(draft)) == 1


def test_a_page_without_a_source_is_found() -> None:
    draft = make_draft()
    make.page(draft, "bare")
    assert found(draft) == ["Page “Bare” (bare): cites no source."]


def test_a_scene_without_a_teaching_point_or_its_source_is_found() -> None:
    draft = make_draft()
    change(Scene.objects.get(edition=draft, key="case-scene-1"), teaching_point="")
    Scene.objects.get(edition=draft, key="case-scene-2").citations.all().delete()
    assert found(draft) == [
        "Scene “Scene 1” (case-scene-1): has no teaching point.",
        "Scene “Scene 2” (case-scene-2): its teaching point cites no source.",
    ]


@pytest.mark.parametrize(
    ("model", "owner"),
    [
        (make.PageCitation, "Page “Reading” (reading)"),
        (make.SceneCitation, "Scene “Scene 1” (case-scene-1)"),
        (make.ScenarioCitation, "Scenario “case”"),
        (make.QuestionCitation, "Question “quiz-q1”"),
    ],
)
def test_a_replaced_source_without_what_replaced_it_is_found(model: Any, owner: str) -> None:
    draft = make_draft()
    citation = model.objects.filter(edition=draft).order_by("pk")[0]
    newer = make.source("newer")
    change(citation.source, superseded_by=newer)
    assert found(draft) == [f"{owner}: cites {citation.source.key}, which has been replaced, without what replaced it."]
    citation.pk, citation._state.adding = None, True
    change(citation, source=newer, position=9)
    assert found(draft) == []


def test_a_page_that_is_hard_to_read_is_found_unless_it_is_short() -> None:
    draft = make_draft()
    change(reading(draft), body=HARD)
    (problem,) = found(draft)
    assert problem.startswith("Page “Reading” (reading): its reading age is ")
    assert problem.endswith("; the limit is 14.")
    change(reading(draft), body=" ".join(HARD.split()[:40]))
    assert found(draft) == []
    change(reading(draft), body="Look at it again. Ask who can see it. " * 20)
    assert found(draft) == []


def test_a_scene_or_a_question_that_is_hard_to_read_is_found() -> None:
    draft = make_draft()
    scene = Scene.objects.get(edition=draft, key="case-scene-1")
    change(scene.choices.get(rating="poor"), consequence=HARD)
    change(Question.objects.get(edition=draft, key="quiz-q1"), rationale=HARD)
    scene_told, question_told = found(draft)
    assert scene_told.startswith("Scene “Scene 1” (case-scene-1): its reading age is ")
    assert question_told.startswith("Question “quiz-q1”: its reading age is ")


def test_a_question_without_a_reason_a_source_or_feedback_is_found() -> None:
    draft = make_draft()
    question = Question.objects.get(edition=draft, key="quiz-q1")
    change(question, rationale=" ")
    question.citations.all().delete()
    change(option(draft, "quiz-q1-wrong"), feedback=" ")
    assert found(draft) == [
        "Question “quiz-q1”: has no rationale.",
        "Question “quiz-q1”: cites no source.",
        "Question “quiz-q1”: the option “Option wrong of 1” has no feedback.",
    ]


@pytest.mark.parametrize("text", ["All of the above", "None of these", "Both of them", "neither of the above"])
def test_an_option_that_answers_for_the_others_is_found(text: str) -> None:
    draft = make_draft()
    change(option(draft, "quiz-q1-wrong"), text=text)
    assert found(draft) == [f"Question “quiz-q1”: the option “{text}” answers for the others."]


def test_a_key_that_is_longer_than_the_rest_is_found() -> None:
    draft = make_draft()
    mean = len("Option wrong of 1") + 1  # the two wrong ones are 17 and 19 long
    change(option(draft, "quiz-q1-right"), text="x" * int(mean * 1.4))
    assert found(draft) == []
    change(option(draft, "quiz-q1-right"), text="x" * (int(mean * 1.4) + 1))
    (problem,) = found(draft)
    assert problem.endswith("is more than 1.4 times as long as the others.")
    assert problem.startswith("Question “quiz-q1”: the key “xxx")


def test_a_key_that_alone_has_a_qualifier_is_found() -> None:
    draft = make_draft()
    change(option(draft, "quiz-q1-right"), text="Usually ask first")
    assert found(draft) == ["Question “quiz-q1”: only the key has a qualifier."]
    change(option(draft, "quiz-q1-wrong"), text="Sometimes tell")
    assert found(draft) == []


def test_keys_that_stand_too_often_at_one_place_are_found() -> None:
    draft = make.draft("posts")
    quiz = make.quiz(draft, questions=0)
    for number in range(1, 6):
        make.question(quiz, number)
    assert check_course([draft.pk]) == []  # five are too few to tell
    make.question(quiz, 6)
    (problem,) = check_course([draft.pk])
    assert str(problem) == "Single-best questions: 6 of 6 keys stand at place 1 of their file."
    for number, place in ((1, 2), (2, 2), (3, 3)):
        Option.objects.filter(question__position=number).update(is_key=False)
        Option.objects.filter(question__position=number, position=place).update(is_key=True)
    assert check_course([draft.pk]) == []


def test_facts_that_nothing_teaches_are_found_in_their_order() -> None:
    edition = make.publish(make_draft())
    for key in ("A10", "A2", "B1"):
        make.fact(key)
    assert [str(problem) for problem in check_facts([edition.pk])] == [
        f"Fact {key}: nothing teaches it." for key in ("A2", "A10", "B1")
    ]


def test_a_fact_that_does_not_exist_is_found() -> None:
    draft = make_draft()
    change(Scene.objects.get(edition=draft, key="case-scene-1"), facts="A1.1 Z9")
    assert found(draft) == ["Scene “Scene 1” (case-scene-1): names the fact Z9, which does not exist."]


@pytest.mark.parametrize(("model", "key"), [(Page, "reading"), (Scene, "case-scene-1"), (Question, "quiz-q1")])
def test_a_fact_is_taught_by_a_page_a_scene_or_a_question(model: Any, key: str) -> None:
    draft = make_draft()
    make.fact("B2")
    change(model.objects.get(edition=draft, key=key), facts="A1.1 B2")
    assert check_facts([draft.pk]) == []


def test_a_problem_says_how_much_it_weighs_and_where_it_is() -> None:
    draft, wrong = make_draft(), []
    for row, values, level, place in [
        (make.Page, {"body": "![One two three](illustrations/no.svg)"}, Level.ERROR, ("reading", "")),
        (make.Scene, {"body": "![One two three](illustrations/no.svg)"}, Level.ERROR, ("case", "case-scene-1")),
        (make.Choice, {"consequence": "See [it](#source-x)."}, Level.ERROR, ("case", "case-scene-1-poor")),
        (make.ScenePart, {"image": "illustrations/no.svg"}, Level.ERROR, ("case", "case-scene-1-part")),
        (make.Quiz, {"introduction": "![Dots](illustrations/dots.svg)"}, Level.WARNING, ("quiz", "")),
        (make.Page, {"body": HARD}, Level.WARNING, ("reading", "")),
        (make.Scenario, {"guidance": HARD}, Level.WARNING, ("case", "")),
        (make.Scene, {"body": HARD}, Level.WARNING, ("case", "case-scene-1")),
        (make.Scene, {"teaching_point": ""}, Level.WARNING, ("case", "case-scene-1")),
        (make.Question, {"stem": HARD}, Level.WARNING, ("quiz", "quiz-q1")),
        (make.Quiz, {"introduction": HARD}, Level.WARNING, ("quiz", "")),
        (make.Option, {"feedback": " "}, Level.WARNING, ("quiz", "quiz-q1")),
    ]:
        with transaction.atomic():
            more = {"image_alt": "A trolley"} if "image" in values else {}
            change(row.objects.filter(edition=draft).order_by("pk")[0], **values, **more)
            told = [(problem.level, (problem.page, problem.block)) for problem in find_problems(draft)]
            if told != [(level, place)]:
                wrong.append(f"{row.__name__} {list(values)}: {told}")
            transaction.set_rollback(True)
    assert wrong == []


def test_a_problem_of_a_citation_is_where_it_is_cited() -> None:
    draft, wrong = make_draft(), []
    for citation, place in [
        (make.PageCitation, ("reading", "")),
        (make.ScenarioCitation, ("case", "")),
        (make.SceneCitation, ("case", "case-scene-1")),
        (make.QuestionCitation, ("quiz", "quiz-q1")),
    ]:
        with transaction.atomic():
            change(citation.objects.filter(edition=draft).order_by("pk")[0].source, superseded_by=make.source("newer"))
            told = [(problem.level, (problem.page, problem.block)) for problem in find_problems(draft)]
            if told != [(Level.WARNING, place)]:
                wrong.append(f"{citation.__name__}: {told}")
            transaction.set_rollback(True)
    assert wrong == []


def run() -> tuple[str, str]:
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command("check_content", stdout=out, stderr=err)
    except CommandError as error:
        err.write(f"{error}\n")
    return out.getvalue(), err.getvalue()


def test_the_command_is_silent_about_a_clean_course_and_counts_what_it_has() -> None:
    edition = make.publish(make_draft())
    out, err = run()
    assert err == ""
    assert f"{edition}: 0 problems" in out
    assert "1 of 1 facts are taught, on 1 reading, 1 case and 1 quiz." in out


def test_the_command_fails_with_every_problem_of_the_newest_editions() -> None:
    draft = make_draft()
    make.page(draft, "bare", facts="Z9")
    make.fact("B1")
    make.publish(draft)
    out, err = run()
    assert "1 of 2 facts are taught" in out, "and Z9 is none"
    assert err.splitlines() == [
        f"{draft.title}, edition 1: Page “Bare” (bare): cites no source.",
        f"{draft.title}, edition 1: Page “Bare” (bare): names the fact Z9, which does not exist.",
        "Fact B1: nothing teaches it.",
        "3 problems.",
    ]
