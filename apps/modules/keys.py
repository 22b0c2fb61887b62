"""Keys of a document's rows: known ones stay, new ones are made from titles, those of other pages are replaced."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from django.utils.text import slugify

from apps.modules.document import Blocks, Row, names_in, with_keys

PROVISIONAL = "?"  # begins the key of a row that has none yet; no slug has it
LONGEST = 80

AnyBlocks = TypeVar("AnyBlocks", bound=Blocks)
Taken = Mapping[str, Collection[str]]  # the label of a model: its keys on other pages of the edition


def key_from(name: str, *taken: Collection[str], begin: int = 1, otherwise: str = "row") -> str:
    """A key made from a title that nobody has yet: `night-crew`, `night-crew-2`; numbers below `begin` are taken.

    Where a title has no letters that could stand in a key, it is made from something else.
    """
    made = slugify(name)[: LONGEST - 6].strip("-_") or otherwise
    number = begin
    while any((key := made if number == 1 else f"{made}-{number}") in keys for keys in taken):
        number += 1
    return key


@dataclass
class _Settling:
    """What is known while the rows of a document get their keys."""

    taken: Taken
    stored: dict[tuple[str, str, str], Iterator[str]]  # class, key of the row above, name: keys in order
    used: dict[str, set[str]]  # the class: keys that the document has
    notes: list[str] = field(default_factory=list)
    made: Counter[tuple[str, str]] = field(default_factory=Counter)  # the class and the name: keys made from it

    def key_of(self, row: Row, above: str) -> str:
        """The key that a row gets: its own, that of the stored row with its name, or a new one."""
        kind = type(row).__name__
        elsewhere = self.taken.get(row.label, ())
        if not row.key.startswith(PROVISIONAL) and row.key not in elsewhere:
            return row.key
        known = self.stored.get((kind, above, row.name), ())
        key = next((key for key in known if key not in self.used[kind]), "")
        if not key:
            base = row.name if row.key.startswith(PROVISIONAL) else row.key
            self.made[kind, base] += 1
            key = key_from(base, elsewhere, self.used[kind], begin=self.made[kind, base], otherwise=row.noun)
        self.used[kind].add(key)
        if row.key in elsewhere:
            self.notes.append(f"The key {row.key} belongs to another page: the {row.noun} gets the key {key}.")
        return key


def settle(document: AnyBlocks, stored: AnyBlocks | None, taken: Taken) -> tuple[AnyBlocks, list[str]]:
    """The document with a key for every row, and what an author is told about keys that were replaced.

    A row without a key is the stored row with its name under the same row, if there is one that no other row is.
    """
    used: dict[str, set[str]] = {}
    for row, _ in _with_above(document):
        used.setdefault(type(row).__name__, set()).add(row.key)
    known: dict[tuple[str, str, str], list[str]] = {}
    for row, above in _with_above(stored):
        known.setdefault((type(row).__name__, above.key if above else "", row.name), []).append(row.key)
    settling = _Settling(taken, {name: iter(keys) for name, keys in known.items()}, used)
    for is_named_by_links in (False, True):  # the name of such a row is what it points at: that must have its key
        document = with_keys(document, _new_keys(document, settling, is_named_by_links=is_named_by_links))
    return document, settling.notes


def _new_keys(document: Blocks, settling: _Settling, *, is_named_by_links: bool) -> dict[tuple[str, str], str]:
    keys: dict[tuple[str, str], str] = {}
    for row, above in _with_above(document):
        if row.is_named_by_links is is_named_by_links:
            key_above = keys.get((type(above).__name__, above.key), above.key) if above else ""
            keys[type(row).__name__, row.key] = settling.key_of(row, key_above)
    return keys


def _with_above(value: object, above: Row | None = None) -> Iterator[tuple[Row, Row | None]]:
    """Each row with the row in which it stands."""
    if isinstance(value, Row):
        yield value, above
        above = value
    inside = value if isinstance(value, tuple) else [getattr(value, name) for name in names_in(type(value))]
    for item in inside:
        if not isinstance(item, str):
            yield from _with_above(item, above)
