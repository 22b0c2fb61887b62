"""How much of what is simulated in a scene fits above its first choice on a phone. Imports no Django.

Somebody who comes back to a scene has come to decide: what is too long stands closed, and says who is in it. It is
reckoned in lines of a window of 390 pixels, since nothing else is known before a browser has drawn the page.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from apps.scenarios.models import Scene, ScenePart

ROOM = 20  # lines for what is counted below
TITLE, TEXT, THOUGHT, POST, MESSAGE = 22, 46, 38, 39, 33  # characters that fit on a line of each


def parts_that_fit(scene: Scene, parts: Sequence[ScenePart]) -> int:
    """How many of the first parts of a scene may stand open."""
    left = ROOM - _above(scene)
    for count, part in enumerate(parts):
        left -= _height(part)
        if left < _closed(parts[count + 1 :]):
            return count
    return len(parts)


def names_of(parts: Sequence[ScenePart]) -> str:
    """Who is in these parts: `Mum; Friend, clinic nurse`."""
    return "; ".join(dict.fromkeys(part.author or "what happens" for part in parts))


def _closed(parts: Sequence[ScenePart]) -> int:
    """The lines that say who is in the parts that are closed."""
    return 1 + _lines(names_of(parts), MESSAGE) if parts else 0


def _above(scene: Scene) -> float:
    """The lines that the scene's own words take."""
    title = 1.5 * (_lines(scene.title, TITLE) - 1)
    thought = _lines(scene.thought, THOUGHT) + 2 if scene.thought else 0
    return title + _lines(scene.body, TEXT) + thought + (1.3 if scene.seen_by is not None else 0)


def _height(part: ScenePart) -> float:
    """The lines that a part takes, with what stands above and below its text."""
    if part.kind == "narration":
        return _lines(part.text, POST) + (5 if part.image else 0.5)
    if part.kind in {"message", "call"}:
        above = _lines(f"{part.author}, {part.meta}", MESSAGE)
        return above + _lines(part.text, MESSAGE) + 1.3 + bool(part.footer)
    head = 2 + _lines(part.meta, 20 if part.image else POST) if part.author or part.meta else 0
    return head + _lines(part.text, POST) + 1.5 + (2 if part.footer else 0)


def _lines(text: str, width: int) -> int:
    return sum(ceil(len(line) / width) for line in text.splitlines())
