"""What search engines may find: the public pages, and the course as it stands today."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.urls import reverse

from apps.modules import page_kinds, queries
from apps.modules.models import Edition, Page
from config.address import parse_address

if TYPE_CHECKING:
    _Sitemap = Sitemap[Any]
else:
    _Sitemap = Sitemap


class OwnAddress(_Sitemap):
    """At `BASE_URL`, whatever host the request named."""

    protocol = parse_address(settings.BASE_URL).scheme

    def get_domain(self, site: object = None) -> str:
        return parse_address(settings.BASE_URL).host


class PublicPages(OwnAddress):
    """Pages that are there without a course."""

    def items(self) -> Sequence[str]:
        names = ("about", "accessibility", "privacy", "who_to_ring")
        return ["home", "modules:catalogue", "modules:sources", *(f"core:{name}" for name in names)]

    def location(self, item: str) -> str:
        return reverse(item)


class Modules(OwnAddress):
    """The modules that anybody may begin."""

    def items(self) -> Sequence[Edition]:
        return queries.catalogue()

    def location(self, item: Edition) -> str:
        return item.module.get_absolute_url()

    def lastmod(self, item: Edition) -> Any:
        return item.published_at


class OpenPages(OwnAddress):
    """Their pages that anybody may read."""

    def items(self) -> Sequence[Page]:
        contents = (queries.published_contents(edition.pk) for edition in queries.catalogue())
        return [page for one in contents for page in one.pages if page.kind in page_kinds.open_to_all()]

    def lastmod(self, item: Page) -> Any:
        return item.edition.published_at


SITEMAPS = {"pages": PublicPages, "modules": Modules, "readings": OpenPages}
