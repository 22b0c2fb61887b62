"""What is to be put right in a case, as its document says it."""

from collections.abc import Iterable, Iterator, Mapping

from apps.core.words import listed
from apps.modules.problems import Problem, error, warning
from apps.modules.said import quoted, where_is
from apps.scenarios import models
from apps.scenarios.document import CaseDocument, Choice, Need, Scene
from apps.scenarios.graph import Graph, TooManyStatesError
from apps.scenarios.rules import graph_of, leads_somewhere
from apps.scenarios.texts import where_is_case, where_is_scene

MOST_GAUGES = 4  # that fit beside a scene, and that a learner can keep an eye on
FEWEST_ENDINGS = 2  # else nothing depends on what is decided
FARTHEST_APART = 40  # points of a gauge between ways to a good ending

Found = Iterator[tuple[str, str]]  # the key of a scene or choice, or nothing for the case; what is the matter with it


def find_errors(document: CaseDocument) -> Iterable[Problem]:
    """What keeps a case from being published."""
    if not document.scenes:
        yield error(f"Case {quoted(document.head.title)} has no scenes.", document.head.key)
        return
    if len(document.gauges) > MOST_GAUGES:
        yield error(f"Case {quoted(document.head.title)} has more than {MOST_GAUGES} gauges.", document.head.key)
    holes = [*_of_links(document)]
    finds = (_of_endings, _of_choices) if holes else (_of_paths, _of_endings, _of_choices)
    for block, text in (*holes, *(found for find in finds for found in find(document))):
        yield error(f"Case {quoted(document.head.title)}: {text}", document.head.key, block)
    for part in (part for scene in document.scenes for part in scene.parts if part.image and not part.image_alt):
        where = where_is(models.ScenePart, part.key, part.key)
        yield error(f"{where}: its picture has no alternative text.", document.head.key, part.key)


def find_warnings(document: CaseDocument) -> Iterable[Problem]:
    """What rests on nothing, or decides nothing."""
    if not document.scenes:
        return
    page = document.head.key
    for text in _wants_of_case(document):
        yield warning(f"{where_is_case(document)}: {text}.", page)
    for scene in document.scenes:
        for text in _wants_of_scene(scene):
            yield warning(f"{where_is_scene(scene)}: {text}.", page, scene.key)
    for scene, text in _blind_endings(document):
        yield warning(f"{where_is_scene(scene)}: {text}.", page, scene.key)


# Errors ---------------------------------------------------------------------------------------------------------------


def _of_links(document: CaseDocument) -> Found:
    """What leads to, moves or asks for something that there is not. What else ways make waits until nothing does."""
    scenes = {scene.key for scene in document.scenes}
    gauges = {gauge.key for gauge in document.gauges}
    for scene in document.scenes:
        for text in _of_needs(scene.needs, scenes, gauges):
            yield scene.key, f"the scene {_called(scene)} {text}"
        for choice in scene.choices:
            needs = _of_needs(choice.needs, scenes, gauges)
            for text in (*_of_targets(choice, scenes), *_of_effects(choice, gauges), *needs):
                yield choice.key, f"the choice “{choice.text}” {text}"


def _of_targets(choice: Choice, scenes: set[str]) -> Iterator[str]:
    if not choice.target:
        yield "leads nowhere."
    elif choice.target not in scenes:
        yield f"leads to the scene {choice.target}, which does not exist."
    if choice.otherwise and choice.otherwise not in scenes:
        yield f"leads, otherwise, to the scene {choice.otherwise}, which does not exist."
    if choice.otherwise and choice.otherwise == choice.target:
        yield "leads, otherwise, to its target: let it lead somewhere else, or nowhere."


def _of_effects(choice: Choice, gauges: set[str]) -> Iterator[str]:
    for effect in choice.effects:
        if effect.gauge not in gauges:
            yield f"moves the gauge {effect.gauge}, which does not exist."
        if not effect.change:
            yield f"moves the gauge {effect.gauge} by 0."


def _of_needs(needs: Iterable[Need], scenes: set[str], gauges: set[str]) -> Iterator[str]:
    for need in needs:
        asked = [need.visited, need.not_visited, need.gauge]
        limits = [limit for limit in (need.at_least, need.below) if limit is not None]
        if len([one for one in asked if one]) != 1 or len(limits) != bool(need.gauge):
            yield "must need one thing at a time: a gauge at least so high or below, or a scene visited or not."
        if need.gauge and need.gauge not in gauges:
            yield f"needs the gauge {need.gauge}, which does not exist."
        for scene in (need.visited, need.not_visited):
            if scene and scene not in scenes:
                yield f"needs the scene {scene}, which does not exist."


def _of_paths(document: CaseDocument) -> Found:
    graph = graph_of(document)
    scenes = {scene.key: _called(scene) for scene in document.scenes}
    try:
        for key in sorted(graph.unreachable()):
            yield key, f"no path leads to the scene {scenes[key]}."
        for key in sorted(graph.endless()):
            yield key, f"no path from the scene {scenes[key]} reaches an ending."
        for key in sorted(graph.locked()):
            yield key, f"a learner can stand in the scene {scenes[key]} with no way left to an ending."
        yield from _of_offers(document, graph)
    except TooManyStatesError:
        yield "", "its gauges and rules make too many ways to check. Let fewer gauges be needed."


