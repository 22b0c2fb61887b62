"""Visitors of a case whose module is closed meanwhile: who has begun goes on, and cannot keep it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from apps.modules.actions import start_draft
from apps.modules.models import Edition
from apps.progress.models import Enrolment
from tests import make
from tests.log_canary import Listener
from tests.scenarios.test_tasting import CASE, URL, choose, look, make_edition, sign_in, waiting_ways

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.pages,
    pytest.mark.parametrize("close", [make.withdrawal, lambda edition: make.archiving(edition.module)]),
]

Close = Callable[[Edition], Any]
CHOICE = {"decision": 1, "choice": "case-scene-1-best"}


def leads_on(page: str) -> bool:
    """Whether the page leads to other modules, and not to one that is closed."""
    return 'href="/modules/">Choose another module</a>' in page and "See the module" not in page


def test_a_new_visitor_cannot_begin(close: Close) -> None:
    close(make_edition())
    visitor = Client()
    for url in (URL, f"{URL}?choice=case-scene-1-poor", CASE):
        assert visitor.get(url).status_code == 410, url
    for verb in ("choose", "go-back", "start-again"):
        assert visitor.post(f"{URL}{verb}/", CHOICE).status_code == 410, verb
    assert "tasted" not in visitor.session


def test_a_case_that_asks_for_an_account_says_so_too_before_it_asks(close: Close) -> None:
    close(make_edition(is_taster=False))
    assert Client().get(CASE).status_code == 410


def test_who_is_in_it_goes_on_to_the_ending_and_lets_go(close: Close) -> None:
    edition = make_edition()
    visitor = Client()
    choose(visitor, "1-best")
    close(edition)
    assert visitor.get(CASE).url == URL
    page = choose(visitor, "2-best", "3-best", first=2)
    assert "A good end" in page
    assert "This module has been closed to new learners. This way through cannot be kept." in page
    assert "Keep this" not in page
    assert "A newer edition" not in page
    assert leads_on(page)
    assert visitor.post(f"{URL}start-again/").url == "/modules/posts/"
    assert visitor.get(URL).status_code == 410


def test_who_signs_in_is_told_that_it_cannot_be_kept_and_loses_nothing(close: Close) -> None:
    edition = make_edition()
    visitor = Client()
    choose(visitor, "1-best")
    ways = waiting_ways(visitor)
    close(edition)
    sign_in(visitor)
    assert visitor.get(CASE).url == URL
    page = look(visitor)
    assert "This module has been closed to new learners since, so it cannot be kept." in page
    assert leads_on(page)
    assert "Keep this" not in page
    for verb, fields in (("keep", {}), ("choose", {"decision": 2, "choice": "case-scene-2-best"})):
        refused = visitor.post(f"{URL}{verb}/", fields)
        assert refused.status_code == 410, verb
        assert "nothing was begun in your account" in refused.content.decode(), verb
    assert waiting_ways(visitor) == ways
    assert not Enrolment.objects.exists()


@pytest.mark.parametrize("steps", [(), ("1-best",)])
def test_signing_in_to_keep_it_signs_in_all_the_same(close: Close, steps: tuple[str, ...], log: Listener) -> None:
    edition = make_edition()
    visitor = Client()
    if steps:
        choose(visitor, *steps)
    close(edition)
    make.user("back@example.org")
    login = {"login": "back@example.org", "password": make.PASSWORD, "next": f"{URL}keep/"}
    assert visitor.post("/account/login/", login).status_code == 302
    assert visitor.get("/my-learning/").status_code == 200
    assert not Enrolment.objects.exists()
    assert not [line for line in log.lines if "kept nothing" in line]


def test_who_takes_the_edition_already_keeps_it(close: Close) -> None:
    edition = make_edition()
    learner = make.user("back@example.org")
    make.enrolment(learner, edition)
    visitor = Client()
    choose(visitor, "1-best")
    close(edition)
    sign_in(visitor, learner)
    assert "Keep this" in look(visitor)
    assert visitor.post(f"{URL}keep/").url == CASE


def test_a_newer_edition_leaves_a_visit_in_the_withdrawn_one_alone(close: Close) -> None:
    edition = make_edition()
    visitor = Client()
    choose(visitor, "1-best")
    close(edition)
    make.publish(start_draft(edition))
    assert "Scene 2" in look(visitor)
