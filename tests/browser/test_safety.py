"""On every page: the strict policy, nothing inline, nothing from elsewhere, and a browser without a complaint."""

import contextlib
import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.test.signals import template_rendered
from django.urls import URLPattern, URLResolver, get_resolver, resolve
from django.urls.exceptions import Resolver404

from tests.browser.states import Visits

pytestmark = pytest.mark.browser

POLICY = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "object-src 'none'",
}
INLINE = {
    "a style attribute": re.compile(r"<[^>]+\sstyle\s*=", re.IGNORECASE),
    "a style element": re.compile(r"<style\b", re.IGNORECASE),
    "a script without src": re.compile(r"<script\b(?![^>]*\b(?:src=|type=\"application/json\"))[^>]*>", re.IGNORECASE),
    "an event handler": re.compile(r"<[^>]+\son\w+\s*=", re.IGNORECASE),
    "a javascript: address": re.compile(r"=\s*[\"']?\s*javascript:", re.IGNORECASE),
}

# Addresses that show no page of their own.
NO_PAGE = {
    "progress:start": "leads on",
    "progress:complete": "leads on",
    "scenarios:go_back": "leads on",
    "quizzes:submit": "leads on",
    "certificates:pdf": "a file",
    "core:favicon": "a file",
    "core:healthz": "plain text, for machines",
    "core:readyz": "plain text, for machines",
    "account_set_password": "leads on: everybody has a password",
    "account_confirm_email": "addresses are confirmed by code",
    "account_confirm_login_code": "nobody signs in by code",
}
# Templates that no state shows.
NOT_SHOWN = {
    "account/verification_sent.html": "addresses are confirmed by code",
    "allauth/elements/": "for pages of django-allauth that are not switched on",
    "second_look/display_form.html": "for forms with a layout of django-crispy-forms, of which there is none",
    "second_look/layout/": "the same",
    "second_look/whole_uni_form.html": "the same",
}


def pages_outside_admin(resolver: URLResolver, namespace: str = "") -> set[str]:
    """The names of all addresses but those of Django's admin."""
    names = set()
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLPattern):
            names.add(f"{namespace}{pattern.name}")
        elif pattern.namespace != "admin":
            names |= pages_outside_admin(pattern, f"{pattern.namespace}:" if pattern.namespace else namespace)
    return names


def templates_of_ours() -> set[str]:
    folder = Path(settings.BASE_DIR, "templates")
    names = {path.relative_to(folder).as_posix() for path in folder.rglob("*.html")}
    return {name for name in names if not name.startswith(tuple(NOT_SHOWN))}


def test_every_page_is_safe_and_every_page_is_walked_through(visits: Visits) -> None:
    findings, addresses, templates = [], set(), set()

    def remember(template, **_: object) -> None:
        templates.add(template.name)

    template_rendered.connect(remember)
    for state, page in visits:
        document = visits.watch.document_of(page)
        with contextlib.suppress(Resolver404):
            addresses.add(resolve(urlsplit(page.url).path).view_name)
        html = document.text()
        found = [f"{what}: {match[0][:120]}" for what, pattern in INLINE.items() for match in pattern.finditer(html)]
        policy = document.headers.get("content-security-policy", "")
        if {part.strip() for part in policy.split(";")} != POLICY:
            found.append(f"policy: {policy}")
        found += visits.watch.new_complaints()
        findings += [f"{state.name}: {one}" for one in found]
    template_rendered.disconnect(remember)

    findings += [
        f"no state shows the address {name}" for name in pages_outside_admin(get_resolver()) - addresses - set(NO_PAGE)
    ]
    findings += [f"no state shows the template {name}" for name in templates_of_ours() - templates]
    visits.assert_none(findings)
