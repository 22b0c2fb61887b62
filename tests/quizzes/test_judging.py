"""Situational judgement in the quiz player: ranking five, choosing three, and what the results say of them."""

import datetime
import html
import re
from pathlib import Path
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from apps.accounts.models import User
from apps.progress.models import PageCompletion
from apps.quizzes import actions
from apps.quizzes.models import Attempt, Option, Question, Response, SelectedOption
from apps.quizzes.queries import paper_of
from tests import make
from tests.conftest import forget_published_content
from tests.quizzes.conftest import QUIZ

pytestmark = [pytest.mark.django_db, pytest.mark.once]

RANKING, CHOOSING = 2, 3  # the places of the two in the quiz
PLACES = range(1, 6)
KEY = {place: place for place in PLACES}
WRONG_WAY_ROUND = {place: 6 - place for place in PLACES}


class Judge:
    """A learner in a quiz of a single-best question, a ranking and a choice of three."""

    def __init__(self, client: Client) -> None:
        self.client = client

    def rank(self, ranks: dict[Any, Any], owned: dict[str, str] | None = None, **more: Any) -> HttpResponse:
        """Post ranks by the place of the option in the key order, or by the whole key."""
        named = {f"quiz-q2-place-{key}" if key in PLACES else key: rank for key, rank in ranks.items()}
        data = {"attempt": 1} | {f"rank-{key}": rank for key, rank in named.items()} | (owned or {})
        return self.client.post(f"{QUIZ}question/{RANKING}/answer/", data, **more)

    def choose(self, *endings: str, position: int = CHOOSING) -> HttpResponse:
        data = {"attempt": 1, "option": [f"quiz-q{position}-{ending}" for ending in endings]}
        return self.client.post(f"{QUIZ}question/{position}/answer/", data)

    def text(self, place: str) -> str:
        return html.unescape(self.client.get(f"{QUIZ}{place}").content.decode())

    def results(self) -> str:
        response = self.client.post(f"{QUIZ}check/submit/", {"attempt": 1}, follow=True)
        return html.unescape(response.content.decode())


def stored() -> dict[int, int | None]:
    """The rank that is stored for each option of the ranking, by its place in the key order."""
    ranked = SelectedOption.objects.filter(response__position=RANKING).values_list("option__key", "rank")
    return {int(key[-1]): rank for key, rank in ranked}


def shown(page: str) -> dict[int, int | None]:
    """The position that is selected for each option of the ranking."""
    fields = re.findall(r'<select id="option-quiz-q2-place-(\d)"[^>]*>(.*?)</select>', page, re.S)
    chosen = {int(place): re.search(r'value="(\d)" selected', options) for place, options in fields}
    return {place: int(found[1]) if found else None for place, found in chosen.items()}


def marked_wrong(page: str) -> set[int]:
    return {int(place) for place in re.findall(r'<select id="option-quiz-q2-place-(\d)"[^>]*aria-invalid="true"', page)}


def make_quiz() -> None:
    draft = make.draft("posts")
    quiz = make.quiz(draft, questions=0)
    make.question(quiz, 1)
    make.ranking(quiz, RANKING)
    make.choosing(quiz, CHOOSING)
    make.publish(draft)


@pytest.fixture
def judge(learner: User, client_of_learner: Client) -> Judge:
    make_quiz()
    client_of_learner.post(f"{QUIZ}start/")
    return Judge(client_of_learner)


def test_the_page_shows_an_order_from_the_start_which_is_no_answer_yet(judge: Judge) -> None:
    page = judge.text(f"question/{RANKING}/")
    assert sorted(shown(page).values()) == [1, 2, 3, 4, 5]
    assert re.findall(r'<span class="sl-place" aria-hidden="true">(\d)</span>', page) == ["1", "2", "3", "4", "5"]
    assert marked_wrong(page) == set()
    assert "This is the order they came in. Give each its place, 1 to 5: 1 is the best thing to do." in page
    assert 'data-rank="This is the order they came in. Move them until it is yours' in page
    assert stored() == {}
    assert len(re.findall(r'<label for="option-quiz-q2-place-\d">', page)) == 5


def test_skipping_stores_an_order_only_when_it_is_another_than_the_page_came_with(judge: Judge) -> None:
    page = judge.text(f"question/{RANKING}/")
    was = re.search(r'name="was" value="(.*?)"', page)
    assert was
    came, url = shown(page), f"{QUIZ}question/{RANKING}/answer/"
    moved = {place: {1: 2, 2: 1}.get(rank or 0, rank) for place, rank in came.items()}
    for order, expected in ((came, {}), (moved, moved)):
        ranks = {f"rank-quiz-q2-place-{place}": rank for place, rank in order.items()}
        judge.client.post(url, {**ranks, "attempt": 1, "was": was[1], "go": "3"})
        assert stored() == expected


