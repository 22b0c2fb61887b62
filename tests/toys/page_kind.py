"""The kind of page that is played with."""

from collections.abc import Iterable

from apps.modules.document import Document, PageDocument
from apps.modules.page_kinds import PageKind
from apps.modules.problems import Problem, error


class Toy(PageKind):
    """Something to play with; done when its player says so."""

    name = "toy"
    label = "Toy"
    plural = "Toys"
    view_name = "toys:toy"
    needs_account = "the toys"

    def errors(self, document: Document) -> Iterable[Problem]:
        if isinstance(document, PageDocument) and not document.body:
            yield error(f"Toy “{document.head.title}” is an empty box.", document.head.key)
