"""Quizzes, and learners' attempts at them."""

from __future__ import annotations

import hashlib
import secrets
from decimal import Decimal
from typing import Any, ClassVar, Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from apps.accounts.models import User
from apps.core.markdown import MarkdownField, RenderedField
from apps.modules.content import Citation, FactsField, KeyedContent
from apps.modules.models import Page, Source
from apps.progress.models import Enrolment
from apps.quizzes import question_kinds
from apps.quizzes.question_kinds import QuestionKind
from apps.quizzes.scoring import scaled


class Quiz(KeyedContent):
    """Questions with a pass mark: the content of a page of kind *quiz*."""

    page = models.OneToOneField(Page, on_delete=models.CASCADE, related_name="quiz")
    pass_mark = models.DecimalField(
        max_digits=3,
        decimal_places=2,
        default=Decimal("0.70"),
        validators=[MinValueValidator(0), MaxValueValidator(1)],
        help_text="Scaled score that passes, 0 to 1: 0.70 is 70%.",
    )
    introduction = MarkdownField(blank=True)
    introduction_html = RenderedField(source="introduction")

    class Meta(KeyedContent.Meta):
        verbose_name_plural = "quizzes"
        constraints = (
            *KeyedContent.Meta.constraints,
            models.CheckConstraint(
                condition=Q(pass_mark__gte=0, pass_mark__lte=1), name="quizzes_quiz_pass_mark_0_to_1"
            ),
        )

    @property
    def pass_percent(self) -> int:
        return int(self.pass_mark * 100)


class Question(KeyedContent):
    """One scored item of a quiz."""

    quiz = models.ForeignKey(Quiz, on_delete=models.CASCADE, related_name="questions")
    position = models.PositiveSmallIntegerField(validators=[MinValueValidator(1)])
    kind = models.CharField(max_length=20, choices=question_kinds.choices)
    theme = models.CharField(
        max_length=120, blank=True, help_text="Shared by a set of questions with the same options."
    )
    title = models.CharField(
        "name",
        max_length=60,
        blank=True,
        default="",
        help_text="What it is called in lists and on results.",
    )
    stem = MarkdownField(help_text="Ends with the question itself.")
    stem_html = RenderedField(source="stem")
    select = models.PositiveSmallIntegerField(default=1, help_text="How many options are to be chosen.")
    rationale = MarkdownField(help_text="Why the key is the key.")
    rationale_html = RenderedField(source="rationale")

    facts = FactsField()
    panel_size = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="How many clinicians agreed the key; empty until a panel has."
    )
    panel_agreed_on = models.DateField(null=True, blank=True)

    sources: ClassVar[Any] = models.ManyToManyField(Source, through="QuestionCitation", related_name="questions")

    class Meta(KeyedContent.Meta):
        ordering = ("quiz", "position")
        constraints = (
            *KeyedContent.Meta.constraints,
            models.UniqueConstraint(fields=("quiz", "position"), name="quizzes_question_position_unique"),
            models.CheckConstraint(condition=Q(select__gte=1), name="quizzes_question_selects_at_least_1"),
            models.CheckConstraint(
                condition=Q(panel_size__isnull=True, panel_agreed_on__isnull=True)
                | Q(panel_size__isnull=False, panel_size__gte=1, panel_agreed_on__isnull=False),
                name="quizzes_question_panel_has_size_and_date",
            ),
        )

    @property
    def is_of_known_kind(self) -> bool:
        """Whether there is such a kind: authors can import anything."""
        return question_kinds.is_known(self.kind)

    @property
    def question_kind(self) -> QuestionKind:
        """How it is asked and marked."""
        return question_kinds.get(self.kind)

    @property
    def name(self) -> str:
        """What it is called in lists and on results: editions from before titles have its theme or its kind instead."""
        return self.title or self.theme or self.question_kind.label

    @property
    def counts(self) -> bool:
        """Whether its marks count towards the pass mark."""
        return self.is_of_known_kind and self.question_kind.chance is None

    @property
    def provenance(self) -> str:
        """Who says that the key is the key."""
        if self.panel_size and self.panel_agreed_on:
            return f"Key agreed by a panel of {self.panel_size} clinicians, {self.panel_agreed_on:%B %Y}."
        return "Key by the course authors, not yet agreed by a panel."

    @property
    def instruction(self) -> str:
        return self.question_kind.instruction(self.select)


class Option(KeyedContent):
    """One answer that a question offers. Its text and feedback are plain text."""

    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="options")
    position = models.PositiveSmallIntegerField(validators=[MinValueValidator(1)])
    text = models.CharField(max_length=300)
    is_key = models.BooleanField("is right", default=False)
    rank = models.PositiveSmallIntegerField("place in the key order", null=True, blank=True)
    also_rank = models.PositiveSmallIntegerField("place in a second accepted order", null=True, blank=True)
    feedback = models.TextField(max_length=600)

    class Meta(KeyedContent.Meta):
        ordering = ("question", "position")
        constraints = (
            *KeyedContent.Meta.constraints,
            models.UniqueConstraint(fields=("question", "position"), name="quizzes_option_position_unique"),
        )

    def __str__(self) -> str:
        return self.text