def test_the_script_of_a_ranking_is_loaded_there_alone(judge: Judge, collected: Path, product_storage: None) -> None:
    scripts = {
        position: re.findall(r'src="/static/(.*?)"', judge.text(f"question/{position}/")) for position in (1, 2, 3)
    }
    (script,) = set(scripts[RANKING]) - set(scripts[1])
    assert re.fullmatch(r"quizzes/kinds/rank\.[0-9a-f]{12}\.js", script)
    assert "data-rank" in (collected / script).read_text()
    assert scripts[CHOOSING] == scripts[1]


def test_a_complete_order_is_stored_and_shown_again(judge: Judge) -> None:
    given = {1: 2, 2: 1, 3: 3, 4: 5, 5: 4}
    response = judge.rank(given)
    assert response.status_code == 302
    assert response.url == f"{QUIZ}question/{CHOOSING}/"
    assert stored() == given
    assert Response.objects.get(position=RANKING).answered_at is not None
    page = judge.text(f"question/{RANKING}/")
    assert shown(page) == given
    assert marked_wrong(page) == set()
    in_order = r"1\. Option place-2 of 2.*2\. Option place-1 of 2.*3\. Option place-3 of 2"
    assert re.search(in_order, judge.text("check/"), re.S)


def test_another_order_replaces_the_one_before(judge: Judge) -> None:
    judge.rank(KEY)
    judge.rank(WRONG_WAY_ROUND)
    assert stored() == WRONG_WAY_ROUND
    assert SelectedOption.objects.count() == 5


@pytest.mark.parametrize(
    ("given", "told", "kept", "wrong"),
    [
        ({}, "Five actions have no place", dict.fromkeys(PLACES), {1, 2, 3, 4, 5}),
        (
            {1: 1, 2: 2, 3: 2, 4: 4, 5: 5},
            "Two actions share place 2. Everything else is kept.",
            {1: 1, 2: 2, 3: 2, 4: 4, 5: 5},
            {2, 3},
        ),
        (
            {1: 1, 2: 2, 3: 3, 4: 4, 5: ""},
            "One action has no place. Everything else is kept.",
            {1: 1, 2: 2, 3: 3, 4: 4, 5: None},
            {5},
        ),
        (
            {1: 1, 2: 2, 3: 3, 4: 4},
            "One action has no place. Everything else is kept.",
            {1: 1, 2: 2, 3: 3, 4: 4, 5: None},
            {5},
        ),
        (
            {1: 1, 2: 2, 3: 3, 4: 4, 5: 6},
            "There is no such place. Choose one from 1 to 5",
            {1: 1, 2: 2, 3: 3, 4: 4, 5: None},
            {5},
        ),
        (
            {1: 0, 2: 2, 3: 3, 4: 4, 5: 5},
            "There is no such place. Choose one from 1 to 5",
            {1: None, 2: 2, 3: 3, 4: 4, 5: 5},
            {1},
        ),
        (
            {1: -1, 2: 2, 3: 3, 4: 4, 5: 5},
            "There is no such place. Choose one from 1 to 5",
            {1: None, 2: 2, 3: 3, 4: 4, 5: 5},
            {1},
        ),
        (
            {1: "9" * 30, 2: 2, 3: 3, 4: 4, 5: 5},
            "There is no such place. Choose one from 1 to 5",
            {1: None, 2: 2, 3: 3, 4: 4, 5: 5},
            {1},
        ),
        (
            {1: "one", 2: 2, 3: 3, 4: 4, 5: 5},
            "There is no such place. Choose one from 1 to 5",
            {1: None, 2: 2, 3: 3, 4: 4, 5: 5},
            {1},
        ),
        (
            {1: "1\x00", 2: 2, 3: 3, 4: 4, 5: 5},
            "There is no such place. Choose one from 1 to 5",
            {1: None, 2: 2, 3: 3, 4: 4, 5: 5},
            {1},
        ),
        (
            {1: 1, 2: 2, 3: 3, 4: 4, "quiz-q1-right": 5},  # another question's option instead of the fifth
            "One action has no place. Everything else is kept.",
            {1: 1, 2: 2, 3: 3, 4: 4, 5: None},
            {5},
        ),
    ],
)
def test_what_is_no_order_is_told_and_its_fields_are_kept_and_nothing_is_stored(
    judge: Judge, given: dict[Any, Any], told: str, kept: dict[int, int | None], wrong: set[int]
) -> None:
    response = judge.rank(given)
    page = html.unescape(response.content.decode())
    assert response.status_code == 422
    assert "There is a problem" in page
    assert told in page
    assert shown(page) == kept
    assert marked_wrong(page) == wrong
    assert not SelectedOption.objects.exists()
    assert Response.objects.get(position=RANKING).answered_at is None


