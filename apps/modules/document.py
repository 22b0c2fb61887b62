"""What a page says, as one value: no ids, what it points at by key. Imports no Django.

A document is frozen and made of **blocks**: the page itself under the empty key, and whatever an author changes on its
own (a scene, a question) under its key. Texts in it are normalised (`normalised`), so that equal documents are equal.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from typing import Any, ClassVar

from apps.core.words import normalised as normalised

ORDER = "order of blocks"  # the name of the block that says it; no key has blanks


@dataclass(frozen=True)
class Row:
    """Something with a key of its own; `key` stands first. A key is unique among the rows of its class in an edition."""

    links: ClassVar[Mapping[str, str]] = {}  # the fields that hold keys of other rows, and the class of those rows
    noun: ClassVar[str]  # what an author calls it: `scene`

    key: str

    @property
    def name(self) -> str:
        """What an author knows it by; a key is made from it where none is given."""
        raise NotImplementedError


@dataclass(frozen=True)
class Head(Row):
    """What every page has."""

    noun: ClassVar[str] = "page"

    title: str
    summary: str = ""
    minutes: int = 1
    is_required: bool = True
    facts: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()  # keys, in order

    @property
    def name(self) -> str:
        return self.title


@dataclass(frozen=True)
class Document:
    """What a page says. Kinds with more than a head and a body subclass it."""

    head: Head

    @property
    def blocks(self) -> dict[str, object]:
        """Its parts by key; the page itself under the empty one."""
        return {"": self}

    def digest(self, block: str | None = None) -> str:
        """A digest of one block, or of the whole document."""
        said = self if block is None else self.blocks.get(block)
        return hashlib.sha256(repr(said).encode()).hexdigest()[:16]


@dataclass(frozen=True)
class PageDocument(Document):
    """A page that has no more than its own text: a reading page."""

    body: str = ""


@dataclass(frozen=True)
class EditionDocument:
    """What an edition says of itself, and the order of its pages."""

    title: str
    summary: str
    outcomes: tuple[str, ...]
    curriculum: tuple[str, ...] = ()
    illustration: str = ""
    pages: tuple[str, ...] = ()  # keys, in order

    @property
    def blocks(self) -> dict[str, object]:
        return {"": (self.title, self.summary, self.outcomes, self.curriculum, self.illustration), ORDER: self.pages}

    def digest(self, block: str | None = None) -> str:
        said = self if block is None else self.blocks.get(block)
        return hashlib.sha256(repr(said).encode()).hexdigest()[:16]


def rows_in(value: object) -> Iterator[Row]:
    """Every row that a document holds, each before those inside it."""
    if isinstance(value, Row):
        yield value
    if isinstance(value, tuple):
        for item in value:
            yield from rows_in(item)
    elif is_dataclass(value):
        for field in fields(value):
            yield from rows_in(getattr(value, field.name))


Keys = Mapping[tuple[str, str], str]  # the class of a row and its key: what the key becomes


def with_keys(value: Any, keys: Keys) -> Any:
    """The same document with other keys, and everything that points at them along with them."""
    if isinstance(value, tuple):
        return tuple(with_keys(item, keys) for item in value)
    if not is_dataclass(value):
        return value
    links = dict(getattr(value, "links", {}))
    if isinstance(value, Row):
        links["key"] = type(value).__name__
    changed = {}
    for field in fields(value):
        said = getattr(value, field.name)
        is_key = field.name in links
        changed[field.name] = keys.get((links[field.name], said), said) if is_key else with_keys(said, keys)
    return type(value)(**changed)
