"""What has changed between two documents, block by block and word by word. Imports no Django."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from difflib import SequenceMatcher
from enum import Enum
from typing import Any

from apps.modules.document import ORDER, Blocks, Row

WORDS = re.compile(r"\s+|[^\s]+")
MOST_COMPARED = 2000  # lines, or words, that are compared one by one; of more it is only said that they differ


class Verb(Enum):
    """What has become of a block."""

    ADDED = "added"
    REMOVED = "removed"
    MOVED = "moved"
    REWORDED = "reworded"


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
class Change:
    """What has become of one block; of a reworded one also the lines that changed, each as runs of words."""

    verb: Verb
    block: str  # its key; empty for the page itself
    name: str  # `scene “Night crew”`
    lines: tuple[tuple[Run, ...], ...] = ()


def compare(before: Blocks | None, after: Blocks | None) -> list[Change]:
    """What has changed, in the order of the newer document; what was removed comes last."""
    (old, order), (new, new_order) = _parts(before), _parts(after)
    moved = _moved(order, new_order)
    changes = []
    for key, block in new.items():
        if key not in old:
            changes.append(Change(Verb.ADDED, key, _name_of(key, block)))
        elif block != old[key]:
            changes.append(Change(Verb.REWORDED, key, _name_of(key, block), tuple(_lines(old[key], block))))
        if key in moved:
            changes.append(Change(Verb.MOVED, key, _name_of(key, block)))
    return changes + [Change(Verb.REMOVED, key, _name_of(key, block)) for key, block in old.items() if key not in new]


def _parts(document: Blocks | None) -> tuple[dict[str, object], tuple[str, ...]]:
    """The blocks of a document and their order. What only its order knows, the pages of an edition, is a part too."""
    if document is None:
        return {}, ()
    blocks = dict(document.blocks)
    order: Any = blocks.pop(ORDER, ())
    return dict.fromkeys(order) | blocks, order


def _name_of(key: str, block: object) -> str:
    if block is None:
        return f"page {key}"
    return f"{block.noun} “{block.name}”" if isinstance(block, Row) else "the page itself"


def _moved(old: tuple[str, ...], new: tuple[str, ...]) -> set[str]:
    """The keys in both orders that must move to make the newer of the older one; about the fewest."""
    before, after = [key for key in old if key in set(new)], [key for key in new if key in set(old)]
    stay = {
        key
        for match in SequenceMatcher(None, before, after, autojunk=False).get_matching_blocks()
        for key in before[match.a : match.a + match.size]
    }
    return set(after) - stay


def _lines(old: object, new: object) -> Iterator[tuple[Run, ...]]:
    """The lines in which two blocks differ."""
    before, after = list(_said(old)), list(_said(new))
    for tag, a, b, c, d in _steps(before, after):
        if tag != "equal":
            yield tuple(marked("\n".join(before[a:b]), "\n".join(after[c:d])))


def marked(old: str, new: str) -> list[Run]:
    """Two versions of a text as one, with the words marked that were taken out and put in."""
    before, after = WORDS.findall(old), WORDS.findall(new)
    runs = []
    for tag, a, b, c, d in _steps(before, after):
        if tag == "equal":
            runs.append(Run(Mark.KEPT, "".join(before[a:b])))
            continue
        runs += [Run(Mark.TAKEN_OUT, "".join(before[a:b]))] if b > a else []
        runs += [Run(Mark.PUT_IN, "".join(after[c:d]))] if d > c else []
    return runs


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


def _said(value: object, name: str = "") -> Iterator[str]:
    """What a block says, a line for each line of its texts; keys aside, since titles tell what is meant."""
    if isinstance(value, tuple) and value and all(isinstance(item, str) for item in value):
        yield f"{name}: {', '.join(value)}"
    elif isinstance(value, tuple):
        for item in value:
            yield from _said(item)
    elif is_dataclass(value):
        for each in fields(value):
            if each.name != "key":
                yield from _said(getattr(value, each.name), each.name.replace("_", " "))
    elif value not in ("", None):
        first, *others = str(value).split("\n")
        yield from (f"{name}: {first}", *others)
