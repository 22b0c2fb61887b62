"""Modules, editions, pages and sources in the admin, and what the admin of all content has in common."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from django.contrib import admin, messages
from django.db import models, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from apps.core.admin import RecordAdmin, RecordInline
from apps.core.choosing import AskingAdmin
from apps.modules.models import (
    Archiving,
    CitedSourceError,
    Edition,
    Fact,
    Module,
    Page,
    PageCitation,
    Seeding,
    Source,
    TaughtFactError,
    Withdrawal,
)
from apps.modules.queries import has_address

ADMINISTRATORS = "modules.view_seeding"  # what was seeded, and rows as they are stored, is read by administrators alone
BY_EDITION: tuple[Any, ...] = ("edition__module", ("edition__number", admin.EmptyFieldListFilter))


class RowsAdmin(RecordAdmin):
    """Rows as they are stored, in lists for administrators. What they say is written at the desk."""

    def has_view_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return request.user.has_perm(ADMINISTRATORS) and super().has_view_permission(request, obj)


class RowsInline(RecordInline):
    """Rows that stand in the row to which they belong, each with the way to its own page if it has one."""

    exclude: ClassVar[tuple[str, ...]] = ("edition",)
    show_change_link = True
    view_on_site = False  # a draft's page has no address


class TextsInline(RowsInline):
    """Rows that say so much that each stands on its own."""

    template = "admin/edit_inline/stacked.html"


@admin.register(Module)
class ModuleAdmin(admin.ModelAdmin):
    """A module's slug is part of addresses and certificates: it is chosen once."""

    list_display = ("slug", "position")
    search_fields = ("slug", "editions__title")

    def get_readonly_fields(self, request: HttpRequest, obj: Module | None = None) -> tuple[str, ...]:
        return ("slug",) if obj else ()

    def view_on_site(self, obj: Module) -> str | None:
        """Nothing is there before the first publication."""
        is_there = has_address(obj) and Module.objects.published().filter(pk=obj.pk).exists()
        return obj.get_absolute_url() if is_there else None


class PageInline(RowsInline):
    model = Page
    exclude = ()  # its edition is what it stands in
    fields = ("position", "key", "kind", "title", "minutes", "is_required")


@admin.register(Edition)
class EditionAdmin(RowsAdmin):
    list_display = ("title", "module", "label", "published_at", "published_by")
    list_select_related = ("module", "published_by")
    list_filter = ("module", ("number", admin.EmptyFieldListFilter))
    search_fields = ("title", "summary", "module__slug")
    readonly_fields = ("number", "based_on", "change_note", "published_at", "published_by")
    inlines = (PageInline,)


class PageCitationInline(RowsInline):
    model = PageCitation


@admin.register(Page)
class PageAdmin(RowsAdmin):
    list_display = ("title", "edition", "position", "kind", "minutes", "is_required")
    list_select_related = ("edition__module",)
    list_filter = (*BY_EDITION, "kind")
    search_fields = ("key", "title", "body")
    ordering = ("edition", "position")
    inlines = (PageCitationInline,)

    def view_on_site(self, obj: Page) -> str | None:
        """Drafts have no address yet."""
        return obj.get_absolute_url() if has_address(obj) else None


class SharedRowAdmin(AskingAdmin, admin.ModelAdmin):
    """What all editions share. Whoever asks for what such a row does not allow is told why, above their list."""

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self._or_told(super().changeform_view, request, *args, **kwargs)

    def delete_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self._or_told(super().delete_view, request, *args, **kwargs)

    def changelist_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self._or_told(super().changelist_view, request, *args, **kwargs)

    def _or_told(
        self, view: Callable[..., HttpResponse], request: HttpRequest, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """What the view answers. After a refusal nothing is stored, not even the entry that the admin logged before."""
        try:
            with transaction.atomic():
                return view(request, *args, **kwargs)
        except (CitedSourceError, TaughtFactError) as error:
            self.message_user(request, str(error), messages.ERROR)
        return redirect(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")


@admin.register(Source)
class SourceAdmin(SharedRowAdmin):
    """What the course cites. Correcting a source corrects it wherever it is shown."""

    list_display = ("key", "authors", "title", "year", "kind", "superseded_by")
    list_select_related = ("superseded_by",)
    list_filter = ("kind", ("superseded_by", admin.EmptyFieldListFilter))
    search_fields = ("key", "authors", "title", "publication")
    autocomplete_fields = ("superseded_by",)
    formfield_overrides: ClassVar[dict[Any, Any]] = {models.URLField: {"assume_scheme": "https"}}

    def get_readonly_fields(self, request: HttpRequest, obj: Source | None = None) -> tuple[str, ...]:
        """What is cited is cited by its key."""
        return ("key",) if obj and obj.is_cited else ()


@admin.register(Fact)
class FactAdmin(SharedRowAdmin):
    """What the sources say and the course must teach."""

    list_display = ("key", "statement", "view_of", "source")
    list_select_related = ("source",)
    list_filter = ("source",)
    search_fields = ("key", "statement", "view_of")


@admin.register(Seeding)
class SeedingAdmin(RecordAdmin):
    list_display = ("name", "seeded_at", "digest")
    search_fields = ("name",)


@admin.register(Withdrawal)
class WithdrawalAdmin(RecordAdmin):
    list_display = ("edition", "withdrawn_at", "withdrawn_by", "reason", "ended_at", "ended_by")
    list_select_related = ("edition__module", "withdrawn_by", "ended_by")
    list_filter = (("ended_at", admin.EmptyFieldListFilter), "edition__module")
    search_fields = ("edition__title", "reason")
    date_hierarchy = "withdrawn_at"


@admin.register(Archiving)
class ArchivingAdmin(RecordAdmin):
    list_display = ("module", "archived_at", "archived_by", "ended_at", "ended_by")
    list_select_related = ("module", "archived_by", "ended_by")
    list_filter = (("ended_at", admin.EmptyFieldListFilter),)
    search_fields = ("module__slug",)
    date_hierarchy = "archived_at"
