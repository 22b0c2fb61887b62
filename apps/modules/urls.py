from django.urls import path

from apps.modules import views

app_name = "modules"

urlpatterns = [
    path("modules/", views.catalogue, name="catalogue"),
    path("sources/", views.sources, name="sources"),
]
