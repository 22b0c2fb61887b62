"""Publishing numbers a draft and freezes it."""

import datetime

import pytest

from apps.modules import actions
from apps.modules.actions import NotPublishableError
from apps.modules.models import Edition
from tests import make

pytestmark = pytest.mark.django_db

LATER = make.NOW + datetime.timedelta(days=30)


def test_the_first_publication_gets_number_1_a_date_and_a_name() -> None:
    author = make.user()
    draft = make.draft("posts")
    make.reading(draft)
    published = actions.publish(draft, author, make.NOW)
    assert (published.number, published.published_at, published.published_by) == (1, make.NOW, author)
    assert published.pk == draft.pk


def test_publishing_twice_numbers_once() -> None:
    draft = make.draft("posts")
    make.reading(draft)
    actions.publish(draft, make.user(), make.NOW)
    again = actions.publish(draft, make.user(), LATER)  # the object still says “draft”, as in a second tab
    assert (again.number, again.published_at) == (1, make.NOW)
    assert Edition.objects.count() == 1


def test_the_second_publication_gets_number_2_and_leaves_the_first_alone() -> None:
    first = make.edition("posts")
    second = actions.publish(actions.start_draft(first), None, LATER)
    assert second.number == 2
    first.refresh_from_db()
    assert (first.number, first.published_at) == (1, make.NOW)


def test_each_module_counts_its_own_editions() -> None:
    make.edition("posts")
    draft = make.draft("other")
    make.reading(draft)
    assert actions.publish(draft, None, make.NOW).number == 1


@pytest.mark.parametrize("shape", [{}, {"is_full": True}, {"scenes": 6, "questions": 11, "sources": 0}])
def test_what_other_tests_publish_unchecked_could_be_published(shape: dict[str, int]) -> None:
    assert actions.find_obstacles(actions.start_draft(make.edition(**shape))) == []


def test_the_current_edition_is_the_newest_published_one() -> None:
    first = make.edition("posts")
    draft = actions.start_draft(first)
    assert list(Edition.objects.current()) == [first]
    second = actions.publish(draft, None, LATER)
    assert list(Edition.objects.current()) == [second]


def problems_of(draft: Edition) -> list[str]:
    """What publishing the draft is refused for; nothing has been stored."""
    with pytest.raises(NotPublishableError) as caught:
        actions.publish(draft, None, make.NOW)
    draft.refresh_from_db()
    assert (draft.number, draft.published_at) == (None, None)
    assert str(caught.value) == " ".join(caught.value.problems)
    return caught.value.problems


def test_an_empty_draft_is_refused_with_every_problem() -> None:
    assert problems_of(make.draft(learning_outcomes=" \n")) == [
        "The edition has no learning outcomes.",
        "The edition has no page that is needed for the certificate.",
    ]


def test_a_draft_of_optional_pages_is_refused() -> None:
    draft = make.draft()
    make.reading(draft, is_required=False)
    assert problems_of(draft) == ["The edition has no page that is needed for the certificate."]


def test_a_page_of_an_unknown_kind_is_refused() -> None:
    draft = make.draft()
    make.page(draft, "film", kind="film")
    assert problems_of(draft) == ["Page “Film” is of an unknown kind: film."]


@pytest.mark.parametrize(
    ("kind", "problem"), [("scenario", "Case “P” has no scenes."), ("quiz", "Quiz “P” has no questions.")]
)
def test_a_page_without_its_content_is_refused(kind: str, problem: str) -> None:
    draft = make.draft()
    make.page(draft, "p", kind=kind)
    assert problems_of(draft) == [problem]


def test_a_scene_that_no_path_leads_to_is_refused() -> None:
    draft = make.draft()
    case = make.scenario(draft)
    case.scenes.get(key="case-scene-2").arrivals.update(target=case.scenes.get(key="case-good"))
    problems = problems_of(draft)
    assert "Case “Case”: no path leads to the scene “Scene 2” (case-scene-2)." in problems
    assert "Case “Case”: no path leads to the scene “Scene 3” (case-scene-3)." in problems


def test_a_case_in_which_one_can_walk_round_for_ever_is_refused() -> None:
    draft = make.draft()
    case = make.scenario(draft, scenes=2)
    second = case.scenes.get(key="case-scene-2")
    second.choices.update(target=second)
    problems = problems_of(draft)
    assert "Case “Case”: no path from the scene “Scene 2” (case-scene-2) reaches an ending." in problems
    assert "Case “Case”: no path from the scene “Scene 1” (case-scene-1) reaches an ending." in problems


