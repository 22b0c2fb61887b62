"""Maps of cases: no box on another, no line through a box, no label cut, whatever the story; what is said of each."""

import re
from dataclasses import replace
from itertools import combinations, pairwise

import pytest
from django.template.loader import render_to_string

from apps.modules.models import Edition
from apps.modules.rows import read_documents
from apps.scenarios.document import CaseDocument, Need
from apps.scenarios.maps.drawing import LARGE_BOX, LARGE_WIDTH, Faults, Options, drawn, drawn_around, drawn_beside
from apps.scenarios.maps.layout import Size, lay_out
from apps.scenarios.maps.lettering import width_of, wrapped
from apps.scenarios.maps.ordering import Net, crossings
from apps.scenarios.maps.paths import path, tip
from tests import course, stories

pytestmark = pytest.mark.once

UNFINISHED = {"a": ["b", "c", "a", "a"], "b": ["c", "", "c/b"], "c": ["a", "d", "nobody"], "d": []}
LOST = {"e": ["e"], "f": ["g", "d"], "g": ["f", "e"], "h": [], "i": ["i", "j"], "j": ["j", "k"], "k": []}
SHAPES = {
    "one scene": stories.line(1),
    "a line": stories.line(100),
    "a ring": stories.ring(40),
    "a star": stories.star(12),
    "a large star": stories.star(50),
    "unfinished": stories.case(UNFINISHED),
    "with parts that nothing leads to": stories.case(UNFINISHED | LOST),
    "a start that is an ending": stories.case({"a": [], "b": ["a", "a"], "c": ["b", "a"]}),
    "twice the same title": stories.case({"a": ["b", "c"], "b": [], "c": []}, {"b": "Home", "c": "Home"}),
    **{f"{size} scenes ({seed})": stories.story(size, seed) for size, seed in [(10, 0), (10, 1), (40, 2), (100, 3)]},
    **{f"anything of {size} ({seed})": stories.anything(size, seed) for size in (5, 10, 40) for seed in range(4)},
}


def address(key: str) -> str:
    return f"/scene/{key}/"


def size(case: CaseDocument, box: int = 124, width: int = 532) -> Size:
    """Some boxes are higher, and some have a mark."""
    keys = [scene.key for scene in case.scenes]
    return Size(width, box, heights=dict.fromkeys(keys[::3], 96), marked=keys[::4])


def edges_of(case: CaseDocument) -> list[tuple[str, str]]:
    choices = [(scene.key, choice) for scene in case.scenes for choice in scene.choices]
    return [(key, target) for key, choice in choices for target in (choice.target, choice.otherwise)]


def meet(one: tuple, other: tuple) -> bool:
    """Whether two areas (left, top, right, bottom) have more than an edge in common."""
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def area(box) -> tuple:
    return box.x, box.y, box.x + box.width, box.bottom


def frame(box) -> list[tuple]:
    """What stands on the upper edge of a box: its number."""
    return [(box.x + 8, box.y - 11, box.x + 36, box.y + 10)]


def reaches(way) -> list[tuple]:
    """Around each piece of a way; a line has some thickness."""
    pieces = []
    for (x, y), (to_x, to_y) in pairwise(way):
        wide, high = (0, 1) if y == to_y else (1, 0)
        pieces.append((min(x, to_x) - wide, min(y, to_y) - high, max(x, to_x) + wide, max(y, to_y) + high))
    return pieces


def assert_clear(layout, edges) -> None:
    areas = [area(box) for box in layout.boxes.values()]
    taken = areas + [tab for box in layout.boxes.values() for tab in frame(box)]
    whole = (0, 0, layout.width, layout.height)
    assert all(not meet(one, other) for one, other in combinations(areas, 2))
    assert all(meet(one, whole) and one[0] >= 0 and one[2] <= layout.width for one in areas)
    for edge, way in zip(edges, layout.ways, strict=True):
        assert bool(way) is (layout.boxes.keys() >= {*edge})
        for piece in reaches(way):
            assert [one for one in taken if meet(one, piece)] == [], f"{edge}: {way}"
        assert all(0 <= x <= layout.width and 0 <= y <= layout.height for x, y in way), f"{edge}: {way}"