def test_the_same_problem_is_told_once_and_leads_to_the_first_field_that_is_wrong(judge: Judge) -> None:
    page = judge.rank({1: 1, 2: 2, 3: 6, 4: 7, 5: 5}).content.decode()
    fields = [int(place) for place in re.findall(r'<select id="option-quiz-q2-place-(\d)"', page)]
    links = [int(place) for place in re.findall(r'<li><a href="#option-quiz-q2-place-(\d)">', page)]
    assert links == [place for place in fields if place in {3, 4}][:1]
    assert len(re.findall('<p class="sl-error"', page)) == 1
    assert "You were signed out" not in page


def test_what_is_no_order_leaves_the_stored_one(judge: Judge) -> None:
    judge.rank(KEY)
    assert judge.rank(KEY | {5: 1}).status_code == 422
    assert stored() == KEY


def test_a_rank_for_an_option_of_another_question_is_left_out(judge: Judge) -> None:
    assert judge.rank(KEY | {"quiz-q1-right": 1, "no-such-option": 2}).status_code == 302
    assert stored() == KEY
    assert SelectedOption.objects.count() == 5


def test_the_action_itself_refuses_ranks_of_another_question_and_incomplete_orders(judge: Judge) -> None:
    attempt = Attempt.objects.get()
    paper = paper_of(attempt.quiz.page)
    response = attempt.responses.get(position=RANKING)
    order: dict[str, int | None] = {f"quiz-q2-place-{place}": place for place in PLACES}
    for given in (order | {"quiz-q1-right": 1}, order | {"quiz-q2-place-5": None}, order | {"quiz-q2-place-5": 4}, {}):
        with pytest.raises(actions.NotAnAnswerError):
            actions.answer(response, paper, given, make.NOW)
    assert not SelectedOption.objects.exists()


@pytest.mark.parametrize("endings", [(), ("right-1", "right-2"), ("right-1", "right-2", "right-3", "wrong-1")])
def test_a_choice_of_three_takes_three(judge: Judge, endings: tuple[str, ...]) -> None:
    response = judge.choose(*endings)
    assert response.status_code == 422
    assert f"Select 3 answers. You have selected {len(endings)}" in response.content.decode()
    assert not SelectedOption.objects.exists()


def test_results_show_the_key_with_the_learners_order_beside_it_and_judgement_in_words(judge: Judge) -> None:
    judge.rank({1: 2, 2: 1, 3: 3, 4: 4, 5: 5})
    judge.choose("right-1", "right-2", "wrong-1")
    page = judge.results()
    assert "18 of 20 points. 3 of 5 where the key has them; you swapped the first and the second." in page
    assert "8 of 12 points. 2 of 3 right. Also right: Option right-3 of 3" in page
    order = re.findall(r"<strong>Option place-(\d) of 2</strong>", page)
    assert order == ["1", "2", "3", "4", "5"]
    yours = re.findall(r'<span class="sl-place sl-place--yours( sl-place--moved)?">(.)</span>', page)
    moved = " sl-place--moved"
    assert yours == [(moved, "2"), (moved, "1"), ("", "3"), ("", "4"), ("", "5")]
    assert page.count("You put it one place lower") == page.count("You put it one place higher") == 1
    assert page.count("Same place") == 3
    for place in PLACES:
        assert f"Feedback on place-{place}." in page
    assert "In the style of selection papers such as the MSRA’s; not an official test." in page
    blind = "A blind guess scores about 12 of 20 where you rank five, and 4 or 5 of 12 where you choose three."
    assert f"No pass mark here. {blind}" in page
    assert "chance" not in page
    assert list(Response.objects.order_by("position").values_list("score", flat=True)) == [0, 18, 8]


def test_a_ranking_without_an_answer_has_no_points_and_says_so(judge: Judge) -> None:
    page = judge.results()
    assert "0 of 20 points. Not answered." in page
    assert page.count("You gave it no place") == 5
    assert page.count("<b>Yours:</b> not answered") == 2
    assert re.search("0 of 12 points.</span>.*?<b>Right:</b> Option right-", page)


