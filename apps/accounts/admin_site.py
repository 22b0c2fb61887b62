"""The admin has no door of its own: sign-in and passwords are those of everybody."""

from functools import wraps
from typing import Any, cast

from allauth.account.utils import get_next_redirect_url
from django.conf import settings
from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.contrib.contenttypes.models import ContentType
from django.contrib.contenttypes.views import shortcut
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse, reverse_lazy
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache

from apps.accounts.factors import demand, ways
from apps.accounts.requests import AuthenticatedHttpRequest
from apps.core.decorators import View


class AdminSite(admin.AdminSite):
    """Authoring and records."""

    site_header = site_title = "Second Look"
    index_title = "Authoring and records"

    @method_decorator(never_cache)
    @method_decorator(login_not_required)
    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Shows the way; it reads no password."""
        page = get_next_redirect_url(request) or reverse("admin:index", current_app=self.name)
        if not request.user.is_authenticated:
            return redirect_to_login(page, settings.LOGIN_URL)
        if not super().has_permission(request):
            raise PermissionDenied
        if not self.has_permission(request):
            return redirect(ways.way_of(request.user, page))
        return HttpResponseRedirect(page)

    def has_permission(self, request: HttpRequest) -> bool:
        """Who can do harm needs a second factor, too; but to leave nobody needs one."""
        may = super().has_permission(request)
        is_leaving = request.resolver_match is not None and request.resolver_match.url_name == "logout"
        return may and (is_leaving or demand.opens_admin(cast(AuthenticatedHttpRequest, request), timezone.now()))

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """Django's leads to the door without what was typed; where a second factor is missing, a page holds it."""
        inner: View = super().admin_view(view, cacheable)

        @wraps(inner)
        def asked(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
            may = request.method != "POST" or self.has_permission(request)
            if may or not admin.AdminSite.has_permission(self, request):
                return inner(request, *args, **kwargs)
            return ways.ask_for_proof(request)

        return asked

    def password_change(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """There is one place to change a password."""
        return redirect("account_change_password")

    def get_urls(self) -> list[Any]:
        """Django's, with our own way from a row to its page on the site."""
        way = self.admin_view(self.view_on_site)
        way.login_url = reverse_lazy("admin:login", current_app=self.name)  # as Django
        others = [url for url in super().get_urls() if getattr(url, "name", "") != "view_on_site"]
        return [path("r/<int:content_type_id>/<path:object_id>/", way, name="view_on_site"), *others]

    def view_on_site(self, request: HttpRequest, content_type_id: int, object_id: str) -> HttpResponse:
        """Only for what somebody may see in the admin: the address of a certificate is its code."""
        kind = get_object_or_404(ContentType, pk=content_type_id)
        if not request.user.has_perm(f"{kind.app_label}.view_{kind.model}"):
            raise Http404
        response: HttpResponse = shortcut(request, content_type_id, object_id)
        return response

    password_change_done = password_change
