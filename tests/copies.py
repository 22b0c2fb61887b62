"""Rows that were built once in a process come again in other tests: one statement for each table, where building them
asks the database a hundred times. They get the numbers that new rows would get, and sources get keys of their own.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, models, transaction

from apps.modules.content import content_models
from apps.modules.models import Edition, Module, Source

Row = dict[str, Any]  # by the names of its columns


@dataclass(frozen=True)
class Table:
    """The rows of one model, each before those that point at it."""

    model: type[models.Model]
    rows: list[Row]
    links: dict[str, type[models.Model]] = field(default_factory=dict)  # columns that point at rows of these models

    @property
    def name(self) -> str:
        return connection.ops.quote_name(self.model._meta.db_table)


def look(build: Callable[[], Edition]) -> Copies:
    """Build something, keep its rows, and undo it. Nothing may stand there before."""
    with transaction.atomic():
        made = build().pk
        tables = [table for model in (Module, Source, Edition, *content_models()) if (table := _read(model)).rows]
        transaction.set_rollback(True)
    return Copies(tables, made)


def _read(model: type[models.Model]) -> Table:
    fields: Sequence[models.Field[Any, Any]] = model._meta.concrete_fields
    rows = [
        {one.column: one.get_db_prep_save(getattr(row, one.attname), connection) for one in fields}
        for row in models.QuerySet(model).order_by("pk")
    ]
    links = {one.column: one.related_model for one in fields if isinstance(one, models.ForeignKey)}
    return Table(model, rows, links)  # type: ignore[arg-type]


@dataclass(frozen=True)
class Copies:
    """What was built, and which edition of it is the one that was asked for."""

    tables: list[Table]
    made: int

    def make(self, slug: str, new_keys: Callable[[], str]) -> Edition:
        """Once more, for a module that is called this and does not exist yet."""
        numbers = self._numbers()
        with connection.cursor() as cursor:
            for table in self.tables:
                rows = [self._renumbered(table, row, numbers) for row in table.rows]
                for row in rows:
                    _name(table.model, row, slug, new_keys)
                names = ", ".join(map(connection.ops.quote_name, rows[0]))
                places = ", ".join([f"({', '.join(['%s'] * len(rows[0]))})"] * len(rows))
                values = list(itertools.chain.from_iterable(row.values() for row in rows))
                cursor.execute(f"INSERT INTO {table.name} ({names}) VALUES {places}", values)  # noqa: S608
        return Edition.objects.select_related("module", "based_on__module").get(pk=numbers[Edition][self.made])

    def _numbers(self) -> dict[type[models.Model], dict[int, int]]:
        """The numbers of the new rows, by those of the old ones."""
        first = _free(self.tables)
        return {
            table.model: {row["id"]: number for number, row in enumerate(table.rows, start=first[table.model])}
            for table in self.tables
        }

    @staticmethod
    def _renumbered(table: Table, row: Row, numbers: dict[type[models.Model], dict[int, int]]) -> Row:
        linked = {name: row[name] and numbers[model][row[name]] for name, model in table.links.items()}
        return row | linked | {"id": numbers[table.model][row["id"]]}


def _name(model: type[models.Model], row: Row, slug: str, new_keys: Callable[[], str]) -> None:
    """What another copy in the same test has otherwise."""
    if model is Module:
        row["slug"] = slug
    if model is Source:
        key = new_keys()
        row |= {"key": key, "title": f"On {key}"}


def _free(tables: list[Table]) -> dict[type[models.Model], int]:
    """The first of as many numbers in a row as each table needs, which no other row gets."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            one = "(SELECT min(nextval(pg_get_serial_sequence(%s, 'id'))) FROM generate_series(1, %s))"
            asked = [value for table in tables for value in (table.name, len(table.rows))]
            cursor.execute(f"SELECT {', '.join([one] * len(tables))}", asked)
            return dict(zip((table.model for table in tables), cursor.fetchone(), strict=True))
        cursor.execute("SELECT name, seq FROM sqlite_sequence")  # an INSERT with a number moves it on
        last = dict(cursor.fetchall())
        return {table.model: last.get(table.model._meta.db_table, 0) + 1 for table in tables}
