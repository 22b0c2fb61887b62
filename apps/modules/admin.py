"""Modules, editions, pages and sources in the admin, and what the admin of all content has in common."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.options import InlineModelAdmin
from django.contrib.admin.utils import unquote
from django.contrib.admin.widgets import AdminTextInputWidget
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from apps.core.admin import OpenDoors, RecordAdmin, RecordInline, TellingAdmin
from apps.modules import raw_saves
from apps.modules.content import EditionContent, content_links
from apps.modules.editions import lock_drafts, lock_editions
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
from apps.modules.published import PublishedContentError
from apps.modules.queries import has_address
from apps.modules.raw_saves import RefusedSaveError
from apps.modules.rows import owners

ADMINISTRATORS = "modules.view_seeding"  # what was seeded, and rows as they are stored, is read by administrators alone
SHORT_LINE, SHORT_TEXT = 100, 1000  # characters


def edition_of(obj: models.Model | None) -> Edition | None:
    """The edition that a content row, or an edition, belongs to."""
    if isinstance(obj, Edition):
        return obj
    return obj.edition if isinstance(obj, EditionContent) and obj.edition_id else None


class ContentForm(forms.ModelForm):
    """A content row; its key must be free in its edition, also where the form does not show the edition."""

    def clean(self) -> dict[str, Any] | None:
        """A new row points at rows of its own edition."""
        cleaned = super().clean() or self.cleaned_data
        edition = cleaned.get("edition") or edition_of(self.instance)
        for field in content_links(type(self.instance)):
            linked = cleaned.get(field.name)
            if edition and linked is not None and linked.edition_id != edition.pk:
                self.add_error(field.name, "This belongs to another draft. Choose one of the same draft.")
        return cleaned

    def _get_validation_exclusions(self) -> set[str]:
        excluded: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]
        return excluded - {"edition"} if self.instance.edition_id else excluded  # none: what it stands in has none


class DraftsOnly(OpenDoors):
    """Only drafts can be written; published content is there to be read, also by some who do not read drafts."""

    def has_view_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        may_read = super().has_view_permission(request, obj)
        if obj is None or not self._is_draft(obj):
            return may_read
        return may_read and (self.has_change_permission(request, obj) or request.user.has_perm("modules.read_draft"))

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return self._is_draft(obj) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return self._is_draft(obj) and super().has_delete_permission(request, obj)

    def _is_draft(self, obj: models.Model | None) -> bool:
        edition = edition_of(obj)
        return edition is None or not edition.is_published

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Long lines have room to be read, where they do not stand in the cell of a table; short texts take little."""
        field: Any = super().formfield_for_dbfield(db_field, request, **kwargs)
        is_long = isinstance(db_field, models.CharField) and (db_field.max_length or 0) > SHORT_LINE
        if is_long and isinstance(field.widget, AdminTextInputWidget) and not isinstance(self, admin.TabularInline):
            field.widget.attrs["class"] = "vLargeTextField"
        if isinstance(db_field, models.TextField) and (db_field.max_length or SHORT_TEXT + 1) <= SHORT_TEXT:
            field.widget.attrs["rows"] = 3
        return field

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Offer only drafts, and of their content only what belongs to the edition being edited."""
        if db_field.related_model is Edition:
            kwargs["queryset"] = Edition.objects.drafts().select_related("module")
        elif issubclass(db_field.related_model, EditionContent):
            offered = db_field.related_model.objects.filter(edition__number__isnull=True)
            if edition := edition_of(self._edited(request)):
                offered = db_field.related_model.objects.filter(edition=edition)
            kwargs["queryset"] = offered
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def _edited(self, request: HttpRequest) -> models.Model | None:
        """The row whose page is open."""
        match = request.resolver_match
        if match is None or "object_id" not in match.kwargs:
            return None
        model = getattr(self, "parent_model", None) or self.model
        edited: models.Model | None = model._base_manager.filter(pk=match.kwargs["object_id"]).first()
        return edited


class ContentFormSet(forms.BaseInlineFormSet):
    """Rows that belong to the edition of the row they stand in."""

    def _construct_form(self, i: int, **kwargs: Any) -> Any:
        form = super()._construct_form(i, **kwargs)  # type: ignore[misc]
        if edition := edition_of(self.instance):
            form.instance.edition = edition
        return form


class ContentInline(DraftsOnly, InlineModelAdmin):
    """Content rows inside the row they belong to."""

    view_on_site = False
    form = ContentForm
    formset = ContentFormSet
    exclude: ClassVar[tuple[str, ...]] = ("edition",)
    extra = 0
    show_change_link = True


class CitationInline(ContentInline, admin.TabularInline):
    """The sources a row cites."""

    autocomplete_fields = ("source",)
    verbose_name = "source"
    verbose_name_plural = "sources"
    show_change_link = False


class RowsAdmin(RecordAdmin):
    """Rows as they are stored, in lists for administrators. Pages and editions are written at the desk."""

    def has_view_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return request.user.has_perm(ADMINISTRATORS) and super().has_view_permission(request, obj)


class ContentAdmin(DraftsOnly, TellingAdmin):
    """Rows of a page, written one by one on pages of their own, each save with what the page said kept.

    The edition of a row, and what it belongs to, are chosen once. Whoever saves while somebody else publishes is told.
    """

    form = ContentForm
    refusals = (PublishedContentError, PermissionDenied, RefusedSaveError)
    change_form_template = "admin/modules/row_form.html"
    delete_confirmation_template = "admin/modules/row_delete.html"
    object_history_template = "admin/modules/row_history.html"
    list_select_related: ClassVar[tuple[str, ...]] = ("edition__module",)
    list_filter: ClassVar[tuple[Any, ...]] = ("edition__module", ("edition__number", admin.EmptyFieldListFilter))
    search_fields: ClassVar[tuple[str, ...]] = ("key",)
    actions = None

    def fixed_fields(self, request: HttpRequest, obj: models.Model | None) -> tuple[str, ...]:
        owner = next(owners(self.model))
        return ("edition", owner.name) if obj else ()

    def get_readonly_fields(self, request: HttpRequest, obj: models.Model | None = None) -> tuple[str, ...]:
        return (*super().get_readonly_fields(request, obj), *self.fixed_fields(request, obj))

    # The list --------------------------------------------------------------------------------------------------------

    def get_model_perms(self, request: HttpRequest) -> dict[str, bool]:
        """On the lists of models it is there to be read, by administrators."""
        return dict.fromkeys(("add", "change", "delete"), False) | {"view": self._may_list(request)}

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        if not self._may_list(request):
            raise PermissionDenied
        return super().changelist_view(request, {**(extra_context or {}), "has_add_permission": False})

    def _may_list(self, request: HttpRequest) -> bool:
        return request.user.has_perm(ADMINISTRATORS) and self.has_view_permission(request)

    # Saves -----------------------------------------------------------------------------------------------------------

    def _changeform_view(self, request: HttpRequest, object_id: str | None, *args: Any) -> HttpResponse:
        self._lock(request, object_id)
        return super()._changeform_view(request, object_id, *args)  # type: ignore[misc,no-any-return]  # not in the stubs

    def _delete_view(self, request: HttpRequest, object_id: str, *args: Any) -> HttpResponse:
        self._lock(request, object_id)
        return super()._delete_view(request, object_id, *args)  # type: ignore[misc,no-any-return]  # not in the stubs

    def _lock(self, request: HttpRequest, object_id: str | None) -> None:
        """Before anything is read that is about to be written; a new row's edition is named by its form."""
        row = self.get_object(request, unquote(object_id)) if object_id and request.method == "POST" else None
        if row is not None:
            lock_editions([row.edition_id])

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        self._keep_what_was_found(obj)
        super().save_model(request, obj, form, change)

    def save_related(self, request: Any, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        raw_saves.keep(raw_saves.page_of(form.instance), request.user, timezone.now())

    def delete_model(self, request: Any, obj: Any) -> None:
        page = self._keep_what_was_found(obj)
        super().delete_model(request, obj)
        raw_saves.keep(page, request.user, timezone.now())
        request.deleted_from = page

    @staticmethod
    def _keep_what_was_found(row: EditionContent) -> Page:
        lock_drafts([row.edition_id])
        page = raw_saves.page_of(row)
        raw_saves.keep(page, None, timezone.now())
        return page

    # Where it leads --------------------------------------------------------------------------------------------------

    def response_post_save_add(self, request: HttpRequest, obj: models.Model) -> HttpResponseRedirect:
        return HttpResponseRedirect(self._page_of_row(obj.pk))

    def response_post_save_change(self, request: HttpRequest, obj: models.Model) -> HttpResponseRedirect:
        return HttpResponseRedirect(self._page_of_row(obj.pk))

    def response_delete(self, request: Any, obj_display: str, obj_id: int) -> HttpResponse:
        """On with the page that it was deleted from."""
        page: Page = request.deleted_from
        self.message_user(request, f"Deleted: {obj_display}.", messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:write:page", args=[page.edition.module.slug, page.key]))

    def _page_of_row(self, pk: int) -> str:
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[pk])

    def where_told(self, request: HttpRequest) -> str:
        """At the row, if there is one."""
        row = self._edited(request)
        return self._page_of_row(row.pk) if row else reverse("admin:index")

    def why(self, request: HttpRequest, error: Exception) -> str:
        if isinstance(error, PermissionDenied) and not self._has_lost_the_race(request):
            return ""
        said = error if isinstance(error, RefusedSaveError) else PublishedContentError()
        return f"Nothing was saved. {said}"

    def _has_lost_the_race(self, request: HttpRequest) -> bool:
        """What was sent would have been right if its edition were a draft still."""
        may_change = admin.ModelAdmin.has_change_permission(self, request)
        return request.method == "POST" and may_change and not self._is_draft(self._edited(request))


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


class PageInline(RecordInline):
    model = Page
    view_on_site = False  # a draft's page has no address
    fields = ("position", "key", "kind", "title", "minutes", "is_required")


@admin.register(Edition)
class EditionAdmin(RowsAdmin):
    list_display = ("title", "module", "label", "published_at", "published_by")
    list_select_related = ("module", "published_by")
    list_filter = ("module", ("number", admin.EmptyFieldListFilter))
    search_fields = ("title", "summary", "module__slug")
    readonly_fields = ("number", "based_on", "change_note", "published_at", "published_by")
    inlines = (PageInline,)


class PageCitationInline(RecordInline):
    model = PageCitation


@admin.register(Page)
class PageAdmin(RowsAdmin):
    list_display = ("title", "edition", "position", "kind", "minutes", "is_required")
    list_select_related = ("edition__module",)
    list_filter = ("edition__module", ("edition__number", admin.EmptyFieldListFilter), "kind")
    search_fields = ("key", "title", "body")
    ordering = ("edition", "position")
    inlines = (PageCitationInline,)

    def view_on_site(self, obj: Page) -> str | None:
        """Drafts have no address yet."""
        return obj.get_absolute_url() if has_address(obj) else None


class SharedRowAdmin(TellingAdmin):
    """What all editions share; whoever asks for what their rows do not allow is told why."""

    refusals = (CitedSourceError, TaughtFactError)
    logs_before = True


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
