"""Writes documents into the rows of a draft. Rows are told by their keys, and those that stay keep their ids.

What is to be stored is given as rows that are linked among themselves, so nothing can point at another page or edition.
What goes is deleted, what changes its place is parked, and the rest is stored: no constraint minds them in this order.
They are as many for a large page as for a small one, and a row that says what it said before is left alone.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from copy import copy
from typing import Any, cast

from django.db import models, transaction
from django.db.models import F, Max, Q, UniqueConstraint

from apps.core.markdown import RenderedField, render_markdown_fields
from apps.modules import page_kinds
from apps.modules.content import Citation, EditionContent, ForeignLinkError, KeyedContent, content_links
from apps.modules.document import Document, EditionDocument, Head, normalised
from apps.modules.editions import lock_drafts
from apps.modules.models import Edition, Page, PageCitation, Source
from apps.modules.rows import cited, find, in_order, kind_of, models_of, of_page, owners

PARKED = 1000  # at least so far away from its place does a row wait that changes it
MOST_VALUES = 30_000  # in one statement: PostgreSQL takes 65,535, SQLite since 2020 32,766


@transaction.atomic
def write_document(page: Page, document: Document) -> None:
    """Let a draft's page say this. ValueError for what it names and is not there, and for a key that is another's."""
    lock_drafts([page.edition_id])
    stored = Page.objects.get(pk=page.pk)
    if document.head.key != stored.key:
        raise ValueError(f"The page “{stored.key}” cannot take the key “{document.head.key}”.")
    kind, row = kind_of(stored), copy(stored)
    _take_head(row, document.head)
    below = [*cited(PageCitation, row, document.head.sources), *kind.rows(row, document)]
    _store(Page, [(row, stored)], _fields(Page, ["edition", "key"]))
    write_rows(row, below, models_of(PageCitation, *kind.content))


@transaction.atomic
def create_page(draft: Edition, kind_name: str, document: Document) -> Page:
    """A new page at the end of a draft."""
    lock_drafts([draft.pk])
    head, kind, pages = document.head, page_kinds.get(kind_name), Page.objects.filter(edition=draft)
    if pages.filter(key=head.key).exists():
        raise KeyInUseError(Page, head.key)
    place = {"position": (pages.aggregate(last=Max("position"))["last"] or 0) + 1, "key": head.key}
    page = Page.objects.create(edition=draft, kind=kind.name, title=head.title, minutes=head.minutes, **place)
    write_document(page, document)
    page.refresh_from_db()
    return page


@transaction.atomic
def write_edition_document(draft: Edition, document: EditionDocument) -> None:
    """Let a draft say this of itself, and have these of its pages in this order; what it does not name is deleted."""
    lock_drafts([draft.pk])
    edition = Edition.objects.get(pk=draft.pk)
    said = {
        "title": document.title,
        "summary": document.summary,
        "learning_outcomes": "\n".join(document.outcomes),
        "curriculum_links": "\n".join(document.curriculum),
        "illustration": document.illustration,
    }
    if any(normalised(getattr(edition, name)) != text for name, text in said.items()):
        Edition.objects.filter(pk=edition.pk).update(**said)
    _order_pages(edition, document.pages)


def _order_pages(draft: Edition, keys: Sequence[str]) -> None:
    pages = {page.key: page for page in in_order(Page).filter(edition=draft)}
    if len(set(keys)) < len(keys):
        raise ValueError("A page is named twice.")
    if gone := [page.pk for key, page in pages.items() if key not in keys]:
        Page.objects.filter(pk__in=gone).delete()
    rows = [find(pages, key) for key in keys]
    moved = [row for position, row in enumerate(rows, start=1) if row.position != position]
    if not moved:
        return
    _park(Page, moved, len(rows))
    for position, row in enumerate(rows, start=1):
        row.position = position
    unguarded(Page).bulk_update(moved, ["position"])


def _take_head(page: Page, head: Head) -> None:
    page.title, page.summary, page.minutes = head.title, head.summary, head.minutes
    page.is_required, page.facts = head.is_required, " ".join(head.facts)


class KeyInUseError(ValueError):
    """A row of another page has the key already."""

    def __init__(self, model: type[models.Model], key: str) -> None:
        super().__init__(f"Another {model._meta.verbose_name} of the edition has the key “{key}”.")


def write_rows(page: Page, below: Iterable[EditionContent], wanted: Sequence[type[EditionContent]]) -> None:
    """Let these rows, of these models, be all that is stored below a page; its draft has been locked.

    A row points at others by holding them: at the page, or at rows that are given too.
    """
    rows = list(below)
    _find_sources([row for row in rows if isinstance(row, Citation)])
    known = {id(row) for row in (page, *rows)}
    tables = [_Table(model, page, [row for row in rows if type(row) is model]) for model in wanted]
    for table in tables:
        table.match(known)
    gone = {table.model: table.gone for table in tables}
    for table in reversed(tables):
        table.delete(gone)
    for table in tables:
        table.park()
    for table in tables:
        table.store()


def _find_sources(citations: list[Citation]) -> None:
    """Let citations name stored sources instead of their keys."""
    keys = {citation.source.key for citation in citations}
    ids = dict(Source.objects.filter(key__in=keys).values_list("key", "pk")) if keys else {}
    for citation in citations:
        citation.source_id = find(ids, citation.source.key)


class _Table:
    """The rows of one model of a page: those that are stored, and those that are wanted."""

    def __init__(self, model: type[EditionContent], page: Page, rows: list[Any]) -> None:
        self.model, self.page, self.rows = model, page, rows
        self.links = content_links(model)
        self.single = next((field for field in owners(model) if field.unique), None)  # its owner has one of them
        self.key = self._key_fields()
        found = list(self._read({row.key for row in rows} if issubclass(model, KeyedContent) else set()))
        self.stored = {row.pk: row for row in found if row.is_own}
        self.others = [row for row in found if not row.is_own]  # they have a wanted key, or point here
        self.before: list[tuple[Any, Any]] = []  # each wanted row, and what is stored of it

    def _key_fields(self) -> list[models.Field[Any, Any]]:
        """What tells its rows apart in an edition, and is a unique constraint of its table."""
        names = [path.partition("__")[0] for path in self.model.natural_key_fields]
        names = ["edition", *names] if issubclass(self.model, KeyedContent) else names
        return _fields(self.model, names)

    def _read(self, keys: Collection[str]) -> models.QuerySet[Any]:
        """The page's own rows, other rows that have one of these keys, and others that point at the page's rows."""
        own = of_page(self.model, self.page)
        rows = own | Q(key__in=keys) if keys else own
        for field in self.links:
            rows |= of_page(cast("Any", field.related_model), self.page, f"{field.name}__")
        found = self.model._base_manager.filter(rows, edition=self.page.edition_id)
        return found.annotate(is_own=models.ExpressionWrapper(own, models.BooleanField())).order_by("pk")

    def match(self, known: Collection[int]) -> None:
        """Give each wanted row the id of the stored one that has its key."""
        fields = [self.single] if self.single else self.key
        by_key = {_values(row, fields): row for row in self.stored.values()}
        for row in self.rows:
            self._refuse_strangers(row, known)
            self._link(row)
            stored = by_key.pop(_values(row, fields), None)
            row.pk = stored.pk if stored else None
            if stored and self.single:
                row.key = stored.key
            self.before.append((row, stored))
        if issubclass(self.model, KeyedContent):
            self._refuse_wrong_keys()

    def _refuse_strangers(self, row: EditionContent, known: Collection[int]) -> None:
        """A row points at rows that are given with it, or at nothing."""
        for field in self.links:
            linked = field.get_cached_value(row, default=None)
            if (linked is not None or row.__dict__[field.attname] is not None) and id(linked) not in known:
                raise ForeignLinkError(f"{self.model._meta.verbose_name} “{row}” points at a row of another page.")

    def _refuse_wrong_keys(self) -> None:
        wanted = {row.key for row in self.rows}
        if "" in wanted:
            raise ValueError(f"A {self.model._meta.verbose_name} has no key.")
        for other in self.others:
            if other.key in wanted:
                raise KeyInUseError(self.model, other.key)

    def _link(self, row: EditionContent) -> None:
        """Take over the ids of what a row points at, as far as they are known."""
        row.edition_id = self.page.edition_id
        for field in self.links:
            if (linked := field.get_cached_value(row, default=None)) is not None:
                setattr(row, field.name, linked)

    @property
    def gone(self) -> set[int]:
        """The ids of what is stored and not wanted."""
        return set(self.stored) - {row.pk for row in self.rows}

    def delete(self, gone: Mapping[Any, Collection[int]]) -> None:
        """Delete what is not wanted; what other pages' rows have of it goes as the link says."""
        for field in self.links:
            lost = [row.pk for row in self.others if getattr(row, field.attname) in gone.get(field.related_model, ())]
            rows = unguarded(self.model).filter(pk__in=lost)
            if lost and field.remote_field.on_delete is models.SET_NULL:
                rows.update(**{field.name: None})
            elif lost:
                rows.delete()
        if ids := gone[self.model]:
            doomed: Any = unguarded(self.model).filter(pk__in=ids)
            doomed._raw_delete(doomed.db)  # without a look at what points there: it is written or deleted too

    def park(self) -> None:
        """Take rows out of each other's way."""
        fields = _place_fields(self.model)
        if not fields:
            return
        staying = [(row, stored) for row, stored in self.before if stored]
        moved = [stored for row, stored in staying if _values(row, fields) != _values(stored, fields)]
        taken = {_values(stored, fields) for stored in moved}
        if any(_values(row, fields) in taken for row in self.rows):
            _park(self.model, moved, len(self.rows))

    def store(self) -> None:
        """Store what is new or differs."""
        for row in self.rows:
            self._link(row)
        if len({_values(row, self.key) for row in self.rows}) < len(self.rows):
            raise ValueError(f"A {self.model._meta.verbose_name} is there twice.")
        _store(self.model, self.before, self.key)


