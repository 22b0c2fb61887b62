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

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Expression, Field, QuerySet
from django.db.models import query as querysets
from django.db.transaction import TransactionManagementError

Row = TypeVar("Row")

MOST = 12  # values in a slot for several; with more of them the queryset itself is executed

_all: list[Prepared[Any]] = []


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

    def rows(self, connection: BaseDatabaseWrapper, bound: Mapping[tuple[str, int], Any]) -> list[Any]:
        """What the database has for these values."""
        if self.is_locking and connection.get_autocommit():
            raise TransactionManagementError("What locks rows needs a transaction.")
        params = [bound[param.at] if isinstance(param, Slot) else param for param in self.params]
        with connection.cursor() as cursor:
            cursor.execute(self.sql, params)
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


class Prepared(Generic[Row]):
    """A read that `prepared` has made; `queryset` is the function it was made from."""

    def __init__(self, queryset: Callable[..., QuerySet[Any, Row]], slots: Mapping[str, HasField]) -> None:
        self.queryset = queryset
        self.slots = slots
        self.__doc__ = queryset.__doc__
        self._plans: dict[tuple[object, ...], Plan] = {}

    def __str__(self) -> str:
        return f"{self.queryset.__module__}.{self.queryset.__qualname__}"

    def first(self, using: str = DEFAULT_DB_ALIAS, /, **values: Any) -> Row | None:
        """The first row, or None."""
        return next(iter(self.rows(using, **values)), None)

    def rows(self, using: str = DEFAULT_DB_ALIAS, /, **values: Any) -> list[Row]:
        """Every row. TypeError for other slots than those of the queryset, and for one without a fitting value."""
        if values.keys() != self.slots.keys():
            raise TypeError(f"{self} has the slots {', '.join(self.slots)}, not {', '.join(values)}.")
        bound, counts = self._bound(values, connections[using])
        if any(not 0 < count <= MOST for count in counts):
            return list(self.queryset(**values).using(using))
        plan = self._plans.get((using, *counts)) or self._compile(using, counts)
        return plan.rows(connections[using], bound)

    def _bound(
        self, values: Mapping[str, Any], connection: BaseDatabaseWrapper
    ) -> tuple[dict[tuple[str, int], Any], list[int]]:
        """Each value as the database takes it, and how many there are in each slot for several."""
        bound, counts = {}, []
        for name, slot in self.slots.items():
            own = values[name] if isinstance(slot, several) else (values[name],)
            if isinstance(slot, several):
                counts.append(len(own))
            for place, value in enumerate(own):
                if value is None or isinstance(value, list | tuple | set | frozenset | dict | QuerySet):
                    raise TypeError(f"{self}: {name} cannot be {type(value).__name__}.")
                bound[name, place] = slot.field.get_db_prep_value(value, connection, prepared=False)
        return bound, counts

    def _compile(self, using: str, counts: Sequence[int]) -> Plan:
        """What the function gives for slots, compiled and kept. Two that come at once both compile it."""
        left = iter(counts)
        slots: dict[str, Any] = {
            name: [Slot(name, place, slot.field) for place in range(next(left))]
            if isinstance(slot, several)
            else Slot(name, 0, slot.field)
            for name, slot in self.slots.items()
        }
        plan = plan_of(self.queryset(**slots).using(using))
        if {param.at[0] for param in plan.params if isinstance(param, Slot)} != slots.keys():
            raise TypeError(f"{self} does not use all of its slots.")
        self._plans[using, *counts] = plan
        return plan


def prepared(**slots: HasField) -> Callable[[Callable[..., QuerySet[Any, Row]]], Prepared[Row]]:
    """Make a prepared read of a function that gives a queryset. Each of its arguments is a slot with its field."""

    def prepare(queryset: Callable[..., QuerySet[Any, Row]]) -> Prepared[Row]:
        made = Prepared(queryset, slots)
        _all.append(made)
        return made

    return prepare


def all_prepared() -> Sequence[Prepared[Any]]:
    """Every prepared read there is, for the sweep that compares each with its queryset."""
    return tuple(_all)


def plan_of(queryset: Any) -> Plan:
    """The queryset, compiled. TypeError for one that is more than a plain statement."""
    compiler = queryset.query.get_compiler(queryset.db)
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
