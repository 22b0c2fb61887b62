"""Scenarios in the admin: scenes with their choices, and playthroughs to read."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from apps.core.admin import RecordAdmin, RecordInline
from apps.modules.admin import CitationInline, ContentAdmin, ContentInline
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


class WithinScenario(ContentInline):
    """Rows that point at scenes and gauges: those of the scenario that is being edited are offered."""

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        edited = self._edited(request)
        scene = edited.scene if isinstance(edited, Choice) else edited
        if isinstance(scene, Scene) and db_field.related_model in (Scene, Gauge):
            field.queryset = field.queryset.filter(scenario=scene.scenario_id)
        return field


class SceneInline(ContentInline, admin.TabularInline):
    model = Scene
    fields = ("position", "key", "title", "outcome")


class GaugeInline(ContentInline, admin.TabularInline):
    model = Gauge


class ScenarioCitationInline(CitationInline):
    model = ScenarioCitation


class EffectInline(WithinScenario, admin.TabularInline):
    model = Effect


class SceneRequirementInline(WithinScenario, admin.TabularInline):
    model = Requirement
    fk_name = "scene"
    exclude = ("edition", "choice")


class ChoiceRequirementInline(WithinScenario, admin.TabularInline):
    model = Requirement
    fk_name = "choice"
    exclude = ("edition", "scene")


class ScenePartInline(ContentInline, admin.StackedInline):
    model = ScenePart


class ChoiceInline(WithinScenario, admin.StackedInline):
    model = Choice
    fk_name = "scene"


class SceneCitationInline(CitationInline):
    model = SceneCitation


@admin.register(Scenario)
class ScenarioAdmin(ContentAdmin):
    list_display = ("key", "edition", "page")
    list_select_related = ("edition__module", "page")
    search_fields = ("key", "page__title")
    inlines = (GaugeInline, SceneInline, ScenarioCitationInline)


@admin.register(Scene)
class SceneAdmin(ContentAdmin):
    list_display = ("title", "scenario", "edition", "position", "outcome")
    list_select_related = ("edition__module", "scenario")
    list_filter = (*ContentAdmin.list_filter, "outcome")
    search_fields = ("key", "title", "body", "teaching_point")
    inlines = (ScenePartInline, ChoiceInline, SceneRequirementInline, SceneCitationInline)


@admin.register(Choice)
class ChoiceAdmin(ContentAdmin):
    list_display = ("text", "scene", "rating", "target", "edition")
    list_select_related = ("edition__module", "scene", "target")
    list_filter = (*ContentAdmin.list_filter, "rating")
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
