"""What is told before a scene or a gauge of a case is deleted: what changes elsewhere, and nothing else."""

from dataclasses import replace

import pytest

from apps.scenarios.deletions import deletion_of
from apps.scenarios.document import Effect, Gauge, Need, Part
from tests import stories

pytestmark = pytest.mark.once

CASE = stories.case({"a": ["b", "c"], "b": ["c/d", "d"], "c": ["d"], "d": []}, {key: key.upper() for key in "abcd"})
TRUST = Gauge("trust", "Trust", 60)


def needing(case, scene, choice, **need):
    """The case in which this scene, and the first choice of another, need something."""

    def changed(one):
        if one.key == scene:
            return replace(one, needs=(Need("n1", **need),))
        if one.key == choice:
            return replace(one, choices=(replace(one.choices[0], needs=(Need("n2", **need),)), *one.choices[1:]))
        return one

    return replace(case, scenes=tuple(changed(one) for one in case.scenes))


def changes(case, what, key):
    return [*deletion_of(case, what, key).changes]


CHOICE = "Scene 2, “B”, choice (a), “Choice 0”,"


@pytest.mark.parametrize("need", [{"visited": "a"}, {"not_visited": "a"}])
def test_what_needs_a_scene_is_named(need):
    told = changes(needing(CASE, "d", "b", **need), "scene", "a")
    assert "Scene 4, “D”, will not need it any more." in told
    assert f"{CHOICE} will not need it any more." in told


def test_what_needs_something_else_is_not_named():
    told = changes(needing(CASE, "d", "b", visited="a"), "scene", "c")
    assert not any("need it" in one for one in told)


def test_what_the_scene_itself_needs_goes_with_it_untold():
    told = changes(needing(CASE, "b", "b", visited="b"), "scene", "b")
    assert not any("need it" in one for one in told)


def test_what_goes_with_a_scene_is_counted():
    whole = "The scene with all its words"
    parts = tuple(Part(f"p{number}", "message", "Look", "SHO") for number in range(2))
    with_parts = replace(CASE, scenes=(replace(CASE.scenes[0], parts=parts), *CASE.scenes[1:]))
    choices = "2 choices, with what follows and what they move"
    assert [*deletion_of(with_parts, "scene", "a").goes] == [whole, "2 parts that the learner sees in it", choices]
    assert [*deletion_of(CASE, "scene", "c").goes] == [whole, "1 choice, with what follows and what they move"]
    assert [*deletion_of(CASE, "scene", "d").goes] == [whole]


def test_what_led_there_is_named():
    assert changes(CASE, "scene", "d") == [
        f"{CHOICE} will not lead there any more where what is needed is not met.",
        "Scene 2, “B”, choice (b), “Choice 1”, will lead nowhere, and stops publication until you say where.",
        "Scene 3, “C”, choice (a), “Choice 0”, will lead nowhere, and stops publication until you say where.",
    ]


@pytest.mark.parametrize(("key", "told"), [("b", "Scenes 3 to 4 move up"), ("c", "Scene 4 moves up"), ("d", "")])
def test_the_scenes_behind_it_move_up(key, told):
    moved = [one for one in changes(CASE, "scene", key) if "up by one number" in one]
    assert len(moved) == bool(told)
    assert all(one.startswith(told) for one in moved)


def test_what_cannot_be_reached_any_more_is_named_and_what_never_could_is_not():
    case = stories.case({"a": ["b"], "b": ["c"], "c": [], "x": ["x"]}, {key: key.upper() for key in "abcx"})
    cut_off = [one for one in changes(case, "scene", "b") if "can no longer be reached" in one]
    assert cut_off == ["Scene 3, “C”, can no longer be reached. It stays, among the problems."]


def test_what_a_gauge_does_is_named():
    case = needing(replace(CASE, gauges=(TRUST, Gauge("other", "Other", 5))), "d", "b", gauge="trust", at_least=50)
    first, *rest = case.scenes
    moved = replace(first.choices[0], effects=(Effect("trust", 5),))
    case = replace(case, scenes=(replace(first, choices=(moved, *first.choices[1:])), *rest))
    assert sorted(changes(case, "gauge", "trust")) == [
        "Scene 1, “A”, choice (a), “Choice 0”, will not move it any more.",
        f"{CHOICE} will not need it any more.",
        "Scene 4, “D”, will not need it any more.",
    ]
    assert changes(case, "gauge", "other") == []
    assert deletion_of(case, "gauge", "nothing") is deletion_of(case, "scene", "nothing") is None
