"""Every answer of every address to everybody carries the same strict headers."""

import re
from collections.abc import Mapping
from wsgiref.headers import Headers

import pytest
from django.http import HttpResponse
from django.test import Client

from config import settings as product
from tests.access_table import ROLES
from tests.answers import SHARED, Answer, answers_to
from tests.framing import NO_FRAMES, Framing, framing

pytestmark = [pytest.mark.django_db, pytest.mark.once, SHARED]

EXPECTED = {
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
}
ONLY_SELF = ("script-src", "style-src", "img-src", "font-src", "connect-src", "form-action")


def problems(
    response: HttpResponse | Headers | Mapping[str, str],
    is_static: bool = False,
    framing: Framing = NO_FRAMES,
) -> list[str]:
    """What is missing or too loose in the headers of an answer; static files may be kept, and nothing in them runs."""
    expected = EXPECTED | {"X-Frame-Options": framing.options}
    found = [f"{name}: {response.get(name)}" for name, value in expected.items() if response.get(name) != value]
    directives = (part.strip().partition(" ") for part in response.get("Content-Security-Policy", "").split(";"))
    policy = {name: sources for name, _, sources in directives}
    if policy.get("default-src") != "'none'":
        found.append(f"default-src {policy.get('default-src')}")
    if is_static and len(policy) == 1:
        policy |= dict.fromkeys(ONLY_SELF, "'self'") | {"frame-ancestors": "'none'", "base-uri": "'none'"}
    found += [f"{name} {policy.get(name)}" for name in ONLY_SELF if policy.get(name) != "'self'"]
    strict = {"base-uri": "'none'", "frame-ancestors": framing.ancestors, "frame-src": framing.sources}
    found += [f"{name} {policy.get(name)}" for name, value in strict.items() if policy.get(name) != value]
    found += [word for word in ("unsafe", "*", "http:", "data:", "blob:") if word in str(policy)]
    if "camera=()" not in response.get("Permissions-Policy", ""):
        found.append("Permissions-Policy")
    if "no-store" not in response.get("Cache-Control", "") and not is_static:
        found.append(f"Cache-Control: {response.get('Cache-Control')}")
    if response.get("Referrer-Policy") not in {"same-origin", "no-referrer"}:
        found.append("Referrer-Policy")
    if len(response.get("X-Request-ID", "")) != 8:
        found.append("X-Request-ID")
    found += [name for name in ("Access-Control-Allow-Origin", "Server", "X-Powered-By") if name in response]
    return found


def foreign_or_inline(response: HttpResponse | Answer, framing: Framing) -> list[str]:
    """What the policy would block in the browser: it must not be in the page in the first place."""
    if "html" not in response.get("Content-Type", ""):
        return []
    page = response.content.decode()
    words = [" style=", "<style", " onclick=", " onload=", "javascript:", 'src="http', 'src="//']
    found = [word for word in (*words, *(() if framing.sources else ("<iframe",))) if word in page]
    for tag in re.findall(r"<script[^>]*>", page):
        if " src=" not in tag and 'type="application/json"' not in tag:
            found.append(tag)
    found += [link for link in re.findall(r"<link[^>]*>", page) if 'href="http' in link or 'href="//' in link]
    return found


@pytest.mark.parametrize("role", ROLES)
def test_every_answer_has_strict_headers_and_every_page_keeps_to_them(role: str) -> None:
    loose = []
    for answer in answers_to(role).all:
        frames = framing(answer.row.path, answer.status_code)
        if found := problems(answer.headers, framing=frames) + foreign_or_inline(answer, frames):
            loose.append(f"{answer.row}: {', '.join(found)}")
    assert not loose, "\n".join([f"As {role}:", *loose])


def test_error_pages_have_them_too(client: Client) -> None:
    answers = {
        "404": client.get("/no-such-page/"),
        "403": Client(enforce_csrf_checks=True).post("/account/login/"),
        "405": client.post("/modules/"),
        "OPTIONS": client.options("/modules/"),
    }
    for name, response in answers.items():
        assert problems(response) == [], name


def test_the_answer_to_a_wrong_host_has_them_too(client: Client) -> None:
    response = client.get("/", headers={"host": "evil.example"})
    assert response.status_code == 400
    assert problems(response) == []


def test_in_production_everything_is_https() -> None:
    assert product.SECURE_SSL_REDIRECT
    assert product.SECURE_HSTS_SECONDS >= 31_536_000
    assert product.SESSION_COOKIE_SECURE
    assert product.CSRF_COOKIE_SECURE
    assert product.CSRF_COOKIE_NAME == "__Host-csrftoken"
