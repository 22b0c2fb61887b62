"""What is prepared gives what it was made from gives, on either database; what does not fit it is an error at once."""

import datetime
import itertools
from collections.abc import Callable, Collection, Iterator
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.core.exceptions import EmptyResultSet
from django.db import DatabaseError, IntegrityError, connection, connections, models, transaction
from django.db.models import QuerySet
from django.db.transaction import TransactionManagementError
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from apps.accounts.models import User
from apps.accounts.session_engine import _living
from apps.core.prepared import MOST, HasField, Read, Write, all_prepared, inserting, plan_of, prepared, several
from apps.modules.models import Edition
from apps.progress.models import Enrolment, PageCompletion
from apps.quizzes.models import Attempt, Response, SelectedOption
from apps.scenarios.models import Decision, Playthrough, Scenario
from tests import make

READS = [statement for statement in all_prepared() if isinstance(statement, Read)]
WRITES = [statement for statement in all_prepared() if isinstance(statement, Write)]


@pytest.fixture
def world(db: None) -> None:
    """Two learners in the middle of everything, one with a certificate; sessions, withdrawals and notes."""
    edition = make.edition(is_full=True)
    for email in ("one@example.org", "two@example.org"):
        learner = make.user(email)
        enrolment = make.enrolment(learner, edition)
        make.decision(enrolment)
        make.attempt(enrolment, is_submitted=email.startswith("two"))
        make.client(learner)
    make.certificate(make.completed(make.user("three@example.org"), edition))
    make.withdrawal(make.edition("old"))
    make.unguarded(Edition).filter(pk=edition.pk).update(change_note="What was new.")
    make.unguarded(Scenario).filter(edition=edition).update(is_taster=True)


def _said(row: object, deep: int = 2) -> object:
    """All that a row says, with what it was annotated with, and with what it points at so deep."""
    if not isinstance(row, models.Model):
        return row
    own = {name: value for name, value in vars(row).items() if name != "_state"}
    related = {name: _said(value, deep - 1) for name, value in row._state.fields_cache.items() if deep}
    return type(row), own, related, row._state.db, row._state.adding


OTHERS = {
    "CharField": "no such thing",
    "SlugField": "no-such-thing",
    "DateTimeField": timezone.now(),
    "DecimalField": Decimal("0.5"),
}


def _values_of(slot: HasField, most: int) -> list[Any]:
    """Some that its column holds, and one that it does not."""
    field = slot.field
    held = field.model._base_manager.exclude(**{field.name: None}).order_by("pk").values_list(field.attname, flat=True)
    kind = "int" if field.is_relation else field.get_internal_type()
    return [*dict.fromkeys(held[:most]), OTHERS.get(kind, 987)]


def _combinations(statement: Read[Any] | Write, most: int) -> Iterator[dict[str, Any]]:
    choices = []
    for slot in statement.slots.values():
        values = _values_of(slot, most)
        lists = ([], values[:1], values[:2], values, values[:1] * (MOST + 1))
        can_be_none = isinstance(statement, Write) and slot.field.null
        choices.append(lists if isinstance(slot, several) else [*values, *([None] if can_be_none else [])])
    for chosen in itertools.product(*choices):
        yield dict(zip(statement.slots, chosen, strict=True))


def test_a_read_gives_what_its_queryset_gives(world: None) -> None:
    assert len(READS) > 15
    for read in READS:
        _compare(read)


def _compare(read: Read[Any]) -> None:
    found = []
    for values in _combinations(read, 5):
        plain = [_said(row) for row in read.made_from(**values)]
        assert [_said(row) for row in read.rows(**values)] == plain, (read, values)
        first = read.first(**values)
        assert (None if first is None else _said(first)) == (plain[0] if plain else None)
        found.append(bool(plain))
    assert any(found), f"{read}: nothing was found, so nothing was compared"
    assert not read.slots or not all(found), f"{read}: everything was found"


@pytest.mark.no_cover
def test_a_write_does_what_it_was_made_from_does(world: None) -> None:
    assert len(WRITES) > 7
    for write in WRITES:
        _compare_changes(write)


def _compare_changes(write: Write) -> None:
    before, outcomes = _state(), []
    for values in _combinations(write, 2):
        outcomes.append(_after(partial(write.run, **values)))
        assert outcomes[-1] == _after(partial(_run_unprepared, write, values)), (write, values)
    assert any(outcome not in (before, NOT_ALLOWED) for outcome in outcomes), f"{write}: nothing was changed"


NOT_ALLOWED = "not allowed"
LEARNERS_ROWS = (Enrolment, PageCompletion, Attempt, Response, SelectedOption, Playthrough, Decision)


def _run_unprepared(write: Write, values: dict[str, Any]) -> None:
    try:
        plan = plan_of(write.made_from(**values), "default")
    except EmptyResultSet:
        return
    with connection.cursor() as cursor:
        cursor.execute(plan.sql, plan.params)


def _after(act: Callable[[], object]) -> object:
    """What learners' rows say after it, but for their ids."""
    try:
        with transaction.atomic():
            act()
            after = _state()
            transaction.set_rollback(True)
    except (IntegrityError, ValueError):  # ValueError: of two slots for several, one had more values
        return NOT_ALLOWED
    return after


def _state() -> object:
    columns = {
        model: [field.attname for field in model._meta.concrete_fields if not field.primary_key]
        for model in LEARNERS_ROWS
    }
    return [sorted(model._base_manager.values_list(*names), key=str) for model, names in columns.items()]


