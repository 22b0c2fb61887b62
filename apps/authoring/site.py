"""The admin with the rooms of authors: they come first, and below them stand the records."""

from typing import Any

from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.urls import include, path

from apps.accounts.admin_site import AdminSite
from apps.authoring.views.desk import desk


class AuthoringSite(AdminSite):
    """Authoring and records."""

    enable_nav_sidebar = False

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        """The desk."""
        return desk(request, self.get_app_list(request))  # type: ignore[arg-type]  # nobody else comes in here

    def get_urls(self) -> list[Any]:
        return [path("write/", include("apps.authoring.urls")), *super().get_urls()]