def test_rules_that_lock_a_learner_out_are_refused() -> None:
    draft = make.draft()
    case = make.scenario(draft)
    trust = make.gauge(case, start=40)
    for rating in ("best", "poor"):
        choice = make.Choice.objects.get(edition=draft, key=f"case-scene-2-{rating}")
        make.requirement(draft, f"need-{rating}", choice=choice, gauge=trust, at_least=50)
    told = "Case “Case”: a learner can stand in the scene “Scene 2” (case-scene-2) with no way left to an ending."
    assert told in problems_of(draft)
    make.effect(trust, "case-scene-1-best", 10)
    assert told in problems_of(draft)  # the other way there still locks
    make.effect(trust, "case-scene-1-poor", 10)
    assert make.publish(draft).number == 1


def test_a_case_that_begins_with_its_end_is_refused() -> None:
    draft = make.draft()
    case = make.scenario(draft)
    case.scenes.get(position=1).choices.all().delete()
    assert "Case “Case”: the first scene has no choices." in problems_of(draft)


def test_a_single_best_question_with_two_keys_is_refused() -> None:
    draft = make.draft()
    quiz = make.quiz(draft)
    quiz.questions.get(position=1).options.update(is_key=True)
    assert problems_of(draft) == ["Quiz “Quiz”: question 1 has 3 right options and needs 1."]


def test_a_single_best_question_with_two_options_is_refused() -> None:
    draft = make.draft()
    quiz = make.quiz(draft)
    quiz.questions.get(position=1).options.get(key="quiz-q1-wrong").delete()
    assert problems_of(draft) == ["Quiz “Quiz”: question 1 has fewer than 3 options."]


def test_a_multiple_response_question_that_asks_for_another_number_is_refused() -> None:
    draft = make.draft()
    quiz = make.quiz(draft)
    quiz.questions.filter(position=3).update(select=3)
    assert problems_of(draft) == ["Quiz “Quiz”: question 3 asks for 3 and has 2 right options."]


def test_a_multiple_response_question_without_a_wrong_option_is_refused() -> None:
    draft = make.draft()
    quiz = make.quiz(draft)
    quiz.questions.get(position=3).options.update(is_key=True)
    assert problems_of(draft) == ["Quiz “Quiz”: question 3 has no wrong option."]


@pytest.mark.parametrize("link", ["target", "effect", "gauge", "visited"])
def test_a_row_that_points_into_another_case_is_refused(link: str) -> None:
    draft = make.draft()
    here, other = make.scenario(draft), make.scenario(draft, "other")
    choice = make.Choice.objects.get(edition=draft, key="case-scene-2-best")
    there = other.scenes.get(key="other-scene-1")
    gauge = make.gauge(other)
    match link:
        case "target":
            choice.target = there
            choice.save()
            told = f"Choice “{choice}” points into another case (target)."
        case "effect":
            effect = make.effect(gauge, choice.key, 10)
            told = f"Effect “{effect}” points into another case (gauge)."
        case "gauge":
            make.requirement(draft, "need", choice=choice, gauge=gauge, at_least=1)
            told = "Requirement “need” points into another case (gauge)."
        case "visited":
            make.requirement(draft, "need", scene=here.scenes.get(key="case-good"), visited=there)
            told = "Requirement “need” points into another case (visited)."
    assert problems_of(draft) == [told]


def test_an_ending_without_outcome_and_a_scene_with_one_are_refused() -> None:
    draft = make.draft()
    case = make.scenario(draft)
    case.scenes.filter(key="case-good").update(outcome="")
    case.scenes.filter(key="case-scene-1").update(outcome="poor")
    assert problems_of(draft) == [
        "Case “Case”: the scene “Scene 1” (case-scene-1) has choices, so it has no outcome.",
        "Case “Case”: the ending “A good end” (case-good) does not say how it ended (outcome).",
    ]


def test_a_quiz_that_nobody_could_pass_is_refused() -> None:
    draft = make.draft()
    quiz = make.quiz(draft, questions=0)
    make.ranking(quiz, 1)
    assert problems_of(draft) == ["Quiz “Quiz” has no question that counts towards the pass mark."]
    make.question(quiz, 2)
    assert make.publish(draft).number == 1


def test_a_ranking_with_only_a_second_order_is_refused() -> None:
    draft = make.draft()
    quiz = make.quiz(draft)
    for option in make.ranking(quiz, 4).options.all():
        option.rank, option.also_rank = None, option.rank
        option.save()
    assert problems_of(draft) == ["Quiz “Quiz”: question 4 needs 5 options with the ranks 1 to 5, each once."]
