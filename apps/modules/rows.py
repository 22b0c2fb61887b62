"""The rows of a page, read all at once, and the document that they make.

It takes whatever an old draft or edition holds: texts are normalised, and what points elsewhere points nowhere.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeVar, cast

from django.db import models
from django.db.models import Q, Value

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


def rows_of(page: Page, wanted: Sequence[type[EditionContent]]) -> Rows:
    """The rows of these models of a page that has just been read."""
    return Rows({Page: [page], **_read(wanted, lambda model: of_page(model, page))})


def read_rows(page: Page) -> Rows:
    """All rows of a page that has just been read."""
    return rows_of(page, models_of(PageCitation, *kind_of(page).content))


def _read(
    wanted: Sequence[type[EditionContent]], which: Callable[[type[EditionContent]], Q]
) -> dict[type[EditionContent], list[EditionContent]]:
    """The rows of these models, each list in order; one query for each model, but one for all citations."""
    rows: dict[type[EditionContent], list[EditionContent]] = {model: [] for model in wanted}
    for citation in _read_citations([model for model in wanted if issubclass(model, Citation)], which):
        rows[type(citation)].append(citation)
    others = [model for model in wanted if not issubclass(model, Citation)]
    return rows | {model: list(in_order(model).filter(which(model))) for model in others}


def _read_citations(wanted: Sequence[type[Citation]], which: Callable[[type[EditionContent]], Q]) -> Iterator[Citation]:
    """Citations in order, with the keys of their sources; one query, since their tables are alike."""
    tables = [
        model._base_manager.filter(which(model))
        .order_by()
        .values_list(Value(number), "position", "pk", f"{model.owner}_id", "source__key")
        for number, model in enumerate(wanted)
    ]
    if not tables:
        return
    for number, position, pk, owner, key in tables[0].union(*tables[1:], all=True).order_by("position", "pk"):
        model = wanted[number]
        yield model(pk=pk, position=position, source=Source(key=key), **{f"{model.owner}_id": owner})


def in_order(model: type[AnyRow]) -> models.QuerySet[AnyRow]:
    """The rows of a model in the order of their positions."""
    names = [field.name for field in model._meta.concrete_fields]
    return model._base_manager.order_by(*(["position"] if "position" in names else []), "pk")


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
    """What a page says, as it is stored now."""
    return document_of(read_rows(Page._base_manager.get(pk=page.pk)))


def document_of(rows: Rows) -> Document:
    """What the page says that has these rows."""
    return kind_of(rows.page).document(read_head(rows), rows)


def read_documents(editions: Collection[Edition]) -> dict[int, list[tuple[Page, Document]]]:
    """What the pages of some editions say, in order, by edition; as many queries however many there are."""
    documents: dict[int, list[tuple[Page, Document]]] = {edition.pk: [] for edition in editions}
    for rows in _by_page(_read_editions(editions)):
        documents[rows.page.edition_id].append((rows.page, document_of(rows)))
    return documents


def _read_editions(editions: Collection[Edition]) -> dict[type[EditionContent], list[EditionContent]]:
    """All rows of pages of some editions, each list in order. What a page has only one of comes with it."""
    content = models_of(PageCitation, *(model for kind in page_kinds.all_kinds() for model in kind.content))
    names = {model: name for model in content if (name := _name_on_page(model))}
    pages = list(in_order(Page).filter(edition__in=editions).select_related(*names.values()))
    rows: dict[type[EditionContent], list[EditionContent]] = {Page: [*pages]}
    rows |= {model: [getattr(page, name) for page in pages if hasattr(page, name)] for model, name in names.items()}
    read = _read([model for model in content if model not in names], lambda _: Q(edition__in=editions))
    return {Page: rows[Page]} | {model: (rows | read)[model] for model in content}


def _name_on_page(model: type[EditionContent]) -> str:
    """What a page calls its only row of a model; empty where it may have several, or none of its own."""
    owner = next(owners(model))
    is_only = owner.one_to_one and owner.related_model is Page
    return owner.remote_field.get_accessor_name() or "" if is_only else ""


def _by_page(rows: Mapping[type[EditionContent], Sequence[EditionContent]]) -> Iterator[Rows]:
    """The rows of each page, in order of the pages; those of a model stand behind what they belong to."""
    of_pages = {page.pk: {model: list[EditionContent]() for model in rows} for page in rows[Page]}
    page_of: dict[type[EditionContent], dict[int, int]] = {}
    for model, found in rows.items():
        page_of[model] = {}
        for row in found:
            page = row.pk if model is Page else _page_of(row, page_of)
            if page is not None:
                page_of[model][row.pk] = page
                of_pages[page][model].append(row)
    return map(Rows, of_pages.values())


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
