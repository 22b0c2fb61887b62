"""What authors' commands and pages read: sheets of an edition, their texts, and the ways back."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from django.apps import apps
from django.urls import reverse

from apps.accounts.models import User
from apps.authoring.models import Report, ReportQuerySet, Revision, RevisionQuerySet
from apps.core.words import counted
from apps.modules import outline, page_kinds, rows
from apps.modules.checks import find_problems_in, find_problems_of, find_unstorable
from apps.modules.document import AnyDocument, Document, EditionDocument, rows_in
from apps.modules.keys import PROVISIONAL, Taken, settle
from apps.modules.known import read_known
from apps.modules.models import Edition, Module, Page
from apps.modules.page_kinds import PageKind
from apps.modules.problems import Level, Problem, error
from apps.progress.notices import Notice

Verb = Revision.Verb
MOST_DIGITS = 18  # of an id, which a database can hold


class UnknownKindError(Exception):
    """A page is of a kind that nobody knows any more, so it cannot be told as text."""

    def __init__(self, page: Page) -> None:
        super().__init__(f"The page {page.key} is of an unknown kind: {page.kind}.")


class UnreadableRevisionError(Exception):
    """The text of a revision can no longer be read."""


@dataclass(frozen=True)
class Sheet:
    """A page of an edition as authors handle it, or with an empty key the edition itself, and what stands there."""

    edition: Edition
    key: str
    kind: PageKind | None  # of a page
    page: Page | None  # if it is there
    document: AnyDocument | None
    titles: Mapping[str, str] = field(default_factory=dict)  # of the pages, by their keys: an edition's sheet has them

    def text_of(self, document: AnyDocument) -> str:
        """What it says in this document, as text."""
        if isinstance(document, Document) and self.kind:
            return outline.to_text(self.kind, document)
        if isinstance(document, EditionDocument):
            return outline.module_to_text(self.edition.module.slug, document)
        raise TypeError(f"The sheet “{self.key}” cannot say this.")

    def fits(self, document: AnyDocument) -> bool:
        """Whether this is what such a sheet can say."""
        if not self.key:
            return isinstance(document, EditionDocument)
        return self.kind is not None and type(document) is self.kind.document_class

    def errors_of(self, document: AnyDocument) -> list[Problem]:
        """What of it would keep this document from being published."""
        return find_problems_of(self._kind, document, read_known(), [Level.ERROR])

    def problems_of(self, document: AnyDocument) -> list[Problem]:
        """What of this document is to be put right."""
        return find_problems_of(self._kind, document, read_known())

    def unstorable(self, document: AnyDocument) -> list[Problem]:
        """What not even a draft can hold of it."""
        return find_unstorable(self._kind, document, read_known())

    @property
    def _kind(self) -> str:
        return self.kind.name if self.kind else ""


def find_sheet(edition: Edition, key: str, kind: str = "") -> Sheet:
    """The sheet with this key; one that is not there has nothing but the kind that it is to be of.

    UnknownKindError for a page of a kind that nobody knows.
    """
    if not key:
        return _edition_sheet(edition)
    page = Page.objects.filter(edition=edition, key=key).select_related("edition__module").first()
    if page is None:
        known = {known.name: known for known in page_kinds.all_kinds()}
        return Sheet(edition, key, known.get(kind), None, None)
    return Sheet(edition, key, _kind_of(page), page, rows.document_of(rows.read_rows(page)))


def _edition_sheet(edition: Edition) -> Sheet:
    titles = dict(rows.in_order(Page).filter(edition=edition).values_list("key", "title"))
    return Sheet(edition, "", None, None, rows.edition_document(Edition.objects.get(pk=edition.pk), titles), titles)


def _kind_of(page: Page) -> PageKind:
    try:
        return page_kinds.get(page.kind)
    except KeyError:
        raise UnknownKindError(page) from None


def text_of_module(edition: Edition) -> str:
    """The whole of an edition as text."""
    pages = rows.read_documents([edition])[edition.pk]
    said = rows.edition_document(Edition.objects.get(pk=edition.pk), [page.key for page, _ in pages])
    return outline.module_to_text(edition.module.slug, said, [(_kind_of(page), document) for page, document in pages])


def keys_of_pages(edition: Edition, pages: Sequence[tuple[PageKind, Document]]) -> list[str]:
    """The keys of the pages that a text means: those that it gives, else that of the only such page with the title.

    A page that is new has the provisional key that its text was given.
    """
    stored: dict[tuple[str, str], list[str]] = {}
    for key, name, title in edition.page_set.values_list("key", "kind", "title"):
        stored.setdefault((name, title), []).append(key)
    named = {document.head.key for _, document in pages}
    keys = []
    for kind, document in pages:
        same = stored.get((kind.name, document.head.title), [])
        is_meant = document.head.key.startswith(PROVISIONAL) and len(same) == 1 and same[0] not in named
        keys.append(same[0] if is_meant else document.head.key)
        named.add(keys[-1])
    return keys


def titles_of(edition: Edition) -> dict[str, str]:
    """What the pages of a draft are called, by their keys: also those that it had and has no more; two queries."""
    saved = Revision.objects.newest_of_pages(edition).beginnings()
    then = {revision.page_key: outline.title_of(revision.begins) for revision in saved}
    return then | dict(edition.page_set.values_list("key", "title"))


def loses_rows(sheet: Sheet, wanted: AnyDocument) -> bool:
    """Whether rows that stand on a sheet do not in this document of it."""
    return bool({*_told(sheet.document)} - {*_told(wanted)})


def _told(document: AnyDocument | None) -> Iterator[tuple[str, str]]:
    return ((row.label, row.key) for row in rows_in(document))


def keys_elsewhere(sheet: Sheet, wanted: AnyDocument) -> Taken:
    """The keys that rows on other pages of the edition have, by the label of their model."""
    own: dict[str, set[str]] = {}
    for label, key in _told(sheet.document):
        own.setdefault(label, set()).add(key)
    labels = {row.label for row in rows_in(wanted)}
    return {label: _keys(label, sheet.edition) - own.get(label, set()) for label in labels}


def _keys(label: str, edition: Edition) -> set[str]:
    model = apps.get_model(label)
    return set(model._base_manager.filter(edition=edition).values_list("key", flat=True))


def document_of(revision: Revision) -> AnyDocument:
    """What was saved then. UnreadableRevisionError when its text cannot be read any more."""
    read = outline.read(revision.text_now, page_kinds.all_kinds())
    found = read.document if isinstance(read, outline.Parsed) else read.edition
    if found is None:
        raise UnreadableRevisionError(f"{revision}: {read.faults[0]}")
    return found


def find_document(revision: Revision | None) -> AnyDocument | None:
    """What was saved then, where there is such a revision and its text can still be read."""
    try:
        return document_of(revision) if revision else None
    except UnreadableRevisionError:
        return None


def id_in(said: str) -> int:
    """The id that a form says; 0, which no row has, where it says none."""
    is_id = said.isascii() and said.isdecimal() and len(said) <= MOST_DIGITS
    return int(said) if is_id else 0


def find_last_said(draft_id: str, key: str, kind: PageKind) -> AnyDocument | None:
    """What a page of this kind said last in a draft that may have been published or discarded; None where nobody knows.

    The page may have been taken out, and another one put in its place.
    """
    draft = id_in(draft_id)
    edition = Edition.objects.filter(pk=draft).first()
    stands = find_sheet(edition, key).document if edition else None
    if type(stands) is kind.document_class:
        return stands
    saved = Revision.objects.filter(draft=draft, page_key=key, text__startswith=f"{kind.noun}:").order_by("number")
    found = find_document(saved.last())
    return found if type(found) is kind.document_class else None


def kind_of(revision: Revision) -> PageKind | None:
    """The kind of the page that was saved then."""
    read = outline.read(revision.text_now, page_kinds.all_kinds())
    kind: PageKind | None = read.kind if isinstance(read, outline.Parsed) else None
    return kind


def unreadable(sheet: Sheet, document: AnyDocument) -> list[Problem]:
    """What of a document's text could not be read again: it is too large, or has too many of something."""
    faults = outline.read(sheet.text_of(document), page_kinds.all_kinds()).faults
    return [error(str(fault), sheet.key) for fault in faults]


