"""Every page of every module: its readings, its cases in the middle and at an ending, its questions and results."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext

from apps.modules.models import Edition
from tests.browser.states import CourseWorld, Visits
from tests.browser.sweep import sweep
from tests.browser.watch import PHONE, Watch

pytestmark = pytest.mark.once


def test_the_whole_course(
    course: Edition, opened: Callable[..., BrowserContext], sign_in, watch: Watch, subtests: pytest.Subtests
) -> None:
    """On a phone only: what differs between pages of a kind is words and pictures, and large letters leave them less
    room there than the narrowest window does. The other sizes are for `test_every_page`.
    """
    sweep(Visits(CourseWorld(), opened, sign_in, watch), [PHONE]).tell(subtests)
