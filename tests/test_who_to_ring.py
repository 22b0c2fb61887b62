"""Whoever is in distress finds a number: from every page, with or without an account, a course or a database."""

import re
from collections.abc import Iterator
from html import unescape
from unittest import mock

import pytest
from django.db import InterfaceError, InternalError, OperationalError, connection
from django.http import HttpResponse
from django.test import Client
from django.utils.html import escape, strip_tags

from apps.core import help_lines
from apps.core.markdown import render_markdown
from apps.modules.checks import Judged
from apps.modules.known import read_known
from apps.modules.models import Edition, Page
from apps.modules.rows import read_document
from apps.progress.models import Enrolment
from tests import make
from tests.access_table import ROLES
from tests.answers import SHARED, Answer, answers_to
from tests.core.test_errors import QUESTION, Away
from tests.course import load
from tests.templates import templates_of_ours

pytestmark = [pytest.mark.django_db, pytest.mark.once]

ADDRESS = "/who-to-ring/"
FOOTER = re.compile(r"<footer\b.*</footer>", re.DOTALL)
WAY = re.compile(
    r'<a href="/who-to-ring/"( target="_blank")?>\s*(?:<svg.*?</svg>)?\s*'
    r"Who to ring[^<]*?( \(opens in a new tab\))?\s*</a>",
    re.DOTALL,
)
LINK = re.compile(r'<a [^>]*?href="tel:([^"]*)"[^>]*>(.*?)</a>', re.DOTALL)
# A number in the form in which help lines are printed; shorter ones (999, 111) are also years, doses and scores.
PRINTED = re.compile(r"\b0\d{2,4} \d{3,4} \d{3,4}\b|\b116 ?123\b")
THREE = {"999", "111", "116123"}
NUMBERS = {line.number.replace(" ", "") for line in help_lines.every_line() if line.number} | {"08088088000"}
ANSWER = {"attempt": "1", "option": "quiz-q1-right"}


def footer_of(response: HttpResponse | Answer) -> str:
    found = FOOTER.search(response.content.decode())
    return found.group() if found else ""


def numbers(html: str) -> set[str]:
    return {number for number, _ in LINK.findall(html)}


# In every footer ----------------------------------------------------------------------------------------------------


@SHARED
@pytest.mark.parametrize("role", ROLES)
def test_every_page_has_a_footer_that_leads_there(role: str) -> None:
    pages = [answer for answer in answers_to(role).all if answer.is_page]
    assert len(pages) > 20
    wrong = [f"{page.row}: {page.status_code}" for page in pages if len(WAY.findall(footer_of(page))) != 1]
    assert not wrong, "\n".join(wrong)


def error_pages() -> Iterator[tuple[int, HttpResponse]]:
    learner = make.user("learner@example.org")
    make.attempt(make.enrolment(learner, make.edition("posts")), right=0, is_submitted=False)
    client = make.client(learner, raise_request_exception=False)
    strict = make.client(learner, enforce_csrf_checks=True)
    for error, status in ((OperationalError, 503), (RuntimeError, 500)):
        with mock.patch("apps.quizzes.views.actions.answer", side_effect=error("broken on purpose")):
            yield status, client.post(f"{QUESTION}answer/", ANSWER)
        with mock.patch("apps.modules.views.queries.catalogue", side_effect=error("broken on purpose")):
            yield status, Client(raise_request_exception=False).get("/")
    yield 403, strict.post(f"{QUESTION}answer/", ANSWER | {"csrfmiddlewaretoken": "x" * 64})
    yield 403, strict.post("/learn/posts/1/reading/reading-1/complete/")
    yield 409, client.post(f"{QUESTION}answer/", ANSWER | make.owned_by(make.user("other@example.org")))
    yield 413, client.post(f"{QUESTION}answer/", {"option": "x" * 4_100_000})
    yield 400, client.get("/", headers={"host": "evil.example"})
    yield 404, client.get("/no-such-page/")
    yield 403, client.get("/admin/login/")
    yield 403, Client().post("/account/", {"full_name": "Sam"} | make.owned_by(learner))  # signed out meanwhile


def test_every_page_about_an_error_leads_there_too(caplog: pytest.LogCaptureFixture) -> None:
    for status, response in error_pages():
        assert response.status_code == status
        assert WAY.search(footer_of(response)), status
        if b'name="kept_owner"' in response.content or status >= 500:
            assert numbers(footer_of(response)) == THREE, status


def test_a_page_that_may_be_all_that_works_holds_the_numbers_itself(client: Client) -> None:
    client.raise_request_exception = False
    with connection.execute_wrapper(Away()):
        response = client.get("/")
    assert response.status_code == 503
    assert numbers(footer_of(response)) == THREE


