"""What is published cannot change, so a process reads it once."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any, ParamSpec, TypeVar, cast

from apps.modules.content import EditionContent

P = ParamSpec("P")
R = TypeVar("R")

_remembered: list[Any] = []


def read_once(reader: Callable[P, R]) -> Callable[P, R]:
    """Remember what `reader` gives for a published edition; what it raises is not remembered.

    The rows are shared by all requests of the process: nobody writes to them.
    """
    cached = lru_cache(maxsize=256)(reader)
    _remembered.append(cached)
    return cast("Callable[P, R]", cached)


def refuse_draft(row: EditionContent) -> None:
    """A draft changes: it may not be remembered."""
    if not row.edition.is_published:
        raise ValueError(f"“{row}” belongs to a draft.")


def forget_all() -> None:
    """Forget everything that was read, for tests: their databases come and go within one process."""
    for cached in _remembered:
        cached.cache_clear()
