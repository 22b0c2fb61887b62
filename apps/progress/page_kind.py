"""The kind of page that is read."""

from collections.abc import Iterable

from apps.core.markdown import plain_text
from apps.modules.checks import problem_of
from apps.modules.models import Edition, Page
from apps.modules.page_kinds import PageKind, Text
from apps.modules.problems import Problem
from apps.modules.texts import where_is


class Reading(PageKind):
    """A text; done when its reader says so."""

    name = "reading"
    label = "Reading"
    plural = "Readings"
    view_name = "progress:reading"

    def problems(self, edition: Edition) -> Iterable[Problem]:
        for page in Page.objects.filter(edition=edition, kind=self.name, sources=None):
            yield problem_of(page, "cites no source")

    def texts(self, edition: Edition) -> Iterable[Text]:
        for page in Page.objects.filter(edition=edition, kind=self.name):
            yield Text(page.key, "", where_is(page), plain_text(page.body_html))
