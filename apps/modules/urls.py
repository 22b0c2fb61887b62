from django.urls import path

from apps.modules import views

app_name = "modules"

urlpatterns = [
    path("modules/", views.catalogue, name="catalogue"),
    path("sources/", views.sources, name="sources"),
    path("who-to-ring/", views.who_to_ring, name="who_to_ring"),
]
