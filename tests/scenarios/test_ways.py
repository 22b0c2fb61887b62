"""The shortest and the longest way of a case, and where its gauges can end: beside all ways, listed one by one."""

from collections.abc import Iterator
from itertools import pairwise

import pytest
from hypothesis import given

from apps.scenarios.graph import LOWEST, Edge, Graph, Need, State
from tests.scenarios.test_graph import gauged_graphs, graph, reached

pytestmark = pytest.mark.once

DAG = {"a": ["b", "c"], "b": ["c", "end"], "c": ["d"], "d": ["end"]}


def walks(scenario: Graph, most: int = 6) -> Iterator[tuple[State, int]]:
    """The states in which walks of so many decisions at most end, and after how many."""
    waiting = [(scenario.begin(), 0)]
    while waiting:
        state, decisions = waiting.pop()
        if not scenario.edges[state.scene]:
            yield state, decisions
        elif decisions < most:
            waiting += [(after, decisions + 1) for after in scenario.onward(state).values()]


def in_layers(layers: int, width: int = 4) -> dict[str, list[str]]:
    """Each scene of a layer leads to every scene of the next; far more ways than can be listed."""
    names = [[f"{layer}-{place}" for place in range(width)] for layer in range(layers)]
    edges = {name: following for here, following in pairwise(names) for name in here}
    return {"a": names[0], **edges, **{name: ["end"] for name in names[-1]}}


def test_the_shortest_and_the_longest_way_are_told_in_decisions() -> None:
    assert graph(DAG).ways() == (2, 4)
    assert graph({"a": []}).ways() == (0, 0)
    assert graph({"a": ["a"]}).ways() == (0, 0)


def test_a_case_of_a_hundred_scenes_is_measured_without_listing_its_ways() -> None:
    assert graph(in_layers(100)).ways() == (101, 101)
    chain = {f"{number}": [f"{number + 1}", "end"] for number in range(3_000)}
    assert graph(chain, "0").ways() == (1, 3_000)


def test_what_turns_back_makes_no_way_longer() -> None:
    assert graph({"a": ["b"], "b": ["a", "c"], "c": ["b", "end"]}).ways() == (3, 3)


def test_only_ways_that_are_open_count() -> None:
    short = Edge("short", "end", needs=(Need(gauge="trust", at_least=60),))
    edges = {"a": (short, Edge("on", "b")), "b": (Edge("out", "end"),), "end": ()}
    assert Graph("a", edges, {"trust": 50}).ways() == (2, 2)
    assert Graph("a", edges, {"trust": 60}).ways() == (1, 2)


def test_a_scene_in_which_nothing_is_offered_is_no_ending() -> None:
    shut = Edge("shut", "end", needs=(Need(visited="end"),))
    assert Graph("a", {"a": (Edge("on", "b"),), "b": (shut,), "end": ()}).ways() == (0, 0)


def test_with_too_many_states_scenes_are_counted_whatever_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("apps.scenarios.graph.MOST_STATES", 100)
    names = "abc"
    more = tuple(Edge(f"more-{name}", "a", {name: 1}) for name in names)
    out = Edge("out", "b", needs=tuple(Need(gauge=name, at_least=100) for name in names))
    edges = {"a": (*more, out), "b": (Edge("on", "end"),), "end": ()}
    assert Graph("a", edges, dict.fromkeys(names, 0)).ways() == (2, 2)


@given(gauged_graphs())
def test_ways_are_as_long_as_the_walks_that_there_are(scenario: Graph) -> None:
    shortest, longest = scenario.ways()
    lengths = {decisions for _, decisions in walks(scenario)}
    if lengths:
        assert shortest == min(lengths)
        assert longest >= shortest
    onward = {scene: [target for edge in edges for target in edge.targets] for scene, edges in scenario.edges.items()}
    if not any(scene in reached(onward, after) for scene in onward for after in onward[scene]):
        assert longest == max(lengths, default=0)


@given(gauged_graphs())
def test_gauges_end_between_the_lowest_and_the_highest_value(scenario: Graph) -> None:
    final = scenario.final_values()
    for state, _ in walks(scenario):
        lowest, highest = final[state.scene]["trust"]
        assert LOWEST <= lowest <= state.gauges["trust"] <= highest


def test_a_gauge_that_nothing_needs_is_followed_as_exactly_as_one_that_is_needed() -> None:
    ups = tuple(Edge(f"up-{change}", "b", {"trust": change}) for change in (-70, 5, 60))
    edges = {"a": ups, "b": (Edge("down", "end", {"trust": -20}), Edge("leave", "end")), "end": ()}
    needed = {**edges, "c": (Edge("never", "end", needs=(Need(gauge="trust", at_least=1),)),)}
    told = {"end": {"trust": (0, 100)}}
    assert Graph("a", edges, {"trust": 50}).final_values() == told
    assert Graph("a", needed, {"trust": 50}).final_values() == told
    assert Graph("a", {**edges, "a": ups[1:2]}, {"trust": 50}).final_values() == {"end": {"trust": (35, 55)}}
