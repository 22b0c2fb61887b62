"""What the admin of several apps has in common."""

from collections.abc import Callable
from contextlib import nullcontext
from typing import Any, ClassVar

from django.contrib import admin, messages
from django.db import models, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect


class RecordAdmin(admin.ModelAdmin):
    """Records of what happened: to be read, never written here."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False


class TellingAdmin(admin.ModelAdmin):
    """Whoever asks for what cannot be is told why, above the list; nothing is stored."""

    refusals: ClassVar[tuple[type[Exception], ...]]
    logs_before: ClassVar[bool] = False  # an entry of the admin's log, written before a refusal, goes with it

    def why(self, request: HttpRequest, error: Exception) -> str:
        """What is told; empty for what is an error of another kind."""
        return str(error)

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self._or_told(super().changeform_view, request, *args, **kwargs)

    def delete_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self._or_told(super().delete_view, request, *args, **kwargs)

    def changelist_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self._or_told(super().changelist_view, request, *args, **kwargs)

    def _or_told(
        self, view: Callable[..., HttpResponse], request: HttpRequest, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        try:
            with transaction.atomic() if self.logs_before else nullcontext():
                return view(request, *args, **kwargs)
        except self.refusals as error:
            if not (why := self.why(request, error)):
                raise
        self.message_user(request, why, messages.ERROR)
        return redirect(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")


class RecordInline(admin.TabularInline):
    """Records that belong to another record."""

    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False
