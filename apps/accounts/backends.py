"""Who signs in."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from apps.accounts.models import User


class AddressBackend(AuthenticationBackend):
    """A person is found by the address on their own row; no other row of allauth's opens an account."""

    def authenticate(self, request: HttpRequest | None, **credentials: Any) -> User:
        """This backend has the last word: another would only compute the same hash again."""
        user: User | None = super().authenticate(request, **credentials)
        if user is None:
            raise PermissionDenied
        return user

    def _authenticate_by_email(self, email: str, password: str) -> User | None:
        user: User | None = self._check_password(User.objects.filter(email=email).first(), password)
        return user
