r"""Pages and whole modules as texts that a person could write in an e-mail, and back. Imports no Django.

    reading: Title {key}            the kind of page, its title, its key (left out, it is made from the title)
    minutes: 4                      fields, none of which must be there: minutes, summary, required (yes or no),
    summary: …                      facts (O5 O24), sources (their keys, with commas; in a case: page sources)
    sources: gmc-2024, mdu-2024
                                    an empty line; then all is the text of the page
    Text in Markdown.

A field's value stands beside its name or in a block below, indented by two. Other structure stands at the beginning of
a line only, and is each kind's own (`scenarios/outline.py`, `quizzes/outline.py`). The whole module is

    module: when-posts-go-wrong
    title: …  summary: …  outcomes: (one a line)  curriculum: (one a line)  illustration: …     each on its own line

    === reading: Title {key}        and so on: a page

without pages its text lists their keys below `pages:`. A line of a page's text that begins with `=== `, or with
backslashes and then `=== `, has one more backslash before it: in reading pages the only escape. Lines end in LF only;
CRLF and CR are read as such. A text and what it is read as are the same: what `to_text` writes, `read` gives back.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, ClassVar, Protocol

from apps.modules.document import Document, EditionDocument, Head, PageDocument, normalised
from apps.modules.outline_fields import (
    Field,
    Keys,
    List,
    Number,
    Said,
    Shape,
    Words,
    YesNo,
    field_to_lines,
    fields_to_lines,
    read_said,
)
from apps.modules.outline_lines import Fault, Lines, Told, braces, escaped, plain, with_key

FORMAT = 2  # of these texts; raise it when older ones are read otherwise, and let `Outline.renewed` tell how
PAGE_LIMIT = 256_000  # bytes
MODULE_LIMIT = 1_000_000
PAGES = 200

PAGE = "=== "
MODULE = "module:"
_TEXT = Shape(ends=re.compile(PAGE), text="a text")


@dataclass(frozen=True)
class Begun:
    """What the first line of a page says."""

    key: str
    title: str


def head_fields(sources: str = "sources") -> tuple[Field, ...]:
    """The fields that every page has; `sources` is what its own are called."""
    return (
        Field("minutes", "minutes", Number()),
        Field("summary", "summary"),
        Field("required", "is_required", YesNo()),
        Field("facts", "facts", Words()),
        Field(sources, "sources", Keys()),
    )


Hints = Sequence[tuple[str, str]]  # what is written, and what it does


class Outline:
    """How a page of one kind is written and read: one with a head and a text, unless a subclass says otherwise."""

    shape = Shape(head_fields(), follows="an empty line and then the text of the page")
    hints: ClassVar[Hints] = (
        ("minutes: 4", "how long it takes; so stand summary, required, facts and sources, each on a line of its own"),
        ("sources: gmc-2024, mdu-2024", "what the page rests on, by their short names"),
        ("An empty line", "ends this; all that follows is the text of the page, in Markdown"),
        ("::: callout For your phone", "in the text: a box with this title, down to a line of three colons"),
        (
            ":::: then-now",
            "two halves, ::: then 2013 and ::: now 2024, each down to a line of three colons; ends with four",
        ),
        (
            ":::: reveal What would you do?",
            "a situation; in it ::: answer, closed until it is asked for, down to three colons; ends with four",
        ),
    )

    def renewed(self, text: str, format: int) -> str:
        """A text of an older format as it is written now."""
        return text

    def to_lines(self, document: Any) -> list[str]:
        """All but the first line."""
        body = ["", *_TEXT.written(document.body)] if document.body else []
        return [*fields_to_lines(document.head, self.shape.fields), *body]

    def read(self, lines: Lines, begun: Begun) -> Document:
        """The document; what is wrong is told in `lines.told`."""
        said = Said(self.shape, lines)
        while lines and lines.peek().strip():
            said.take(lines)
        body = "\n".join(_TEXT.read(line) for line in lines.rest())
        return PageDocument(head_of(begun, said), normalised(body))


def head_of(begun: Begun, said: Said) -> Head:
    return Head(begun.key, begun.title, **said.of(Head))


class Kind(Protocol):
    """What a kind of page is to its texts."""

    @property
    def noun(self) -> str: ...

    @property
    def outline(self) -> Outline: ...


@dataclass(frozen=True)
class Parsed:
    """What the text of a page was read as. With any fault there is no document."""

    kind: Any = None
    document: Document | None = None
    faults: tuple[Fault, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class ParsedModule:
    """What the text of a module was read as, or of its edition alone. With any fault there is no edition."""

    slug: str = ""
    edition: EditionDocument | None = None
    pages: tuple[tuple[Any, Document], ...] = ()
    faults: tuple[Fault, ...] = ()
    notes: tuple[str, ...] = ()


_EDITION = (
    Field("title", "title"),
    Field("summary", "summary"),
    Field("outcomes", "outcomes", List()),
    Field("curriculum", "curriculum", List()),
    Field("illustration", "illustration"),
)
_ORDER = Field("pages", "pages", Keys("\n"))


def to_text(kind: Kind, document: Document) -> str:
    """The text of a page."""
    return "\n".join([_first_line(kind, document), *kind.outline.to_lines(document), ""])


def module_to_text(slug: str, edition: EditionDocument, pages: Iterable[tuple[Kind, Document]] = ()) -> str:
    """The text of a module with these pages, in their order; without pages, of its edition alone."""
    below = [f"\n{PAGE}{to_text(kind, document)}" for kind, document in pages]
    order = field_to_lines(_ORDER, "" if below else "\n".join(edition.pages))
    head = [f"{MODULE} {slug}", *fields_to_lines(edition, _EDITION), *order, ""]
    return "\n".join(head) + "".join(below)


def _first_line(kind: Kind, document: Document) -> str:
    return f"{kind.noun}: {escaped(document.head.title)}{braces(document.head.key)}"


def renewed(text: str, format: int, kinds: Iterable[Kind]) -> str:
    """The text of a page that was kept in an older format, as it is written now."""
    noun = text.partition(":")[0]
    kind = next((kind for kind in kinds if kind.noun == noun), None)
    return kind.outline.renewed(text, format) if kind and format < FORMAT else text


def title_of(text: str) -> str:
    """The title of a page whose text begins so."""
    before, _ = with_key(text.partition("\n")[0].partition(":")[2])
    return plain(before)


def narrowed(one: str, other: str, kinds: Iterable[Kind]) -> tuple[str, str]:
    """Two texts of a page without what both say in the same words: of such a part its first line alone stands.

    Whoever asks only which parts differ has less to read.
    """
    noun = one.partition(":")[0]
    ends = next((kind.outline.shape.ends for kind in kinds if kind.noun == noun), None)
    if ends is None:
        return one, other
    parts = [_parts(text, ends) for text in (one, other)]
    same = set(parts[0][1:]) & set(parts[1][1:])
    first, second = (
        "".join(part.partition("\n")[0] + "\n" if part in same else part for part in all_) for all_ in parts
    )
    return first, second


def _parts(text: str, ends: re.Pattern[str]) -> list[str]:
    """The head of a page's text, and each part that begins with a mark of structure."""
    starts = [0, *(found.start() + 1 for found in re.finditer(rf"\n(?={ends.pattern})", text)), len(text)]
    return [text[start:end] for start, end in pairwise(starts)]


