"""What people say about themselves, and how they show who they are."""

from typing import ClassVar

from allauth.account import forms as allauth_forms
from allauth.account.adapter import get_adapter
from django import forms
from django.contrib.auth.hashers import make_password
from django.http import HttpRequest, HttpResponse

from apps.accounts.fields import one_spelling
from apps.accounts.models import User
from apps.accounts.names import NameFormField


class SignupForm(allauth_forms.SignupForm):
    """A new account. E-mail address and password are allauth's fields."""

    full_name = NameFormField(
        label="Full name",
        help_text="You choose how it appears on certificates before the first one.",
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )

    field_order = ("email", "full_name", "password1", "password2")

    def try_save(self, request: HttpRequest) -> tuple[User | None, HttpResponse | None]:
        """For a taken address as much work is done as for a free one: the time it takes tells nothing."""
        if self.account_already_exists:
            make_password(self.cleaned_data["password1"])
        tried: tuple[User | None, HttpResponse | None] = super().try_save(request)
        return tried

    def save(self, request: HttpRequest) -> User:
        """Without allauth's own row for the address: `User` keeps that."""
        adapter = get_adapter()
        user: User = adapter.save_user(request, adapter.new_user(request), self)
        return user


class LoginForm(allauth_forms.LoginForm):
    def clean_login(self) -> str:
        return one_spelling(self.cleaned_data["login"])


class ChangePasswordForm(allauth_forms.ChangePasswordForm):
    """The old password is a door like sign-in, with the same count of wrong tries."""

    def clean_oldpassword(self) -> str:
        password: str = self.cleaned_data["oldpassword"]
        if not get_adapter().reauthenticate(self.user, password):
            raise get_adapter().validation_error("enter_current_password")
        return password


class ResetPasswordForm(allauth_forms.ResetPasswordForm):
    def clean_email(self) -> str:
        """Only the address on a person's own row has a way in, and the link goes there and nowhere else."""
        email: str = get_adapter().clean_email(self.cleaned_data["email"])
        self.users = list(User.objects.filter(email=email, is_active=True))
        return email


class AccountForm(forms.ModelForm):
    """The learner's own details."""

    class Meta:
        model = User
        fields = ("full_name", "certificate_name", "training_grade", "specialty")
        labels: ClassVar = {"training_grade": "Training grade (optional)", "specialty": "Specialty (optional)"}
        widgets: ClassVar = {
            "full_name": forms.TextInput(attrs={"autocomplete": "name"}),
            "certificate_name": forms.TextInput(attrs={"autocomplete": "name"}),
        }
        help_texts: ClassVar = {
            "certificate_name": "Leave empty to be asked before your next certificate. Issued ones do not change.",
        }
