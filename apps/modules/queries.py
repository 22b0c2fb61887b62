"""What pages read of editions."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from itertools import chain

from django.db.models import Exists, OuterRef, QuerySet

from apps.core import left_out
from apps.core.prepared import prepared, several
from apps.modules import page_kinds
from apps.modules.models import Archiving, Edition, Fact, Module, Page, PageCitation, Source, Withdrawal
from apps.modules.models import facts_taught as facts_taught
from apps.modules.published import is_published, read_all_once, read_for_a_minute, read_once

MOST_MINUTES = 32_767


@dataclass(frozen=True)
class Contents:
    """A published edition with its pages in order. Read-only: it is shared by all requests of the process."""

    edition: Edition
    pages: tuple[Page, ...]
    required: frozenset[int] = frozenset()  # the pages that the certificate needs, those that cannot be shown included

    @property
    def minutes(self) -> int:
        """Honest time for the pages that the certificate needs, in minutes; no more than a certificate can say."""
        return min(sum(page.minutes for page in self.pages if page.is_required), MOST_MINUTES)

    def page(self, key: str) -> Page | None:
        """The page with this key."""
        return next((page for page in self.pages if page.key == key), None)

    def position_of(self, page: Page) -> int:
        """Which page it is, counted from 1."""
        return self.pages.index(page) + 1


def has_address(row: Module | Page) -> bool:
    """Whether it can be led to; what is published and cannot stands in the log."""
    try:
        row.get_absolute_url()
    except left_out.NotShownError:
        return False
    return True


def contents_of(edition: Edition) -> Contents:
    """The contents of a published edition, read now, without the pages that cannot be shown."""
    pages = list(edition.page_set.order_by("position"))
    empty = {page for kind in page_kinds.all_kinds() for page in kind.empty(edition.pk)}
    for page in pages:
        page.edition = edition
        if page.pk in empty:
            left_out.note(f"{page._meta.label} {page.pk}", "nothing in it can be done")
    shown = tuple(page for page in pages if page.pk not in empty and has_address(page))
    return Contents(edition, shown, frozenset(page.pk for page in pages if page.is_required))


@read_once
def published_contents(edition_id: int) -> Contents:
    """The contents of a published edition; it cannot change, so it is read once in the life of the process."""
    return contents_of(Edition.objects.published().select_related("module").get(pk=edition_id))


@read_all_once
def published_editions(edition_ids: list[int]) -> dict[int, Edition]:
    """Published editions with their minutes, in the order in which they are asked for."""
    return Edition.objects.published().with_minutes().select_related("module").in_bulk(edition_ids)


@read_once
def published_edition_id(name: tuple[str, int]) -> int:
    """The id of a published edition, from its slug and number; Edition.DoesNotExist when there is none."""
    slug, number = name
    return Edition.objects.published().values_list("pk", flat=True).get(module__slug=slug, number=number)


def published_page(page_id: int) -> Page:
    """A page whose content may be read once; Page.DoesNotExist for one of a draft, which changes."""
    return Page.objects.filter(edition__number__isnull=False).get(pk=page_id)


def catalogue() -> list[Edition]:
    """The edition of every module that anybody may begin, with its minutes."""
    return [edition for edition in published_editions(_offered.rows()) if has_address(edition.module)]


@prepared()
def _offered() -> QuerySet[Edition, int]:
    return Edition.objects.offered().values_list("pk", flat=True)


def newest_editions(module_ids: Collection[int]) -> dict[int, Edition]:
    """The edition of each of these modules that anybody may begin, by module; a closed module has none."""
    return {edition.module_id: edition for edition in Edition.objects.offered().filter(module__in=module_ids)}


def is_offered(module_id: int) -> bool:
    """Whether anybody may begin the module."""
    return Edition.objects.offered().filter(module=module_id).exists()


def is_readable(edition: Edition) -> bool:
    """Whether somebody who has not begun the edition may read it."""
    return _readable.first(edition=edition.pk) is not None


@prepared(edition=Edition.id)
def _readable(edition: int) -> QuerySet[Edition, int]:
    return Edition.objects.readable().filter(pk=edition).order_by().values_list("pk", flat=True)


def newest_edition(slug: str) -> int | None:
    """The newest published edition of a module, be it closed or not."""
    return _newest.first(slug=slug)


@prepared(slug=Module.slug)
def _newest(slug: str) -> QuerySet[Edition, int]:
    return Edition.objects.current().filter(module__slug=slug).order_by().values_list("pk", flat=True)


@dataclass(frozen=True)
class Closure:
    """What keeps new learners from a module: it is archived, its newest edition is withdrawn, or neither."""

    archiving: Archiving | None
    withdrawal: Withdrawal | None

    @property
    def is_closed(self) -> bool:
        return self.archiving is not None or self.withdrawal is not None


def closure_of(module: Module) -> Closure:
    """What keeps new learners from this module now, with who did it."""
    newest = Edition.objects.current().with_closure().filter(module=module.pk).first()
    return closure_in(newest) if newest else Closure(None, None)


def closure_in(newest: Edition) -> Closure:
    """What keeps new learners from a module whose newest edition has been read with that."""
    return Closure(newest.open_archiving, newest.open_withdrawal)


def editions_of(module: Module) -> list[Edition]:
    """The published editions of a module, the newest first."""
    return list(Edition.objects.published().filter(module=module.pk).order_by("-number"))


def withdrawal_of(edition: Edition) -> Withdrawal | None:
    """The withdrawal of this edition that nobody has taken back."""
    return _open_withdrawals().filter(edition=edition.pk).first()


def _open_withdrawals() -> QuerySet[Withdrawal]:
    return Withdrawal.objects.open().select_related("edition", "withdrawn_by")


def notes_since(editions: Collection[Edition]) -> dict[int, list[str]]:
    """What has changed since each of these, by edition: the notes of all that followed it, the newest first.

    What was new in an edition is told as long as it stands, or a later one does that was made from it.
    """
    notes = _notes_in.rows(modules={edition.module_id for edition in editions})
    return {
        edition.pk: [
            note
            for module, number, note in notes
            if module == edition.module_id and (number or 0) > (edition.number or 0)
        ]
        for edition in editions
    }


@prepared(modules=several(Module.id))
def _notes_in(modules: Collection[int]) -> QuerySet[Edition, tuple[int, int | None, str]]:
    """What was new in each edition that stands, or was carried on in one that does: module, number and note."""
    holding = Edition.objects.standing().filter(module=OuterRef("module"), number__gte=OuterRef("number"))
    noted = Edition.objects.published().filter(Exists(holding), module__pk__in=modules).exclude(change_note="")
    return noted.order_by("-number").values_list("module", "number", "change_note")


def taster(editions: Iterable[Edition]) -> page_kinds.Taster | None:
    """The first page of these editions that may be done without an account, to try Second Look with."""
    ids = [edition.pk for edition in editions]
    tasters = [taster for kind in page_kinds.all_kinds() for taster in kind.tasters(ids)]
    return min(tasters, key=lambda taster: (ids.index(taster.page.edition_id), taster.page.position), default=None)


def assessed_by(edition: Edition) -> str:
    """`2 branching cases and a quiz of 9 questions, passed`; where nothing assesses, what its pages are: `reading`."""
    assessments = [kind.assessment(edition) for kind in page_kinds.all_kinds()]
    if any(assessments):
        return " and ".join(filter(None, assessments))
    required = set(edition.page_set.filter(is_required=True).values_list("kind", flat=True))
    return " and ".join(kind.noun for kind in page_kinds.all_kinds() if kind.name in required)


def sources_of_page(page: Page) -> list[Source]:
    """The sources that a page cites, in order, each with what replaced it; of a published page as of this minute."""
    return _sources_of_published_page(page.pk) if is_published(page) else _sources_of_page(page.pk)


def _sources_of_page(page_id: int) -> list[Source]:
    citations = PageCitation.objects.filter(page=page_id).select_related("source__superseded_by").order_by("position")
    return [citation.source for citation in citations]


_sources_of_published_page = read_for_a_minute(_sources_of_page)


def citing_pages(edition_ids: Collection[int]) -> dict[int, set[int]]:
    """The pages of these editions that rest on each source."""
    of_pages = PageCitation.objects.filter(edition__in=edition_ids).values_list("source", "page")
    of_rows = (citation for kind in page_kinds.all_kinds() for citation in kind.citations(edition_ids))
    citing: dict[int, set[int]] = {}
    for source_id, page_id in chain(of_pages, of_rows):
        citing.setdefault(source_id, set()).add(page_id)
    return citing


PIECES = "The pieces that the course is about"
GUIDANCE = "Guidance and advice"
OTHERS = "Research, journalism and opinion"
HISTORY = "History: replaced by newer guidance"


@dataclass(frozen=True)
class CitedSource:
    """A source, and the pages of the editions on offer that rest on it."""

    source: Source
    pages: list[Page]
    is_taught: bool  # one of the pieces whose facts the course must teach

    @property
    def group(self) -> str:
        """The heading under which it stands on the sources page."""
        if self.is_taught:
            return PIECES
        if self.source.superseded_by_id:
            return HISTORY
        return GUIDANCE if self.source.kind == Source.Kind.GUIDANCE else OTHERS


def cited_sources() -> dict[str, list[CitedSource]]:
    """Every source with what replaced it and where the course uses it, under its heading."""
    ids = list(Edition.objects.offered().values_list("pk", flat=True))
    pages = Page.objects.filter(edition__in=ids).select_related("edition__module")
    in_order = [
        page for page in pages.order_by("edition__module__position", "edition", "position") if has_address(page)
    ]
    citing = citing_pages(ids)
    taught = set(Fact.objects.values_list("source", flat=True))
    groups: dict[str, list[CitedSource]] = {heading: [] for heading in (PIECES, GUIDANCE, OTHERS, HISTORY)}
    for source in Source.objects.select_related("superseded_by").order_by("authors", "year", "title"):
        resting = [page for page in in_order if page.pk in citing.get(source.pk, ())]
        cited = CitedSource(source, resting, source.pk in taught)
        groups[cited.group].append(cited)
    return {heading: cited for heading, cited in groups.items() if cited}
