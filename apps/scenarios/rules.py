"""A case's document as a graph: what is open where. Imports no Django."""

from collections.abc import Iterable
from functools import lru_cache

from apps.scenarios import graph
from apps.scenarios.document import CaseDocument, Choice, Need
from apps.scenarios.graph import Edge, Graph


@lru_cache(maxsize=2)  # the graph keeps what it has found out: errors and warnings ask for the same
def graph_of(document: CaseDocument) -> Graph:
    """The case as a graph. What leads, or asks for something, that there is not, is left out."""
    of_scenes = {scene.key: scene.needs for scene in document.scenes}
    gauges = {gauge.key: gauge.start for gauge in document.gauges}

    def needs(asked: Iterable[Need]) -> tuple[graph.Need, ...]:
        return tuple(_need(need) for need in asked if need.gauge in gauges or _scene_of(need) in of_scenes)

    def edge(choice: Choice) -> Edge:
        """What its target needs is asked before it, or after it where it leads elsewhere otherwise."""
        own, of_target = needs(choice.needs), needs(of_scenes[choice.target])
        effects = {effect.gauge: effect.change for effect in choice.effects}
        if choice.otherwise:
            return Edge(choice.key, choice.target, effects, own, choice.otherwise, of_target)
        return Edge(choice.key, choice.target, effects, own + of_target)

    edges = {
        scene.key: tuple(edge(choice) for choice in scene.choices if leads_somewhere(choice, of_scenes))
        for scene in document.scenes
    }
    return Graph(document.scenes[0].key if document.scenes else "", edges, gauges)


def leads_somewhere(choice: Choice, scenes: Iterable[str]) -> bool:
    """Whether there are the scenes that a choice can lead to."""
    return choice.target in scenes and (not choice.otherwise or choice.otherwise in scenes)


def _need(need: Need) -> graph.Need:
    return graph.Need(need.gauge, need.at_least or 0, need.below, need.visited, need.not_visited)


def _scene_of(need: Need) -> str:
    return need.visited or need.not_visited
