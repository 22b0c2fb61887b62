"""Which scenes can be reached, and from which an ending can: over random graphs, beside the simplest way to tell.

What gauges and needs do to a graph is in `test_gauges.py`.
"""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.scenarios.graph import HIGHEST, LOWEST, Edge, Graph, Need, State, TooManyStatesError

pytestmark = pytest.mark.once

EDGES = {"a": ["b", "c"], "b": ["end"], "c": ["c"], "lost": ["end"], "end": []}


def graph(edges: dict[str, list[str]], start: str = "a") -> Graph:
    """Scenes with a choice for each target, without gauges; a scene that is only a target is an ending."""
    scenes = {start, *edges, *(target for targets in edges.values() for target in targets)}
    return Graph(
        start,
        {
            scene: tuple(Edge(f"{scene}-{place}", target) for place, target in enumerate(edges.get(scene, ())))
            for scene in scenes
        },
    )


def reached(edges: dict[str, list[str]], start: str) -> set[str]:
    """What some path leads to, found step by step."""
    found: set[str] = {start}
    while True:
        more = found | {target for scene in found for target in edges.get(scene, ())}
        if more == found:
            return found
        found = more


names = st.sampled_from("abcdefg")
graphs = st.dictionaries(names, st.lists(names, max_size=4), min_size=1)
small_graphs = st.dictionaries(st.sampled_from("abcd"), st.lists(st.sampled_from("abcd"), max_size=3), min_size=1)


def needs_of(scenes: str) -> st.SearchStrategy[Need]:
    """Needs of each kind."""
    scene = st.sampled_from(scenes)
    return st.one_of(
        st.builds(lambda least: Need(gauge="trust", at_least=least), st.integers(0, 100)),
        st.builds(lambda below: Need(gauge="trust", below=below), st.integers(1, 100)),
        st.builds(lambda scene: Need(visited=scene), scene),
        st.builds(lambda scene: Need(not_visited=scene), scene),
    )


@st.composite
def gauged_graphs(draw: st.DrawFn) -> Graph:
    """Graphs whose choices move a gauge, need something, and may lead elsewhere where something is not so."""
    scenes = "abcd"
    needs = st.lists(needs_of(scenes), max_size=1).map(tuple)
    edges = {
        scene: tuple(
            Edge(
                f"{scene}-{place}",
                draw(st.sampled_from(scenes)),
                {"trust": draw(st.sampled_from([-100, -50, 50, 100]))} if draw(st.booleans()) else {},
                draw(needs),
                *((draw(st.sampled_from(scenes)), draw(needs)) if draw(st.booleans()) else ()),
            )
            for place in range(draw(st.integers(0, 2)))
        )
        for scene in scenes
    }
    return Graph("a", edges, {"trust": draw(st.sampled_from([0, 50, 100]))})


Seen = dict[tuple[str, int, frozenset[str]], dict[str, str]]


def states(scenario: Graph, start: State | None = None) -> Seen:
    """Every state that can be reached (from `start`), told apart by all that is in it, and where each choice leads."""
    seen: Seen = {}
    waiting: list[State] = [start or scenario.begin()]
    while waiting:
        state = waiting.pop()
        told = (state.scene, state.gauges["trust"], state.visited)
        if told not in seen:
            following = {edge.key: scenario.take(state, edge) for edge in scenario.open_edges(state)}
            seen[told] = {key: after.scene for key, after in following.items()}
            waiting.extend(following.values())
    return seen


def test_a_scene_to_which_no_path_leads_is_found() -> None:
    assert graph(EDGES).unreachable() == {"lost"}


def test_a_ring_has_no_way_to_an_ending() -> None:
    assert graph(EDGES).endless() == {"c"}


def test_a_scene_without_choices_is_an_ending() -> None:
    only = graph({}, "only")
    assert only.endless() == only.unreachable() == only.locked() == set()
    assert list(only.paths()) == [()]


@given(graphs, names)
def test_reachable_is_what_some_path_leads_to(edges: dict[str, list[str]], start: str) -> None:
    scenario = graph(edges, start)
    assert scenario.edges.keys() - scenario.unreachable() == reached(edges, start)


