"""One of something is not “1 somethings”, and two quizzes are not “2 quizs”."""

import re
from types import SimpleNamespace
from unittest.mock import Mock

import pytest
from django.conf import settings

from apps.core.words import counted
from apps.modules import page_kinds
from apps.modules.models import Edition
from apps.modules.queries import Contents
from apps.progress.queries import PageState, Progress
from tests.templates import templates_of_ours

pytestmark = pytest.mark.once

# A number, then a noun in the plural, with nothing that asks which number it is.
FIXED_PLURAL = re.compile(
    r"\}\} (minutes|hours|pages|questions|marks|modules|decisions|answers|attempts|cases|points)\b"
)
# A plural that somebody made by hand: `{label}s`, or an s that depends on a comparison with 1.
MADE_BY_HAND = re.compile(r"\}s\b|'s'\}|\"s\"\}|'' if .{1,30} == 1 else|\+ \"s\"")


def test_words_are_given_and_not_made() -> None:
    assert [counted(number, "quiz", "quizzes") for number in (0, 1, 2)] == ["0 quizzes", "1 quiz", "2 quizzes"]


@pytest.mark.parametrize("kind", page_kinds.all_kinds(), ids=lambda kind: kind.name)
def test_every_kind_of_page_has_a_plural_that_is_english(kind: page_kinds.PageKind) -> None:
    one, many = kind.label, kind.plural
    ending = "zes" if one.endswith("z") else "es" if re.search(r"(s|x|ch|sh)$", one) else "s"
    expected = f"{one[:-1]}ies" if re.search(r"[^aeiou]y$", one) else f"{one}{ending}"
    assert many == expected
    assert one[0].lower() not in "aeiou", "“a” is written before it"


@pytest.mark.parametrize("kind", page_kinds.all_kinds(), ids=lambda kind: kind.name)
def test_what_is_left_is_said_in_words(kind: page_kinds.PageKind) -> None:
    page = SimpleNamespace(kind=kind.name, is_required=True, minutes=1)
    state = PageState(page, None, None)  # type: ignore[arg-type]
    contents = Contents(Mock(spec=Edition), (page,) * 3)  # type: ignore[arg-type]
    one, two = (Progress(contents, None, (state,) * number) for number in (1, 2))
    assert one.left_in_words == f"a {kind.label.lower()}"
    assert two.left_in_words == f"2 {kind.plural.lower()}"
    assert one.done_in_words == "0 of 1 page done, about 1 minute left."
    assert two.done_in_words == "0 of 2 pages done, about 2 minutes left."


def test_no_template_has_a_plural_that_does_not_look_at_its_number() -> None:
    wrong = [
        f"{path.name}: {found.group()}"
        for path in templates_of_ours().values()
        for found in FIXED_PLURAL.finditer(path.read_text())
    ]
    assert wrong == []


def test_no_code_makes_a_plural_by_hand() -> None:
    wrong = [
        f"{path.relative_to(settings.BASE_DIR)}:{number}"
        for path in (settings.BASE_DIR / "apps").rglob("*.py")
        if "migrations" not in path.parts
        for number, line in enumerate(path.read_text().splitlines(), start=1)
        if MADE_BY_HAND.search(line)
    ]
    assert wrong == []


@pytest.mark.parametrize("line", ['f"{label}s"', "f\"{n} case{'' if n == 1 else 's'}\"", 'word + "s"'])
def test_a_plural_made_by_hand_would_be_seen(line: str) -> None:
    assert MADE_BY_HAND.search(line)
