"""What has changed between two documents, block by block and word by word. Imports no Django."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from difflib import SequenceMatcher
from enum import Enum
from typing import Any

from apps.core.words import listed
from apps.modules.document import ORDER, Blocks, Document, EditionDocument, Names, Row, rows_in

WORDS = re.compile(r"\s+|[^\s]+")
MOST_NAMED = 2  # changes that are named where there are more
MOST_COMPARED = 2000  # lines, or words, that are compared one by one; of more it is only said that they differ
WORDS_BESIDE = 60  # words and blanks of what was kept that are told beside what changed
LONGEST_NAME = 60


class Verb(Enum):
    """What has become of a block."""

    ADDED = "added"
    REMOVED = "removed"
    MOVED = "moved"
    REWORDED = "reworded"


TOLD = {Verb.ADDED: "added", Verb.REMOVED: "taken out", Verb.MOVED: "moved", Verb.REWORDED: "changed"}


class Mark(Enum):
    """Whether some words stand in both texts, in the newer or in the older one."""

    KEPT = " "
    PUT_IN = "+"
    TAKEN_OUT = "-"


@dataclass(frozen=True)
class Run:
    """Words of a text with their mark."""

    mark: Mark
    text: str


@dataclass(frozen=True)
class Line:
    """What changed in one place of a block: `choice (a), what follows`, and the runs of its words."""

    where: str
    runs: tuple[Run, ...]

    @property
    def short(self) -> tuple[Run, ...]:
        """The runs, of what was kept no more than the words beside what changed."""
        last = len(self.runs) - 1
        return tuple(
            Run(run.mark, _beside(run.text, place > 0, place < last)) if run.mark is Mark.KEPT else run
            for place, run in enumerate(self.runs)
        )


@dataclass(frozen=True)
class Change:
    """What has become of one block, with the lines that changed; of one that is new or gone all that it says."""

    verb: Verb
    block: str  # its key; empty for the page itself
    name: str  # `scene “Night crew”`
    fields: tuple[str, ...] = ()  # of a reworded one: what of it differs, in an author's words
    lines: tuple[Line, ...] = ()

    @property
    def told(self) -> str:
        """`scene “Night crew” added`; of a reworded page what of it: `title and text`."""
        if self.verb is Verb.REWORDED:
            return self.name if self.block or not self.fields else listed(self.fields)
        return f"{self.name} {TOLD[self.verb]}"

    @property
    def is_whole(self) -> bool:
        """Whether a whole page is new, or gone."""
        return not self.block and self.verb is not Verb.REWORDED

    @property
    def state(self) -> str:
        """What has become of it, in a word."""
        return TOLD[self.verb]


def in_words(changes: Sequence[Change], most: int = MOST_NAMED) -> str:
    """`scene “Night crew”, scene “The lift” added and 3 more`; nothing for nothing.

    Of a page that is new, or gone, no more than that.
    """
    pages = [change for change in changes if change.is_whole]
    told = list(dict.fromkeys(change.told for change in pages or changes))
    more = len(told) - most
    return listed([*told[:most], f"{more} more"] if more > 0 else told)


def compare(
    before: Blocks | None, after: Blocks | None, titles: Mapping[str, str] | None = None, moved: str = ""
) -> list[Change]:
    """What has changed, in the order of the newer document; what was removed comes last.

    What pages are called may be given by their keys: an edition does not know it. Of two neighbours that have changed
    places a document does not know which was moved: its key may be given.
    """
    names = _names(before, after)
    return [
        replace(change, lines=tuple(_lines(old, new, names))) if change.verb is not Verb.MOVED else change
        for change, old, new in _changes(before, after, titles or {}, moved)
    ]


def changed(before: Blocks | None, after: Blocks | None, titles: Mapping[str, str], moved: str) -> list[Change]:
    """The same without its lines, which take long to find in long texts."""
    return [change for change, _, _ in _changes(before, after, titles, moved)]


def _changes(
    before: Blocks | None, after: Blocks | None, titles: Mapping[str, str], likely: str
) -> Iterator[tuple[Change, object, object]]:
    """Each change with the block as it was and as it is."""
    (old, order), (new, new_order) = _parts(before), _parts(after)
    moved = _moved(order, new_order, likely)
    for key, block in new.items():
        name, known = _name_of(key, block, titles), old.get(key)
        if key not in old:
            yield Change(Verb.ADDED, key, name if key else _whole_name(block)), None, block
        elif block != known:
            yield Change(Verb.REWORDED, key, name, tuple(_differing(known, block))), known, block
        if key in moved:
            yield Change(Verb.MOVED, key, name), known, block
    for key, block in old.items():
        if key not in new:
            yield Change(Verb.REMOVED, key, _name_of(key, block, titles) if key else _whole_name(block)), block, None


def _parts(document: Blocks | None) -> tuple[dict[str, object], tuple[str, ...]]:
    """The blocks of a document and their order. What only its order knows, the pages of an edition, is a part too."""
    if document is None:
        return {}, ()
    blocks = dict(document.blocks)
    order: Any = blocks.pop(ORDER, ())
    return {key: blocks[key] for key in blocks if not key} | dict.fromkeys(order) | blocks, order


def _name_of(key: str, block: object, titles: Mapping[str, str]) -> str:
    if block is None:
        return f"page “{titles.get(key) or key}”"
    if isinstance(block, Row):
        return f"{block.noun} “{_shortened(block.name)}”" if block.name else block.noun
    return "the edition itself" if isinstance(block, EditionDocument) else "the page itself"


def _whole_name(block: object) -> str:
    """What is not in both documents is called, if it is all of one."""
    if not isinstance(block, Document):
        return "the edition itself"
    return f"page “{_shortened(block.head.title) or block.head.key}”"


def _shortened(name: str) -> str:
    name = " ".join(name[: LONGEST_NAME * 2].split())
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…"


def _names(*documents: object) -> Names:
    """What rows are called, by class and key: what points at them is told so."""
    return {(type(row).__name__, row.key): row.name for document in documents for row in rows_in(document)}


def _beside(text: str, after: bool, before: bool) -> str:
    """A text that was kept: of a long one only the words next to what changed after it and before it."""
    words = WORDS.findall(text)
    if len(words) <= WORDS_BESIDE * (2 + after + before):
        return text
    return "".join([*(words[:WORDS_BESIDE] if after else []), " … ", *(words[-WORDS_BESIDE:] if before else [])])


def _moved(old: tuple[str, ...], new: tuple[str, ...], likely: str) -> set[str]:
    """The keys in both orders that must move to make the newer of the older one: this one if that does, or about the
    fewest."""
    before, after = [key for key in old if key in set(new)], [key for key in new if key in set(old)]
    if before != after and [key for key in before if key != likely] == [key for key in after if key != likely]:
        return {likely}
    stay = {
        key
        for match in SequenceMatcher(None, before, after, autojunk=False).get_matching_blocks()
        for key in before[match.a : match.a + match.size]
    }
    return set(after) - stay


def _lines(old: Any, new: Any, names: Names, where: str = "") -> Iterator[Line]:
    """The lines in which two blocks differ, or rows inside them; one of both may not be there."""
    known = new if old is None else old
    for each in fields(known) if is_dataclass(known) else ():
        before, after = (getattr(side, each.name, None) for side in (old, new))
        if each.name == "key" or before == after:
            continue
        if isinstance(before or after, Row):  # a head is no place of its own
            yield from _lines(before, after, names, where)
        elif _are_rows(before or after):
            yield from _lines_of_rows(before or (), after or (), names)
        else:
            label = _called(known, each.name)
            told = (_told(value, names, known.links.get(each.name)) for value in (before, after))
            yield from _marked_lines(f"{where}, {label}" if where else label, *told)


def _differing(old: Any, new: Any) -> Iterator[str]:
    """The fields in which two blocks differ."""
    for each in fields(new) if is_dataclass(new) else ():
        before, after = getattr(old, each.name, None), getattr(new, each.name)
        if before != after and isinstance(after, Row):
            yield from _differing(before, after)
        elif before != after:
            yield _called(new, each.name)


def _called(block: Any, field: str) -> str:
    """What an author calls a field of a block."""
    return str(block.called.get(field, field.replace("_", " ")))


def _are_rows(value: object) -> bool:
    """Whether these are rows with something to say of their own."""
    first = value[0] if isinstance(value, tuple) and value else None
    return isinstance(first, Row) and not first.is_named_by_links


def _lines_of_rows(old: tuple[Row, ...], new: tuple[Row, ...], names: Names) -> Iterator[Line]:
    """What differs in rows that stand inside a block, and in their order."""
    before = {row.key: row for row in old}
    here = {row.key for row in new}
    for place, row in enumerate(new):
        yield from _lines(before.get(row.key), row, names, row.called_at(place))
    for place, row in enumerate(old):
        if row.key not in here:
            yield from _lines(row, None, names, row.called_at(place))
    stay, stay_now = ([row for row in rows if row.key in before and row.key in here] for rows in (old, new))
    if [row.key for row in stay] != [row.key for row in stay_now]:
        order = (" / ".join(_shortened(row.name) for row in rows) for rows in (stay, stay_now))
        yield from _marked_lines(f"order of each {new[0].noun}", *order)


def _marked_lines(where: str, old: str, new: str) -> Iterator[Line]:
    """The lines of a text that differ; several beside each other are told as one."""
    before, after = old.split("\n") if old else [], new.split("\n") if new else []
    for tag, a, b, c, d in _steps(before, after):
        if tag != "equal":
            yield Line(where, tuple(marked("\n".join(before[a:b]), "\n".join(after[c:d]))))


def marked(old: str, new: str) -> list[Run]:
    """Two versions of a text as one, with the words marked that were taken out and put in.

    A blank between two places that differ is marked with them.
    """
    before, after = WORDS.findall(old), WORDS.findall(new)
    runs: list[Run] = []
    out = put = ""
    for tag, a, b, c, d in _steps(before, after):
        gone, come = "".join(before[a:b]), "".join(after[c:d])
        is_between = gone.isspace() and (out or put) and b < len(before) and d < len(after)
        if tag != "equal" or is_between:
            out, put = out + gone, put + come
            continue
        runs += [*_changed_runs(out, put), Run(Mark.KEPT, gone)]
        out = put = ""
    return [*runs, *_changed_runs(out, put)]


def _changed_runs(out: str, put: str) -> Iterator[Run]:
    if out:
        yield Run(Mark.TAKEN_OUT, out)
    if put:
        yield Run(Mark.PUT_IN, put)


def _steps(before: list[str], after: list[str]) -> Iterator[tuple[str, int, int, int, int]]:
    """What makes the newer of the older list, as `SequenceMatcher` says it; its work grows with the square of both."""
    shorter = min(len(before), len(after))
    first = next((place for place in range(shorter) if before[place] != after[place]), shorter)
    left = range(shorter - first)
    last = next((place for place in left if before[-1 - place] != after[-1 - place]), len(left))
    old, new = before[first : len(before) - last], after[first : len(after) - last]
    if first:
        yield "equal", 0, first, 0, first
    if len(old) + len(new) > MOST_COMPARED:
        yield "replace", first, first + len(old), first, first + len(new)
    else:
        for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
            yield tag, first + a, first + b, first + c, first + d
    if last:
        yield "equal", len(before) - last, len(before), len(after) - last, len(after)


def _told(value: Any, names: Names, link: str | None) -> str:
    """A value as an author would write it; one that points at a row of the class `link` as what that is called."""
    if value is None or value == "":
        return ""
    if link:
        return names.get((link, value), "")
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        told = [item if isinstance(item, str) else item.told(names) for item in value]
        return ("\n" if any(" " in item for item in told) else ", ").join(told)
    return str(value)
