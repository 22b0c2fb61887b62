"""How a page is written in forms: one block at a time, with the fields and buttons that its kind brings.

A workbench knows a document and what was sent; it stores nothing, and reads nothing but what authors pick from. Every
button first stores what was typed, then does what it says.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from django.http import QueryDict

from apps.modules.document import Document
from apps.modules.problems import Problem
from apps.modules.shelf import Shelf

Address = Callable[[str], str]  # where a block is opened, by its key; the empty one is the page itself


@dataclass(frozen=True)
class Opened:
    """What is open on a workbench: a page, the key of one of its blocks (empty for the page itself), what was sent."""

    document: Document
    block: str
    address: Address
    sent: QueryDict | None = None  # by POST: what was typed
    asked: QueryDict = field(default_factory=QueryDict)  # by GET: what is to stand ready, such as a new choice
    problems: Sequence[Problem] = ()  # of the whole page
    overview: str = ""  # where the whole page is seen at a glance
    shelf: Shelf = field(default_factory=Shelf)  # what authors pick from


@dataclass(frozen=True)
class Wrong:
    """What is wrong with something that was typed: a sentence, and the id of its field."""

    text: str
    field: str = ""


@dataclass(frozen=True)
class Done:
    """What a button does once everything typed is stored."""

    then: Callable[[Any], Any] = lambda document: document  # to the document that stands by then
    opens: Callable[[Any], str] | None = None  # the key of the block to be shown, of what is stored; None for the same
    asked: Mapping[str, str] = field(default_factory=dict)  # what is to stand ready there
    anchor: str = ""
    told: str = ""  # in a sentence; "Saved." without
    moves: str = ""  # the key of the block that it moves


@dataclass(frozen=True)
class Deletion:
    """The one question before something goes: what it is, what goes with it and what changes elsewhere, by name."""

    name: str  # `scene 5, “A reporter asks”`, in the middle of a sentence
    noun: str  # `scene`
    then: Callable[[Any], Any]  # the document without it
    goes: Sequence[str] = ()
    changes: Sequence[str] = ()
    opens: str = ""  # the key of the block to be shown afterwards


class Workbench(ABC):
    """A page of a draft in the forms of its kind, for one request."""

    template_name: ClassVar[str]  # the fields of what is open; shows `bench`
    side_template: ClassVar[str]  # what stands beside them: all blocks, with links
    blocks_label: ClassVar[str]  # the tab of the blocks: `Scenes`
    overview_template: ClassVar[str] = ""  # the whole page at a glance, on a page of its own; shows `bench`
    style_sheets: ClassVar[Sequence[str]] = ()  # beyond that of all authors' pages
    page_label: ClassVar[str]  # the tab of the page itself: `About the case`
    look: ClassVar[str] = "case"  # how both sides stand beside each other: `sl-bench--case`

    def __init__(self, opened: Opened) -> None:
        self.opened = opened
        self.document: Any = opened.document

    @staticmethod
    @abstractmethod
    def first_block(document: Any) -> str:
        """The key of the block that is opened where none is named; empty where there is none."""

    @property
    def blocks(self) -> tuple[str, ...]:
        """The keys of the blocks that the forms write: one, or those that are written together."""
        return (self.opened.block,)

    @property
    def name(self) -> str:
        """What is open, in words: `Scene 5 of 13: A reporter asks`."""
        raise NotImplementedError

    def place_of(self, key: str) -> tuple[str, str]:
        """Where a row of the page is written, by its key: the block in whose form, and the id of its place there."""
        return (key if key in self.document.blocks else "", "")

    @abstractmethod
    def wrongs(self) -> Sequence[Wrong]:
        """What is wrong with what was sent, in the order of its fields; nothing where all of it can be stored."""

    @abstractmethod
    def written(self) -> Document:
        """The document with what was typed. Only where nothing is wrong."""

    def done(self, verb: str, what: str) -> Done | None:
        """What a button of this kind does, `verb:what`; None for one that this page has not."""
        return None

    def deletion(self, what: str, key: str) -> Deletion | None:
        """The question before a row goes: what it is (`scene`), its key. None where there is none such."""
        return None

    @property
    def preview_fields(self) -> Iterable[tuple[str, str]]:
        """What the query of the preview says to show what is open."""
        return ()
