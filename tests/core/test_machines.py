"""What programs read: robots.txt, the sitemap, the manifest, security.txt, and the head of every page."""

import datetime
import re

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from apps.core.machines import NOT_FOR_ROBOTS
from tests import access_table, make

pytestmark = [pytest.mark.django_db, pytest.mark.pages]


def found_by(client: Client) -> list[str]:
    """The addresses of the sitemap."""
    response = client.get("/sitemap.xml", headers={"host": "127.0.0.1"})
    assert response.status_code == 200
    assert response["Content-Type"] == "application/xml"
    return re.findall("<loc>([^<]*)</loc>", response.content.decode())


def test_the_sitemap_has_what_strangers_can_read_at_our_own_address(client: Client) -> None:
    access_table.make_world()
    make.withdrawal(make.edition("closed"))
    make.draft("later")
    addresses = found_by(client)
    paths = [address.removeprefix(settings.BASE_URL) for address in addresses]
    assert all(address.startswith(f"{settings.BASE_URL}/") for address in addresses)
    assert {"/", "/modules/", "/who-to-ring/", "/modules/posts/", "/learn/posts/1/reading/reading-1/"} <= set(paths)
    assert [path for path in paths if "closed" in path or "later" in path or "/quiz/" in path] == []
    for path in paths:
        assert client.get(path).status_code == 200, path
        assert not path.startswith(NOT_FOR_ROBOTS), path


def test_the_sitemap_is_there_without_a_course(client: Client) -> None:
    assert len(found_by(client)) == 7


def test_robots_are_told_what_to_leave_alone(client: Client) -> None:
    response = client.get("/robots.txt")
    text = response.content.decode()
    assert response["Content-Type"] == "text/plain"
    closed = ["/account/", "/admin/", "/my-learning/", "/search/", "/something-wrong/", "/try/", "/verify/"]
    assert re.findall("Disallow: (.*)", text) == closed
    assert "Disallow: /\n" not in text
    assert f"Sitemap: {settings.BASE_URL}/sitemap.xml" in text


def test_who_finds_a_hole_is_told_whom_to_tell_for_less_than_a_year(client: Client) -> None:
    text = client.get("/.well-known/security.txt").content.decode()
    expires = datetime.datetime.fromisoformat(re.search("Expires: (.*)", text).group(1))  # type: ignore[union-attr]
    assert f"Contact: mailto:{settings.CONTACT_EMAIL}\n" in text
    assert datetime.timedelta(days=100) < expires - timezone.now() < datetime.timedelta(days=365)


def test_the_manifest_names_icons_that_there_are(client: Client) -> None:
    response = client.get("/site.webmanifest")
    shown = response.json()
    assert response["Content-Type"] == "application/manifest+json"
    assert client.get(shown["start_url"]).status_code == 200
    for icon in shown["icons"]:
        path = settings.BASE_DIR / "static" / icon["src"].removeprefix(settings.STATIC_URL)
        width = int.from_bytes(path.read_bytes()[16:20], "big")
        assert icon["sizes"] == f"{width}x{width}"


@pytest.mark.parametrize("path", ["/", "/modules/", "/who-to-ring/", "/no-such-page/"])
def test_the_head_of_a_page_says_what_it_is_and_asks_no_other_site(client: Client, path: str) -> None:
    head = client.get(path).content.decode().partition("</head>")[0]
    description = re.search('<meta name="description" content="([^"]*)">', head)
    image = re.search('<meta property="og:image" content="([^"]*)">', head)
    assert description
    assert 50 < len(description.group(1)) < 170
    assert image
    assert image.group(1).startswith(f"{settings.BASE_URL}{settings.STATIC_URL}images/")
    assert re.findall(r'(?:href|src)="(?:https?:)?//', head) == []