@pytest.mark.parametrize("name", SHAPES)
def test_nothing_stands_on_anything_and_no_line_runs_through_a_box(name):
    case = SHAPES[name]
    edges = edges_of(case)
    layout = lay_out([scene.key for scene in case.scenes], edges, size(case))
    assert_clear(layout, edges)
    for (one, other), way in zip(edges, layout.ways, strict=True):
        if way and one != other:
            begin, end = layout.boxes[one], layout.boxes[other]
            assert (way[0][1], way[-1][1]) == (begin.bottom, end.y)
            assert begin.x < way[0][0] < begin.x + begin.width
            assert end.x < way[-1][0] < end.x + end.width


def test_a_map_is_the_same_each_time():
    assert drawn(stories.story(40), Options(address)) == drawn(stories.story(40), Options(address, faults={}))


def test_lines_lead_down_unless_they_lead_back():
    layout = lay_out(list("abcd"), [("a", "b"), ("b", "c"), ("a", "c"), ("c", "d"), ("d", "a")], Size(532, 124))
    heights = [layout.boxes[key].y for key in "abcd"]
    assert heights == sorted(set(heights))
    back = layout.ways[-1]
    assert max(x for x, _ in back) > max(box.x + box.width for box in layout.boxes.values())


@pytest.mark.parametrize(
    ("way", "line", "end"),
    [
        ([(50, 0), (50, 100)], "M50 0V93", "M45 92h10l-5 8z"),
        ([(50, 0), (50, 40), (90, 80), (90, 120)], "M50 0V40C50 60 90 60 90 80V113", "M85 112h10l-5 8z"),
        (
            [(50, 0), (200, 0), (200, 90), (120, 90)],
            "M50 0L193 0Q200 0 200 7L200 83Q200 90 193 90H127",
            "M128 85v10l-8-5z",
        ),
        (
            [(50, 0), (50, 30), (58, 30), (58, 90)],
            "M50 0L50 23Q50 30 54 30L54 30Q58 30 58 37V83",
            "M53 82h10l-5 8z",
        ),
    ],
)
def test_a_line_is_straight_curved_or_round_at_its_corners_and_ends_in_a_tip(way, line, end):
    assert (path(way), tip(way)) == (line, end)


def test_two_choices_to_one_scene_are_two_lines():
    layout = lay_out(["a", "b"], [("a", "b")] * 3, Size(532, 124))
    assert len({way[0] for way in layout.ways}) == len({way[-1] for way in layout.ways}) == 3
    assert [way[0] for way in layout.ways] == sorted(way[0] for way in layout.ways)
    assert [way[-1] for way in layout.ways] == sorted(way[-1] for way in layout.ways)


def test_what_nothing_leads_to_stands_below_the_start_or_above_where_it_leads():
    case = stories.case({"a": ["b"], "b": ["c"], "c": [], "lost": ["c"], "alone": []})
    boxes = lay_out([scene.key for scene in case.scenes], edges_of(case), Size(532, 124)).boxes
    assert boxes["lost"].y == boxes["b"].y
    assert boxes["alone"].y > boxes["c"].y


def test_crossings_are_counted_as_pairs():
    net = Net([[], [], [0, 1], [0, 1]], [[2, 3], [2, 3], [], []])
    assert crossings([[0, 1], [2, 3]], net) == 1
    crossed = Net([[], [], [], [2], [1], [0]], [[5], [4], [3], [], [], []])
    assert crossings([[0, 1, 2], [3, 4, 5]], crossed) == 3
    assert crossings([[0, 1, 2], [5, 4, 3]], crossed) == 0


