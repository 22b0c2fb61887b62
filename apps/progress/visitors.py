"""What of a module is open to somebody without an account, and what an account is needed for."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass

from apps.accounts.factors.ways import way_to
from apps.core.words import counted, in_words, listed
from apps.modules import page_kinds
from apps.modules.models import Page
from apps.modules.queries import Contents
from apps.progress.queries import PageState, Progress

BECAUSE = "your answers have to be kept somewhere, and a certificate needs a name"


@dataclass(frozen=True)
class StateForVisitor(PageState):
    """A page as a visitor finds it; `open_url` is empty for one that needs an account."""

    open_url: str

    @property
    def status(self) -> str:
        """`open`, `try` or `locked`."""
        if not self.open_url:
            return "locked"
        return "open" if self.page.kind in page_kinds.open_to_all() else "try"

    @property
    def url(self) -> str:
        """Where it is done; of one that needs an account where that is made, and then back."""
        return self.open_url or way_to_account(self.page)


@dataclass(frozen=True)
class ProgressOfVisitor(Progress):
    """A module before somebody has an account."""

    @property
    def beginning(self) -> PageState | None:
        """The first page that is open: a reading, if there is one."""
        open_ones = [state for state in self.states if state.status != "locked"]
        return next((state for state in open_ones if state.status == "open"), next(iter(open_ones), None))

    @property
    def open_in_words(self) -> str:
        """`8 of 10 pages are open to you now.`; empty where none is."""
        total, count = len(self.states), sum(state.status != "locked" for state in self.states)
        if count == total > 1:
            return f"{'Both' if total == 2 else f'All {total}'} pages are open to you now."
        pages = f"{count} of {total} pages" if total > 1 else counted(count, "page", "pages")
        return f"{pages} {'is' if count == 1 else 'are'} open to you now." if count else ""

    @property
    def locked_in_words(self) -> str:
        """`One case and the quiz need an account: …`"""
        all_ = Counter(state.page.kind for state in self.states)
        locked = Counter(state.page.kind for state in self.states if state.status == "locked")
        if not locked:
            return "An account keeps your place, and a certificate needs a name."
        words = listed([_some(page_kinds.get(name), count, all_[name]) for name, count in locked.items()])
        return f"{words[0].upper()}{words[1:]} need{'s' if locked.total() == 1 else ''} an account: {BECAUSE}."


def _some(kind: page_kinds.PageKind, count: int, total: int) -> str:
    """`the quiz`, `one case`, `three cases`."""
    if count == 1:
        return f"{'the' if total == 1 else 'one'} {kind.noun}"
    return f"{in_words(count)} {kind.nouns}"


def way_to_account(page: Page) -> str:
    """Where an account is made, and then back to the page."""
    return way_to("account_signup", page.get_absolute_url())


def as_visitor(contents: Contents) -> ProgressOfVisitor:
    """A module as somebody without an account finds it."""
    addresses = open_addresses(contents.pages)
    return ProgressOfVisitor(
        contents, None, tuple(StateForVisitor(page, None, None, addresses.get(page.pk, "")) for page in contents.pages)
    )


def open_addresses(pages: Collection[Page]) -> dict[int, str]:
    """Where those of these pages are done that need no account, by page."""
    open_to_all, editions = page_kinds.open_to_all(), {page.edition_id for page in pages}
    addresses = {page.pk: page.get_absolute_url() for page in pages if page.kind in open_to_all}
    tasters = (taster for kind in page_kinds.all_kinds() for taster in kind.tasters(editions))
    return addresses | {taster.page.pk: taster.url for taster in tasters}