class QuestionCitation(Citation):
    """A source that a question rests on."""

    owner = "question"
    natural_key_fields = ("question__key", "source__key")

    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="citations")

    class Meta(Citation.Meta):
        constraints = (
            models.UniqueConstraint(
                fields=("question", "source"), name="quizzes_questioncitation_source_once_a_question"
            ),
        )


def new_seed() -> str:
    """What the order of options in an attempt is made from."""
    return secrets.token_hex(8)


class AttemptQuerySet(models.QuerySet["Attempt"]):
    """Attempts."""

    def for_learner(self, user: User) -> Self:
        """This learner's own."""
        return self.filter(enrolment__learner=user)

    def open(self) -> Self:
        """Those that have not been submitted."""
        return self.filter(submitted_at__isnull=True)

    def submitted(self) -> Self:
        """Those that have."""
        return self.filter(submitted_at__isnull=False)


class Attempt(models.Model):
    """One numbered try at a quiz. Every attempt is kept; one at a time is open."""

    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="attempts")
    quiz = models.ForeignKey(Quiz, on_delete=models.PROTECT, related_name="attempts")
    number = models.PositiveIntegerField(validators=[MinValueValidator(1)])
    seed = models.CharField(max_length=16, default=new_seed, editable=False)
    started_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True, blank=True)
    score = models.PositiveIntegerField(null=True, blank=True)
    max_score = models.PositiveIntegerField(null=True, blank=True)
    practised_at = models.DateTimeField(
        null=True,
        blank=True,
        help_text="When what was missed in it was first tried again; nothing more is kept of that.",
    )

    objects = AttemptQuerySet.as_manager()

    class Meta:
        ordering = ("enrolment", "quiz", "number")
        constraints = (
            models.UniqueConstraint(fields=("enrolment", "quiz", "number"), name="quizzes_attempt_number_unique"),
            models.UniqueConstraint(
                fields=("enrolment", "quiz"), condition=Q(submitted_at__isnull=True), name="quizzes_attempt_one_open"
            ),
            models.CheckConstraint(condition=Q(number__gte=1), name="quizzes_attempt_number_from_1"),
            models.CheckConstraint(
                condition=Q(submitted_at__isnull=True, score__isnull=True, max_score__isnull=True)
                | Q(
                    submitted_at__isnull=False,
                    score__isnull=False,
                    max_score__isnull=False,
                    score__lte=F("max_score"),
                ),
                name="quizzes_attempt_scored_when_submitted",
            ),
            models.CheckConstraint(
                condition=Q(practised_at__isnull=True) | Q(submitted_at__isnull=False),
                name="quizzes_attempt_practised_after_it",
            ),
        )

    def __str__(self) -> str:
        return f"{self.enrolment}, attempt {self.number}"

    @property
    def scaled(self) -> Decimal:
        """The score as a part of what could be had, 0 to 1; only of a submitted attempt."""
        part = scaled(self.score or 0, self.max_score or 0)
        return Decimal(part.numerator) / Decimal(part.denominator)

    @property
    def percent(self) -> int:
        """The scaled score in whole per cent, rounded down: 69.9% is not a pass at 70."""
        return int(self.scaled * 100)

    @property
    def is_passed(self) -> bool:
        return self.submitted_at is not None and self.scaled >= self.quiz.pass_mark

    def shuffle(self, options: list[Option]) -> list[Option]:
        """The options in the order of this attempt: the same at every look, and saying nothing about the key."""
        return sorted(options, key=lambda option: hashlib.sha256(f"{self.seed}:{option.key}".encode()).digest())


class Response(models.Model):
    """What was given to one question in an attempt; the row is there from the start, with its position."""

    attempt = models.ForeignKey(Attempt, on_delete=models.CASCADE, related_name="responses")
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="responses")
    position = models.PositiveSmallIntegerField(validators=[MinValueValidator(1)])
    answered_at = models.DateTimeField(null=True, blank=True)
    score = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        ordering = ("attempt", "position")
        constraints = (
            models.UniqueConstraint(fields=("attempt", "question"), name="quizzes_response_question_once_an_attempt"),
            models.UniqueConstraint(fields=("attempt", "position"), name="quizzes_response_position_unique"),
        )

    def __str__(self) -> str:
        return f"{self.attempt}, question {self.position}"


class SelectedOption(models.Model):
    """An option that was chosen in a response, with its rank where options are ranked."""

    response = models.ForeignKey(Response, on_delete=models.CASCADE, related_name="selected")
    option = models.ForeignKey(Option, on_delete=models.PROTECT, related_name="+")
    rank = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("response", "option"), name="quizzes_selectedoption_once_a_response"),
            models.UniqueConstraint(fields=("response", "rank"), name="quizzes_selectedoption_rank_once_a_response"),
        )

    def __str__(self) -> str:
        return str(self.option)
