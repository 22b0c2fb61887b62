"""What storing a text would do to a draft: it is read, judged and compared, and nothing is stored."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from apps.authoring import actions, queries
from apps.authoring.actions import Saved, Stamp
from apps.authoring.broken import MOST_SHOWN, Broken, find_broken
from apps.authoring.queries import Sheet
from apps.core.words import counted, listed
from apps.modules import outline, page_kinds
from apps.modules.checks import find_problems_of
from apps.modules.comparison import Change, Line, Mark, Run, Verb, compare
from apps.modules.document import ORDER, AnyDocument, Document, Row
from apps.modules.known import read_known
from apps.modules.models import Edition
from apps.modules.outline_lines import Fault
from apps.modules.problems import Problem

MOST_BLOCKS, MOST_LINES, MOST_PROBLEMS = 40, 12, 30  # that are shown
LONGEST_KEPT, LONGEST_MARKED = 60, 400  # characters of words that stay, at each end, and of words that change


@dataclass(frozen=True)
class Block:
    """A block that would change: what it is called, and the lines that change."""

    name: str
    lines: tuple[Line, ...] = ()
    more: int = 0  # lines that are not shown


@dataclass(frozen=True)
class Group:
    """Blocks that would come, change or go."""

    title: str
    blocks: tuple[Block, ...]
    more: int = 0  # that are not shown


@dataclass(frozen=True)
class Outcome:
    """What would become of one page, or of the edition itself."""

    title: str
    groups: tuple[Group, ...]
    same: str
    has_changes: bool


@dataclass(frozen=True)
class Checked:
    """A text that was checked."""

    text: str
    document: AnyDocument | None = None  # what is to be stored; of a module what its edition says
    parsed: outline.ParsedModule | None = None  # the whole module
    broken: Sequence[Broken] = ()
    more: int = 0  # lines that cannot be read either, and are not shown
    notes: Sequence[str] = ()
    outcomes: Sequence[Outcome] = ()
    refused: Sequence[str] = ()  # what not even a draft can hold of it
    problems: Sequence[Problem] = field(default=())
    more_problems: int = 0

    @property
    def is_readable(self) -> bool:
        return not self.broken

    @property
    def has_changes(self) -> bool:
        return any(outcome.has_changes for outcome in self.outcomes)

    @property
    def is_storable(self) -> bool:
        """Whether there is something to store, and it can be."""
        return self.is_readable and not self.refused and self.has_changes

    @property
    def digest(self) -> str:
        """Of the text, so that what is stored is what was checked."""
        return actions.digest_of(self.text)


def check_page(sheet: Sheet, text: str) -> Checked:
    """What the text of a page would do to it."""
    read = outline.read_page(text, page_kinds.all_kinds())
    faults = read.faults or _other_kind(sheet, read, text)
    if faults or read.document is None:
        return _unreadable(text, faults)
    wanted, notes = actions.settled(sheet, read.document)
    refused = [*sheet.unstorable(wanted), *queries.unreadable(sheet, wanted)]
    problems = find_problems_of(read.kind.name, wanted, read_known())
    outcome = _outcome("", compare(sheet.document, wanted), sheet.document, wanted)
    return Checked(
        text,
        wanted,
        notes=_once([*read.notes, *notes]),
        outcomes=(outcome,),
        refused=_once(map(str, refused)),
        problems=problems[:MOST_PROBLEMS],
        more_problems=max(0, len(problems) - MOST_PROBLEMS),
    )


def check_module(draft: Edition, text: str, stamp: Stamp) -> Checked:
    """What the text of a module would do to its draft."""
    read = outline.read_module(text, page_kinds.all_kinds())
    faults = read.faults or _other_module(draft, read, text)
    if faults or read.edition is None:
        return _unreadable(text, faults)
    try:
        saved = actions.try_module(draft, read, stamp)
    except (actions.OtherKindError, actions.UnstorableError) as error:
        refused = [str(error)] if isinstance(error, actions.OtherKindError) else _once(map(str, error.problems))
        return Checked(text, read.edition, read, notes=read.notes, refused=refused)
    problems = queries.problems_of(read)
    return Checked(
        text,
        read.edition,
        read,
        notes=_once([*read.notes, *(note for sheet in saved for note in sheet.notes)]),
        outcomes=[_outcome(_title(sheet), sheet.changes, None, None) for sheet in saved if sheet.changes],
        problems=problems[:MOST_PROBLEMS],
        more_problems=max(0, len(problems) - MOST_PROBLEMS),
    )


def _unreadable(text: str, faults: Iterable[Fault]) -> Checked:
    broken = find_broken(text, faults)
    return Checked(text, broken=broken[:MOST_SHOWN], more=max(0, len(broken) - MOST_SHOWN))


def _once(sentences: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(sentences))


def _first_line(text: str) -> int:
    """The number of the first line that says something."""
    lines = text.split("\n")
    return next((number for number, line in enumerate(lines, 1) if line.strip()), 1)


def _other_kind(sheet: Sheet, read: outline.Parsed, text: str) -> list[Fault]:
    """A page stays of its kind."""
    if sheet.kind is None or read.kind is sheet.kind:
        return []
    noun = sheet.kind.noun
    expected = f"`{noun}: ` and the title, because this page is a {noun}"
    return [Fault(_first_line(text), f"{read.kind.noun}:", expected)]


def _other_module(draft: Edition, read: outline.ParsedModule, text: str) -> list[Fault]:
    if read.slug == draft.module.slug:
        return []
    expected = f"`module: {draft.module.slug}`, because this is the text of that module"
    return [Fault(_first_line(text), read.slug, expected)]


def _title(sheet: Saved) -> str:
    return sheet.document.head.title if isinstance(sheet.document, Document) else "The module itself"


def _outcome(title: str, changes: Sequence[Change], before: AnyDocument | None, after: AnyDocument | None) -> Outcome:
    groups = (
        _group("New", changes, Verb.ADDED),
        _group("Changed", changes, Verb.REWORDED, Verb.MOVED),
        _group("Deleted", changes, Verb.REMOVED),
    )
    return Outcome(title, groups, _same(before, after), bool(changes))


def _group(title: str, changes: Sequence[Change], *verbs: Verb) -> Group:
    blocks = [_block(change) for change in changes if change.verb in verbs]
    return Group(title, tuple(blocks[:MOST_BLOCKS]), max(0, len(blocks) - MOST_BLOCKS))


def _block(change: Change) -> Block:
    name = change.name[:1].upper() + change.name[1:]
    if change.verb is Verb.MOVED:
        return Block(f"{name}: moved to another place")
    changed = change.lines if change.verb is Verb.REWORDED else ()
    lines = tuple(replace(line, runs=tuple(map(_shortened, line.runs))) for line in changed[:MOST_LINES])
    return Block(name, lines, max(0, len(changed) - MOST_LINES))


def _shortened(run: Run) -> Run:
    """A run of words as it is shown: of what stays, its ends are enough."""
    if run.mark is Mark.KEPT and len(run.text) > 3 * LONGEST_KEPT:
        return Run(run.mark, f"{run.text[:LONGEST_KEPT]} … {run.text[-LONGEST_KEPT:]}")
    if len(run.text) > LONGEST_MARKED:
        return Run(run.mark, f"{run.text[:LONGEST_MARKED]}…")
    return run


def _same(before: AnyDocument | None, after: AnyDocument | None) -> str:
    """What stays as it is: `12 scenes and what the page says of itself`."""
    if before is None or after is None:
        return ""
    old, new = before.blocks, after.blocks
    same = [block for key, block in new.items() if key not in ("", ORDER) and old.get(key) == block]
    return listed([*count_rows(same), *(["what the page says of itself"] if old[""] == new[""] else [])])


def count_rows(blocks: Iterable[object]) -> list[str]:
    """How many of each kind of row there are: `13 scenes`."""
    rows = Counter((block.noun, block.nouns) for block in blocks if isinstance(block, Row))
    return [counted(number, one, many) for (one, many), number in rows.items()]
