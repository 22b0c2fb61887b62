"""What two people made of one page, put together block by block.

A block that only one of both has changed is kept as they have it. One that both have changed clashes: somebody picks.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from enum import Enum
from typing import Any

from apps.modules.document import ORDER, Blocks, Row, rows_in, with_keys
from apps.modules.keys import PROVISIONAL

LONGEST_LINE = 120  # characters of a text that stays on one line


class Pick(Enum):
    """What is to stand where two versions clash."""

    MINE = "mine"
    THEIRS = "theirs"
    BOTH = "both"


@dataclass(frozen=True)
class Meeting:
    """Two versions of a page, and the one from which both began, if that is known."""

    base: Blocks | None
    mine: Any
    theirs: Any

    @property
    def clashes(self) -> list[str]:
        """The blocks that both have changed, in my order; the order itself comes last."""
        base, mine, theirs = map(_parts, (self.base, self.mine, self.theirs))
        keys = [key for key in dict.fromkeys([*mine, *theirs, *base]) if _is_clash(*_sides(key, base, mine, theirs))]
        return [*keys, *([ORDER] if self._orders_clash else [])]

    def merged(self, picks: Mapping[str, Pick]) -> Any:
        """Both put together. What clashes is mine, unless something else is picked."""
        base, mine, theirs = map(_parts, (self.base, self.mine, self.theirs))
        blocks: dict[str, Any] = {}
        copies: dict[str, str] = {}
        for key in dict.fromkeys([*mine, *theirs]):
            sides = _sides(key, base, mine, theirs)
            picked = picks.get(key, Pick.MINE) if _is_clash(*sides) else None
            blocks[key] = _chosen(picked, *sides)
            if picked is Pick.BOTH and key and all(side is not None for side in sides[1:]):
                copies[key] = f"{PROVISIONAL}mine-{len(copies) + 1}"
                blocks[copies[key]] = _without_keys(sides[1], copies[key])
        there = {key: block for key, block in blocks.items() if block is not None}
        order = self._order({*there} - {""}, picks.get(ORDER, Pick.MINE))
        return self.mine.made_of(there | {ORDER: tuple(_with_copies(order, copies))})

    @property
    def _orders_clash(self) -> bool:
        return len(set(self._common_orders)) == 3

    @property
    def _common_orders(self) -> list[tuple[str, ...]]:
        """The order of what all have, in the base, in mine and in theirs."""
        orders = [_order_of(self.base or self.theirs), _order_of(self.mine), _order_of(self.theirs)]
        common = set(orders[0]).intersection(*orders[1:])
        return [tuple(key for key in order if key in common) for order in orders]

    def _order(self, keys: set[str], pick: Pick) -> list[str]:
        """The keys of what is there, in the order of whoever has changed it; the other's additions stand in between."""
        base, mine, _ = self._common_orders
        is_theirs = mine == base or (self._orders_clash and pick is Pick.THEIRS)
        first, second = (self.theirs, self.mine) if is_theirs else (self.mine, self.theirs)
        order, other = list(_order_of(first)), _order_of(second)
        for place, key in enumerate(other):
            if key not in order:
                before = next((one for one in reversed(other[:place]) if one in order), None)
                order.insert(order.index(before) + 1 if before else 0, key)
        return [key for key in order if key in keys or (self._knows_only_order and self._stays(key))]

    @property
    def _knows_only_order(self) -> bool:
        """Whether what is put in order are no blocks of the document itself, but the pages of an edition."""
        return any(key not in side.blocks for side in (self.mine, self.theirs) for key in _order_of(side))

    def _stays(self, key: str) -> bool:
        """Whether what only the order knows, a page of an edition, is there: nobody took it out."""
        base, mine, theirs = (_order_of(side) for side in (self.base, self.mine, self.theirs))
        return (key in mine and key in theirs) or key not in base


def _parts(document: Blocks | None) -> dict[str, Any]:
    """Its blocks without their order."""
    return {key: block for key, block in (document.blocks if document else {}).items() if key != ORDER}


def _order_of(document: Blocks | None) -> Sequence[str]:
    order: Any = document.blocks.get(ORDER, ()) if document else ()
    return tuple(order)


def _sides(key: str, *documents: dict[str, Any]) -> tuple[Any, Any, Any]:
    base, mine, theirs = (document.get(key) for document in documents)
    return base, mine, theirs


def _is_clash(base: Any, mine: Any, theirs: Any) -> bool:
    return mine != theirs and base not in (mine, theirs)


def _chosen(pick: Pick | None, base: Any, mine: Any, theirs: Any) -> Any:
    if pick is None:
        return theirs if mine == base else mine
    if pick is Pick.BOTH:
        return _together(base, mine, theirs)
    return mine if pick is Pick.MINE else theirs


def _together(base: Any, mine: Any, theirs: Any) -> Any:
    """What loses nothing: of a row theirs, since mine stands beside it; of the page itself both field by field."""
    if mine is None or theirs is None:
        return theirs if mine is None else mine
    return theirs if isinstance(mine, Row) else _both(base, mine, theirs)


def _both(base: Any, mine: Any, theirs: Any) -> Any:
    """Two values in one; of numbers and the like mine."""
    if mine == theirs or base in (mine, theirs):
        return theirs if base == mine else mine
    if isinstance(mine, str):
        is_short = all("\n" not in text and len(text) <= LONGEST_LINE for text in (mine, theirs))
        return (" / " if is_short else "\n\n").join(filter(None, (theirs, mine)))
    if isinstance(mine, tuple):
        return _both_lists(base or (), mine, theirs)
    if is_dataclass(mine) and not isinstance(mine, type):
        names = [field.name for field in fields(mine)]
        sides = ([getattr(side, name, None) for name in names] for side in (base, mine, theirs))
        return type(mine)(**{name: _both(*values) for name, *values in zip(names, *sides, strict=True)})
    return mine


def _both_lists(base: tuple[Any, ...], mine: tuple[Any, ...], theirs: tuple[Any, ...]) -> tuple[Any, ...]:
    """Theirs, and then what only mine has; rows are the same when their keys are."""
    was, is_mine = ({getattr(item, "key", item): item for item in items} for items in (base, mine))
    known = {getattr(item, "key", item): item for item in theirs}
    both = [_both(was.get(key), is_mine.get(key, item), item) for key, item in known.items()]
    return (*both, *(item for key, item in is_mine.items() if key not in known))


def _without_keys(row: Row, key: str) -> Any:
    """A row as a new one, and what is inside it too."""
    inside: Iterable[Row] = list(rows_in(row))[1:]
    keys = {(type(one).__name__, one.key): f"{key}-{number}" for number, one in enumerate(inside, 1)}
    return with_keys(row, keys | {(type(row).__name__, row.key): key})


def _with_copies(order: Iterable[str], copies: Mapping[str, str]) -> Iterable[str]:
    for key in order:
        yield key
        if key in copies:
            yield copies[key]
