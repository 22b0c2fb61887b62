"""Which scenes can be reached, and from which an ending can: over random graphs, beside the simplest way to tell.

What gauges and needs do to a graph is in `test_gauges.py`.
"""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.scenarios.graph import HIGHEST, LOWEST, Edge, Graph, Need, State, TooManyWaysError

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


@st.composite
def gauged_graphs(draw: st.DrawFn) -> Graph:
    """Graphs whose choices move a gauge and need a gauge or an earlier scene."""
    scenes = "abcd"
    need = st.builds(lambda least: Need(gauge="trust", at_least=least), st.integers(0, 100)) | st.builds(
        lambda scene: Need(visited=scene), st.sampled_from(scenes)
    )
    edges = {
        scene: tuple(
            Edge(
                f"{scene}-{place}",
                draw(st.sampled_from(scenes)),
                {"trust": draw(st.sampled_from([-100, -50, 50, 100]))} if draw(st.booleans()) else {},
                tuple(draw(st.lists(need, max_size=1))),
            )
            for place in range(draw(st.integers(0, 2)))
        )
        for scene in scenes
    }
    return Graph("a", edges, {"trust": draw(st.sampled_from([0, 50, 100]))})


def states(scenario: Graph, start: State | None = None) -> set[tuple[str, int, frozenset[str]]]:
    """Every state that can be reached (from `start`), told apart by all that is in it."""
    seen: set[tuple[str, int, frozenset[str]]] = set()
    waiting: list[State] = [start or scenario.begin()]
    while waiting:
        state = waiting.pop()
        told = (state.scene, state.gauges["trust"], state.visited)
        if told not in seen:
            seen.add(told)
            waiting.extend(scenario.take(state, edge) for edge in scenario.open_edges(state))
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
    with pytest.raises(TooManyWaysError):
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
        scenes = [state.scene for state in scenario.walk(path)]
        assert scenes[0] == "a"
        assert scenario.edges[scenes[-1]] == ()
        assert len(scenes) == len(set(scenes))
    endings = {scene for scene in reached(edges, "a") if not scenario.edges[scene]}
    assert {scenario.walk(path)[-1].scene for path in paths} == endings


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
