"""What authors are shown of drafts as a whole: their pages, what changed since their base, what is to be mended."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from django.db.models import Max, Q
from django.utils import timezone
from django.utils.formats import date_format

from apps.accounts.models import User
from apps.authoring.models import Revision
from apps.authoring.queries import Sheet
from apps.core.words import counted, listed
from apps.modules import rows
from apps.modules.checks import find_errors_together, find_problems_of
from apps.modules.comparison import Change, compare
from apps.modules.document import Document, EditionDocument, Row
from apps.modules.editions import EditionQuerySet
from apps.modules.known import Known, read_known
from apps.modules.models import Edition, Module, Page
from apps.modules.page_kinds import PageKind
from apps.modules.problems import Level, Problem
from apps.modules.queries import Closure, closure_in
from apps.progress.queries import Learners, with_learners

MOST_TOLD = 3  # changes that are told in one line
MOST_NAMED = 10  # parts of a page that is to be removed
RECENT = 3  # editions


@dataclass(frozen=True)
class Problems:
    """What is to be put right in something."""

    all: tuple[Problem, ...]

    @property
    def errors(self) -> str:
        """`2 errors`; empty for none."""
        return self._counted(Level.ERROR, "error", "errors")

    @property
    def warnings(self) -> str:
        """`1 warning`; empty for none."""
        return self._counted(Level.WARNING, "warning", "warnings")

    @property
    def errors_stop_it(self) -> str:
        """`It needs 2 things before it can be published.`"""
        count = sum(problem.level is Level.ERROR for problem in self.all)
        return f"It needs {counted(count, 'thing', 'things')} before it can be published." if count else ""

    def _counted(self, level: Level, one: str, many: str) -> str:
        count = sum(problem.level is level for problem in self.all)
        return counted(count, one, many) if count else ""

    def of(self, key: str) -> Problems:
        """Those of one page."""
        return Problems(tuple(problem for problem in self.all if problem.page == key))


@dataclass(frozen=True)
class ToMend:
    """A problem, with what its page is called."""

    problem: Problem
    title: str


@dataclass(frozen=True)
class PageOfDraft:
    """A page of a draft: what it says, and what changed since the edition on which the draft is based."""

    page: Page
    kind: PageKind
    document: Document
    before: Document | None
    problems: Problems

    @property
    def up(self) -> str:
        """What the button says that moves it up."""
        return f"up:{self.page.key}"

    @property
    def down(self) -> str:
        """What the button says that moves it down."""
        return f"down:{self.page.key}"

    @property
    def parts(self) -> list[str]:
        """What would go with it, by name: `scene “Night crew”`, ten at the most."""
        blocks = self.document.blocks.values()
        names = [f"{block.noun} “{block.name}”" for block in blocks if isinstance(block, Row)] or ["its text"]
        return [*names[:MOST_NAMED], f"and {len(names) - MOST_NAMED} more"] if len(names) > MOST_NAMED else names

    @property
    def minutes(self) -> str:
        return counted(self.document.head.minutes, "minute", "minutes")

    @property
    def is_changed(self) -> bool:
        return self.document != self.before

    @property
    def differences(self) -> list[Change]:
        """What changed, block by block."""
        return compare(self.before, self.document)

    @property
    def changes(self) -> str:
        """What changed, in words."""
        return in_words(self.differences) if self.before else "A new page"


@dataclass(frozen=True)
class Draft:
    """A draft as a whole."""

    edition: Edition
    base: Edition | None
    document: EditionDocument
    before: EditionDocument | None
    pages: tuple[PageOfDraft, ...]
    taken_out: Mapping[str, str]  # the titles of pages that its base has, by their keys
    problems: Problems

    @property
    def module(self) -> Module:
        return self.edition.module

    @property
    def next_number(self) -> int:
        """The number that it will have."""
        return self.edition.next_number

    @property
    def label(self) -> str:
        """`draft of edition 3`."""
        return f"draft of edition {self.next_number}"

    @property
    def changed(self) -> list[PageOfDraft]:
        """The pages that say something else than its base, or that this has not."""
        return [page for page in self.pages if page.is_changed]

    @property
    def so_far(self) -> str:
        """What has been done in it, in one line: `3 pages changed since edition 2`."""
        pages = counted(len(self.pages), "page", "pages")
        if self.base is None:
            return f"{pages}, the first edition"
        count = len(self.changed) + len(self.taken_out)
        changed = f"{counted(count, 'page', 'pages')} changed" if count else "Nothing changed"
        return f"{changed} since {self.base.label}"

    @property
    def own_changes(self) -> list[Change]:
        """What changed of the edition itself."""
        titles = {**self.taken_out, **{page.page.key: page.document.head.title for page in self.pages}}
        return compare(self.before, self.document, titles) if self.before else []

    @property
    def same_in_words(self) -> str:
        """How many pages say what its base says."""
        same = len(self.pages) - len(self.changed)
        return f"{counted(same, 'page is', 'pages are')} the same as in {self.base.label}." if self.base else ""

    @property
    def pages_in_words(self) -> str:
        """How many pages it has, and how long they take."""
        if not self.pages:
            return "No pages yet. Add the first one below."
        minutes = counted(sum(page.document.head.minutes for page in self.pages), "minute", "minutes")
        return f"{counted(len(self.pages), 'page', 'pages')}, {minutes}, in the order in which learners see them."

    @property
    def to_mend(self) -> list[ToMend]:
        """Its problems, errors first, each with what its page is called."""
        problems = sorted(self.problems.all, key=lambda problem: problem.level is Level.WARNING)
        return [ToMend(problem, self.title_of(problem.page)) for problem in problems]

    def title_of(self, key: str) -> str:
        """What a page is called; of the edition itself, what that is."""
        titles = {page.page.key: page.document.head.title or page.page.key for page in self.pages}
        return titles.get(key, "Title, summary and outcomes")

    @property
    def sheet(self) -> Sheet:
        """The draft itself, as it is handled like its pages."""
        titles = {page.page.key: page.page.title for page in self.pages}
        return Sheet(self.edition, "", None, None, self.document, titles)


@dataclass(frozen=True)
class LeftOff:
    """What somebody saved last that is a draft still."""

    draft: Draft
    revision: Revision

    @property
    def title(self) -> str:
        return self.draft.title_of(self.revision.page_key)

    @property
    def spot(self) -> str:
        """What was changed last on the page: `scene “Night crew”`; empty where it is gone, or the page itself."""
        said = next((page.document for page in self.draft.pages if page.page.key == self.revision.page_key), None)
        block = said.blocks.get(self.revision.spot) if said else None
        return f"{block.noun} “{block.name}”" if isinstance(block, Row) else ""

    @property
    def is_page(self) -> bool:
        """Whether it is a page that is there, and not the edition itself."""
        return any(page.page.key == self.revision.page_key for page in self.draft.pages)


@dataclass(frozen=True)
class OnDesk:
    """Every draft there is with its last save, the one that was saved last first; and where somebody left off."""

    drafts: list[tuple[Draft, Revision | None]]
    last: LeftOff | None


@dataclass(frozen=True)
class InForce:
    """The newest edition of a module, with its learners."""

    edition: Edition
    learners: Learners

    @property
    def closure(self) -> Closure:
        """What keeps new learners from the module."""
        return closure_in(self.edition)


def in_words(changes: Sequence[Change]) -> str:
    """What changed, in one line: `scene “Night crew” reworded, scene “The lift” added and 2 more`."""
    told = [f"{change.name} {change.verb.value}" for change in changes[:MOST_TOLD]]
    more = [f"{len(changes) - MOST_TOLD} more"] if len(changes) > MOST_TOLD else []
    line = listed([*told, *more])
    return line[:1].upper() + line[1:]


def read_drafts(drafts: Collection[Edition]) -> list[Draft]:
    """These drafts, which were read with their bases, and all that their authors are shown; as many queries for any."""
    bases = [draft.based_on for draft in drafts if draft.based_on]
    documents, known = rows.read_documents([*drafts, *bases]), read_known()
    return [_draft(draft, documents, known) for draft in drafts]


def _draft(edition: Edition, documents: Mapping[int, Sequence[tuple[Page, Document]]], known: Known) -> Draft:
    base = edition.based_on
    before = {page.key: document for page, document in documents[base.pk]} if base else {}
    said = rows.edition_document(edition, [page.key for page, _ in documents[edition.pk]])
    pages = [(page.kind, document) for page, document in documents[edition.pk]]
    problems = Problems(
        (
            *find_errors_together(said, pages, known),
            *_problems("", said, known),
            *(problem for kind, document in pages for problem in _problems(kind, document, known)),
        )
    )
    there = {page.key for page, _ in documents[edition.pk]}
    return Draft(
        edition,
        base,
        said,
        rows.edition_document(base, [page.key for page, _ in documents[base.pk]]) if base else None,
        tuple(
            PageOfDraft(page, rows.kind_of(page), document, before.get(page.key), problems.of(page.key))
            for page, document in documents[edition.pk]
        ),
        {key: document.head.title for key, document in before.items() if key not in there},
        problems,
    )


@lru_cache(maxsize=512)
def _problems(kind: str, document: Document | EditionDocument, known: Known) -> tuple[Problem, ...]:
    """What is to be put right in a page: judging a long case takes a while, and most pages are as they were."""
    return tuple(find_problems_of(kind, document, known))


def last_saved(draft: Edition) -> Revision | None:
    """The last save of a draft, whatever page it was of."""
    saves = Revision.objects.filter(draft=draft.pk, by__isnull=False).select_related("by").defer("text")
    return saves.order_by("pk").last()


def on_desk(person: User) -> OnDesk:
    """What the desk of a person shows of drafts."""
    found = Edition.objects.drafts().select_related("module", "based_on").order_by("module__position", "pk")
    drafts = read_drafts(found)
    by_id = {draft.edition.pk: draft for draft in drafts}
    saves = _last_saves(by_id, person)
    newest = {save.draft: save for save in saves}
    never = datetime.datetime.min.replace(tzinfo=datetime.UTC)
    saved = [(draft, newest.get(draft.edition.pk)) for draft in drafts]
    own = max((save for save in saves if save.by_id == person.pk), key=lambda save: (save.at, save.pk), default=None)
    return OnDesk(
        sorted(saved, key=lambda pair: pair[1].at if pair[1] else never, reverse=True),
        LeftOff(by_id[own.draft], own) if own else None,
    )


def _last_saves(draft_ids: Collection[int], person: User) -> list[Revision]:
    """The last save of each draft, whatever page it was of, and a person's last save of any, in order; one query."""
    saves = Revision.objects.filter(draft__in=draft_ids, by__isnull=False).order_by()
    of_each = saves.values("draft").annotate(newest=Max("pk")).values("newest")
    own = saves.filter(by=person).order_by("-at", "-pk").values("pk")[:1]
    found = Revision.objects.filter(Q(pk__in=of_each) | Q(pk__in=own))
    return list(found.select_related("by").defer("text").order_by("pk"))


