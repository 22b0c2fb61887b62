"""Rows of a case that point into another one: no document can say that, so the rows are looked at."""

from collections.abc import Iterator

from django.db.models import F, Q
from django.db.models.functions import Coalesce

from apps.modules.models import Edition
from apps.modules.problems import Problem, error
from apps.scenarios.models import Choice, Effect, Requirement

LINKS = (
    (Choice, F("scene__scenario"), ("target", "otherwise")),
    (Effect, F("choice__scene__scenario"), ("gauge",)),
    (
        Requirement,
        Coalesce("scene__scenario", "choice__scene__scenario"),
        ("gauge", "visited", "not_visited"),
    ),
)


def find_strangers(edition: Edition) -> Iterator[Problem]:
    """Choices, effects and requirements that point at a scene or a gauge of another case; three queries."""
    for model, own, links in LINKS:
        strange = Q()
        for link in links:
            strange |= Q(**{f"{link}__isnull": False}) & ~Q(**{f"{link}__scenario": F("own")})
        rows = model._base_manager.filter(edition=edition).annotate(own=own)
        for row in rows.filter(strange).select_related(*links):
            for link in links:
                if (linked := getattr(row, link)) is not None and linked.scenario_id != row.own:
                    called = f"{str(model._meta.verbose_name).capitalize()} “{row}”"
                    yield error(f"{called} points into another case ({link.replace('_', ' ')}).")
