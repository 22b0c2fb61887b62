from django.urls import path

from apps.scenarios import views

app_name = "scenarios"

PAGE = "learn/<slug:slug>/<int:number>/scenario/<slug:key>/"

urlpatterns = [
    path(PAGE, views.scenario, name="scenario"),
    path(f"{PAGE}choose/", views.choose, name="choose"),
    path(f"{PAGE}keep/", views.keep, name="keep"),
    path(f"{PAGE}start-again/", views.start_again, name="start_again"),
    path(f"{PAGE}go-back/", views.go_back, name="go_back"),
    path(f"{PAGE}playthrough/<int:playthrough>/", views.debrief, name="debrief"),
]
