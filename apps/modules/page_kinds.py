"""The registry of page kinds: a subclass of `PageKind` in an app's `page_kind.py`, registered in its `apps.py`."""

import datetime
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, TypeAlias

from django.db.models import QuerySet

from apps.modules.document import Document, Head, PageDocument, Row, normalised
from apps.modules.outline import Outline

if TYPE_CHECKING:
    from apps.accounts.requests import AuthenticatedHttpRequest
    from apps.modules.content import EditionContent
    from apps.modules.models import Edition, Page
    from apps.modules.previews import Fields, Previewed
    from apps.modules.problems import Problem
    from apps.modules.rows import Rows
    from apps.modules.said import Said
    from apps.modules.workbench import Workbench


@dataclass(frozen=True)
class Text:
    """Something that is read in one go, as plain text: in which block (empty for the page itself)."""

    block: str
    where: str  # in an author's words: `Scene “Night crew” (trolley-night-crew)`
    text: str


# What learners have begun and not completed: enrolment, page, when it was begun and when something was done in it last
# (None before anything was), how much is done, and of how much (0 where nobody can tell).
BegunRow: TypeAlias = tuple[int, int, datetime.datetime, datetime.datetime | None, int, int]
Begun: TypeAlias = QuerySet[Any, BegunRow]

# Where on pages a reader can be: the page, and of the block its key, its position and its name.
Spots: TypeAlias = QuerySet[Any, tuple[int, str, int, str]]


@dataclass(frozen=True)
class BlockRows:
    """Which rows of a kind's documents are blocks, in which column their title stands, and what else has words.

    Where the first of these columns is empty, the next one is their title.
    """

    row: type[Row]
    titled: tuple[str, ...]
    parts: tuple[type[Row], ...] = ()


@dataclass(frozen=True)
class Taster:
    """A page that may be done without an account: where, and how it begins: a template, and what that shows."""

    page: "Page"
    url: str
    template_name: str
    opening: object

    @property
    def kind(self) -> str:
        """`case`, in the middle of a sentence."""
        return get(self.page.kind).noun


@dataclass(frozen=True)
class Preview:
    """A page of a draft as learners will see it: a template, and what that shows."""

    template_name: str
    context: Mapping[str, object]
    fields: "Fields" = ()  # what its forms carry on: what was done on it so far
    controls: str = ""  # a template for the bar above it: from where, and how everything stands there
    shown: str = "page"  # what of it is seen, in an author's words: `scene`
    blocks: Collection[str] | None = None  # the keys of what is seen, that of the block first; None for all of it
    away: bool = False  # a button that leads away was pressed


class WrongDocumentError(TypeError):
    """A document of another kind of page."""

    def __init__(self, key: str, document: Document) -> None:
        super().__init__(f"The page “{key}” is of a kind that cannot say a {type(document).__name__}.")


