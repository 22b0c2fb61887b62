"""How allauth's doors behave here."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.core.validators import MaxLengthValidator
from django.http import HttpRequest, HttpResponse

from apps.accounts import keeping
from apps.accounts.models import User
from apps.core import kept_answer


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """E-mail addresses are kept in lower case, and whole."""

    def clean_email(self, email: str) -> str:
        """allauth would cut an address that is too long for the column, and make an account nobody can reach."""
        MaxLengthValidator(User._meta.get_field("email").max_length)(email)
        return email

    def save_user(self, request: HttpRequest, user: User, form: Any, commit: bool = True) -> User:
        user = super().save_user(request, user, form, commit=False)
        user.email = user.email.lower()
        if commit:
            user.save()
        return user

    def login(self, request: HttpRequest, user: User) -> None:
        """Every door leads through here; what waits for somebody else goes."""
        super().login(request, user)
        kept_answer.forget_anothers(request)

    def post_login(self, request: HttpRequest, user: User, **login: Any) -> HttpResponse:
        response: HttpResponse = super().post_login(request, user, **login)
        keeping.keep_on_signing_in(request, response.get("Location", ""))
        return response

    def get_http_user_agent(self, request: HttpRequest) -> str:
        """As the browser says it now: a request that has waited for the password does not carry it."""
        agent: str = request.environ.get("HTTP_USER_AGENT", "Unspecified")  # type: ignore[attr-defined]  # WSGI
        return agent
