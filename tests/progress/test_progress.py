"""How far a learner is, in words, and where “Continue” leads."""

import pytest

from apps.modules.models import Edition
from apps.modules.queries import published_contents
from apps.progress import actions, queries
from apps.progress.models import Enrolment
from apps.progress.queries import Progress
from apps.progress.so_far import so_far_in
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def edition(db: None) -> Edition:
    """Reading 1 and 2 (3 minutes each), a case (6), a quiz (7), and an optional reading page in between."""
    draft = make.draft("posts")
    make.reading(draft, "reading-1")
    make.reading(draft, "extra", is_required=False, minutes=1)
    make.scenario(draft)
    make.reading(draft, "reading-2")
    make.quiz(draft)
    return make.publish(draft)


@pytest.fixture
def enrolment(edition: Edition) -> Enrolment:
    return make.enrolment(None, edition)


def progress(enrolment: Enrolment) -> Progress:
    return queries.progress_of(published_contents(enrolment.edition_id), Enrolment.objects.get(pk=enrolment.pk))


def complete(enrolment: Enrolment, *keys: str) -> None:
    for key in keys:
        actions.complete_page(enrolment, enrolment.edition.page_set.get(key=key), None, make.timezone.now())


def next_key(enrolment: Enrolment) -> str | None:
    page = progress(enrolment).next_page
    return page.key if page else None


def hint(enrolment: Enrolment) -> str:
    state = progress(enrolment).next_state
    return state.under_way.hint if state and state.under_way else ""


def test_at_the_start_everything_is_left(enrolment: Enrolment) -> None:
    state = progress(enrolment)
    assert (state.done, state.total, state.minutes_left) == (0, 4, 19)
    assert state.done_in_words == "0 of 4 pages done, about 19 minutes left."
    assert state.left_in_words == "2 readings, the case, the quiz"
    assert [one.status for one in state.states] == [
        "not_started",
        "optional",
        "not_started",
        "not_started",
        "not_started",
    ]
    assert not state.is_complete


def test_progress_counts_only_what_the_certificate_needs(enrolment: Enrolment) -> None:
    complete(enrolment, "reading-1", "extra")
    state = progress(enrolment)
    assert state.done_in_words == "1 of 4 pages done, about 16 minutes left."
    assert state.left_in_words == "the case, a reading, the quiz"


def test_at_the_end_nothing_is_left(enrolment: Enrolment) -> None:
    complete(enrolment, "reading-1", "case", "reading-2", "quiz")
    state = progress(enrolment)
    assert state.is_complete
    assert (state.done, state.minutes_left, state.left_in_words) == (4, 0, "")


def test_somebody_who_has_not_begun_sees_every_page_waiting(edition: Edition) -> None:
    state = queries.progress_of(published_contents(edition.pk), None)
    assert {one.status for one in state.states} == {"not_started", "optional"}
    assert state.next_page is not None
    assert state.next_page.key == "reading-1"


def test_continue_leads_to_the_first_required_page_that_is_not_done(enrolment: Enrolment) -> None:
    assert next_key(enrolment) == "reading-1"
    complete(enrolment, "reading-1")
    assert next_key(enrolment) == "case"
    complete(enrolment, "quiz")
    assert next_key(enrolment) == "case"


def test_it_goes_on_after_the_page_that_was_done_last_and_comes_back_to_what_was_skipped(enrolment: Enrolment) -> None:
    complete(enrolment, "case")
    assert next_key(enrolment) == "reading-2"
    complete(enrolment, "reading-2", "quiz")
    assert next_key(enrolment) == "reading-1"


def test_optional_pages_come_last(enrolment: Enrolment) -> None:
    complete(enrolment, "reading-1", "case", "reading-2", "quiz")
    assert next_key(enrolment) == "extra"
    complete(enrolment, "extra")
    assert next_key(enrolment) is None


def test_what_was_done_so_far_is_read_at_once(enrolment: Enrolment, django_assert_num_queries) -> None:
    """Whatever is done, and whatever the kinds of what is under way."""
    complete(enrolment, "reading-1")
    make.decision(enrolment)
    make.attempt(enrolment, is_submitted=False)
    with django_assert_num_queries(1):
        so_far = so_far_in(enrolment)
    pages = {page.key: page.pk for page in enrolment.edition.page_set.all()}
    assert [*so_far.completed] == [pages["reading-1"]]
    assert {*so_far.begun} == {pages["case"], pages["quiz"]}


def test_continue_leads_to_the_page_that_was_begun(enrolment: Enrolment) -> None:
    make.attempt(enrolment, right=3, is_submitted=False)
    assert next_key(enrolment) == "quiz"
    assert hint(enrolment) == "3 of 3 answered"
    assert progress(enrolment).states[4].status == "in_progress"


def test_of_two_pages_begun_continue_leads_to_the_one_touched_last(enrolment: Enrolment) -> None:
    make.decision(enrolment)
    make.attempt(enrolment, is_submitted=False)
    assert next_key(enrolment) == "quiz"
    make.decision(enrolment)
    assert next_key(enrolment) == "case"
    assert hint(enrolment) == "You are at decision 3"


def test_a_failed_quiz_is_not_under_way(enrolment: Enrolment) -> None:
    make.attempt(enrolment, right=0)
    assert progress(enrolment).states[4].status == "not_started"
    assert next_key(enrolment) == "reading-1"


@pytest.mark.parametrize(("minutes", "hint"), [(1, "Reading, about 1 minute"), (2, "Reading, about 2 minutes")])
def test_a_page_says_its_kind_and_time(minutes: int, hint: str) -> None:
    draft = make.draft("short")
    make.reading(draft, "only", minutes=minutes)
    state = queries.progress_of(published_contents(make.publish(draft).pk), None)
    assert state.states[0].hint == hint


def test_one_minute_is_not_minutes() -> None:
    draft = make.draft("short")
    make.reading(draft, "one", minutes=4)
    make.reading(draft, "two", minutes=1)
    made = make.enrolment(None, make.publish(draft))
    complete(made, "one")
    assert progress(made).done_in_words == "1 of 2 pages done, about 1 minute left."
