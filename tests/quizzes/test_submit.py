"""Handing in marks the attempt once; passing completes the page."""

import itertools
import re
from decimal import Decimal
from typing import Any

import pytest

from apps.progress.models import PageCompletion
from apps.quizzes.models import Attempt, Quiz, Response
from tests import make
from tests.conftest import forget_published_content
from tests.quizzes.conftest import QUIZ, Player

pytestmark = [pytest.mark.django_db, pytest.mark.pages]


def answer_all(player: Player, *, right: bool = True, attempt: int = 1) -> None:
    word = "right" if right else "wrong"
    player.answer(1, word, attempt=attempt)
    player.answer(2, word, attempt=attempt)
    player.answer(3, word, f"{word}-2", attempt=attempt)


def test_a_full_house_passes_and_completes_the_page(player: Player) -> None:
    answer_all(player)
    page = player.submit(follow=True).content.decode()
    attempt = Attempt.objects.get()
    assert (attempt.score, attempt.max_score, attempt.scaled) == (4, 4, 1)
    assert list(Response.objects.order_by("position").values_list("score", flat=True)) == [1, 1, 2]
    completion = PageCompletion.objects.get()
    assert (completion.page.kind, completion.scaled_score) == ("quiz", 1)
    assert completion.completed_at == attempt.submitted_at
    heading = re.search(r"</span> (100%\. (?:Go to bed|Nothing to add)\.)</h1>", page)
    assert heading
    assert f"<title>{heading[1]} - Quiz - When posts go wrong - Second Look</title>" in page
    assert "All of it right" in page
    assert "missed" not in page


def test_nothing_right_does_not_pass(player: Player) -> None:
    answer_all(player, right=False)
    page = player.submit(follow=True).content.decode()
    assert (Attempt.objects.get().score, Attempt.objects.get().max_score) == (0, 4)
    assert not PageCompletion.objects.exists()
    assert "0%: worth another read</h1>" in page
    assert "<title>0%: worth another read - Quiz - When posts go wrong - Second Look</title>" in page
    assert "Take the whole quiz again" in page


def test_what_was_not_answered_has_no_marks(player: Player) -> None:
    player.answer(1, "right")
    assert "2 questions not answered." in player.text("check/")
    page = player.submit(follow=True).content.decode()
    assert list(Response.objects.order_by("position").values_list("score", flat=True)) == [1, 0, 0]
    assert page.count("<b>Yours:</b> not answered") == 2
    assert not PageCompletion.objects.exists()


def test_the_results_show_key_feedback_rationale_and_sources(player: Player) -> None:
    player.answer(1, "wrong")
    page = player.submit(follow=True).content.decode()
    assert "<b>Right:</b> Option right of 1" in page
    assert "<b>Yours:</b> Option wrong of 1" in page
    assert "Feedback on right." in page
    assert "Feedback on wrong." in page
    assert page.count("Because it is.") == 3
    assert page.count("Source: ") == 3


def test_other_options_are_offered_where_there_are_others(player: Player) -> None:
    """A multiple response of four, two of them right and the two wrong ones chosen, has none."""
    player.answer(1, "wrong")
    player.answer(3, "wrong", "wrong-2")
    page = player.submit(follow=True).content.decode()
    disclosures = re.findall(r'<summary>(.*?)<span class="sl-hidden"> of question (\d)</span>', page)
    assert disclosures == [
        ("The other answer, and the source", "1"),
        ("The other 2 answers, and the source", "2"),
        ("The source", "3"),
    ]


def test_submitting_twice_gives_the_same_result(player: Player) -> None:
    answer_all(player)
    first = player.submit()
    stored = Attempt.objects.values().get()
    second = player.submit()
    assert first.url == second.url == f"{QUIZ}attempt/1/"
    assert Attempt.objects.values().get() == stored
    assert PageCompletion.objects.count() == 1


@pytest.mark.parametrize(
    ("pass_mark", "right", "is_passed"),
    [
        ("0.75", 2, False),  # 2 of 4 marks
        ("0.50", 2, True),
        ("0.51", 2, False),
        ("1.00", 3, True),
        ("0.00", 0, True),
        ("0.26", 1, False),
        ("0.25", 1, True),
    ],
)
def test_the_pass_mark_itself_passes(player: Player, pass_mark: str, right: int, is_passed: bool) -> None:
    make.unguarded(Quiz).update(pass_mark=pass_mark)
    forget_published_content()
    for position in range(1, right + 1):
        player.answer(position, *(["right"] if position < 3 else ["right", "right-2"]))
    player.submit()
    attempt = Attempt.objects.get()
    assert attempt.is_passed is is_passed
    assert PageCompletion.objects.exists() is is_passed


def test_two_thirds_is_less_than_67_and_is_told_as_66_per_cent(player: Player) -> None:
    """Rounding never makes a pass."""
    attempt = Attempt.objects.get()
    attempt.quiz.pass_mark = Decimal("0.67")
    attempt.submitted_at, attempt.score, attempt.max_score = make.NOW, 2, 3
    assert attempt.percent == 66
    assert not attempt.is_passed


def test_a_score_at_the_pass_mark_passes_whatever_the_marks() -> None:
    attempt = Attempt(quiz=Quiz(), submitted_at=make.NOW)
    for marks, pass_mark in itertools.product(range(1, 41), range(101)):  # per cent
        attempt.max_score, attempt.quiz.pass_mark = marks, Decimal(pass_mark) / 100
        for score in range(marks + 1):
            attempt.score = score
            assert attempt.is_passed == (score * 100 >= pass_mark * marks)
            assert attempt.percent == score * 100 // marks


def test_every_attempt_is_kept_and_the_first_pass_stays(player: Player) -> None:
    answer_all(player)
    player.submit()
    completion = PageCompletion.objects.values().get()
    player.start()
    answer_all(player, right=False, attempt=2)
    player.submit(2)
    assert list(Attempt.objects.order_by("number").values_list("score", flat=True)) == [4, 0]
    assert PageCompletion.objects.values().get() == completion
    page = player.text()
    assert re.findall(r"<dt>(Attempt \d)</dt>", page) == ["Attempt 2", "Attempt 1"], "the newest first"


def test_passing_at_the_second_try_completes_the_page(player: Player) -> None:
    player.submit()
    assert not PageCompletion.objects.exists()
    player.start()
    answer_all(player, attempt=2)
    player.submit(2)
    assert PageCompletion.objects.get().scaled_score == 1


@pytest.mark.parametrize("attempt", ["", "x", "0", "2", "-1", "9" * 30, "1\x00"])
def test_an_attempt_that_is_none_is_not_found(player: Player, attempt: Any) -> None:
    assert player.submit(attempt).status_code == 404
    assert Attempt.objects.get().submitted_at is None


@pytest.mark.parametrize("is_enrolled", [False, True])
def test_another_can_neither_submit_nor_see_it(player: Player, is_enrolled: bool) -> None:
    other = make.user()
    if is_enrolled:
        make.enrolment(other, Attempt.objects.get().enrolment.edition)
    stranger = Player(make.client(other))
    assert stranger.submit().status_code == 404
    assert Attempt.objects.get().submitted_at is None
    player.submit()
    assert stranger.client.get(f"{QUIZ}attempt/1/").status_code == 404
    assert "Attempt 1" not in stranger.text()


def test_an_open_attempt_has_no_result(player: Player) -> None:
    assert player.client.get(f"{QUIZ}attempt/1/").status_code == 404
    assert player.client.get(f"{QUIZ}attempt/2/").status_code == 404
    assert player.client.get(f"{QUIZ}attempt/{10**30}/").status_code == 404
