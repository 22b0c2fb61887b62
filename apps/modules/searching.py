"""Where learners find what they look for: by modules, pages and sources.

A word may stand inside another, and words in quotes stand together. PostgreSQL also looks for words as English has
them, so that "suspended" finds "suspension"; what is found only so comes last.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any, TypeVar

from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db import connection, models
from django.db.models import Q, QuerySet

from apps.core import finding
from apps.core.markdown import plain_text
from apps.modules import page_kinds
from apps.modules.models import Edition, Page, Source
from apps.modules.queries import citing_pages, has_address

MOST_SHOWN = 30  # pages, and as many sources
PLAIN = re.compile(r"\w+([\s’'-]+\w+)*")  # words, and no signs with which somebody means something
PARTS = re.compile(r"[^\s\"“”„«»'’‘ʼ]+")  # of what is looked for: what no text writes in more than one way
ADDED = re.compile(r"(?<=[^\w\s])\.\n")  # the full stop after a paragraph that ends in a sign already
Row = TypeVar("Row", bound=models.Model)


@dataclass(frozen=True)
class FoundPage:
    """A page that says what somebody looked for, and where it says it; else what it is about."""

    page: Page
    pieces: Sequence[finding.Piece]

    @property
    def kind(self) -> str:
        """`Reading`."""
        return page_kinds.get(self.page.kind).label


@dataclass(frozen=True)
class Found:
    """Modules, pages and sources, those first that have it in their titles."""

    modules: list[Edition]
    pages: list[FoundPage]
    sources: list[Source]

    @property
    def is_empty(self) -> bool:
        return not (self.modules or self.pages or self.sources)

    @property
    def is_cut(self) -> bool:
        """Whether there may be more than is shown."""
        return MOST_SHOWN in {len(self.pages), len(self.sources)}


def find(asked: str, edition_ids: Collection[int]) -> Found:
    """What these editions, and the sources that they rest on, say of some words."""
    editions = Edition.objects.filter(pk__in=edition_ids).select_related("module").order_by("module__position")
    pages = Page.objects.filter(edition__in=edition_ids).select_related("edition__module")
    sources = Source.objects.filter(pk__in=citing_pages(edition_ids)).select_related("superseded_by")
    words = finding.words_of(asked)
    in_order = pages.order_by("edition__module__position", "position")
    found_pages = [page for page in _saying(in_order, asked, ("summary", "body_html"), _said_on) if has_address(page)]
    return Found(
        [one for one in _saying(editions, asked, ("summary",), lambda row: row.summary) if has_address(one.module)],
        [FoundPage(page, _pieces(page, words)) for page in found_pages[:MOST_SHOWN]],
        _saying(sources, asked, ("authors", "note"), lambda row: f"{row.authors}\n{row.note}")[:MOST_SHOWN],
    )


def _saying(rows: QuerySet[Row], asked: str, columns: Sequence[str], said_in: Callable[[Any], str]) -> list[Row]:
    """The rows that say it: in their title, in what else they say, at last in other forms of the words.

    The database finds all that may say it, in these columns beside the title; what they say to a reader decides.
    """
    words, may = finding.words_of(asked), Q()
    for part in PARTS.findall(asked):
        may &= reduce(or_, (Q(**{f"{column}__icontains": part}) for column in ("title", *columns)))
    texts = {row: f"{row.title}\n{said_in(row)}" for row in rows.filter(may)}  # type: ignore[attr-defined]
    saying = [row for row, text in texts.items() if finding.stand_in(words, text)]
    titled = [row for row in saying if finding.stand_in(words, texts[row].partition("\n")[0])]
    return list(dict.fromkeys([*titled, *saying, *_in_other_forms(rows, asked, columns)]))


def _in_other_forms(rows: QuerySet[Row], asked: str, columns: Sequence[str]) -> QuerySet[Row]:
    """The rows that have every word in some form, where the database knows English."""
    if connection.vendor != "postgresql" or not PLAIN.fullmatch(asked):
        return rows.none()
    said: Any = SearchVector("title", *columns, config="english")  # of HTML it takes the words alone
    in_some_form: QuerySet[Any] = rows.annotate(said=said)
    return in_some_form.filter(said=SearchQuery(asked, config="english"))


def _said_on(page: Page) -> str:
    """What a page says, in plain words."""
    return f"{page.summary}\n{ADDED.sub(chr(10), plain_text(page.body_html))}"


def _pieces(page: Page, words: Sequence[finding.Word]) -> Sequence[finding.Piece]:
    """What stands around the words; of a page that has none of them in its text, what it is about."""
    text = _said_on(page)
    return finding.excerpt(text, words) if finding.count_in(words, text) else [finding.Piece(page.summary)]