def remarks_of(text: outline.Parsed | outline.ParsedModule) -> list[str]:
    """What an author may like to know of the pages of a text."""
    pages = text.pages if isinstance(text, outline.ParsedModule) else ((text.kind, text.document),)
    return [f"{page.head.title}: {remark}" for kind, page in pages if page for remark in kind.remarks(page)]


@dataclass(frozen=True)
class Saves:
    """What was saved of a sheet, without the texts."""

    all: list[Revision]  # oldest first
    done: list[Revision]  # the saves that stand, oldest first
    undone: list[Revision]  # those that were undone: redoing takes the last
    titles: dict[str, str]  # of an edition's sheet: what its pages are called, by key, also those that it has no more

    @property
    def newest(self) -> Revision | None:
        return self.all[-1] if self.all else None


def saves_of(sheet: Sheet) -> Saves:
    """What was saved of a sheet, and what of it stands; one query."""
    found = list(_saves_and_titles(sheet).order_by("number").select_related("by"))
    titles = {save.page_key: outline.title_of(save.begins) for save in found if save.page_key != sheet.key}
    saves = Saves([save for save in found if save.page_key == sheet.key], [], [], {**titles, **sheet.titles})
    for revision in saves.all:
        if revision.verb == Verb.UNDONE:
            saves.undone.append(saves.done.pop())
        elif revision.verb == Verb.REDONE:
            saves.done.append(saves.undone.pop())
        else:
            saves.done.append(revision)
            saves.undone.clear()
    return saves


