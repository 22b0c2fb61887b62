"""What the models' fields refuse, said of a document before it is stored: too long, too much, empty, none of a few."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.backends.base.operations import BaseDatabaseOperations

from apps.modules.said import Said

RANGES = BaseDatabaseOperations.integer_field_ranges  # of every database: SQLite's own fields would take more
LONGEST_SHOWN = 40  # characters of a value that is refused


def refusals(said: Said, *, in_draft: bool = False) -> Iterator[str]:
    """What the fields of its model refuse, each as the end of a sentence: `its title is empty`.

    A draft may be full of holes: there only what cannot be stored is refused.
    """
    for column, value in said.fields:
        if value == "" and (in_draft or column.name in said.told or column.name == "key"):
            continue  # keys are made when it is stored
        yield from (f"its {column.verbose_name} {refusal}" for refusal in _refusals(column, value))


def _refusals(column: models.Field[Any, Any], value: Any) -> Iterator[str]:
    if isinstance(column, models.TextField) and column.max_length and len(value) > column.max_length:
        yield _too_long(value, column.max_length)  # only forms look at the length of such a field
    lowest, highest = RANGES.get(column.get_internal_type(), (None, None))
    if lowest is not None and value is not None and not lowest <= value <= highest:
        bound, word = (lowest, "must") if value < lowest else (highest, "may")
        yield f"is {value:,} and {word} be {bound:,} at {'least' if value < lowest else 'most'}"
        return
    try:
        column.clean(value, None)
    except ValidationError as refused:
        yield from (_in_words(column, value, error) for error in refused.error_list)


def _in_words(column: models.Field[Any, Any], value: Any, error: ValidationError) -> str:
    limit = (error.params or {}).get("limit_value")
    match error.code:
        case "blank" | "null":
            return "is empty"
        case "max_length":
            return _too_long(value, limit)
        case "max_value":
            return f"is {value:,} and may be {limit:,} at most"
        case "min_value":
            return f"is {value:,} and must be {limit:,} at least"
        case "invalid_choice":
            return f"is “{_short(value)}”, which is none of {', '.join(str(name) for name, _ in column.flatchoices)}"
    return f"cannot be “{_short(value)}”. {error.messages[0].removesuffix('.')}"


def _too_long(value: str, limit: Any) -> str:
    return f"has {len(value):,} characters and may have {limit:,} at most"


def _short(value: object) -> str:
    said = str(value)
    return said if len(said) <= LONGEST_SHOWN else f"{said[:LONGEST_SHOWN]}…"
