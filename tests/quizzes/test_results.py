"""What results lead to: one thing to do first, and rows that can be told apart in any edition."""

import html
import re

import pytest
from django.test import Client

from apps.accounts.models import User
from apps.modules.models import Edition, Page
from apps.progress.actions import complete_page
from apps.progress.models import Enrolment
from apps.quizzes.models import Quiz
from tests import make
from tests.quizzes.conftest import QUIZ, Player

pytestmark = [pytest.mark.django_db, pytest.mark.pages]


class Results:
    """The results of a first attempt in which these questions were answered rightly and those wrongly."""

    def __init__(self, learner: User, client: Client, draft: Edition) -> None:
        self.enrolment = make.enrolment(learner, make.publish(draft))
        self.player = Player(client)

    def hand_in(self, right: int, wrong: int = 0) -> str:
        self.player.start()
        for position in range(1, right + wrong + 1):
            self.player.answer(position, "right" if position <= right else "wrong")
        self.player.submit()
        return self.player.text("attempt/1/")


def make_quiz(draft: Edition, questions: int = 5, **fields: str) -> Quiz:
    """A quiz of single-best questions."""
    quiz = make.quiz(draft, questions=0)
    for position in range(1, questions + 1):
        make.question(quiz, position, **fields)
    return quiz


def steps(page: str) -> tuple[list[str], list[str]]:
    """The words of the button of the page, and of the others."""
    found = re.findall(r'class="sl-button( sl-button--secondary)?"[^>]*>(.*?)</', page)
    return tuple(
        [html.unescape(words) for is_other, words in found if bool(is_other) is other] for other in (False, True)
    )


def rows(page: str) -> list[str]:
    return [html.unescape(name) for name in re.findall(r"<span><strong>(.*?)</strong>", page)]


@pytest.mark.parametrize(
    ("right", "wrong", "first", "others"),
    [
        (3, 2, "Try the 2 you missed", ["Take the whole quiz again"]),
        (4, 1, "Finish the module", ["Try the one you missed", "Take the whole quiz again"]),
        (5, 0, "Finish the module", ["Take the whole quiz again"]),
        (1, 4, "Read again: Reading 1", ["Try the 4 you missed", "Take the whole quiz again"]),
        (0, 0, "Read again: Reading 1", ["Try the 5 you missed", "Take the whole quiz again"]),
    ],
)
def test_there_is_one_thing_to_do_first(
    learner: User, client_of_learner: Client, right: int, wrong: int, first: str, others: list[str]
) -> None:
    draft = make.draft("posts")
    reading = make.reading(draft, "reading-1", title="Reading 1")
    make_quiz(draft)
    results = Results(learner, client_of_learner, draft)
    complete_page(results.enrolment, Page.objects.get(pk=reading.pk), None, make.NOW)
    primary, secondary = steps(results.hand_in(right, wrong))
    assert len(primary) == 1
    assert secondary == others
    if first != "Finish the module":  # whose words are another page's
        assert primary == [first]


def test_whoever_is_far_off_is_led_to_the_pages_behind_what_they_missed(
    learner: User, client_of_learner: Client
) -> None:
    draft = make.draft("posts")
    for number, facts in ((1, "A1"), (2, "B1 A2"), (3, "C1"), (4, "B2")):
        make.reading(draft, f"reading-{number}", title=f"Reading {number}", facts=facts)
    make_quiz(draft, facts="B1 B2")
    page = Results(learner, client_of_learner, draft).hand_in(0)
    assert steps(page)[0] == ["Read again: Reading 2"]
    also = re.search(r"Also behind what you missed: (.*?)</p>", page)
    assert also
    assert re.findall(r'href="(.*?)">(.*?)<', also[1]) == [("/learn/posts/1/reading/reading-4/", "Reading 4")]


def test_where_no_page_is_behind_it_the_quiz_is_what_is_left(learner: User, client_of_learner: Client) -> None:
    draft = make.draft("posts")
    make_quiz(draft)
    primary, secondary = steps(Results(learner, client_of_learner, draft).hand_in(0))
    assert (primary, secondary) == (["Try the 5 you missed"], ["Take the whole quiz again"])


def test_a_quiz_of_one_question_is_told_in_its_own_words(learner: User, client_of_learner: Client) -> None:
    draft = make.draft("posts")
    make_quiz(draft, questions=1)
    page = Results(learner, client_of_learner, draft).hand_in(0, 1)
    assert "<strong>0 of 1 mark.</strong>" in page
    assert "The one you missed" in page
    assert "Try the one you missed" in page
    assert rows(page) == ["1. Case 1"]


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"title": "The whiteboard", "theme": "Photographs"}, "The whiteboard"),
        ({"title": "", "theme": "Photographs"}, "Photographs"),
        ({"title": "", "theme": ""}, "Single best answer"),
        ({"title": "A < B & C"}, "A < B & C"),
    ],
)
def test_a_question_without_a_name_is_called_by_its_theme_or_its_kind(
    learner: User, client_of_learner: Client, fields: dict[str, str], name: str
) -> None:
    draft = make.draft("posts")
    make_quiz(draft, questions=2, **fields)
    page = Results(learner, client_of_learner, draft).hand_in(0)
    assert rows(page) == [f"1. {name}", f"2. {name}"]


def test_the_check_names_each_question(learner: User, client_of_learner: Client) -> None:
    draft = make.draft("posts")
    quiz = make_quiz(draft, questions=1)
    make.question(quiz, 2, title="")
    results = Results(learner, client_of_learner, draft)
    results.player.start()
    told = re.findall(r"<dt>(.*?)</dt>", results.player.text("check/"))
    assert told == ["1. Case 1", "2. What is best in case 2?"], "of older editions the question itself"


def test_the_first_that_was_missed_stands_open_and_nothing_else(learner: User, client_of_learner: Client) -> None:
    draft = make.draft("posts")
    make_quiz(draft)
    page = Results(learner, client_of_learner, draft).hand_in(2, 3)
    assert re.findall(r'<details id="(question-\d)"( open)?>', page) == [
        ("question-3", " open"),
        ("question-4", ""),
        ("question-5", ""),
        ("question-1", ""),
        ("question-2", ""),
    ]


def test_beside_an_open_attempt_there_is_one_way_on_and_no_key(player: Player, enrolment: Enrolment) -> None:
    player.answer(1, "wrong")
    player.submit()
    player.start()
    page = player.text("attempt/1/")
    assert steps(page) == (["Go on with your attempt"], [])
    assert rows(page) == []
    assert f'href="{QUIZ}"' in page