def decode(data: bytes, limit: int = MODULE_LIMIT) -> str | Fault:
    """The text that these bytes are, or what is wrong with them."""
    if len(data) > limit:
        return _too_long(len(data), limit)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        return Fault(line, f"byte {data[error.start]:#04x}", "UTF-8")
    return _readable(text)


def read(text: str, kinds: Iterable[Kind]) -> Parsed | ParsedModule:
    """A page or a module: the first line says which."""
    begins = text.lstrip("\ufeff\r\n\t ")[: len(MODULE)]
    return read_module(text, kinds) if begins == MODULE else read_page(text, kinds)


def read_page(text: str, kinds: Iterable[Kind]) -> Parsed:
    """What a text says of one page; never an exception."""
    told = Told()
    lines = _lines(text, PAGE_LIMIT, told)
    if told.faults:
        return Parsed(faults=told.all_faults())
    pages = [number for number, line in enumerate(lines[1:], 2) if line.startswith(PAGE)]
    if pages and any(line.strip() for line in lines[: pages[0] - 1]):
        told.fault(pages[0], lines[pages[0] - 1], "one page only; a text of several begins with a line `module: …`")
        return Parsed(faults=told.all_faults())
    found = _read_page(Lines(lines, told), {kind.noun: kind for kind in kinds})
    faults = told.all_faults()
    kind, document = found or (None, None)
    return Parsed(kind, None if faults else document, faults, tuple(told.notes))