def _of_offers(document: CaseDocument, graph: Graph) -> Found:
    """Choices that are never offered, and those that never lead to one of their two scenes."""
    titles, choices = _titles(document), _choices(document)
    for key in sorted(graph.never_offered()):
        yield key, f"the choice “{choices[key].text}” is never offered: no path meets what it needs."
    for key, scene in sorted(graph.undecided().items()):
        choice = choices[key]
        is_met = scene == choice.target
        never, why = (choice.otherwise, "every path meets") if is_met else (choice.target, "no path meets")
        needs = f"{why} what “{titles[choice.target]}” needs"
        yield key, f"the choice “{choice.text}” never leads to “{titles[never]}”: {needs}."


def _of_endings(document: CaseDocument) -> Found:
    start = document.scenes[0]
    if start.is_ending:
        yield start.key, "the first scene has no choices."
    for scene in document.scenes:
        if scene.is_ending and not scene.outcome:
            yield scene.key, f"the ending {_called(scene)} does not say how it ended (outcome)."
        if not scene.is_ending and scene.outcome:
            yield scene.key, f"the scene {_called(scene)} has choices, so it has no outcome."


def _of_choices(document: CaseDocument) -> Found:
    scenes = {scene.key: scene for scene in document.scenes}
    turning_back = graph_of(document).turning_back()
    for choice in _choices(document).values():
        if not choice.consequence:
            yield choice.key, f"the choice “{choice.text}” has no consequence."
        if choice.otherwise and leads_somewhere(choice, scenes):
            target, otherwise = scenes[choice.target], scenes[choice.otherwise]
            for text in _of_otherwise(target, otherwise, choice.key in turning_back):
                yield choice.key, f"the choice “{choice.text}” {text}"


def _of_otherwise(target: Scene, otherwise: Scene, turns_back: bool) -> Iterator[str]:
    if not target.needs:
        yield f"leads elsewhere otherwise, but its target “{target.title}” needs nothing."
    if otherwise.needs:
        yield f"leads, otherwise, to “{otherwise.title}”, which must need nothing."
    if turns_back:
        yield f"leads, otherwise, to “{otherwise.title}”, from which it can be reached again."


# Warnings -------------------------------------------------------------------------------------------------------------


def _wants_of_case(document: CaseDocument) -> Iterator[str]:
    if not document.guidance:
        yield "has no guidance"
    elif not document.guidance_sources:
        yield "its guidance cites no source"
    if len([scene for scene in document.scenes if scene.is_ending]) < FEWEST_ENDINGS:
        yield f"has fewer than {FEWEST_ENDINGS} endings"


def _wants_of_scene(scene: Scene) -> Iterator[str]:
    if scene.is_ending:
        return
    if not scene.teaching_point:
        yield "has no teaching point"
    elif not scene.sources:
        yield "its teaching point cites no source"
    if len(scene.choices) == 1:
        yield "has only one choice, so nothing is decided in it"


def _blind_endings(document: CaseDocument) -> Iterator[tuple[Scene, str]]:
    """Good endings for all, however they stand: each gauge can be high there or low, and none is asked for.

    Mixed and poor endings gather what differs, and what is right may cost one gauge. Of a case with too many states
    nothing is said here: that is an error of its own.
    """
    asked = _asked_on_the_way(document)
    try:
        final = graph_of(document).final_values()
    except TooManyStatesError:
        return
    for scene in document.scenes:
        ends = [(gauge.title, *final.get(scene.key, {}).get(gauge.key, (0, 0))) for gauge in document.gauges]
        is_apart = all(highest - lowest > FARTHEST_APART for _, lowest, highest in ends)
        if ends and is_apart and scene.outcome == models.Scene.Outcome.GOOD and not asked[scene.key]:
            stand = listed([f"“{title}” at {lowest} or at {highest}" for title, lowest, highest in ends])
            yield scene, f"is a good ending with {stand}, and no need tells these ways apart"


def _asked_on_the_way(document: CaseDocument) -> Mapping[str, set[str]]:
    """By scene, the gauges that decide whether one comes there: those that it needs, or a choice that leads to it."""
    own = {scene.key: _gauges_in(scene.needs) for scene in document.scenes}
    asked = {key: set(gauges) for key, gauges in own.items()}
    for choice in _choices(document).values():
        for scene in {choice.target, choice.otherwise} & asked.keys():
            asked[scene] |= _gauges_in(choice.needs) | own.get(choice.target, set())
    return asked


def _gauges_in(needs: Iterable[Need]) -> set[str]:
    return {need.gauge for need in needs if need.gauge}


def _called(scene: Scene) -> str:
    """`“Night crew” (trolley-night-crew)`."""
    return f"“{scene.title}” ({scene.key})"


def _titles(document: CaseDocument) -> Mapping[str, str]:
    return {scene.key: scene.title for scene in document.scenes}


def _choices(document: CaseDocument) -> Mapping[str, Choice]:
    """Every choice by its key."""
    return {choice.key: choice for scene in document.scenes for choice in scene.choices}
