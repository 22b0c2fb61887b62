"""Scenarios as graphs with gauges: what is open where, what can be reached, what can end. Imports no Django."""

from collections import deque
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import accumulate
from typing import TypeVar

LOWEST, HIGHEST = 0, 100  # of a gauge
MOST_STATES = 20_000  # that are looked at before publishing: a second or two
MOST_COUNTED = 2_000  # states through which ways are counted while a learner waits; else scenes are taken for them
LONGEST_COUNTED = 100  # decisions of a way


@dataclass(frozen=True)
class Need:
    """A gauge at least so high or below that, a scene visited or not visited (before or now)."""

    gauge: str = ""
    at_least: int = 0
    below: int | None = None
    visited: str = ""
    not_visited: str = ""


@dataclass(frozen=True)
class Edge:
    """A choice: where it leads, how it moves the gauges, what it needs to be offered.

    One with `otherwise` leads there when a condition is not met after it has moved the gauges.
    """

    key: str
    target: str
    effects: Mapping[str, int] = field(default_factory=dict)
    needs: tuple[Need, ...] = ()
    otherwise: str = ""
    conditions: tuple[Need, ...] = ()

    @property
    def targets(self) -> tuple[str, ...]:
        """The scenes that it can lead to."""
        return (self.target, self.otherwise) if self.otherwise else (self.target,)


@dataclass(frozen=True)
class State:
    """Where a walk is: the scene, the gauges, the scenes visited before."""

    scene: str
    gauges: Mapping[str, int]
    visited: frozenset[str]


@dataclass(frozen=True)
class Stop:
    """A point of a walk: the state there, and the state after each choice that is offered there."""

    state: State
    onward: Mapping[str, State]