def _store(model: type[models.Model], rows: Iterable[tuple[Any, Any]], key: list[models.Field[Any, Any]]) -> None:
    """Store rows that differ from what is stored of them: told by their keys, so that one statement is enough."""
    changed = [row for row, stored in rows if stored is None or _differ(row, stored)]
    for row in changed:
        row.pk = None
        render_markdown_fields(row)
    columns = [field.name for field in model._meta.concrete_fields if not field.primary_key]
    unique = [field.name for field in key]
    unguarded(model).bulk_create(changed, update_conflicts=True, unique_fields=unique, update_fields=columns)


def _fields(model: type[models.Model], names: Iterable[str]) -> list[models.Field[Any, Any]]:
    return [cast("models.Field[Any, Any]", model._meta.get_field(name)) for name in names]


def _values(row: models.Model, fields: Iterable[models.Field[Any, Any]]) -> tuple[Any, ...]:
    return tuple(getattr(row, field.attname) for field in fields)


def _differ(row: models.Model, stored: models.Model) -> bool:
    """Whether an author would call them different: blanks at the ends and rendered HTML are no difference."""
    fields = row._meta.concrete_fields
    written = [field for field in fields if not field.primary_key and not isinstance(field, RenderedField)]
    return list(_said(row, written)) != list(_said(stored, written))


