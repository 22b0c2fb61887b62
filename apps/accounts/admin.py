"""People in the admin, and the closing of their accounts."""

from typing import Any, ClassVar

from allauth.account.admin import EmailAddress  # its admin page is there now, and goes below
from allauth.mfa.admin import Authenticator  # which would show secrets
from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.contrib.auth.admin import GroupAdmin as DjangoGroupAdmin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from apps.accounts import closing, rights
from apps.accounts.decorators import asks_for_proof
from apps.accounts.factors import demand, removal, ways
from apps.accounts.models import CLOSED, User
from apps.accounts.requests import AuthenticatedHttpRequest
from apps.core.choosing import AskingAdmin

# A person's address stands in their own row; allauth's rows follow it and are nobody's to edit.
admin.site.unregister(EmailAddress)
admin.site.unregister(Authenticator)
admin.site.unregister(Group)


class UserCreationForm(forms.ModelForm):
    class Meta:
        model = User
        fields = ("email", "full_name")

    def save(self, commit: bool = True) -> Any:
        self.instance.set_unusable_password()
        return super().save(commit)


class PersonForm(forms.ModelForm):
    """A person; the last administrator stays one."""

    class Meta:
        labels: ClassVar = {"user_permissions": "Single rights"}
        help_texts: ClassVar = {
            "groups": "The roles: each brings the rights that it needs.",
            "user_permissions": "Beside those of the groups. Best left empty: nobody sees in a list who has them.",
        }

    def clean(self) -> dict[str, Any] | None:
        rights = ("is_active", "is_staff", "is_superuser")
        stored = User.objects.filter(pk=self.instance.pk, **dict.fromkeys(rights, True)).exists()
        loses = any(self.cleaned_data.get(right) is False for right in rights)
        if stored and loses and not closing.other_administrators(self.instance).exists():
            raise forms.ValidationError(closing.LAST_ADMINISTRATOR)
        return super().clean()


class RightsAdmin(AskingAdmin, admin.ModelAdmin):
    """Where rights are changed: whoever may do it here proves that it is them first."""

    def changeform_view(self, request: Any, object_id: str | None = None, *args: Any, **more: Any) -> Any:
        row = self.get_object(request, unquote(object_id)) if object_id else None
        may = self.has_change_permission(request, row) if object_id else self.has_add_permission(request)
        view = super().changeform_view
        return (asks_for_proof(view) if may else view)(request, object_id, *args, **more)

    def delete_view(self, request: Any, object_id: str, *args: Any, **more: Any) -> Any:
        may = self.has_delete_permission(request, self.get_object(request, unquote(object_id)))
        view = super().delete_view
        return (asks_for_proof(view) if may else view)(request, object_id, *args, **more)

    def changelist_view(self, request: Any, *args: Any, **more: Any) -> Any:
        """Looking is no act; what is done to the rows that were ticked is."""
        view = super().changelist_view
        return (asks_for_proof(view) if request.method == "POST" else view)(request, *args, **more)


