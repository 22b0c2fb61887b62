"""The admin with the rooms of authors: they come first, and below them stand the records."""

from typing import Any

from django.urls import include, path

from apps.accounts.admin_site import AdminSite


class AuthoringSite(AdminSite):
    """Authoring and records."""

    enable_nav_sidebar = False

    def get_urls(self) -> list[Any]:
        return [path("write/", include("apps.authoring.urls")), *super().get_urls()]
