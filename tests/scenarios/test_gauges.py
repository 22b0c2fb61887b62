"""Graphs with gauges: what moves, what is locked, what can be reached."""

import re
from dataclasses import replace
from itertools import pairwise

import pytest
from django.template.loader import get_template, render_to_string

from apps.scenarios.chart import BOTTOM, LABEL_GAP, LOWEST_LABEL, TOP, draw
from apps.scenarios.graph import Edge, Graph, Need, TooManyStatesError

pytestmark = pytest.mark.once


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
    return [edge.key for edge in scenario.open_edges(scenario.walk(keys)[-1].state)]


def test_choices_move_gauges_within_0_and_100() -> None:
    assert [stop.state.gauges["trust"] for stop in graph().walk(["raise", "on"])] == [60, 80, 80]
    assert graph().walk(["lower"])[-1].state.gauges == {"trust": 0}


def test_a_choice_that_needs_a_gauge_is_offered_only_when_it_is_high_enough() -> None:
    scenario = graph(on=Need(gauge="trust", at_least=60))
    assert offered(scenario, "raise") == ["on", "out"]
    assert offered(scenario, "lower") == ["out"]


def test_a_choice_that_needs_an_earlier_scene_is_offered_only_after_it() -> None:
    scenario = graph(on=Need(visited="other"))
    assert offered(scenario, "aside", "back") == ["on", "out"]
    assert offered(scenario, "raise") == ["out"]


def test_a_choice_that_needs_a_low_gauge_is_offered_only_below_it() -> None:
    assert offered(graph(on=Need(gauge="trust", below=80)), "raise") == ["out"]
    assert offered(graph(on=Need(gauge="trust", below=81)), "raise") == ["on", "out"]


def test_a_choice_that_an_earlier_scene_forbids_is_offered_only_without_it() -> None:
    scenario = graph(on=Need(not_visited="other"))
    assert offered(scenario, "aside", "back") == ["out"]
    assert offered(scenario, "raise") == ["on", "out"]
    assert offered(graph(on=Need(not_visited="second")), "raise") == ["out"]


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
    assert all(graph().walk(path)[-1].state.scene in {"good", "poor"} for path in paths)


def test_a_choice_of_another_scene_is_no_walk() -> None:
    with pytest.raises(KeyError):
        graph().walk(["on"])


def deciding(*conditions: Need, change: int = 0, needs: tuple[Need, ...] = ()) -> Graph:
    """Two ways to the last scene, one of them past `lie`, from which a choice leads to `good`, otherwise to `poor`."""
    last = Edge("own", "good", {"trust": change}, needs, "poor", conditions)
    return Graph(
        "first",
        {
            "first": (Edge("tell", "last"), Edge("lie", "lied")),
            "lied": (Edge("on", "last", {"trust": -20}),),
            "last": (last,),
            "good": (),
            "poor": (),
        },
        {"trust": 60},
    )


def ends(scenario: Graph) -> tuple[str, str]:
    """Where one comes to who told, and who lied."""
    return scenario.walk(["tell", "own"])[-1].state.scene, scenario.walk(["lie", "on", "own"])[-1].state.scene


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (Need(gauge="trust", at_least=50), ("good", "poor")),
        (Need(gauge="trust", below=50), ("poor", "good")),
        (Need(visited="lied"), ("poor", "good")),
        (Need(not_visited="lied"), ("good", "poor")),
        (Need(visited="last"), ("good", "good")),  # the scene in which one decides
        (Need(visited="good"), ("poor", "poor")),  # not the one that it would lead to
    ],
)
def test_what_went_before_decides_where_a_choice_leads(condition: Need, expected: tuple[str, str]) -> None:
    assert ends(deciding(condition)) == expected


def test_a_condition_is_asked_after_the_choice_has_moved_the_gauges() -> None:
    enough = Need(gauge="trust", at_least=70)
    assert ends(deciding(enough)) == ("poor", "poor")
    assert ends(deciding(enough, change=10)) == ("good", "poor")
    assert [stop.state.gauges["trust"] for stop in deciding(enough, change=10).walk(["lie", "on", "own"])] == [
        60,
        60,
        40,
        50,
    ]


