"""Cases of any size and shape, for what draws or checks them: only titles, choices and where these lead."""

from collections.abc import Iterable, Mapping
from random import Random

from apps.modules.document import Head
from apps.scenarios.document import CaseDocument, Choice, Scene

RATINGS = ("best", "acceptable", "poor")
TITLES = (
    "Day 12", "Found", "A Sunday", "“Is this you?”", "Two drafts", "Nine kind strangers", "The cat is recognised",
    "“So you DO discuss patients”", "Sixty-three notifications", "Room for one more", "With your name on it",
    "The consultant asks for your telephone before the ward round begins", "Read out in a committee",
)  # fmt: skip
OUTCOMES = ("good", "mixed", "poor")


def case(leads: Mapping[str, Iterable[str]], titles: Mapping[str, str] | None = None) -> CaseDocument:
    """A case of scenes, each with the targets of its choices: `b`, `b/c` for b and otherwise c, or nothing."""
    scenes = []
    for number, (key, targets) in enumerate(leads.items()):
        choices = tuple(
            Choice(f"{key}-{place}", f"Choice {place}", RATINGS[place % 3], *target.split("/"))
            for place, target in enumerate(targets)
        )
        title = (titles or {}).get(key, TITLES[number % len(TITLES)])
        outcome = "" if choices else OUTCOMES[number % 3]
        scenes.append(Scene(key, title, outcome=outcome, choices=choices))
    return CaseDocument(Head("story", "A story"), scenes=tuple(scenes))


def story(scenes: int, seed: int = 0) -> CaseDocument:
    """Like those of the course: ways that part and meet again, short cuts, a way back here and there, a few endings."""
    random = Random(seed)  # noqa: S311
    endings = max(2, min(6, scenes // 8))
    leads: dict[int, list[str]] = {number: [] for number in range(scenes)}
    for number in range(1, scenes):  # something leads to each
        before = range(max(0, number - 4), min(number, scenes - endings))
        leads[random.choice(before) if before else scenes - endings - 1].append(f"s{number}")
    for number in range(scenes - endings):
        while len(leads[number]) < random.choice((1, 2, 2, 3)):
            leads[number].append(f"s{_after(number, scenes, endings, random)}")
        if random.random() < 0.05:
            leads[number][-1] += f"/s{scenes - 1}"
    return case({f"s{number}": targets for number, targets in leads.items()})


def _after(number: int, scenes: int, endings: int, random: Random) -> int:
    if random.random() < 0.04:
        return random.randrange(number + 1)
    if random.random() < 0.06:
        return random.randrange(scenes - endings, scenes)
    return min(number + random.choice((1, 2, 2, 3, 3, 4, 6)), scenes - 1)


def line(scenes: int) -> CaseDocument:
    return case({f"s{number}": [f"s{number + 1}"] if number + 1 < scenes else [] for number in range(scenes)})


def ring(scenes: int) -> CaseDocument:
    return case({f"s{number}": [f"s{(number + 1) % scenes}"] for number in range(scenes)})


def star(rays: int) -> CaseDocument:
    return case({"hub": [f"s{number}" for number in range(rays)]} | {f"s{number}": [] for number in range(rays)})


def anything(scenes: int, seed: int) -> CaseDocument:
    """From anywhere to anywhere."""
    random = Random(seed)  # noqa: S311
    keys = [f"s{number}" for number in range(scenes)]
    return case({key: [random.choice(keys) for _ in range(random.randint(0, 3))] for key in keys})