def _saves_and_titles(sheet: Sheet) -> RevisionQuerySet:
    """The revisions of a sheet; with those of an edition what was saved last of each page, for the pages' titles."""
    own = Revision.objects.of_sheet(sheet.edition, sheet.key)
    if sheet.key:
        return own.defer("text")
    return (own | Revision.objects.newest_of_pages(sheet.edition)).beginnings()


@dataclass(frozen=True)
class Step:
    """A step back or forth: the revision to which it leads, and the spot of what it takes back or puts back."""

    to: Revision
    spot: str


def before(sheet: Sheet) -> Step | None:
    """Where undoing leads."""
    done = saves_of(sheet).done
    return Step(done[-2], done[-1].spot) if len(done) > 1 else None


def after(sheet: Sheet) -> Step | None:
    """Where redoing leads."""
    undone = saves_of(sheet).undone
    return Step(undone[-1], undone[-1].spot) if undone else None


def find_author(email: str) -> User | None:
    """Who has this address and may write modules."""
    return _find(email, "modules.change_edition")


def find_publisher(email: str) -> User | None:
    """Who has this address and may publish modules."""
    return _find(email, "modules.publish_edition")


def _find(email: str, right: str) -> User | None:
    person = User.objects.filter(email=email, is_active=True).first()
    return person if person and person.has_perm(right) else None


def problems_of(text: outline.Parsed | outline.ParsedModule) -> list[Problem]:
    """What is to be put right in a text before it could be published."""
    known = read_known()
    if isinstance(text, outline.Parsed):
        return find_problems_of(text.kind.name, settle(text.document, None, {})[0], known) if text.document else []
    if text.edition is None:
        return []
    pages = [(kind.name, settle(document, None, {})[0]) for kind, document in text.pages]
    return find_problems_in(text.edition, pages, known) if pages else find_problems_of("", text.edition, known)


# What readers say is wrong ------------------------------------------------------------------------------------------

SAME_AGAIN = datetime.timedelta(minutes=10)
IS_NEW = datetime.timedelta(days=14)  # an answer: My learning says so
MOST_ON_DESK = 5
MOST_BY_THE_SPOT = 20  # of one page; the list has the others


@dataclass(frozen=True)
class NewReport:
    """What a reader says is wrong: where, and who says so if they wish it to be known. No page is the module's own."""

    edition: Edition
    page: Page | None
    text: str
    spot: str = ""  # dropped if the page has no such block
    by: User | None = None


def is_said_already(new: NewReport, at: datetime.datetime) -> bool:
    """Whether the same was said about the same page a moment ago: by a second press, or the way back."""
    same = Report.objects.about(new.edition, new.page).filter(text=new.text, by=new.by)
    return same.filter(sent_at__gt=at - SAME_AGAIN).exists()


@dataclass(frozen=True)
class Reported:
    """A report, and what an author calls the spot it was sent from; empty where that is unknown."""

    report: Report
    spot: str


@dataclass(frozen=True)
class OpenReports:
    """The newest reports that wait for an author, and whether more do."""

    newest: list[Reported]
    has_more: bool


def with_spots(reports: Iterable[Report]) -> list[Reported]:
    """Reports with the names of their spots; one query, and none where no report has a spot."""
    found = list(reports)
    titles = _titles_of_spots({report.page.pk: report.page.kind for report in found if report.page and report.spot})
    return [Reported(report, titles.get((report.page_id or 0, report.spot), "")) for report in found]


