"""A module's page tells a stranger, before the tap, which pages need an account and why."""

import re

import pytest
from django.test import Client

from apps.modules.models import Edition
from apps.modules.queries import published_contents
from apps.progress.visitors import as_visitor
from apps.scenarios.models import Scenario
from tests import make

pytestmark = [pytest.mark.django_db, pytest.mark.pages]

OPEN = "open to you now."
PLACE = "An account keeps your place, and a certificate needs a name."
BECAUSE = "an account: your answers have to be kept somewhere, and a certificate needs a name."


def made(*kinds: str) -> Edition:
    draft = make.draft("posts")
    for number, kind in enumerate(kinds, 1):
        key = f"{kind}-{number}"
        if kind == "reading":
            make.reading(draft, key)
        elif kind == "quiz":
            make.quiz(draft, key)
        else:
            case = make.scenario(draft, key)
            Scenario.objects.filter(pk=case.pk).update(is_taster=kind == "taster")
    return make.publish(draft)


def words(*kinds: str) -> str:
    progress = as_visitor(published_contents(made(*kinds).pk))
    return f"{progress.open_in_words} {progress.locked_in_words}".strip()


@pytest.mark.parametrize(
    ("kinds", "said"),
    [
        (["reading", "taster", "case", "quiz"], f"2 of 4 pages are {OPEN} One case and the quiz need {BECAUSE}"),
        (["reading", "case", "quiz"], f"1 of 3 pages is {OPEN} The case and the quiz need {BECAUSE}"),
        (["reading", "case", "case", "case"], f"1 of 4 pages is {OPEN} Three cases need {BECAUSE}"),
        (["reading", "quiz"], f"1 of 2 pages is {OPEN} The quiz needs {BECAUSE}"),
        (["quiz"], f"The quiz needs {BECAUSE}"),
        (["reading", "reading"], f"Both pages are {OPEN} {PLACE}"),
        (["reading"], f"1 page is {OPEN} {PLACE}"),
    ],
)  # fmt: skip
def test_how_much_is_open_and_what_an_account_is_for(kinds: list[str], said: str) -> None:
    assert words(*kinds) == said


def rows(client: Client) -> list[tuple[str, str]]:
    page = client.get("/modules/posts/").content.decode()
    found = re.findall(r'<a href="([^"]+)" aria-describedby="page.*?-status">(.*?)</li>', page, re.DOTALL)
    return [(url, " ".join(re.sub(r"<[^>]*>", " ", rest).split())) for url, rest in found]


def test_each_page_says_whether_it_is_open_and_a_locked_one_leads_to_an_account() -> None:
    made("reading", "taster", "case", "quiz")
    (reading, opens), (taster, tries), (case, locked), (quiz, too) = rows(Client())
    assert (reading, taster) == ("/learn/posts/1/reading/reading-1/", "/try/posts/taster-2/")
    assert opens.endswith(" Open")
    assert tries.endswith(" Open, to try")
    assert locked.endswith(" With an account")
    assert too.endswith(" With an account")
    assert case == "/account/signup/?next=%2Flearn%2Fposts%2F1%2Fscenario%2Fcase-3%2F"
    assert quiz == "/account/signup/?next=%2Flearn%2Fposts%2F1%2Fquiz%2Fquiz-4%2F"
    for url in (reading, taster):
        assert Client().get(url).status_code == 200


def test_who_is_signed_in_sees_no_padlock(client_of_learner: Client) -> None:
    made("reading", "taster", "case", "quiz")
    page = client_of_learner.get("/modules/posts/").content.decode()
    for said in ("With an account", "open to you now", "/account/signup/"):
        assert said not in page
    assert page.count('class="sl-button"') == 1


@pytest.mark.parametrize(
    ("kinds", "button"),
    [
        (["quiz", "reading"], 'href="/learn/posts/1/reading/reading-2/">Start reading</a>'),
        (["taster", "reading"], 'href="/learn/posts/1/reading/reading-2/">Start reading</a>'),
        (["taster", "quiz"], 'href="/try/posts/taster-1/">Start with a case</a>'),
        (["quiz"], 'href="/account/signup/?next=/modules/posts/">Create an account</a>'),
    ],
)
def test_the_one_button_of_a_stranger_leads_to_what_is_open(client: Client, kinds: list[str], button: str) -> None:
    made(*kinds)
    page = client.get("/modules/posts/").content.decode()
    assert f'class="sl-button" {button}' in page
    assert page.count('class="sl-button"') == 1


def test_the_row_before_and_after_a_reading_says_what_needs_an_account(client: Client) -> None:
    made("reading", "taster", "reading", "quiz")
    page = " ".join(client.get("/learn/posts/1/reading/reading-3/").content.decode().split())
    assert '<span>Before, 6 minutes</span><a rel="prev" href="/try/posts/taster-2/">' in page
    assert '<span>Next, 7 minutes, with an account</span><a rel="next" href="/account/signup/?next=' in page


def test_no_page_promises_that_nothing_is_locked(client: Client) -> None:
    made("reading", "quiz")
    for url in ("/", "/modules/", "/modules/posts/"):
        assert "no locked pages" not in client.get(url).content.decode()
