"""What is wrong with a case is told of its document: no row is stored, and no database is asked."""

from dataclasses import replace
from typing import Any

import pytest

from apps.modules import page_kinds
from apps.modules.checks import find_problems_of
from apps.modules.document import Head
from apps.modules.known import Known
from apps.modules.problems import Level, Problem
from apps.scenarios.document import CaseDocument, Choice, Effect, Gauge, Need, Part, Scene

pytestmark = pytest.mark.once

TRUST = Gauge("trust", "Public trust", 50)


def choice(key: str, target: str, **values: Any) -> Choice:
    return Choice(key, f"Do {key}", **{"rating": "best", "target": target, "consequence": "It is done."} | values)


def scene(key: str, *choices: Choice, **values: Any) -> Scene:
    words = {"body": "It is quiet.", "teaching_point": "Ask first.", "sources": ("gmc",)}
    return Scene(key, key.capitalize(), **words | values, choices=choices)


def ending(key: str, outcome: str = "good", **values: Any) -> Scene:
    return Scene(key, key.capitalize(), **{"body": "It is over.", "outcome": outcome} | values)


def case(*scenes: Scene, **values: Any) -> CaseDocument:
    """A case in which nothing is wrong, unless these scenes or values are."""
    start = scene("start", choice("go", "well"), choice("stay", "badly"))
    words = {"role": "You are an F1.", "guidance": "Ask first.", "guidance_sources": ("gmc",), "gauges": (TRUST,)}
    head = Head("lift", "The lift", minutes=6)
    return CaseDocument(head, **words | values, scenes=scenes or (start, ending("well"), ending("badly", "poor")))


def problems(document: CaseDocument, level: Level) -> list[Problem]:
    known = Known({"gmc": ""}, frozenset({"O5"}), lambda name: name == "illustrations/lift.svg")
    known = replace(known, kinds={"scenario": page_kinds.get("scenario")})
    return find_problems_of("scenario", document, known, (level,))


def errors(document: CaseDocument) -> list[str]:
    return [problem.text.removeprefix("Case “The lift”: ") for problem in problems(document, Level.ERROR)]


def warnings(document: CaseDocument) -> list[str]:
    return [problem.text for problem in problems(document, Level.WARNING)]


def ends(*choices: Choice, **values: Any) -> CaseDocument:
    """A case of one decision with two endings."""
    return case(scene("start", *choices), ending("well"), ending("badly", "poor"), **values)


def test_nothing_is_found_in_a_case_that_is_as_it_should_be() -> None:
    assert errors(case()) == warnings(case()) == []


def test_a_page_without_a_case_is_told_once() -> None:
    assert errors(CaseDocument(Head("lift", "The lift"))) == ["Case “The lift” has no scenes."]
    assert warnings(CaseDocument(Head("lift", "The lift"))) == []


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"target": ""}, "leads nowhere."),
        ({"target": "cellar"}, "leads to the scene cellar, which does not exist."),
        ({"otherwise": "cellar"}, "leads, otherwise, to the scene cellar, which does not exist."),
        ({"effects": (Effect("luck", 5),)}, "moves the gauge luck, which does not exist."),
        ({"effects": (Effect("trust", 0),)}, "moves the gauge trust by 0."),
        ({"needs": (Need("n", gauge="luck", below=5),)}, "needs the gauge luck, which does not exist."),
        ({"needs": (Need("n", visited="cellar"),)}, "needs the scene cellar, which does not exist."),
        ({"needs": (Need("n", not_visited="cellar"),)}, "needs the scene cellar, which does not exist."),
        ({"consequence": ""}, "has no consequence."),
    ],
)
def test_a_choice_that_leads_or_asks_for_what_there_is_not(changed: dict[str, Any], told: str) -> None:
    go = replace(choice("go", "well"), **changed)
    assert errors(ends(go, choice("come", "well"), choice("stay", "badly"))) == [f"the choice “Do go” {told}"]


def test_a_choice_that_leads_to_one_scene_either_way() -> None:
    go = choice("go", "well", otherwise="well")
    assert errors(ends(go, choice("stay", "badly")))[0] == (
        "the choice “Do go” leads, otherwise, to its target: let it lead somewhere else, or nowhere."
    )


