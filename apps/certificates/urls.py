from django.urls import path

from apps.certificates import views

app_name = "certificates"

urlpatterns = [
    path("learn/<slug:slug>/<int:number>/finish/", views.finish, name="finish"),
    path("learn/<slug:slug>/<int:number>/finish/issue/", views.issue, name="issue"),
    path("learn/<slug:slug>/<int:number>/certificate/", views.certificate, name="certificate"),
    path("learn/<slug:slug>/<int:number>/certificate/pdf/", views.pdf, name="pdf"),
    path("verify/", views.check, name="check"),
    path("verify/<path:code>/", views.verify, name="verify"),
]
