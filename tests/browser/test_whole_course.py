"""Every page of every module: its readings, its cases in the middle and at an ending, its questions and results."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext

from apps.modules.models import Edition
from tests.browser.states import CourseWorld, Visits
from tests.browser.sweep import sweep
from tests.browser.watch import Watch

pytestmark = pytest.mark.once


def test_the_whole_course(
    course: Edition, opened: Callable[..., BrowserContext], sign_in, watch: Watch, subtests: pytest.Subtests
) -> None:
    sweep(Visits(CourseWorld(), opened, sign_in, watch)).tell(subtests)
