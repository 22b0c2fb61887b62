"""The kind of page that is played with."""

from collections.abc import Iterable

from apps.modules.models import Edition, Page
from apps.modules.page_kinds import PageKind
from apps.modules.problems import Problem, error


class Toy(PageKind):
    """Something to play with; done when its player says so."""

    name = "toy"
    label = "Toy"
    plural = "Toys"
    view_name = "toys:toy"
    needs_account = "the toys"

    def problems(self, edition: Edition) -> Iterable[Problem]:
        for page in Page.objects.filter(edition=edition, kind=self.name, body=""):
            yield error(f"Toy “{page}” is an empty box.", page.key)
