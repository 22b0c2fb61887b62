"""Where learners find what they look for: by modules, pages and sources.

PostgreSQL looks for words as English has them, so that "suspended" finds "suspension"; everywhere, and on SQLite
alone, each word may also stand inside another.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from django.contrib.postgres.search import SearchQuery, SearchRank, SearchVector
from django.db import connection, models
from django.db.models import Case, Q, QuerySet, Value, When

from apps.core import finding
from apps.core.markdown import plain_text
from apps.modules import page_kinds
from apps.modules.models import Edition, Page, Source
from apps.modules.queries import citing_pages, has_address

MOST_SHOWN = 30  # pages, and as many sources
WEIGHTS = "ABC"  # of columns, the first the most
Row = TypeVar("Row", bound=models.Model)


@dataclass(frozen=True)
class FoundPage:
    """A page that says what somebody looked for, and where it says it."""

    page: Page
    pieces: Sequence[finding.Piece]

    @property
    def kind(self) -> str:
        """`Reading`."""
        return page_kinds.get(self.page.kind).label


@dataclass(frozen=True)
class Found:
    """Modules, pages and sources, what fits best first."""

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
    editions = Edition.objects.filter(pk__in=edition_ids).select_related("module")
    pages = Page.objects.filter(edition__in=edition_ids).select_related("edition__module")
    sources = Source.objects.filter(pk__in=citing_pages(edition_ids)).select_related("superseded_by")
    words = finding.words_of(asked)
    return Found(
        [one for one in _saying(editions, asked, ("title", "summary")) if has_address(one.module)],
        [
            FoundPage(page, finding.excerpt(_text_of(page), words))
            for page in _saying(pages, asked, ("title", "summary", "body"))
            if has_address(page)
        ],
        list(_saying(sources, asked, ("title", "authors", "note"))),
    )


def _saying(rows: QuerySet[Row], asked: str, columns: Sequence[str]) -> QuerySet[Row]:
    """The rows that say it, by how well it fits, then in their own order."""
    inside = _in_each(asked, columns)
    order = [name for name in ("edition__module__position", "position", "module__position") if _has(rows.model, name)]
    if connection.vendor != "postgresql":
        first = Case(When(_in_each(asked, columns[:1]), then=Value(0)), default=Value(1))
        return rows.filter(inside).order_by(first, *order, "pk")[:MOST_SHOWN]
    ask = SearchQuery(asked, config="english", search_type="websearch")
    vector: Any = None
    for column, weight in zip(columns, WEIGHTS, strict=False):
        one = SearchVector(column, config="english", weight=weight)
        vector = one if vector is None else vector + one
    ranked: QuerySet[Any] = rows.annotate(said=vector, fit=SearchRank(vector, ask))
    return ranked.filter(Q(said=ask) | inside).order_by("-fit", *order, "pk")[:MOST_SHOWN]


def _in_each(asked: str, columns: Sequence[str]) -> Q:
    """Each word stands in one of the columns; quotes as the course prints them."""
    each = Q()
    for word in asked.replace("'", "’").split():
        anywhere = Q()
        for column in columns:
            anywhere |= Q(**{f"{column}__icontains": word.strip('"“”')})
        each &= anywhere
    return each


def _has(model: type[models.Model], path: str) -> bool:
    """Whether rows of this model can be put in this order."""
    return path.partition("__")[0] in {field.name for field in model._meta.fields}


def _text_of(page: Page) -> str:
    """What a page says, in plain words."""
    said = plain_text(page.body_html)
    return f"{page.summary}\n{said}" if page.summary else said
