"""What authors saved, in the admin: to be read."""

from django.contrib import admin

from apps.authoring.models import Revision
from apps.core.admin import RecordAdmin


@admin.register(Revision)
class RevisionAdmin(RecordAdmin):
    list_display = ("module", "page_key", "number", "verb", "by", "at", "problems")
    list_select_related = ("module", "by")
    list_filter = ("module", "verb")
    search_fields = ("page_key", "by__email", "by__full_name")
    date_hierarchy = "at"