@prepared(learner=Enrolment.learner, edition=Enrolment.edition)
def _own(learner: int, edition: int) -> QuerySet[Enrolment]:
    return Enrolment.objects.filter(learner=learner, edition=edition)


@prepared(people=several(User.id))
def _people(people: Collection[int]) -> QuerySet[User]:
    return User.objects.filter(pk__in=people)


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"learner": 1},
        {"learner": 1, "edition": 1, "page": 1},
        {"learner": 1, "module": 1},
        {"learner": 1, "edition": None},
        {"learner": 1, "edition": [1]},
        {"learner": 1, "edition": {1: 2}},
        {"learner": 1, "edition": "first"},
        {"learner": 1, "edition": timezone.now()},
    ],
)
def test_values_that_do_not_fit_are_an_error(db: None, values: dict[str, Any]) -> None:
    with CaptureQueriesContext(connection) as asked, pytest.raises((TypeError, ValueError)):
        _own.rows(**values)
    assert not asked.captured_queries


@pytest.mark.parametrize("people", [None, 1, "12", [None], [[1]], ["first"], iter([1])])
def test_several_values_are_a_collection_of_such_values(db: None, people: object) -> None:
    with pytest.raises((TypeError, ValueError)):
        _people.rows(people=people)


def test_a_querysets_slots_are_all_used(db: None) -> None:
    @prepared(pk=User.id, email=User.email)
    def forgetful(pk: int, email: str) -> QuerySet[User]:
        return User.objects.filter(pk=pk)

    for _ in range(2):
        with pytest.raises(TypeError, match="does not use all"):
            forgetful.rows(pk=1, email="sam@example.org")


@pytest.mark.parametrize(
    "queryset",
    [
        lambda: User.objects.prefetch_related("groups"),
        lambda: User.objects.values("email"),
        lambda: User.objects.values_list("email", named=True),
    ],
    ids=["prefetch", "dictionaries", "named tuples"],
)
def test_what_is_not_one_plain_statement_cannot_be_prepared(db: None, queryset: Callable[[], Any]) -> None:
    with pytest.raises(TypeError):
        prepared()(queryset).rows()


def test_a_row_that_would_be_another_each_time_cannot_be_prepared(db: None) -> None:
    with pytest.raises(TypeError, match="always the same"):
        inserting(Attempt, enrolment=1, quiz=1, number=1, started_at=timezone.now())


def test_it_is_counted_and_composed_once(world: None, django_assert_num_queries: Any) -> None:
    enrolment = Enrolment.objects.earliest("pk")
    values = {"learner": enrolment.learner_id, "edition": enrolment.edition_id}
    _own.rows(**values)
    made_from, _own.made_from = _own.made_from, lambda **_: pytest.fail("composed again")
    try:
        with django_assert_num_queries(1):
            assert _own.first(**values) == enrolment
    finally:
        _own.made_from = made_from


@pytest.mark.django_db(transaction=True)
def test_what_locks_or_writes_needs_a_transaction() -> None:
    locking = [read for read in READS if "lock" in str(read)]
    assert locking
    for statement in [*locking, *WRITES]:
        values: dict[str, Any] = dict.fromkeys(statement.slots, 1)
        values |= {name: timezone.now() for name, slot in statement.slots.items() if _is_moment(slot)}
        values |= {name: [1] for name, slot in statement.slots.items() if isinstance(slot, several)}
        with pytest.raises(TransactionManagementError):
            statement.rows(**values) if isinstance(statement, Read) else statement.run(**values)


def _is_moment(slot: HasField) -> bool:
    return slot.field.get_internal_type() == "DateTimeField"


@pytest.mark.django_db(transaction=True)
def test_a_connection_may_be_cut_in_between() -> None:
    person = make.user()
    assert _people.rows(people=[person.pk]) == [person]
    connection.close()
    assert _people.rows(people=[person.pk]) == [person]


def test_a_column_that_a_newer_release_adds_or_takes_shifts_nothing(db: None) -> None:
    """As the old processes meet it, until they are replaced."""
    learner = make.user()
    make.client(learner)
    key, now = Session.objects.get().pk, timezone.now()
    before = _living.first(key=key, now=now)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE django_session ADD COLUMN a_new_one varchar(10) DEFAULT 'x' NOT NULL")
    assert before is not None
    assert _said(_living.first(key=key, now=now)) == _said(before)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE django_session RENAME COLUMN session_data TO renamed")
    with pytest.raises(DatabaseError), transaction.atomic():
        _living.first(key=key, now=now)


def test_each_database_has_a_plan_of_its_own(db: None, other_database: str) -> None:
    moment = timezone.now()
    with connections[other_database].schema_editor() as editor:
        editor.create_model(Session)
    Session.objects.create(session_key="here", session_data="", expire_date=moment)
    Session.objects.using(other_database).create(session_key="there", session_data="", expire_date=moment)
    found = {using: _expiring.rows(using, moment=moment) for using in (other_database, "default", other_database)}
    assert found == {"default": ["here"], other_database: ["there"]}


@prepared(moment=Session.expire_date)
def _expiring(moment: datetime.datetime) -> QuerySet[Session, str]:
    return Session.objects.filter(expire_date=moment).values_list("session_key", flat=True)


@pytest.fixture
def other_database() -> Iterator[str]:
    """An SQLite database in memory, whatever the product's is."""
    settings = {**connection.settings_dict, "ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:", "OPTIONS": {}}
    connections.databases["other"] = settings
    connections["other"].connect()
    yield "other"
    connections["other"].close()
    del connections["other"], connections.databases["other"]
