"""Two at the same moment: threads with connections of their own, on SQLite as on PostgreSQL."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from apps.accounts.models import User
from apps.authoring import reporting
from apps.certificates import actions as certificates_actions
from apps.certificates.models import Certificate
from apps.modules import actions as modules_actions
from apps.modules.models import Archiving, Edition, Withdrawal
from apps.progress import actions as progress_actions
from apps.progress.models import Enrolment, PageCompletion
from apps.quizzes import actions as quizzes_actions
from apps.quizzes.models import Attempt, Response, SelectedOption
from apps.quizzes.queries import paper_of
from apps.scenarios import actions as scenarios_actions
from apps.scenarios.models import Decision, Playthrough
from apps.scenarios.queries import script_of
from apps.scenarios.walks import walk_of
from tests import make
from tests.at_once import at_once

pytestmark = pytest.mark.django_db(transaction=True)

THREADS = 6


def errors(results: list[Any]) -> list[Any]:
    return [result for result in results if isinstance(result, Exception)]


@pytest.fixture
def enrolment() -> Enrolment:
    return make.enrolment(make.user("learner@example.org"), make.edition("posts"))


def test_one_decision_is_taken_however_often_the_button_is_pressed(enrolment: Enrolment) -> None:
    script = script_of(enrolment.edition.page_set.get(key="case"))
    choices = ["case-scene-1-best", "case-scene-1-poor"] * (THREADS // 2)
    now = timezone.now()
    results = at_once(*(lambda key=key: scenarios_actions.choose(enrolment, script, 1, key, now) for key in choices))
    assert errors(results) == []
    assert results.count(True) == 1
    assert (Decision.objects.count(), Playthrough.objects.count()) == (1, 1)


def test_the_last_decision_ends_the_case_once(enrolment: Enrolment) -> None:
    make.decision(enrolment)
    script = script_of(enrolment.edition.page_set.get(key="case"))
    now = timezone.now()
    results = at_once(*[lambda: scenarios_actions.choose(enrolment, script, 2, "case-scene-2-poor", now)] * THREADS)
    assert errors(results) == []
    assert (Decision.objects.count(), PageCompletion.objects.count()) == (2, 1)


def test_walks_kept_from_two_tabs_are_kept_once(enrolment: Enrolment) -> None:
    script = script_of(enrolment.edition.page_set.get(key="case"))
    walks = [walk_of(script, ["case-scene-1-best", "case-scene-2-poor"]), walk_of(script, ["case-scene-1-best"])]
    now = timezone.now()
    results = at_once(*[lambda: scenarios_actions.keep(enrolment, script, walks, now)] * THREADS)
    assert errors(results) == []
    assert (Playthrough.objects.count(), Decision.objects.count(), PageCompletion.objects.count()) == (2, 3, 1)


def test_going_back_from_two_tabs_leaves_one_way_open(enrolment: Enrolment) -> None:
    ended = make.playthrough(enrolment)
    script = script_of(enrolment.edition.page_set.get(key="case"))
    now = timezone.now()
    results = at_once(
        *(lambda n=number: scenarios_actions.go_back(ended, script, n, now) for number in (1, 2, 3, 1, 2, 3))
    )
    assert errors(results) == []
    assert Playthrough.objects.open().count() == 1
    numbers = list(Playthrough.objects.order_by("number").values_list("number", flat=True))
    assert numbers == list(range(1, len(numbers) + 1))


def test_one_attempt_is_begun(enrolment: Enrolment) -> None:
    paper = paper_of(enrolment.edition.page_set.get(key="quiz"))
    results = at_once(*[lambda: quizzes_actions.start_attempt(enrolment, paper, timezone.now())] * THREADS)
    assert errors(results) == []
    assert len({attempt.pk for attempt in results}) == 1
    assert (Attempt.objects.count(), Response.objects.count()) == (1, 3)


def test_an_answer_and_the_submission_meet(enrolment: Enrolment) -> None:
    """Whichever is first: what was marked is what is stored."""
    paper = paper_of(enrolment.edition.page_set.get(key="quiz"))
    attempt = make.attempt(enrolment, right=0, is_submitted=False)
    response = attempt.responses.get(position=1)
    now = timezone.now()
    results = at_once(
        lambda: quizzes_actions.answer(response, paper, {"quiz-q1-right": None}, now),
        lambda: quizzes_actions.submit_attempt(attempt, paper, now),
        lambda: quizzes_actions.answer(response, paper, {"quiz-q1-wrong-2": None}, now),
        lambda: quizzes_actions.submit_attempt(attempt, paper, now),
    )
    assert all(isinstance(error, quizzes_actions.AlreadySubmittedError) for error in errors(results)), results
    response.refresh_from_db()
    attempt.refresh_from_db()
    chosen = SelectedOption.objects.get(response=response).option
    assert response.score == int(chosen.is_key)
    assert attempt.score == sum(Response.objects.filter(attempt=attempt).values_list("score", flat=True))


@pytest.mark.parametrize(
    ("position", "given"),
    [
        (1, [["quiz-q1-right"], ["quiz-q1-wrong"]]),
        (3, [["quiz-q3-right", "quiz-q3-right-2"], ["quiz-q3-wrong", "quiz-q3-right"]]),
    ],
)
@pytest.mark.parametrize("is_first", [True, False])
def test_two_answers_to_one_question_leave_one(
    enrolment: Enrolment, is_first: bool, position: int, given: list[list[str]]
) -> None:
    paper = paper_of(enrolment.edition.page_set.get(key="quiz"))
    if is_first:
        attempt = quizzes_actions.start_attempt(enrolment, paper, timezone.now())
    else:
        attempt = make.attempt(enrolment, right=0, is_submitted=False)
    response = attempt.responses.get(position=position)
    results = at_once(
        *(
            lambda keys=keys: quizzes_actions.answer(response, paper, dict.fromkeys(keys), timezone.now())
            for keys in given * (THREADS // 2)
        )
    )
    assert errors(results) == []
    stored = set(SelectedOption.objects.filter(response=response).values_list("option__key", flat=True))
    assert stored in [set(keys) for keys in given]


def test_a_passing_attempt_completes_the_page_once(enrolment: Enrolment) -> None:
    paper = paper_of(enrolment.edition.page_set.get(key="quiz"))
    attempt = make.attempt(enrolment, is_submitted=False)
    results = at_once(*[lambda: quizzes_actions.submit_attempt(attempt, paper, timezone.now())] * THREADS)
    assert errors(results) == []
    assert PageCompletion.objects.count() == 1
    assert len({result.submitted_at for result in results}) == 1


def test_the_last_two_pages_completed_at_once_complete_the_enrolment(
    enrolment: Enrolment, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages = list(enrolment.edition.page_set.all())
    for page in pages[:-2]:
        progress_actions.complete_page(enrolment, page, None, timezone.now())
    look = progress_actions._complete_enrolment

    def look_slowly(*args: Any) -> None:
        """Time for the other one to store its page and to look, too, if nothing keeps it waiting."""
        time.sleep(0.2)
        look(*args)
        time.sleep(0.2)

    monkeypatch.setattr(progress_actions, "_complete_enrolment", look_slowly)
    results = at_once(
        *(
            lambda page=page: progress_actions.complete_page(enrolment, page, None, timezone.now())
            for page in pages[-2:]
        )
    )
    assert errors(results) == []
    assert PageCompletion.objects.count() == len(pages)
    enrolment.refresh_from_db()
    assert enrolment.completed_at is not None


def test_one_certificate_is_issued(enrolment: Enrolment) -> None:
    make.completed(enrolment.learner, enrolment.edition)
    results = at_once(
        *(
            lambda n=number: certificates_actions.issue(enrolment, f"Name {n}", timezone.now())
            for number in range(THREADS)
        )
    )
    assert errors(results) == []
    assert len({certificate.code for certificate in results}) == 1
    certificate = Certificate.objects.get()
    assert User.objects.get().certificate_name == certificate.name


def test_one_enrolment_is_made() -> None:
    learner, edition = make.user(), make.edition("posts")
    results = at_once(*[lambda: progress_actions.enrol(learner, edition, timezone.now())] * THREADS)
    assert errors(results) == []
    assert Enrolment.objects.count() == 1


CLOSING = {
    "withdraw": lambda edition, by: modules_actions.withdraw(edition, by, timezone.now(), "It is wrong."),
    "archive": lambda edition, by: modules_actions.archive(edition.module, by, timezone.now()),
}


@pytest.mark.parametrize("way", CLOSING)
def test_who_is_just_beginning_has_begun_before_the_module_is_closed(way: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever closes it waits for them: nobody is found on it later who was not there at that moment."""
    learner, publisher, edition = make.user(), make.user(), make.edition("posts")
    has_asked, look = threading.Event(), progress_actions.refuse_closed

    def look_slowly(*args: Any) -> None:
        has_asked.set()
        time.sleep(0.3)  # for the other to close the module, if nothing keeps it waiting
        look(*args)

    def close() -> int:
        has_asked.wait(10)
        CLOSING[way](edition, publisher)
        return Enrolment.objects.count()

    monkeypatch.setattr(progress_actions, "refuse_closed", look_slowly)
    results = at_once(lambda: progress_actions.enrol(learner, edition, timezone.now()), close)
    assert errors(results) == []
    assert results[1] == 1