def test_what_can_be_drawn_without_crossings_is():
    tree = {f"{number}": [f"{2 * number + 1}", f"{2 * number + 2}"] for number in range(7)}
    tree |= {f"{number}": [] for number in range(7, 15)}
    assert drawn(stories.case(tree), Options(address, width=2000)).crossings == 0


@pytest.mark.parametrize("case", [stories.line(500), stories.story(500), stories.anything(500, 1)])
def test_the_largest_cases_are_drawn(case):
    drawing = drawn(case, Options(address, width=LARGE_WIDTH, box=LARGE_BOX))
    assert len(drawing.nodes) == len(drawing.entries) == 500
    assert len(drawn_around(case, Options(address, here="s77")).nodes) <= 1 + 2 * 8


def test_a_case_with_more_choices_than_can_be_drawn_says_so_and_is_listed():
    keys = [f"s{number}" for number in range(70)]
    case = stories.case(dict.fromkeys(keys, keys[:50]))
    drawing = drawn(case, Options(address))
    assert (len(drawing.nodes), len(drawing.entries)) == (0, 70)
    html = render_to_string("scenarios/_map.html", {"drawing": drawing})
    assert "too many choices" in html
    assert '<svg class="sl-graph"' not in html
    assert len(drawn_around(case, Options(address, here="s3")).nodes) > 8


# The course -----------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_cases_of_the_course_are_drawn_beside_a_form_with_whole_labels():
    course.load()
    editions = list(Edition.objects.current())
    documents = [document for found in read_documents(editions).values() for _, document in found]
    cases = [document for document in documents if isinstance(document, CaseDocument)]
    assert len(cases) == 9
    for case in cases:
        drawing = drawn_beside(case, Options(address))
        assert len(drawing.nodes) == len(case.scenes)
        assert drawing.crossings <= 6
        assert_written(drawing)
        edges = [edge for edge in edges_of(case) if all(edge)]
        assert_clear(lay_out([scene.key for scene in case.scenes], edges, size(case)), edges)


def assert_written(drawing) -> None:
    """Each title stands whole in its box."""
    for node in drawing.nodes:
        assert "…" not in "".join(text.words for text in node.texts)
        assert " ".join(text.words for text in node.texts).startswith(node.entry.title)
        for text in node.texts:
            assert width_of(text.words) <= node.box.width - 4
            assert 12 < int(text.y) < node.box.height - 3


def test_a_title_is_cut_only_where_three_lines_are_too_few():
    assert wrapped("Twenty past midnight", 110, 3) == ["Twenty past", "midnight"]
    assert wrapped("", 110, 3) == []
    long = wrapped("word " * 40, 110, 3)
    assert len(long) == 3
    assert long[2].endswith("…")
    endless = wrapped("W" * 80, 110, 3)
    assert all(width_of(line) <= 110 for line in [*long, *endless])
    assert wrapped("漢字" * 3, 110, 3) == ["漢字漢字漢字"]


# What is said ---------------------------------------------------------------------------------------------------------


def named(case: CaseDocument, **options) -> dict[str, str]:
    return {entry.key: entry.name for entry in drawn(case, Options(address, **options)).entries}


def test_a_link_says_all_that_the_map_shows():
    titles = dict(zip("abcdefgh", "ABCDEFGH", strict=True))
    leads = {"a": ["b", "b/c"], "b": ["d"], "c": [], "d": ["d"], "e": ["f"], "f": [], "g": [""], "h": ["g"]}
    names = named(stories.case(leads, titles), faults={"b": Faults(2, 1), "c": Faults(warnings=1)})
    assert names == {
        "a": "Scene 1: A, start",
        "b": "Scene 2: B, never ends. 2 errors. 1 warning",
        "c": "Scene 3: C, poor ending. 1 warning",
        "d": "Scene 4: D, never ends",
        "e": "Scene 5: E, no way here",
        "f": "Scene 6: F, poor ending, no way here",
        "g": "Scene 7: G, no way here",
        "h": "Scene 8: H, no way here",
    }


