"""Which scenes can be reached, and from which an ending can."""

from hypothesis import given
from hypothesis import strategies as st

from apps.scenarios.graph import can_end, reachable

EDGES = {"a": ["b", "c"], "b": ["end"], "c": ["c"], "lost": ["end"], "end": []}

names = st.sampled_from("abcdefg")
graphs = st.dictionaries(names, st.lists(names, max_size=4), min_size=1)


def test_reachable_is_what_some_path_leads_to() -> None:
    assert reachable(EDGES, "a") == {"a", "b", "c", "end"}


def test_a_ring_has_no_way_to_an_ending() -> None:
    assert can_end(EDGES, EDGES) == {"a", "b", "lost", "end"}


def test_a_scene_without_choices_is_an_ending() -> None:
    assert can_end({}, ["only"]) == {"only"}


@given(graphs, names)
def test_every_reachable_scene_is_one_step_from_another(edges: dict[str, list[str]], start: str) -> None:
    found = reachable(edges, start)
    assert start in found
    assert all(target in found for scene in found for target in edges.get(scene, ()))
    assert all(scene == start or any(scene in edges.get(other, ()) for other in found) for scene in found)


@given(graphs)
def test_who_can_end_has_an_ending_within_reach_and_nobody_else_has(edges: dict[str, list[str]]) -> None:
    scenes = {*edges, *(target for targets in edges.values() for target in targets)}
    endings = {scene for scene in scenes if not edges.get(scene)}
    assert can_end(edges, scenes) == {scene for scene in scenes if reachable(edges, scene) & endings}
