"""The kind of page that is a branching case."""

from collections.abc import Collection, Iterable
from contextlib import suppress
from typing import cast

from apps.accounts.requests import AuthenticatedHttpRequest
from apps.core.left_out import BrokenContentError
from apps.core.words import counted
from apps.modules.content import EditionContent
from apps.modules.document import Document, Head
from apps.modules.models import Edition, Page
from apps.modules.page_kinds import Begun, BlockRows, PageKind, Preview, Spots, Taster, Text, WrongDocumentError
from apps.modules.previews import Fields, Previewed
from apps.modules.problems import Problem
from apps.modules.queries import published_contents
from apps.modules.rows import Rows
from apps.modules.said import Said
from apps.progress.places import Place
from apps.scenarios import document as documents
from apps.scenarios import problems, rehearsals, tasting, texts
from apps.scenarios.cases import Visit
from apps.scenarios.document import CaseDocument
from apps.scenarios.models import Scenario, ScenarioCitation, Scene, SceneCitation
from apps.scenarios.outline import CaseOutline
from apps.scenarios.queries import open_playthroughs, published_script, tasters_in
from apps.scenarios.rows import document_of, rows_of
from apps.scenarios.rules import graph_of
from apps.scenarios.strangers import find_strangers
from apps.scenarios.workbench import CaseBench


class CasePage(PageKind):
    """A case with decisions; done with the first ending that is reached."""

    name = "scenario"
    label = "Case"
    plural = "Cases"
    view_name = "scenarios:scenario"
    needs_account = "the cases"
    again = "Another way"
    outline = CaseOutline()
    document_class = CaseDocument
    workbench = CaseBench
    content = (Scenario,)
    blocks = BlockRows(documents.Scene, ("title",), (documents.Gauge, documents.Part, documents.Choice))

    def document(self, head: Head, rows: Rows) -> CaseDocument:
        return document_of(head, rows)

    def rows(self, page: Page, document: Document) -> Iterable[EditionContent]:
        if not isinstance(document, CaseDocument):
            raise WrongDocumentError(page.key, document)
        return rows_of(page, document)

    def begun(self, enrolment_ids: Collection[int]) -> Begun:
        """By decisions: how many are taken; how many there are depends on the way."""
        return open_playthroughs(enrolment_ids)

    def where(self, done: int, of: int) -> str:
        return f"You are at decision {done + 1}"

    def empty(self, edition_id: int) -> Collection[int]:
        """Those whose case offers no choice that leads somewhere."""
        offering = Scene.objects.filter(edition=edition_id, choices__target__isnull=False).values("scenario__page")
        pages = Page.objects.filter(edition=edition_id, kind="scenario").exclude(pk__in=offering)
        return pages.values_list("pk", flat=True)

    def assessment(self, edition: Edition) -> str:
        """`2 branching cases`, for a certificate."""
        count = Page.objects.filter(edition=edition, kind="scenario", is_required=True).count()
        return counted(count, "branching case", "branching cases") if count else ""

    def citations(self, edition_ids: Collection[int]) -> Iterable[tuple[int, int]]:
        in_scenes = SceneCitation.objects.filter(edition__in=edition_ids).values_list("source", "scene__scenario__page")
        in_guidance = ScenarioCitation.objects.filter(edition__in=edition_ids).values_list("source", "scenario__page")
        return [*in_scenes, *in_guidance]

    def tasters(self, edition_ids: Collection[int]) -> Iterable[Taster]:
        """Each opens with its first scene."""
        for edition_id, key in tasters_in(edition_ids):
            contents = published_contents(edition_id)
            with suppress(BrokenContentError):
                if page := contents.page(key):
                    visit = Visit(Place(contents, page, None), published_script(page.pk), ())
                    yield Taster(page, visit.url(), "scenarios/_taster.html", visit)

    def problems_of_rows(self, edition: Edition) -> Iterable[Problem]:
        return find_strangers(edition)

    def said(self, document: Document) -> Iterable[Said]:
        return texts.said_in(cast("CaseDocument", document))

    def errors(self, document: Document) -> Iterable[Problem]:
        return problems.find_errors(cast("CaseDocument", document))

    def warnings(self, document: Document) -> Iterable[Problem]:
        return problems.find_warnings(cast("CaseDocument", document))

    def remarks(self, document: Document) -> Iterable[str]:
        """How long it is, for somebody in a hurry and for somebody who is not."""
        case = cast("CaseDocument", document)
        shortest, longest = graph_of(case).ways() if case.scenes else (0, 0)
        if shortest:
            yield f"The shortest way takes {counted(shortest, 'decision', 'decisions')}, the longest {longest}."

    def spots(self, page_ids: Collection[int]) -> Spots:
        """Its scenes."""
        scenes = Scene.objects.filter(scenario__page__in=page_ids).order_by()
        return scenes.values_list("scenario__page", "key", "position", "title")

    def spot_title(self, position: int, name: str) -> str:
        return f"scene {position}, “{name}”"

    def facts(self, edition_ids: Collection[int]) -> Iterable[str]:
        return Scene.objects.filter(edition__in=edition_ids).values_list("facts", flat=True)

    def texts(self, document: Document) -> Iterable[Text]:
        return texts.texts_of(cast("CaseDocument", document))

    def waiting(self, request: AuthenticatedHttpRequest) -> Iterable[Page]:
        return tasting.waiting(request)

    def preview(self, previewed: Previewed) -> Preview:
        return rehearsals.preview(previewed) or super().preview(previewed)

    def preview_fields(self, key: str, position: int) -> Fields:
        return [("scene", key)]
