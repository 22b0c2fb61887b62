"""What people say about themselves, and how they show who they are."""

from typing import Any, ClassVar

from allauth.account import forms as allauth_forms
from allauth.account.adapter import get_adapter
from django import forms
from django.contrib.auth.hashers import make_password
from django.core.validators import EmailValidator
from django.http import HttpRequest, HttpResponse

from apps.accounts.fields import one_spelling
from apps.accounts.models import User
from apps.accounts.names import NameFormField
from apps.core.choosing import ask_to_choose

# What allauth's fields are called, and what is said when one is empty: one word for one thing in every form.
EMAIL = ("E-mail address", "Enter your e-mail address")
AGAIN = ("The same password again", "Type the same password once more")
NEW_PASSWORD = ("New password", "Enter a new password")
NOT_THE_SAME = "The two passwords are not the same. Type the second one again."
NO_ADDRESS = "This is not an e-mail address. One looks like name@example.org"


class InOurWords(forms.BaseForm):
    """A form of allauth's whose fields are called, and ask, as ours do."""

    words: ClassVar[dict[str, tuple[str, str]]] = {}

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        for name, (label, missing) in self.words.items():
            field = self.fields[name]
            field.label = label
            field.widget.attrs.pop("placeholder", None)  # it says the same in allauth's words, and goes when one types
            field.error_messages |= {"required": missing}
            if isinstance(field, forms.EmailField):
                field.error_messages |= {"invalid": NO_ADDRESS}
                field.validators = [EmailValidator(NO_ADDRESS), *field.validators[1:]]


class TwoPasswords(InOurWords):
    """A form that asks for a new password twice."""

    def clean_password2(self) -> str:
        again: str = self.cleaned_data["password2"]
        if self.cleaned_data.get("password1", again) != again:
            raise forms.ValidationError(NOT_THE_SAME)
        return again


class SignupForm(TwoPasswords, allauth_forms.SignupForm):
    """A new account. E-mail address and password are allauth's fields."""

    words: ClassVar = {"email": EMAIL, "password1": ("Password", "Enter a password"), "password2": AGAIN}

    full_name = NameFormField(
        label="Full name",
        help_text="You choose how it appears on certificates before the first one.",
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": "Enter your full name"},
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


class LoginForm(InOurWords, allauth_forms.LoginForm):
    words: ClassVar = {"login": EMAIL, "password": ("Password", "Enter your password")}

    def clean_login(self) -> str:
        return one_spelling(self.cleaned_data["login"])


class ChangePasswordForm(TwoPasswords, allauth_forms.ChangePasswordForm):
    """The old password is a door like sign-in, with the same count of wrong tries."""

    words: ClassVar = {
        "oldpassword": ("The password you have now", "Enter the password you have now"),
        "password1": NEW_PASSWORD,
        "password2": AGAIN,
    }

    def clean_oldpassword(self) -> str:
        password: str = self.cleaned_data["oldpassword"]
        if not get_adapter().reauthenticate(self.user, password):
            raise get_adapter().validation_error("enter_current_password")
        return password


class ReauthenticateForm(InOurWords, allauth_forms.ReauthenticateForm):
    words: ClassVar = {"password": ("Password", "Enter your password")}


class AddEmailForm(InOurWords, allauth_forms.AddEmailForm):
    words: ClassVar = {"email": ("New e-mail address", "Enter the new e-mail address")}


class CodeForm(InOurWords, allauth_forms.ConfirmEmailVerificationCodeForm):
    """The code that was sent to a new address."""

    words: ClassVar = {"code": ("Code", "Enter the code from the e-mail")}


class ResetPasswordKeyForm(TwoPasswords, allauth_forms.ResetPasswordKeyForm):
    words: ClassVar = {"password1": NEW_PASSWORD, "password2": AGAIN}


class ResetPasswordForm(InOurWords, allauth_forms.ResetPasswordForm):
    words: ClassVar = {"email": EMAIL}

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
        error_messages: ClassVar = {"full_name": {"required": "Enter your full name"}}

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        ask_to_choose(self.fields["training_grade"])
