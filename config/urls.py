"""Every address of Second Look."""

from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.contrib.sitemaps.views import sitemap
from django.urls import include, path

from apps.modules.sitemaps import SITEMAPS
from apps.progress import views as progress_views

urlpatterns = [
    path("", progress_views.home, name="home"),
    path("", include("apps.modules.urls")),
    path("", include("apps.progress.urls")),
    path("", include("apps.scenarios.urls")),
    path("", include("apps.quizzes.urls")),
    path("", include("apps.certificates.urls")),
    path("", include("apps.authoring.learner_urls")),
    path("", include("apps.core.urls")),
    path("sitemap.xml", login_not_required(sitemap), {"sitemaps": SITEMAPS}, name="sitemap"),
    path("account/", include("apps.accounts.urls")),
    path("account/", include("apps.accounts.address_urls")),
    path("account/", include("allauth.account.urls")),
    path("account/second-factor/", include("apps.accounts.factors.urls")),
    path("admin/", admin.site.urls),
]

handler400 = "apps.core.errors.bad_request"
handler404 = "apps.core.errors.not_found"
handler429 = "apps.accounts.views.too_many_tries"  # asked for by allauth
handler500 = "apps.core.errors.server_error"
