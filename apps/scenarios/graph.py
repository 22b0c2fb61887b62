"""Scenarios as graphs: which scenes can be reached, and from which an ending can. Imports no Django."""

from collections.abc import Iterable, Mapping

Edges = Mapping[str, Iterable[str]]


def reachable(edges: Edges, start: str) -> set[str]:
    """Every scene on some path from `start`."""
    seen: set[str] = set()
    waiting = [start]
    while waiting:
        scene = waiting.pop()
        if scene not in seen:
            seen.add(scene)
            waiting.extend(edges.get(scene, ()))
    return seen


def can_end(edges: Edges, scenes: Iterable[str]) -> set[str]:
    """The scenes from which some path leads to an ending (a scene without choices)."""
    scenes = set(scenes)
    arrivals: dict[str, list[str]] = {scene: [] for scene in scenes}
    for scene, targets in edges.items():
        for target in targets:
            arrivals.setdefault(target, []).append(scene)
    backwards = {scene: arrivals[scene] for scene in arrivals}
    endings = [scene for scene in scenes if not list(edges.get(scene, ()))]
    found: set[str] = set()
    for ending in endings:
        found |= reachable(backwards, ending)
    return found & scenes
