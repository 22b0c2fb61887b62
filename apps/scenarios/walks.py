"""A case as plain data, and walks through it: the choices taken from its start and where they lead. Imports no Django.

`Step` is one decision of a walk as the debrief looks back on it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import takewhile
from typing import TYPE_CHECKING

from apps.scenarios import chart

if TYPE_CHECKING:
    import datetime

    from apps.modules.models import Source
    from apps.scenarios.graph import Graph, State, Stop
    from apps.scenarios.models import Choice, Gauge, Scenario, Scene, ScenePart


class NotAChoiceError(Exception):
    """The choice is not offered in the scene that the walk has come to."""


@dataclass(frozen=True)
class SceneScript:
    """A scene with what is simulated in it and what may be done. Read-only."""

    scene: Scene
    parts: tuple[ScenePart, ...]
    choices: tuple[Choice, ...]

    @property
    def is_ending(self) -> bool:
        return not self.choices


@dataclass(frozen=True)
class Script:
    """A whole scenario. Read-only: that of a published edition is shared by all requests of the process."""

    scenario: Scenario
    gauges: tuple[Gauge, ...]
    scenes: dict[str, SceneScript]
    graph: Graph

    @property
    def start(self) -> SceneScript:
        """The scene at the first position."""
        return self.scenes[self.graph.start]

    @cached_property
    def choices(self) -> dict[str, Choice]:
        """Every choice by its key."""
        return {choice.key: choice for scene in self.scenes.values() for choice in scene.choices}


@dataclass(frozen=True)
class Change:
    """A gauge that a choice moved."""

    name: str
    before: int
    after: int

    @property
    def word(self) -> str:
        return "rises" if self.after > self.before else "falls"


@dataclass(frozen=True)
class Turn:
    """A choice that is offered at a stop of a walk, and the scene to which it leads from there."""

    choice: Choice
    scene: Scene
    is_ending: bool


@dataclass(frozen=True)
class Step:
    """One decision of a walk, for the debrief: what was chosen, and what else could have been."""

    decision: int
    choice: Choice
    others: tuple[Turn, ...]
    best: tuple[Choice, ...]
    changes: list[Change]
    sources: Sequence[Source]

    @property
    def scene(self) -> Scene:
        """Where it was decided."""
        return self.choice.scene


@dataclass(frozen=True)
class Walk:
    """The choices taken in a scenario so far and where they led, in a playthrough or without an account."""

    script: Script
    choices: tuple[Choice, ...]
    stops: tuple[Stop, ...]  # one more than choices: where each was taken, and where the last one led
    saved_at: datetime.datetime | None = None  # when the last decision was stored
    is_repeated: bool = False  # the last decision was taken over from an earlier playthrough

    @property
    def here(self) -> SceneScript:
        """The scene that waits, or the ending that was reached."""
        return self.script.scenes[self.stops[-1].state.scene]

    @property
    def is_ended(self) -> bool:
        return self.here.is_ending

    @property
    def keys(self) -> list[str]:
        """The keys of the choices taken."""
        return [choice.key for choice in self.choices]

    @property
    def decision(self) -> int:
        """The number of the decision that waits."""
        return len(self.choices) + 1

    @property
    def last(self) -> Choice | None:
        """The choice taken last."""
        return self.choices[-1] if self.choices else None

    @property
    def offered(self) -> list[Choice]:
        """What may be done now: choices whose needs are met."""
        return [turn.choice for turn in self._turns(self.decision)]

    def take(self, decision: int, key: str) -> Turn | None:
        """What this choice does, taken as that decision; None for a decision that has been taken already.

        NotAChoiceError for a choice that is not offered here, and for a decision that does not wait yet.
        """
        if self.is_ended or decision < self.decision:
            return None
        turn = next((turn for turn in self._turns(self.decision) if turn.choice.key == key), None)
        if turn is None or decision != self.decision:
            raise NotAChoiceError
        return turn

    def until(self, decision: int) -> Walk:
        """The same walk before that decision."""
        return Walk(self.script, self.choices[: decision - 1], self.stops[:decision])

    def shared_with(self, other: Walk) -> int:
        """With how many of the same choices both begin."""
        pairs = zip(self.choices, other.choices, strict=False)
        return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))

    def changes(self, decision: int) -> list[Change]:
        """The gauges that a decision moved."""
        before, after = (stop.state.gauges for stop in self.stops[decision - 1 : decision + 1])
        return [
            Change(gauge.name, before[gauge.key], after[gauge.key])
            for gauge in self.script.gauges
            if before[gauge.key] != after[gauge.key]
        ]

    @property
    def last_changes(self) -> list[Change]:
        """The gauges that the last decision moved."""
        return self.changes(len(self.choices)) if self.choices else []

    def values(self) -> list[tuple[str, list[int]]]:
        """Each gauge with its values from the start to after the last decision."""
        return [(gauge.name, [stop.state.gauges[gauge.key] for stop in self.stops]) for gauge in self.script.gauges]

    def chart(self) -> chart.Chart | None:
        """The gauges along the walk; None where the scenario has none."""
        return chart.draw(self.values()) if self.script.gauges else None

    def steps(self, sources: Mapping[int, Sequence[Source]]) -> list[Step]:
        """Every decision, with what else could be done and the sources of its scene; what was locked is left out."""
        return [self._step(decision, sources) for decision in range(1, self.decision)]

    def _step(self, decision: int, sources: Mapping[int, Sequence[Source]]) -> Step:
        choice, turns = self.choices[decision - 1], self._turns(decision)
        return Step(
            decision,
            choice,
            tuple(turn for turn in turns if turn.choice.pk != choice.pk),
            tuple(turn.choice for turn in turns if turn.choice.rating == "best"),
            self.changes(decision),
            sources.get(choice.scene_id, ()),
        )

    def _turns(self, decision: int) -> list[Turn]:
        """What could be done at a decision."""
        return [self._turn(key, state) for key, state in self.stops[decision - 1].onward.items()]

    def _turn(self, key: str, state: State) -> Turn:
        after = self.script.scenes[state.scene]
        return Turn(self.script.choices[key], after.scene, after.is_ending)


def walk_of(script: Script, keys: Iterable[str]) -> Walk:
    """The walk that takes the choices with these keys. KeyError when one of them is not offered where the walk is."""
    taken = tuple(keys)
    return Walk(script, tuple(script.choices[key] for key in taken), tuple(script.graph.walk(taken)))
