"""Every address of Second Look, and the line that the toys cost."""

from django.urls import include, path

from config import urls

handler400, handler429, handler500 = urls.handler400, urls.handler429, urls.handler500

urlpatterns = [
    *urls.urlpatterns,
    path("", include("tests.toys.urls")),
]
