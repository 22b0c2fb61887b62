"""What the admin of several apps has in common."""

from collections.abc import Callable
from functools import cache
from typing import Any

from django.contrib import admin
from django.contrib.admin.options import BaseModelAdmin
from django.db import models
from django.http import HttpRequest


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
        closed = self._closed(request)
        return [
            (name, {**options, "fields": _without_doors(options["fields"], closed)})
            for name, options in super().get_fieldsets(request, obj)
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return (*super().get_readonly_fields(request, obj), *self._closed(request).values())

    def _closed(self, request: HttpRequest) -> dict[str, Any]:
        """The names of links to closed pages, with what is shown instead."""
        fields: Any = self.model._meta.concrete_fields
        links = [field for field in fields if field.is_relation and not self._is_open(request, field.related_model)]
        return {field.name: _said(field) for field in links}

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


class RecordInline(OpenDoors, admin.TabularInline):
    """Records that belong to another record."""

    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False
