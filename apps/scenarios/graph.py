"""Scenarios as graphs with gauges: what is open where, what can be reached, what can end. Imports no Django."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

LOWEST, HIGHEST = 0, 100  # of a gauge


@dataclass(frozen=True)
class Need:
    """A gauge at least so high, or a scene visited."""

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
        """The states of a walk, from before the first choice to after the last. KeyError for a choice not there."""
        states = [self.begin()]
        for key in keys:
            edges = {edge.key: edge for edge in self.edges[states[-1].scene]}
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
        return set(self.edges) - {state.scene for state in self._reachable_states()}

    def endless(self) -> set[str]:
        """Scenes from which no path reaches an ending."""
        arrivals: dict[str, set[str]] = {scene: set() for scene in self.edges}
        for scene, edges in self.edges.items():
            for edge in edges:
                arrivals.setdefault(edge.target, set()).add(scene)
        waiting = [scene for scene, edges in self.edges.items() if not edges]
        found: set[str] = set()
        while waiting:
            scene = waiting.pop()
            if scene not in found:
                found.add(scene)
                waiting.extend(arrivals[scene])
        return set(self.edges) - found

    def locked(self) -> set[str]:
        """Scenes in which a learner can stand with choices that are all closed."""
        return {
            state.scene for state in self._reachable_states() if self.edges[state.scene] and not self.open_edges(state)
        }

    def _reachable_states(self) -> Sequence[State]:
        """Every state that can be reached, told apart only by what some choice needs."""
        needs = [need for edges in self.edges.values() for edge in edges for need in edge.needs]
        gauges = {need.gauge for need in needs}
        scenes = {need.visited for need in needs}
        seen: dict[object, State] = {}
        waiting = [self.begin()]
        while waiting:
            state = waiting.pop()
            telling = (
                state.scene,
                tuple(sorted((name, value) for name, value in state.gauges.items() if name in gauges)),
                state.visited & scenes,
            )
            if telling not in seen:
                seen[telling] = state
                waiting.extend(self.take(state, edge) for edge in self.open_edges(state))
        return list(seen.values())


def _is_met(need: Need, state: State) -> bool:
    if need.visited:
        return need.visited in state.visited
    return state.gauges[need.gauge] >= need.at_least