@pytest.mark.parametrize(
    "need",
    [
        Need("n"),
        Need("n", gauge="trust"),
        Need("n", gauge="trust", at_least=1, below=9),
        Need("n", gauge="trust", at_least=1, visited="start"),
        Need("n", at_least=1),
        Need("n", visited="start", not_visited="well"),
    ],
)
def test_a_need_that_is_not_one_thing(need: Need) -> None:
    told = "must need one thing at a time: a gauge at least so high or below, or a scene visited or not."
    go, stay, free = choice("go", "well", needs=(need,)), choice("stay", "badly"), choice("come", "well")
    assert errors(ends(go, stay, free)) == [f"the choice “Do go” {told}"]
    well = ending("well", needs=(need,))
    start = scene("start", choice("go", "well"), stay)
    assert errors(case(start, well, ending("badly", "poor"))) == [f"the scene “Well” (well) {told}"]


def test_a_hole_is_told_before_the_ways_that_it_breaks() -> None:
    start = scene("start", choice("go", ""), choice("stay", "badly", consequence=""))
    assert errors(case(start, ending("well"), ending("badly", ""))) == [
        "the choice “Do go” leads nowhere.",
        "the ending “Badly” (badly) does not say how it ended (outcome).",
        "the choice “Do stay” has no consequence.",
    ]


def test_more_than_four_gauges() -> None:
    gauges = [Gauge(f"g{number}", f"G{number}", 50) for number in range(5)]
    assert errors(case(gauges=tuple(gauges[:4]))) == []
    assert errors(case(gauges=tuple(gauges))) == ["Case “The lift” has more than 4 gauges."]


def test_scenes_that_ways_miss_or_never_leave() -> None:
    start = scene("start", choice("go", "ring"), choice("stay", "badly"))
    document = case(start, scene("ring", choice("on", "ring"), choice("back", "ring")), ending("badly"), ending("lost"))
    assert errors(document) == [
        "no path leads to the scene “Lost” (lost).",
        "no path from the scene “Ring” (ring) reaches an ending.",
    ]


def test_needs_that_lock_a_learner_in_or_a_choice_out() -> None:
    high = (Need("n", gauge="trust", at_least=90),)
    start = scene("start", choice("go", "well", needs=high), choice("stay", "badly", needs=high))
    assert errors(case(start, ending("well"), ending("badly"))) == [
        "no path leads to the scene “Badly” (badly).",
        "no path leads to the scene “Well” (well).",
        "a learner can stand in the scene “Start” (start) with no way left to an ending.",
        "the choice “Do go” is never offered: no path meets what it needs.",
        "the choice “Do stay” is never offered: no path meets what it needs.",
    ]


@pytest.mark.parametrize(("start", "never"), [(95, "badly"), (5, "well")])
def test_a_choice_that_leads_one_way_only(start: int, never: str) -> None:
    well = ending("well", needs=(Need("n", gauge="trust", at_least=90),))
    go = choice("go", "well", otherwise="badly")
    first = scene("start", go, choice("stay", "badly"), choice("up", "mid", effects=(Effect("trust", 100),)))
    mid = scene("mid", choice("on", "well"), choice("out", "badly"))
    document = case(first, mid, well, ending("badly"), gauges=(replace(TRUST, start=start),))
    why = "every path meets" if start == 95 else "no path meets"
    assert errors(document) == [f"the choice “Do go” never leads to “{never.capitalize()}”: {why} what “Well” needs."]


def test_a_choice_whose_other_way_is_no_way() -> None:
    start = scene("start", choice("go", "mid"), choice("stay", "badly"))
    mid = scene("mid", choice("on", "well", otherwise="start"), choice("out", "badly"))
    need = Need("n", visited="mid")
    told = errors(case(replace(start, needs=(need,)), mid, ending("well"), ending("badly")))
    assert told == [
        "the choice “Do on” leads elsewhere otherwise, but its target “Well” needs nothing.",
        "the choice “Do on” leads, otherwise, to “Start”, which must need nothing.",
        "the choice “Do on” leads, otherwise, to “Start”, from which it can be reached again.",
    ]


