"""How long an author's largest pages take: the text of a case of 100 scenes, as large as may be, and its map."""

import time
from collections.abc import Callable
from dataclasses import replace

from django.template.loader import render_to_string

from apps.modules import outline, page_kinds
from apps.modules.checks import find_problems_of
from apps.modules.document import Head
from apps.modules.known import read_known
from apps.modules.outline import PAGE_LIMIT
from apps.scenarios.document import CaseDocument, Choice, Effect, Gauge, Need, Scene
from apps.scenarios.maps.drawing import LARGE_BOX, LARGE_WIDTH, Options, drawn
from apps.scenarios.outline import RATINGS

SCENES, ENDINGS = 97, 3
AIM = 0.3  # seconds each
AIM_OF_MAP = 0.1
AHEAD = (1, 2, 3, 5, 7)  # how many scenes choices of the case with a map lead on


def notes() -> list[str]:
    """What reading and checking it takes, the best of three."""
    kind, known = page_kinds.get("scenario"), read_known()
    document = case()
    text = outline.to_text(kind, document)
    size = len(text.encode())
    reading = _seconds(lambda: outline.read(text, page_kinds.all_kinds()))
    checking = _seconds(lambda: find_problems_of(kind.name, document, known))
    return [
        f"- A case of {SCENES + ENDINGS} scenes as text ({size / 1000:.0f} kB): read in {_told(reading)}.",
        f"- The same checked in {_told(checking)}.",
        *_notes_of_map(),
    ]


def _notes_of_map() -> list[str]:
    """Both as HTML."""
    case = _case_with_ways()
    options = Options(lambda key: f"/admin/write/large/{key}/", width=LARGE_WIDTH, box=LARGE_BOX)
    pages: list[str] = []

    def draw() -> None:
        context = {"drawing": drawn(case, options)}
        pages[:] = [render_to_string(f"scenarios/{name}.html", context) for name in ("_map", "_scene_list")]

    seconds = _seconds(draw, time.process_time)
    choices = sum(len(scene.choices) for scene in case.scenes)
    size = sum(len(page.encode()) for page in pages)
    return [
        f"- The map of a case of {len(case.scenes)} scenes and {choices} choices, with its list "
        f"({size / 1000:.0f} kB): drawn in processor time of {_told(seconds, AIM_OF_MAP)}."
    ]


def _told(seconds: float, aim: float = AIM) -> str:
    return f"{seconds:.2f} s; aim {aim} s: {'met' if seconds <= aim else 'MISSED'}"


def _seconds(work: Callable[[], object], clock: Callable[[], float] = time.perf_counter) -> float:
    taken = []
    for _ in range(3):
        started = clock()
        work()
        taken.append(clock() - started)
    return min(taken)


def case() -> CaseDocument:
    """Three ways on from each scene, four gauges, some of which are needed."""
    gauges = tuple(Gauge(f"gauge-{number}", f"Gauge {number}", 50) for number in range(4))
    words = "You are tired, and the telephone rings again. " * (PAGE_LIMIT // 100 // 60)
    scenes = tuple(_scene(number, words) for number in range(SCENES))
    endings = tuple(Scene(f"scene-{SCENES + number}", f"Ending {number}", outcome="good") for number in range(ENDINGS))
    return CaseDocument(Head("large", "A large case"), role="You.", gauges=gauges, scenes=(*scenes, *endings))


def _scene(number: int, words: str) -> Scene:
    ways = (number + 1, number + 2, number + 3)
    choices = tuple(
        Choice(
            f"choice-{number}-{place}",
            f"Do the {place}. thing",
            RATINGS[place],
            f"scene-{way}",
            effects=(Effect(f"gauge-{number % 4}", 5 - 3 * place - 1),),
            needs=(Need(f"need-{number}", "gauge-0", at_least=20),) if place == 0 and number % 10 == 0 else (),
            consequence="It was done.",
        )
        for place, way in enumerate(ways)
    )
    return Scene(f"scene-{number}", f"Scene {number}", words, question="What do you do?", choices=choices)


def _case_with_ways() -> CaseDocument:
    """Two choices in each scene, which lead a little further on; here and there far ahead, or back."""
    scenes = [Scene(f"scene-{number}", f"What is written of {number}") for number in range(SCENES + ENDINGS)]
    for number in range(SCENES):
        ways = [number + AHEAD[number % 5], number + AHEAD[number * 3 % 5] + 1]
        if number % 20 == 7:
            ways[1] = number - 7 if number % 40 == 7 else SCENES + ENDINGS - 1
        keys = [f"scene-{min(way, SCENES + ENDINGS - 1)}" for way in ways]
        choices = tuple(
            Choice(f"choice-{number}-{key}", "Do it", RATINGS[place], key) for place, key in enumerate(keys)
        )
        scenes[number] = replace(scenes[number], choices=choices)
    return CaseDocument(Head("large", "A large case"), scenes=tuple(scenes))
