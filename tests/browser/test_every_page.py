"""Every page in every state: accessible, safe, fitting; and no page is forgotten."""

import contextlib
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.test.signals import template_rendered
from django.urls import URLPattern, URLResolver, get_resolver, resolve
from django.urls.exceptions import Resolver404

from tests.browser.axe import violations
from tests.browser.layout import misfits, misfits_of_large_letters
from tests.browser.safety import dangers
from tests.browser.states import Visits
from tests.browser.watch import DESKTOP, PHONE

NARROW = ({"width": 320, "height": 800}, {"width": 256, "height": 800})

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


# A deprecation in the admin's address fields: no error outside the tests, so no reason for a page to fail here.
@pytest.mark.filterwarnings("ignore:The default scheme:django.utils.deprecation.RemovedInDjango60Warning")
def test_every_page(visits: Visits, subtests: pytest.Subtests) -> None:
    """One walk; what is wrong anywhere is told at its end."""
    unsafe, complaints, inaccessible, unfit = [], [], [], []
    addresses, templates = set(), set()

    def remember(template, **_: object) -> None:
        templates.add(template.name)

    template_rendered.connect(remember)
    for state, page in visits:
        document = visits.watch.document_of(page)
        with contextlib.suppress(Resolver404):
            addresses.add(resolve(urlsplit(page.url).path).view_name)
        unsafe += [f"{state.name}: {danger}" for danger in dangers(document)]
        for size in (DESKTOP, *NARROW, PHONE):
            # Django's own admin is made for wide windows (its front page needs 357 px) and mice.
            if state.is_admin and size in NARROW:
                continue
            page.set_viewport_size(size)
            where = f"{state.name}, {size['width']} px"
            if not state.is_admin:
                unfit += [f"{where}: {misfit}" for misfit in misfits(page)]
            if size not in NARROW:
                inaccessible += [f"{where}, {one}" for one in violations(page, is_admin=state.is_admin)]
                if not state.is_admin:
                    unfit += [f"{where}: {misfit}" for misfit in misfits_of_large_letters(page)]
        complaints += [f"{state.name}: {complaint}" for complaint in visits.watch.new_complaints()]
    template_rendered.disconnect(remember)

    for what, findings in {
        "pages can be reached": visits.wrong,
        "the policy is strict and nothing is inline": unsafe,
        "the browser has nothing to complain about": complaints,
        "axe finds nothing": inaccessible,
        "pages fit narrow windows, large letters and fingers": unfit,
        "every address is shown": pages_outside_admin(get_resolver()) - addresses - set(NO_PAGE),
        "every template is shown": templates_of_ours() - templates,
    }.items():
        with subtests.test(what):
            assert not findings, f"{len(findings)} findings\n" + "\n".join(sorted(findings))
