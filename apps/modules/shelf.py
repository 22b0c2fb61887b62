"""What authors pick from: the facts with their sentences, sources by search, drawings."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from operator import attrgetter

from django.db.models import Q

from apps.core.pictures import drawings as drawings_there_are
from apps.core.pictures import picture_url
from apps.modules.models import Fact, Source

MOST_FOUND = 10
MOST_WORDS = 8
LONGEST_NAME = 90


@dataclass(frozen=True)
class Pick:
    """Something to tick: its key, what it is called, and whether there is such a thing."""

    key: str
    name: str
    is_there: bool = True

    @property
    def short(self) -> str:
        """What it is called in a list of many; `truncatechars` takes longer than all the rest of such a list."""
        return self.name if len(self.name) <= LONGEST_NAME else f"{self.name[: LONGEST_NAME - 1]}…"


@dataclass(frozen=True)
class Facts:
    """The facts: those that are ticked, in their order, and the others by the source that says them."""

    ticked: Sequence[Pick]
    others: Sequence[tuple[str, Sequence[Pick]]]


@dataclass(frozen=True)
class Found:
    """The sources that a search found, and how many more there are."""

    sources: Sequence[Pick]
    more: int


@dataclass(frozen=True)
class Drawing:
    """A drawing of ours: the name by which texts call it, its address, and what it is called in words."""

    name: str
    url: str
    words: str


@dataclass(frozen=True)
class Sources:
    """The sources: those that are ticked, in their order, and the others."""

    ticked: Sequence[Pick]
    others: Sequence[Pick]


class Shelf:
    """All facts and all sources, each read once, when they are asked for."""

    @cached_property
    def _facts(self) -> list[Fact]:
        return list(Fact.objects.select_related("source").order_by("source__authors", "source__year", "source"))

    @cached_property
    def _sources(self) -> dict[str, Pick]:
        return {source.key: _named(source) for source in Source.objects.order_by("authors", "year", "title")}

    def facts(self, ticked: Sequence[str]) -> Facts:
        """For an author who has ticked these."""
        by_source: dict[str, list[Pick]] = {}
        known: dict[str, Pick] = {}
        for fact in self._facts:
            pick = known[fact.key] = Pick(fact.key, fact.statement)
            if fact.key not in ticked:
                by_source.setdefault(fact.source.short, []).append(pick)
        chosen = [known.get(key, Pick(key, "There is no such fact.", is_there=False)) for key in ticked]
        return Facts(chosen, [(source, sorted(picks, key=attrgetter("key"))) for source, picks in by_source.items()])

    def sources(self, ticked: Sequence[str]) -> Sources:
        """For an author who has ticked these."""
        known = self._sources
        chosen = [known.get(key, Pick(key, "There is no such source.", is_there=False)) for key in ticked]
        return Sources(chosen, [pick for key, pick in known.items() if key not in ticked])


def sources(keys: Sequence[str]) -> list[Pick]:
    """The sources with these keys, in this order."""
    known = {source.key: _named(source) for source in Source.objects.filter(key__in=keys)}
    return [known.get(key, Pick(key, "There is no such source.", is_there=False)) for key in keys]


def find_sources(words: str, without: Collection[str]) -> Found:
    """The sources that have all these words somewhere, without those with these keys."""
    found = Source.objects.exclude(key__in=without)
    for word in words.replace("\0", " ").split()[:MOST_WORDS]:
        places = (Q(**{f"{name}__icontains": word}) for name in ("key", "authors", "title", "publication", "year"))
        found = found.filter(_any(places))
    rows = list(found.order_by("authors", "year", "title"))
    return Found([_named(source) for source in rows[:MOST_FOUND]], max(0, len(rows) - MOST_FOUND))


def _any(places: Iterable[Q]) -> Q:
    either = Q()
    for place in places:
        either |= place
    return either


def _named(source: Source) -> Pick:
    newer = " (replaced by a newer one)" if source.superseded_by_id else ""
    title = f": {source.title}" if source.title not in source.short else ""
    return Pick(source.key, f"{source.short}{title}{newer}")


def drawings() -> list[Drawing]:
    """Our drawings."""
    found = ((name, picture_url(name)) for name in drawings_there_are())
    return [Drawing(name, url, _in_words(name)) for name, url in found if url]


def _in_words(name: str) -> str:
    """`far apart` of `illustrations/far-apart.svg`."""
    return name.rpartition("/")[2].partition(".")[0].replace("-", " ")
