"""Learners' records in the admin: read-only."""

from django.contrib import admin

from apps.core.admin import RecordAdmin, RecordInline
from apps.progress.models import Enrolment, PageCompletion


class PageCompletionInline(RecordInline):
    model = PageCompletion


@admin.register(Enrolment)
class EnrolmentAdmin(RecordAdmin):
    list_display = ("learner", "edition", "started_at", "completed_at")
    list_select_related = ("learner", "edition__module")
    list_filter = ("edition__module", ("completed_at", admin.EmptyFieldListFilter))
    search_fields = ("learner__email", "learner__full_name", "edition__title")
    date_hierarchy = "started_at"
    inlines = (PageCompletionInline,)


@admin.register(PageCompletion)
class PageCompletionAdmin(RecordAdmin):
    list_display = ("enrolment", "page", "completed_at", "scaled_score")
    list_select_related = ("enrolment__learner", "enrolment__edition__module", "page")
    list_filter = ("page__kind",)
    search_fields = ("enrolment__learner__email", "page__title")
