"""Scenarios: branching case studies, and learners' walks through them."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from apps.accounts.models import User
from apps.core.markdown import MarkdownField, RenderedField
from apps.core.pictures import PictureField
from apps.core.words import lines_of
from apps.modules.content import Citation, EditionContent, FactsField, KeyedContent
from apps.modules.models import Page, Source
from apps.progress.models import Enrolment


class Rating(models.TextChoices):
    """How good a choice was: the words learners see."""

    BEST = "best", "Best"
    ACCEPTABLE = "acceptable", "Acceptable"
    POOR = "poor", "Poor"


class Scenario(KeyedContent):
    """A branching case study: the content of a page of kind *scenario*."""

    lists_sources_below = "guidance"

    page = models.OneToOneField(Page, on_delete=models.CASCADE, related_name="scenario")
    role = MarkdownField(help_text="Who the learner is in this case.")
    role_html = RenderedField(source="role")
    guidance = MarkdownField(blank=True, help_text="For the debrief: what the guidance says now.")
    guidance_html = RenderedField(source="guidance")
    reflection = models.CharField(max_length=300, blank=True, help_text="For the debrief: one question to think about.")
    plan_lines = models.TextField(
        max_length=600, blank=True, help_text="For the learner's own plan, one a line: If …, then I will …"
    )
    is_taster = models.BooleanField(
        "open to all", default=False, help_text="May be walked without an account; nothing is stored then."
    )

    sources: ClassVar[Any] = models.ManyToManyField(Source, through="ScenarioCitation", related_name="scenarios")

    class Meta(KeyedContent.Meta):
        pass

    @property
    def suggested_lines(self) -> list[str]:
        """Lines for the learner's own plan."""
        return lines_of(self.plan_lines)


class ScenarioCitation(Citation):
    """A source that a scenario's guidance rests on."""

    owner = "scenario"
    natural_key_fields = ("scenario__key", "source__key")

    scenario = models.ForeignKey(Scenario, on_delete=models.CASCADE, related_name="citations")

    class Meta(Citation.Meta):
        constraints = (
            models.UniqueConstraint(
                fields=("scenario", "source"), name="scenarios_scenariocitation_source_once_a_scenario"
            ),
        )


class Gauge(KeyedContent):
    """Something that a scenario's choices move, from 0 to 100: public trust, your standing."""

    scenario = models.ForeignKey(Scenario, on_delete=models.CASCADE, related_name="gauges")
    position = models.PositiveSmallIntegerField(validators=[MinValueValidator(1)])
    name = models.CharField(max_length=22)  # so that it fits beside its line in the chart
    start = models.PositiveSmallIntegerField(validators=[MaxValueValidator(100)], help_text="0 to 100.")

    class Meta(KeyedContent.Meta):
        ordering = ("scenario", "position")
        constraints = (
            *KeyedContent.Meta.constraints,
            models.UniqueConstraint(fields=("scenario", "position"), name="scenarios_gauge_position_unique"),
            models.CheckConstraint(condition=Q(position__gte=1), name="scenarios_gauge_position_from_1"),
            models.CheckConstraint(condition=Q(start__gte=0, start__lte=100), name="scenarios_gauge_start_0_to_100"),
        )

    def __str__(self) -> str:
        return self.name


class Scene(KeyedContent):
    """A situation; a scene without choices is an ending. The scene at the first position is the start."""

    class Outcome(models.TextChoices):
        GOOD = "good", "a good ending"
        MIXED = "mixed", "a mixed ending"
        POOR = "poor", "a poor ending"

    scenario = models.ForeignKey(Scenario, on_delete=models.CASCADE, related_name="scenes")
    position = models.PositiveSmallIntegerField(validators=[MinValueValidator(1)])
    title = models.CharField(max_length=80)
    clock = models.CharField(max_length=20, blank=True, help_text="Time in the story: 04:05, Day 12.")
    place = models.CharField(max_length=60, blank=True, help_text="Where you are, in a few words.")
    seen_by = models.PositiveIntegerField(null=True, blank=True, help_text="People who have seen the post so far.")
    body = MarkdownField()
    body_html = RenderedField(source="body")
    thought = models.CharField(max_length=200, blank=True, help_text="The pull: one line in the learner's own voice.")
    question = models.CharField(max_length=120, blank=True, help_text="Empty on an ending.")
    teaching_point = MarkdownField(blank=True, help_text="What to take along from this decision.")
    teaching_point_html = RenderedField(source="teaching_point")
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True, help_text="Only on an ending.")
    facts = FactsField()

    sources: ClassVar[Any] = models.ManyToManyField(Source, through="SceneCitation", related_name="scenes")

    class Meta(KeyedContent.Meta):
        ordering = ("scenario", "position")
        constraints = (
            *KeyedContent.Meta.constraints,
            models.UniqueConstraint(fields=("scenario", "position"), name="scenarios_scene_position_unique"),
        )

    def __str__(self) -> str:
        return self.title


