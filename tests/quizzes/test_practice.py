"""Practice: what was missed in a submitted attempt, once more, without marks and without a trace but that it was."""

import html
import re
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.http import HttpResponse, QueryDict
from django.test import Client

from apps.modules.actions import start_draft
from apps.progress.models import PageCompletion
from apps.quizzes import pages, practice
from apps.quizzes.models import Attempt, Response, SelectedOption
from apps.quizzes.queries import paper_of
from apps.quizzes.trials import MOST_GIVEN, given_in
from tests import make
from tests.quizzes.conftest import QUIZ, Player

pytestmark = [pytest.mark.django_db, pytest.mark.pages]

RESULT, PRACTISE, PRACTICE = f"{QUIZ}attempt/1/", f"{QUIZ}attempt/1/practise/", f"{QUIZ}attempt/1/practice/"


def field(page: str, name: str) -> list[str]:
    """The values of the hidden fields with this name."""
    return [html.unescape(value) for value in re.findall(rf'type="hidden" name="{name}" value="(.*?)"', page)]


def heading(page: str) -> str:
    found = re.search(r"<h1[^>]*>(.*?)</h1>", page, re.DOTALL)
    assert found
    return html.unescape(re.sub(r"<[^>]*>", "", found[1]))


class Trainee:
    """What a learner does who practises."""

    def __init__(self, client: Client) -> None:
        self.client = client

    def begin(self) -> str:
        response = self.client.post(PRACTISE)
        assert response.url == PRACTICE
        return self.page(PRACTICE)

    def page(self, url: str) -> str:
        response = self.client.get(url)
        assert response.status_code == 200, response
        return response.content.decode()

    def send(self, page: str, *endings: str, go: str = "") -> HttpResponse:
        """Answer the question of a page, as its form does."""
        ids = re.findall(r'name="option" value="(.*?)"', page)
        option = [each for each in ids if each.endswith(endings)] if endings else []
        sent = {name: field(page, name) for name in ("question", "given", "attempt", "was")} | {"option": option}
        return self.client.get(PRACTICE, sent | ({"go": go} if go else {}))

    def answer(self, page: str, *endings: str) -> str:
        return self.page(self.send(page, *endings).url)


def stored() -> list[object]:
    """All that is stored of attempts but that they were practised, and what is complete."""
    return [
        list(Attempt.objects.order_by("pk").values_list("pk", "number", "score", "max_score", "submitted_at")),
        list(Response.objects.order_by("pk").values()),
        list(SelectedOption.objects.order_by("pk").values()),
        list(PageCompletion.objects.values()),
    ]


@pytest.fixture
def trainee(player: Player) -> Trainee:
    """Somebody who has two of three wrong: the second, and half of the third."""
    player.answer(1, "right")
    player.answer(2, "wrong")
    player.answer(3, "right", "wrong")
    player.submit()
    return Trainee(player.client)


def test_what_was_missed_is_asked_again_and_nothing_is_stored_but_that_it_was(trainee: Trainee) -> None:
    before = stored()
    assert "Try the 2 you missed" in trainee.page(RESULT)
    page = trainee.begin()
    assert heading(page).startswith("Practice, 1 of 2 · ")
    assert "Case 1" not in page
    page = trainee.answer(page, "right")
    assert heading(page).startswith("Practice, 2 of 2 · ")
    page = trainee.answer(page, "right", "right-2")
    assert heading(page).endswith("Practice: 2 of 2 now")
    assert "All of it right" in page
    assert stored() == before
    attempt = Attempt.objects.get()
    assert attempt.practised_at is not None
    assert "You have begun to practise these." in trainee.page(RESULT)
    assert "50%" in heading(trainee.page(RESULT))


def test_what_is_still_wrong_is_told_as_results_are(trainee: Trainee) -> None:
    page = trainee.answer(trainee.begin(), "wrong")
    page = trainee.answer(page, "right", "right-2")
    assert heading(page).endswith("Practice: 1 of 2 now")
    assert "The one you missed" in page
    assert "<b>Right:</b> Option right of 2" in page
    assert "<b>Yours:</b> Option wrong of 2" in page