def _said(row: models.Model, fields: Iterable[models.Field[Any, Any]]) -> Iterator[Any]:
    for value in _values(row, fields):
        yield normalised(value) if isinstance(value, str) else value


def _place_fields(model: type[models.Model]) -> list[models.Field[Any, Any]]:
    """What no two rows may have in common because each has its place; empty where places do not matter."""
    for constraint in model._meta.constraints:
        if isinstance(constraint, UniqueConstraint) and "position" in constraint.fields:
            return _fields(model, constraint.fields)
    return []


def _park(model: type[models.Model], rows: Sequence[Any], last: int) -> None:
    """Put rows behind every place that is in use, or will be: up to `last`."""
    away = max(PARKED, last, *(row.position for row in rows))
    unguarded(model).filter(pk__in=[row.pk for row in rows]).update(position=F("position") + away)


class _Unguarded(models.QuerySet[Any]):
    """Rows of a draft that is locked: whoever has asked once need not be asked again for each model."""

    def _batched_insert(self, objs: Any, fields: Any, batch_size: Any, **options: Any) -> list[Any]:
        """As Django's, which sends SQLite no more than 999 values at a time: its limit until 2020."""
        size, returned = MOST_VALUES // len(fields), list[Any]()
        for start in range(0, len(objs), size):
            returned += cast("Any", self)._insert(
                objs[start : start + size],
                fields=fields,
                using=self.db,
                returning_fields=self.model._meta.db_returning_fields,
                **options,
            )
        return returned


def unguarded(model: type[models.Model]) -> models.QuerySet[Any]:
    """All rows of a model, past the guards."""
    return _Unguarded(model)
