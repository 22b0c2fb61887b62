"""What editions say, text by text and told by block, read from rows: so that all of it can be looked through at once.

To make documents of the whole course takes ten times as long. A kind of page says which of its rows are blocks
(`PageKind.blocks`); which of their columns hold words, the models know.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from unicodedata import normalize

from django.db import models

from apps.core.markdown import MarkdownField, RenderedField
from apps.modules import page_kinds
from apps.modules.content import EditionContent, FactsField
from apps.modules.document import Head, PageDocument, Row
from apps.modules.models import Edition, Page
from apps.modules.page_kinds import PageKind
from apps.modules.rows import in_order, kind_of, models_of, owners
from apps.modules.said import is_text

LINK = re.compile(r"!?\[([^\[\]]*)\]\(([^()]*)\)")  # of Markdown, and a picture
STARS = re.compile(r"\*{1,3}")
OF_EDITION = {"learning_outcomes": "outcomes", "curriculum_links": "curriculum", "change_note": "what is new"}

Home = tuple[int, str]  # the id of a page, and the key of the block on it


@dataclass(frozen=True)
class Passage:
    """A text, and where in its block it stands: `choice (b), what follows`."""

    where: str
    text: str


@dataclass
class Block:
    """What an author changes on its own, with its texts; with an empty key the page itself, or the edition."""

    key: str = ""
    name: str = ""  # `scene 3, “Night crew”`
    position: int = 0  # among the blocks of its page, from 1
    passages: list[Passage] = field(default_factory=list)


@dataclass
class PageInWords:
    """A page with its blocks, by key and in order."""

    page: Page
    kind: PageKind
    blocks: dict[str, Block] = field(default_factory=lambda: {"": Block()})


@dataclass(frozen=True)
class Column:
    """A field in which authors write words, or name facts, and what they call it."""

    name: str
    called: str
    is_markdown: bool

    def passages(self, row: Mapping[str, Any], place: str = "") -> Iterator[Passage]:
        """What it says in a row, which is called so in its block."""
        text, where = normalize("NFC", row[self.name]), f"{place}, {self.called}" if place else self.called
        if text and self.is_markdown:
            text, addresses = words_in(text)
            yield Passage(where, text)
            if addresses:
                yield Passage(f"{where}, links", addresses)
        elif text:
            yield Passage(where, text)


def words_of_edition(edition: Edition) -> Block:
    """What an edition says of itself."""
    return Block(
        passages=[text for column in columns_of(Edition, OF_EDITION) for text in column.passages(vars(edition))]
    )


def pages_of(editions: Collection[Edition]) -> dict[int, list[PageInWords]]:
    """The pages of these editions in order, by edition; one query for each model with words, however many there are."""
    by_id = {edition.pk: edition for edition in editions}
    found: dict[int, PageInWords] = {}
    columns = columns_of(Page, {**PageDocument.called, **Head.called})
    for page in in_order(Page).filter(edition__in=by_id).defer("body_html"):
        page.edition = by_id[page.edition_id]
        found[page.pk] = PageInWords(page, kind_of(page))
        found[page.pk].blocks[""].passages += [text for column in columns for text in column.passages(vars(page))]
    for kind in page_kinds.all_kinds():
        reader = _Reader(kind, found)
        for model in models_of(*kind.content):
            reader.read(model, by_id)
    pages: dict[int, list[PageInWords]] = {pk: [] for pk in by_id}
    for one in found.values():
        pages[one.page.edition_id].append(one)
    return pages


class _Reader:
    """Puts the words of a kind's rows where they stand; parts come after what they belong to."""

    def __init__(self, kind: PageKind, pages: Mapping[int, PageInWords]) -> None:
        self.kind, self.pages = kind, pages
        self.homes: dict[Any, dict[int, Home]] = {Page: {pk: (pk, "") for pk in pages}}

    def read(self, model: type[EditionContent], editions: Collection[int]) -> None:
        """Those of one model; one query, where it has words."""
        row_class, links = self._row_class(model), list(owners(model))
        columns = columns_of(model, row_class.called if row_class else self.kind.document_class.called)
        if not columns:
            return
        names = {"pk", "key", *(link.attname for link in links), *(column.name for column in columns)}
        homes, places = self.homes.setdefault(model, {}), Counter[tuple[Any, ...]]()
        for row in in_order(model).filter(edition__in=editions).values(*names):
            home = self._home_of(row, links)
            if home is None:  # its owner is in another edition
                continue
            place = ""
            if self.kind.blocks and row_class is self.kind.blocks.row:
                home = (home[0], self._begin_block(row, home[0]))
            elif row_class:
                owner = tuple(row[link.attname] for link in links)
                place = row_class.called_at(places[owner])
                places[owner] += 1
            homes[row["pk"]] = home
            passages = self.pages[home[0]].blocks[home[1]].passages
            passages += (text for column in columns for text in column.passages(row, place))

    def _row_class(self, model: type[models.Model]) -> type[Row] | None:
        """What a row of this model is in a document."""
        blocks = self.kind.blocks
        known = (blocks.row, *blocks.parts) if blocks else ()
        return next((each for each in known if each.label == model._meta.label), None)

    def _home_of(self, row: Mapping[str, Any], links: Iterable[models.ForeignKey[Any, Any]]) -> Home | None:
        """Where a row's owner stands: the first that it has."""
        for link in links:
            if (owner := row[link.attname]) is not None:
                return self.homes.get(link.related_model, {}).get(owner)
        return None

    def _begin_block(self, row: Mapping[str, Any], page: int) -> str:
        blocks = self.pages[page].blocks
        if self.kind.blocks:
            position = len(blocks)
            title = next(filter(None, (row[name] for name in self.kind.blocks.titled)), "")
            name = f"{self.kind.blocks.row.noun} {position}"
            blocks[row["key"]] = Block(row["key"], f"{name}, “{title}”" if title else name, position)
        return str(row["key"])


def columns_of(model: type[models.Model], called: Mapping[str, str]) -> list[Column]:
    """The fields of a model in which authors write words, or name facts, with what some of them are called."""
    return [
        Column(field.name, called.get(field.name, field.name.replace("_", " ")), isinstance(field, MarkdownField))
        for field in model._meta.concrete_fields
        if not isinstance(field, RenderedField) and (is_text(field) or isinstance(field, FactsField))
    ]


def words_in(markdown: str) -> tuple[str, str]:
    """The words of a Markdown text as they are read one after the other, and where its links lead outside its page."""
    addresses: list[str] = []
    if "](" in markdown:
        addresses = [address for _, address in LINK.findall(markdown) if not address.startswith("#")]
        markdown = LINK.sub(r"\1", markdown)
    return STARS.sub("", markdown) if "*" in markdown else markdown, "  ".join(addresses)
