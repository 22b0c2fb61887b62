r"""A case as text, and back. Imports no Django. What all pages have is said in `modules/outline.py`; a case has also

    role:  guidance:  reflection:  plan: (one a line)  sources: (what the guidance rests on)  open to all: yes
    gauge: Public trust = 70 {key}                      each gauge a field of its own

    # Title of a scene {key}                            the first is the start; one without choices is an ending
    clock: 04:05                                        fields: clock, place, ending (good, mixed or poor), facts,
    needs: Public trust >= 40 {key}                     seen by, sources, needs, thought, question, teaching

    Free paragraphs are the body; an empty line stands before it.

    > message | SHO | 04:05, Night crew {key}           a part: what it is, who says it, when and where
      Its text.
      picture: illustrations/trolley.svg | What it shows
      footer: 310 people have seen this

    * What may be done -> Title of a scene, else Title of another | best, Public trust +5 {key}
      What the learner is told then.
      needs: visited Resus 2 {scene} {key}

Any of it can be left out. A key at the end of a line is that of the row which begins there. What a choice leads to is
said by title, `Title {key}` where two scenes have the same, and so are gauges. Titles are found as they are, or else
whatever their case and blanks; a scene that is led to and is not there is made, empty. Needs stand with commas between:
`Public trust >= 40`, `Your standing < 30`, `visited Resus 2`, `not visited The lift`. After `visited …` a single key is
the scene's if the case has such a scene, and else the need's own.

A backslash keeps a mark from being one: `|` and `->` in a choice's text, `|` and `, else` in what it leads to, `,` in
what is needed or moved, `|` in a part's line.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, ClassVar

from apps.modules.document import Document
from apps.modules.outline import PAGE, Begun, Hints, Outline, head_fields, head_of
from apps.modules.outline_fields import (
    Field,
    Keys,
    List,
    Number,
    OneOf,
    Said,
    Shape,
    Words,
    YesNo,
    field_to_lines,
    fields_to_lines,
    read_said,
)
from apps.modules.outline_lines import (
    Lines,
    Names,
    Told,
    braces,
    escaped,
    indented,
    masked,
    plain,
    shown,
    split,
    with_key,
)
from apps.scenarios.document import CaseDocument, Choice, Effect, Gauge, Need, Part, Scene, in_order

RATINGS = ("best", "acceptable", "poor")
OUTCOMES = ("good", "mixed", "poor")
PARTS = ("message", "post", "email", "call", "notice", "narration")
SCENES, CHOICES_OF_A_SCENE, PARTS_OF_A_SCENE, GAUGES = 500, 50, 50, 20

_BAR = re.compile(r"\|")
_ARROW = re.compile("->")
_ELSE = re.compile(r",[ \t]*else(?=[ \t]|\Z)", re.IGNORECASE)
_COMMA = re.compile(r"[,\n]")
_CHANGE = re.compile(r"([-+−])[ ]?([0-9]{1,9})\Z")
_LEVEL = re.compile(r"(>=|≥|<)[ \t]*([0-9]{1,9})\Z")
_VISITED = re.compile(r"(not )?visited(?: |\Z)")
_START = re.compile(r"=[ \t]*(-?[0-9]{1,9})\Z")
_IN_TEXT = re.compile(r"\||->")
_IN_TARGET = re.compile(rf"{_BAR.pattern}|{_ELSE.pattern}", re.IGNORECASE)

_OWN = (
    Field("role", "role"),
    Field("guidance", "guidance"),
    Field("reflection", "reflection"),
    Field("plan", "plan_lines", List()),
    Field("sources", "guidance_sources", Keys()),
    Field("open to all", "is_taster", YesNo()),
)
_GAUGE = Field("gauge", "gauge_lines", repeats=True)
_NEEDS = Field("needs", "needs_text")
_OF_SCENE = (
    Field("clock", "clock"),
    Field("place", "place"),
    Field("ending", "outcome", OneOf(*OUTCOMES)),
    Field("facts", "facts", Words()),
    Field("seen by", "seen_by", Number()),
    Field("sources", "sources", Keys()),
    _NEEDS,
    Field("thought", "thought"),
    Field("question", "question"),
    Field("teaching", "teaching_point"),
)
_PICTURE = Field("picture", "picture")
_FOOTER = Field("footer", "footer")

_ROWS = re.compile(r"[>*](?: |\Z)")
_ENDS = re.compile(rf"#(?: |\Z)|{PAGE}")
_CASE = Shape((*head_fields("page sources"), *_OWN, _GAUGE), _ROWS, _ENDS, follows="`# ` and the title of a scene")
_SCENE = Shape(_OF_SCENE, _ROWS, _ENDS, "the text of the scene", is_apart=True)
_PART = Shape((_PICTURE, _FOOTER), text="the text of the part")
_CHOICE = Shape((_NEEDS,), text="what follows from the choice")


@dataclass
class _ChoiceText:
    """A choice whose links are still text."""

    line: int
    key: str
    text: str
    target: str  # as it stands; then the scene's key
    otherwise: str
    outcome: str
    said: Said


@dataclass
class _SceneText:
    line: int
    key: str
    title: str
    said: Said
    parts: list[Part]
    choices: list[_ChoiceText]


class CaseOutline(Outline):
    """How a case is written and read."""

    shape = _CASE
    hints: ClassVar[Hints] = (
        ("# Title", "begins a scene; the first is the start, and one without choices is an ending"),
        ("> message | From | When", "begins a message in it; so do post, email, call, notice and narration"),
        ("* Choice -> Scene | poor", "is a choice; what follows from it stands below, two spaces in"),
        ("Public trust +5", "after the bar too, with a comma: how a choice moves a gauge"),
        ("needs: visited Resus 2", "when a scene or a choice is there at all"),
    )

    def to_lines(self, document: Any) -> list[str]:
        return list(_Writer(document).lines())

    def read(self, lines: Lines, begun: Begun) -> Document:
        told = lines.told
        said = read_said(lines, self.shape, _read_stray)
        gauges = [_gauge(text, line, told) for line, text in said.values.get("gauge_lines", ())]
        if len(gauges) > GAUGES:
            line, text = said.values["gauge_lines"][GAUGES]
            told.fault(line, text, f"at most {GAUGES} gauges")
        scenes: list[_SceneText] = []
        while lines and lines.has_room(len(scenes), SCENES, "scenes"):
            scenes.append(_read_scene(lines))
        made = _Reader(told, gauges, scenes).scenes()
        return CaseDocument(head_of(begun, said), gauges=tuple(gauges), scenes=made, **said.of(CaseDocument))


class _Writer:
    """Writes one case."""

    def __init__(self, case: CaseDocument) -> None:
        self.case = case
        self.scenes = Names((scene.key, scene.title) for scene in case.scenes)
        self.gauges = Names((gauge.key, gauge.title) for gauge in case.gauges)
        self.places = {gauge.key: place for place, gauge in enumerate(case.gauges)}

    def lines(self) -> Iterable[str]:
        yield from fields_to_lines(self.case.head, head_fields("page sources"))
        yield from fields_to_lines(self.case, _OWN)
        for gauge in self.case.gauges:
            yield f"gauge: {escaped(gauge.title)} = {gauge.start}{braces(gauge.key)}"
        for scene in self.case.scenes:
            yield from self._scene(scene)

    def _scene(self, scene: Scene) -> Iterable[str]:
        yield ""
        yield f"# {escaped(scene.title)}{braces(scene.key)}"
        yield from fields_to_lines(scene, _OF_SCENE, {"needs_text": self._needs(scene.needs)})
        if scene.body:
            yield from ("", *_SCENE.written(scene.body))
        for part in scene.parts:
            yield from ("", *_part_to_lines(part))
        for choice in scene.choices:
            yield from ("", self._choice(choice), *indented(_CHOICE.written(choice.consequence)))
            yield from indented(field_to_lines(_NEEDS, self._needs(choice.needs)))

    def _choice(self, choice: Choice) -> str:
        line = f"* {escaped(choice.text, _IN_TEXT)}"
        if choice.target or choice.otherwise:
            line += f" -> {self.scenes.link(choice.target, _IN_TARGET) if choice.target else ''}"
        if choice.otherwise:
            line += f", else {self.scenes.link(choice.otherwise, _IN_TARGET)}"
        moved = sorted(choice.effects, key=lambda effect: self.places.get(effect.gauge, -1))
        effects = [f"{self.gauges.link(effect.gauge, _COMMA)} {effect.change:+d}" for effect in moved]
        outcome = [choice.rating, *effects] if choice.rating else effects
        if outcome:
            line += f" | {', '.join(outcome)}"
        return line + braces(choice.key)

    def _needs(self, needs: tuple[Need, ...]) -> str:
        return ", ".join(self._need(need) + braces(need.key) for need in needs)

    def _need(self, need: Need) -> str:
        if need.gauge:
            level = f"< {need.below}" if need.at_least is None else f">= {need.at_least}"
            return f"{self.gauges.link(need.gauge, _COMMA)} {level}"
        word = "visited" if need.visited else "not visited"
        return f"{word} {self.scenes.link(need.visited or need.not_visited, _COMMA, always=True)}"


def _part_to_lines(part: Part) -> list[str]:
    said = [part.kind, escaped(part.author, _BAR), escaped(part.meta, _BAR)]
    while len(said) > 1 and not said[-1]:
        said.pop()
    lines = _PART.written(part.text)
    picture = escaped(part.image, _BAR) + (f" | {escaped(part.image_alt)}" if part.image_alt else "")
    lines += field_to_lines(_PICTURE, picture) + field_to_lines(_FOOTER, part.footer)
    return [f"> {' | '.join(said)}{braces(part.key)}", *indented(lines)]


def _read_stray(lines: Lines) -> None:
    lines.told.fault(lines.number, lines.peek(), "a scene (`# Title`) before its parts and choices")
    lines.take()
    lines.block()


def _gauge(text: str, line: int, told: Told) -> Gauge:
    before, key = with_key(text)
    start = _START.search(masked(before))
    if start is None:
        told.fault(line, text, "a gauge and where it starts: `Public trust = 70`")
    name = before[: start.start()] if start else before
    return Gauge(told.own_key(Gauge, key, line), plain(name), int(start[1]) if start else 0)


def _read_scene(lines: Lines) -> _SceneText:
    number, line = lines.number, lines.take()
    title, key = with_key(line[1:])
    own_key = lines.told.own_key(Scene, key, number)
    parts: list[Part] = []
    choices: list[_ChoiceText] = []

    def read_row(lines: Lines) -> None:
        if lines.peek().startswith(">"):
            if lines.has_room(len(parts), PARTS_OF_A_SCENE, "parts in a scene"):
                parts.append(_read_part(lines))
        elif lines.has_room(len(choices), CHOICES_OF_A_SCENE, "choices in a scene"):
            choices.append(_read_choice(lines))

    said = read_said(lines, _SCENE, read_row)
    return _SceneText(number, own_key, plain(title), said, parts, choices)


def _read_part(lines: Lines) -> Part:
    told, number, line = lines.told, lines.number, lines.take()
    before, key = with_key(line[1:])
    kind, *by = split(before, _BAR)
    if kind.casefold() not in ("", *PARTS):
        told.fault(number, line, f"{', '.join(PARTS)}; a quotation begins with `\\>`")
    if len(by) > 2:
        told.fault(number, line, "who says it, and when and where, no more; `\\|` for a bar in these")
    author, meta = [*map(plain, by), "", ""][:2]
    said = read_said(lines.block(), _PART)
    image, *alt = split(said.values.get("picture", ""), _BAR, 1)
    return Part(
        told.own_key(Part, key, number),
        kind.casefold(),
        said.text,
        author,
        meta,
        plain(image),
        plain("".join(alt)),
        said.values.get("footer", ""),
    )


def _read_choice(lines: Lines) -> _ChoiceText:
    number, line = lines.number, lines.take()
    before, key = with_key(line[1:])
    left, *outcome = split(before, _BAR, 1)
    text, *targets = split(left, _ARROW, 1)
    target, *otherwise = split("".join(targets), _ELSE, 1)
    own_key = lines.told.own_key(Choice, key, number)
    said = read_said(lines.block(), _CHOICE)
    return _ChoiceText(number, own_key, plain(text), target, "".join(otherwise), "".join(outcome), said)


class _Reader:
    """Finds what the scenes of a case lead to, need and move."""

    def __init__(self, told: Told, gauges: list[Gauge], texts: list[_SceneText]) -> None:
        self.told = told
        self.texts = texts
        self.gauges = Names((gauge.key, gauge.title) for gauge in gauges)
        self.scenes_named = Names((text.key, text.title) for text in texts)
        self.made: list[Scene] = []

    def scenes(self) -> tuple[Scene, ...]:
        """All of them. What is led to comes first, since needs may be about a scene that is made so."""
        choices = [choice for text in self.texts for choice in text.choices]
        for choice in choices:
            choice.target = self._target(choice.target, choice.line)
            choice.otherwise = self._target(choice.otherwise, choice.line)
        return (*map(self._scene, self.texts), *self.made)

    def _scene(self, text: _SceneText) -> Scene:
        said = text.said
        return Scene(
            text.key,
            text.title,
            said.text,
            needs=self._needs(said),
            parts=tuple(text.parts),
            choices=tuple(map(self._choice, text.choices)),
            **said.of(Scene),
        )

    def _choice(self, choice: _ChoiceText) -> Choice:
        first, *others = split(choice.outcome, _COMMA)
        rating = first.casefold() if first.casefold() in RATINGS else ""
        effects = [self._effect(part, choice.line) for part in (others if rating else [first, *others]) if part]
        moved = [effect for effect in effects if effect]
        if len({effect.gauge for effect in moved}) < len(moved):
            self.told.fault(choice.line, choice.outcome, "each gauge only once")
        needs = self._needs(choice.said)
        links = (choice.target, choice.otherwise)
        return Choice(choice.key, choice.text, rating, *links, tuple(moved), needs, choice.said.text)

    def _target(self, link: str, line: int) -> str:
        """The scene that a choice leads to, which is made when it is not there; empty when it leads nowhere."""
        if not link:
            return ""
        found, title, key = self.scenes_named.find(link)
        if len(found) > 1:
            self._ambiguous(link, line, found)
        return found[0] if found else self._make(title, key, line)

    def _make(self, title: str, key: str | None, line: int) -> str:
        scene = Scene(self.told.own_key(Scene, key, line), title)
        self.told.notes.append(f"No scene is called “{shown(title or key or '')}”. It becomes a new, empty scene.")
        self.scenes_named.add(scene.key, title)
        self.made.append(scene)
        if len(self.texts) + len(self.made) == SCENES + 1:
            self.told.fault(line, title, f"at most {SCENES} scenes")
        return scene.key

    def _ambiguous(self, link: str, line: int, found: list[str]) -> None:
        self.told.fault(line, link, f"a title with a key, as {len(found)} have this one: `Title {{key}} | …`")

    def _found(self, names: Names, link: str, line: int) -> str:
        """The key of what must be there."""
        found, _, _ = names.find(link)
        if len(found) > 1:
            self._ambiguous(link, line, found)
        elif not found:
            what = "a gauge: " if names is self.gauges else "a scene of the case"
            self.told.fault(line, link, what + (_listed(self.gauges) if names is self.gauges else ""))
        return found[0] if found else ""

    def _effect(self, part: str, line: int) -> Effect | None:
        change = _CHANGE.search(masked(part))
        if change is None:
            self.told.fault(line, part, "best, acceptable or poor, then gauges: `Public trust +5`")
            return None
        gauge = self._found(self.gauges, part[: change.start()], line)
        moved = int(change[2])
        return Effect(gauge, moved if change[1] == "+" else -moved) if gauge else None

    def _needs(self, said: Said) -> tuple[Need, ...]:
        if "needs_text" not in said.values:
            return ()
        text, line = said.values["needs_text"], said.numbers["needs_text"]
        needs = [self._need(part, line) for part in split(text, _COMMA) if part]
        return in_order(tuple(need for need in needs if need))

    def _need(self, part: str, line: int) -> Need | None:
        before, own = with_key(part)
        hidden = masked(before)
        if level := _LEVEL.search(hidden):
            gauge = self._found(self.gauges, before[: level.start()], line)
            key, number = self.told.own_key(Need, own, line), int(level[2])
            return Need(key, gauge, below=number) if level[1] == "<" else Need(key, gauge, at_least=number)
        visited = _VISITED.match(hidden)
        if visited is None:
            self.told.fault(line, part, "`Gauge >= 40`, `Gauge < 40`, `visited Title` or `not visited Title`")
            return None
        link = before[visited.end() :]
        if own in self.scenes_named.titles and with_key(link)[1] is None:
            link, own = f"{link} {{{own}}}", None
        scene, key = self._found(self.scenes_named, link, line), self.told.own_key(Need, own, line)
        return Need(key, not_visited=scene) if visited[1] else Need(key, visited=scene)


def _listed(names: Names) -> str:
    return ", ".join(map(shown, list(names.titles.values())[:GAUGES])) or "the case has none"
