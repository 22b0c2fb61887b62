"""How long an author's largest page takes: the text of a case of 100 scenes, as large as may be."""

import time
from collections.abc import Callable

from apps.modules import outline, page_kinds
from apps.modules.checks import find_problems_of
from apps.modules.document import Head
from apps.modules.known import read_known
from apps.modules.outline import PAGE_LIMIT
from apps.scenarios.document import CaseDocument, Choice, Effect, Gauge, Need, Scene

SCENES, ENDINGS = 97, 3
AIM = 0.3  # seconds each


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
    ]


def _told(seconds: float) -> str:
    return f"{seconds:.2f} s; aim {AIM} s: {'met' if seconds <= AIM else 'MISSED'}"


def _seconds(work: Callable[[], object]) -> float:
    taken = []
    for _ in range(3):
        started = time.perf_counter()
        work()
        taken.append(time.perf_counter() - started)
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
            ("best", "acceptable", "poor")[place],
            f"scene-{way}",
            effects=(Effect(f"gauge-{number % 4}", 5 - 3 * place - 1),),
            needs=(Need(f"need-{number}", "gauge-0", at_least=20),) if place == 0 and number % 10 == 0 else (),
            consequence="It was done.",
        )
        for place, way in enumerate(ways)
    )
    return Scene(f"scene-{number}", f"Scene {number}", words, question="What do you do?", choices=choices)