@given(graphs, names)
def test_who_can_end_has_an_ending_within_reach_and_nobody_else_has(edges: dict[str, list[str]], start: str) -> None:
    scenario = graph(edges, start)
    endings = {scene for scene in scenario.edges if not edges.get(scene)}
    assert scenario.endless() == {scene for scene in scenario.edges if not reached(edges, scene) & endings}


def test_a_ring_whose_way_out_needs_more_than_can_be_had_locks_a_learner_out() -> None:
    ring = Graph(
        "a",
        {
            "a": (Edge("on", "b", {"trust": -10}), Edge("leave", "end", needs=(Need(gauge="trust", at_least=60),))),
            "b": (Edge("back", "a", {"trust": 10}),),
            "end": (),
        },
        {"trust": 50},
    )
    assert ring.locked() == {"a", "b"}
    assert ring.endless() == set()
    assert replace(ring, gauges={"trust": 60}).locked() == set()


def test_rules_that_make_too_many_ways_are_refused() -> None:
    moves = [{"a": 1}, {"b": 1}, {"c": 1}]
    needs = tuple(Need(gauge=name, at_least=100) for name in "abc")
    edges = (
        *(Edge(f"more-{place}", "a", effects) for place, effects in enumerate(moves)),
        Edge("out", "end", {}, needs),
    )
    with pytest.raises(TooManyStatesError):
        Graph("a", {"a": edges, "end": ()}, {"a": 0, "b": 0, "c": 0}).locked()


@given(graphs, names)
def test_without_needs_nobody_is_locked_out(edges: dict[str, list[str]], start: str) -> None:
    assert graph(edges, start).locked() == set()


@given(small_graphs)
def test_every_path_is_a_walk_from_the_start_to_an_ending_that_visits_no_scene_twice(
    edges: dict[str, list[str]],
) -> None:
    scenario = graph(edges)
    paths = list(scenario.paths())
    assert len(paths) == len(set(paths))
    for path in paths:
        scenes = [stop.state.scene for stop in scenario.walk(path)]
        assert scenes[0] == "a"
        assert scenario.edges[scenes[-1]] == ()
        assert len(scenes) == len(set(scenes))
    endings = {scene for scene in reached(edges, "a") if not scenario.edges[scene]}
    assert {scenario.walk(path)[-1].state.scene for path in paths} == endings


@given(gauged_graphs())
def test_with_gauges_what_is_found_is_what_every_state_shows(scenario: Graph) -> None:
    found = states(scenario)
    assert scenario.edges.keys() - scenario.unreachable() == {scene for scene, _, _ in found}
    stuck = {
        scene
        for scene, trust, visited in found
        if all(scenario.edges[after] for after, _, _ in states(scenario, State(scene, {"trust": trust}, visited)))
    }
    assert scenario.locked() == stuck - scenario.endless()
    assert all(LOWEST <= trust <= HIGHEST for _, trust, _ in found)


@given(gauged_graphs())
def test_what_each_choice_leads_to_is_what_every_state_shows(scenario: Graph) -> None:
    found = states(scenario)
    edges = {edge.key: (scene, edge) for scene in scenario.edges for edge in scenario.edges[scene]}
    leads = {key: {following[key] for following in found.values() if key in following} for key in edges}
    assert all(leads[key] <= {edge.target, edge.otherwise} for key, (_, edge) in edges.items())
    reached = {scene for scene, _, _ in found}
    assert scenario.never_offered() == {key for key, (scene, _) in edges.items() if scene in reached and not leads[key]}
    same = {key for key, (_, edge) in edges.items() if edge.conditions and len(leads[key]) == 1}
    assert scenario.undecided() == {key: min(leads[key]) for key in same}


@given(gauged_graphs())
def test_who_turns_back_can_come_to_the_same_choice_again(scenario: Graph) -> None:
    onward = {scene: [target for edge in edges for target in edge.targets] for scene, edges in scenario.edges.items()}
    assert scenario.turning_back() == {
        edge.key
        for scene, edges in scenario.edges.items()
        for edge in edges
        if edge.otherwise and scene in reached(onward, edge.otherwise)
    }


@given(gauged_graphs())
def test_every_path_ends_in_the_state_that_its_walk_does(scenario: Graph) -> None:
    for path, end in scenario.paths_with_ends():
        walked = scenario.walk(path)
        assert walked[-1].state == end
        assert len({stop.state.scene for stop in walked}) == len(walked)
