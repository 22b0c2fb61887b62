"""Where something is said: in drafts, in the editions in force, and among the sources and facts.

As many queries for a large course as for a small one. SQLite compares only ASCII without regard to capitals, and
neither database knows our quotes, so the words are looked for here: a course of 64 questions has 350 kB of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import chain, groupby

from django.db.models import Case, Exists, F, OuterRef, Value, When
from django.urls import NoReverseMatch, reverse
from django.utils.http import urlencode

from apps.core.finding import Piece, Word, count_in, excerpt, marked, stand_in, words_of
from apps.core.left_out import NotShownError
from apps.core.words import counted
from apps.modules import page_kinds
from apps.modules.models import Archiving, Edition, Fact, PageCitation, Source, Withdrawal
from apps.modules.passages import Block, PageInWords, Passage, pages_of, words_of_edition
from apps.modules.withdrawals import OPEN

MOST_SHOWN = 50  # places
MOST_LINES = 3  # of one place
MOST_LISTED = 10  # sources, and facts
MOST_CITING = 10  # pages of one source
WRITTEN = "admin:write:page"  # the view of those who write
APART = "\0"  # no text has it


class State(StrEnum):
    """What an edition is to authors."""

    DRAFT = "draft"
    IN_FORCE = "in force"
    WITHDRAWN = "withdrawn"
    OLDER = "no longer in force"
    ARCHIVED = "of an archived module"


@dataclass(frozen=True)
class Searched:
    """An edition that is looked through."""

    edition: Edition
    state: State

    @property
    def label(self) -> str:
        """`draft of edition 3`, `edition 2, in force`."""
        if self.state is State.DRAFT:
            return f"draft of edition {self.edition.next_number}"
        return f"{self.edition.label}, {self.state}"


@dataclass(frozen=True)
class Line:
    """A text of a block in which something was found: `choice (b), what follows`, and what stands around the words."""

    where: str
    pieces: Sequence[Piece]


@dataclass(frozen=True)
class Place:
    """A block of a page, or with no page of the edition itself."""

    of: Searched
    page: PageInWords | None
    block: Block

    @property
    def name(self) -> str:
        """`scene 3, “Night crew”`."""
        return self.block.name or ("the page itself" if self.page else "title, summary and outcomes")

    @property
    def page_id(self) -> int | None:
        return self.page.page.pk if self.page else None

    def url(self, view: str = "", *args: object) -> str:
        """Where its reader finds it, for whom a page of a draft has this view (`page_view`); templates ask `url_of`.

        Who writes gets the page on which it is written, at the block; who reads its preview. What is published is seen
        as learners see it, unless it is closed to those who have not begun it.
        """
        slug = self.of.edition.module.slug
        try:
            if self.of.state is State.DRAFT:
                return self._in_draft(slug, view)
            if self.of.state in (State.IN_FORCE, State.OLDER):
                return self.page.page.get_absolute_url() if self.page else reverse("progress:module", args=[slug])
        except (NoReverseMatch, NotShownError):  # a key that no form of ours has taken, a kind that nobody knows
            pass
        return reverse("admin:write:module", args=[slug])

    def _in_draft(self, slug: str, view: str) -> str:
        is_written = view == WRITTEN
        if self.page is None:
            return reverse("admin:write:edition" if is_written else "admin:write:preview_module", args=[slug])
        key, fields = self.block.key, self.page.kind.preview_fields(self.block.key, self.block.position)
        query = urlencode([("at", key)] if is_written else fields) if key else ""
        return reverse(view, args=[slug, self.page.page.key]) + (f"?{query}" if query else "")


@dataclass
class Hit:
    """Where something was found; and where the very same is said, such as in the edition that the draft came from."""

    place: Place
    found: Sequence[Passage]
    same: list[Place] = field(default_factory=list)
    lines: Sequence[Line] = ()

    @property
    def more(self) -> int:
        """How many texts of the block are not told."""
        return len(self.found) - len(self.lines)

    @property
    def more_told(self) -> str:
        """`And in 2 more texts of it.`"""
        return f"And in {counted(self.more, 'more text', 'more texts')} of it."


@dataclass(frozen=True)
class OnPage:
    """What was found on one page, or of the edition itself."""

    page: PageInWords | None
    hits: Sequence[Hit]


@dataclass(frozen=True)
class InEdition:
    """What was found in one edition, or draft."""

    of: Searched
    pages: Sequence[OnPage]


@dataclass(frozen=True)
class FoundSource:
    """A source, and the pages that cite it."""

    source: Source
    pieces: Sequence[Piece]
    citing: Sequence[Place]
    more: int


@dataclass(frozen=True)
class FoundFact:
    """A fact, and what it says."""

    key: str
    pieces: Sequence[Piece]


@dataclass(frozen=True)
class Results:
    """What was found."""

    editions: Sequence[InEdition]
    count: int  # of places, shown or not
    sources: Sequence[FoundSource]
    more_sources: int
    facts: Sequence[FoundFact]
    more_facts: int

    @property
    def shown(self) -> int:
        """How many places are shown."""
        return min(self.count, MOST_SHOWN)

    @property
    def more(self) -> int:
        return self.count - self.shown

    @property
    def counted(self) -> str:
        """`14 places`."""
        return counted(self.count, "place", "places")

    @property
    def is_empty(self) -> bool:
        return not (self.count or self.sources or self.facts)


def editions_to_search(*, is_all: bool) -> list[Searched]:
    """Every draft, and what is in force; with all of them also older editions, and those of archived modules.

    By module, the draft first, then the newest; one query.
    """
    newer = Edition.objects.published().filter(module=OuterRef("module"), number__gt=OuterRef("number"))
    archived = Archiving.objects.filter(OPEN, module=OuterRef("module"))
    withdrawn = Withdrawal.objects.filter(OPEN, edition=OuterRef("pk"))
    state = Case(
        When(number=None, then=Value(State.DRAFT)),
        When(Exists(archived), then=Value(State.ARCHIVED)),
        When(Exists(newer), then=Value(State.OLDER)),
        When(Exists(withdrawn), then=Value(State.WITHDRAWN)),
        default=Value(State.IN_FORCE),
    )
    editions = Edition.objects.annotate(state=state).select_related("module", "based_on")
    if not is_all:
        editions = editions.exclude(state__in=(State.OLDER, State.ARCHIVED))
    newest_first = F("number").desc(nulls_first=True)
    ordered = editions.order_by("module__position", "module__slug", newest_first)
    return [Searched(edition, State(vars(edition)["state"])) for edition in ordered]


@dataclass(frozen=True)
class Everything:
    """All that is looked through."""

    editions: Sequence[Searched]
    places: Sequence[Place]


def read_everything(*, is_all: bool) -> Everything:
    """All blocks of all these editions, each edition itself before its pages."""
    editions = editions_to_search(is_all=is_all)
    pages = pages_of([one.edition for one in editions])
    places = []
    for one in editions:
        places.append(Place(one, None, words_of_edition(one.edition)))
        places += [Place(one, page, block) for page in pages[one.edition.pk] for block in page.blocks.values()]
    return Everything(editions, places)


def search(asked: str, *, is_all: bool = False) -> Results:
    """Where these words stand: all of them in the same block."""
    words = words_of(asked)
    searched = read_everything(is_all=is_all)
    hits = _hits(words, searched.places)
    for hit in hits[:MOST_SHOWN]:
        hit.lines = _lines(hit.found, words)
    sources, facts = _sources(words), _facts(words)
    return Results(
        _grouped(hits[:MOST_SHOWN]),
        len(hits),
        _with_citing(sources[:MOST_LISTED], words, searched),
        len(sources[MOST_LISTED:]),
        [FoundFact(fact.key, marked(str(fact), words)) for fact in facts[:MOST_LISTED]],
        len(facts[MOST_LISTED:]),
    )


def _hits(words: Sequence[Word], places: Iterable[Place]) -> list[Hit]:
    """Where all the words stand; what says the very same in several editions is one of them."""
    hits: dict[object, Hit] = {}
    for place in places:
        passages = place.block.passages
        if not stand_in(words, APART.join(passage.text for passage in passages)):
            continue
        found = [passage for passage in passages if count_in(words, passage.text)]
        page = place.page.page.key if place.page else ""
        said = (place.of.edition.module_id, page, place.block.key, *found)
        if said in hits:
            hits[said].same.append(place)
        else:
            hits[said] = Hit(place, found)
    return list(hits.values())


def _lines(found: Sequence[Passage], words: Sequence[Word]) -> list[Line]:
    """The texts that have most of the words, in their order."""
    best = sorted(found, key=lambda passage: -count_in(words, passage.text))[:MOST_LINES]
    return [Line(passage.where, excerpt(passage.text, words)) for passage in found if passage in best][:MOST_LINES]


def _grouped(hits: Iterable[Hit]) -> list[InEdition]:
    return [
        InEdition(
            in_edition[0].place.of,
            [
                OnPage(on_page[0].place.page, on_page)
                for on_page in (list(group) for _, group in groupby(in_edition, key=lambda hit: hit.place.page_id))
            ],
        )
        for in_edition in (list(group) for _, group in groupby(hits, key=lambda hit: hit.place.of.edition.pk))
    ]


def _sources(words: Sequence[Word]) -> list[Source]:
    """The sources in whose names all the words stand."""
    return [source for source in Source.objects.all() if stand_in(words, _told(source))]


def _told(source: Source) -> str:
    told = (source.authors, source.title, source.publication, str(source.year or ""), source.key)
    return ". ".join(filter(None, told))


def _facts(words: Sequence[Word]) -> list[Fact]:
    return [fact for fact in Fact.objects.all() if stand_in(words, str(fact))]


def _with_citing(sources: Sequence[Source], words: Sequence[Word], searched: Everything) -> list[FoundSource]:
    """Sources with the pages that cite them; queries only where there are any."""
    if not sources:
        return []
    citing = _citing(searched)
    found = []
    for source in sources:
        places = _first_of_each(searched, citing.get(source.pk, set()))
        pieces = marked(_told(source), words)
        found.append(FoundSource(source, pieces, places[:MOST_CITING], len(places[MOST_CITING:])))
    return found


def _citing(searched: Everything) -> dict[int, set[int]]:
    """The pages that cite each source."""
    ids = [one.edition.pk for one in searched.editions]
    of_pages = PageCitation.objects.filter(edition__in=ids).values_list("source", "page")
    citing: dict[int, set[int]] = {}
    for source, page in chain(of_pages, *(kind.citations(ids) for kind in page_kinds.all_kinds())):
        citing.setdefault(source, set()).add(page)
    return citing


def _first_of_each(searched: Everything, wanted: set[int]) -> list[Place]:
    """Where these pages are; of one that stands in several editions of its module the first."""
    first: dict[tuple[int, str], Place] = {}
    for place in searched.places:
        if place.page and not place.block.key and place.page_id in wanted:
            first.setdefault((place.of.edition.module_id, place.page.page.key), place)
    return list(first.values())
