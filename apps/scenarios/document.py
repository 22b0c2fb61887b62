"""A case as one value. Effects and needs have no order of their own: documents sort them. Imports no Django."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Self, cast

from apps.modules.document import ORDER, Document, Names, Row, letter, ordered, with_row


@dataclass(frozen=True)
class Gauge(Row):
    """Something that choices move, from 0 to 100."""

    label: ClassVar[str] = "scenarios.Gauge"
    noun: ClassVar[str] = "gauge"
    nouns: ClassVar[str] = "gauges"

    title: str
    start: int

    @property
    def name(self) -> str:
        return self.title


@dataclass(frozen=True)
class Need(Row):
    """What a choice or a scene needs: one of a gauge at least so high, a gauge below, a scene visited or not."""

    label: ClassVar[str] = "scenarios.Requirement"
    noun: ClassVar[str] = "need"
    nouns: ClassVar[str] = "needs"
    is_named_by_links: ClassVar[bool] = True
    links: ClassVar[Mapping[str, str]] = {"gauge": "Gauge", "visited": "Scene", "not_visited": "Scene"}

    gauge: str = ""
    at_least: int | None = None
    below: int | None = None
    visited: str = ""
    not_visited: str = ""

    @property
    def name(self) -> str:
        return " ".join(filter(None, (self.gauge, self.visited, self.not_visited)))

    def told(self, names: Names) -> str:
        """As an author writes it: `Public trust >= 40`, `visited Resus 2`."""
        if self.gauge:
            level = f"< {self.below}" if self.at_least is None else f">= {self.at_least}"
            return f"{names.get(('Gauge', self.gauge), '')} {level}"
        scene = names.get(("Scene", self.visited or self.not_visited), "")
        return f"visited {scene}" if self.visited else f"not visited {scene}"


def in_order(needs: tuple[Need, ...]) -> tuple[Need, ...]:
    """Needs hold together, in whatever order they were written: equal ones are to be equal documents."""
    order = {"gauge": 0, "visited": 1, "not_visited": 2}

    def place(need: Need) -> tuple[int, str, int, int, str]:
        kind = next((name for name in order if getattr(need, name)), "")
        return order.get(kind, 3), getattr(need, kind, ""), need.at_least or -1, need.below or -1, need.key

    return tuple(sorted(needs, key=place))


@dataclass(frozen=True)
class Effect:
    """How much a choice moves a gauge: -100 to 100, not 0."""

    links: ClassVar[Mapping[str, str]] = {"gauge": "Gauge"}

    gauge: str
    change: int

    def told(self, names: Names) -> str:
        """As an author writes it: `Public trust +5`."""
        return f"{names.get(('Gauge', self.gauge), '')} {self.change:+d}"


@dataclass(frozen=True)
class Part(Row):
    """Something simulated that stands in a scene."""

    label: ClassVar[str] = "scenarios.ScenePart"
    noun: ClassVar[str] = "part"
    nouns: ClassVar[str] = "parts"
    called: ClassVar[Mapping[str, str]] = {
        "author": "who",
        "meta": "when and where",
        "image": "picture",
        "image_alt": "what it shows",
    }

    kind: str  # one of `ScenePart.Kind`
    text: str
    author: str = ""
    meta: str = ""
    image: str = ""
    image_alt: str = ""
    footer: str = ""

    @property
    def name(self) -> str:
        return f"{self.kind} {self.author}"


@dataclass(frozen=True)
class Choice(Row):
    """What may be done in a scene. Without a target it leads nowhere yet, which only a draft may."""

    label: ClassVar[str] = "scenarios.Choice"
    noun: ClassVar[str] = "choice"
    nouns: ClassVar[str] = "choices"
    links: ClassVar[Mapping[str, str]] = {"target": "Scene", "otherwise": "Scene"}
    called: ClassVar[Mapping[str, str]] = {
        "rating": "how good it is",
        "target": "leads to",
        "otherwise": "else leads to",
        "effects": "what it moves",
        "consequence": "what follows",
    }

    text: str
    rating: str  # one of `Rating`
    target: str = ""
    otherwise: str = ""
    effects: tuple[Effect, ...] = ()
    needs: tuple[Need, ...] = ()
    consequence: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "effects", tuple(sorted(self.effects, key=lambda effect: effect.gauge)))
        object.__setattr__(self, "needs", in_order(self.needs))

    @property
    def name(self) -> str:
        return self.text

    @classmethod
    def called_at(cls, place: int) -> str:
        return f"{cls.noun} ({letter(place)})"


@dataclass(frozen=True)
class Scene(Row):
    """A situation; without choices an ending."""

    label: ClassVar[str] = "scenarios.Scene"
    noun: ClassVar[str] = "scene"
    nouns: ClassVar[str] = "scenes"
    called: ClassVar[Mapping[str, str]] = {
        "body": "situation",
        "outcome": "how it ends",
        "thought": "the pull",
        "teaching_point": "what to take along",
    }

    title: str
    body: str = ""
    clock: str = ""
    place: str = ""
    seen_by: int | None = None
    outcome: str = ""  # one of `Scene.Outcome`, on an ending
    facts: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    needs: tuple[Need, ...] = ()
    thought: str = ""
    question: str = ""
    teaching_point: str = ""
    parts: tuple[Part, ...] = ()
    choices: tuple[Choice, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "needs", in_order(self.needs))

    @property
    def name(self) -> str:
        return self.title

    @property
    def is_ending(self) -> bool:
        return not self.choices


@dataclass(frozen=True)
class CaseDocument(Document):
    """A case; the first scene is its start. The case's own key is its page's."""

    called: ClassVar[Mapping[str, str]] = {
        "guidance_sources": "sources of the guidance",
        "plan_lines": "plan",
        "is_taster": "open to all",
    }

    role: str = ""
    guidance: str = ""
    guidance_sources: tuple[str, ...] = ()
    reflection: str = ""
    plan_lines: tuple[str, ...] = ()
    is_taster: bool = False
    gauges: tuple[Gauge, ...] = ()
    scenes: tuple[Scene, ...] = ()

    @property
    def blocks(self) -> dict[str, object]:
        """The case without its scenes, each scene, and the order of the scenes."""
        own = {"": replace(self, scenes=()), ORDER: tuple(scene.key for scene in self.scenes)}
        return own | {scene.key: scene for scene in self.scenes}

    def with_block(self, key: str, block: Any) -> Self:
        if key == ORDER:
            return replace(self, scenes=ordered(self.scenes, block))
        return replace(self, scenes=with_row(self.scenes, block)) if key else replace(block, scenes=self.scenes)

    def made_of(self, blocks: Mapping[str, Any]) -> Self:
        return cast(Self, replace(blocks[""], scenes=tuple(blocks[key] for key in blocks[ORDER])))
