"""Which session a request has: Django's own in the stock bare view, the product's everywhere else."""

from django.conf import settings
from django.contrib.sessions.backends import db
from django.http import HttpRequest

from apps.accounts import middleware

STOCK = "/bench/stock/"


class SessionMiddleware(middleware.SessionMiddleware):
    """The product's. Of the stock bare view only where the session is read differs: all else happens to it too."""

    def process_request(self, request: HttpRequest) -> None:
        if request.path_info == STOCK:
            request.session = db.SessionStore(request.COOKIES.get(settings.SESSION_COOKIE_NAME))
        else:
            super().process_request(request)
