"""Requests behind the sign-in door."""

from django.http import HttpRequest

from apps.accounts.models import User


class AuthenticatedHttpRequest(HttpRequest):
    """A request whose `user` is a person: what a view gets that is not marked `login_not_required`."""

    user: User
