"""Authors' pages, below `/admin/write/`."""

from django.urls import path

from apps.authoring.views import reports

app_name = "write"

urlpatterns = [
    path("reports/", reports.reports, name="reports"),
    path("reports/<int:pk>/", reports.report, name="report"),
]
