"""The way from the admin to the site: a row without a page of its own, such as a draft's, is not led to."""

import re

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.test import Client

from apps.accounts.models import User
from apps.certificates.models import Certificate
from apps.core.left_out import NotShownError
from apps.modules.content import EditionContent
from apps.modules.models import Edition, Module, Page
from tests import access_table, make
from tests.in_admin import address

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def administrator(db: None) -> Client:
    """In a world with everything published, a draft of it, a module without an edition, and pages that are broken."""
    world = access_table.make_world(is_full=True)
    make.reading(make.draft("draft-only"))
    Module.objects.create(slug="empty")
    pages = make.unguarded(Page).filter(edition=world.edition)
    pages.filter(position=1).update(kind="film")
    pages.filter(position=2).update(key="")
    return world.client("administrator", raise_request_exception=False)


def rows_with_an_address() -> list[models.Model]:
    """Every row of every model that has pages of its own, and of every model of content."""
    led_to = [model for model in apps.get_models() if hasattr(model, "get_absolute_url")]
    content = [model for model in apps.get_models() if issubclass(model, EditionContent | Edition)]
    return [row for model in {*led_to, *content} for row in make.unguarded(model)]


def test_the_admins_short_cut_leads_to_a_page_or_is_not_there(administrator: Client) -> None:
    found = set()
    for row in rows_with_an_address():
        kind = ContentType.objects.get_for_model(type(row))
        answer = administrator.get(f"/admin/r/{kind.pk}/{row.pk}/", follow=True)
        assert answer.status_code in {200, 404}, row
        found.add((type(row), answer.status_code))
    assert {(Page, 200), (Page, 404), (Module, 200), (Module, 404)} <= found


def test_the_short_cut_is_for_what_somebody_may_see(administrator: Client) -> None:
    """The address of a certificate is its code, and an author has no business with it."""
    certificate, author = Certificate.objects.get(), make.client(User.objects.get(email="author@example.org"))
    educator = make.client(User.objects.get(email="educator@example.org"))
    page = Page.objects.filter(edition__number=1).last()
    for row, expected in ((certificate, 404), (page, 302)):
        kind = ContentType.objects.get_for_model(type(row))
        assert author.get(f"/admin/r/{kind.pk}/{row.pk}/").status_code == expected
        assert administrator.get(f"/admin/r/{kind.pk}/{row.pk}/").status_code == 302
    assert educator.get(f"/admin/r/{kind.pk}/{page.pk}/").status_code == 302, "to see is enough"


def test_a_link_to_the_site_leads_to_a_page(administrator: Client) -> None:
    links = []
    for row in rows_with_an_address():
        if type(row) not in admin.site._registry:
            continue
        page = administrator.get(f"/admin/{row._meta.app_label}/{row._meta.model_name}/{row.pk}/change/")
        assert page.status_code == 200, row
        found = re.findall(r'href="([^"]+)" class="viewsitelink"', page.content.decode())
        for link in found:
            assert administrator.get(link, follow=True).status_code == 200, row
        links += found
    assert len(links) >= 4


def test_the_address_of_a_draft_says_that_it_is_none() -> None:
    page = make.reading(make.draft())
    with pytest.raises(NotShownError):
        page.get_absolute_url()


def test_a_module_that_is_not_published_leads_nowhere_beside_one_that_is(administrator: Client) -> None:
    page = {
        slug: administrator.get(address(Module, "change", Module.objects.get(slug=slug))) for slug in ("posts", "empty")
    }
    led = {slug: "View on site" in answer.content.decode() for slug, answer in page.items()}
    assert led == {"posts": True, "empty": False}
