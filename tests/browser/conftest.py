"""A real Chromium: one for each process of the tests, and in it a fresh context for each test."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from apps.accounts.models import User
from apps.modules.models import Edition
from tests.browser.states import Visits, World
from tests.browser.watch import PHONE, Watch
from tests.course import load

ARGUMENTS = [
    *("--no-sandbox", "--disable-gpu", "--in-process-gpu", "--disable-dev-shm-usage"),
    # No page lives as long as optimising its scripts for speed would pay; axe begins anew on each.
    "--js-flags=--always-sparkplug --no-maglev --no-opt",
]
PATIENCE = 15_000  # milliseconds, on a machine that has much else to do
# The first that is there. The shell is the same engine without a window around it, for two thirds of the work.
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser")
MISSING = "Chromium is not installed: apt-get install chromium-headless-shell"


@pytest.hookimpl(tryfirst=True)  # before markers are looked at
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder is marked, and a file's tests run in one process unless they are grouped otherwise."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker("browser")
            if item.get_closest_marker("xdist_group") is None:
                item.add_marker(pytest.mark.xdist_group(f"browser/{item.path.stem}"))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    names = [os.environ["CHROMIUM"]] if os.environ.get("CHROMIUM") else BROWSERS
    executable = next(filter(None, map(shutil.which, names)), None)
    if executable is None:
        if os.environ.get("REQUIRE_BROWSER"):
            pytest.fail(MISSING)
        pytest.skip(MISSING)
    # Playwright keeps an event loop in this thread, and Django refuses its database beside one unless told otherwise.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=executable, args=ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture
def course(transactional_db: None) -> Edition:
    """The real course, as `manage.py seed` loads it; its edition "When posts go wrong"."""
    return load()


@pytest.fixture
def watch(live_server) -> Iterator[Watch]:
    """Sees every page that the test opens; at its end the test fails if the browser complained about anything."""
    seen = Watch(live_server.url)
    yield seen
    assert not seen.complaints, "\n".join(seen.complaints)


@pytest.fixture
def opened(browser: Browser, live_server, watch: Watch) -> Iterator[Callable[..., BrowserContext]]:
    """Opens browser contexts: `opened(viewport=…, java_script_enabled=…)`; each starts signed out."""
    contexts = []

    def open_context(**options) -> BrowserContext:
        context = browser.new_context(**{"base_url": live_server.url, "viewport": PHONE, "locale": "en-GB"} | options)
        context.set_default_timeout(PATIENCE)
        watch.over(context)
        contexts.append(context)
        return context

    open_context.contexts = contexts  # type: ignore[attr-defined]  # for the screenshots of a failed test
    yield open_context
    for context in contexts:
        context.close()


@pytest.fixture
def page(opened: Callable[..., BrowserContext]) -> Page:
    """A phone, signed out."""
    return opened().new_page()


@pytest.fixture
def sign_in(live_server) -> Callable[[BrowserContext, User], None]:
    """Gives a context a session of this person, without the sign-in page."""

    def give_session(context: BrowserContext, user: User) -> None:
        client = Client()
        client.force_login(user)
        session = client.cookies["sessionid"].value
        context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])

    return give_session


@pytest.fixture
def visits(course: Edition, opened: Callable[..., BrowserContext], sign_in, watch: Watch, settings) -> Visits:
    """Every page in every state, ready to be walked through."""
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"  # as in production
    settings.ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
    return Visits(World(course), opened, sign_in, watch)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo) -> Iterator[None]:
    """A test that fails leaves a picture of each page that it had open."""
    report = yield
    opened = getattr(item, "funcargs", {}).get("opened")
    if call.when == "call" and report.failed and opened:
        folder = item.config._tmp_path_factory.mktemp("failed")
        for number, page in enumerate(page for context in opened.contexts for page in context.pages):
            picture = folder / f"{item.name[:60].replace('/', '-')}-{number}.png"
            page.screenshot(path=picture, full_page=True)
            report.sections.append(("Screenshot", f"{picture}  {page.url}"))
    return report
