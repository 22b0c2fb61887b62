"""The rows of a page, read all at once, and the document that they make.

It takes whatever an old draft or edition holds: texts are normalised, and what points elsewhere points nowhere.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeVar, cast

from django.db import models
from django.db.models import Q

from apps.modules import page_kinds
from apps.modules.content import Citation, EditionContent, content_links, content_models
from apps.modules.document import Document, EditionDocument, Head, normalised
from apps.modules.models import Edition, Page, PageCitation, Source
from apps.modules.page_kinds import PageKind

AnyRow = TypeVar("AnyRow", bound=EditionContent)


class UnknownKind(PageKind):
    """A kind that nobody knows any more."""

    name = ""
    label = "Page of an unknown kind"
    plural = "Pages of an unknown kind"


class Rows:
    """Rows of a page, by model, each list in order."""

    def __init__(self, rows: Mapping[type[EditionContent], Sequence[EditionContent]]) -> None:
        self._rows = rows

    def of(self, model: type[AnyRow]) -> list[AnyRow]:
        """Those of a model."""
        return [row for row in self._rows[model] if isinstance(row, model)]

    @property
    def page(self) -> Page:
        """The page itself."""
        (page,) = self.of(Page)
        return page

    def by(self, model: type[AnyRow], link: str) -> Groups[AnyRow]:
        """Those of a model by the id of what they point at."""
        groups: Groups[AnyRow] = Groups()
        for row in self.of(model):
            groups.setdefault(getattr(row, f"{link}_id"), []).append(row)
        return groups


class Groups(dict[int | None, list[AnyRow]]):
    """Rows in groups, some of which may have none."""

    def __missing__(self, key: int | None) -> list[AnyRow]:
        return []


def owners(model: type[EditionContent]) -> Iterator[models.ForeignKey[Any, Any]]:
    """The links by which a row may belong to another: the first, and where that may be empty those after it."""
    for field in content_links(model):
        yield field
        if not field.null:
            return


def models_of(*roots: type[EditionContent]) -> list[type[EditionContent]]:
    """These models, and those whose rows belong to theirs; parts after what they point at."""
    found: list[type[EditionContent]] = []
    for model in content_models():
        owner: Any = next((field.related_model for field in owners(model)), None)
        if model in roots or owner in found:
            found.append(model)
    return found


def of_page(model: type[EditionContent], page: Page, path: str = "") -> Q:
    """Which rows of a model belong to a page: by the first link that they have."""
    if model is Page:
        return Q(**{f"{path}pk": page.pk})
    found, without = Q(), Q()
    for field in owners(model):
        owner: Any = field.related_model
        found |= without & of_page(owner, page, f"{path}{field.name}__")
        without &= Q(**{f"{path}{field.name}__isnull": True})
    return found


def rows_of(page: Page, wanted: Iterable[type[EditionContent]]) -> Rows:
    """The rows of a page that has just been read, one query for each other model."""
    rows: dict[type[EditionContent], list[EditionContent]] = {Page: [page]}
    return Rows(rows | {model: list(in_order(model).filter(of_page(model, page))) for model in wanted})


def in_order(model: type[AnyRow]) -> models.QuerySet[AnyRow]:
    """The rows of a model in the order of their positions; citations with their sources."""
    names = [field.name for field in model._meta.concrete_fields]
    rows = model._base_manager.order_by(*(["position"] if "position" in names else []), "pk")
    return rows.select_related("source") if issubclass(model, Citation) else rows


def words(row: models.Model, *names: str) -> dict[str, str]:
    """The texts of a row, as documents have them."""
    return {name: normalised(getattr(row, name)) for name in names}


def lines(text: str) -> tuple[str, ...]:
    """The lines of a text that is a list."""
    return tuple(filter(None, map(normalised, normalised(text).split("\n"))))


def sources(citations: Iterable[Citation]) -> tuple[str, ...]:
    """The keys of what is cited."""
    return tuple(citation.source.key for citation in citations)


def read_head(rows: Rows) -> Head:
    """What every page has."""
    page = rows.page
    return Head(
        **words(page, "key", "title", "summary"),
        minutes=page.minutes,
        is_required=page.is_required,
        facts=tuple(page.facts.split()),
        sources=sources(rows.of(PageCitation)),
    )


def read_document(page: Page) -> Document:
    """What a page says, as it is stored now; one query for each model that its kind has."""
    return document_of(Page._base_manager.get(pk=page.pk))


def document_of(page: Page) -> Document:
    """What a page says that has just been read: one query less."""
    kind = kind_of(page)
    rows = rows_of(page, models_of(PageCitation, *kind.content))
    return kind.document(read_head(rows), rows)


def read_documents(editions: Collection[Edition]) -> dict[int, list[tuple[Page, Document]]]:
    """What the pages of some editions say, in order, by edition; one query for each model, however many there are."""
    content = [model for kind in page_kinds.all_kinds() for model in kind.content]
    wanted: list[type[EditionContent]] = [Page, *models_of(PageCitation, *content)]
    of_pages: dict[int, dict[type[EditionContent], list[EditionContent]]] = {}
    page_of: dict[type[EditionContent], dict[int, int]] = {}
    for model in wanted:
        page_of[model] = {}
        for row in in_order(model).filter(edition__in=editions):
            page = row.pk if model is Page else _page_of(row, page_of)
            if page is not None:
                page_of[model][row.pk] = page
                of_pages.setdefault(page, {model: [] for model in wanted})[model].append(row)
    documents: dict[int, list[tuple[Page, Document]]] = {edition.pk: [] for edition in editions}
    for rows in map(Rows, sorted(of_pages.values(), key=lambda rows: cast(Page, rows[Page][0]).position)):
        page = rows.page
        documents[page.edition_id].append((page, kind_of(page).document(read_head(rows), rows)))
    return documents


def _page_of(row: EditionContent, page_of: Mapping[type[EditionContent], Mapping[int, int]]) -> int | None:
    """The page to which a row belongs, by the first link that it has; None where that leads into another edition."""
    for field in owners(type(row)):
        if (owner := getattr(row, field.attname)) is not None:
            return page_of[cast("type[EditionContent]", field.related_model)].get(owner)
    return None


def kind_of(page: Page) -> PageKind:
    """The kind of a page; one that nobody knows has no more than its own text."""
    try:
        return page_kinds.get(page.kind)
    except KeyError:
        return UnknownKind()


def read_edition_document(edition: Edition) -> EditionDocument:
    """What an edition says of itself, and the order of its pages; two queries."""
    stored = Edition.objects.get(pk=edition.pk)
    return edition_document(stored, in_order(Page).filter(edition=stored).values_list("key", flat=True))


def edition_document(edition: Edition, pages: Iterable[str]) -> EditionDocument:
    """What this row of an edition says, and the keys of its pages in order."""
    return EditionDocument(
        **words(edition, "title", "summary", "illustration"),
        outcomes=lines(edition.learning_outcomes),
        curriculum=lines(edition.curriculum_links),
        pages=tuple(pages),
    )


def cited(model: type[Citation], owner: EditionContent, keys: Iterable[str]) -> list[Citation]:
    """A row's citations, by the keys of the sources."""
    return [
        model(**{model.owner: owner, "source": Source(key=key), "position": position})
        for position, key in enumerate(keys, start=1)
    ]


def find(rows: Mapping[str, Any], key: str) -> Any:
    """The row with this key; ValueError, which names it, when there is none."""
    if key not in rows:
        raise ValueError(f"There is nothing with the key “{key}” here.")
    return rows[key]
