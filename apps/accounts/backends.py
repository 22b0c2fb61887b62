"""Who signs in, and what they may do."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import HttpRequest

from apps.accounts import rights
from apps.accounts.models import User
from apps.core.prepared import prepared


@prepared(pk=User.id)
def _person(pk: int) -> QuerySet[User]:
    """The person with this primary key, which their session names."""
    return User.objects.filter(pk=pk)


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

    def get_user(self, user_id: int) -> User | None:
        user = _person.first(pk=user_id)
        return user if user and self.user_can_authenticate(user) else None

    def get_all_permissions(self, user_obj: User | AnonymousUser, obj: Model | None = None) -> set[str]:
        """What was given to a person and to their groups, in one query where Django's has two."""
        if isinstance(user_obj, User) and user_obj.is_active and obj is None and not hasattr(user_obj, "_perm_cache"):
            user_obj.__dict__["_perm_cache"] = rights.names_of_permissions(user_obj)  # where Django's keeps it
        found: set[str] = super().get_all_permissions(user_obj, obj)
        return found
