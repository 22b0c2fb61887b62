"""What an editor would find in the course as a whole before readers do."""

import re
from collections.abc import Collection

from apps.modules import page_kinds
from apps.modules.models import Fact
from apps.modules.problems import Problem, warning
from apps.modules.queries import facts_taught


def check_course(edition_ids: Collection[int]) -> list[Problem]:
    """What shows only when these editions are seen together."""
    of_kinds = [problem for kind in page_kinds.all_kinds() for problem in kind.problems_of_course(edition_ids)]
    return of_kinds + check_facts(edition_ids)


def check_facts(edition_ids: Collection[int]) -> list[Problem]:
    """Facts that nothing in these editions teaches; one that does not exist is a problem where it is named."""
    taught = facts_taught(edition_ids)
    known = set(Fact.objects.values_list("key", flat=True))
    return [warning(f"Fact {key}: nothing teaches it.") for key in sorted(known - taught, key=_in_order)]


def _in_order(key: str) -> tuple[str, list[int]]:
    return key[0], [int(number) for number in re.findall(r"\d+", key)]