def test_what_is_still_missed_is_tried_again_first(trainee: Trainee) -> None:
    page = trainee.answer(trainee.begin(), "wrong")
    page = trainee.answer(page, "right", "right-2")
    again = re.search(r'class="sl-button" href="(.*?)">Try those 2 again<', page)
    assert again
    assert heading(trainee.page(again[1])).startswith("Practice, 1 of 2")
    page = trainee.answer(trainee.answer(trainee.begin(), "right"), "right", "right-2")
    assert "Try those" not in page


@pytest.mark.parametrize("attempt", ["x", "", "0", "-1", "9" * 40])
def test_an_attempt_in_the_address_that_is_none_is_passed_over(trainee: Trainee, attempt: str) -> None:
    trainee.begin()
    page = trainee.page(f"{PRACTICE}?question=2&attempt={attempt}")
    assert heading(page).startswith("Practice, 2 of 2")


def test_skipping_leaves_a_question_open(trainee: Trainee) -> None:
    page = trainee.page(trainee.send(trainee.begin(), go="2").url)
    assert heading(page).startswith("Practice, 2 of 2")
    page = trainee.answer(page, "right", "right-2")
    assert heading(page).endswith("Practice: 1 of 2 now")
    assert "<b>Yours:</b> not answered" in page


def test_what_is_no_answer_is_told_and_what_was_given_before_stays(trainee: Trainee) -> None:
    page = trainee.answer(trainee.begin(), "right")
    refused = trainee.send(page, "right")
    assert refused.status_code == 422
    again = refused.content.decode()
    assert "Select 2 answers. You have selected 1" in again
    assert field(again, "given") == field(page, "given")


def test_beginning_twice_is_the_same_and_keeps_the_first_time(trainee: Trainee) -> None:
    trainee.begin()
    first = Attempt.objects.get().practised_at
    trainee.begin()
    assert Attempt.objects.get().practised_at == first


def test_two_tabs_and_the_back_button_know_nothing_of_each_other(trainee: Trainee) -> None:
    begun = trainee.begin()
    one, other = trainee.send(begun, "right"), trainee.send(begun, "wrong")
    last_of_one = trainee.answer(trainee.page(one.url), "right", "right-2")
    last_of_other = trainee.answer(trainee.page(other.url), "right", "right-2")
    assert heading(last_of_one).endswith("Practice: 2 of 2 now")
    assert heading(last_of_other).endswith("Practice: 1 of 2 now")
    twice = trainee.send(begun, "right")
    assert twice.url == one.url, "a double click leads to the same page"


def test_signing_out_in_the_middle_leads_back_to_the_same_question(trainee: Trainee) -> None:
    url = trainee.send(trainee.begin(), "right").url
    trainee.client.logout()
    response = trainee.client.get(url)
    assert response.status_code == 302
    assert dict(parse_qsl(urlsplit(response.url).query))["next"] == url


def test_beside_an_open_attempt_there_is_no_practice(trainee: Trainee) -> None:
    page = trainee.begin()
    url = trainee.send(page, "right").url
    Player(trainee.client).start()
    before = stored()
    for response in (
        trainee.client.post(PRACTISE),
        trainee.client.get(PRACTICE),
        trainee.client.get(url),
        trainee.send(page, "right"),
        trainee.client.get(f"{PRACTICE}?question=results&given=1.1"),
    ):
        assert response.status_code == 302
        assert response.url == QUIZ
    assert "you missed</button>" not in trainee.page(RESULT)
    assert "Go on with your attempt" in trainee.page(RESULT)
    assert stored() == before


def test_beside_an_open_attempt_it_is_not_recorded_either(trainee: Trainee) -> None:
    Player(trainee.client).start()
    page = trainee.client.post(PRACTISE, follow=True).content.decode()
    assert "You have an attempt open. Hand it in first; then you can practise." in page
    assert Attempt.objects.get(number=1).practised_at is None


def test_it_begins_with_a_button_and_not_with_an_address(trainee: Trainee) -> None:
    assert trainee.client.get(PRACTICE).url == RESULT
    assert Attempt.objects.get().practised_at is None


@pytest.mark.parametrize("way", ["practise", "practice"])
def test_an_attempt_that_is_not_there_or_not_handed_in_or_anothers_is_not_found(
    trainee: Trainee, client: Client, way: str
) -> None:
    other = make.client(make.user("other@example.org"))
    for who, url in ((trainee.client, f"{QUIZ}attempt/2/{way}/"), (other, f"{QUIZ}attempt/1/{way}/")):
        assert (who.post(url) if way == "practise" else who.get(url)).status_code == 404
    Player(trainee.client).start()
    url = f"{QUIZ}attempt/2/{way}/"
    assert (trainee.client.post(url) if way == "practise" else trainee.client.get(url)).status_code == 404


