"""Every way through every case of the course: what its ending says is true on it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from graphlib import TopologicalSorter

import pytest

from apps.modules.models import Edition
from apps.scenarios.graph import Edge, Graph, State
from apps.scenarios.models import Scenario
from apps.scenarios.queries import script_of
from apps.scenarios.walks import Script
from tests.course import load
from tests.endings import ENDINGS, Claims

pytestmark = pytest.mark.once


@dataclass(frozen=True)
class Way:
    """A way through a case: the choices taken, and the state in which it ended."""

    choices: tuple[str, ...]
    end: State

    @property
    def happened(self) -> list[str]:
        return [*self.choices, *self.end.visited]

    def __str__(self) -> str:
        return " ".join(self.choices)


@cache
def _scripts() -> dict[str, Script]:
    """The cases as they are seeded, by key; they are only read."""
    load()
    cases = Scenario.objects.filter(edition__in=Edition.objects.current()).select_related("page")
    return {case.key: script_of(case.page) for case in cases}


@pytest.fixture
def scripts(db: None) -> dict[str, Script]:
    return _scripts()


def ways_to_endings(graph: Graph) -> Mapping[str, list[Way]]:
    """Every way that visits no scene twice, by the ending that it reaches."""
    ways = defaultdict(list)
    for choices, end in graph.paths_with_ends():
        ways[end.scene].append(Way(choices, end))
    return ways


def told(wrong: Mapping[str, list[Way]]) -> str:
    """What is wrong, how often, and the two shortest ways on which it is."""
    lines = []
    for what, ways in sorted(wrong.items()):
        lines.append(f"{what}: {len(ways)} ways, such as")
        lines += [f"    {way}" for way in sorted(ways, key=lambda way: len(way.choices))[:2]]
    return "\n".join(lines)


def untrue(ways: Mapping[str, list[Way]], claims: Mapping[str, Claims]) -> Mapping[str, list[Way]]:
    """The ways on which an ending claims what was not so."""
    wrong = defaultdict(list)
    for ending, reached in ways.items():
        for way in reached:
            for broken in claims.get(ending, Claims()).broken_by(way.happened, way.end.gauges):
                wrong[f"{ending} {broken}"].append(way)
    return wrong


def undeserved(
    ways: Mapping[str, list[Way]], outcomes: Mapping[str, str], ratings: Mapping[str, str]
) -> dict[str, list[Way]]:
    """The ways to a good ending with more poor choices than best ones, and to a poor ending without a poor choice."""
    wrong = defaultdict(list)
    for ending, reached in ways.items():
        for way in reached:
            rated = [ratings[key] for key in way.choices]
            if outcomes[ending] == "good" and rated.count("poor") > rated.count("best"):
                wrong[f"{ending}, a good ending, with more poor choices than best ones"].append(way)
            if outcomes[ending] == "poor" and "poor" not in rated:
                wrong[f"{ending}, a poor ending, without a poor choice"].append(way)
    return wrong


def test_these_are_all_cases_and_endings(scripts: dict[str, Script]) -> None:
    assert {
        case: {key for key, scene in script.scenes.items() if scene.is_ending} for case, script in scripts.items()
    } == {case: set(endings) for case, endings in ENDINGS.items()}
    for case, endings in ENDINGS.items():
        for ending, claims in endings.items():
            assert claims.keys() or claims.gauges, f"{ending} claims nothing"
            known = scripts[case].choices.keys() | scripts[case].scenes.keys()
            assert claims.keys() <= known, f"{ending}: there is no {claims.keys() - known}"
            assert claims.gauges.keys() <= scripts[case].graph.gauges.keys(), ending


def test_no_case_leads_back(scripts: dict[str, Script]) -> None:
    """Then the ways that visit no scene twice are all the ways there are."""
    for script in scripts.values():
        onward = {scene: [key for edge in edges for key in edge.targets] for scene, edges in script.graph.edges.items()}
        TopologicalSorter(onward).prepare()  # CycleError names the ring


@pytest.mark.parametrize("case", ENDINGS)
def test_what_an_ending_says_is_true_on_every_way_to_it(scripts: dict[str, Script], case: str) -> None:
    wrong = untrue(ways_to_endings(scripts[case].graph), ENDINGS[case])
    if wrong:
        pytest.fail(told(wrong), pytrace=False)


@pytest.mark.parametrize("case", ENDINGS)
def test_no_ending_is_undeserved(scripts: dict[str, Script], case: str) -> None:
    script = scripts[case]
    wrong = undeserved(
        ways_to_endings(script.graph),
        {key: scene.scene.outcome for key, scene in script.scenes.items()},
        {key: choice.rating for key, choice in script.choices.items()},
    )
    if wrong:
        pytest.fail(told(wrong), pytrace=False)


# Walks that ended as they should not have, and where they end now: the case, the choices, the ending.
WALKS = [
    pytest.param(
        "unmasked",
        """unmasked-reason-do-ill unmasked-thread-do-reader unmasked-is-this-you-do-no unmasked-her-reply-do-tell
        unmasked-found-do-ring unmasked-replies-do-screen unmasked-fact-find-do-rep
        unmasked-ten-past-three-do-hand-over unmasked-second-meeting-do-mine""",
        "unmasked-put-right",
        id="a lie to a patient's daughter, and a good ending",
    ),
    pytest.param(
        "unmasked",
        """unmasked-reason-do-laugh unmasked-colleague-do-changed unmasked-is-this-you-do-never
        unmasked-found-do-delete unmasked-replies-do-in-kind unmasked-fact-find-do-tonight
        unmasked-ten-past-three-do-drawer unmasked-second-meeting-do-tired""",
        "unmasked-still-open",
        id="three poor choices and not one best, and a good ending",
    ),
    pytest.param(
        "one-star",
        """star-sunday-save star-drafts-general star-letter-meet star-reporter-comms star-search-profile
        star-months-daily star-day-answer""",
        "star-one-line",
        id="five best choices, and a poor ending",
    ),
    pytest.param(
        "the-trolley-photo",
        "trolley-speak-up trolley-wipe-tell trolley-untag trolley-missed-it trolley-leave-it",
        "trolley-caught-up",
        id="a lie to the supervisor, and praise for a straight account",
    ),
    pytest.param(
        "the-friend-request",
        "req-tell-her req-reception req-three-days req-closed-ask req-clear",
        "req-gap",
        id="evidence is deleted, and the complaint does not mention it",
    ),
    pytest.param(
        "wrong-chat",
        """chat-someone-will chat-ring-reg chat-ring-cousin chat-ig-tonight chat-flag-it chat-full-list
        chat-clear-jokes""",
        "chat-gaps",
        id="a phone is cleared under investigation, and no poor ending",
    ),
    pytest.param(
        "one-star",
        """star-sunday-times star-discuss-reply star-letter-explain star-reporter-talk star-source-own star-search-page
        star-day-weekly""",
        "star-a-line-a-month",
        id="five poor choices of seven, and a consultant now",
    ),
    pytest.param(
        "one-star",
        """star-sunday-friend star-nine-deny star-letter-write star-reporter-talk star-source-own star-search-profile
        star-months-weekly""",
        "star-a-line-a-month",
        id="a manager who read the truth in the local group, and a consultant now",
    ),
    pytest.param(
        "one-star",
        "star-sunday-friend star-nine-deny star-letter-write star-reporter-decline star-search-month",
        "star-two-stories",
        id="a manager who read the truth in the local group, and bin days",
    ),
]


@pytest.mark.parametrize(("case", "choices", "ending"), WALKS)
def test_a_walk_ends_where_it_should(scripts: dict[str, Script], case: str, choices: str, ending: str) -> None:
    assert scripts[case].graph.walk(choices.split())[-1].state.scene == ending


# The tests themselves, on a case made up -----------------------------------------------------------------------------

LIE_AND_OWN = Graph(
    "asked",
    {
        "asked": (Edge("lie", "later", {"trust": -30}), Edge("tell", "later"), Edge("wait", "night")),
        "night": (Edge("tell-then", "later"),),
        "later": (Edge("own", "owned"), Edge("hide", "hidden")),
        "owned": (),
        "hidden": (),
    },
    {"trust": 50},
)
OUTCOMES = {"owned": "good", "hidden": "poor"}
RATINGS = {
    "lie": "poor",
    "tell": "best",
    "wait": "best",
    "tell-then": "best",
    "own": "acceptable",
    "hide": "acceptable",
}


@pytest.mark.parametrize(
    ("claims", "broken"),
    [
        (Claims(never={"lie"}), {"owned after lie": ["lie own"]}),
        (Claims(never={"night"}), {"owned after night": ["wait tell-then own"]}),
        (Claims(always=[{"tell"}, {"own"}]), {"owned without tell": ["wait tell-then own", "lie own"]}),
        (Claims(always=[{"tell", "night"}]), {"owned without night or tell": ["lie own"]}),
        (Claims(gauges={"trust": range(40, 101)}), {"owned with trust not from 40 to 100": ["lie own"]}),
        (Claims(always=[{"tell", "tell-then", "lie"}], never={"hide"}, gauges={"trust": range(20, 51)}), {}),
    ],
)
def test_a_claim_that_a_way_denies_is_found(claims: Claims, broken: dict[str, list[str]]) -> None:
    wrong = untrue(ways_to_endings(LIE_AND_OWN), {"owned": claims})
    assert {what: [str(way) for way in ways] for what, ways in wrong.items()} == broken


def test_an_ending_that_is_not_deserved_is_found() -> None:
    wrong = undeserved(ways_to_endings(LIE_AND_OWN), OUTCOMES, RATINGS)
    assert told(wrong).splitlines() == [
        "hidden, a poor ending, without a poor choice: 2 ways, such as",
        "    tell hide",
        "    wait tell-then hide",
        "owned, a good ending, with more poor choices than best ones: 1 ways, such as",
        "    lie own",
    ]
