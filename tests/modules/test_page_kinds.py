"""A kind of page that could not be shown or named is refused when the program starts."""

from collections.abc import Iterator
from typing import ClassVar

import pytest
from django.core import checks
from django.core.management import call_command
from django.core.management.base import SystemCheckError

from apps.modules import page_kinds
from apps.modules.page_kinds import PageKind


class Film(PageKind):
    name = "film"
    label = "Film"
    plural = "Films"
    view_name = "progress:reading"


class Nameless(Film):
    label = ""


class WithoutPlural(PageKind):
    name = "film"
    label = "Film"
    view_name = "progress:reading"


class Lost(Film):
    view_name = "films:film"


class TakesOtherThings(Film):
    view_name = "progress:module"


class InNoNamespace(Film):
    view_name = "home"


class Unseen(PageKind):
    name = "film"
    label = "Film"
    plural: ClassVar[str] = "Films"


@pytest.fixture
def registered(request: pytest.FixtureRequest) -> Iterator[None]:
    kind = request.param()
    page_kinds.register(kind)
    yield
    page_kinds.unregister(kind)


def found() -> list[str | None]:
    return [problem.id for problem in checks.run_checks() if str(problem.id).startswith("modules.")]


@pytest.mark.parametrize("registered", [Film], indirect=True)
@pytest.mark.usefixtures("registered")
def test_a_kind_as_it_should_be_is_taken() -> None:
    assert found() == []


@pytest.mark.parametrize("registered", [Nameless, WithoutPlural], indirect=True)
@pytest.mark.usefixtures("registered")
def test_a_kind_without_words_for_people_is_refused() -> None:
    assert found() == ["modules.E001"]


@pytest.mark.parametrize("registered", [Lost, TakesOtherThings, InNoNamespace, Unseen], indirect=True)
@pytest.mark.usefixtures("registered")
def test_a_kind_whose_pages_have_no_address_is_refused() -> None:
    assert found() == ["modules.E002"]
    with pytest.raises(SystemCheckError, match="'film' has no view"):
        call_command("check")