def test_an_older_edition_is_practised_in_its_own_words(trainee: Trainee) -> None:
    enrolment = Attempt.objects.get().enrolment
    make.publish(start_draft(enrolment.edition))
    page = trainee.answer(trainee.begin(), "right")
    assert heading(trainee.answer(page, "right", "right-2")).endswith("Practice: 2 of 2 now")


def test_where_nothing_was_missed_there_is_nothing_to_practise(player: Player) -> None:
    for position, words in ((1, ["right"]), (2, ["right"]), (3, ["right", "right-2"])):
        player.answer(position, *words)
    player.submit()
    assert "you missed" not in player.text("attempt/1/")
    player.client.post(PRACTISE)
    assert player.client.get(PRACTICE).url == RESULT


def test_judgement_is_never_missed() -> None:
    draft = make.draft("posts")
    quiz = make.quiz(draft)
    make.ranking(quiz, 4)
    make.choosing(quiz, 5)
    learner = make.user()
    make.enrolment(learner, make.publish(draft))
    player = Player(make.client(learner))
    player.start()
    player.submit()
    assert "Try the 3 you missed" in player.text("attempt/1/")
    page = Trainee(player.client).begin()
    assert heading(page).startswith("Practice, 1 of 3")


@pytest.mark.parametrize(
    "query",
    ["question=0", "question=99", "question=-1", "question=x", "given=9.9", "given=1", "given=1.1.1.1", "given=x.y",
     "given=" + "9" * 500, "question=1&given=1.1&given=1.2", "question=results&given=0.0"],
)  # fmt: skip
def test_an_address_that_makes_no_sense_is_read_as_far_as_it_does(trainee: Trainee, query: str) -> None:
    trainee.begin()
    assert "Practice" in heading(trainee.page(f"{PRACTICE}?{query}"))


def test_so_many_are_practised_at_a_time_as_an_address_has_room_for(
    trainee: Trainee, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(practice, "MOST", 1)
    monkeypatch.setattr(pages, "MOST", 1)
    assert "Try 1 of the 2 you missed" in trainee.page(RESULT)
    assert heading(trainee.begin()).startswith("Practice, 1 of 1")


@pytest.mark.parametrize(
    ("query", "given"),
    [
        ("given=1.2", {1: ["wrong"]}),
        ("given=1.1&given=1.2", {}),  # one is asked for
        ("given=3.1", {}),  # two are
        ("given=3.1&given=3.4&given=2.1", {3: ["right", "wrong-2"], 2: ["right"]}),
        ("given=3.1&given=3.5&given=4.1&given=0.1", {}),
    ],
)
def test_of_an_address_only_answers_are_taken_that_can_be_given(query: str, given: dict[int, list[str]]) -> None:
    paper = paper_of(make.edition("posts").page_set.get(key="quiz"))
    found = given_in(QueryDict(query), paper)
    assert found == {at: {f"quiz-q{at}-{name}": None for name in names} for at, names in given.items()}


@pytest.mark.parametrize(("before", "given"), [(MOST_GIVEN - 1, {1: {"quiz-q1-wrong": None}}), (MOST_GIVEN, {})])
def test_of_an_address_that_says_too_much_the_rest_is_not_looked_at(before: int, given: object) -> None:
    paper = paper_of(make.edition("posts").page_set.get(key="quiz"))
    assert given_in(QueryDict("&".join([*["given=9.9"] * before, "given=1.2"])), paper) == given


@pytest.mark.parametrize("query", ["attempt=1&go=x", "attempt=1&option=quiz-q1-right", "attempt=1&option=x"])
def test_an_answer_that_is_none_is_refused(trainee: Trainee, query: str) -> None:
    trainee.begin()
    assert trainee.client.get(f"{PRACTICE}?question=1&{query}").status_code == 422


def test_the_ways_out_lead_to_the_results_and_home(trainee: Trainee) -> None:
    page = trainee.begin()
    assert trainee.send(page, "right", go="leave").url == RESULT
    assert trainee.send(page, go="home").url == "/"
