from django.urls import path

from tests.toys import views

app_name = "toys"

urlpatterns = [
    path("learn/<slug:slug>/<int:edition>/toy/<slug:key>/", views.toy, name="toy"),
    path("learn/<slug:slug>/<int:edition>/toy/<slug:key>/play/", views.play, name="play"),
]
