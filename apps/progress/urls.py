from django.urls import path

from apps.progress import views

app_name = "progress"

urlpatterns = [
    path("modules/<slug:slug>/", views.module, name="module"),
    path("modules/<slug:slug>/start/", views.start, name="start"),
    path("learn/<slug:slug>/<int:edition>/reading/<slug:key>/", views.reading, name="reading"),
    path("learn/<slug:slug>/<int:edition>/reading/<slug:key>/complete/", views.complete, name="complete"),
    path("search/", views.search, name="search"),
    path("my-learning/", views.my_learning, name="my_learning"),
]
