"""What authors pick from: facts by their source, sources by search, each called so that it can be told from others."""

import pytest

from apps.modules.models import Source
from apps.modules.shelf import Pick, Shelf, drawings, find_sources, sources
from tests import make

pytestmark = [pytest.mark.django_db, pytest.mark.pages]


@pytest.fixture
def kar() -> Source:
    return make.source("kar", authors="Kar P", title="In praise of posts", publication="BMJ", year=2019)


@pytest.fixture
def oxtoby(kar: Source) -> Source:
    return make.source("oxtoby", authors="Oxtoby K", title="On trolleys", year=2013, superseded_by=kar)


@pytest.mark.parametrize(
    ("fields", "short"),
    [
        ({"publication": "BMJ"}, "Kar P, BMJ, 2019"),
        ({"publication": "BMJ 2019;347"}, "Kar P, BMJ 2019;347"),
        ({}, "Kar P, In praise, 2019"),
        ({"authors": ""}, "In praise, 2019"),
        ({"year": None}, "Kar P, In praise"),
    ],
)
def test_a_source_is_recognised_in_a_line(fields: dict[str, object], short: str) -> None:
    assert Source(**{"authors": "Kar P", "title": "In praise", "year": 2019} | fields).short == short


def test_a_source_is_called_by_its_title_too_and_said_to_be_replaced(kar: Source, oxtoby: Source) -> None:
    assert sources(["oxtoby", "nothing", "kar"]) == [
        Pick("oxtoby", "Oxtoby K, On trolleys, 2013 (replaced by a newer one)"),
        Pick("nothing", "There is no such source.", is_there=False),
        Pick("kar", "Kar P, BMJ, 2019: In praise of posts"),
    ]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("oxt", ["oxtoby"]),
        ("TROLLEYS 2013", ["oxtoby"]),
        ("bmj", ["kar"]),
        ("on", ["oxtoby"]),
        ("", ["kar", "oxtoby"]),
        ("trolleys bmj", []),
        ("\0kar", ["kar"]),
    ],
)
def test_sources_are_found_that_have_all_words_somewhere(
    kar: Source, oxtoby: Source, words: str, found: list[str]
) -> None:
    assert [pick.key for pick in find_sources(words, ()).sources] == found
    assert find_sources(words, found).sources == []


@pytest.mark.parametrize(("count", "more"), [(10, 0), (11, 1)])
def test_ten_are_shown(count: int, more: int) -> None:
    for number in range(count):
        make.source(f"key-{number}")
    found = find_sources("key", ())
    assert (len(found.sources), found.more) == (10, more)


def test_what_is_ticked_stands_in_its_order_and_the_rest_by_source(kar: Source, oxtoby: Source) -> None:
    for key, source in (("B2", kar), ("B1", kar), ("A1", oxtoby)):
        make.fact(key, statement=f"{key} is so.", source=source)
    found = Shelf().facts(["A1", "Z9"])
    assert found.ticked == [Pick("A1", "A1 is so."), Pick("Z9", "There is no such fact.", is_there=False)]
    assert found.others == [("Kar P, BMJ, 2019", [Pick("B1", "B1 is so."), Pick("B2", "B2 is so.")])]
    both = Shelf().sources(["oxtoby", "gone"])
    assert [pick.key for pick in both.ticked] == ["oxtoby", "gone"]
    assert [pick.is_there for pick in both.ticked] == [True, False]
    assert [pick.key for pick in both.others] == ["kar"]


def test_a_long_name_is_short_in_a_list() -> None:
    assert Pick("a", "x" * 90).short == "x" * 90
    assert Pick("a", "x" * 91).short == "x" * 89 + "…"


def test_a_drawing_is_called_in_words() -> None:
    trolley = next(drawing for drawing in drawings() if drawing.name == "illustrations/trolley.svg")
    assert (trolley.words, trolley.url) == ("trolley", "/static/illustrations/trolley.svg")
    assert not any("dark" in drawing.words for drawing in drawings())