class ScenePart(KeyedContent):
    """Something simulated that stands in a scene: a message, a post, an e-mail, a call or a notice."""

    class Kind(models.TextChoices):
        MESSAGE = "message", "Message"
        POST = "post", "Post"
        EMAIL = "email", "E-mail"
        CALL = "call", "Call"
        NOTICE = "notice", "Notice"
        NARRATION = "narration", "Narration"

    scene = models.ForeignKey(Scene, on_delete=models.CASCADE, related_name="parts")
    position = models.PositiveSmallIntegerField(validators=[MinValueValidator(1)])
    kind = models.CharField(max_length=10, choices=Kind)
    author = models.CharField(max_length=60, blank=True, help_text="Empty for narration.")
    meta = models.CharField(max_length=80, blank=True, help_text="When and where: 04:05, Night crew, 14 members.")
    text = models.TextField(max_length=1000)
    image = PictureField(max_length=100, blank=True, help_text="A drawing of ours: illustrations/trolley.svg.")
    image_alt = models.CharField("alternative text", max_length=300, blank=True)
    footer = models.CharField(max_length=80, blank=True)

    class Meta(KeyedContent.Meta):
        ordering = ("scene", "position")
        constraints = (
            *KeyedContent.Meta.constraints,
            models.UniqueConstraint(fields=("scene", "position"), name="scenarios_scenepart_position_unique"),
            models.CheckConstraint(
                condition=Q(image="") | ~Q(image_alt=""), name="scenarios_scenepart_image_has_alternative_text"
            ),
        )

    @property
    def is_yours(self) -> bool:
        """Written by the learner's own figure."""
        return self.author == "You"


class Choice(KeyedContent):
    """What a learner may do in a scene: an edge to the next scene, with its consequence and rating."""

    scene = models.ForeignKey(Scene, on_delete=models.CASCADE, related_name="choices")
    position = models.PositiveSmallIntegerField(validators=[MinValueValidator(1)])
    text = models.CharField(max_length=200)
    rating = models.CharField(max_length=10, choices=Rating)
    consequence = MarkdownField(help_text="What the learner is told after the choice.")
    consequence_html = RenderedField(source="consequence")
    target = models.ForeignKey(  # nothing in a draft that is being written, and where its scene was deleted
        Scene, on_delete=models.SET_NULL, null=True, blank=True, related_name="arrivals"
    )
    otherwise = models.ForeignKey(
        Scene,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text="Where it leads when what its target needs is not met after it. Without one it is not offered then.",
    )

    class Meta(KeyedContent.Meta):
        ordering = ("scene", "position")
        constraints = (
            *KeyedContent.Meta.constraints,
            models.UniqueConstraint(fields=("scene", "position"), name="scenarios_choice_position_unique"),
            models.CheckConstraint(
                condition=Q(otherwise__isnull=True) | ~Q(otherwise=F("target")),
                name="scenarios_choice_otherwise_leads_elsewhere",
                violation_error_message="Lead somewhere else otherwise than to the target, or nowhere.",
            ),
        )

    def __str__(self) -> str:
        return self.text


class Effect(EditionContent):
    """How much a choice moves a gauge."""

    natural_key_fields = ("choice__key", "gauge__key")

    choice = models.ForeignKey(Choice, on_delete=models.CASCADE, related_name="effects")
    gauge = models.ForeignKey(Gauge, on_delete=models.CASCADE, related_name="effects")
    change = models.SmallIntegerField(validators=[MinValueValidator(-100), MaxValueValidator(100)])

    class Meta:
        ordering = ("choice", "gauge")
        constraints = (
            models.UniqueConstraint(fields=("choice", "gauge"), name="scenarios_effect_gauge_once_a_choice"),
            models.CheckConstraint(
                condition=Q(change__gte=-100, change__lte=100) & ~Q(change=0), name="scenarios_effect_moves"
            ),
        )

    def __str__(self) -> str:
        return f"{self.gauge} {self.change:+d}"


def _only(*given: str) -> Q:
    """Of what a requirement may ask, these are said and nothing else is."""
    fields = ("gauge", "at_least", "below", "visited", "not_visited")
    return Q(**{f"{name}__isnull": name not in given for name in fields})


