"""Prepared reads: querysets whose SQL is put together once in the life of a process, not at every request.

Three quarters of what a small query costs is Django putting the same SQL together again. A function that gives a
queryset becomes a prepared read: its arguments are slots. It is compiled when it is first used on a database, and from
then on executed with values; rows are made as the queryset would make them.

    @prepared(learner=Enrolment.learner, edition=Enrolment.edition)
    def own_enrolment(learner: int, edition: int) -> QuerySet[Enrolment]:
        return Enrolment.objects.filter(learner=learner, edition=edition)

    enrolment = own_enrolment.first(learner=user.pk, edition=edition.pk)

It is for what nearly every request reads; all else stays a queryset. No value may change the SQL: None is an error, and
so is a list, but in a slot for several values, where every count has SQL of its own. Whole numbers come from rows or
sessions, not from addresses: one that no column holds is an error, too.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Expression, Field, Model, QuerySet
from django.db.models import query as querysets
from django.db.models.sql import DeleteQuery, InsertQuery, UpdateQuery
from django.db.transaction import TransactionManagementError

Row = TypeVar("Row")
Bound = Mapping[tuple[str, int], Any]  # values as a database takes them, by slot and place in it

NOT_ONE = (list, tuple, set, frozenset, dict, QuerySet)
MOST = 12  # values in a slot for several; with more of them the queryset itself is executed

_all: list[Statement] = []


class HasField(Protocol):
    """What a model's class has under the name of a field."""

    @property
    def field(self) -> Field[Any, Any]: ...


class several:  # noqa: N801  # it reads as a word in the decorator
    """A slot for the values of `__in`."""

    def __init__(self, owner: HasField) -> None:
        self.field = owner.field


class Slot(Expression):
    """Where a value will stand. It goes to the database as a value of its field does."""

    def __init__(self, name: str, place: int, field: Field[Any, Any]) -> None:
        super().__init__(output_field=field)
        self.at = (name, place)  # which value it is, and which of several

    def as_sql(self, *args: object, **kwargs: object) -> Any:
        return "%s", [self]


@dataclass(frozen=True)
class Plan:
    """A queryset as it was compiled for a database."""

    sql: str
    params: Sequence[Any]  # values, and slots where values will stand
    converters: Sequence[tuple[int, Sequence[Callable[..., Any]], object]]  # by place in a row, with its expression
    make: Callable[[Sequence[Any]], Any]  # what the queryset gives for a row
    is_locking: bool

    def bind(self, bound: Bound) -> list[Any]:
        """The parameters, with these values in the slots."""
        return [bound[param.at] if isinstance(param, Slot) else param for param in self.params]

    def rows(self, connection: BaseDatabaseWrapper, bound: Bound) -> list[Any]:
        """What the database has for these values."""
        if self.is_locking and connection.get_autocommit():
            raise TransactionManagementError("A read that locks rows needs a transaction.")
        with connection.cursor() as cursor:
            cursor.execute(self.sql, self.bind(bound))
            found = cursor.fetchall()
        return [self.make(row) for row in (self._converted(found, connection) if self.converters else found)]

    def _converted(self, found: Iterable[Sequence[Any]], connection: BaseDatabaseWrapper) -> list[list[Any]]:
        """The rows with their values as fields read them."""
        rows = [list(row) for row in found]
        for place, functions, column in self.converters:
            for row in rows:
                for function in functions:
                    row[place] = function(row[place], column, connection)
        return rows


def _several(values: Any) -> Collection[Any]:
    if isinstance(values, str | bytes) or not isinstance(values, Collection):
        raise TypeError(f"{type(values).__name__} is not several values.")
    return values


