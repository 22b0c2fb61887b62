"""A page of a draft as somebody asks to see it before learners do. What they did on it stands in the address."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from django.http import QueryDict

from apps.modules.models import Edition, Page, Source
from apps.modules.queries import Contents, sources_of_page
from apps.modules.rows import Rows

Fields = Sequence[tuple[str, str]]  # names and values of a query


class Addresses(Protocol):
    """Where the pages of a draft are previewed."""

    def __call__(self, key: str = "", fields: Fields = ()) -> str:
        """The address of the page with this key; without one that of the module."""


@dataclass(frozen=True)
class Previewed:
    """A page of a draft with all its rows, what the query says of it, and where the other pages are."""

    contents: Contents
    rows: Rows
    query: QueryDict
    address: Addresses

    @property
    def page(self) -> Page:
        return self.rows.page

    @property
    def module_url(self) -> str:
        return self.address()

    def url(self, fields: Fields = ()) -> str:
        """The address of the page, with this in its query."""
        return self.address(self.page.key, fields)

    def number(self, name: str) -> int | None:
        """What the query gives as a whole number; None for nothing and for what is none."""
        return whole_number(self.query.get(name, ""))

    @property
    def following(self) -> Page | None:
        """The page after it."""
        later = self.contents.pages[self.contents.position_of(self.page) :]
        return later[0] if later else None

    @property
    def sources(self) -> list[Source]:
        """The sources that the page itself cites."""
        return sources_of_page(self.page)


def whole_number(text: str) -> int | None:
    """A whole number that somebody may have typed into an address; None for what is none."""
    return int(text) if text.isascii() and text.removeprefix("-").isdigit() and len(text) < 10 else None


def contents_of_draft(draft: Edition) -> Contents:
    """All pages of a draft, read now, with what cannot be shown to learners yet."""
    pages = tuple(draft.page_set.order_by("position"))
    for page in pages:
        page.edition = draft
    return Contents(draft, pages)