def read_module(text: str, kinds: Iterable[Kind]) -> ParsedModule:
    """What a text says of a module; never an exception."""
    told = Told()
    lines = _lines(text, MODULE_LIMIT, told)
    starts = [at for at, line in enumerate(lines) if line.startswith(PAGE)]
    if len(starts) > PAGES:
        told.fault(starts[PAGES] + 1, lines[starts[PAGES]], f"at most {PAGES} pages")
    if told.faults:
        return ParsedModule(faults=told.all_faults())
    own = Lines(lines[: starts[0]] if starts else lines, told)
    slug, edition = _read_edition(own, has_pages=bool(starts))
    by_noun = {kind.noun: kind for kind in kinds}
    pages = []
    for start, end in pairwise([*starts, len(lines)]):
        told.next_page()
        pages.append(_read_page(Lines(lines[start:end], told, start + 1), by_noun))
    found = tuple(page for page in pages if page)
    if faults := told.all_faults():
        return ParsedModule(slug, faults=faults, notes=tuple(told.notes))
    order = tuple(document.head.key for _, document in found) or edition.pop("pages", ())
    return ParsedModule(slug, EditionDocument(**edition, pages=order), found, notes=tuple(told.notes))


def _read_edition(lines: Lines, has_pages: bool) -> tuple[str, dict[str, Any]]:
    """The slug of a module, and what its edition says of itself."""
    _skip_empty(lines)
    slug = _slug(lines)
    shape = Shape(_EDITION if has_pages else (*_EDITION, _ORDER), follows=f"`{PAGE}` and a page")
    said = read_said(lines, shape)
    return slug, {"title": "", "summary": "", "outcomes": ()} | said.values


def _slug(lines: Lines) -> str:
    number, line = lines.number, lines.take() if lines else ""
    name, _, slug = line.partition(":")
    if f"{name}:" != MODULE or not braces(slug.strip()):
        lines.told.fault(number, line, "`module: ` with the slug of a module")
    return slug.strip()


def _read_page(lines: Lines, kinds: dict[str, Kind]) -> tuple[Kind, Document] | None:
    _skip_empty(lines)
    number, line = lines.number, lines.take() if lines else ""
    noun, _, title = line.removeprefix(PAGE).partition(":")
    kind = kinds.get(noun.strip())
    if kind is None:
        nouns = " or ".join(f"`{noun}: `" for noun in kinds)
        lines.told.fault(number, line, f"{nouns} with the title of a page")
        return None
    before, key = with_key(title)
    begun = Begun(lines.told.own_key(Head, key, number), plain(before))
    return kind, kind.outline.read(lines, begun)


def _skip_empty(lines: Lines) -> None:
    while lines and not lines.peek().strip():
        lines.take()


def _lines(text: str, limit: int, told: Told) -> Sequence[str]:
    """The lines of a text that can be read; none, and a fault, of one that cannot."""
    if len(text) > limit:  # no character is shorter than a byte
        readable: str | Fault = _too_long(len(text), limit)
    else:
        readable = _readable(text)
    if isinstance(readable, str) and len(readable.encode()) > limit:
        readable = _too_long(len(readable.encode()), limit)
    if isinstance(readable, Fault):
        told.fault(readable.line, readable.found, readable.expected)
        return []
    return readable.split("\n")


def _readable(text: str) -> str | Fault:
    """The text with its lines ending in LF; a fault when it has what is no character."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    bad = re.search("[\0\ud800-\udfff]", text)
    if bad:
        return Fault(text.count("\n", 0, bad.start()) + 1, f"character {ord(bad[0]):#06x}", "text")
    return text


def _too_long(size: int, limit: int) -> Fault:
    return Fault(1, f"{size // 1000 + 1} kB", f"a text of {limit // 1000} kB at most")
