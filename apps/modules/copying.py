"""A document, or a block of one, made fit for another place."""

from __future__ import annotations

from typing import Any

from apps.modules.document import ORDER, Blocks, Document, Row, rows_in, tied, with_keys
from apps.modules.keys import PROVISIONAL

GONE = f"{PROVISIONAL}gone"  # the key of what is not there


def copy_of_page(document: Document) -> Any:
    """The same page as a new one: its rows have no keys yet."""
    return with_keys(document, _provisional(document))


def with_copy(into: Any, block: str, source: Blocks) -> Any:
    """`into` with a copy of a block of `source`: at the end, or behind the block itself where it stands in `into`.

    What the block points at outside itself is what has the same name in `into`, since the same key may be something
    else there; what is not there is let go when the document is settled. Harmless when repeated: what stands at the end
    already is not copied again.
    """
    original: Any = source.blocks[block]
    copied = with_keys(original, _known_there(source, into) | _provisional(original))
    order = list(into.blocks[ORDER])
    place = order.index(block) + 1 if source is into else len(order)
    if source is not into and order and _without_keys(into.blocks[order[-1]]) == _without_keys(_settled(copied, into)):
        return into
    order.insert(place, copied.key)
    return into.with_block(copied.key, copied).with_block(ORDER, tuple(order))


def _provisional(value: object) -> dict[tuple[str, str], str]:
    own = [(type(row).__name__, row.key) for row in rows_in(value)]
    return {row: f"{PROVISIONAL}copy-{number}" for number, row in enumerate(own)}


def _known_there(source: Blocks, into: Blocks) -> dict[tuple[str, str], str]:
    """The rows of `source` that are not in `into`, and the keys of those that have their names there."""
    there: list[Row] = list(rows_in(into))
    known = {(type(row).__name__, row.key, row.name) for row in there}
    by_name = {(type(row).__name__, row.name): row.key for row in there}
    missing = (row for row in rows_in(source) if (type(row).__name__, row.key, row.name) not in known)
    return {(type(row).__name__, row.key): by_name.get((type(row).__name__, row.name), GONE) for row in missing}


def _settled(copied: Any, into: Blocks) -> Any:
    """The copy as it will stand there."""
    return tied(copied, {(type(row).__name__, row.key) for row in (*rows_in(into), *rows_in(copied))})


def _without_keys(value: Any) -> Any:
    return with_keys(value, {(type(row).__name__, row.key): "" for row in rows_in(value)})
