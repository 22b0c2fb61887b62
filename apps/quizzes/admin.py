"""Quizzes in the admin: questions with their options, and attempts to read."""

from django.contrib import admin

from apps.core.admin import RecordAdmin, RecordInline
from apps.modules.admin import CitationInline, ContentAdmin, ContentInline
from apps.quizzes.models import Attempt, Option, Question, QuestionCitation, Quiz, Response


class QuestionInline(ContentInline, admin.TabularInline):
    model = Question
    fields = ("position", "key", "kind", "theme", "select")


class OptionInline(ContentInline, admin.StackedInline):
    model = Option
    exclude = ()
    fields = (("position", "key"), "text", ("is_key", "rank", "also_rank"), "feedback")
    show_change_link = False


class QuestionCitationInline(CitationInline):
    model = QuestionCitation


@admin.register(Quiz)
class QuizAdmin(ContentAdmin):
    list_display = ("key", "edition", "page", "pass_mark")
    list_select_related = ("edition__module", "page")
    search_fields = ("key", "page__title")
    inlines = (QuestionInline,)


@admin.register(Question)
class QuestionAdmin(ContentAdmin):
    list_display = ("key", "edition", "position", "kind", "theme")
    list_filter = (*ContentAdmin.list_filter, "kind")
    search_fields = ("key", "theme", "stem", "rationale")
    inlines = (OptionInline, QuestionCitationInline)


class ResponseInline(RecordInline):
    model = Response


@admin.register(Attempt)
class AttemptAdmin(RecordAdmin):
    list_display = ("enrolment", "quiz", "number", "started_at", "submitted_at", "score", "max_score")
    list_select_related = ("enrolment__learner", "enrolment__edition__module", "quiz")
    list_filter = ("quiz__edition__module", ("submitted_at", admin.EmptyFieldListFilter))
    search_fields = ("enrolment__learner__email", "quiz__key")
    inlines = (ResponseInline,)