class Statement:
    """Something prepared: `made_from` is the function with the slots."""

    def __init__(self, made_from: Callable[..., Any], slots: Mapping[str, HasField]) -> None:
        self.made_from = made_from
        self.slots = slots
        self.__doc__ = made_from.__doc__
        self._plans: dict[tuple[object, ...], Plan] = {}
        _all.append(self)

    def __str__(self) -> str:
        return f"{self.made_from.__module__}.{self.made_from.__qualname__}"

    def _bound(self, values: Mapping[str, Any], connection: BaseDatabaseWrapper) -> Bound:
        """Each value as the database takes it. TypeError where they do not fit the slots."""
        if values.keys() != self.slots.keys():
            raise TypeError(f"{self} has the slots {', '.join(self.slots)}, not {', '.join(values)}.")
        bound = {}
        for name, slot in self.slots.items():
            for place, value in enumerate(_several(values[name]) if isinstance(slot, several) else (values[name],)):
                if isinstance(value, NOT_ONE) or (value is None and not self._may_be_none(slot)):
                    raise TypeError(f"{self}: {name} cannot be {type(value).__name__}.")
                bound[name, place] = slot.field.get_db_prep_value(value, connection, prepared=False)
        return bound

    def _may_be_none(self, slot: HasField) -> bool:
        return False

    def _counts(self, values: Mapping[str, Any]) -> list[int] | None:
        """How many values are in each slot for several; None where the SQL for so many is not kept."""
        counts = [len(values[name]) for name, slot in self.slots.items() if isinstance(slot, several)]
        return counts if all(0 < count <= MOST for count in counts) else None

    def _plan(self, using: str, counts: Sequence[int] = ()) -> Plan:
        """Compiled when it is first wanted, and kept. Two that come at once both compile it."""
        plan = self._plans.get((using, *counts))
        if plan is None:
            slots = self._empty_slots(iter(counts))
            plan = plan_of(self.made_from(**slots), using)
            if {param.at[0] for param in plan.params if isinstance(param, Slot)} != slots.keys():
                raise TypeError(f"{self} does not use all of its slots.")
            self._plans[using, *counts] = plan
        return plan

    def _empty_slots(self, counts: Iterator[int]) -> dict[str, Any]:
        return {
            name: [Slot(name, place, slot.field) for place in range(next(counts))]
            if isinstance(slot, several)
            else Slot(name, 0, slot.field)
            for name, slot in self.slots.items()
        }


class Read(Statement, Generic[Row]):
    """A prepared queryset."""

    def first(self, using: str = DEFAULT_DB_ALIAS, /, **values: Any) -> Row | None:
        """The first row, or None."""
        return next(iter(self.rows(using, **values)), None)

    def rows(self, using: str = DEFAULT_DB_ALIAS, /, **values: Any) -> list[Row]:
        """Every row. TypeError for other slots than those of the queryset, and for one without a fitting value."""
        connection = connections[using]
        bound = self._bound(values, connection)
        counts = self._counts(values)
        if counts is None:
            return list(self.made_from(**values).using(using))
        return self._plan(using, counts).rows(connection, bound)


class Write(Statement):
    """A prepared `inserting`, `updating` or `deleting`; only inside a transaction, as all writing is."""

    def run(self, using: str = DEFAULT_DB_ALIAS, /, **values: Any) -> int:
        """Do it once; how many rows that changed."""
        connection = connections[using]
        bound, counts = self._bound(values, connection), self._counts(values)
        if counts is not None:
            plan = self._plan(using, counts)
            return self._execute(plan, [plan.bind(bound)], connection)
        try:
            plan = plan_of(self.made_from(**values), using)
        except EmptyResultSet:
            return 0
        return self._execute(plan, [plan.params], connection)

    def run_each(self, many: Iterable[Mapping[str, Any]], using: str = DEFAULT_DB_ALIAS, /) -> int:
        """Do it for each of these, in one go; how many rows that changed. Not where there is a slot for several."""
        connection, plan = connections[using], self._plan(using)
        params = [plan.bind(self._bound(values, connection)) for values in many]
        return self._execute(plan, params, connection) if params else 0

    def _execute(self, plan: Plan, params: Sequence[Sequence[Any]], connection: BaseDatabaseWrapper) -> int:
        if connection.get_autocommit():
            raise TransactionManagementError(f"{self} needs a transaction.")
        with connection.cursor() as cursor:
            cursor.execute(plan.sql, params[0]) if len(params) == 1 else cursor.executemany(plan.sql, params)
            changed: int = cursor.rowcount
        return changed

    def _may_be_none(self, slot: HasField) -> bool:
        return slot.field.null


