"""What writes is done as a whole or not at all: every act runs in a transaction of its own."""

import inspect
from importlib import import_module
from types import FunctionType

import pytest
from django.db.transaction import Atomic

pytestmark = pytest.mark.once

ACTS = [
    *(f"apps.{app}.actions" for app in ("authoring", "certificates", "modules", "progress", "quizzes", "scenarios")),
    *("apps.authoring.arranging", "apps.authoring.publishing", "apps.authoring.reporting", "apps.modules.writing"),
]
READING = {
    *("authoring.actions.as_it_is", "authoring.actions.digest_of", "authoring.actions.settled"),
    *("authoring.publishing.digest_of", "authoring.publishing.digest_of_note", "authoring.publishing.mark_of"),
    *("authoring.publishing.obstacles_to", "authoring.publishing.warnings_of", "modules.actions.find_obstacles"),
    "modules.writing.unguarded",
}
PART_OF_ANOTHER_ACT = {  # of the closing of an account, of a document's writing
    *("certificates.actions.withdraw", "progress.actions.erase", "quizzes.actions.erase"),
    *("authoring.reporting.take_name_off_reports", "modules.writing.write_rows"),
}
ALL_IN_ONE_ACT = {  # that is atomic
    *("authoring.arranging.arrange", "authoring.arranging.copy_block", "authoring.arranging.copy_page"),
}


def functions_of(name: str) -> dict[str, FunctionType]:
    """The public functions that stand in this module."""
    module = import_module(name)
    return {
        f"{name.removeprefix('apps.')}.{verb}": found
        for verb, found in vars(module).items()
        if inspect.isfunction(found) and found.__module__ == name and not verb.startswith("_")
    }


def is_atomic(function: FunctionType) -> bool:
    return any(isinstance(cell.cell_contents, Atomic) for cell in function.__closure__ or ())


def test_every_act_is_atomic() -> None:
    found = {name: is_atomic(act) for module in ACTS for name, act in functions_of(module).items()}
    assert {name for name, atomic in found.items() if not atomic} == READING | PART_OF_ANOTHER_ACT | ALL_IN_ONE_ACT
    assert len(found) > 50


WRITES = {"save", "delete", "update", "bulk_update", "bulk_create", "update_or_create"}
GUARDED = ("apps.modules.content", "apps.modules.editions")


def test_what_asks_before_it_writes_does_both_in_one_act() -> None:
    """Else an edition could be published between the question and the write."""
    classes = [found for name in GUARDED for found in vars(import_module(name)).values() if inspect.isclass(found)]
    writes = {
        f"{owner.__name__}.{verb}": is_atomic(write)
        for owner in classes
        if owner.__module__ in GUARDED
        for verb, write in vars(owner).items()
        if verb in WRITES
    }
    assert [name for name, atomic in writes.items() if not atomic] == []
    assert len(writes) > 10
