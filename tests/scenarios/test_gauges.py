"""Graphs with gauges: what moves, what is locked, what can be reached."""

from itertools import pairwise

import pytest

from apps.scenarios.chart import BOTTOM, LABEL_GAP, LOWEST_LABEL, TOP, draw
from apps.scenarios.graph import Edge, Graph, Need


def graph(**needs: Need) -> Graph:
    """Two ways to the second scene, one raising trust and one lowering it; from there on or out."""
    return Graph(
        "first",
        {
            "first": (
                Edge("raise", "second", {"trust": 20}),
                Edge("lower", "second", {"trust": -70}),
                Edge("aside", "other"),
            ),
            "other": (Edge("back", "second"),),
            "second": (
                Edge("on", "good", needs=(needs["on"],) if "on" in needs else ()),
                Edge("out", "poor", needs=(needs["out"],) if "out" in needs else ()),
            ),
            "good": (),
            "poor": (),
        },
        {"trust": 60},
    )


def offered(scenario: Graph, *keys: str) -> list[str]:
    return [edge.key for edge in scenario.open_edges(scenario.walk(keys)[-1])]


def test_choices_move_gauges_within_0_and_100() -> None:
    assert [state.gauges["trust"] for state in graph().walk(["raise", "on"])] == [60, 80, 80]
    assert graph().walk(["lower"])[-1].gauges == {"trust": 0}


def test_a_choice_that_needs_a_gauge_is_offered_only_when_it_is_high_enough() -> None:
    scenario = graph(on=Need(gauge="trust", at_least=60))
    assert offered(scenario, "raise") == ["on", "out"]
    assert offered(scenario, "lower") == ["out"]


def test_a_choice_that_needs_an_earlier_scene_is_offered_only_after_it() -> None:
    scenario = graph(on=Need(visited="other"))
    assert offered(scenario, "aside", "back") == ["on", "out"]
    assert offered(scenario, "raise") == ["out"]


def test_the_scene_that_one_is_in_has_been_visited() -> None:
    scenario = graph(on=Need(visited="second"))
    assert offered(scenario, "raise") == ["on", "out"]


def test_a_locked_choice_is_no_walk() -> None:
    with pytest.raises(KeyError):
        graph(on=Need(gauge="trust", at_least=90)).walk(["lower", "on"])


def test_rules_that_can_lock_a_learner_out_are_found() -> None:
    assert graph(on=Need(gauge="trust", at_least=60)).locked() == set()
    locking = graph(on=Need(gauge="trust", at_least=60), out=Need(visited="other"))
    assert locking.locked() == {"second"}


def test_a_scene_that_only_a_locked_choice_leads_to_cannot_be_reached() -> None:
    assert graph().unreachable() == set()
    assert graph(on=Need(gauge="trust", at_least=90)).unreachable() == {"good"}


def test_a_scene_from_which_no_path_ends_is_found() -> None:
    circle = Graph("first", {"first": (Edge("on", "second"),), "second": (Edge("back", "first"),), "end": ()})
    assert circle.endless() == {"first", "second"}
    assert circle.unreachable() == {"end"}
    assert graph().endless() == set()


def test_every_way_through_is_listed_once() -> None:
    paths = list(graph().paths())
    assert len(paths) == len(set(paths)) == 6
    assert all(graph().walk(path)[-1].scene in {"good", "poor"} for path in paths)


def test_a_choice_of_another_scene_is_no_walk() -> None:
    with pytest.raises(KeyError):
        graph().walk(["on"])


def test_labels_stay_inside_the_drawing_wherever_the_lines_end() -> None:
    for value in (0, 3, 50, 97, 100):
        labels = [line.label_y for line in draw([(name, [50, value]) for name in "abcd"]).lines]
        assert sorted(labels) == labels
        assert all(after - before > LABEL_GAP - 0.2 for before, after in pairwise(labels))
        assert labels[0] >= TOP
        assert labels[-1] <= LOWEST_LABEL


def test_the_chart_draws_each_gauge_from_bottom_to_top() -> None:
    chart = draw([("Public trust", [0, 100])])
    assert [point.y for point in chart.lines[0].points] == [BOTTOM, TOP]
    assert [tick.label for tick in chart.ticks] == ["start", "1"]
    assert [tick.values for tick in chart.ticks] == [(0,), (100,)]
    assert chart.lines[0].last == 100


def test_labels_of_gauges_that_end_close_together_are_kept_apart() -> None:
    heights = sorted(line.label_y for line in draw([("A", [50, 50]), ("B", [50, 51]), ("C", [50, 52])]).lines)
    assert all(after - before > LABEL_GAP - 0.2 for before, after in pairwise(heights))
