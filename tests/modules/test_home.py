"""The front page: what a visitor may try at once, and what somebody signed in does not need to."""

from __future__ import annotations

import pytest
from django.test import Client

from apps.accounts.models import User
from apps.modules.models import Module
from apps.scenarios.models import Scenario
from tests import make

pytestmark = pytest.mark.django_db


def make_case(slug: str, title: str, *, is_taster: bool, is_first: bool = True) -> None:
    """A module with one case, before which something is to be read unless it stands first."""
    draft = make.draft(slug)
    if not is_first:
        make.reading(draft)
    case = make.scenario(draft, title=title)
    Scenario.objects.filter(pk=case.pk).update(is_taster=is_taster)
    make.publish(draft)


def front(browser: Client) -> str:
    return browser.get("/").content.decode()


def test_only_a_case_that_is_open_to_all_is_offered_to_visitors() -> None:
    """Not the first that there is."""
    make_case("first", "The closed case", is_taster=False)
    assert "Start reading now" in front(Client())
    for said in ("Tonight’s case", "Try a case now", "The closed case", "?choice="):
        assert said not in front(Client())
    make_case("second", "The open case", is_taster=True)
    page = front(Client())
    assert "Tonight’s case: The open case" in page
    assert 'href="/try/second/case/?choice=case-scene-1-best#choices"' in page
    assert "The closed case" not in page
    assert "Start reading now" not in page


def test_of_several_the_one_of_the_first_module_is_offered() -> None:
    """Wherever in its module it stands."""
    make_case("first", "The first case", is_taster=True, is_first=False)
    make_case("second", "The second case", is_taster=True)
    Module.objects.filter(slug="second").update(position=2)
    page = front(Client())
    assert "Tonight’s case: The first case" in page
    assert "The second case" not in page


def test_a_module_is_said_to_take_as_long_as_its_certificate_needs() -> None:
    draft = make.draft("posts")
    make.reading(draft, minutes=4)
    make.reading(draft, "more", minutes=30, is_required=False)
    make.publish(draft)
    for url in ("/", "/modules/"):
        assert "<strong>4 minutes</strong>" in Client().get(url).content.decode()


def test_somebody_signed_in_is_offered_no_taster(learner: User, client_of_learner: Client) -> None:
    """It would be a second beginning beside what they have begun."""
    make_case("posts", "The open case", is_taster=True)
    page = front(client_of_learner)
    assert "The shortest that you have not begun" in page
    for said in ("Tonight’s case", "Try a case now", "?choice=", "/try/"):
        assert said not in page
