"""Whoever is in distress finds a number: from every page, with or without an account, a course or a database."""

import re
from collections.abc import Callable, Iterator
from html import unescape
from unittest import mock

import pytest
from django.db import InterfaceError, InternalError, OperationalError, connection
from django.http import HttpResponse
from django.test import Client
from django.utils.html import strip_tags

from apps.core.markdown import render_markdown
from apps.modules import actions as modules_actions
from apps.modules.checks import Judged
from apps.modules.known import read_known
from apps.modules.models import Edition, Page
from apps.modules.rows import read_document
from apps.progress.models import Enrolment
from apps.quizzes.models import Attempt
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
    r'<a (?:class="sl-help__link" )?href="/who-to-ring/"( target="_blank")?>'
    r"Who to ring[^<]*?( \(opens in a new tab\))?</a>"
)
LINK = re.compile(r'<a href="tel:([^"]*)"[^>]*>([^<]*)</a>')
# A number in the form in which help lines are printed; shorter ones (999, 111) are also years, doses and scores.
PRINTED = re.compile(r"\b0\d{2,4} \d{3,4} \d{3,4}\b|\b116 ?123\b")
THREE = {"999", "111", "116123"}
ANSWER = {"attempt": "1", "option": "quiz-q1-right"}


def footer_of(response: HttpResponse | Answer) -> str:
    found = FOOTER.search(response.content.decode())
    return found.group() if found else ""


def numbers(html: str) -> set[str]:
    return {number for number, _ in LINK.findall(html)}


def with_page(slug: str = "posts", key: str = "who-to-ring", kind: Callable[..., object] = make.reading) -> Edition:
    """A published edition with such a page, of this kind."""
    draft = make.draft(slug)
    make.reading(draft, "first")
    kind(draft, key)
    return make.publish(draft)


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


def assert_leads_to(client: Client, edition: Edition) -> None:
    response = client.get(ADDRESS)
    page = f"/learn/{edition.module.slug}/{edition.number}/reading/who-to-ring/"
    assert (response.status_code, response.url) == (302, page)
    assert response["Cache-Control"] == "no-store"
    assert client.head(ADDRESS).status_code == 302
    assert client.get(page).status_code == 200


def test_it_leads_everybody_to_the_current_page_and_enrols_nobody() -> None:
    behind = make.user("behind@example.org")
    make.enrolment(behind, with_page())
    current = make.publish(modules_actions.start_draft(Edition.objects.get()))
    modules_actions.start_draft(current)
    enrolled = make.user("enrolled@example.org")
    make.enrolment(enrolled, current)
    people = [*readers(), ("in an older edition", make.client(behind)), ("enrolled", make.client(enrolled))]
    before = list(Enrolment.objects.values_list("learner", "edition"))
    assert current.number == 2
    for _, client in people:
        assert_leads_to(client, current)
    assert list(Enrolment.objects.values_list("learner", "edition")) == before
    assert not Attempt.objects.exists()


def test_it_asks_for_no_account_and_no_slash(client: Client) -> None:
    with_page()
    assert client.get("/who-to-ring").url == ADDRESS
    assert "Some <em>text</em>." in client.get(ADDRESS, follow=True).content.decode()


def test_it_follows_the_page_into_a_module_of_another_name(client: Client) -> None:
    assert_leads_to(client, with_page("any-other-name"))


def test_of_two_it_is_the_one_in_the_first_module(client: Client) -> None:
    late, early = with_page("late"), with_page("early")
    for position, edition in enumerate((early, late), start=1):
        edition.module.position = position
        edition.module.save()
    assert_leads_to(client, early)


def test_it_asks_two_queries_when_the_edition_is_known(client: Client, django_assert_max_num_queries) -> None:
    with_page()
    client.get(ADDRESS)
    with django_assert_max_num_queries(1):
        client.get(ADDRESS)


# Without such a page ------------------------------------------------------------------------------------------------


