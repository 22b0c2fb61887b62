"""What pages say and what acts write, approved by whoever reviews the files in `tests/said/`.

Every address of the access table, and every state of `said_world.py`, is asked for once. A page is reduced to what is
perceived of it (`perceived.py`), an act to where it leads, the messages and e-mails it causes and the rows it writes
(`written_rows.py`). What differs from the files fails with a diff; SAID=anew writes them again.
"""

import difflib
import os
from pathlib import Path

import pytest

from tests.hearing import hear_all

pytestmark = [pytest.mark.django_db, pytest.mark.pages, pytest.mark.no_cover]

FOLDER = Path(__file__).parent / "said"
ANEW = "SAID=anew make test PYTEST_ARGS=tests/test_said.py"


def kept() -> dict[str, str]:
    return {path.stem: path.read_text() for path in FOLDER.glob("*.txt")}


def write(said: dict[str, str]) -> None:
    for name in kept().keys() - said.keys():
        (FOLDER / f"{name}.txt").unlink()
    for name, text in said.items():
        (FOLDER / f"{name}.txt").write_text(text)


def differences(before: dict[str, str], now: dict[str, str]) -> list[str]:
    """By file, what was said before and what is said now."""
    return [
        line
        for name in sorted(before.keys() | now.keys())
        for line in difflib.unified_diff(
            before.get(name, "").splitlines(),
            now.get(name, "").splitlines(),
            f"tests/said/{name}.txt, as approved",
            f"{name}, as it is now",
            lineterm="",
        )
    ]


def test_pages_say_and_acts_write_what_was_approved(monkeypatch: pytest.MonkeyPatch) -> None:
    said = hear_all(monkeypatch)
    if os.environ.get("SAID") == "anew":
        write(said)
    if found := differences(kept(), said):
        pytest.fail("\n".join([*found, "", f"If that is as it should be: {ANEW}"]), pytrace=False)


def test_a_difference_would_be_seen() -> None:
    assert differences({"a": "One\nTwo\n", "old": "Gone\n"}, {"a": "Two\nOne\n", "new": "There\n"}) != []
    assert differences({"a": "One\n"}, {"a": "One\n"}) == []
