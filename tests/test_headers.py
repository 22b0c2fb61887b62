"""Every answer of every address to everybody carries the same strict headers."""

import pytest
from django.http import HttpResponse
from django.test import Client

from config import settings as product
from tests import access_table
from tests.access_table import ROLES

pytestmark = pytest.mark.django_db

EXPECTED = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
}
ONLY_SELF = ("script-src", "style-src", "img-src", "font-src", "connect-src", "form-action")


def problems(response: HttpResponse) -> list[str]:
    """What is missing or too loose in the headers of an answer."""
    found = [f"{name}: {response.get(name)}" for name, value in EXPECTED.items() if response.get(name) != value]
    policy = dict(
        (directive.strip().split(" ", 1) + [""])[:2]
        for directive in response.get("Content-Security-Policy", "").split(";")
    )
    if policy.get("default-src") != "'none'":
        found.append(f"default-src {policy.get('default-src')}")
    found += [f"{name} {policy.get(name)}" for name in ONLY_SELF if policy.get(name) != "'self'"]
    found += [f"{name} {policy.get(name)}" for name in ("frame-ancestors", "base-uri") if policy.get(name) != "'none'"]
    found += [word for word in ("unsafe", "*", "http:", "data:", "blob:") if word in str(policy)]
    if "camera=()" not in response.get("Permissions-Policy", ""):
        found.append("Permissions-Policy")
    if "no-store" not in response.get("Cache-Control", ""):
        found.append(f"Cache-Control: {response.get('Cache-Control')}")
    if response.get("Referrer-Policy") not in {"same-origin", "no-referrer"}:
        found.append("Referrer-Policy")
    if len(response.get("X-Request-ID", "")) != 8:
        found.append("X-Request-ID")
    found += [name for name in ("Access-Control-Allow-Origin", "Server", "X-Powered-By") if name in response]
    return found


@pytest.mark.parametrize("role", ROLES)
def test_every_answer_has_strict_headers(role: str) -> None:
    world = access_table.make_world()
    client = world.client(role, raise_request_exception=False)
    loose = []
    for row in access_table.rows(world):
        with access_table.undone(client):
            found = problems(row.request(client))
        if found:
            loose.append(f"{row}: {', '.join(found)}")
    assert not loose, "\n".join([f"As {role}:", *loose])


@pytest.mark.parametrize("role", ROLES)
def test_no_page_has_inline_code_or_reaches_another_host(role: str) -> None:
    """What the policy would block in the browser must not be there in the first place."""
    world = access_table.make_world()
    client = world.client(role, raise_request_exception=False)
    wrong = []
    for row in access_table.rows(world):
        response = client.get(row.path)
        if response.status_code != 200 or "html" not in response.get("Content-Type", ""):
            continue
        page = response.content.decode()
        inline = [word for word in (" style=", " onclick=", " onload=", "javascript:", "<style") if word in page]
        inline += ["script without src"] if page.count("<script") != page.count("<script src=") + page.count(
            'type="module" src='
        ) + page.count('id="django-admin-') + page.count('type="application/json"') else []
        foreign = [word for word in ('src="http', "src='http", 'src="//', '<link rel="stylesheet" href="http') if word in page]
        if inline or foreign:
            wrong.append(f"{row}: {inline + foreign}")
    assert not wrong, "\n".join(wrong)


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