def test_endings_say_how_they_ended_and_other_scenes_do_not() -> None:
    start = scene("start", choice("go", "well"), choice("stay", "badly"), outcome="poor")
    assert errors(case(start, ending("well", ""), ending("badly"))) == [
        "the scene “Start” (start) has choices, so it has no outcome.",
        "the ending “Well” (well) does not say how it ended (outcome).",
    ]
    assert "the first scene has no choices." in errors(case(ending("well")))


def test_rules_that_make_too_many_ways_are_told_once_and_stop_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("apps.scenarios.graph.MOST_STATES", 100)
    gauges = tuple(Gauge(name, name, 0) for name in ("a", "b", "c"))
    needs = tuple(Need(gauge.key, gauge=gauge.key, at_least=100) for gauge in gauges)
    more = [choice(f"more-{gauge.key}", "start", effects=(Effect(gauge.key, 1),)) for gauge in gauges]
    start = scene("start", *more, choice("go", "well", needs=needs), choice("stay", "badly"), teaching_point="")
    document = case(start, ending("well"), ending("badly"), gauges=gauges)
    assert errors(document) == ["its gauges and rules make too many ways to check. Let fewer gauges be needed."]
    assert warnings(document) == ["Scene “Start” (start): has no teaching point."]


@pytest.mark.parametrize(
    ("document", "told"),
    [
        (case(guidance=""), "Scenario “lift”: has no guidance."),
        (case(guidance_sources=()), "Scenario “lift”: its guidance cites no source."),
        (
            case(scene("start", choice("go", "well"), choice("stay", "well")), ending("well")),
            "Scenario “lift”: has fewer than 2 endings.",
        ),
        (
            case(
                scene("start", choice("go", "mid"), choice("stay", "badly")),
                scene("mid", choice("on", "well")),
                ending("well"),
                ending("badly"),
            ),
            "Scene “Mid” (mid): has only one choice, so nothing is decided in it.",
        ),
        (
            case(scene("start", choice("go", "well"), choice("stay", "badly"), sources=()), *case().scenes[1:]),
            "Scene “Start” (start): its teaching point cites no source.",
        ),
    ],
)
def test_what_an_editor_would_find(document: CaseDocument, told: str) -> None:
    assert errors(document) == []
    assert warnings(document) == [told]


def two_ways(change: int, outcome: str = "good", **values: Any) -> CaseDocument:
    """Two choices that lead to one ending, the one with a gauge so much higher."""
    up = choice("up", "well", effects=(Effect("trust", change),))
    start = scene("start", up, choice("go", "well", **values), choice("stay", "badly"))
    return case(start, ending("well", outcome), ending("badly", "poor"))


def test_a_good_ending_for_whoever_comes_is_found() -> None:
    told = (
        "Scene “Well” (well): is a good ending with “Public trust” at 50 or at 91, and no need tells these ways apart."
    )
    assert warnings(two_ways(41)) == [told]
    assert warnings(two_ways(40)) == []
    assert warnings(two_ways(41, "mixed")) == []
    assert warnings(replace(two_ways(41), gauges=(TRUST, Gauge("standing", "Standing", 50)))) == []
    assert warnings(two_ways(41, needs=(Need("n", gauge="trust", at_least=50),))) == []
    assert warnings(two_ways(41, needs=(Need("n", not_visited="well"),))) == [told]


def test_an_ending_where_the_other_way_leads_is_told_apart() -> None:
    top = ending("top", "mixed", needs=(Need("n", gauge="trust", at_least=60),))
    start = scene("start", *two_ways(-50).scenes[0].choices, choice("try", "top", otherwise="well"))
    rise = scene("rise", choice("more", "start", effects=(Effect("trust", 20),)), choice("less", "start"))
    assert warnings(case(rise, start, top, ending("well"), ending("badly", "poor"))) == []


