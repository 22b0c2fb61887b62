"""Authors' pages, below `/admin/write/`."""

from django.urls import URLPattern

app_name = "write"
urlpatterns: list[URLPattern] = []
