"""Every page in every state: accessible, safe, fitting, with no button that dies; and no page is forgotten."""

from collections.abc import Callable

import pytest
from django.urls import URLPattern, URLResolver, get_resolver
from playwright.sync_api import BrowserContext

from tests import access_table
from tests.browser.buttons import Buttons, be_patient
from tests.browser.states import Visits
from tests.browser.sweep import sweep
from tests.browser.watch import Watch
from tests.templates import templates_of_ours

pytestmark = pytest.mark.once

# Addresses that show no page of their own.
NO_PAGE = {name: why for name, why in access_table.NO_FORM.items() if name != "mfa_add_webauthn"} | {
    "mfa_download_recovery_codes": "a file",
    "progress:start": "leads on",
    "progress:complete": "leads on",
    "scenarios:try_keep": "leads on",
    "scenarios:try_start_again": "leads on",
    "scenarios:try_go_back": "leads on",
    "scenarios:go_back": "leads on",
    "accounts:keep_email": "leads on",
    "quizzes:submit": "leads on",
    "quizzes:practise": "leads on",
    "certificates:pdf": "a file",
    "core:favicon": "a file",
    "core:healthz": "plain text, for machines",
    "core:manifest": "for machines",
    "core:robots": "plain text, for machines",
    "core:security": "plain text, for machines",
    "sitemap": "for machines",
    "core:readyz": "plain text, for machines",
    "account_set_password": "leads on: everybody has a password",
    "account_confirm_email": "addresses are confirmed by code",
    "account_confirm_login_code": "nobody signs in by code",
}
# Templates that no state shows.
NOT_SHOWN = {
    "authoring/conflict_gone.html": "the page was taken out a moment ago; `test_conflict_page.py` sees it",
    "authoring/kept.html": "what was chosen cannot be stored; `test_conflict_page.py` sees it",
    "account/verification_sent.html": "addresses are confirmed by code",
    "account/email_confirm.html": "addresses are confirmed by code; `test_changing.py` sees it",
    "allauth/elements/": "for pages of django-allauth that are not switched on",
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


def shown_templates() -> set[str]:
    return {name for name in templates_of_ours() if not name.startswith(tuple(NOT_SHOWN))}


# A deprecation in the admin's address fields: no error outside the tests, so no reason for a page to fail here.
@pytest.mark.filterwarnings("ignore:The default scheme:django.utils.deprecation.RemovedInDjango60Warning")
def test_every_page(
    visits: Visits, opened: Callable[..., BrowserContext], watch: Watch, subtests: pytest.Subtests
) -> None:
    def open_context() -> BrowserContext:
        context = opened()
        be_patient(context)
        return context

    visits.open_context = open_context
    buttons = Buttons(watch)
    seen = sweep(visits, then=buttons.try_new_ones)
    seen.findings |= {
        "no button of any form dies": buttons.wrong + buttons.not_met(),
        "every address is shown": sorted(pages_outside_admin(get_resolver()) - seen.addresses - set(NO_PAGE)),
        "every template is shown": sorted(shown_templates() - seen.templates),
    }
    seen.tell(subtests)