@pytest.mark.parametrize("way", CLOSING)
def test_who_comes_while_the_module_is_being_closed_does_not_begin(way: str) -> None:
    learner, publisher, edition = make.user(), make.user(), make.edition("posts")
    is_closing = threading.Event()

    @transaction.atomic
    def close() -> None:
        CLOSING[way](edition, publisher)
        is_closing.set()
        time.sleep(0.3)  # for the other to begin, if nothing keeps them waiting

    def enrol() -> Enrolment:
        is_closing.wait(10)
        return progress_actions.enrol(learner, edition, timezone.now())

    results = at_once(close, enrol)
    assert isinstance(results[1], progress_actions.ClosedError), results
    assert not Enrolment.objects.exists()


def test_an_edition_is_withdrawn_and_a_module_archived_once() -> None:
    publisher, edition = make.user(), make.edition("posts")
    for way, model in (("withdraw", Withdrawal), ("archive", Archiving)):
        results = at_once(*[lambda way=way: CLOSING[way](edition, publisher)] * THREADS)
        assert errors(results) == []
        assert model.objects.count() == 1


def test_a_draft_is_published_once() -> None:
    draft = make.draft("posts")
    make.reading(draft)
    results = at_once(*[lambda: modules_actions.publish(draft, None, timezone.now())] * THREADS)
    assert errors(results) == []
    assert list(Edition.objects.values_list("number", flat=True)) == [1]
    assert len({edition.published_at for edition in results}) == 1


