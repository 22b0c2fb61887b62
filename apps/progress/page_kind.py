"""The kind of page that is read."""

from collections.abc import Collection, Iterable

from apps.modules.page_kinds import PageKind
from apps.modules.queries import citations_of_pages


class Reading(PageKind):
    """A text; done when its reader says so."""

    name = "reading"
    label = "Reading"
    plural = "Readings"
    view_name = "progress:reading"

    def citations(self, edition_ids: Collection[int]) -> Iterable[tuple[int, int]]:
        return citations_of_pages(edition_ids)
