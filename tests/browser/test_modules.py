"""Each of the six modules, from its own page to its certificate: with a finger and no scripts, and with keys alone."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext

from apps.modules.models import Edition
from tests import make
from tests.browser.hands import Keyboard, Mouse
from tests.browser.journey import NAME, Journey, assert_tagged_with_name

pytestmark = pytest.mark.once

MODULES = (
    "why-social-media-matters",
    "when-posts-go-wrong",
    "patients-privacy-and-boundaries",
    "learning-online",
    "anonymity-abuse-and-wellbeing",
    "your-professional-presence",
)


def test_these_are_all_of_them(course: Edition) -> None:
    slugs = Edition.objects.current().order_by("module__position").values_list("module__slug", flat=True)
    assert tuple(slugs) == MODULES


@pytest.mark.parametrize("hands", [Mouse, Keyboard], ids=["with a finger, without JavaScript", "with the keyboard"])
@pytest.mark.parametrize("slug", [pytest.param(slug, marks=pytest.mark.xdist_group(slug)) for slug in MODULES])
def test_it_can_be_completed(
    opened: Callable[..., BrowserContext],
    course: Edition,
    sign_in,
    tmp_path: Path,
    slug: str,
    hands: type[Mouse | Keyboard],
) -> None:
    context = opened(java_script_enabled=hands is Keyboard)
    sign_in(context, make.user(full_name=NAME))
    page = context.new_page()
    page.goto("/modules/")
    journey = Journey(page, hands(page), Edition.objects.current().get(module__slug=slug))
    journey.start()
    assert_tagged_with_name(journey.complete_what_is_left(NAME, tmp_path), NAME)
