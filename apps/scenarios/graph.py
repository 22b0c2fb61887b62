"""Scenarios as graphs with gauges: what is open where, what can be reached, what can end. Imports no Django."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

LOWEST, HIGHEST = 0, 100  # of a gauge
MOST_STATES = 20_000  # that are looked at before publishing: a second or two


@dataclass(frozen=True)
class Need:
    """A gauge at least so high, or a scene visited (on the way or now)."""

    gauge: str = ""
    at_least: int = 0
    visited: str = ""


@dataclass(frozen=True)
class Edge:
    """A choice: where it leads, how it moves the gauges, what it needs (its own needs and those of its target)."""

    key: str
    target: str
    effects: Mapping[str, int] = field(default_factory=dict)
    needs: tuple[Need, ...] = ()


@dataclass(frozen=True)
class State:
    """Where a walk is: the scene, the gauges, the scenes visited before."""

    scene: str
    gauges: Mapping[str, int]
    visited: frozenset[str]


@dataclass(frozen=True)
class Graph:
    """A scenario: its scenes with the choices of each (none at an ending), and where the gauges start."""

    start: str
    edges: Mapping[str, tuple[Edge, ...]]
    gauges: Mapping[str, int] = field(default_factory=dict)

    def begin(self) -> State:
        """The state before the first decision."""
        return State(self.start, dict(self.gauges), frozenset())

    def open_edges(self, state: State) -> list[Edge]:
        """The choices that are offered in a state."""
        return [edge for edge in self.edges[state.scene] if all(_is_met(need, state) for need in edge.needs)]

    def take(self, state: State, edge: Edge) -> State:
        """The state after a choice; gauges stay within 0 and 100."""
        gauges = {
            name: min(HIGHEST, max(LOWEST, value + edge.effects.get(name, 0))) for name, value in state.gauges.items()
        }
        return State(edge.target, gauges, state.visited | {state.scene})

    def walk(self, keys: Iterable[str]) -> list[State]:
        """The states of a walk, from before the first choice to after the last. KeyError for one not offered there."""
        states = [self.begin()]
        for key in keys:
            edges = {edge.key: edge for edge in self.open_edges(states[-1])}
            states.append(self.take(states[-1], edges[key]))
        return states

    def paths(self) -> Iterable[tuple[str, ...]]:
        """Every way through that visits no scene twice, as the keys of its choices."""
        waiting: list[tuple[State, tuple[str, ...]]] = [(self.begin(), ())]
        while waiting:
            state, keys = waiting.pop()
            if not self.edges[state.scene]:
                yield keys
            for edge in self.open_edges(state):
                if edge.target not in state.visited | {state.scene}:
                    waiting.append((self.take(state, edge), (*keys, edge.key)))

    def unreachable(self) -> set[str]:
        """Scenes to which no path leads."""
        return set(self.edges) - {state.scene for state in self._ways()}

    def endless(self) -> set[str]:
        """Scenes from which no path reaches an ending, whatever is needed."""
        onward = {scene: [edge.target for edge in edges] for scene, edges in self.edges.items()}
        can_end: set[str] = _leading_to([scene for scene in onward if not onward[scene]], onward)
        return set(self.edges) - can_end

    def locked(self) -> set[str]:
        """Scenes in which a learner can stand so that what is needed keeps every ending out of reach."""
        onward = self._ways()
        can_end: set[_Told] = _leading_to([state for state in onward if not self.edges[state.scene]], onward)
        return {state.scene for state in onward.keys() - can_end} - self.endless()

    def _ways(self) -> Mapping["_Told", Sequence["_Told"]]:
        """Every state that can be reached, told apart only by what some choice needs, with those that follow it.

        TooManyWaysError for more than MOST_STATES.
        """
        needs = [need for edges in self.edges.values() for edge in edges for need in edge.needs]
        gauges, scenes = {need.gauge for need in needs}, {need.visited for need in needs}

        def told(state: State) -> _Told:
            values = tuple(sorted((name, value) for name, value in state.gauges.items() if name in gauges))
            return _Told(state.scene, values, state.visited & scenes)

        ways: dict[_Told, list[_Told]] = {}
        waiting = [self.begin()]
        while waiting:
            state = waiting.pop()
            if told(state) in ways:
                continue
            if len(ways) == MOST_STATES:
                raise TooManyWaysError
            following = [self.take(state, edge) for edge in self.open_edges(state)]
            ways[told(state)] = [told(after) for after in following]
            waiting.extend(following)
        return ways


class TooManyWaysError(Exception):
    """The scenario's rules make more states than can be looked at."""


@dataclass(frozen=True)
class _Told:
    """A state by what some choice needs: the scene, the gauges that are asked for, the scenes that are."""

    scene: str
    gauges: tuple[tuple[str, int], ...]
    visited: frozenset[str]


Node = TypeVar("Node", bound=Hashable)


def _leading_to(ends: Iterable[Node], onward: Mapping[Node, Iterable[Node]]) -> set[Node]:
    """The nodes of a graph from which one of `ends` can be reached; the ends too."""
    arrivals: dict[Node, list[Node]] = {}
    for node, following in onward.items():
        for after in following:
            arrivals.setdefault(after, []).append(node)
    found: set[Node] = set()
    waiting = list(ends)
    while waiting:
        node = waiting.pop()
        if node not in found:
            found.add(node)
            waiting.extend(arrivals.get(node, ()))
    return found


def _is_met(need: Need, state: State) -> bool:
    if need.visited:
        return need.visited in state.visited or need.visited == state.scene
    return state.gauges[need.gauge] >= need.at_least