class PageKind:
    """A kind of page: what the rest of the program asks of it. What a kind has nothing to say about, it leaves out.

    Its view `view_name` takes the module's slug, the edition's number and the page's key; its other views stand in the
    same namespace and begin with the same three.
    """

    name: ClassVar[str]
    label: ClassVar[str]
    plural: ClassVar[str]
    view_name: ClassVar[str]  # `quizzes:quiz`
    outline: ClassVar[Outline] = Outline()  # how its pages are written as text
    document_class: ClassVar[type[Document]] = PageDocument  # what its pages say
    workbench: "ClassVar[type[Workbench] | None]" = None  # its pages in forms; one that has none is written as text
    needs_account: ClassVar[str] = ""  # what of it an account opens, in the middle of a sentence: `the quiz`
    again: ClassVar[str] = ""  # what it is to do it once more, at the start of a sentence: `Another attempt`
    content: "ClassVar[tuple[type[EditionContent], ...]]" = ()  # the models whose rows belong to its pages
    blocks: "ClassVar[BlockRows | None]" = None  # what its documents are made of, if there is more than the page itself

    @property
    def noun(self) -> str:
        """What one page of it is called in the middle of a sentence."""
        return self.label.lower()

    @property
    def nouns(self) -> str:
        return self.plural.lower()

    def document(self, head: Head, rows: "Rows") -> Document:
        """What a page says: its head, and what its rows make."""
        return PageDocument(head, normalised(rows.page.body))

    def rows(self, page: "Page", document: Document) -> "Iterable[EditionContent]":
        """The rows below a page in which it says this, linked to it and among themselves; none is stored here."""
        if not isinstance(document, PageDocument):
            raise WrongDocumentError(page.key, document)
        page.body = document.body
        return ()

    def begun(self, enrolment_ids: Collection[int]) -> Begun | None:
        """What is begun and not completed in these enrolments; all kinds are asked in one query."""
        return None

    def where(self, done: int, of: int) -> str:
        """Where somebody is who has begun such a page: `You are at decision 3`."""
        return ""

    def problems_of_rows(self, edition: "Edition") -> Iterable["Problem"]:
        """What is wrong with rows that no document can say: while anything is, the documents are not judged."""
        return ()

    def said(self, document: Document) -> Iterable["Said"]:
        """What the rows beside the page itself say in a document of this kind."""
        return ()

    def errors(self, document: Document) -> Iterable["Problem"]:
        """What keeps a document of this kind from being published, beyond what is checked of all content."""
        return ()

    def warnings(self, document: Document) -> Iterable["Problem"]:
        """What an editor would find in a document of this kind, beyond what is checked of all content."""
        return ()

    def remarks(self, document: Document) -> Iterable[str]:
        """What an author may like to know of a document of this kind, in sentences."""
        return ()

    def problems_of_course(self, edition_ids: Collection[int]) -> Iterable["Problem"]:
        """What shows only when the editions in force are seen together."""
        return ()

    def texts(self, document: Document) -> Iterable[Text]:
        """Each text that is read in a document of this kind, with all that is shown of it sooner or later."""
        return ()

    def spots(self, page_ids: Collection[int]) -> Spots | None:
        """Where on these pages a reader can be, such as in a scene; nothing where there is only one place."""
        return None

    def spot_title(self, position: int, name: str) -> str:
        """What an author calls such a place: `scene 3, “Night crew”`."""
        return name

    def facts(self, edition_ids: Collection[int]) -> Iterable[str]:
        """The facts that rows on its pages teach, as `FactsField` has them; those of the pages are known."""
        return ()

    def empty(self, edition_id: int) -> Collection[int]:
        """The pages that hold nothing to do, should such an edition have been published; one query at the most."""
        return ()

    def assessment(self, edition: "Edition") -> str:
        """How its pages assessed the learner, for a certificate; empty when they did not."""
        return ""

    def citations(self, edition_ids: Collection[int]) -> Iterable[tuple[int, int]]:
        """Each source that rows on its pages cite, with the page; those of the pages are known."""
        return ()

    def tasters(self, edition_ids: Collection[int]) -> Iterable[Taster]:
        """The pages of these editions that may be done without an account."""
        return ()

    def waiting(self, request: "AuthenticatedHttpRequest") -> Iterable["Page"]:
        """The pages done so in this browser that who is signed in can keep."""
        return ()

    def preview(self, previewed: "Previewed") -> Preview:
        """What a page of a draft looks like, whatever its draft holds yet. Nothing is stored: what was done on it is
        in the query. Without more, its own text."""
        return Preview("modules/preview.html", {"previewed": previewed})

    def preview_fields(self, key: str, position: int) -> "Fields":
        """What the query of its preview says to show a block: its key, and its position on the page, from 1."""
        return ()

    def address(self, page: "Page", view: str = "") -> tuple[str, list[object]]:
        """The name of a view of this kind, its own without one, and what it takes of a page."""
        namespace, own = self.view_name.split(":")
        return f"{namespace}:{view or own}", [page.edition.module.slug, page.edition.number, page.key]


_kinds: dict[str, PageKind] = {}


def register(kind: PageKind) -> None:
    """Make a kind of page known."""
    if kind.name in _kinds:
        raise ValueError(f"Page kind {kind.name!r} is registered twice.")
    _kinds[kind.name] = kind


def unregister(kind: PageKind) -> None:
    """Forget a kind that a test brought."""
    del _kinds[kind.name]


def get(name: str) -> PageKind:
    """The kind called `name`; KeyError when no app has registered it."""
    return _kinds[name]


def address(page: "Page", view: str = "") -> tuple[str, list[object]]:
    """The name of a view of the page's kind, its own without one, and what it takes of the page."""
    return get(page.kind).address(page, view)


def opened_by_account() -> list[str]:
    """What needs an account, in the middle of a sentence: `the cases`, `the quiz`."""
    return [kind.needs_account for kind in all_kinds() if kind.needs_account]


def open_to_all() -> list[str]:
    """The names of the kinds whose pages need no account."""
    return [kind.name for kind in all_kinds() if not kind.needs_account]


def all_kinds() -> list[PageKind]:
    """Every registered kind, in the order of installation."""
    return list(_kinds.values())
