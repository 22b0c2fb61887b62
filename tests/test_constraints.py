"""Every constraint of every model holds in the database, past all of Python's guards."""

from __future__ import annotations

import copy
import datetime
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, models, transaction

from apps.accounts.models import FactorRemoval
from apps.modules import actions as modules_actions
from apps.modules.models import Seeding
from apps.quizzes.models import Option, Question
from tests import make

pytestmark = pytest.mark.django_db

Rows = models.QuerySet[Any]
BEFORE = make.NOW - datetime.timedelta(days=9)


def all_constraints() -> dict[str, tuple[type[models.Model], models.BaseConstraint | models.Field[Any, Any]]]:
    """Each constraint and each unique field of our models, by name."""
    found: dict[str, Any] = {}
    for model in apps.get_models():
        if model.__module__.startswith("apps."):
            found |= {constraint.name: (model, constraint) for constraint in model._meta.constraints}
            unique = (one for one in model._meta.concrete_fields if one.unique and not one.primary_key)
            found |= {f"{model._meta.label}.{one.name}": (model, one) for one in unique}
    return found


@dataclass(frozen=True)
class Case:
    """How to break a constraint: change a stored row, or store a copy of it."""

    changes: dict[str, Any] = field(default_factory=dict)
    is_copy: bool = True
    rows: Callable[[Rows], Rows] = lambda rows: rows


def copied(**changes: Any) -> list[Case]:
    """A second row like the first, but for these fields."""
    return [Case(changes)]


def changed(**changes: Any) -> Case:
    """The row with these fields changed."""
    return Case(changes, is_copy=False)


def published(rows: Rows) -> Rows:
    return rows.filter(number__isnull=False)


def drafts(rows: Rows) -> Rows:
    return rows.filter(number__isnull=True)


def ended(rows: Rows) -> Rows:
    return rows.filter(ended_at__isnull=False)


def waiting(rows: Rows) -> Rows:
    return rows.filter(removed_at=None)


def submitted(rows: Rows) -> Rows:
    return rows.filter(submitted_at__isnull=False)


def by_gauge(rows: Rows) -> Rows:
    return rows.filter(at_least__isnull=False)


def by_scene(rows: Rows) -> Rows:
    """Requirements that need an earlier scene."""
    return rows.filter(visited__isnull=False)


def ranked(rows: Rows) -> Rows:
    return rows.filter(rank__isnull=False)


def opened(rows: Rows) -> Rows:
    """Playthroughs and attempts that are not finished."""
    return rows.filter(**{"ended_at" if rows.model.__name__ == "Playthrough" else "submitted_at": None})


# What a closed account has left.
CLOSED: dict[str, Any] = {
    **{"closed_at": make.NOW, "full_name": "", "certificate_name": "", "training_grade": "", "specialty": ""},
    **{"is_active": False, "is_staff": False, "is_superuser": False},
}

