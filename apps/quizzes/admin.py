"""Quizzes in the admin: questions with their options, and attempts, to read."""

from django.contrib import admin

from apps.core.admin import RecordAdmin, RecordInline
from apps.modules.admin import BY_EDITION, RowsAdmin, RowsInline, TextsInline
from apps.quizzes.models import Attempt, Option, Question, QuestionCitation, Quiz, Response


class QuestionInline(RowsInline):
    model = Question
    fields = ("position", "key", "kind", "theme", "title", "select")


class OptionInline(TextsInline):
    model = Option
    fields = (("position", "key"), "text", ("is_key", "rank", "also_rank"), "feedback")


class QuestionCitationInline(RowsInline):
    model = QuestionCitation


@admin.register(Quiz)
class QuizAdmin(RowsAdmin):
    list_display = ("key", "edition", "page", "pass_mark")
    list_select_related = ("edition__module", "page")
    list_filter = BY_EDITION
    search_fields = ("key", "page__title")
    inlines = (QuestionInline,)


@admin.register(Question)
class QuestionAdmin(RowsAdmin):
    list_display = ("key", "edition", "position", "kind", "theme", "title")
    list_select_related = ("edition__module",)
    list_filter = (*BY_EDITION, "kind")
    search_fields = ("key", "theme", "title", "stem", "rationale")
    inlines = (OptionInline, QuestionCitationInline)


class ResponseInline(RecordInline):
    model = Response


@admin.register(Attempt)
class AttemptAdmin(RecordAdmin):
    list_display = ("enrolment", "quiz", "number", "started_at", "submitted_at", "score", "max_score", "practised_at")
    list_select_related = ("enrolment__learner", "enrolment__edition__module", "quiz")
    list_filter = ("quiz__edition__module", ("submitted_at", admin.EmptyFieldListFilter))
    search_fields = ("enrolment__learner__email", "quiz__key")
    inlines = (ResponseInline,)