@dataclass(frozen=True)
class ModuleInList:
    """A module as the list of all tells it."""

    slug: str
    title: str
    state: str  # `edition 2 is in force; there is a draft`


def all_modules() -> list[ModuleInList]:
    """Every module, in the order of the catalogue."""
    editions: dict[str, list[Edition]] = {}
    for edition in Edition.objects.select_related("module").order_by("module__position", "module__slug", "number"):
        editions.setdefault(edition.module.slug, []).append(edition)
    return [_in_list(slug, found) for slug, found in editions.items()]


def _in_list(slug: str, editions: Sequence[Edition]) -> ModuleInList:
    published = [edition for edition in editions if edition.is_published]
    newest = max(published, key=lambda edition: edition.number or 0, default=editions[0])
    has_draft = len(published) < len(editions)
    told = [f"{newest.label.capitalize()} is in force" if published else "Nothing is published"]
    return ModuleInList(slug, newest.title, "; ".join([*told, *(["there is a draft"] if has_draft else [])]))


def in_force(module: Module) -> InForce | None:
    """The newest edition of a module; one query, with what keeps new learners from it."""
    return next(iter(_with_learners(Edition.objects.current().filter(module=module).with_closure())), None)


def last_published(module: Module) -> str:
    """What became of a draft that is gone, as far as it is known: when something was published last, and by whom."""
    newest = Edition.objects.current().filter(module=module).select_related("published_by").first()
    if newest is None or newest.published_at is None:
        return "It has been discarded."
    at = date_format(timezone.localtime(newest.published_at), "j F Y, H:i")
    by = f" by {newest.published_by}" if newest.published_by else ""
    return f"{newest.label.capitalize()} was published on {at}{by}."


def recently_published() -> list[InForce]:
    """What was published last and is the newest edition of its module."""
    return _with_learners(Edition.objects.current().order_by("-published_at", "-pk")[:RECENT])


def _with_learners(editions: EditionQuerySet) -> list[InForce]:
    return [InForce(*found) for found in with_learners(editions.select_related("module", "published_by"))]


def publishers() -> list[str]:
    """Who may publish, by name; three at the most."""
    people = User.objects.filter(is_active=True, is_staff=True, groups__name="Publisher").order_by("full_name")
    return [str(person) for person in people.distinct()[:3]]
