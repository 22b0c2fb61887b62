"""People in the admin, and the closing of their accounts."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from apps.accounts import closing
from apps.accounts.models import CLOSED, User


class UserCreationForm(AdminUserCreationForm):  # type: ignore[type-arg]  # generic only in the stubs
    class Meta:
        model = User
        fields = ("email", "full_name")


class UserEditForm(UserChangeForm):  # type: ignore[type-arg]
    class Meta:
        model = User
        fields = "__all__"


@admin.register(User)
class UserAdmin(DjangoUserAdmin):  # type: ignore[type-arg]
    """People by e-mail address; passwords are set by their owners through a reset.

    Nobody is deleted: what they did must keep its "by". Their account is closed, which erases all that is personal.
    """

    form = UserEditForm
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
        (None, {"fields": ("email", "password")}),
        ("About", {"fields": ("full_name", "certificate_name", "training_grade", "specialty")}),
        ("What they may do", {"fields": ("is_active", "is_staff", "is_superuser", "groups", "user_permissions")}),
        ("Dates", {"fields": ("joined_at", "last_login", "closed_at")}),
    )
    add_fieldsets = ((None, {"fields": ("email", "full_name", "usable_password", "password1", "password2")}),)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """A closed account stays as it is."""
        return not (obj and obj.closed_at) and super().has_change_permission(request, obj)

    def has_close_permission(self, request: HttpRequest) -> bool:
        """Who might delete people may close their accounts."""
        return request.user.has_perm("accounts.delete_user")

    def get_urls(self) -> list[URLPattern]:
        close = require_http_methods(["GET", "HEAD", "POST"])(self.admin_site.admin_view(self.close_view))
        return [path("<path:object_id>/close/", close, name="accounts_user_close"), *super().get_urls()]

    def render_change_form(
        self,
        request: HttpRequest,
        context: Any,
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Any = None,
    ) -> HttpResponse:
        context["may_close"] = obj is not None and obj.closed_at is None and self.has_close_permission(request)
        return super().render_change_form(request, context, add, change, form_url, obj)

    def close_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Ask once, naming what goes and what stays; then close the account."""
        person = self.get_object(request, unquote(object_id))
        if person is None:
            raise Http404
        if not self.has_close_permission(request):
            raise PermissionDenied
        try:
            closing.refuse_closing(person, request.user)  # type: ignore[arg-type]  # nobody else passes the door
            if request.method == "POST":
                return self._close(request, person)
        except closing.NotClosableError as error:
            return self._closing_page(request, person, refusal=str(error))
        return self._closing_page(request, person, closing=closing.closing_of(person))

    def _close(self, request: HttpRequest, person: User) -> HttpResponse:
        closing.close_account(person, timezone.now(), request.user)  # type: ignore[arg-type]
        person.refresh_from_db()
        self.log_change(request, person, "Closed the account.")
        self.message_user(request, "The account is closed. Nothing personal is left of it.", messages.SUCCESS)
        return redirect("admin:accounts_user_changelist")

    def _closing_page(self, request: HttpRequest, person: User, **more: Any) -> HttpResponse:
        title = "Close the account"
        context = {**self.admin_site.each_context(request), "title": title, "person": person, "opts": self.opts}
        status = 409 if "refusal" in more and request.method == "POST" else 200
        return render(request, "admin/accounts/user/close.html", context | more | {"closed": CLOSED}, status=status)