@pytest.mark.parametrize(
    ("document", "told"),
    [
        (case(role=""), "Scenario “lift”: its role is empty."),
        (case(reflection="x" * 301), "Scenario “lift”: its reflection has 301 characters and may have 300 at most."),
        (
            case(plan_lines=("x" * 300, "y" * 300)),
            "Scenario “lift”: its plan lines has 601 characters and may have 600 at most.",
        ),
        (
            case(gauges=(replace(TRUST, title="x" * 23),)),
            f"Gauge “{'x' * 23}” (trust): its name has 23 characters and may have 22 at most.",
        ),
        (
            case(gauges=(replace(TRUST, start=101),)),
            "Gauge “Public trust” (trust): its start is 101 and may be 100 at most.",
        ),
        (
            case(gauges=(replace(TRUST, start=-1),)),
            "Gauge “Public trust” (trust): its start is -1 and must be 0 at least.",
        ),
        (case(gauges=(replace(TRUST, title=""),)), "Gauge “trust”: its name is empty."),
    ],
)
def test_what_the_models_refuse_of_a_case(document: CaseDocument, told: str) -> None:
    assert errors(document) == [told]


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"text": ""}, "Choice “go”: its text is empty."),
        ({"text": "x" * 201}, f"Choice “{'x' * 200}…” (go): its text has 201 characters and may have 200 at most."),
        ({"rating": "super"}, "Choice “Do go” (go): its rating is “super”, which is none of best, acceptable, poor."),
        ({"effects": (Effect("trust", 101),)}, "Choice “Do go” (go): its change is 101 and may be 100 at most."),
        ({"effects": (Effect("trust", -101),)}, "Choice “Do go” (go): its change is -101 and must be -100 at least."),
        (
            {"needs": (Need("n", gauge="trust", below=0), Need("m", gauge="trust", at_least=101))},
            "Requirement “n”: its below is 0 and must be 1 at least.",
        ),
        (
            {"consequence": "See [it](#source-gmc)."},
            "Choice “Do go” (go): the text refers to the source gmc, which it does not cite.",
        ),
    ],
)
def test_what_the_models_refuse_of_a_choice(changed: dict[str, Any], told: str) -> None:
    go = replace(choice("go", "well"), **changed)
    assert errors(ends(go, choice("come", "well"), choice("stay", "badly")))[0] == told


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"title": ""}, "Scene “start”: its title is empty."),
        ({"body": ""}, "Scene “Start” (start): its body is empty."),
        ({"body": "x" * 64_001}, "Scene “Start” (start): its body has 64,001 characters and may have 64,000 at most."),
        ({"seen_by": -1}, "Scene “Start” (start): its seen by is -1 and must be 0 at least."),
        ({"facts": ("five",)}, "Scene “Start” (start): its facts cannot be “five”. Facts look like this: O5 O24 T6.1."),
        ({"sources": ("lost",)}, "Scene “Start” (start): cites the source lost, which does not exist."),
        ({"parts": (Part("p", "message", ""),)}, "Scene part “p”: its text is empty."),
        (
            {"parts": (Part("p", "film", "Hi"),)},
            "Scene part “p”: its kind is “film”, which is none of message, post, email, call, notice, narration.",
        ),
        (
            {"parts": (Part("p", "post", "Hi", image="illustrations/no.svg", image_alt="No"),)},
            "Scene part “p”: the picture illustrations/no.svg does not exist.",
        ),
        (
            {"parts": (Part("p", "post", "Hi", image="illustrations/lift.svg"),)},
            "Scene part “p”: its picture has no alternative text.",
        ),
    ],
)
def test_what_the_models_refuse_of_a_scene(changed: dict[str, Any], told: str) -> None:
    start, *endings = case().scenes
    assert errors(case(replace(start, **changed), *endings)) == [told]


def test_a_problem_says_on_which_page_and_in_which_block_it_is() -> None:
    start, *endings = case().scenes
    go = replace(start.choices[0], consequence="")
    document = case(replace(start, teaching_point="", choices=(go, start.choices[1])), *endings, guidance="")
    found = problems(document, Level.ERROR) + problems(document, Level.WARNING)
    assert [(problem.page, problem.block) for problem in found] == [("lift", "go"), ("lift", ""), ("lift", "start")]
