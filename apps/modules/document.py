"""What a page says, as one value: no ids, what it points at by key. Imports no Django.

A document is frozen and made of **blocks**: the page itself under the empty key, and whatever an author changes on its
own (a scene, a question) under its key. Texts in it are normalised (`normalised`), so that equal documents are equal.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any, ClassVar, Self, TypeVar, cast

from apps.core.words import normalised as normalised

ORDER = "order of blocks"  # the name of the block that says it; no key has blanks


@dataclass(frozen=True)
class Row:
    """Something with a key of its own, which is unique among the rows of its class in an edition."""

    label: ClassVar[str]  # of its model: `scenarios.Scene`
    noun: ClassVar[str]  # what an author calls it: `scene`
    nouns: ClassVar[str]
    is_named_by_links: ClassVar[bool] = False
    links: ClassVar[Mapping[str, str]] = {}  # the fields that hold keys of other rows, and the class of those rows
    called: ClassVar[Mapping[str, str]] = {}  # what an author calls the fields whose names do not say it

    key: str

    @property
    def name(self) -> str:
        """What an author knows it by; a key is made from it where none is given."""
        raise NotImplementedError

    @classmethod
    def called_at(cls, place: int) -> str:
        """What one is called at this place, from 0, among the rows around it: `part 1`."""
        return f"{cls.noun} {place + 1}"


AnyRow = TypeVar("AnyRow", bound=Row)
Thing = TypeVar("Thing")
Names = Mapping[tuple[str, str], str]  # the class of a row and its key: what the row is called


def letter(place: int) -> str:
    """The letter of a place, from 0; its number, where there are no letters left."""
    return "abcdefghijklmnopqrstuvwxyz"[place] if place < 26 else str(place + 1)


@dataclass(frozen=True)
class Head(Row):
    """What every page has."""

    label: ClassVar[str] = "modules.Page"
    noun: ClassVar[str] = "page"
    nouns: ClassVar[str] = "pages"
    called: ClassVar[Mapping[str, str]] = {"is_required": "required"}

    title: str
    summary: str = ""
    minutes: int = 1
    is_required: bool = True
    facts: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()  # keys, in order

    @property
    def name(self) -> str:
        return self.title


class Blocks:
    """What is made of blocks."""

    links: ClassVar[Mapping[str, str]] = {}
    called: ClassVar[Mapping[str, str]] = {}

    @property
    def blocks(self) -> dict[str, object]:
        """Its parts by key; the page itself, or the edition, under the empty one."""
        return {"": self}

    def with_block(self, key: str, block: Any) -> Self:
        """The same with one block as it is given; a new one comes last."""
        raise NotImplementedError

    def made_of(self, blocks: Mapping[str, Any]) -> Self:
        """What these blocks make, of which `ORDER` names those that count."""
        return cast(Self, blocks[""])

    def with_blocks_of(self, other: Blocks, keys: Iterable[str]) -> Self:
        """The same with some blocks as they stand in another document of its kind."""
        made, blocks = self, other.blocks
        for key in keys:
            made = made.with_block(key, blocks[key])
        return made

    def digest(self, *blocks: str) -> str:
        """A digest of some blocks, which need not be there, or of the whole."""
        own = self.blocks
        said = [own.get(block) for block in blocks] if blocks else self
        return hashlib.sha256(repr(said).encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Document(Blocks):
    """What a page says. Kinds with more than a head and a body subclass it."""

    head: Head

    def with_block(self, key: str, block: Any) -> Self:
        return cast(Self, block)


@dataclass(frozen=True)
class PageDocument(Document):
    """A page that has no more than its own text: a reading page."""

    called: ClassVar[Mapping[str, str]] = {"body": "text"}

    body: str = ""


@dataclass(frozen=True)
class EditionDocument(Blocks):
    """What an edition says of itself, and the order of its pages."""

    title: str
    summary: str
    outcomes: tuple[str, ...]
    curriculum: tuple[str, ...] = ()
    illustration: str = ""
    pages: tuple[str, ...] = ()  # keys, in order

    @property
    def blocks(self) -> dict[str, object]:
        return {"": replace(self, pages=()), ORDER: self.pages}

    def with_block(self, key: str, block: Any) -> Self:
        return replace(self, pages=block) if key == ORDER else replace(block, pages=self.pages)

    def made_of(self, blocks: Mapping[str, Any]) -> Self:
        return cast(Self, replace(blocks[""], pages=blocks[ORDER]))


AnyDocument = Document | EditionDocument


def with_row(rows: tuple[AnyRow, ...], row: AnyRow) -> tuple[AnyRow, ...]:
    """These rows with one as it is given, where its key stands or else last."""
    if any(known.key == row.key for known in rows):
        return tuple(row if known.key == row.key else known for known in rows)
    return (*rows, row)


def moved(things: Sequence[Thing], place: int | None, by: int) -> tuple[Thing, ...]:
    """The same in the order in which the one at this place stands so many further on, or at an end; None moves none."""
    order = list(things)
    if place is not None and place in range(len(order)):
        order.insert(min(max(place + by, 0), len(order) - 1), order.pop(place))
    return tuple(order)


def ordered(rows: tuple[AnyRow, ...], keys: Sequence[str]) -> tuple[AnyRow, ...]:
    """These rows in the order of their keys; those that are not named come last."""
    places = {key: place for place, key in enumerate(keys)}
    return tuple(sorted(rows, key=lambda row: places.get(row.key, len(places))))


_names_in: dict[type, tuple[str, ...]] = {}


def names_in(kind: type) -> tuple[str, ...]:
    """The names of the fields of a dataclass; any other class has none. Asked of every part of every document."""
    if kind not in _names_in:
        _names_in[kind] = tuple(field.name for field in fields(kind)) if is_dataclass(kind) else ()
    return _names_in[kind]


def tidied(value: Any) -> Any:
    """The same with all its texts normalised, and without empty lines where lines are told one by one."""
    if isinstance(value, str):
        return normalised(value)
    if isinstance(value, tuple):
        lines = [line for item in value if isinstance(item, str) for line in normalised(item).split("\n")]
        return tuple(filter(None, map(normalised, lines))) if lines else tuple(map(tidied, value))
    names = names_in(type(value))
    return type(value)(**{name: tidied(getattr(value, name)) for name in names}) if names else value


def tied(value: Any, keys: Collection[tuple[str, str]]) -> Any:
    """The same without what points at rows that are not there: their classes and keys are given.

    A row that points there points nowhere; what is nothing but such a link, an effect or a need, goes.
    """
    if isinstance(value, tuple):
        return tuple(tied(item, keys) for item in value if not _is_loose(item, keys))
    names = names_in(type(value))
    if not names:
        return value
    changed = {name: tied(getattr(value, name), keys) for name in names}
    for name, kind in getattr(value, "links", {}).items():
        if (kind, changed[name]) not in keys:
            changed[name] = ""
    return type(value)(**changed)


def _is_loose(value: object, keys: Collection[tuple[str, str]]) -> bool:
    is_link = getattr(value, "is_named_by_links", not isinstance(value, Row))
    pointed = [(kind, getattr(value, name)) for name, kind in getattr(value, "links", {}).items()]
    return is_link and any(key and (kind, key) not in keys for kind, key in pointed)


def rows_in(value: object) -> Iterator[Row]:
    """Every row that a document holds, each before those inside it."""
    if isinstance(value, Row):
        yield value
    inside = value if isinstance(value, tuple) else [getattr(value, name) for name in names_in(type(value))]
    for item in inside:
        if not isinstance(item, str):
            yield from rows_in(item)


Keys = Mapping[tuple[str, str], str]  # the class of a row and its key: what the key becomes


def with_keys(value: Any, keys: Keys) -> Any:
    """The same document with other keys, and everything that points at them along with them."""
    if isinstance(value, tuple):
        return tuple(with_keys(item, keys) for item in value)
    names = names_in(type(value))
    if not names:
        return value
    links = dict(getattr(value, "links", {}))
    if isinstance(value, Row):
        links["key"] = type(value).__name__
    changed = {}
    for name in names:
        said = getattr(value, name)
        changed[name] = keys.get((links[name], said), said) if name in links else with_keys(said, keys)
    return type(value)(**changed)
