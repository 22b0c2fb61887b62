"""Where readers say that something is wrong."""

from django.urls import path

from apps.authoring.views import something_wrong

app_name = "reports"

MODULE = "something-wrong/<slug:slug>/<int:edition>/"

urlpatterns = [
    path(MODULE, something_wrong.something_wrong, name="module"),
    path(f"{MODULE}<slug:key>/", something_wrong.something_wrong, name="page"),
]
