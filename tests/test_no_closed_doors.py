"""Nobody in the admin is shown a way that would be refused: each role follows every link of every page it can open."""

from __future__ import annotations

from urllib.parse import urljoin, urlsplit

import pytest
from django.test import Client

from tests import access_table
from tests.access_table import STAFF
from tests.in_admin import read

pytestmark = [pytest.mark.django_db, pytest.mark.once]


STARTS = ("/admin/", "/admin/write/log/")  # the desk, which leads to everything else, and the log


def shape(path: str) -> str:
    """Pages of one make have one shape: `/admin/scenarios/scene/#/change/`."""
    return "/".join("#" if part.isdigit() else part for part in path.split("/"))


def refused(browser: Client, waiting: list[str]) -> list[str]:
    """The links that are refused, of the pages that these and their links lead to; two of each shape are followed."""
    wrong, seen = [], dict[str, list[str]]()
    page_of = dict.fromkeys(waiting, "the start")
    while waiting:
        url = waiting.pop()
        asked = seen.setdefault(shape(urlsplit(url).path), [])
        if url in asked or len(asked) == 2:
            continue
        asked.append(url)
        page = read(browser, url) if urlsplit(url).path.startswith("/admin/") else None
        status = page.status if page else browser.get(url).status_code
        if status in {403, 404} and page_of[url] != "the start":
            wrong.append(f"{url}, on {page_of[url]}: {status}")
        links = {urljoin(url, link).partition("#")[0] for link in page.links} if page and status == 200 else set()
        for link in links:
            if link.startswith("/"):
                page_of.setdefault(link, url)
                waiting.append(link)
    return wrong


@pytest.mark.parametrize("role", STAFF)
def test_every_link_leads_somewhere(role: str) -> None:
    world = access_table.make_world()
    assert refused(world.client(role), [*STARTS]) == []