CASES: dict[str, list[Case]] = {
    "accounts_user_email_unique_any_case": copied(email=models.Value("LEARNER@example.org")),  # past the field
    "accounts.User.email": copied(),
    "accounts_user_closed_is_empty": [
        changed(**CLOSED | changes)
        for changes in (
            {"full_name": "Sam"},
            {"certificate_name": "Sam"},
            {"training_grade": "f1"},
            {"specialty": "Surgery"},
            {"is_active": True},
            {"is_staff": True},
            {"is_superuser": True},
        )
    ],
    "accounts_factorremoval_by_two": [
        Case({"removed_at": make.NOW}, False, waiting),  # confirmed by nobody
        Case({"asked_by": None}, False, waiting),
        Case({"confirmed_by": lambda row: row.person}, False, waiting),  # and not removed
        Case({"removed_at": make.NOW, "confirmed_by": lambda row: row.asked_by}, False, waiting),
    ],
    "accounts_rightschange_about_one": [changed(person=None), changed(group="Author")],
    "modules_source_not_superseded_by_itself": [changed(superseded_by=lambda row: row)],
    "modules.Source.key": copied(),
    "modules.Fact.key": copied(),
    "modules.Seeding.name": copied(),
    "authoring_revision_number_unique": copied(),
    "authoring_revision_number_from_1": [changed(number=0)],
    "authoring_report_says_something": [changed(text="")],
    "authoring_report_spot_on_a_page": [changed(page=None)],
    "authoring_report_closed_by_somebody_or_open": [
        changed(answer="Mended."),
        changed(closed_at=make.NOW),
        changed(closed_by=lambda row: row.by),
        changed(closed_at=BEFORE, closed_by=lambda row: row.by),
    ],
    "modules.Module.slug": copied(),
    "modules_withdrawal_one_open_an_edition": copied(),
    "modules_withdrawal_ended_by_somebody": [
        changed(ended_at=make.NOW),
        changed(ended_by=lambda row: row.withdrawn_by),
    ],
    "modules_withdrawal_says_why": [changed(reason="")],
    "modules_archiving_one_open_a_module": copied(),
    "modules_archiving_ended_by_somebody": [
        changed(ended_at=make.NOW),
        changed(ended_by=lambda row: row.archived_by),
    ],
    "modules_edition_number_unique_in_module": copied(),
    "modules_edition_one_draft_per_module": [Case(rows=drafts)],
    "modules_edition_numbered_when_published": [
        Case({"number": 0}, False, published),
        Case({"published_at": None}, False, published),
        Case({"published_at": make.NOW}, False, drafts),
        Case({"number": 7}, False, drafts),
    ],
    "modules_page_key_unique_in_edition": copied(position=99),
    "modules_page_position_unique_in_edition": copied(key="other"),
    "modules_page_takes_a_minute": [changed(minutes=0)],
    "modules_pagecitation_source_once_a_page": copied(position=99),
    "progress_enrolment_once_an_edition": copied(),
    "progress_enrolment_completed_after_start": [changed(completed_at=BEFORE)],
    "progress_pagecompletion_once_a_page": copied(),
    "progress_pagecompletion_scaled_score_0_to_1": [changed(scaled_score="1.0001"), changed(scaled_score="-0.0001")],
    "scenarios_scenario_key_unique_in_edition": copied(page=lambda row: row.edition.page_set.get(kind="quiz")),
    "scenarios.Scenario.page": copied(key="other"),
    "scenarios_scenariocitation_source_once_a_scenario": copied(position=99),
    "scenarios_gauge_key_unique_in_edition": copied(position=2),
    "scenarios_gauge_position_unique": copied(key="other"),
    "scenarios_gauge_position_from_1": [changed(position=0)],
    "scenarios_gauge_start_0_to_100": [changed(start=101)],
    "scenarios_effect_gauge_once_a_choice": copied(change=-1),
    "scenarios_effect_moves": [changed(change=0), changed(change=101), changed(change=-101)],
    "scenarios_requirement_key_unique_in_edition": copied(),
    "scenarios_requirement_of_a_choice_or_a_scene": [
        changed(choice=None),
        changed(scene=lambda row: row.choice.target),
    ],
    "scenarios_requirement_below_1_to_100": [
        Case({"at_least": None, "below": 0}, False, by_gauge),
        Case({"at_least": None, "below": 101}, False, by_gauge),
    ],
    "scenarios_choice_otherwise_leads_elsewhere": [changed(otherwise=lambda row: row.target)],
    "scenarios_requirement_needs_one_thing": [
        changed(gauge=None, at_least=None),
        changed(gauge=None),
        changed(at_least=None),
        changed(visited=lambda row: row.choice.scene),
        changed(below=50),
        changed(not_visited=lambda row: row.choice.scene),
        Case({"not_visited": lambda row: row.scene}, False, by_scene),
        Case({"visited": None}, False, by_scene),
        Case({"at_least": 50}, False, by_scene),
    ],
    "scenarios_scene_key_unique_in_edition": copied(position=99),
    "scenarios_scene_position_unique": copied(key="other"),
    "scenarios_scenepart_key_unique_in_edition": copied(position=99),
    "scenarios_scenepart_position_unique": copied(key="other"),
    "scenarios_scenepart_image_has_alternative_text": [changed(image="illustrations/trolley.svg", image_alt="")],
    "scenarios_choice_key_unique_in_edition": copied(position=99),
    "scenarios_choice_position_unique": copied(key="other"),
    "scenarios_scenecitation_source_once_a_scene": copied(position=99),
    "scenarios_playthrough_number_unique": [Case(rows=ended)],
    "scenarios_playthrough_one_open": [Case({"number": 9}, rows=opened)],
    "scenarios_playthrough_not_ended_and_left": [changed(ended_at=make.NOW, left_at=make.NOW)],
    "scenarios_playthrough_number_from_1": [changed(number=0)],
    "scenarios_decision_number_unique": copied(),
    "scenarios_decision_number_from_1": [changed(number=0)],
    "quizzes_quiz_key_unique_in_edition": copied(page=lambda row: row.edition.page_set.get(kind="scenario")),
    "quizzes.Quiz.page": copied(key="other"),
    "quizzes_quiz_pass_mark_0_to_1": [changed(pass_mark="1.01"), changed(pass_mark="-0.01")],
    "quizzes_question_key_unique_in_edition": copied(position=99),
    "quizzes_question_position_unique": copied(key="other"),
    "quizzes_question_selects_at_least_1": [changed(select=0)],
    "quizzes_question_panel_has_size_and_date": [
        changed(panel_size=12),
        changed(panel_agreed_on=make.NOW.date()),
        changed(panel_size=0, panel_agreed_on=make.NOW.date()),
    ],
    "quizzes_option_key_unique_in_edition": copied(position=99),
    "quizzes_option_position_unique": copied(key="other"),
    "quizzes_questioncitation_source_once_a_question": copied(position=99),
    "quizzes_attempt_number_unique": copied(),
    "quizzes_attempt_one_open": [Case({"number": 9}, rows=opened)],
    "quizzes_attempt_number_from_1": [changed(number=0)],
    "quizzes_attempt_scored_when_submitted": [
        Case({"score": 5, "max_score": 4}, False, submitted),
        Case({"score": None}, False, submitted),
        Case({"max_score": None}, False, submitted),
        Case({"score": 3}, False, opened),
        Case({"max_score": 4}, False, opened),
    ],
    "quizzes_attempt_practised_after_it": [Case({"practised_at": make.NOW}, False, opened)],
    "quizzes_response_question_once_an_attempt": copied(position=99),
    "quizzes_response_position_unique": copied(question=lambda row: Question.objects.exclude(quiz=row.attempt.quiz)[0]),
    "quizzes_selectedoption_once_a_response": copied(),
    "quizzes_selectedoption_rank_once_a_response": [
        Case({"option": lambda row: Option.objects.exclude(question=row.option.question)[0]}, rows=ranked)
    ],
    "certificates_certificate_revoked_after_issue": [changed(revoked_at=BEFORE)],
    "certificates_certificate_whole_unless_withdrawn": [
        changed(name=""),
        changed(enrolment=None),
        changed(enrolment=None, name=""),
        changed(withdrawn_at=make.NOW),
        changed(withdrawn_at=make.NOW, name=""),
        changed(withdrawn_at=make.NOW, enrolment=None),
    ],
    "certificates.Certificate.enrolment": copied(code="0" * 26),
    "certificates.Certificate.code": copied(enrolment=lambda row: make.enrolment(None, row.enrolment.edition)),
}