class Requirement(KeyedContent):
    """What a choice, or every choice that leads to a scene, needs: a gauge so high or below, a scene visited or not.

    A choice is not offered before what it needs is met, nor before what its target needs is met. One that leads
    somewhere else *otherwise* is offered: after it, what its target needs decides where it leads.
    """

    choice = models.ForeignKey(Choice, on_delete=models.CASCADE, null=True, blank=True, related_name="requirements")
    scene = models.ForeignKey(Scene, on_delete=models.CASCADE, null=True, blank=True, related_name="requirements")
    gauge = models.ForeignKey(Gauge, on_delete=models.CASCADE, null=True, blank=True, related_name="requirements")
    at_least = models.PositiveSmallIntegerField(null=True, blank=True, validators=[MaxValueValidator(100)])
    below = models.PositiveSmallIntegerField(
        null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(100)]
    )
    visited = models.ForeignKey(Scene, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    not_visited = models.ForeignKey(Scene, on_delete=models.CASCADE, null=True, blank=True, related_name="+")

    class Meta(KeyedContent.Meta):
        constraints = (
            *KeyedContent.Meta.constraints,
            models.CheckConstraint(
                condition=Q(choice__isnull=False, scene__isnull=True) | Q(choice__isnull=True, scene__isnull=False),
                name="scenarios_requirement_of_a_choice_or_a_scene",
            ),
            models.CheckConstraint(
                condition=_only("gauge", "at_least")
                | _only("gauge", "below")
                | _only("visited")
                | _only("not_visited"),
                name="scenarios_requirement_needs_one_thing",
                violation_error_message="Say one thing: a gauge with “at least” or “below”, or a scene visited or not.",
            ),
            models.CheckConstraint(
                condition=Q(below__isnull=True) | Q(below__gte=1, below__lte=100),
                name="scenarios_requirement_below_1_to_100",
            ),
        )


class SceneCitation(Citation):
    """A source that a scene's teaching point rests on."""

    owner = "scene"
    natural_key_fields = ("scene__key", "source__key")

    scene = models.ForeignKey(Scene, on_delete=models.CASCADE, related_name="citations")

    class Meta(Citation.Meta):
        constraints = (
            models.UniqueConstraint(fields=("scene", "source"), name="scenarios_scenecitation_source_once_a_scene"),
        )


class PlaythroughQuerySet(models.QuerySet["Playthrough"]):
    """Playthroughs."""

    def for_learner(self, user: User) -> Self:
        """This learner's own."""
        return self.filter(enrolment__learner=user)

    def open(self) -> Self:
        """Those in which a decision is waiting."""
        return self.filter(ended_at__isnull=True, left_at__isnull=True)

    def ended(self) -> Self:
        """Those that have reached an ending."""
        return self.filter(ended_at__isnull=False)


class Playthrough(models.Model):
    """One learner's walk through a scenario. The first one counts; later ones try other ways."""

    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="playthroughs")
    scenario = models.ForeignKey(Scenario, on_delete=models.PROTECT, related_name="playthroughs")
    number = models.PositiveIntegerField(validators=[MinValueValidator(1)])
    scene = models.ForeignKey(Scene, on_delete=models.PROTECT, related_name="+", help_text="Where the learner is.")
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True, help_text="When an ending was reached.")
    left_at = models.DateTimeField(null=True, blank=True, help_text="When it was given up for another way.")

    objects = PlaythroughQuerySet.as_manager()

    class Meta:
        ordering = ("enrolment", "scenario", "number")
        constraints = (
            models.UniqueConstraint(
                fields=("enrolment", "scenario", "number"), name="scenarios_playthrough_number_unique"
            ),
            models.UniqueConstraint(
                fields=("enrolment", "scenario"),
                condition=Q(ended_at__isnull=True, left_at__isnull=True),
                name="scenarios_playthrough_one_open",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(left_at__isnull=True),
                name="scenarios_playthrough_not_ended_and_left",
            ),
            models.CheckConstraint(condition=Q(number__gte=1), name="scenarios_playthrough_number_from_1"),
        )

    def __str__(self) -> str:
        return f"{self.enrolment}, playthrough {self.number}"


class Decision(models.Model):
    """One choice taken in a playthrough; written once, never changed.

    A playthrough that goes back to an earlier decision begins with copies of the ones before it (`is_repeated`).
    """

    playthrough = models.ForeignKey(Playthrough, on_delete=models.CASCADE, related_name="decisions")
    number = models.PositiveSmallIntegerField(validators=[MinValueValidator(1)])
    choice = models.ForeignKey(Choice, on_delete=models.PROTECT, related_name="decisions")
    is_repeated = models.BooleanField(default=False)
    decided_at = models.DateTimeField()

    class Meta:
        ordering = ("playthrough", "number")
        constraints = (
            models.UniqueConstraint(fields=("playthrough", "number"), name="scenarios_decision_number_unique"),
            models.CheckConstraint(condition=Q(number__gte=1), name="scenarios_decision_number_from_1"),
        )

    def __str__(self) -> str:
        return f"{self.number}. {self.choice}"
