"""People in the admin."""

from typing import Any

from allauth.account.admin import EmailAddress  # its admin page is there now, and goes below
from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.urls import URLPattern

from apps.accounts.models import User

# A person's address stands in their own row; allauth's rows follow it and are nobody's to edit.
admin.site.unregister(EmailAddress)


class UserCreationForm(forms.ModelForm):  # type: ignore[type-arg]  # generic only in the stubs
    class Meta:
        model = User
        fields = ("email", "full_name")

    def save(self, commit: bool = True) -> Any:
        self.instance.set_unusable_password()
        return super().save(commit)


@admin.register(User)
class UserAdmin(DjangoUserAdmin):  # type: ignore[type-arg]
    """People by e-mail address; passwords are set by their owners through a reset."""

    form = forms.ModelForm
    add_form = UserCreationForm
    list_display = ("email", "full_name", "training_grade", "is_staff", "is_active", "joined_at")
    list_filter = ("is_staff", "is_superuser", "is_active", "groups", "training_grade")
    search_fields = ("email", "full_name", "certificate_name")
    ordering = ("email",)
    readonly_fields = ("joined_at", "last_login")
    fieldsets = (
        (None, {"fields": ("email",)}),
        ("About", {"fields": ("full_name", "certificate_name", "training_grade", "specialty")}),
        ("What they may do", {"fields": ("is_active", "is_staff", "is_superuser", "groups", "user_permissions")}),
        ("Dates", {"fields": ("joined_at", "last_login")}),
    )
    add_fieldsets = (
        (
            None,
            {
                "fields": ("email", "full_name"),
                "description": "They choose their own password: “Forgotten your password?” on the sign-in page.",
            },
        ),
    )

    def get_urls(self) -> list[URLPattern]:
        """Without the page on which an administrator sets another person's password."""
        return [url for url in super().get_urls() if url.name != "auth_user_password_change"]