def test_results_compare_with_the_second_order_where_that_gives_more(judge: Judge) -> None:
    for place, also in {1: 1, 2: 3, 3: 2, 4: 4, 5: 5}.items():
        make.unguarded(Option).filter(key=f"quiz-q2-place-{place}").update(also_rank=also)
    forget_published_content()
    judge.rank({1: 1, 2: 3, 3: 2, 4: 4, 5: 5})
    page = judge.results()
    assert "20 of 20 points. Your order is the key." in page
    assert re.findall(r"<strong>Option place-(\d) of 2</strong>", page) == ["1", "3", "2", "4", "5"]


def test_results_say_that_no_panel_has_agreed_the_key(judge: Judge) -> None:
    page = judge.results()
    assert page.count("Key by the course authors, not yet agreed by a panel.") == 2  # only judgement has provenance
    assert "Key agreed by a panel" not in page


def test_results_say_which_panel_agreed_the_key(judge: Judge) -> None:
    agreed = {"panel_size": 12, "panel_agreed_on": datetime.date(2026, 10, 3)}
    make.unguarded(Question).filter(position=RANKING).update(**agreed)
    forget_published_content()
    page = judge.results()
    assert page.count("Key agreed by a panel of 12 clinicians, October 2026.") == 1
    assert page.count("Key by the course authors, not yet agreed by a panel.") == 1


@pytest.mark.parametrize("is_judged_well", [True, False])
@pytest.mark.parametrize("is_right", [True, False])
def test_judgement_changes_neither_score_nor_pass(judge: Judge, is_right: bool, is_judged_well: bool) -> None:
    judge.choose("right" if is_right else "wrong", position=1)
    judge.rank(KEY if is_judged_well else WRONG_WAY_ROUND)
    word = "right" if is_judged_well else "wrong"
    judge.choose(f"{word}-1", f"{word}-2", f"{word}-3")
    page = judge.results()
    attempt = Attempt.objects.get()
    assert (attempt.score, attempt.max_score) == (int(is_right), 1)
    assert attempt.is_passed is is_right
    assert PageCompletion.objects.filter(page__kind="quiz").exists() is is_right
    assert f"{int(is_right)} of 1 mark." in page
    judged = {RANKING: 20 if is_judged_well else 8, CHOOSING: 12 if is_judged_well else 0}
    scores = dict(Response.objects.exclude(position=1).values_list("position", "score"))
    assert scores == judged


def test_no_key_of_a_judgement_shows_before_handing_in(judge: Judge) -> None:
    judge.rank(WRONG_WAY_ROUND)
    for place in (f"question/{RANKING}/", f"question/{CHOOSING}/", "check/"):
        page = judge.text(place)
        assert "Feedback on" not in page
        assert "better than chance" not in page


def test_a_ranking_that_was_sent_signed_out_waits_in_the_form(judge: Judge) -> None:
    judge.client.logout()
    given = {1: 5, 2: 4, 3: 3, 4: 2, 5: 1}
    owned = make.owned_by(User.objects.get(email="learner@example.org"))
    assert judge.rank(given, owned).url.startswith("/account/login/")
    judge.client.post("/account/login/", {"login": "learner@example.org", "password": make.PASSWORD})
    page = judge.text(f"question/{RANKING}/")
    assert shown(page) == given
    assert "Your answer is still here" in page
    assert not SelectedOption.objects.exists()


def test_half_an_order_that_was_kept_is_not_wrong_yet(judge: Judge) -> None:
    judge.client.logout()
    owned = make.owned_by(User.objects.get(email="learner@example.org"))
    judge.rank({1: 5, 2: 5}, owned)
    judge.client.post("/account/login/", {"login": "learner@example.org", "password": make.PASSWORD})
    page = judge.text(f"question/{RANKING}/")
    assert shown(page) == {1: 5, 2: 5, 3: None, 4: None, 5: None}
    assert marked_wrong(page) == set()
    assert "There is a problem" not in page
    assert "Your answer is still here" in page


def test_what_was_kept_and_cannot_be_shown_is_not_promised(judge: Judge) -> None:
    judge.client.logout()
    owned = make.owned_by(User.objects.get(email="learner@example.org"))
    judge.rank({"quiz-q1-right": 5}, owned)
    judge.client.post("/account/login/", {"login": "learner@example.org", "password": make.PASSWORD})
    assert "Your answer is still here" not in judge.text(f"question/{RANKING}/")
