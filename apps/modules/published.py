"""What is published cannot change, so a process reads it once, and nobody writes to the rows it then has."""

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import fields, is_dataclass
from functools import cache, lru_cache
from time import monotonic
from typing import Any, TypeVar

from django.db import models
from django.db.models.query import QuerySet

K = TypeVar("K", bound=Hashable)
R = TypeVar("R")

_forget: list[Callable[[], None]] = []


class PublishedContentError(Exception):
    """Somebody tried to change an edition that has been published."""

    def __init__(self) -> None:
        super().__init__("A published edition cannot change. Start a draft, correct it and publish that.")


class Frozen:
    """What makes a row one that nobody can write to."""

    def __setattr__(self, name: str, value: object) -> None:
        raise PublishedContentError

    def save(self, *args: object, **kwargs: object) -> None:
        raise PublishedContentError

    def delete(self, *args: object, **kwargs: object) -> None:
        raise PublishedContentError


@cache
def _frozen(model: type[models.Model]) -> type[models.Model]:
    """A class of frozen rows of this model. Made past Django, to which it is no model of its own.

    Rows are moved into it, since a flag that each row asked when it is set would make reading all rows a third slower.
    """
    return type.__new__(type(model), model.__name__, (Frozen, model), {"__module__": model.__module__})


def read_once(reader: Callable[[K], R]) -> Callable[[K], R]:
    """Remember what `reader` gives for a published edition, or for a page of one; what it raises is not remembered.

    All requests of the process share it, so its rows are frozen.
    """

    @lru_cache(maxsize=256)
    def read(key: K) -> R:
        result = reader(key)
        freeze_rows(result)
        return result

    _forget.append(read.cache_clear)
    return read


def read_all_once(reader: Callable[[list[K]], Mapping[K, R]]) -> Callable[[Iterable[K]], list[R]]:
    """As `read_once`, for many at a time: `reader` gives in one go all that the process has not read yet."""
    known: dict[K, R] = {}

    def read(keys: Iterable[K]) -> list[R]:
        wanted = list(keys)
        if unknown := [key for key in wanted if key not in known]:
            found = dict(reader(unknown))
            freeze_rows(found)
            known.update(found)
        return [known[key] for key in wanted if key in known]

    _forget.append(known.clear)
    return read


def read_for_a_minute(reader: Callable[[K], R]) -> Callable[[K], R]:
    """As `read_once`, of what a published edition points at and authors may still correct: read anew every minute."""

    @lru_cache(maxsize=512)
    def read(key: K, minute: int) -> R:
        result = reader(key)
        freeze_rows(result)
        return result

    _forget.append(read.cache_clear)
    return lambda key: read(key, int(monotonic() // 60))


def is_published(row: models.Model) -> bool:
    """Whether it is a row that was read once, and cannot change."""
    return isinstance(row, Frozen)


class _Followed(dict[str, Any]):
    """What a frozen row points at: frozen too, also when it is read only later."""

    def __setitem__(self, name: str, value: Any) -> None:
        freeze_rows(value)
        super().__setitem__(name, value)


def freeze_rows(value: object) -> None:
    """Freeze every row that a value holds: in the fields of dataclasses, in collections, and as what rows point at."""
    waiting = [value]
    while waiting:
        value = waiting.pop()
        if isinstance(value, Frozen):
            continue
        waiting += _held_by(value)
        if isinstance(value, models.Model):
            value._state.fields_cache = _Followed(value._state.fields_cache)
            value.__class__ = _frozen(type(value))


def _held_by(value: object) -> Iterable[object]:
    if isinstance(value, models.Model):
        return [*value._state.fields_cache.values(), *getattr(value, "_prefetched_objects_cache", {}).values()]
    if is_dataclass(value):
        return [getattr(value, field.name) for field in fields(value)]
    if isinstance(value, Mapping):
        return value.values()
    return value if isinstance(value, tuple | list | set | frozenset | QuerySet) else ()


def on_forgetting(forget: Callable[[], None]) -> None:
    """Let what was made of published rows be forgotten with them."""
    _forget.append(forget)


def forget_all() -> None:
    """Forget everything that was read, for tests: their databases come and go within one process."""
    for forget in _forget:
        forget()