def test_a_draft_is_started_once_and_holds_every_row_once() -> None:
    edition = make.edition("posts")
    results = at_once(*[lambda: modules_actions.start_draft(edition)] * THREADS)
    assert errors(results) == []
    assert len({draft.pk for draft in results}) == 1
    assert results[0].page_set.count() == edition.page_set.count()


def test_a_double_click_through_the_whole_stack_does_a_thing_once(enrolment: Enrolment) -> None:
    """One decision, one attempt, one certificate."""
    learner = enrolment.learner
    base = "/learn/posts/1"

    def post(path: str, data: dict[str, Any]) -> Callable[[], int]:
        browser = make.client(learner)
        return lambda: browser.post(f"{base}{path}", data).status_code

    choices = ({"decision": 1, "choice": f"case-scene-1-{rating}"} for rating in ("best", "poor", "best", "poor"))
    assert at_once(*[post("/scenario/case/choose/", choice) for choice in choices]) == [302] * 4
    assert Decision.objects.count() == 1
    assert at_once(*[post("/quiz/quiz/start/", {}) for _ in range(4)]) == [302] * 4
    assert Attempt.objects.count() == 1
    make.completed(learner, enrolment.edition)
    assert at_once(*[post("/finish/issue/", {"name": f"Name {number}"}) for number in range(4)]) == [302] * 4
    assert Certificate.objects.count() == 1


def test_of_several_answers_to_a_report_one_stands() -> None:
    report, now = make.report(make.edition("posts"), "case"), timezone.now()
    answers = [("Mended.", make.user()), ("Not so.", make.user())] * (THREADS // 2)
    answer = reporting.answer_report
    results = at_once(*(lambda text=text, by=by: answer(report, by, now, text) for text, by in answers))
    assert errors(results) == []
    report.refresh_from_db()
    assert [is_done for is_done, (text, _) in zip(results, answers, strict=True) if text == report.answer] == [True] * 3
    assert sum(results) == 3