def make_rows_of_every_model() -> None:
    """A published edition and a draft, and a learner who has done everything once and begun everything again."""
    make.fact()
    Seeding.objects.create(name="posts-1", digest="0" * 64, seeded_at=make.NOW)
    edition = make.edition("posts", is_full=True)
    enrolment = make.enrolment(make.user("learner@example.org"), edition)
    make.decision(make.enrolment(None, edition))
    make.playthrough(enrolment)
    make.attempt(enrolment)
    make.completed(enrolment.learner, edition)
    make.certificate(enrolment)
    make.attempt(enrolment, is_submitted=False)
    make.rights_change(enrolment.learner)
    FactorRemoval.objects.create(person=enrolment.learner, asked_by=make.superuser(), asked_at=make.NOW)
    make.revision(modules_actions.start_draft(edition))
    closed = make.edition("closed")
    make.withdrawal(closed)
    make.archiving(closed.module)
    make.report(edition, "case", spot="case-scene-1", by=enrolment.learner)


def test_every_constraint_has_a_case() -> None:
    assert all_constraints().keys() - CASES.keys() == set(), "These constraints have no case that breaks them."
    assert CASES.keys() - all_constraints().keys() == set(), "These cases have no constraint."


def test_the_database_refuses_whatever_breaks_one() -> None:
    make_rows_of_every_model()
    holes = []
    for name, cases in CASES.items():
        model, constraint = all_constraints()[name]
        for case in cases:
            row = _broken(model, case)
            try:
                with transaction.atomic():
                    models.Model.save_base(row, raw=True, force_insert=case.is_copy, force_update=not case.is_copy)
                    transaction.set_rollback(True)
            except IntegrityError as error:
                if not _names(constraint, model, str(error)):
                    holes.append(f"{name}: something else refused {case.changes}: {error}")
            else:
                holes.append(f"{name}: {case.changes} was stored")
    assert not holes, "\n".join(holes)


def _broken(model: type[models.Model], case: Case) -> models.Model:
    rows = models.QuerySet(model)  # none of our own querysets
    original = case.rows(rows.order_by("pk")).first()
    assert original is not None, f"The test's world has no {model.__name__}."
    row = copy.copy(original)
    if case.is_copy:
        row.pk = None
    for name, value in case.changes.items():
        setattr(row, name, value(original) if callable(value) else value)
    return row


def _names(constraint: Any, model: type[models.Model], error: str) -> bool:
    """Whether the database's error is about this constraint and no other."""
    if isinstance(constraint, models.Field):
        return (
            f"{model._meta.db_table}.{constraint.column}" in error
            or f"({constraint.column})" in error
            or (model._meta.label == "accounts.User" and "accounts_user_email_unique_any_case" in error)
        )
    if connection.vendor == "sqlite" and isinstance(constraint, models.UniqueConstraint) and constraint.fields:
        columns = [model._meta.get_field(name).column for name in constraint.fields]
        return error.endswith(f"failed: {', '.join(f'{model._meta.db_table}.{column}' for column in columns)}")
    return constraint.name in error
