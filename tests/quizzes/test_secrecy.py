"""While an attempt is open nothing tells the key: no text, no name, no order, no header."""

import re
from collections import Counter

import pytest
import yaml
from django.conf import settings
from django.db import models
from django.http import HttpResponse
from django.test import Client

from apps.accounts.models import User
from apps.quizzes.models import Attempt, Option, Question
from tests import make
from tests.conftest import forget_published_content
from tests.quizzes.conftest import QUIZ, Player

pytestmark = [pytest.mark.django_db, pytest.mark.once]

SECRETS = ("Feedback on", "Because it is.", "is_key", "is-key", "Right:</b>", "rationale", "feedback")


def open_pages(player: Player) -> list[str]:
    """Everything of the quiz that a learner with an open second attempt can look at."""
    number = Attempt.objects.order_by("number").last().number
    earlier = [f"{QUIZ}attempt/{one}/" for one in range(1, number)]
    module = ["/modules/posts/", "/my-learning/", "/learn/posts/1/finish/"]
    return [QUIZ, *(f"{QUIZ}question/{n}/" for n in (1, 2, 3)), f"{QUIZ}check/", *earlier, *module]


@pytest.fixture
def in_second_attempt(player: Player) -> Player:
    """A learner whose first attempt is submitted, and whose second is open with one answer."""
    player.answer(1, "wrong")
    player.submit()
    player.start()
    player.answer(1, "wrong", attempt=2)
    return player


def test_no_page_of_an_open_attempt_holds_a_secret(in_second_attempt: Player) -> None:
    client = in_second_attempt.client
    for url in open_pages(in_second_attempt):
        response = client.get(url, follow=True)
        told = response.content.decode() + str(response.headers)
        assert [secret for secret in SECRETS if secret in told] == [], url


def test_the_page_of_a_refused_answer_holds_no_secret(in_second_attempt: Player) -> None:
    for options in ([], ["no-such-option"], ["right", "wrong"]):
        response = in_second_attempt.answer(2, *options, attempt=2)
        assert response.status_code == 422
        assert [secret for secret in SECRETS if secret in response.content.decode()] == []


def test_earlier_results_are_put_away_until_the_open_attempt_is_handed_in(in_second_attempt: Player) -> None:
    page = in_second_attempt.text("attempt/1/")
    assert "the answers are put away until you hand it in" in page
    assert "0%" in page
    in_second_attempt.submit(2)
    assert "Because it is." in in_second_attempt.text("attempt/1/")


def everything_told(player: Player) -> list[tuple[str, int, dict[str, str], str]]:
    """Every page as it came, without what is random in each answer."""
    forget_published_content()
    told = []
    for url in open_pages(player):
        response = player.client.get(url)
        headers = {name: value for name, value in response.items() if name != "X-Request-ID"}
        told.append((url, response.status_code, headers, without_tokens(response)))
    return told


def without_tokens(response: HttpResponse) -> str:
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", response.content.decode())


def test_no_page_would_differ_if_another_option_were_the_key(in_second_attempt: Player) -> None:
    """The strongest form of it: change every key, feedback and rationale, and no byte of a page changes."""
    before = everything_told(in_second_attempt)
    make.unguarded(Option).update(
        is_key=models.Case(models.When(is_key=True, then=False), default=True), feedback="Other words."
    )
    make.unguarded(Question).update(rationale="Other words.", rationale_html="<p>Other words.</p>")
    assert everything_told(in_second_attempt) == before


def test_no_page_would_differ_if_the_key_order_were_another(learner: User, client_of_learner: Client) -> None:
    """The same for judgement: another order, another second order, another three."""
    draft = make.draft("posts")
    quiz = make.quiz(draft, questions=1)
    make.ranking(quiz, 2)
    make.choosing(quiz, 3)
    make.enrolment(learner, make.publish(draft))
    player = Player(client_of_learner)
    player.start()
    before = everything_told(player)
    options = make.unguarded(Option)
    options.filter(rank__isnull=False).update(rank=6 - models.F("rank"), also_rank=models.F("rank"))
    options.update(is_key=models.Case(models.When(is_key=True, then=False), default=True), feedback="Other words.")
    assert everything_told(player) == before


def test_the_order_of_options_says_nothing_about_the_key() -> None:
    options = [Option(key=f"option-{letter}", is_key=letter == "a") for letter in "abcd"]
    attempt = Attempt()
    order = [option.key for option in attempt.shuffle(options)]
    for option in options:
        option.is_key = not option.is_key
    assert [option.key for option in attempt.shuffle(options[::-1])] == order


def test_every_place_is_as_likely_for_the_key() -> None:
    """300 attempts: the key of four options stands in each place about 75 times."""
    options = [Option(key=f"option-{letter}", is_key=letter == "a") for letter in "abcd"]
    places: Counter[int] = Counter()
    for number in range(300):
        order = Attempt(seed=f"{number:016x}").shuffle(options)
        places[next(place for place, option in enumerate(order) if option.is_key)] += 1
    assert all(45 <= places[place] <= 105 for place in range(4)), places


def order_on_page(player: Player, position: int) -> list[str]:
    return re.findall(r'name="option" value="([^"]+)"', player.text(f"question/{position}/"))


def test_the_order_is_the_same_at_every_look_and_other_in_another_attempt(player: Player) -> None:
    orders = {}
    for number in range(1, 9):
        first = order_on_page(player, 3)
        assert len(first) == 4
        player.answer(3, "wrong", "wrong-2", attempt=number)
        assert order_on_page(player, 3) == first
        orders[number] = tuple(first)
        player.submit(number)
        player.start()
    assert len(set(orders.values())) > 1


def test_two_learners_have_seeds_of_their_own(player: Player) -> None:
    other = Player(make.client(make.user()))
    other.start()
    assert len(set(Attempt.objects.values_list("seed", flat=True))) == 2


def test_the_keys_of_the_courses_options_give_nothing_away() -> None:
    """The key of an option stands in the page as its value: no word in it may tell, nor its place in the file."""
    telling = re.compile("right|wrong|correct|key|true|false|best|poor|yes|no$")
    letters: Counter[str] = Counter()
    for path in (settings.BASE_DIR / "fixtures").glob("*/*.yaml"):
        for row in yaml.load(path.read_bytes(), yaml.CSafeLoader):
            if row["model"] == "quizzes.option":
                key = row["fields"]["key"].removeprefix(row["fields"]["question"][2])
                assert not telling.search(key), row["fields"]["key"]
                if row["fields"]["is_key"]:
                    letters[key] += 1
    assert sum(letters.values()) >= 9
    assert max(letters.values()) <= sum(letters.values()) / 2, f"One letter is the key too often: {letters}"
