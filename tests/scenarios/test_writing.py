"""Documents become the rows of cases: those that stay keep their ids, whatever else moves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.modules.content import EditionContent
from apps.modules.rows import models_of, read_document
from apps.modules.writing import KeyInUseError, write_document
from apps.scenarios.document import CaseDocument, Choice, Effect, Gauge, Need, Part, Scene
from apps.scenarios.models import Scenario
from tests import make

pytestmark = pytest.mark.django_db


def a_case(key: str = "case", scenes: int = 3, **options: Any) -> Scenario:
    case = make.scenario(options.pop("draft", None) or make.draft(), key, scenes=scenes)
    make.rules(case, **options)
    return case


def read(case: Scenario) -> CaseDocument:
    document = read_document(case.page)
    assert isinstance(document, CaseDocument)
    return document


def ids(case: Scenario) -> dict[tuple[type[EditionContent], Any], int]:
    """The id of each row of the edition by its key."""
    return {
        (model, row.natural_key()): row.pk
        for model in models_of(Scenario)
        for row in model._base_manager.filter(edition=case.edition)
    }


def renamed(document: CaseDocument) -> CaseDocument:
    scenes = (replace(scene, title=f"{scene.title}, later") for scene in document.scenes)
    return replace(document, role="You are a nurse.", scenes=tuple(scenes))


def turned_round(document: CaseDocument) -> CaseDocument:
    """All that has an order in the other order."""
    scenes = (replace(scene, choices=scene.choices[::-1], parts=scene.parts[::-1]) for scene in document.scenes[::-1])
    turned = (
        replace(scene, choices=tuple(replace(choice, effects=choice.effects[::-1]) for choice in scene.choices))
        for scene in scenes
    )
    return replace(document, gauges=document.gauges[::-1], scenes=tuple(turned))


def with_two_swapped(document: CaseDocument) -> CaseDocument:
    first, second, *others = document.scenes
    return replace(document, scenes=(second, first, *others))


def without_the_second_scene(document: CaseDocument) -> CaseDocument:
    """What leads there leads nowhere."""
    first, _, third, *others = document.scenes
    choices = (replace(choice, target="") for choice in first.choices)
    return replace(document, scenes=(replace(first, choices=tuple(choices)), third, *others))


def with_a_scene_in_front(document: CaseDocument) -> CaseDocument:
    gauge = document.gauges[0].key
    effects, needs = (Effect(gauge, -5),), (Need("new-need", not_visited="case-good"),)
    choice = Choice("new-choice", "Go on", "best", document.scenes[0].key, "case-poor", effects, needs, "You go.")
    part = Part("new-part", "post", "Look", "Sam", "04:00", "illustrations/dots.svg", "Dots on a line", "310 likes")
    scene = Scene("new", "New", "It begins.", seen_by=3, facts=("A1",), parts=(part,), choices=(choice,))
    return replace(document, scenes=(scene, *document.scenes))


def with_choices_in_other_scenes(document: CaseDocument) -> CaseDocument:
    """The first two scenes exchange what is in them."""
    first, second, *others = document.scenes
    return replace(
        document,
        scenes=(
            replace(first, choices=second.choices, parts=second.parts, needs=second.needs),
            replace(second, choices=first.choices, parts=first.parts, needs=first.needs),
            *others,
        ),
    )


def with_another_gauge_in_front(document: CaseDocument) -> CaseDocument:
    first = replace(document.scenes[0], choices=(replace(document.scenes[0].choices[0], effects=(Effect("calm", 5),)),))
    gauges = (Gauge("calm", "Calm", 50), *document.gauges)
    return replace(document, gauges=gauges, scenes=(first, *document.scenes[1:]))


def without_anything(document: CaseDocument) -> CaseDocument:
    return CaseDocument(document.head)


CHANGES = [
    renamed,
    turned_round,
    with_two_swapped,
    without_the_second_scene,
    with_a_scene_in_front,
    with_choices_in_other_scenes,
    with_another_gauge_in_front,
    without_anything,
]


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_what_is_written_is_read_again_and_what_stays_keeps_its_id(
    change: Callable[[CaseDocument], CaseDocument],
) -> None:
    case = a_case(gauges=3)
    beside = a_case("other", draft=case.edition)
    before, other, wanted = ids(case), read(beside), in_gauge_order(change(read(case)))
    write_document(case.page, wanted)
    assert read(case) == wanted
    after = ids(case)
    assert {key: pk for key, pk in after.items() if key in before} == {
        key: pk for key, pk in before.items() if key in after
    }
    assert read(beside) == other
    assert_in_order(case)
    connection.check_constraints()


def in_gauge_order(document: CaseDocument) -> CaseDocument:
    order = [gauge.key for gauge in document.gauges]

    def sorted_(choice: Choice) -> Choice:
        return replace(choice, effects=tuple(sorted(choice.effects, key=lambda effect: order.index(effect.gauge))))

    scenes = (replace(scene, choices=tuple(map(sorted_, scene.choices))) for scene in document.scenes)
    return replace(document, scenes=tuple(scenes))


def assert_in_order(case: Scenario) -> None:
    """Every row has the position that its place in the document says."""
    for rows in (case.scenes, case.gauges, *(lists for scene in case.scenes.all() for lists in _lists(scene))):
        positions = list(rows.order_by("position").values_list("position", flat=True))
        assert positions == list(range(1, len(positions) + 1))


def _lists(scene: Any) -> tuple[Any, ...]:
    return scene.parts, scene.choices, scene.citations


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_what_is_written_twice_is_written_once(change: Callable[[CaseDocument], CaseDocument]) -> None:
    case = a_case()
    wanted = in_gauge_order(change(read(case)))
    write_document(case.page, wanted)
    before = ids(case)
    with CaptureQueriesContext(connection) as asked:
        write_document(case.page, wanted)
    assert [query["sql"] for query in asked if query["sql"].startswith(("INSERT", "UPDATE", "DELETE"))] == []
    assert ids(case) == before


def test_a_case_keeps_the_key_that_its_row_has() -> None:
    case = a_case()
    make.unguarded(Scenario).filter(pk=case.pk).update(key="of-old")
    write_document(case.page, renamed(read(case)))
    case.refresh_from_db()
    assert (case.key, case.role) == ("of-old", "You are a nurse.")


def test_no_key_of_another_case_is_taken() -> None:
    case = a_case()
    other = a_case("other", draft=case.edition)
    document, before = read(case), read(other)
    for scene in (Scene("other-scene-1", "Mine"), Scene("mine", "Mine", needs=(Need("other-seen", visited="mine"),))):
        with pytest.raises(KeyInUseError, match=scene.needs[0].key if scene.needs else scene.key):
            write_document(case.page, replace(document, scenes=(scene,)))
    assert (read(case), read(other)) == (document, before)


def test_nothing_leads_to_what_is_not_in_the_case() -> None:
    case = a_case()
    a_case("other", draft=case.edition)
    document = read(case)
    choice = document.scenes[0].choices[0]
    for wrong in (
        replace(choice, target="other-good"),
        replace(choice, otherwise="other-good"),
        replace(choice, effects=(Effect("other-trust", 5),)),
        replace(choice, needs=(Need("n", "other-trust", at_least=5),)),
        replace(choice, needs=(Need("n", visited="other-good"),)),
    ):
        with pytest.raises(ValueError, match=r"“other-(good|trust)”"):
            write_document(case.page, with_first(document, replace(document.scenes[0], choices=(wrong,))))
    assert read(case) == document


def test_nothing_is_there_twice() -> None:
    case = a_case()
    document = read(case)
    first = document.scenes[0]
    twice = replace(first.choices[0], effects=(Effect("case-trust", 5), Effect("case-trust", 6)))
    for scene in (
        document.scenes[1],
        replace(first, choices=(twice,)),
        replace(first, parts=first.parts * 2),
        replace(first, sources=first.sources * 2),
    ):
        with pytest.raises(ValueError, match=r"twice|one key"):
            write_document(case.page, with_first(document, scene))
    assert read(case) == document


def test_nothing_is_written_without_a_key() -> None:
    case = a_case()
    document = read(case)
    with pytest.raises(ValueError, match="has no key"):
        write_document(
            case.page, with_first(document, replace(document.scenes[0], needs=(Need("", visited="case-good"),)))
        )
    assert read(case) == document


def with_first(document: CaseDocument, scene: Scene) -> CaseDocument:
    return replace(document, scenes=(scene, *document.scenes[1:]))


def test_what_another_case_has_of_a_deleted_row_goes_too() -> None:
    """No writer of ours links two cases; an old draft may."""
    case = a_case()
    other = a_case("other", draft=case.edition)
    choice = other.scenes.get(key="other-scene-1").choices.get(key="other-scene-1-best")
    poor = case.scenes.get(key="case-poor")
    make.unguarded(type(choice)).filter(pk=choice.pk).update(target=poor, otherwise=None)
    make.effect(case.gauges.get(), choice.key, 5)
    make.requirement(case.edition, "lost", choice=choice, not_visited=poor)
    kept = read(other)
    write_document(case.page, CaseDocument(read(case).head))
    connection.check_constraints()
    choice.refresh_from_db()
    assert choice.target is None
    assert not choice.requirements.filter(key="lost").exists()
    assert read(other) == kept


def grown(document: CaseDocument, scenes: int) -> CaseDocument:
    """A case of so many scenes, each with three choices, and each of those with an effect on three gauges."""
    gauges = tuple(Gauge(f"g{number}", f"Gauge {number}", 50) for number in range(1, 4))

    def choice(scene: int, number: int) -> Choice:
        effects = tuple(Effect(gauge.key, 5) for gauge in gauges)
        needs = (Need(f"n{scene}-{number}", "g1", at_least=10),)
        return Choice(f"c{scene}-{number}", "Go", "poor", f"s{(scene + 1) % scenes}", effects=effects, needs=needs)

    def scene(number: int) -> Scene:
        parts = (Part(f"p{number}", "message", "Look"),)
        choices = tuple(choice(number, place) for place in range(3))
        sources = document.guidance_sources
        return Scene(f"s{number}", f"Scene {number}", "It is quiet.", sources=sources, parts=parts, choices=choices)

    return replace(document, gauges=gauges, scenes=tuple(scene(number) for number in range(scenes)))


def with_all_changed(document: CaseDocument) -> CaseDocument:
    """Of every kind of row some go, some come, some change, and the others move."""
    new = make.source().key
    gauges = (*document.gauges[:0:-1], Gauge("g-new", "New", 5))

    def choice(choice: Choice) -> Choice:
        effects = (Effect("g-new", 7), *(replace(effect, change=9) for effect in choice.effects[2:]))
        needs = tuple(replace(need, gauge="g2", at_least=20) for need in choice.needs)
        return replace(choice, text="Stay", effects=effects, needs=needs)

    def scene(scene: Scene) -> Scene:
        added = Choice(f"{scene.key}-new", "Leave", "best", needs=(Need(f"{scene.key}-need", "g3", below=50),))
        parts = (Part(f"{scene.key}-part", "call", "Hello"), *(replace(part, author="SHO") for part in scene.parts))
        choices = (added, *(choice(each) for each in scene.choices[:0:-1]))
        return replace(scene, title="Other", sources=(new,), parts=parts, choices=choices)

    scenes = tuple(scene(each) for each in document.scenes[::-1])
    head = replace(document.head, title="Other", sources=(new,))
    return replace(document, head=head, role="You are new.", guidance_sources=(new,), gauges=gauges, scenes=scenes)


def test_a_large_case_is_written_in_as_many_statements_as_a_small_one() -> None:
    counts = []
    for scenes in (10, 100):
        case = a_case()
        old = read(case)
        asked = []
        for wanted in (grown(old, scenes), in_gauge_order(with_all_changed(grown(old, scenes))), old):
            with CaptureQueriesContext(connection) as queries:
                write_document(case.page, wanted)
            assert read(case) == wanted
            asked.append(len(queries))
        counts.append(asked)
    assert counts[0] == counts[1]
    assert max(counts[0]) <= 40
