"""When something goes wrong, the page says so truly, keeps what was typed, and shows a way on."""

import logging
import re
from collections.abc import Callable
from typing import Any
from unittest import mock
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import InterfaceError, InternalError, OperationalError, connection
from django.db.backends.postgresql.base import DatabaseWrapper
from django.http import HttpResponse
from django.test import Client
from django.utils.html import escape
from psycopg_pool import PoolTimeout

from apps.accounts.models import User
from apps.core import errors
from apps.progress.models import Enrolment
from apps.quizzes.models import Attempt, SelectedOption
from benchmarks.postgres import free_port
from tests import make

pytestmark = pytest.mark.django_db

QUESTION = "/learn/posts/1/quiz/quiz/question/1/"
ANSWER = {"attempt": "1", "option": ["quiz-q1-right", "<b>x</b>"], "password": "secret"}


@pytest.fixture
def attempt(learner: User) -> Attempt:
    return make.attempt(make.enrolment(learner, make.edition("posts")), right=0, is_submitted=False)


@pytest.fixture
def browser(learner: User) -> Client:
    """The learner's browser, which shows error pages as they are."""
    return make.client(learner, raise_request_exception=False)


class Away:
    """An execute wrapper: the database answers nothing that fits."""

    def __init__(self, error: type[Exception] = OperationalError, sql: str = "") -> None:
        self.error, self.sql = error, sql

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if self.sql in sql and not sql.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK")):
            raise self.error("the server closed the connection unexpectedly")
        return execute(sql, params, many, context)


def assert_not_saved(response: HttpResponse) -> None:
    """503, says that nothing was saved, and holds what was typed, escaped, in a form that sends it again."""
    page = response.content.decode()
    assert response.status_code == 503
    assert response["Retry-After"] == "30"
    assert "Your last answer was not saved." in page
    assert f'action="{QUESTION}answer/"' in page
    assert '<input type="hidden" name="option" value="quiz-q1-right">' in page
    assert '<input type="hidden" name="option" value="&lt;b&gt;x&lt;/b&gt;">' in page
    assert 'name="csrfmiddlewaretoken"' in page
    assert "secret" not in page
    assert 'class="sl-saved"' not in page
    assert response["X-Request-ID"] in page


@pytest.mark.parametrize("error", [OperationalError, InterfaceError])
@pytest.mark.parametrize(
    "sql",
    [
        "",  # away altogether: the session cannot be read
        "django_session",
        "accounts_user",
        "progress_enrolment",  # away when the view begins
        "quizzes_attempt",
        "INSERT",  # away when the answer should be stored
        "UPDATE",
    ],
)
def test_a_database_that_is_away_never_looks_like_saved(
    browser: Client, attempt: Attempt, sql: str, error: type[Exception]
) -> None:
    SelectedOption.objects.all().delete()
    answer = ANSWER | {"option": ["quiz-q1-right"]} if sql in {"INSERT", "UPDATE"} else ANSWER
    with connection.execute_wrapper(Away(error, sql)):
        response = browser.post(f"{QUESTION}answer/", answer)
    if answer is ANSWER:
        assert_not_saved(response)
    assert response.status_code == 503
    assert "Your last answer was not saved." in response.content.decode()
    assert not SelectedOption.objects.exists()


@pytest.mark.parametrize(
    ("sqlstate", "status"),
    [("25006", 503), ("25P03", 503), ("25P04", 503), ("25P02", 500), ("XX000", 500), (None, 500)],
)
def test_of_internal_errors_those_that_are_no_fault_of_ours_are_a_database_that_is_away(
    browser: Client, sqlstate: str | None, status: int
) -> None:
    error = InternalError("cannot execute INSERT in a read-only transaction")
    error.__cause__ = cause = Exception()
    cause.sqlstate = sqlstate  # type: ignore[attr-defined]
    with mock.patch("apps.modules.views.queries.catalogue", side_effect=error):
        assert browser.get("/modules/").status_code == status


