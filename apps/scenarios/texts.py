"""What cases say: each row's own words, and what is read in one go, for its reading age."""

from collections.abc import Iterable, Iterator

from apps.core.markdown import plain_of
from apps.modules.page_kinds import Text
from apps.modules.said import Said, said_of, where_is
from apps.scenarios import models
from apps.scenarios.document import CaseDocument, Choice, Need, Scene


def said_in(document: CaseDocument) -> Iterator[Said]:
    """The case, and each of its rows."""
    yield _case(document)
    for gauge in document.gauges:
        yield said_of(gauge, models.Gauge, gauge.title, {"name": gauge.title})
    for scene in document.scenes:
        yield from _scene(scene)


def texts_of(document: CaseDocument) -> Iterable[Text]:
    """The case, and each of its scenes with all that is shown of it sooner or later."""
    yield Text("", where_is_case(document), plain_of(document.role, document.guidance))
    for scene in document.scenes:
        choices = [text for choice in scene.choices for text in (choice.text, choice.consequence)]
        parts = [part.text for part in scene.parts]
        yield Text(scene.key, where_is_scene(scene), plain_of(scene.body, *parts, *choices, scene.teaching_point))


def where_is_case(document: CaseDocument) -> str:
    """`Scenario “the-trolley-photo”`: it is known by its key."""
    return where_is(models.Scenario, document.head.key)


def where_is_scene(scene: Scene) -> str:
    """`Scene “Night crew” (trolley-night-crew)`."""
    return where_is(models.Scene, scene.title, scene.key)


def _case(document: CaseDocument) -> Said:
    values = {
        "role": document.role,
        "guidance": document.guidance,
        "reflection": document.reflection,
        "plan_lines": "\n".join(document.plan_lines),
    }
    told = frozenset() if document.scenes else frozenset({"role"})  # a page without a case is told of as such
    return Said(models.Scenario, "", where_is_case(document), values, document.guidance_sources, told)


def _scene(scene: Scene) -> Iterator[Said]:
    yield said_of(scene, models.Scene, scene.title)
    yield from _needs(scene.needs)
    for part in scene.parts:
        yield said_of(part, models.ScenePart)
    for choice in scene.choices:
        yield from _choice(choice)


def _choice(choice: Choice) -> Iterator[Said]:
    said = said_of(choice, models.Choice, choice.text, told=frozenset({"consequence"}))
    yield said
    yield from _needs(choice.needs)
    for effect in choice.effects:
        yield Said(models.Effect, choice.key, said.where, {"change": effect.change})


def _needs(needs: Iterable[Need]) -> Iterator[Said]:
    return (said_of(need, models.Requirement) for need in needs)
