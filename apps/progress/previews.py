"""Places and progress in a draft that is previewed: nobody takes it, and everything leads to other previews."""

from dataclasses import dataclass

from apps.modules.models import Page
from apps.modules.previews import Addresses, Previewed
from apps.modules.queries import Contents
from apps.modules.rows import kind_of
from apps.progress.onward import Onward
from apps.progress.places import Place
from apps.progress.queries import PageState, Progress


@dataclass(frozen=True)
class PlaceInDraft(Place):
    """A page of a draft."""

    previewed: Previewed

    @property
    def module_url(self) -> str:
        return self.previewed.module_url

    def url(self, view: str = "", *args: object) -> str:
        """The address of its preview, whichever view of its kind is meant."""
        return self.url_of(self.page)

    def onward(self) -> Onward:
        page = self.previewed.following
        if page is None:
            return Onward("Finish the module", self.module_url)
        return Onward(f"Continue: {page.title}", self.url_of(page))

    def url_of(self, page: Page) -> str:
        return self.previewed.address(page.key)


def place_of(previewed: Previewed) -> PlaceInDraft:
    """Where a previewed page stands in its module."""
    return PlaceInDraft(previewed.contents, previewed.page, None, previewed)


@dataclass(frozen=True)
class StateInDraft(PageState):
    """A page of a draft in the list of its module."""

    address: Addresses

    @property
    def url(self) -> str:
        return self.address(self.page.key)

    @property
    def label(self) -> str:
        return kind_of(self.page).label


@dataclass(frozen=True)
class ProgressInDraft(Progress):
    """A draft before anybody has begun it."""

    @property
    def start_url(self) -> str:
        return next((state.url for state in self.states if state.page == self.next_page), "")


def progress_of_draft(contents: Contents, address: Addresses) -> Progress:
    """How somebody will find the module who has not begun it."""
    states = tuple(StateInDraft(page, None, None, address) for page in contents.pages)
    return ProgressInDraft(contents, None, states)