@dataclass(frozen=True)
class Graph:
    """A scenario: its scenes with the choices of each (none at an ending), and how everything stands at the start."""

    start: str
    edges: Mapping[str, tuple[Edge, ...]]
    gauges: Mapping[str, int] = field(default_factory=dict)
    visited: frozenset[str] = frozenset()  # scenes, before the start

    def begin(self) -> State:
        """The state before the first decision."""
        return State(self.start, dict(self.gauges), self.visited)

    def open_edges(self, state: State) -> list[Edge]:
        """The choices that are offered in a state."""
        return [edge for edge in self.edges[state.scene] if all(_is_met(need, state) for need in edge.needs)]

    def take(self, state: State, edge: Edge) -> State:
        """The state after a choice; gauges stay within 0 and 100."""
        gauges = {name: _within(value + edge.effects.get(name, 0)) for name, value in state.gauges.items()}
        after = State(state.scene, gauges, state.visited | {state.scene})
        is_otherwise = edge.otherwise and not all(_is_met(need, after) for need in edge.conditions)
        return replace(after, scene=edge.otherwise if is_otherwise else edge.target)

    def onward(self, state: State) -> dict[str, State]:
        """The choices that are offered in a state, each with the state after it."""
        return {edge.key: self.take(state, edge) for edge in self.open_edges(state)}

    def walk(self, keys: Iterable[str]) -> list[Stop]:
        """The stops of a walk, from before the first choice to after the last. KeyError for one not offered there."""
        state = self.begin()
        stops = [Stop(state, self.onward(state))]
        for key in keys:
            state = stops[-1].onward[key]
            stops.append(Stop(state, self.onward(state)))
        return stops

    def paths(self) -> Iterable[tuple[str, ...]]:
        """Every path to an ending that visits no scene twice, as the keys of its choices."""
        return (keys for keys, _ in self.paths_with_ends())

    def paths_with_ends(self) -> Iterable[tuple[tuple[str, ...], State]]:
        """Every path to an ending that visits no scene twice, with the state in which it ends."""
        waiting: list[tuple[State, tuple[str, ...]]] = [(self.begin(), ())]
        while waiting:
            state, keys = waiting.pop()
            if not self.edges[state.scene]:
                yield keys, state
            for key, after in self.onward(state).items():
                if after.scene not in after.visited:
                    waiting.append((after, (*keys, key)))

    def unreachable(self) -> set[str]:
        """Scenes to which no path leads."""
        return set(self.edges) - {state.scene for state in self._known_states}

    def endless(self) -> set[str]:
        """Scenes from which no path reaches an ending, whatever is needed."""
        onward = self._onward()
        can_end: set[str] = _leading_to([scene for scene in onward if not onward[scene]], onward)
        return set(self.edges) - can_end

    def locked(self) -> set[str]:
        """Scenes in which a learner can stand so that what is needed keeps every ending out of reach."""
        onward = {state: list(following.values()) for state, following in self._known_states.items()}
        can_end: set[_Known] = _leading_to([state for state in onward if not self.edges[state.scene]], onward)
        return {state.scene for state in onward.keys() - can_end} - self.endless()

    def turning_back(self) -> set[str]:
        """Choices that lead, otherwise, to a scene from which their own can be reached again."""
        onward = self._onward()
        return {
            edge.key
            for scene, edges in self.edges.items()
            for edge in edges
            if edge.otherwise and edge.otherwise in _leading_to([scene], onward)
        }

    def never_offered(self) -> set[str]:
        """Choices whose needs are met on no path that leads to their scene."""
        leads = self._leads()
        reached = {scene for scenes in leads.values() for scene in scenes} | {self.start}
        return {edge.key for scene in reached for edge in self.edges[scene]} - leads.keys()

    def undecided(self) -> Mapping[str, str]:
        """Choices whose conditions turn out the same on every path, with the scene that they always lead to."""
        leads = self._leads()
        conditional = {edge.key for edges in self.edges.values() for edge in edges if edge.conditions}
        return {key: next(iter(leads[key])) for key in conditional & leads.keys() if len(leads[key]) == 1}

    def ways(self) -> tuple[int, int]:
        """The decisions of the shortest and of the longest way to an ending; 0 and 0 when there is none.

        A way may be as long as one likes where a choice leads back to a state on the way to it: the longest counts
        without such choices. Where there are too many states, scenes are taken for them, whatever is needed.
        """
        try:
            onward = {state: list(following.values()) for state, following in self._known_states.items()}
        except TooManyStatesError:
            return _ways(self.start, self._onward(), {scene for scene, edges in self.edges.items() if not edges})
        return _ways(next(iter(onward)), onward, {state for state in onward if not self.edges[state.scene]})

    def usual_lengths(self) -> tuple[int, int]:
        """The decisions of the shortest and of the longest way, when a tenth of all ways at either end does not count.

        0 and 0 when there is none. Ways are counted and not listed; those that lead round and round, as long as they
        are no longer than the longest that does not. With more than MOST_COUNTED states, whatever is needed.
        """
        states = self._find_states(MOST_COUNTED)
        if states is None:
            ends = {scene for scene, edges in self.edges.items() if not edges}
            return _middle(_counted_by_length(self.start, self._onward(), ends))
        onward = {state: list(following.values()) for state, following in states.items()}
        return _middle(
            _counted_by_length(next(iter(onward)), onward, {state for state in onward if not self.edges[state.scene]})
        )

    def final_values(self) -> Mapping[str, Mapping[str, tuple[int, int]]]:
        """Each ending that can be reached, with the lowest and the highest value that each gauge can have there.

        A gauge that nothing needs is not told apart in the states: its lowest and its highest value are carried through
        them instead, since a choice keeps the order of what it moves. TooManyStatesError for more than MOST_STATES.
        """
        endings = [
            (place, state.scene) for place, state in enumerate(self._known_states) if not self.edges[state.scene]
        ]
        found: dict[str, dict[str, tuple[int, int]]] = {scene: {} for _, scene in endings}
        moves = self._moves()
        for name, start in self.gauges.items():
            values = _carried(name, start, moves)
            for place, scene in endings:
                lowest, highest = values[place]
                before = found[scene].get(name, (lowest, highest))
                found[scene][name] = min(lowest, before[0]), max(highest, before[1])
        return found

    def _moves(self) -> list[list["_Move"]]:
        """For each state that can be reached: those that follow, by their places, and what moves the gauges."""
        effects = {edge.key: edge.effects for edges in self.edges.values() for edge in edges}
        places = {state: place for place, state in enumerate(self._known_states)}
        return [
            [(places[after], effects[key]) for key, after in following.items()]
            for following in self._known_states.values()
        ]

    def _onward(self) -> Mapping[str, Sequence[str]]:
        """Each scene with those that its choices can lead to, whatever is needed."""
        return {scene: [target for edge in edges for target in edge.targets] for scene, edges in self.edges.items()}

    def _leads(self) -> Mapping[str, set[str]]:
        """Each choice that is offered on some path, with the scenes it leads to."""
        leads: dict[str, set[str]] = {}
        for following in self._known_states.values():
            for key, after in following.items():
                leads.setdefault(key, set()).add(after.scene)
        return leads

    @property
    def _known_states(self) -> Mapping["_Known", Mapping[str, "_Known"]]:
        """Every state that can be reached, told apart only by what some choice needs, with what each choice leads to.

        The state before the first decision stands first. TooManyStatesError for more than MOST_STATES.
        """
        if self._states is None:
            raise TooManyStatesError
        return self._states

    @cached_property
    def _states(self) -> Mapping["_Known", Mapping[str, "_Known"]] | None:
        """None when there are too many: they are counted once, whoever asks."""
        return self._find_states(MOST_STATES)

    def _find_states(self, most: int) -> Mapping["_Known", Mapping[str, "_Known"]] | None:
        """Every state that can be reached, the first one first; None when there are more than so many."""
        needs = [n for edges in self.edges.values() for edge in edges for n in (*edge.needs, *edge.conditions)]
        gauges, scenes = {need.gauge for need in needs}, {scene for n in needs for scene in (n.visited, n.not_visited)}

        def known(state: State) -> _Known:
            values = tuple(sorted((name, value) for name, value in state.gauges.items() if name in gauges))
            return _Known(state.scene, values, state.visited & scenes)

        states: dict[_Known, dict[str, _Known]] = {}
        waiting = [self.begin()]
        while waiting:
            state = waiting.pop()
            if known(state) in states:
                continue
            if len(states) == most:
                return None
            onward = self.onward(state)
            states[known(state)] = {key: known(after) for key, after in onward.items()}
            waiting.extend(onward.values())
        return states


