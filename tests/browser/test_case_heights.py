"""How far down a phone the first choice of every scene of the course stands, and how long what comes after a case is.

Prints what it measures: `pytest -s tests/browser/test_case_heights.py`.
"""

import re
from collections.abc import Callable, Iterator

import pytest
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, expect

from apps.modules import models as modules_models
from apps.modules.models import Edition
from apps.scenarios import actions
from apps.scenarios.graph import State
from apps.scenarios.models import Rating
from apps.scenarios.queries import published_script
from apps.scenarios.walks import Script, walk_of
from tests import make

pytestmark = pytest.mark.once

FIRST_CHOICE, DEBRIEF = 900, 3000  # pixels, in a window of 390 by 844
TOP = "document.querySelector('.sl-choice').getBoundingClientRect().top + scrollY"
A_PAGE = re.compile(rb"/Type /Page\b(?!s)")  # of a PDF
HEIGHT = "document.documentElement.scrollHeight"
WARNED = "a warning stands there, with telephone numbers; and all of it is read for the first time"
NEW = "the opening of a case is read for the first time: the role and everything on the screen stand open"
# Scenes whose first choice may stand lower; nothing is folded in the first scene before anything was decided.
EXCEPTIONS = {
    "star-sunday": NEW,
    "viral-saturday": NEW,
    "letter-midnight": NEW,
    "tag-album": NEW,
    "unmasked-reason": WARNED,
}


@pytest.fixture
def pages(course: Edition) -> list[modules_models.Page]:
    """The nine cases."""
    found = modules_models.Page.objects.filter(kind="scenario", edition__in=Edition.objects.current())
    return list(found.select_related("edition__module").order_by("edition__module__position", "position"))


def ways_to_scenes(script: Script) -> dict[str, tuple[str, ...]]:
    """Each scene in which something is decided, with the choices of a shortest way to it."""
    found: dict[str, tuple[str, ...]] = {}
    seen = set()
    waiting: list[tuple[State, tuple[str, ...]]] = [(script.graph.begin(), ())]
    for state, keys in waiting:
        told = (state.scene, *sorted(state.gauges.items()), state.visited)
        if told not in seen:
            seen.add(told)
            found.setdefault(state.scene, keys)
            waiting += [(after, (*keys, key)) for key, after in script.graph.onward(state).items()]
    return {scene: keys for scene, keys in found.items() if script.graph.edges[scene]}


class Walker:
    """Opens cases as somebody who has come so far in them."""

    def __init__(self, page: Page, sign_in: Callable) -> None:
        self.page, self.sign_in = page, sign_in

    def come_back(self, case: modules_models.Page, ways: list[tuple[str, ...]], *, again: bool = False) -> None:
        """Open the case as a learner who has gone these ways; with `again`, who goes back to the first decision."""
        learner = make.user()
        self.sign_in(self.page.context, learner)
        script, enrolment = published_script(case.pk), make.enrolment(learner, case.edition)
        if ways:
            actions.keep(enrolment, script, [walk_of(script, keys) for keys in ways], timezone.now())
        if again:
            actions.go_back(enrolment.playthroughs.get(), script, 1, timezone.now())
        self.page.goto(case.get_absolute_url())

    def measure(self, what: str) -> int:
        return round(self.page.evaluate(what))


@pytest.fixture
def walker(opened: Callable[..., BrowserContext], sign_in) -> Walker:
    return Walker(opened().new_page(), sign_in)


def six_decisions(script: Script) -> Iterator[tuple[int, tuple[str, ...]]]:
    """A way of six decisions with each number of poor ones that there can be."""
    found: dict[int, tuple[str, ...]] = {}
    for keys in script.graph.paths():
        if len(keys) == 6:
            found.setdefault(sum(script.choices[key].rating == Rating.POOR for key in keys), keys)
    yield from sorted(found.items())


def test_who_comes_back_to_a_scene_sees_its_first_choice(pages: list[modules_models.Page], walker: Walker) -> None:
    too_low, count = {}, 0
    for case in pages:
        script = published_script(case.pk)
        ways = ways_to_scenes(script)
        assert set(ways) == {key for key, scene in script.scenes.items() if not scene.is_ending}
        for scene, keys in ways.items():
            walker.come_back(case, [keys] if keys else [])
            top, count = walker.measure(TOP), count + 1
            print(f"{top:5} {case.key} {scene}")
            if top > FIRST_CHOICE:
                too_low[scene] = top
    assert set(too_low) == set(EXCEPTIONS), too_low
    assert count > 80


def test_who_goes_back_to_the_first_scene_sees_its_first_choice_without_exception(
    pages: list[modules_models.Page], walker: Walker
) -> None:
    for case in pages:
        way = min(published_script(case.pk).graph.paths(), key=len)
        walker.come_back(case, [way], again=True)
        print(f"{walker.measure(TOP):5} {case.key}, another way")
        assert walker.measure(TOP) <= FIRST_CHOICE, case.key


def test_what_comes_after_six_decisions_is_short(pages: list[modules_models.Page], walker: Walker) -> None:
    heights = {}
    for case in pages:
        for poor, keys in six_decisions(published_script(case.pk)):
            walker.come_back(case, [keys])
            heights[case.key, poor] = walker.measure(HEIGHT)
            print(f"{heights[case.key, poor]:5} {case.key}, {poor} of 6 poor")
    assert len(heights) > 10
    assert max(heights.values()) <= DEBRIEF, heights


def test_a_debrief_prints_on_two_pages(pages: list[modules_models.Page], walker: Walker) -> None:
    walker.page.emulate_media(media="print")
    for case in pages:
        longest = max(published_script(case.pk).graph.paths(), key=len)
        walker.come_back(case, [longest])
        assert 1 <= len(A_PAGE.findall(walker.page.pdf(format="A4"))) <= 2, case.key
        expect(walker.page.get_by_role("heading", name="Your way through", exact=True)).to_be_visible()
        expect(walker.page.get_by_text("Try another way").first).to_be_hidden()


@pytest.mark.parametrize("is_javascript_on", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_a_choice_made_on_the_front_page_stays_in_sight(
    opened: Callable[..., BrowserContext], course: Edition, is_javascript_on: bool
) -> None:
    page = opened(java_script_enabled=is_javascript_on).new_page()
    page.goto("/")
    page.locator("a.sl-pick").last.click()
    chosen = page.locator("input[name=choice]").last
    expect(chosen).to_be_checked()
    expect(chosen).to_be_in_viewport()
    expect(page.get_by_role("button", name="Do this")).to_be_in_viewport()
