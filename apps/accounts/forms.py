"""What people say about themselves."""

from typing import ClassVar

from django import forms
from django.http import HttpRequest

from apps.accounts.models import User
from apps.accounts.names import NameFormField


class SignupForm(forms.Form):
    """The part of the sign-up form that is ours; allauth adds e-mail address and password."""

    full_name = NameFormField(
        label="Full name",
        help_text="You choose how it appears on certificates before the first one.",
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )

    field_order = ("email", "full_name", "password1", "password2")

    def signup(self, request: HttpRequest, user: User) -> None:
        """Called by allauth when the account is being made."""
        user.full_name = self.cleaned_data["full_name"]
        user.save(update_fields=["full_name"])


class AccountForm(forms.ModelForm):  # type: ignore[type-arg]  # generic only in the stubs
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
