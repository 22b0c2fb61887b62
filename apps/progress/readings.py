"""What a reading page shows of its place in the module: the row of pages, the ones before and after, the next step."""

from collections.abc import Mapping
from dataclasses import dataclass

from apps.core.words import counted
from apps.modules.models import Page
from apps.progress.places import Place
from apps.progress.visitors import way_to_account


@dataclass(frozen=True)
class Neighbour:
    """The page before or after; `is_locked` for a visitor whom an account is asked for there."""

    page: Page
    url: str
    is_locked: bool = False

    @property
    def minutes(self) -> str:
        return counted(self.page.minutes, "minute", "minutes")


def shown_of(place: Place, open_to: Mapping[int, str] | None = None) -> dict[str, object]:
    """`open_to`: for a visitor where the pages are that need no account."""
    completed = place.completed
    return {
        "place": place,
        "completed_at": completed.get(place.page.pk),
        "onward": place.onward() if place.page.pk in completed else None,
        "segments": [
            "here" if page == place.page else "done" if page.pk in completed else "" for page in place.contents.pages
        ],
        "before": _neighbour(place, -1, open_to),
        "next": _neighbour(place, 1, open_to),
    }


def _neighbour(place: Place, distance: int, open_to: Mapping[int, str] | None) -> Neighbour | None:
    page = place.neighbour(distance)
    return None if page is None else neighbour_of(page, place.url_of(page), open_to)


def neighbour_of(page: Page, url: str, open_to: Mapping[int, str] | None) -> Neighbour:
    """The way to a page; for a visitor to an account, where one is needed."""
    if open_to is None:
        return Neighbour(page, url)
    is_locked = page.pk not in open_to
    return Neighbour(page, way_to_account(page) if is_locked else open_to[page.pk], is_locked)