def prepared(**slots: HasField) -> Callable[[Callable[..., QuerySet[Any, Row]]], Read[Row]]:
    """Make a prepared read of a function that gives a queryset. Each of its arguments is a slot with its field."""
    return lambda queryset: Read(queryset, slots)


def prepared_write(**slots: HasField) -> Callable[[Callable[..., Any]], Write]:
    """Make a prepared write of a function that gives an `inserting`, `updating` or `deleting`."""
    return lambda write: Write(write, slots)


def inserting(model: type[Model], **values: Any) -> Any:
    """A new row. TypeError for a field that is not named and has no fixed default."""
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]
    if any(callable(field.default) for field in fields if field.name not in values):
        raise TypeError(f"{model.__name__} has a field without a value that is always the same.")
    row = model()
    for field in fields:
        if field.name in values:
            setattr(row, field.attname, values[field.name])
    query = InsertQuery(model)
    query.insert_values(fields, [row])
    return query


def updating(queryset: QuerySet[Any, Any], **values: Any) -> Any:
    """`queryset.update(…)`."""
    query: Any = queryset.query.chain(UpdateQuery)
    query.add_update_values(values)
    return query


def deleting(queryset: QuerySet[Any, Any]) -> Any:
    """Take these rows away, which no other row points at."""
    return queryset.query.chain(DeleteQuery)


def all_prepared() -> Sequence[Statement]:
    """All that is prepared, for the sweep that compares each with what it was made from."""
    return tuple(_all)


def plan_of(made: Any, using: str) -> Plan:
    """A queryset or a write, compiled. TypeError for one that is more than a plain statement."""
    if not isinstance(made, QuerySet):
        (sql, params), *more = _statements(made.get_compiler(using))
        if more:
            raise TypeError("Only what is one plain statement can be prepared.")
        return Plan(sql, tuple(params), (), tuple, is_locking=False)
    queryset: Any = made.using(using)
    compiler = queryset.query.get_compiler(using)
    sql, params = compiler.as_sql()
    if queryset._known_related_objects or queryset._prefetch_related_lookups or compiler.has_extra_select:
        raise TypeError("Only what is one plain statement can be prepared.")
    converters = compiler.get_converters([column for column, *_ in compiler.select[: compiler.col_count]])
    return Plan(
        sql,
        tuple(params),
        [(place, functions, column) for place, (functions, column) in converters.items()],
        _maker(queryset, compiler),
        queryset.query.select_for_update,
    )


def _statements(compiler: Any) -> list[tuple[str, Sequence[Any]]]:
    made = compiler.as_sql()
    return made if isinstance(made, list) else [made]


def _maker(queryset: Any, compiler: Any) -> Callable[[Sequence[Any]], Any]:
    """What makes of a row what the queryset makes of it."""
    kind = queryset._iterable_class
    if kind is querysets.ModelIterable:
        return _maker_of_models(compiler, queryset.db)
    if kind is querysets.FlatValuesListIterable:
        return lambda row: row[0]
    if kind is querysets.ValuesListIterable:
        return tuple
    raise TypeError(f"{kind.__name__} cannot be prepared.")


def _maker_of_models(compiler: Any, using: str) -> Callable[[Sequence[Any]], Any]:
    """As Django's `ModelIterable` does it: the row, what `select_related` brings, and annotations."""
    model, places = compiler.klass_info["model"], compiler.klass_info["select_fields"]
    own = slice(places[0], places[-1] + 1)
    names = [column.target.attname for column, *_ in compiler.select[own]]
    populators_of: Any = querysets.get_related_populators  # the stubs are of another Django
    related = populators_of(compiler.klass_info, compiler.select, using)
    annotations = tuple((compiler.annotation_col_map or {}).items())

    def make(row: Sequence[Any]) -> Any:
        made = model.from_db(using, names, row[own])
        for populator in related:
            populator.populate(row, made)
        for name, place in annotations:
            setattr(made, name, row[place])
        return made

    return make
