from django.urls import path, register_converter
from django.urls.converters import StringConverter

from apps.certificates import views


class PastedConverter(StringConverter):
    """Whatever somebody pasted behind an address, line breaks and slashes too, or nothing."""

    regex = r"(?s:.*)"


register_converter(PastedConverter, "pasted")

app_name = "certificates"

urlpatterns = [
    path("learn/<slug:slug>/<int:edition>/finish/", views.finish, name="finish"),
    path("learn/<slug:slug>/<int:edition>/finish/issue/", views.issue, name="issue"),
    path("learn/<slug:slug>/<int:edition>/certificate/", views.certificate, name="certificate"),
    path("learn/<slug:slug>/<int:edition>/certificate/pdf/", views.pdf, name="pdf"),
    path("verify/", views.check, name="check"),
    path("verify/<pasted:code>/", views.verify, name="verify"),
]
