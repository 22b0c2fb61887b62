"""A walk is plain data: what was chosen, what may be done now, and where that leads."""

import subprocess
import sys

import pytest
from django.conf import settings

from apps.scenarios.queries import script_of
from apps.scenarios.walks import NotAChoiceError, Walk, walk_of
from tests import make

BEST = ["case-scene-1-best", "case-scene-2-best", "case-scene-3-best"]


@pytest.fixture
def walk(db: None) -> Walk:
    """One decision of a case has been taken."""
    edition = make.edition("posts")
    return walk_of(script_of(edition.page_set.get(key="case")), BEST[:1])


def test_walks_and_what_they_are_made_of_need_no_django() -> None:
    code = "import sys, apps.scenarios.walks, apps.scenarios.graph; sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=settings.BASE_DIR, check=False).returncode == 0


def test_a_choice_that_is_offered_leads_on(walk: Walk) -> None:
    assert [choice.key for choice in walk.offered] == ["case-scene-2-poor", "case-scene-2-best"]
    on, out = walk.take(2, "case-scene-2-best"), walk.take(2, "case-scene-2-poor")
    assert on is not None
    assert out is not None
    assert (on.choice.key, on.scene.key, on.is_ending) == ("case-scene-2-best", "case-scene-3", False)
    assert (out.scene.key, out.is_ending) == ("case-poor", True)


@pytest.mark.parametrize(("decision", "key"), [(2, "case-scene-1-best"), (2, "no-such"), (2, ""), (3, BEST[1])])
def test_a_choice_that_is_not_offered_and_a_decision_ahead_are_refused(walk: Walk, decision: int, key: str) -> None:
    with pytest.raises(NotAChoiceError):
        walk.take(decision, key)


@pytest.mark.parametrize("decision", [1, 0, -1])
def test_a_decision_that_was_taken_changes_nothing(walk: Walk, decision: int) -> None:
    assert walk.take(decision, BEST[1]) is None
    assert walk_of(walk.script, BEST).take(9, "no-such") is None, "nor does any after the end"


def test_a_walk_before_a_decision_is_that_walk_without_it(walk: Walk) -> None:
    whole = walk_of(walk.script, BEST)
    assert whole.until(2) == walk
    assert whole.until(1) == walk_of(walk.script, ())
    assert (whole.shared_with(walk), walk.shared_with(whole)) == (1, 1)
    assert walk.shared_with(walk_of(walk.script, ["case-scene-1-poor"])) == 0
