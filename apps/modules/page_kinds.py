"""The registry of page kinds: an app that brings a kind of page registers one row here, in its `AppConfig.ready`."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import datetime

    from django.http import HttpRequest

    from apps.modules.models import Edition, Page


@dataclass(frozen=True)
class UnderWay:
    """A page that a learner has begun and not completed: since when, and where they are ("You are at decision 3")."""

    enrolment_id: int
    page_id: int
    at: "datetime.datetime"
    hint: str


@dataclass(frozen=True)
class Taster:
    """A page that may be done without an account, and how it begins: a template, and what that shows."""

    page: "Page"
    template_name: str
    opening: object


def _nothing_under_way(enrolment_ids: Collection[int]) -> Iterable[UnderWay]:
    return ()


def _no_problems(edition: "Edition") -> Iterable[str]:
    return ()


def _no_citations(edition_ids: Collection[int]) -> Iterable[tuple[int, int]]:
    return ()


def _no_tasters(edition_ids: Collection[int]) -> Iterable[Taster]:
    return ()


def _nothing_waiting(request: "HttpRequest") -> Iterable["Page"]:
    return ()


def _none_empty(edition_id: int) -> Collection[int]:
    return ()


def _not_assessed(edition: "Edition") -> str:
    return ""


@dataclass(frozen=True)
class PageKind:
    """A kind of page.

    `url_name` takes module slug, edition number and page key. `under_way` takes enrolments and asks one
    query at the most. `problems` says what keeps a draft from being published. `empty` gives the pages of an edition
    that hold nothing to do, should one have been published all the same; it asks one query at the most.
    `assessment` says, for a certificate, how the pages of this kind assessed the learner; empty when they did not.
    `tasters` gives the pages of editions that may be done without an account, `waiting` those that were done so in this
    browser and can be kept by who is signed in. `citations` gives, for editions, each source with a page that rests
    on it.
    """

    name: str
    label: str
    plural: str
    url_name: str
    under_way: Callable[[Collection[int]], Iterable[UnderWay]] = _nothing_under_way
    problems: Callable[["Edition"], Iterable[str]] = _no_problems
    empty: Callable[[int], Collection[int]] = _none_empty
    assessment: Callable[["Edition"], str] = _not_assessed
    tasters: Callable[[Collection[int]], Iterable[Taster]] = _no_tasters
    waiting: Callable[["HttpRequest"], Iterable["Page"]] = _nothing_waiting
    citations: Callable[[Collection[int]], Iterable[tuple[int, int]]] = _no_citations


_kinds: dict[str, PageKind] = {}


def register(kind: PageKind) -> None:
    """Make a kind of page known."""
    if kind.name in _kinds:
        raise ValueError(f"Page kind {kind.name!r} is registered twice.")
    _kinds[kind.name] = kind


def get(name: str) -> PageKind:
    """The kind called `name`; KeyError when no app has registered it."""
    return _kinds[name]


def all_kinds() -> list[PageKind]:
    """Every registered kind, in the order of installation."""
    return list(_kinds.values())
