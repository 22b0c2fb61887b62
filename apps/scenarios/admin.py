"""Scenarios in the admin: scenes with their choices, and playthroughs, to read."""

from django.contrib import admin

from apps.core.admin import RecordAdmin, RecordInline
from apps.modules.admin import BY_EDITION, RowsAdmin, RowsInline, TextsInline
from apps.scenarios.models import (
    Choice,
    Decision,
    Effect,
    Gauge,
    Playthrough,
    Requirement,
    Scenario,
    ScenarioCitation,
    Scene,
    SceneCitation,
    ScenePart,
)


class SceneInline(RowsInline):
    model = Scene
    fields = ("position", "key", "title", "outcome")


class GaugeInline(RowsInline):
    model = Gauge


class ScenarioCitationInline(RowsInline):
    model = ScenarioCitation


class EffectInline(RowsInline):
    model = Effect


class SceneRequirementInline(RowsInline):
    model = Requirement
    fk_name = "scene"
    exclude = ("edition", "choice")


class ChoiceRequirementInline(RowsInline):
    model = Requirement
    fk_name = "choice"
    exclude = ("edition", "scene")


class ScenePartInline(TextsInline):
    model = ScenePart


class ChoiceInline(TextsInline):
    model = Choice
    fk_name = "scene"


class SceneCitationInline(RowsInline):
    model = SceneCitation


@admin.register(Scenario)
class ScenarioAdmin(RowsAdmin):
    list_display = ("key", "edition", "page")
    list_select_related = ("edition__module", "page")
    list_filter = BY_EDITION
    search_fields = ("key", "page__title")
    inlines = (GaugeInline, SceneInline, ScenarioCitationInline)


@admin.register(Scene)
class SceneAdmin(RowsAdmin):
    list_display = ("title", "scenario", "edition", "position", "outcome")
    list_select_related = ("edition__module", "scenario")
    list_filter = (*BY_EDITION, "outcome")
    search_fields = ("key", "title", "body", "teaching_point")
    inlines = (ScenePartInline, ChoiceInline, SceneRequirementInline, SceneCitationInline)


@admin.register(Choice)
class ChoiceAdmin(RowsAdmin):
    list_display = ("text", "scene", "rating", "target", "edition")
    list_select_related = ("edition__module", "scene", "target")
    list_filter = (*BY_EDITION, "rating")
    search_fields = ("key", "text", "consequence")
    inlines = (EffectInline, ChoiceRequirementInline)


class DecisionInline(RecordInline):
    model = Decision


@admin.register(Playthrough)
class PlaythroughAdmin(RecordAdmin):
    list_display = ("enrolment", "scenario", "number", "scene", "started_at", "ended_at")
    list_select_related = ("enrolment__learner", "enrolment__edition__module", "scenario", "scene")
    list_filter = ("scenario__edition__module", ("ended_at", admin.EmptyFieldListFilter))
    search_fields = ("enrolment__learner__email", "scenario__key")
    inlines = (DecisionInline,)
