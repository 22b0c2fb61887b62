"""The shortest and the longest way of a case, and where its gauges can end: beside all ways, listed one by one."""

from collections.abc import Iterator
from itertools import pairwise

import pytest
from hypothesis import given

from apps.scenarios.graph import LOWEST, Edge, Graph, Need, State, _middle
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


def test_a_tenth_of_the_ways_at_either_end_does_not_count() -> None:
    assert _middle([0, 9, 1]) == (1, 1)
    assert _middle([0, 8, 2]) == (1, 2)
    assert _middle([1, 9]) == (1, 1)
    assert _middle([2, 8]) == (0, 1)
    assert _middle([]) == _middle([0, 0]) == (0, 0)


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


# What is usual --------------------------------------------------------------------------------------------------------


def listed_lengths(scenario: Graph) -> list[int]:
    return sorted(len(path) for path in scenario.paths())


def middle(lengths: list[int]) -> tuple[int, int]:
    """The same by counting one by one: a tenth of the ways is shorter at the most, a tenth longer."""
    low = next(one for one in lengths if 10 * sum(other <= one for other in lengths) > len(lengths))
    high = next(one for one in lengths if 10 * sum(other <= one for other in lengths) >= 9 * len(lengths))
    return low, high


def test_usual_is_what_most_ways_take() -> None:
    assert graph(DAG).usual_lengths() == (2, 4)
    assert graph({"a": []}).usual_lengths() == (0, 0)
    assert graph({"a": ["a"]}).usual_lengths() == (0, 0)
    rare = {"a": ["end", *(f"b{number}" for number in range(20))], **{f"b{number}": ["end"] for number in range(20)}}
    assert graph(rare).ways() == (1, 2)
    assert graph(rare).usual_lengths() == (2, 2), "one way of 21 is shorter"


def test_more_ways_than_can_be_listed_are_counted() -> None:
    assert graph(in_layers(100)).usual_lengths() == (0, 0), "longer than is counted"
    assert graph(in_layers(60)).usual_lengths() == (61, 61)
    out = {name: [*following, "end"] for name, following in in_layers(30).items()}
    assert graph(out).usual_lengths() == (30, 31), "the long ones are by far the most"


def test_ways_that_lead_round_are_counted_as_long_as_the_longest_that_does_not() -> None:
    assert graph({"a": ["b", "end"], "b": ["a", "c"], "c": ["end"]}).usual_lengths() == (1, 3)
    assert graph({"a": ["b"], "b": ["a", "c"], "c": ["b", "end"]}).usual_lengths() == (3, 3)


def test_usual_are_only_ways_that_are_open() -> None:
    short = Edge("short", "end", needs=(Need(gauge="trust", at_least=60),))
    edges = {"a": (short, Edge("on", "b")), "b": (Edge("out", "end"),), "end": ()}
    assert Graph("a", edges, {"trust": 50}).usual_lengths() == (2, 2)
    assert Graph("a", edges, {"trust": 60}).usual_lengths() == (1, 2)


def test_with_too_many_states_to_wait_for_scenes_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("apps.scenarios.graph.MOST_COUNTED", 1)
    short = Edge("short", "end", needs=(Need(gauge="trust", at_least=60),))
    edges = {"a": (short, Edge("on", "b")), "b": (Edge("out", "end"),), "end": ()}
    assert Graph("a", edges, {"trust": 50}).usual_lengths() == (1, 2)


@given(gauged_graphs())
def test_usual_lies_between_the_shortest_and_the_longest(scenario: Graph) -> None:
    shortest, longest = scenario.ways()
    low, high = scenario.usual_lengths()
    assert shortest <= low <= high <= longest
    onward = {scene: [target for edge in edges for target in edge.targets] for scene, edges in scenario.edges.items()}
    is_round = any(scene in reached(onward, after) for scene in onward for after in onward[scene])
    if not is_round and (lengths := listed_lengths(scenario)):
        assert (low, high) == middle(lengths)