def _titles_of_spots(pages: Mapping[int, str]) -> dict[tuple[int, str], str]:
    """What authors call the spots of these pages, by page and key; the kind of each page is given."""
    kinds = {kind.name: kind for kind in page_kinds.all_kinds() if kind.name in pages.values()}
    spots = [spots for kind in kinds.values() if (spots := kind.spots(pages)) is not None]
    found = spots[0].union(*spots[1:], all=True) if spots else ()
    return {(page, key): kinds[pages[page]].spot_title(position, name) for page, key, position, name in found}


def open_reports() -> OpenReports:
    """What waits for authors, of all modules."""
    return _newest(Report.objects.open(), MOST_ON_DESK)


def open_reports_of(module: Module, key: str = "") -> OpenReports:
    """What waits about the page of this key, in whichever edition it was read; with no key about the module's page."""
    return _newest(Report.objects.open().of_page(module, key), MOST_BY_THE_SPOT)


def open_reports_by(sheet: Sheet) -> OpenReports:
    """What waits about this page; its spots are called what the draft calls them."""
    blocks = sheet.document.blocks if sheet.document else {}
    waiting = Report.objects.open().of_page(sheet.edition.module, sheet.key)
    newest = list(waiting.whole().in_order()[: MOST_BY_THE_SPOT + 1])
    told = [Reported(report, getattr(blocks.get(report.spot), "name", "")) for report in newest[:MOST_BY_THE_SPOT]]
    return OpenReports(told, len(newest) > MOST_BY_THE_SPOT)


def _newest(waiting: ReportQuerySet, most: int) -> OpenReports:
    newest = list(waiting.whole().in_order()[: most + 1])
    return OpenReports(with_spots(newest[:most]), len(newest) > most)


def reports_of(slug: str) -> ReportQuerySet:
    """All reports as the list shows them, or those about the module with this slug."""
    reports = Report.objects.whole().in_order()
    return reports.filter(edition__module__slug=slug) if slug else reports


def modules_with_reports() -> dict[str, str]:
    """The titles of the modules about which somebody has said something, by slug."""
    editions = Edition.objects.filter(reports__isnull=False).order_by("module__position", "number")
    return dict(editions.values_list("module__slug", "title").distinct())


def is_spot(page: Page, key: str) -> bool:
    """Whether the page has a scene or question with this key."""
    spots = page_kinds.get(page.kind).spots([page.pk]) if key else None
    return spots is not None and key in set(
        spots.values_list("key", flat=True)
    )  # which may hold what no database takes


def draft_of(report: Report) -> Edition | None:
    """The draft in which what is reported can be mended; None where there is none, or it has no such page."""
    drafts = Edition.objects.drafts().filter(module=report.edition.module_id)
    if report.page:
        drafts = drafts.filter(page__key=report.page.key)
    return drafts.select_related("module").first()


def reports_by(person: User, module: Module, key: str) -> list[Report]:
    """What this person said under their name about the page of this key, or about the module's page; newest first."""
    return list(Report.objects.sent_by(person).of_page(module, key).select_related("edition")[:MOST_BY_THE_SPOT])


def new_answers(person: User, at: datetime.datetime) -> Iterator[Notice]:
    """What authors have answered lately to what this person said under their name."""
    answered = Report.objects.sent_by(person).exclude(answer="").filter(closed_at__gt=at - IS_NEW)
    for report in answered.whole().in_order()[:MOST_ON_DESK]:
        yield Notice(f"There is an answer to what you wrote about {report.where}", _form_of(report))


def _form_of(report: Report) -> str:
    """The address of the form with which it was sent; there its writer finds the answer."""
    names = [report.edition.module.slug, report.edition.number]
    if report.page is None:
        return reverse("reports:module", args=names)
    return reverse("reports:page", args=[*names, report.page.key])


def names_on_reports(person: User) -> list[str]:
    """What goes from reports when this person's account is closed."""
    count = Report.objects.sent_by(person).count()
    return [f"The name on {counted(count, 'report', 'reports')} of something wrong on a page"] if count else []


def words_of_reports(person: User) -> list[str]:
    """What stays of them."""
    count = Report.objects.sent_by(person).count()
    return [f"The words of {counted(count, 'report', 'reports')} of something wrong on a page"] if count else []
