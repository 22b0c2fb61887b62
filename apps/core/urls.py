from django.urls import path

from apps.core import machines, views

app_name = "core"

urlpatterns = [
    path("about/", views.about, name="about"),
    path("accessibility/", views.accessibility, name="accessibility"),
    path("privacy/", views.privacy, name="privacy"),
    path("who-to-ring/", views.who_to_ring, name="who_to_ring"),
    path("favicon.ico", views.favicon, name="favicon"),
    path("robots.txt", machines.robots, name="robots"),
    path("site.webmanifest", machines.manifest, name="manifest"),
    path(".well-known/security.txt", machines.security, name="security"),
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
]
