"""The kind of page that is read."""

from collections.abc import Iterable
from typing import cast

from apps.core.markdown import plain_of
from apps.modules.document import Document, PageDocument
from apps.modules.page_kinds import PageKind, Preview, Text
from apps.modules.previews import Previewed
from apps.modules.problems import Problem
from apps.modules.said import said_of_page
from apps.progress.previews import place_of
from apps.progress.readings import shown_of


class Reading(PageKind):
    """A text; done when its reader says so."""

    name = "reading"
    label = "Reading"
    plural = "Readings"
    view_name = "progress:reading"

    def warnings(self, document: Document) -> Iterable[Problem]:
        page, said = cast("PageDocument", document), said_of_page(document)
        if not page.body:
            yield said.problem(page.head.key, "has no text")
        if not page.head.sources:
            yield said.problem(page.head.key, "cites no source")

    def texts(self, document: Document) -> Iterable[Text]:
        yield Text("", said_of_page(document).where, plain_of(cast("PageDocument", document).body))

    def preview(self, previewed: Previewed) -> Preview:
        place = place_of(previewed)
        context = {**shown_of(place), "complete_url": place.onward().url, "sources": previewed.sources}
        return Preview("progress/reading.html", context)