def test_a_pool_that_has_no_connection_to_give_is_a_database_that_is_away() -> None:
    pool = {"min_size": 1, "max_size": 1, "timeout": 0.1, "reconnect_timeout": 0.1}
    nobody_listens = {"ENGINE": "django.db.backends.postgresql", "HOST": "127.0.0.1", "PORT": str(free_port())}
    names = dict.fromkeys(("NAME", "USER", "PASSWORD"), "x")
    settings = connection.settings_dict | nobody_listens | names | {"OPTIONS": {"pool": pool}}
    elsewhere = DatabaseWrapper(settings, "elsewhere")
    try:
        with pytest.raises(OperationalError) as caught:
            elsewhere.ensure_connection()
    finally:
        elsewhere.close_pool()
    assert isinstance(caught.value.__cause__, PoolTimeout)
    assert errors.is_database_away(caught.value)


def test_what_was_given_back_can_be_sent_again(learner: User, attempt: Attempt) -> None:
    """With CSRF checks on, as in a browser: the token on the error page is good."""
    browser = make.client(learner, raise_request_exception=False, enforce_csrf_checks=True)
    page = browser.get(QUESTION).content.decode()
    sent = {"attempt": "1", "option": "quiz-q1-right", "csrfmiddlewaretoken": _token(page)}
    with connection.execute_wrapper(Away(sql="quizzes_")):
        response = browser.post(f"{QUESTION}answer/", sent)
    assert response.status_code == 503
    again = browser.post(f"{QUESTION}answer/", sent | {"csrfmiddlewaretoken": _token(response.content.decode())})
    assert again.status_code == 302
    assert attempt.responses.get(position=1).selected.get().option.key == "quiz-q1-right"


def _token(page: str) -> str:
    return page.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]


def test_every_view_answers_503_when_the_database_is_away(browser: Client, attempt: Attempt) -> None:
    for url in (
        QUESTION,
        "/",
        "/modules/",
        "/modules/posts/",
        "/my-learning/",
        "/account/",
        "/verify/" + "0" * 26 + "/",
    ):
        with connection.execute_wrapper(Away()):
            response = browser.get(url)
        assert response.status_code == 503, url
        assert "We could not reach our records" in response.content.decode()
        assert "not saved" not in response.content.decode()  # nothing had been sent


def test_a_page_that_is_not_here_while_the_database_is_away_is_a_503_too(browser: Client) -> None:
    with connection.execute_wrapper(Away()):
        assert browser.get("/no-such-page/").status_code in {404, 503}


def test_a_session_that_cannot_be_stored_is_not_a_success(client: Client, learner: User) -> None:
    client.raise_request_exception = False
    with connection.execute_wrapper(Away(sql='INSERT INTO "django_session"')):
        response = client.post("/account/login/", {"login": learner.email, "password": make.PASSWORD})
    assert response.status_code == 503


def test_a_long_text_is_given_back_too(browser: Client, attempt: Attempt) -> None:
    """An author's page of many thousand characters is not lost because the database is away."""
    with connection.execute_wrapper(Away()):
        response = browser.post(f"{QUESTION}answer/", {"option": "x" * 300_000})
    assert response.status_code == 503
    assert "x" * 300_000 in response.content.decode()


def test_any_other_error_is_a_500_with_the_number_that_stands_in_the_log(
    browser: Client, attempt: Attempt, caplog: pytest.LogCaptureFixture
) -> None:
    with mock.patch("apps.quizzes.views.actions.answer", side_effect=RuntimeError("boom")):
        response = browser.post(f"{QUESTION}answer/", {"attempt": "1", "option": "quiz-q1-right"})
    page = response.content.decode()
    assert response.status_code == 500
    assert "Something came loose on our side" in page
    assert response["X-Request-ID"] in page
    assert 'name="option" value="quiz-q1-right"' in page
    assert "boom" not in page
    assert "Traceback" not in page
    assert any(record.levelno == logging.ERROR for record in caplog.records)


def test_a_form_that_is_too_old_is_given_back(learner: User, attempt: Attempt) -> None:
    SelectedOption.objects.all().delete()
    browser = make.client(learner, enforce_csrf_checks=True)
    response = browser.post(f"{QUESTION}answer/", ANSWER | {"csrfmiddlewaretoken": "x" * 64})
    page = response.content.decode()
    assert response.status_code == 403
    assert "Nothing is lost, and nothing is saved yet." in page
    assert '<input type="hidden" name="option" value="quiz-q1-right">' in page
    assert "secret" not in page
    assert not SelectedOption.objects.exists()
    again = browser.post(
        f"{QUESTION}answer/", {"attempt": "1", "option": "quiz-q1-right", "csrfmiddlewaretoken": _token(page)}
    )
    assert again.status_code == 302
    assert SelectedOption.objects.get().option.key == "quiz-q1-right"