def test_every_condition_has_to_be_met() -> None:
    assert ends(deciding(Need(gauge="trust", at_least=40), Need(not_visited="lied"))) == ("good", "poor")


def test_its_own_needs_hide_a_choice_before_conditions_are_asked() -> None:
    scenario = deciding(needs=(Need(gauge="trust", at_least=50),))
    assert offered(scenario, "tell") == ["own"]
    assert offered(scenario, "lie", "on") == []
    assert scenario.locked() == {"lied", "last"}


def test_a_scene_to_which_one_is_only_led_otherwise_can_be_reached() -> None:
    scenario = deciding(Need(not_visited="lied"))
    assert scenario.unreachable() == scenario.endless() == scenario.locked() == scenario.never_offered() == set()
    assert scenario.undecided() == {}
    assert set(scenario.paths()) == {("tell", "own"), ("lie", "on", "own")}


def test_a_condition_that_turns_out_the_same_on_every_path_is_found() -> None:
    assert deciding(Need(gauge="trust", at_least=61)).undecided() == {"own": "poor"}
    assert deciding(Need(gauge="trust", at_least=61)).unreachable() == {"good"}
    assert deciding(Need(gauge="trust", at_least=40)).undecided() == {"own": "good"}
    assert deciding(Need(gauge="trust", at_least=55), Need(gauge="trust", below=45)).undecided() == {"own": "poor"}


def test_a_choice_that_is_never_offered_is_found() -> None:
    assert deciding(needs=(Need(visited="good"),)).never_offered() == {"own"}
    assert graph(on=Need(gauge="trust", at_least=90)).never_offered() == {"on"}
    assert graph(on=Need(gauge="trust", at_least=80)).never_offered() == set()


@pytest.mark.parametrize("otherwise", ["last", "first", "lied"])
def test_a_choice_that_leads_back_otherwise_is_found(otherwise: str) -> None:
    scenario = deciding(Need(not_visited="lied"))
    own = replace(scenario.edges["last"][0], otherwise=otherwise)
    assert scenario.turning_back() == set()
    back = replace(scenario, edges={**scenario.edges, "last": (own,)})
    assert back.turning_back() == {"own"}
    assert set(back.paths()) == {("tell", "own")}  # the other way comes to a scene for the second time


def test_conditions_count_among_what_makes_too_many_ways() -> None:
    moves = [Edge(f"more-{name}", "a", {name: 1}) for name in "xyz"]
    out = Edge("out", "end", otherwise="other", conditions=tuple(Need(gauge=name, at_least=100) for name in "xyz"))
    many = Graph("a", {"a": (*moves, out), "end": (), "other": ()}, {"x": 0, "y": 0, "z": 0})
    for found in (many.unreachable, many.locked, many.never_offered, many.undecided):
        with pytest.raises(TooManyStatesError):
            found()


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


def test_the_drawing_says_where_everything_stands_and_the_template_holds_no_number() -> None:
    chart = draw([("Public trust", [40, 60])])
    drawing = render_to_string("scenarios/_chart.html", {"chart": chart}).partition("</svg>")[0]
    for level, y in ((0, 120), (50, 70), (100, 20)):
        assert f'<line x1="34" x2="226" y1="{y}" y2="{y}" />' in drawing
        assert f'<text class="sl-axis" x="26" y="{y + 4}" text-anchor="end">{level}</text>' in drawing
    assert '<text class="sl-axis" x="34.0" y="140" text-anchor="middle">start</text>' in drawing
    assert '<text class="sl-axis" x="130" y="158" text-anchor="middle">decision</text>' in drawing
    assert '<text x="236" y="64.0">Public trust 60</text>' in drawing
    assert 'viewBox="0 0 400 162"' in drawing
    source = get_template("scenarios/_chart.html").template.source.partition("</svg>")[0]
    assert not re.search(r'="[^"{]*\d', source)


def test_labels_of_gauges_that_end_close_together_are_kept_apart() -> None:
    heights = sorted(line.label_y for line in draw([("A", [50, 50]), ("B", [50, 51]), ("C", [50, 52])]).lines)
    assert all(after - before > LABEL_GAP - 0.2 for before, after in pairwise(heights))
