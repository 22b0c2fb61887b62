"""Which rows an act wrote: what was made, deleted, or changed from what to what, in words that stay the same."""

import datetime
import functools
import re
from collections.abc import Callable, Iterator
from typing import Any

from django.apps import apps
from django.contrib.sessions.models import Session
from django.db import models
from django.utils import timezone

WRITTEN = re.compile(r'(?:INSERT INTO|INSERT OR IGNORE INTO|UPDATE|DELETE FROM) "(\w+)"')
UNTOLD = re.compile(r"password|seed|digest|code|data|secret|html$|object_id$|^draft$|^content_type")  # names of fields
LONGEST = 160

Values = dict[str, Any]


@functools.cache  # for as long as nothing is written
def label(model: type[models.Model], pk: object) -> str:
    """A row by what it says of itself: its number depends on what else was made before."""
    row = models.QuerySet(model).filter(pk=pk).first()
    if row is None:
        return "none there"
    key = getattr(row, "key", None)
    return f"{key} of {row.edition}" if key and hasattr(row, "edition") else str(key or row)


class Written:
    """An execute wrapper. It remembers the rows of a table before it is first written to."""

    def __init__(self) -> None:
        self._before: dict[type[models.Model], dict[object, Values]] = {}

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        for table in WRITTEN.findall(sql):
            model = _models().get(table)  # the cache has none
            if model not in {None, Session, *self._before}:
                self._before[model] = _rows(model)
        return execute(sql, params, many, context)

    def has_touched(self, model: type[models.Model]) -> bool:
        return model in self._before

    def lines(self) -> list[str]:
        """What has become of the rows since, sorted by model."""
        written = sorted(self._before.items(), key=lambda item: item[0]._meta.label)
        return [line for model, before in written for line in _changes(model, before, _rows(model))]


@functools.cache
def _models() -> dict[str, type[models.Model]]:
    return {model._meta.db_table: model for model in apps.get_models(include_auto_created=True)}


def _rows(model: type[models.Model]) -> dict[object, Values]:
    return {row["pk"]: row for row in models.QuerySet(model).order_by("pk").values("pk", *_names(model))}


def _names(model: type[models.Model]) -> list[str]:
    return [field.attname for field in model._meta.concrete_fields if not field.primary_key]


def _changes(model: type[models.Model], before: dict[object, Values], after: dict[object, Values]) -> Iterator[str]:
    name = model._meta.label
    for pk in before.keys() - after.keys():
        yield f"− {name}: {_in_words(model, before[pk])}"
    for pk in after:
        if pk not in before:
            yield f"+ {name}: {_in_words(model, after[pk])}"
        elif changed := [key for key in after[pk] if after[pk][key] != before[pk][key]]:
            words = (f"{key}: {_value(model, key, before[pk])} → {_value(model, key, after[pk])}" for key in changed)
            yield f"~ {name} “{label(model, pk)}”: {', '.join(words)}"


def _in_words(model: type[models.Model], row: Values) -> str:
    return ", ".join(f"{key}={_value(model, key, row)}" for key in _names(model) if row[key] not in (None, ""))


def _value(model: type[models.Model], name: str, row: Values) -> str:
    value = row[name]
    if UNTOLD.search(name):
        return "***"
    field = next(field for field in model._meta.concrete_fields if field.attname == name)
    if field.remote_field and value is not None:
        return f"“{label(field.remote_field.model, value)}”"
    if isinstance(value, datetime.datetime):
        return "now" if value == timezone.now() else f"{value:%Y-%m-%d %H:%M}"
    words = " ".join(str("—" if value in (None, "") else value).split())
    return words if len(words) <= LONGEST else f"{words[:LONGEST]}… ({len(words)} signs)"
