"""Learners find modules, pages and sources by what these say."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from apps.modules import actions
from apps.modules.models import Edition, Module, Page, PageCitation
from tests import make

pytestmark = pytest.mark.django_db


FIRST_SAYS = """He was **suspended** for it. 100% of them_all don’t talk [there](#source-kar).

![A shape](illustrations/trolley.svg)
"""


@pytest.fixture
def edition() -> Edition:
    """Two readings, of which the second cites a source, and a quiz."""
    draft = make.draft("posts", title="When posts go wrong", summary="A trolley and a letter.")
    make.reading(draft, "first", title="A quiet ward", body=FIRST_SAYS)
    cites = make.reading(draft, "second", title="Curtains", body="Nothing of the kind.")
    source = make.source("kar", title="In praise of posts", authors="Kar P")
    PageCitation.objects.create(edition=draft, page=cites, source=source, position=1)
    make.quiz(draft)
    return make.publish(draft)


def shown(client: Client, words: str, status: int = 200) -> str:
    response = client.get("/search/", {"q": words})
    assert response.status_code == status, words
    return response.content.decode()


def hits(client: Client, words: str) -> list[str]:
    """The addresses that a search leads to, beside those of every page."""
    html = shown(client, words).partition('role="search"')[2].partition("</form>")[2].partition("</main>")[0]
    html = html.partition('<h2 class="sl-h-m">Sources</h2>')[0]
    return [part.partition('"')[0] for part in html.split('href="')[1:]]


def test_a_page_that_cannot_be_shown_is_not_found(edition: Edition) -> None:
    make.unguarded(Page).filter(edition=edition, key="first").update(kind="film")
    assert hits(Client(), "quiet") == []
    assert hits(Client(), "curtains") == [SECOND]


FIRST, SECOND = "/learn/posts/1/reading/first/", "/learn/posts/1/reading/second/"


@pytest.mark.usefixtures("edition")
@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("quiet", [FIRST]),
        ("QUIET ward", [FIRST]),
        ("suspended", [FIRST]),
        ("suspend", [FIRST]),  # the beginning of a word
        ("ward curtains", []),  # no page has both
        ("don't", [FIRST]),  # quotes as they are typed
        ("100%", [FIRST]),
        ("m_a", [FIRST]),
        ("x%y", []),
        ("%%aa", []),
        ("a_w", []),
        ("' OR 1=1 --", []),
        ("trolley", ["/modules/posts/"]),
        ("curtains", [SECOND]),
        ('"ward quiet"', []),  # not together in this order
        ('"quiet ward"', [FIRST]),
        ("-quiet", []),
        ("quiet or curtains", []),  # no sign and no word is a command
        ("quiet curtains", []),
        ("wa\u200brd", [FIRST]),  # what nobody sees was not meant
        ("svg", []),  # the name of a drawing is no word of the page
        ("source-kar", []),
        ("figure", []),
    ],
)
def test_what_is_said_is_found_where_it_stands(client: Client, words: str, found: list[str]) -> None:
    assert hits(client, words) == found


@pytest.mark.usefixtures("edition")
def test_a_source_is_found_by_who_wrote_it(client: Client) -> None:
    html = shown(client, "kar praise")
    assert "In praise of posts" in html
    assert 'href="/sources/"' in html


@pytest.mark.usefixtures("edition")
def test_another_form_of_a_word_is_found_where_the_database_knows_english(client: Client) -> None:
    assert hits(client, "suspending") == ([FIRST] if connection.vendor == "postgresql" else [])


@pytest.mark.usefixtures("edition")
def test_a_title_comes_before_a_text(client: Client) -> None:
    draft = make.draft("abc")
    make.reading(draft, "says", title="Other", body="All about a quiet night.")
    make.publish(draft)
    Module.objects.filter(slug="abc").update(position=0)
    assert hits(client, "quiet") == [FIRST, "/learn/abc/1/reading/says/"]


@pytest.mark.usefixtures("edition")
def test_what_was_found_is_marked(client: Client) -> None:
    assert "He was <mark>suspended</mark> for it." in shown(client, "suspended")


def _draft(edition: Edition) -> None:
    draft = actions.start_draft(edition)
    draft.page_set.filter(key="first").update(title="Zebra")


def _closed(edition: Edition) -> None:
    make.withdrawal(edition)


@pytest.mark.parametrize(("change", "words"), [(_draft, "zebra"), (_closed, "quiet"), (_closed, "kar")])
def test_nothing_is_found_that_a_stranger_may_not_read(
    client: Client, edition: Edition, change: Callable[[Edition], None], words: str
) -> None:
    change(edition)
    assert "Nothing found" in shown(client, words)


def test_learners_find_the_edition_that_they_take(client: Client, learner: Any, edition: Edition) -> None:
    make.enrolment(learner, edition)
    make.publish(actions.start_draft(edition))
    assert hits(client, "quiet") == ["/learn/posts/2/reading/first/"]
    assert hits(make.client(learner), "quiet") == [FIRST]


def test_of_several_that_they_take_learners_find_the_newest(learner: Any, edition: Edition) -> None:
    for _ in range(2):
        make.enrolment(learner, edition)
        edition = make.publish(actions.start_draft(edition))
    assert hits(make.client(learner), "quiet") == ["/learn/posts/2/reading/first/"]


@pytest.mark.usefixtures("edition")
@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("x" * 10_000, "These are 10,000 characters. Look for 100 at the most."),
        ("a", "Look for two letters at least."),
        ("%%", "Look for two letters at least."),
        ("a\0b", "There is a sign in these words that no text can hold."),
    ],
)
def test_what_cannot_be_looked_for_is_said(client: Client, words: str, told: str) -> None:
    assert told in shown(client, words, status=422)


@pytest.mark.parametrize("path", ["/search/", "/search/?q=", "/search/?q=+++"])
def test_nothing_asked_is_only_the_form(client: Client, path: str) -> None:
    html = client.get(path).content.decode()
    assert "Words to look for" in html
    assert "Nothing found" not in html


@pytest.mark.usefixtures("edition")
def test_a_larger_course_costs_no_more(client: Client) -> None:
    shown(client, "quiet")
    with CaptureQueriesContext(connection) as before:
        shown(client, "quiet")
    for number in range(5):
        draft = make.draft(f"more-{number}")
        for page in range(4):
            make.reading(draft, f"quiet-{page}", title=f"Quiet {page}")
        make.publish(draft)
    shown(client, "quiet")
    with CaptureQueriesContext(connection) as after:
        html = shown(client, "quiet")
    assert html.count('href="/learn/') > 10
    assert len(after) == len(before)


@pytest.mark.usefixtures("edition")
def test_a_page_whose_title_alone_fits_says_what_it_is_about(client: Client) -> None:
    assert "…" not in shown(client, "curtains").partition("<h1>")[2].partition("</main>")[0]


@pytest.mark.usefixtures("edition")
def test_a_stranger_is_told_before_the_tap_which_pages_need_an_account(client: Client, learner: Any) -> None:
    found = shown(client, "quiz")
    assert "With an account" in found
    assert hits(client, "quiz") == ["/account/signup/?next=%2Flearn%2Fposts%2F1%2Fquiz%2Fquiz%2F"]
    assert hits(make.client(learner), "quiz") == ["/learn/posts/1/quiz/quiz/"]
    assert "With an account" not in shown(client, "curtains")
