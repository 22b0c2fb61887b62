"""The narrow waist: a page is completed once, and the last page needed completes the enrolment at the same moment."""

import datetime
from decimal import Decimal

import pytest
from django.db import transaction

from apps.modules import actions as modules_actions
from apps.modules.models import Page
from apps.progress import actions
from apps.progress.models import Enrolment, PageCompletion
from tests import make

pytestmark = pytest.mark.django_db

LATER = make.NOW + datetime.timedelta(days=1)


@pytest.fixture
def enrolment(db: None) -> Enrolment:
    """Two required reading pages and an optional one."""
    draft = make.draft("posts")
    make.reading(draft, "one")
    make.reading(draft, "two")
    make.reading(draft, "extra", is_required=False)
    return actions.enrol(make.user(), make.publish(draft), make.NOW)


def complete(enrolment: Enrolment, key: str, at: datetime.datetime = make.NOW) -> None:
    actions.complete_page(enrolment, Page.objects.get(edition=enrolment.edition, key=key), None, at)


def completed_at(enrolment: Enrolment) -> datetime.datetime | None:
    return Enrolment.objects.get(pk=enrolment.pk).completed_at


def test_completing_a_page_is_a_fact_with_a_time(enrolment: Enrolment) -> None:
    complete(enrolment, "one")
    fact = PageCompletion.objects.get()
    assert (fact.enrolment, fact.page.key, fact.completed_at, fact.scaled_score) == (enrolment, "one", make.NOW, None)


def test_completing_again_keeps_the_first_time_and_score(enrolment: Enrolment) -> None:
    page = Page.objects.get(key="one")
    actions.complete_page(enrolment, page, Decimal("0.8"), make.NOW)
    actions.complete_page(enrolment, page, Decimal("1"), LATER)
    stored = PageCompletion.objects.get()
    assert (stored.completed_at, stored.scaled_score) == (make.NOW, Decimal("0.8"))


def test_the_last_page_needed_completes_the_enrolment(enrolment: Enrolment) -> None:
    complete(enrolment, "one")
    assert completed_at(enrolment) is None
    complete(enrolment, "two", LATER)
    assert completed_at(enrolment) == LATER


def test_optional_pages_do_not_block(enrolment: Enrolment) -> None:
    complete(enrolment, "two")
    complete(enrolment, "one", LATER)
    assert completed_at(enrolment) == LATER


def test_an_optional_page_alone_completes_nothing(enrolment: Enrolment) -> None:
    complete(enrolment, "extra")
    assert completed_at(enrolment) is None


def test_what_comes_later_does_not_move_the_completion(enrolment: Enrolment) -> None:
    complete(enrolment, "one")
    complete(enrolment, "two")
    complete(enrolment, "extra", LATER)
    complete(enrolment, "one", LATER)
    assert completed_at(enrolment) == make.NOW


def test_both_facts_are_stored_in_one_transaction(enrolment: Enrolment, monkeypatch: pytest.MonkeyPatch) -> None:
    complete(enrolment, "one")

    def fail(*args: object) -> None:
        raise RuntimeError("the power went")

    monkeypatch.setattr(actions, "_complete_enrolment", fail)
    with pytest.raises(RuntimeError), transaction.atomic():
        complete(enrolment, "two")
    assert list(PageCompletion.objects.values_list("page__key", flat=True)) == ["one"]


def test_a_page_of_another_edition_is_refused(enrolment: Enrolment) -> None:
    other = make.edition("other")
    with pytest.raises(ValueError, match="not of the edition"), transaction.atomic():
        actions.complete_page(enrolment, other.page_set.all()[0], None, make.NOW)
    newer = make.publish(modules_actions.start_draft(enrolment.edition))
    with pytest.raises(ValueError, match="not of the edition"), transaction.atomic():
        actions.complete_page(enrolment, newer.page_set.get(key="one"), None, make.NOW)
    assert not PageCompletion.objects.exists()


def test_one_learners_completion_is_not_anothers(enrolment: Enrolment) -> None:
    other = actions.enrol(make.user(), enrolment.edition, make.NOW)
    complete(enrolment, "one")
    complete(other, "two")
    assert completed_at(enrolment) is None
    assert completed_at(other) is None


def test_enrolling_twice_gives_the_same_enrolment(enrolment: Enrolment) -> None:
    again = actions.enrol(enrolment.learner, enrolment.edition, LATER)
    assert again == enrolment
    assert again.started_at == make.NOW
    assert Enrolment.objects.count() == 1


def test_nobody_enrols_in_a_draft(enrolment: Enrolment) -> None:
    draft = modules_actions.start_draft(enrolment.edition)
    with pytest.raises(actions.NotOpenError):
        actions.enrol(make.user(), draft, make.NOW)


def test_only_those_who_began_go_on_with_an_edition_that_has_been_replaced(enrolment: Enrolment) -> None:
    make.publish(modules_actions.start_draft(enrolment.edition))
    assert actions.enrol(enrolment.learner, enrolment.edition, LATER) == enrolment
    with pytest.raises(actions.NotOpenError):
        actions.enrol(make.user(), enrolment.edition, LATER)