def test_a_button_that_is_too_old_says_what_to_do(learner: User) -> None:
    browser = make.client(learner, enforce_csrf_checks=True)
    make.edition("posts")
    response = browser.post("/learn/posts/1/reading/reading-1/complete/")
    assert response.status_code == 403
    assert "Please open that page again" in response.content.decode()
    assert not Enrolment.objects.exists()


def test_every_form_is_protected(learner: User) -> None:
    """Nothing of ours takes a POST without a token."""
    from tests import access_table  # noqa: PLC0415  # builds on what this test already has

    User.objects.all().delete()
    world = access_table.make_world()
    client = world.client("learner", enforce_csrf_checks=True)
    unprotected = [
        str(row) for row in access_table.rows(world) if row.method == "POST" and row.request(client).status_code != 403
    ]
    assert unprotected == []


def test_a_page_that_is_not_here_shows_a_way_on(client: Client, client_of_learner: Client) -> None:
    for browser, way in ((client, "/modules/"), (client_of_learner, "/my-learning/")):
        response = browser.get("/no-such-page/")
        page = response.content.decode()
        assert response.status_code == 404
        assert "This page is not here" in page
        assert f'<a class="sl-button" href="{way}">' in page


def test_texts_that_were_sent_to_no_page_can_be_read_there(client_of_learner: Client) -> None:
    sent = {
        "text": "One <b>line</b>.\n\nAnother one.",
        "title": "Two words",
        "again": "Two words",
        "at": "case-scene-1",
    }
    page = client_of_learner.post("/no-such-page/", sent).content.decode()
    assert re.findall(r"<pre>(.*?)</pre>", page, re.DOTALL) == [escape(sent["text"]), "Two words"]


@pytest.mark.parametrize(
    ("error", "status", "heading"),
    [
        (PermissionDenied, 403, "This page is not open to you"),
        (SuspiciousOperation, 400, "We could not read what your browser sent"),
    ],
)
def test_403_and_400_are_designed_too(browser: Client, error: type[Exception], status: int, heading: str) -> None:
    with mock.patch("apps.modules.views.queries.catalogue", side_effect=error):
        response = browser.get("/modules/")
    assert response.status_code == status
    assert heading in response.content.decode()


TOO_LARGE = [{"option": "x" * 4_100_000}, {f"f{number}": "x" for number in range(2_500)}]
URLENCODED = "application/x-www-form-urlencoded"


@pytest.mark.parametrize("sent", TOO_LARGE, ids=["four megabytes", "thousands of fields"])
@pytest.mark.parametrize("url", [f"{QUESTION}answer/", "/admin/modules/edition/add/", "/no-such-page/"])
def test_what_is_too_large_is_refused_with_a_page_that_says_the_limit(
    browser: Client, attempt: Attempt, sent: dict[str, str], url: str
) -> None:
    for response in (browser.post(url, sent), browser.post(url, urlencode(sent), URLENCODED)):
        assert response.status_code == 413
        page = response.content.decode()
        assert "This is larger than we take in one go" in page
        assert "256 kB" in page
        assert "Back" in page


def test_a_proxy_says_the_same_of_what_is_too_large() -> None:
    """nginx answers with a file of ours, which nobody renders."""
    said, page = ((settings.BASE_DIR / name).read_text() for name in ("static/413.html", "templates/413.html"))
    words = re.findall(r"<(?:h1|p)>(.*?)</", page)
    assert words
    assert all(sentence in said for sentence in words)
    assert "error_page 413 /413.html;" in (settings.BASE_DIR / "docs/nginx.conf.example").read_text()


def test_a_module_of_a_megabyte_can_be_sent_encoded(browser: Client) -> None:
    sent = urlencode({"text": "“" * 330_000})  # 1 MB of text, 3 MB on the way
    assert browser.post("/no-such-page/", sent, URLENCODED).status_code == 404


def test_a_wrong_host_is_refused(client: Client) -> None:
    response = client.get("/", headers={"host": "evil.example"})
    assert response.status_code == 400
    assert "evil.example" not in response.content.decode()
