"""Two authors changed the same: what each changed, side by side, and a choice for each place. Nobody's words are lost.

What the author wrote travels in the form of the page itself; nothing of it is kept anywhere else.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from apps.accounts.requests import AuthenticatedHttpRequest
from apps.authoring import history
from apps.authoring.actions import Conflict, Edit
from apps.authoring.queries import Sheet
from apps.modules.comparison import Change, Line, Verb, compare, in_words
from apps.modules.document import ORDER, AnyDocument, Blocks
from apps.modules.merging import Meeting, Pick

MOST_NAMED = 5  # changes beside those that clash
GONE = "Taken out."


@dataclass(frozen=True)
class Side:
    """What one of both changed in one place."""

    lines: tuple[Line, ...]
    told: str = ""  # where no lines say it


@dataclass(frozen=True)
class Clash:
    """A place that both have changed, and what is picked for it."""

    block: str
    name: str
    mine: Side
    theirs: Side
    pick: Pick
    may_keep_both: bool


@dataclass(frozen=True)
class Told:
    """What an author is told, and has picked, when the page comes back."""

    picks: Mapping[str, Pick] = field(default_factory=dict)
    refused: tuple[str, ...] = ()
    moved_again: bool = False


def show(
    request: AuthenticatedHttpRequest, sheet: Sheet, edit: Edit, conflict: Conflict, told: Told | None = None
) -> HttpResponse:
    """Both versions side by side, to choose from; 409, or 422 where what was chosen cannot be stored.

    `edit` is what was to be saved on this sheet, `conflict` what came of it.
    """
    told = told or Told()
    context = history.context_of(sheet) | {
        "wanted": sheet.text_of(conflict.wanted),
        "seen": conflict.stored.digest() if conflict.stored else "",
        "began": edit.seen,
        "of_blocks": edit.blocks,
        "was_to_move": bool(edit.moves),
        "send_to": history.address(sheet.edition, sheet.key, "conflict"),
        "refused": told.refused,
        "moved_again": told.moved_again,
        **_other(request, sheet),
    }
    if conflict.stored is None:
        return render(
            request, "authoring/conflict_gone.html", context | {"title": "This page was taken out"}, status=409
        )
    meeting = meeting_of(sheet, edit, conflict.wanted, conflict.stored)
    clashes = list(_clashes(meeting, told.picks, context["titles"]))
    context |= {
        "title": _title(context, clashes),
        "clashes": clashes,
        "beside": _beside(meeting, context),
    }
    return render(request, "authoring/conflict.html", context, status=422 if told.refused else 409)


def meeting_of(sheet: Sheet, edit: Edit, wanted: AnyDocument, stored: AnyDocument) -> Meeting:
    """Both versions with the one from which both began, if that is still known; of some blocks, where they are named.

    Blocks that are new in what was wanted came with them.
    """
    base = history.find_base(sheet, edit.seen, edit.blocks)
    if not edit.blocks or not set(edit.blocks) <= set(wanted.blocks):
        return Meeting(base, wanted, stored)
    mine = stored.with_blocks_of(wanted, [*edit.blocks, *(key for key in wanted.blocks if key not in stored.blocks)])
    if base is None or not set(edit.blocks) <= set(base.blocks):
        return Meeting(None, mine, stored)
    return Meeting(stored.with_blocks_of(base, edit.blocks), mine, stored)


def _other(request: AuthenticatedHttpRequest, sheet: Sheet) -> dict[str, Any]:
    """Who has saved what stands there, and when."""
    newest = history.last_saved(sheet)
    name = history.who(newest, request.user) if newest else ""
    return {
        "who": {"": "Somebody", "you": "You, in another window,"}.get(name, name),
        "whose": {"": "What is stored", "you": "What you saved before"}.get(name, f"{name}’s"),
        "take": {"": "Take what is stored", "you": "Take what I saved before"}.get(name, f"Take {name}’s"),
        "when": history.at_when(newest.at, timezone.now()) if newest else "",
        "is_own": name == "you",
        "titles": history.titles_of(sheet),
    }


def _title(context: dict[str, Any], clashes: list[Clash]) -> str:
    is_one = len(clashes) == 1 and clashes[0].block not in ("", ORDER)
    what = clashes[0].name if is_one else f"“{context['page_title']}”"
    return f"You changed {what} in two windows" if context["is_own"] else f"Two of you changed {what}"


def _clashes(meeting: Meeting, picks: Mapping[str, Pick], titles: dict[str, str]) -> Iterator[Clash]:
    base = meeting.base
    mine = _by_block(compare(base or meeting.theirs, meeting.mine, titles))
    theirs = _by_block(compare(base or meeting.mine, meeting.theirs, titles))
    for block in meeting.clashes:
        if block == ORDER:
            name, sides = "the order", [Side((), _order(side, titles)) for side in (meeting.mine, meeting.theirs)]
        else:
            name, sides = (mine.get(block) or theirs[block]).name, [_side(mine.get(block)), _side(theirs.get(block))]
        yield Clash(block, name, sides[0], sides[1], _pick(picks, block), may_keep_both=block != ORDER)


def _pick(picks: Mapping[str, Pick], block: str) -> Pick:
    """What is picked; at first what can lose nothing."""
    picked = picks.get(block, Pick.BOTH)
    return Pick.MINE if block == ORDER and picked is Pick.BOTH else picked


def _by_block(changes: list[Change]) -> dict[str, Change]:
    return {change.block: change for change in changes if change.verb is not Verb.MOVED}


def _side(change: Change | None) -> Side:
    if change is None:
        return Side((), "As it was.")
    return Side((), GONE) if change.verb is Verb.REMOVED else Side(change.lines)


def _order(document: Blocks, titles: dict[str, str]) -> str:
    blocks: Any = document.blocks
    names = [getattr(blocks.get(key), "name", "") or titles.get(key, key) for key in blocks[ORDER]]
    return "\n".join(f"{number}. {name}" for number, name in enumerate(names, 1))


def _beside(meeting: Meeting, context: dict[str, Any]) -> list[str]:
    """What each of both changed that clashes with nothing, in a sentence each."""
    told = []
    for who, side, other in (("You", meeting.mine, meeting.theirs), (context["who"], meeting.theirs, meeting.mine)):
        changes = [
            change
            for change in compare(meeting.base or other, side, context["titles"])
            if change.block not in meeting.clashes and (meeting.base or change.verb is Verb.ADDED)
        ]
        if changes:
            told.append(f"{who} also changed: {in_words(changes, MOST_NAMED)}.")
    return told
