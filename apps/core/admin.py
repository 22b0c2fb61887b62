"""What the admin of several apps has in common."""

from collections.abc import Callable
from contextlib import nullcontext
from functools import cache
from typing import Any, ClassVar

from django.contrib import admin, messages
from django.contrib.admin.options import BaseModelAdmin
from django.db import models, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse


@cache
def _said(field: Any) -> Callable[[models.Model], Any]:
    """What a row points at, without a way there."""

    def said(row: models.Model) -> Any:
        return getattr(row, field.name)

    said.__name__ = field.name
    said.short_description = field.verbose_name  # type: ignore[attr-defined]  # as the admin asks for
    return said


class OpenDoors(BaseModelAdmin):
    """What is there to be read leads only to pages that its reader may open."""

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        closed = self._closed(request, obj)
        return [
            (name, {**options, "fields": _without_doors(options["fields"], closed)})
            for name, options in super().get_fieldsets(request, obj)
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return (*super().get_readonly_fields(request, obj), *self._closed(request, obj).values())

    def _closed(self, request: HttpRequest, obj: Any) -> dict[str, Any]:
        """Of what is shown and cannot be changed: the names of links to closed pages, with what is shown instead."""
        fields: Any = self.model._meta.concrete_fields
        links = [field for field in fields if field.many_to_one and not self._is_open(request, field.related_model)]
        if obj is None or self.has_change_permission(request, obj):
            fixed = self.fixed_fields(request, obj)
            links = [field for field in links if field.name in fixed]
        return {field.name: _said(field) for field in links}

    def fixed_fields(self, request: HttpRequest, obj: Any) -> tuple[str, ...]:
        """The names of what nobody changes here."""
        return tuple(map(str, self.readonly_fields))

    def _is_open(self, request: HttpRequest, model: Any) -> bool:
        page = self.admin_site._registry.get(model)
        return page is not None and page.has_view_or_change_permission(request)


def _without_doors(fields: Any, closed: dict[str, Any]) -> tuple[Any, ...]:
    """The fields in their order, each once; some stand beside each other in tuples."""
    return tuple(
        dict.fromkeys(
            _without_doors(field, closed) if isinstance(field, list | tuple) else closed.get(field, field)
            for field in fields
        )
    )


class RecordAdmin(OpenDoors, admin.ModelAdmin):
    """Records of what happened: to be read, never written here."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False


class TellingAdmin(admin.ModelAdmin):
    """Whoever asks for what cannot be is told why, above another page; nothing is stored."""

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
        return redirect(self.where_told(request))

    def where_told(self, request: HttpRequest) -> str:
        """The address of the page that says why."""
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")


class RecordInline(OpenDoors, admin.TabularInline):
    """Records that belong to another record."""

    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False