def test_rules_that_nothing_meets_are_known_to_the_map():
    case = stories.case({"a": ["b", "c"], "b": [], "c": []})
    need = Need("never", visited="c")
    case = replace(case, scenes=(case.scenes[0], replace(case.scenes[1], needs=(need,)), case.scenes[2]))
    assert "no way here" in named(case)["b"]
    assert drawn(case, Options(address)).nodes[1].style == "sl-node sl-node--end sl-node--lost"


def test_the_list_says_where_each_choice_leads():
    case = stories.case({"a": ["b", "", "c/b", "gone"], "b": [], "c": ["a"]})
    leads = [entry.leads for entry in drawn(case, Options(address)).entries]
    assert leads == ["to 2, nowhere, 3 else 2, nowhere", "", "to 1"]


def test_lines_are_told_apart_in_words():
    case = stories.case({"a": ["b/c", "b", "b"], "b": [], "c": []})
    assert [stroke.words for stroke in drawn(case, Options(address)).strokes] == [
        "Best",
        "Acceptable",
        "Poor",
        "Otherwise",
    ]
    assert [stroke.words for stroke in drawn(stories.line(2), Options(address)).strokes] == [
        "Best",
        "Acceptable",
        "Poor",
    ]


def test_a_large_case_shows_the_scene_with_those_around_it():
    case = stories.case({"a": ["b"], "b": ["c", "a"], "c": ["c", "d"], "d": ["c"], **{f"{n}": [] for n in range(20)}})
    around = drawn_beside(case, Options(address, here="c"))
    assert [node.entry.key for node in around.nodes] == ["b", "d", "c"]
    assert [node.entry.number for node in around.nodes] == ["2", "4", "3"]
    assert len(around.entries) == 24
    short = drawn_around(stories.case({"a": ["b", "c"], "b": ["c"], "c": []}), Options(address, here="b"))
    lines = sum(stroke.lines.count("M") for stroke in short.strokes)
    assert (len(short.nodes), lines, short.left_out) == (3, 2, 0), "none that passes it by"
    crowd = stories.case({f"{number}": ["hub"] for number in range(30)} | {"hub": []})
    drawing = drawn_around(crowd, Options(address, here="hub"))
    assert (len(drawing.nodes), drawing.left_out) == (9, 22)


def test_an_empty_case_and_one_scene_that_is_gone_are_no_error():
    empty = stories.case({})
    assert drawn(empty, Options(address)).nodes == []
    assert drawn_around(empty, Options(address, here="gone")).nodes == []
    around = drawn_around(stories.line(30), Options(address, here="gone"))
    assert [node.entry.key for node in around.nodes] == ["s0", "s1"]


def test_what_is_written_has_links_and_words_and_no_style():
    case = stories.case(UNFINISHED, {"a": "<script>alert(1)</script>", "b": "“B” & co"})
    options = Options(address, here="b", faults={"a": Faults(1), "b": Faults(0, 2)})
    html = render_to_string("scenarios/_map.html", {"drawing": drawn(case, options)})
    assert re.findall(r'href="([^"]*)"', html) == [address(key) for key in "abcd"]
    assert html.count('aria-current="true"') == 1
    assert "<title>Scene 2: “B” &amp; co. 2 warnings</title>" in html
    assert "<script" not in html
    assert "style=" not in html
    listed = render_to_string("scenarios/_scene_list.html", {"drawing": drawn(case, options)})
    assert re.findall(r'href="([^"]*)"', listed) == [address(key) for key in "abcd"]
    assert "1 error" in listed


def test_what_a_hundred_scenes_take_on_a_page():
    case, where = stories.story(100), f"/admin/write/when-posts-go-wrong/the-open-letter/{'x' * 20}"
    options = Options(lambda key: f"{where}/{key}/", here="s50")
    for template, most in (("_map", 15_000), ("_scene_list", 40_000)):
        assert len(render_to_string(f"scenarios/{template}.html", {"drawing": drawn_beside(case, options)})) < most
