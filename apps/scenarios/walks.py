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


MOST_OPENED = 1  # poor decisions whose better choice stands open in a debrief: more would push the rest out of sight


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
    def usual(self) -> str:
        """How many decisions most ways take: `usually 4 to 6`; nothing where none comes to an end."""
        fewest, most = self.graph.usual_lengths()
        return f"usually {fewest} to {most}" if fewest < most else f"usually {most}" if most else ""

    @property
    def what_gauges_are(self) -> str:
        """What is said of the gauges once, where they are first seen."""
        count = len(self.gauges)
        if count == 1:
            return (
                "One thing your choices move, out of 100. It is not a mark, and a good choice may cost you something."
            )
        many = {2: "Two", 3: "Three", 4: "Four"}.get(count, str(count))
        return (
            f"{many} things your choices move, out of 100. "
            "They are not marks, and a good choice may cost you something."
        )

    @cached_property
    def choices(self) -> dict[str, Choice]:
        """Every choice by its key."""
        return {choice.key: choice for scene in self.scenes.values() for choice in scene.choices}


@dataclass(frozen=True)
class Standing:
    """How a gauge stands after a decision, and how it stood before; at the start there is no before."""

    name: str
    value: int
    before: int | None = None

    @property
    def is_moved(self) -> bool:
        return self.before is not None and self.before != self.value

    @property
    def words(self) -> str:
        """Where it went, for those who see no bar: `same`, `down 5`, `up 10`."""
        if self.before is None:
            return ""
        if not self.is_moved:
            return "same"
        return f"{'up' if self.value > self.before else 'down'} {abs(self.value - self.before)}"


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
    changes: list[Standing]
    sources: Sequence[Source]
    is_open: bool = False

    @property
    def scene(self) -> Scene:
        """Where it was decided."""
        return self.choice.scene

    @property
    def better(self) -> tuple[Turn, ...]:
        """What would have been best, where that was not chosen."""
        is_best = self.choice.rating == "best"
        return () if is_best else tuple(turn for turn in self.others if turn.choice.rating == "best")

    @property
    def others_beside(self) -> tuple[Turn, ...]:
        """What else could have been done, without what stands there as best."""
        return tuple(turn for turn in self.others if turn not in self.better)


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

    def standing(self, decision: int) -> list[Standing]:
        """Every gauge after a decision; after none of them, at the start."""
        after = self.stops[decision].state.gauges
        before = self.stops[decision - 1].state.gauges if decision else {}
        return [Standing(gauge.name, after[gauge.key], before.get(gauge.key)) for gauge in self.script.gauges]

    @property
    def stands(self) -> list[Standing]:
        """Every gauge now."""
        return self.standing(len(self.choices))

    def values(self) -> list[tuple[str, list[int]]]:
        """Each gauge with its values from the start to after the last decision."""
        return [(gauge.name, [stop.state.gauges[gauge.key] for stop in self.stops]) for gauge in self.script.gauges]

    def chart(self) -> chart.Chart | None:
        """The gauges along the walk; None where the scenario has none."""
        return chart.draw(self.values()) if self.script.gauges else None

    def steps(self, sources: Mapping[int, Sequence[Source]]) -> list[Step]:
        """Every decision, with what else could be done and the sources of its scene; what was locked is left out."""
        poor = [number for number, choice in enumerate(self.choices, start=1) if choice.rating == "poor"]
        opened = poor[:MOST_OPENED]
        return [self._step(decision, sources, is_open=decision in opened) for decision in range(1, self.decision)]

    def _step(self, decision: int, sources: Mapping[int, Sequence[Source]], *, is_open: bool) -> Step:
        choice, turns = self.choices[decision - 1], self._turns(decision)
        return Step(
            decision,
            choice,
            tuple(turn for turn in turns if turn.choice.pk != choice.pk),
            [gauge for gauge in self.standing(decision) if gauge.is_moved],
            sources.get(choice.scene_id, ()),
            is_open,
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