class TooManyStatesError(Exception):
    """The scenario's rules make more states than can be looked at."""


@dataclass(frozen=True)
class _Known:
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
    leading: set[Node] = set()
    waiting = list(ends)
    while waiting:
        node = waiting.pop()
        if node not in leading:
            leading.add(node)
            waiting.extend(arrivals.get(node, ()))
    return leading


def _ways(first: Node, onward: Mapping[Node, Sequence[Node]], ends: Collection[Node]) -> tuple[int, int]:
    """The steps of the shortest and of the longest way to an end; 0 and 0 when there is none."""
    return _shortest(first, onward, ends), _longest(first, onward, ends)


def _shortest(first: Node, onward: Mapping[Node, Sequence[Node]], ends: Collection[Node]) -> int:
    """The steps to the nearest end."""
    steps = {first: 0}
    waiting = deque([first])
    while waiting:
        node = waiting.popleft()
        if node in ends:
            return steps[node]
        for after in onward[node]:
            if after not in steps:
                steps[after] = steps[node] + 1
                waiting.append(after)
    return 0


def _longest(first: Node, onward: Mapping[Node, Sequence[Node]], ends: Collection[Node]) -> int:
    """The most steps to an end, without those that lead back to a node on the way, as they are found in their order."""
    longest: dict[Node, int | None] = {}  # from each node that is done; None where no end is reached
    under_way = {first: iter(onward[first])}  # the way to where the search is
    while under_way:
        node, rest = next(reversed(under_way.items()))
        after = next((one for one in rest if one not in longest and one not in under_way), None)
        if after is not None:
            under_way[after] = iter(onward[after])
            continue
        del under_way[node]
        steps = [longest.get(one) for one in onward[node] if one not in under_way]
        longest[node] = max((step + 1 for step in steps if step is not None), default=0 if node in ends else None)
    return longest[first] or 0


def _counted_by_length(first: Node, onward: Mapping[Node, Sequence[Node]], ends: Collection[Node]) -> list[int]:
    """How many ways to an end have 0, 1, 2… steps, up to those of the longest that does not lead round."""
    counts, layer = [], {first: 1}  # the nodes after so many steps, each with the number of ways to it
    for _ in range(min(_longest(first, onward, ends), LONGEST_COUNTED) + 1):
        counts.append(sum(ways for node, ways in layer.items() if node in ends))
        after: dict[Node, int] = {}
        for node, ways in layer.items():
            for one in onward[node]:
                after[one] = after.get(one, 0) + ways
        layer = after
    return counts


def _middle(counts: Sequence[int]) -> tuple[int, int]:
    """Between which lengths the middle four fifths of so many ways of each length lie; 0 and 0 without a way."""
    upto = list(accumulate(counts))
    if not upto or not upto[-1]:
        return 0, 0
    low = next(length for length, ways in enumerate(upto) if 10 * ways > upto[-1])
    high = next(length for length, ways in enumerate(upto) if 10 * ways >= 9 * upto[-1])
    return low, high


_Move = tuple[int, Mapping[str, int]]  # the place of a state, and how a choice moves the gauges on the way to it


def _carried(gauge: str, start: int, moves: Sequence[Sequence[_Move]]) -> list[tuple[int, int]]:
    """The lowest and the highest value that a gauge can have in each state; the first is where the walk starts."""
    lowest, highest = [HIGHEST + 1] * len(moves), [LOWEST - 1] * len(moves)
    lowest[0] = highest[0] = start
    waiting, is_waiting = deque([0]), [False] * len(moves)
    while waiting:
        place = waiting.popleft()
        is_waiting[place] = False
        for after, effects in moves[place]:
            change = effects.get(gauge, 0)
            low, high = _within(lowest[place] + change), _within(highest[place] + change)
            if low < lowest[after] or high > highest[after]:
                lowest[after], highest[after] = min(low, lowest[after]), max(high, highest[after])
                if not is_waiting[after]:
                    is_waiting[after] = True
                    waiting.append(after)
    return list(zip(lowest, highest, strict=True))


def _within(value: int) -> int:
    """A gauge's value, which stays within its ends."""
    return min(HIGHEST, max(LOWEST, value))


def _is_met(need: Need, state: State) -> bool:
    if scene := need.visited or need.not_visited:
        return (scene in state.visited or scene == state.scene) is bool(need.visited)
    if need.below is not None:
        return state.gauges[need.gauge] < need.below
    return state.gauges[need.gauge] >= need.at_least
