"""Rows of cases become documents, whatever a draft holds."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.modules.rows import read_document
from apps.scenarios.document import CaseDocument, Choice, Effect, Gauge, Need, Part, Scene
from apps.scenarios.models import Scenario
from tests import make

pytestmark = pytest.mark.django_db


def read(case: Scenario) -> CaseDocument:
    document = read_document(case.page)
    assert isinstance(document, CaseDocument)
    return document


def a_case_with_rules() -> Scenario:
    case = make.scenario(make.draft())
    make.rules(case, gauges=2)
    return case


def test_a_case_is_its_own_words_its_gauges_and_its_scenes() -> None:
    case = a_case_with_rules()
    case.role, case.plan_lines, case.is_taster = "You are on call.\r\n", "If A\r\n\r\nIf B ", True
    case.save()
    read_ = read(case)
    assert (read_.role, read_.plan_lines, read_.is_taster) == ("You are on call.", ("If A", "If B"), True)
    assert read_.guidance_sources == (case.citations.get().source.key,)
    assert read_.gauges == (Gauge("case-trust", "Case-trust", 60), Gauge("case-privacy", "Case-privacy", 60))
    assert [scene.key for scene in read_.scenes] == [*(f"case-scene-{n}" for n in (1, 2, 3)), "case-good", "case-poor"]


def test_a_scene_is_its_words_with_its_parts_and_choices() -> None:
    case = a_case_with_rules()
    scene = case.scenes.get(key="case-scene-1")
    assert read(case).scenes[0] == Scene(
        "case-scene-1",
        "Scene 1",
        "It is quiet.",
        clock="04:05",
        place="the mess",
        seen_by=1,
        sources=(scene.citations.get().source.key,),
        thought="It is only us.",
        question="What do you do?",
        teaching_point="Ask first.",
        parts=(Part("case-scene-1-part", "message", "Look", author="SHO"),),
        choices=(
            Choice(
                "case-scene-1-poor",
                "Do the poor thing in Scene 1",
                "poor",
                "case-scene-2",
                consequence="Something happens.",
            ),
            Choice(
                "case-scene-1-best",
                "Do the best thing in Scene 1",
                "best",
                "case-scene-2",
                effects=(Effect("case-trust", 20), Effect("case-privacy", 20)),
                consequence="Something happens.",
            ),
        ),
    )


def test_needs_and_effects_have_one_order() -> None:
    case = a_case_with_rules()
    trust, privacy = case.gauges.order_by("position")
    for gauge, position in ((trust, 3), (privacy, 1)):
        case.gauges.filter(pk=gauge.pk).update(position=position)
    _, second, third, good, _ = read(case).scenes
    assert [effect.gauge for effect in read(case).scenes[0].choices[1].effects] == ["case-privacy", "case-trust"]
    assert second.choices[1].needs == (
        Need("case-privacy-not-all", "case-privacy", below=100),
        Need("case-privacy-enough", "case-privacy", at_least=50),
        Need("case-trust-not-all", "case-trust", below=100),
        Need("case-trust-enough", "case-trust", at_least=50),
    )
    assert third.needs == (Need("case-seen", visited="case-scene-1"),)
    assert good.needs == (
        Need("case-earned", "case-trust", at_least=70),
        Need("case-open", not_visited="case-poor"),
    )


def test_what_points_into_another_case_points_nowhere() -> None:
    case = a_case_with_rules()
    other = make.scenario(case.edition, "other")
    make.rules(other)
    choice = case.scenes.get(key="case-scene-1").choices.get(key="case-scene-1-best")
    make.unguarded(type(choice)).filter(pk=choice.pk).update(
        target=other.scenes.get(key="other-good"), otherwise=other.scenes.get(key="other-poor")
    )
    make.effect(other.gauges.get(), "case-scene-1-best", 5)
    for name, fields in (("gauge", {"at_least": 1}), ("visited", {}), ("not_visited", {})):
        there = other.gauges.get() if name == "gauge" else other.scenes.get(key="other-poor")
        make.requirement(case.edition, f"lost-{name.replace('_', '-')}", choice=choice, **{name: there}, **fields)
    read_ = read(case).scenes[0].choices[1]
    assert (read_.target, read_.otherwise, read_.needs) == ("", "", ())
    assert [effect.gauge for effect in read_.effects] == ["case-privacy", "case-trust"]


def test_a_large_case_is_read_in_as_many_queries_as_a_small_one() -> None:
    asked = []
    for scenes in (10, 100):
        case = make.scenario(make.draft(), scenes=scenes)
        make.rules(case, gauges=4)
        with CaptureQueriesContext(connection) as queries:
            assert len(read(case).scenes) == scenes + 2
        asked.append(len(queries))
    assert asked[0] == asked[1] <= 12
