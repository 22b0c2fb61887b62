"""Every page, in every state: accessibility (axe), what the browser complains about, and the safety headers."""

import re
import time
from collections.abc import Callable

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import BrowserContext, Page

from apps.modules.models import Edition
from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.states import State, Visits, World

pytestmark = pytest.mark.browser


@pytest.fixture
def visits(course: Edition, opened: Callable[..., BrowserContext], sign_in, watch, settings) -> Visits:
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"  # as in production
    settings.ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
    return Visits(World(course), opened, sign_in, watch)

AXE = """options => axe.run(document, options).then(found => found.violations.map(
  rule => [rule.id, rule.nodes.map(node => node.target.join(" ") + ": " + node.failureSummary.replace(/\\s+/g, " "))]
))"""
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]
EVERYTHING = {"runOnly": {"type": "tag", "values": TAGS}, "resultTypes": ["violations"]}


COLOURS={"runOnly": {"type":"rule","values":["color-contrast","link-in-text-block"]}, "resultTypes": ["violations"],"preload":False}
EVERYTHING["preload"]=False
def test_axe(visits: Visits) -> None:
    violations = []
    t0=time.time(); nav=0; runs={}
    for state in visits.world.states():
        t=time.time()
        page = visits.to(state)
        nav+=time.time()-t
        page.evaluate(AXE_SCRIPT)
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            for size in (PHONE, DESKTOP):
                page.set_viewport_size(size)
                page.evaluate("document.getAnimations().forEach(one => one.finish())")
                t=time.time()
                found = page.evaluate(AXE, EVERYTHING if scheme=="light" else COLOURS)
                runs[scheme]=runs.get(scheme,0)+time.time()-t
                violations += [f"{state.name} {scheme} {size['width']}: {rule} {nodes}" for rule, nodes in found]
        page.emulate_media(color_scheme="light")
        page.set_viewport_size(PHONE)
    print(time.time()-t0,"nav",nav,"axe",runs,len(visits.world.states()))
    print("\n".join(visits.wrong))
    assert not violations, "\n".join(violations)