@admin.register(User)
class UserAdmin(RightsAdmin, DjangoUserAdmin):
    """People by e-mail address; passwords are set by their owners through a reset.

    Nobody is deleted: what they did must keep its "by". Their account is closed, which erases all that is personal.
    """

    form = PersonForm
    add_form = UserCreationForm
    list_display = ("email", "full_name", "training_grade", "is_staff", "is_active", "joined_at")
    list_filter = (
        "is_staff",
        "is_superuser",
        "is_active",
        ("closed_at", admin.EmptyFieldListFilter),
        "groups",
        "training_grade",
    )
    search_fields = ("email", "full_name", "certificate_name")
    ordering = ("email",)
    readonly_fields = ("joined_at", "last_login", "closed_at")
    fieldsets = (
        (None, {"fields": ("email",)}),
        ("About", {"fields": ("full_name", "certificate_name", "training_grade", "specialty")}),
        ("What they may do", {"fields": ("is_active", "is_staff", "is_superuser", "groups", "user_permissions")}),
        ("Dates", {"fields": ("joined_at", "last_login", "closed_at")}),
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

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return False

    def has_change_permission(self, request: Any, obj: User | None = None) -> bool:
        """A closed account stays as it is. Who may do more is changed by those who may do as much: a new address, and
        the next password is sent there.
        """
        may_change = super().has_change_permission(request, obj)
        return may_change and (obj is None or (obj.closed_at is None and rights.is_within(obj, request.user)))

    def get_readonly_fields(self, request: Any, obj: User | None = None) -> Any:
        """Who may do everything is made by those who may."""
        own = super().get_readonly_fields(request, obj)
        return own if request.user.is_superuser else (*own, "is_superuser")

    def formfield_for_manytomany(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        """Offer what somebody has themselves."""
        offered = rights.groups_within if db_field.name == "groups" else rights.permissions_of
        field: Any = super().formfield_for_manytomany(db_field, request, **kwargs)
        field.queryset = field.queryset.filter(pk__in=offered(request.user).values("pk"))
        return field

    def save_model(self, request: Any, obj: User, form: Any, change: bool) -> None:
        if change:
            rights.lock(obj)
            request.had = rights.of_person(obj)
        super().save_model(request, obj, form, change)

    def save_related(self, request: Any, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        if change:
            rights.record(form.instance, request.had, request.user, timezone.now())

    def has_close_permission(self, request: HttpRequest) -> bool:
        """Who may see people and might delete them may close their accounts."""
        return self.has_view_permission(request) and request.user.has_perm("accounts.delete_user")

    def get_urls(self) -> list[URLPattern]:
        """With the page that closes an account, without the one on which another person's password is set."""
        others = [url for url in super().get_urls() if url.name != "auth_user_password_change"]
        return [
            path("<path:object_id>/close/", self._act(self.close_view), name="accounts_user_close"),
            path("<path:object_id>/factor/", self._act(self.factor_view), name="accounts_user_factor"),
            *others,
        ]

    def _act(self, view: Any) -> Any:
        """A page of the admin with one question, for an act."""
        return require_http_methods(["GET", "HEAD", "POST"])(self.admin_site.admin_view(view))

    def render_change_form(self, request: Any, context: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        person = kwargs.get("obj")
        if person is not None and person.closed_at is None:
            context["may_close"] = self.has_close_permission(request)
            context["may_remove_factor"] = removal.may_remove(person, request.user) and demand.has_factor(person)
        return super().render_change_form(request, context, *args, **kwargs)

    def close_view(self, request: AuthenticatedHttpRequest, object_id: str) -> HttpResponse:
        """Ask once, naming what goes and what stays; then close the account."""
        person = self.get_object(request, unquote(object_id))
        if person is None:
            raise Http404
        if not self.has_close_permission(request):
            raise PermissionDenied
        if demand.lacks_proof(request, timezone.now()):
            return ways.ask_for_proof(request)
        try:
            closing.refuse_closing(person, request.user)
            if request.method == "POST":
                return self._close(request, person)
        except closing.NotClosableError as error:
            return self._closing_page(request, person, refusal=str(error))
        return self._closing_page(request, person, closing=closing.closing_of(person))

    def _close(self, request: AuthenticatedHttpRequest, person: User) -> HttpResponse:
        closing.close_account(person, timezone.now(), request.user)
        person.refresh_from_db()
        self.log_change(request, person, "Closed the account.")
        self.message_user(request, "The account is closed. Nothing personal is left of it.", messages.SUCCESS)
        return redirect("admin:accounts_user_changelist")

    def _closing_page(self, request: HttpRequest, person: User, **more: Any) -> HttpResponse:
        title = "Close the account"
        context = {**self.admin_site.each_context(request), "title": title, "person": person, "opts": self.opts}
        status = 409 if "refusal" in more and request.method == "POST" else 200
        return render(request, "admin/accounts/user/close.html", context | more | {"closed": CLOSED}, status=status)

    def factor_view(self, request: AuthenticatedHttpRequest, object_id: str) -> HttpResponse:
        """Ask for the removal of a lost second factor, or confirm what another administrator has asked for."""
        person = self.get_object(request, unquote(object_id))
        if person is None or person.closed_at is not None:
            raise Http404
        if not request.user.has_perm(removal.RIGHT):
            raise PermissionDenied
        if demand.lacks_proof(request, timezone.now()):
            return ways.ask_for_proof(request)
        try:
            if "confirm" in request.POST:
                return self._confirm_removal(request, person)
            removal.refuse(person, request.user)
        except removal.NotRemovableError as error:
            return self._factor_page(request, person, refusal=str(error))
        if request.method == "POST":
            removal.ask(person, request.user, timezone.now())
            return redirect("admin:accounts_user_factor", person.pk)
        return self._factor_page(request, person)

    def _confirm_removal(self, request: AuthenticatedHttpRequest, person: User) -> HttpResponse:
        asked = removal.find_asked(person, request.POST["confirm"])
        if asked is None:
            raise removal.NotRemovableError("That was asked for more than a day ago. Ask once more.")
        if removal.confirm(asked, request.user, timezone.now()):
            self.log_change(request, person, "Removed the second factor.")
        told = "The second factor is removed, and every session of theirs has ended. They are told by e-mail."
        self.message_user(request, told, messages.SUCCESS)
        return redirect("admin:accounts_user_change", person.pk)

    def _factor_page(self, request: AuthenticatedHttpRequest, person: User, refusal: str = "") -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": "Remove the second factor",
            "person": person,
            "opts": self.opts,
            "refusal": refusal,
            "asked": removal.asked_of(person, timezone.now()),
        }
        status = 409 if refusal and request.method == "POST" else 200
        return render(request, "admin/accounts/user/second_factor.html", context, status=status)


@admin.register(Group)
class GroupAdmin(RightsAdmin, DjangoGroupAdmin):
    """Groups and what they may do; each change is recorded. Nobody changes one that may do more than they."""

    def has_change_permission(self, request: Any, obj: Group | None = None) -> bool:
        return super().has_change_permission(request, obj) and self._is_within(request, obj)

    def has_delete_permission(self, request: Any, obj: Group | None = None) -> bool:
        return super().has_delete_permission(request, obj) and self._is_within(request, obj)

    @staticmethod
    def _is_within(request: Any, group: Group | None) -> bool:
        return group is None or rights.groups_within(request.user).filter(pk=group.pk).exists()

    def formfield_for_manytomany(self, db_field: Any, request: Any = None, **kwargs: Any) -> Any:
        """Offer what somebody has themselves."""
        field: Any = super().formfield_for_manytomany(db_field, request, **kwargs)
        field.queryset = field.queryset.filter(pk__in=rights.permissions_of(request.user).values("pk"))
        return field

    def save_model(self, request: Any, obj: Group, form: Any, change: bool) -> None:
        rights.lock(obj)
        request.had = rights.of_group(obj)
        super().save_model(request, obj, form, change)

    def save_related(self, request: Any, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        rights.record(form.instance, request.had, request.user, timezone.now())

    def delete_model(self, request: Any, obj: Group) -> None:
        rights.delete_group(obj, request.user, timezone.now())

    def delete_queryset(self, request: Any, queryset: QuerySet[Group]) -> None:
        for group in queryset.order_by("pk"):
            rights.delete_group(group, request.user, timezone.now())