def test_where_something_could_be_lost_it_opens_beside(learner: object) -> None:
    """A choice that was not sent stays ticked, what was given back stays on its page, an author's text in its field."""
    make.attempt(make.enrolment(learner, make.edition("posts")), right=0, is_submitted=False)  # type: ignore[arg-type]
    client = make.client(learner, raise_request_exception=False)  # type: ignore[arg-type]
    author = make.client(make.author())
    pages = [
        client.get(QUESTION),
        client.get("/learn/posts/1/scenario/case/"),
        author.get("/admin/modules/source/add/"),
    ]
    with connection.execute_wrapper(Away()):
        pages.append(client.post(f"{QUESTION}answer/", ANSWER))
    for response in pages:
        assert WAY.search(footer_of(response)).group(1, 2) == (' target="_blank"', " (opens in a new tab)")  # type: ignore[union-attr]
    plain = WAY.search(footer_of(client.get("/modules/")))
    assert plain
    assert plain.group(1, 2) == (None, None)


# At one address -----------------------------------------------------------------------------------------------------


def readers() -> Iterator[tuple[str, Client]]:
    yield "visitor", Client()
    yield "visitor with a cookie of nobody", _with_cookie("x" * 32)
    yield "learner in none", make.client(make.user())
    yield "educator", make.client(make.educator())
    yield "author", make.client(make.author())
    yield "administrator", make.client(make.administrator())


def _with_cookie(session: str) -> Client:
    client = Client()
    client.cookies["sessionid"] = session
    return client


def assert_helps(response: HttpResponse) -> None:
    html = response.content.decode()
    assert response.status_code == 200
    assert "<h1>Who to ring</h1>" in html
    assert numbers(html) >= NUMBERS
    assert response["Cache-Control"] == "no-store"


def test_it_helps_everybody_without_a_course_and_keeps_nothing() -> None:
    for _, client in readers():
        assert_helps(client.get(ADDRESS))
        assert client.head(ADDRESS).status_code == 200
    assert not Enrolment.objects.exists()


def test_it_asks_for_no_account_and_no_slash(client: Client) -> None:
    assert client.get("/who-to-ring").url == ADDRESS


@pytest.mark.parametrize("error", [OperationalError, InterfaceError, InternalError])
@pytest.mark.parametrize("sql", ["", "django_session", "accounts_user"])
def test_without_a_database_the_numbers_are_there(sql: str, error: type[Exception], learner: object) -> None:
    for client in (Client(), make.client(learner)):  # type: ignore[arg-type]
        with connection.execute_wrapper(Away(error, sql)):
            assert_helps(client.get(ADDRESS))


def test_only_looking_is_possible(client: Client) -> None:
    assert client.post(ADDRESS).status_code == 405


def test_the_numbers_stand_in_the_order_of_need_each_with_its_source(client: Client) -> None:
    lines = help_lines.every_line()
    assert [line.number for line in lines if line.number] == [
        *("999", "111", "116 123", "0330 123 1245"),  # tonight
        *("0300 0303 300", "020 7383 6707", "999"),  # this week
    ]
    assert [line.need for line in lines if line.number not in {"", "999"} and line.source is None] == []
    html = client.get(ADDRESS).content.decode()
    for line in lines:
        assert line.source is None or line.source.url.startswith("https://")
        assert escape(line.need) in html
        assert escape(line.text) in html
    assert "0808 808 8000" in html


# What the course says -----------------------------------------------------------------------------------------------


@pytest.fixture
def page() -> Page:
    """The page of the real course."""
    load()
    return Page.objects.get(edition__in=Edition.objects.current(), key="who-to-ring")


def test_the_page_of_the_course_leads_to_the_numbers(page: Page) -> None:
    assert 'href="/who-to-ring/"' in page.body_html
    assert "defence body" in page.body
    assert all(source.read_on for source in page.sources.all())


def texts() -> Iterator[tuple[str, str]]:
    """Every Markdown text of the course, with where it stands."""
    known = read_known()
    for page in Page.objects.filter(edition__in=Edition.objects.current()):
        for said in Judged(page.kind, read_document(page), known).said:
            yield from ((said.where, text.text) for text in said.texts if text.is_markdown)


@pytest.mark.usefixtures("page")
def test_every_number_of_the_course_can_be_rung_and_stands_in_the_table() -> None:
    wrong, seen = [], 0
    for where, text in texts():
        html = render_markdown(text)
        for number, words in LINK.findall(html):
            seen += 1
            wrong += [] if words.replace(" ", "") == number and number in NUMBERS else [f"{where}: {number}, {words}"]
        wrong += [f"{where}: {one}" for one in PRINTED.findall(unescape(strip_tags(LINK.sub("", html))))]
    assert seen >= 5  # 999 where a life is at risk, and what a hard case begins with
    assert wrong == []


def test_the_numbers_in_templates_are_those_of_the_table() -> None:
    for path in templates_of_ours().values():
        html = path.read_text()
        for number, words in LINK.findall(html):
            assert "{{" in number, path
            assert "{{" in words, path
        assert not PRINTED.search(strip_tags(LINK.sub("", html))), path