def assert_helps(response: HttpResponse) -> None:
    html = response.content.decode()
    assert response.status_code == 200
    assert "<h1>Who to ring</h1>" in html
    assert numbers(html) >= THREE
    assert "116 123" in html
    assert response["Cache-Control"] == "no-store"


def _nothing() -> None:
    """An empty database."""


def _draft_only() -> None:
    make.reading(make.draft("posts"), "who-to-ring")


def _another_kind() -> None:
    with_page(kind=make.scenario)


def _newest_has_none() -> None:
    draft = modules_actions.start_draft(with_page())
    draft.page_set.get(key="who-to-ring").delete()
    make.publish(draft)


def _another_name() -> None:
    with_page(key="who-to-call")


@pytest.mark.parametrize("world", [_nothing, _draft_only, _another_kind, _newest_has_none, _another_name])
def test_without_such_a_page_the_numbers_are_there(world: Callable[[], None]) -> None:
    world()
    for _, client in readers():
        assert_helps(client.get(ADDRESS))


@pytest.mark.parametrize("error", [OperationalError, InterfaceError, InternalError])
@pytest.mark.parametrize("sql", ["", "modules_edition", "modules_page", "django_session", "accounts_user"])
def test_without_a_database_the_numbers_are_there(sql: str, error: type[Exception], learner: object) -> None:
    with_page()
    for client in (Client(), make.client(learner)):  # type: ignore[arg-type]
        with connection.execute_wrapper(Away(error, sql)):
            response = client.get(ADDRESS)
        if sql in {"django_session", "accounts_user"}:  # who is signed in is not asked
            assert response.status_code == 302
        else:
            assert_helps(response)


def test_only_looking_is_possible(client: Client) -> None:
    assert client.post(ADDRESS).status_code == 405


# What the course says -----------------------------------------------------------------------------------------------


@pytest.fixture
def page() -> Page:
    """The page of the real course."""
    load()
    return Page.objects.get(edition__in=Edition.objects.current(), key="who-to-ring")


def test_the_page_has_the_numbers_in_the_order_of_need(page: Page) -> None:
    in_order = [number for number, _ in LINK.findall(page.body_html)]
    assert in_order == [
        *("999", "111", "08088088000", "116123"),  # a life at risk; a crisis; somebody to listen
        *("03301231245", "03000303300", "02073836707"),  # doctors' own
    ]
    assert "professional support unit" in page.body
    assert "defence body" in page.body
    assert "real reason" not in page.body
    assert all(source.read_on for source in page.sources.all())


def texts() -> Iterator[tuple[str, str]]:
    """Every Markdown text of the course, with where it stands."""
    known = read_known()
    for page in Page.objects.filter(edition__in=Edition.objects.current()):
        for said in Judged(page.kind, read_document(page), known).said:
            yield from ((said.where, text.text) for text in said.texts if text.is_markdown)


def test_every_number_of_the_course_can_be_rung_and_stands_on_that_page(page: Page) -> None:
    there, wrong, seen = numbers(page.body_html), [], 0
    for where, text in texts():
        html = render_markdown(text)
        for number, words in LINK.findall(html):
            seen += 1
            wrong += [] if words.replace(" ", "") == number and number in there else [f"{where}: {number}, {words}"]
        wrong += [f"{where}: {one}" for one in PRINTED.findall(unescape(strip_tags(LINK.sub("", html))))]
    assert seen > 10
    assert wrong == []


def test_the_numbers_in_templates_are_those_of_the_page(page: Page) -> None:
    seen = 0
    for path in templates_of_ours().values():
        html = path.read_text()
        for number, words in LINK.findall(html):
            seen += 1
            assert words.replace(" ", "") == number, path
            assert number in numbers(page.body_html), path
        assert not PRINTED.search(strip_tags(LINK.sub("", html))), path
    assert seen >= len(THREE)
