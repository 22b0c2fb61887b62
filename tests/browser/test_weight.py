"""What the first learning page weighs, as production serves it: gunicorn, hashed and compressed static files."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import brotli
import pytest
from django.conf import settings
from playwright.sync_api import Browser

from tests.browser.safety import POLICY, policy_of
from tests.browser.watch import PHONE

pytestmark = pytest.mark.once

KB = 1000
STATIC = Path(settings.BASE_DIR, "static")


@pytest.fixture
def production(tmp_path: Path) -> Iterator[str]:
    """The address of a server with production's settings and the course; a proxy that speaks https stands before it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "BASE_URL": "https://127.0.0.1",
        "ALLOWED_HOSTS": "127.0.0.1",
        "DATABASE_URL": f"sqlite:///{tmp_path / 'production.sqlite3'}",
        "VAR_DIR": str(tmp_path),
        "STATIC_ROOT": str(tmp_path / "static"),
    }

    def manage(*arguments: str) -> None:
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=settings.BASE_DIR,
            env=environment,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr

    manage("collectstatic", "--no-input", "--verbosity", "0", "--ignore", "admin")
    manage("migrate", "--verbosity", "0")
    manage("createcachetable")
    manage("seed")
    server = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "config.wsgi", "--bind", f"127.0.0.1:{port}", "--threads", "4"],
        cwd=settings.BASE_DIR,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait_until_ready(f"http://127.0.0.1:{port}/readyz")
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(20)


def _wait_until_ready(address: str) -> None:
    for _ in range(300):
        try:
            with urllib.request.urlopen(address, timeout=2) as answer:  # noqa: S310
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.1)
    pytest.fail(f"{address} does not answer")


def test_the_first_learning_page_is_light(browser: Browser, production: str) -> None:
    """Bytes as they come over the wire, headers too; HTML uncompressed, although a proxy would compress it."""
    context = browser.new_context(viewport=PHONE, extra_http_headers={"X-Forwarded-Proto": "https"})
    page = context.new_page()
    page.goto(f"{production}/")
    link = page.get_by_role("main").get_by_role("link", name="Try a case now")
    address = f"{production}{link.get_attribute('href')}"
    page.close()

    page = context.new_page()
    requests, responses, messages = [], [], []
    page.on("request", lambda request: requests.append(request))
    page.on("response", lambda response: responses.append(response))
    page.on("console", lambda message: messages.append(message.text))
    network = context.new_cdp_session(page)
    network.send("Network.enable")
    network.send("Network.setCacheDisabled", {"cacheDisabled": True})
    received: dict[str, float] = {}
    network.on(
        "Network.loadingFinished", lambda event: received.update({event["requestId"]: event["encodedDataLength"]})
    )
    document = page.goto(address, wait_until="networkidle")
    page.keyboard.press("End")  # pictures further down are loaded when they come near
    page.wait_for_load_state("networkidle")
    context.close()

    assert messages == []
    assert {response.status for response in responses} == {200}
    assert all(request.url.startswith(f"{production}/") for request in requests)
    assert policy_of(document) == POLICY | {"upgrade-insecure-requests", "frame-ancestors 'none'"}
    assert len(requests) <= 10
    assert len(received) == len(requests)
    assert sum(received.values()) <= 100 * KB
    static = [response for response in responses if "/static/" in response.url]
    assert static
    for response in static:
        assert response.headers["cache-control"] == "max-age=315360000, public, immutable", response.url
        if response.url.endswith((".css", ".js", ".svg")):
            assert response.headers.get("content-encoding") in {"br", "gzip"}, response.url


AUTHORS = ("authoring.css", "authoring.js", "map.css", "preview.css")  # which no page of learners asks for


def test_scripts_and_style_sheets_of_learners_stay_small() -> None:
    folders = [STATIC, *settings.BASE_DIR.glob("apps/**/static")]
    paths = [path for folder in folders for path in folder.rglob("*.*") if path.name not in AUTHORS]
    scripts = [path.read_bytes() for path in paths if path.suffix == ".js"]
    sheets = [path.read_bytes() for path in paths if path.suffix == ".css"]
    assert scripts
    assert sheets
    assert sum(map(len, scripts)) <= 15 * KB
    assert sum(map(len, sheets)) <= 40 * KB
    assert sum(len(brotli.compress(sheet)) for sheet in sheets) <= 9 * KB  # as browsers get them, each for itself
