from django.urls import path

from apps.scenarios import views, visiting

app_name = "scenarios"

PAGE = "learn/<slug:slug>/<int:edition>/scenario/<slug:key>/"
TRY = "try/<slug:slug>/<slug:key>/"

urlpatterns = [
    path(PAGE, views.scenario, name="scenario"),
    path(f"{PAGE}choose/", views.choose, name="choose"),
    path(f"{PAGE}go-back/", views.go_back, name="go_back"),
    path(f"{PAGE}playthrough/<int:playthrough>/", views.debrief, name="debrief"),
    path(f"{PAGE}keep/", visiting.moved, name="moved_keep"),
    path(f"{PAGE}start-again/", visiting.moved, name="moved_start_again"),
    path(TRY, visiting.look, name="try"),
    path(f"{TRY}first/", visiting.look_back, name="try_first"),
    path(f"{TRY}choose/", visiting.choose, name="try_choose"),
    path(f"{TRY}go-back/", visiting.go_back, name="try_go_back"),
    path(f"{TRY}keep/", visiting.keep, name="try_keep"),
    path(f"{TRY}start-again/", visiting.start_again, name="try_start_again"),
]
