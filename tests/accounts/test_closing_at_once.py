"""An account is closed while others write at the same moment, on SQLite as on PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from apps.accounts import closing
from apps.accounts.models import User
from apps.certificates import actions as certificates_actions
from apps.certificates.models import Certificate
from apps.modules.models import Edition
from apps.progress import actions as progress_actions
from apps.progress.models import Enrolment
from apps.quizzes import actions as quizzes_actions
from apps.quizzes.queries import paper_of
from apps.scenarios import actions as scenarios_actions
from apps.scenarios.queries import script_of
from tests import make
from tests.test_concurrency import at_once, errors

pytestmark = pytest.mark.django_db(transaction=True)

CLOSED = {"full_name": "", "certificate_name": "", "specialty": "", "is_active": False}


def close(person: User, by: User) -> Callable[[], None]:
    return lambda: closing.close_account(person, timezone.now(), by)


def test_an_account_is_closed_once_however_often_the_button_is_pressed() -> None:
    administrator, learner = make.superuser(), make.user()
    make.certificate(make.completed(learner))
    results = at_once(*[close(learner, administrator)] * 4)
    assert errors(results) == []
    assert Certificate.objects.get().is_withdrawn
    assert User.objects.filter(closed_at__isnull=False).count() == 1


def test_two_administrators_who_close_each_other_leave_one() -> None:
    one, two = make.superuser(), User.objects.create_superuser("two@example.org", full_name="Two")
    results = at_once(close(one, two), close(two, one))
    assert [type(error) for error in errors(results)] == [closing.NotClosableError]
    assert User.objects.filter(is_superuser=True, is_active=True).count() == 1


@pytest.mark.parametrize("turn", range(3))
def test_whoever_is_at_work_finishes_or_is_told_and_nothing_comes_back(turn: int) -> None:
    administrator, learner = make.superuser(), make.user("learner@example.org", specialty="Surgery")
    edition, other = make.edition("posts"), make.edition("other", scenes=2, questions=2, readings=1)
    enrolment = make.completed(learner, edition)
    attempt = make.attempt(enrolment, right=0, is_submitted=False)
    script, paper = script_of(edition.page_set.get(key="case")), paper_of(edition.page_set.get(key="quiz"))
    response, now = attempt.responses.get(position=1), timezone.now()
    stale = User.objects.get(pk=learner.pk)
    acts: list[Callable[[], Any]] = [
        lambda: stale.save(),
        lambda: progress_actions.enrol(learner, other, now),
        lambda: certificates_actions.issue(enrolment, "Sam Learner", now),
        lambda: scenarios_actions.choose(enrolment, script, 1, "case-scene-1-best", now),
        lambda: quizzes_actions.answer(response, paper, {"quiz-q1-right": None}, now),
        lambda: quizzes_actions.submit_attempt(attempt, paper, now),
    ]
    acts.insert(turn * 3, close(learner, administrator))
    results = at_once(*acts)
    told = PermissionDenied | quizzes_actions.AlreadySubmittedError  # a late answer, as always
    assert [error for error in errors(results) if not isinstance(error, told)] == []
    assert User.objects.filter(pk=learner.pk).values(*CLOSED).get() == CLOSED
    assert not Enrolment.objects.exists()
    assert not Certificate.objects.exclude(name="").exists()
    assert Edition.objects.count() == 2


def test_the_old_address_is_taken_by_whoever_is_first() -> None:
    """A sign-up that comes while the account is being closed is told that there is one, or makes a new one."""
    administrator, learner = make.superuser(), make.user("learner@example.org")
    new = {"email": learner.email, "full_name": "New", "password1": "a-good-long-one", "password2": "a-good-long-one"}
    browser = make.client(raise_request_exception=False)
    results = at_once(close(learner, administrator), lambda: browser.post("/account/signup/", new).status_code)
    assert errors(results) == []
    assert results[1] in {422, 302}
    assert User.objects.filter(email="learner@example.org").count() <= 1
    assert User.objects.get(pk=learner.pk).closed_at is not None
