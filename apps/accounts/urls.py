from django.urls import path

from apps.accounts import views

app_name = "accounts"

urlpatterns = [
    path("", views.account, name="account"),
    path("email/keep/", views.keep_email, name="keep_email"),
]
