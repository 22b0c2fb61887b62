"""What is looked for in whatever a page says, be it stored or pasted: no row is stored, and no database is asked."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from apps.modules import checks, page_kinds
from apps.modules.checks import Judged, find_problems_in, find_problems_of
from apps.modules.document import EditionDocument, Head, PageDocument
from apps.modules.known import Known
from apps.modules.problems import Level
from apps.quizzes.document import Option, Question, QuizDocument
from apps.scenarios.document import CaseDocument, Choice, Gauge, Part, Scene

pytestmark = pytest.mark.once

HEAD = Head("talk", "The talk", minutes=3, sources=("gmc",))
EDITION = EditionDocument("When posts go wrong", "Two cases.", ("Describe",), pages=("talk",))
NUMBER = "943 476 5919"  # of nobody: what the NHS prints as an example
DETAILS = "what looks like an NHS number (ends in 919)."


@pytest.fixture
def known() -> Known:
    sources, facts = {"gmc": "", "old": "gmc"}, frozenset({"O5"})
    kinds = {name: page_kinds.get(name) for name in ("reading", "scenario", "quiz")}
    return Known(sources, facts, lambda name: name == "illustrations/lift.svg", kinds)


def page(body: str = "Some text.", **values: Any) -> PageDocument:
    return PageDocument(replace(HEAD, **values), body)


def found(document: PageDocument, known: Known, kind: str = "reading") -> list[tuple[str, str]]:
    """The level of each problem, and what it says of the page."""
    problems = find_problems_of(kind, document, known)
    assert {(problem.page, problem.block) for problem in problems} <= {("talk", "")}
    return [(problem.level.value, problem.text.removeprefix("Page “The talk” (talk): ")) for problem in problems]


@pytest.mark.parametrize(("words", "age", "is_told"), [(60, 14, False), (60, 15, True), (59, 15, False)])
def test_a_long_text_is_told_that_is_hard_to_read(
    words: int, age: int, is_told: bool, known: Known, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checks, "reading_age", lambda text: age)
    told = found(page("word " * words), known)
    assert told == ([("warning", f"its reading age is {age}; the limit is 14.")] if is_told else [])


def test_nothing_is_found_in_a_page_that_is_as_it_should_be(known: Known) -> None:
    assert (
        found(page("See [it](#source-gmc). ![A lift that waits](illustrations/lift.svg)", facts=("O5",)), known) == []
    )


@pytest.mark.parametrize(
    ("document", "level", "told"),
    [
        (page(""), "warning", "has no text."),
        (page(sources=()), "warning", "cites no source."),
        (page(minutes=0), "error", "takes 0 minutes and must take 1 at least."),
        (page(minutes=-1), "error", "its minutes is -1 and must be 0 at least."),
        (page(minutes=40_000), "error", "its minutes is 40,000 and may be 32,767 at most."),
        (page(summary="x" * 161), "error", "its summary has 161 characters and may have 160 at most."),
        (page(facts=("Z9",)), "warning", "names the fact Z9, which does not exist."),
        (page(facts=("z",)), "error", "its facts cannot be “z”. Facts look like this: O5 O24 T6.1."),
        (page(sources=("lost",)), "error", "cites the source lost, which does not exist."),
        (page(sources=("old",)), "warning", "cites old, which has been replaced, without what replaced it."),
        (page("[It](#source-lost)."), "error", "the text refers to the source lost, which does not exist."),
        (page("[It](#source-old)."), "error", "the text refers to the source old, which it does not cite."),
        (
            page("![A lift that waits](illustrations/no.svg)"),
            "error",
            "the picture illustrations/no.svg does not exist.",
        ),
        (
            page("![A lift](illustrations/lift.svg)"),
            "warning",
            "the picture illustrations/lift.svg has no alternative text.",
        ),
        (
            page(":::: reveal\nIt is late.\n::::"),
            "warning",
            "has a reveal without an answer, or an answer outside of a reveal.",
        ),
        (page("::: callout\nIt is late."), "warning", "its body has a callout that is never closed."),
        (
            page("::: calout\nIt is late.\n:::"),
            "warning",
            "its body has colons (:::) that open or close nothing and show on the page.",
        ),
        (page(f"She is {NUMBER}."), "warning", f"its body has {DETAILS}"),
        (page(summary=f"She is {NUMBER}."), "warning", f"its summary has {DETAILS}"),
    ],
)
def test_what_is_found_in_a_page(known: Known, document: PageDocument, level: str, told: str) -> None:
    assert (level, told) in found(document, known)
    assert len(found(document, known)) == 1 + (document.head.facts == ("z",))


def test_what_replaced_a_source_may_stand_beside_it(known: Known) -> None:
    assert found(page(sources=("old", "gmc")), known) == []


def test_a_page_without_a_title(known: Known) -> None:
    assert found(page(title=""), known) == [("error", "Page “talk”: its title is empty.")]


def test_only_the_levels_that_are_asked_for_are_looked_for(known: Known) -> None:
    document = page("", minutes=0)
    for level in Level:
        assert {problem.level for problem in find_problems_of("reading", document, known, (level,))} == {level}


def test_an_edition_leads_to_a_certificate_by_pages_of_known_kinds(known: Known) -> None:
    assert find_problems_in(EDITION, [("reading", page())], known) == []
    edition = replace(
        EDITION, outcomes=(), illustration="illustrations/no.svg", summary=f"She is {NUMBER}.", title="x" * 121
    )
    pages = [("film", page("[It](#source-lost).", is_required=False))]
    assert [str(problem) for problem in find_problems_in(edition, pages, known)] == [
        "The edition has no learning outcomes.",
        "The edition has no page that is needed for the certificate.",
        "Page “The talk” is of an unknown kind: film.",
        f"Edition “{'x' * 121}”: its title has 121 characters and may have 120 at most.",
        f"Edition “{'x' * 121}”: the picture illustrations/no.svg does not exist.",
        "Page “The talk” (talk): the text refers to the source lost, which does not exist.",
        f"Edition “{'x' * 121}”: its summary has {DETAILS}",
    ]
    assert find_problems_in(edition, [], known, (Level.WARNING,))[0].text.endswith(DETAILS)


def words() -> Iterator[str]:
    """A new word at each call, that looks like somebody's number."""
    yield from (f"DOB 03/05/{year}" for year in range(1900, 2000))


def test_every_text_of_every_kind_is_looked_at(known: Known) -> None:
    word = words()
    case = CaseDocument(
        HEAD,
        *(next(word), next(word)),
        reflection=next(word),
        plan_lines=(next(word),),
        gauges=(Gauge("g", next(word), 50),),
        scenes=(
            Scene(
                *("s", next(word), next(word), next(word), next(word)),
                thought=next(word),
                question=next(word),
                teaching_point=next(word),
                parts=(Part("p", "post", next(word), next(word), next(word), "", next(word), next(word)),),
                choices=(Choice("c", next(word), "best", consequence=next(word)),),
            ),
        ),
    )
    question = Question("q", "single", next(word), next(word), rationale=next(word))
    options = (Option("o", next(word), feedback=next(word)),)
    quiz = QuizDocument(HEAD, introduction=next(word), questions=(replace(question, options=options),))
    edition = EditionDocument(next(word), next(word), (next(word),), (next(word),))
    reading = PageDocument(replace(HEAD, title=next(word), summary=next(word)), next(word))
    told = find_problems_in(
        edition, [("scenario", case), ("quiz", quiz), ("reading", reading)], known, (Level.WARNING,)
    )
    seen = [problem.text for problem in told if "looks like a date of birth" in problem.text]
    assert len(seen) == len(set(seen)) == int(next(word)[-4:]) - 1900


def test_a_very_long_text_is_refused_and_not_rendered(known: Known) -> None:
    told = found(page("word " * 20_000), known)
    assert told[0] == ("error", "its body has 100,000 characters and may have 64,000 at most.")


def test_what_a_row_says_is_told_by_the_fields_of_its_model(known: Known) -> None:
    (said,) = Judged("reading", page("Body", summary="Sum", facts=("O5",)), known).said
    assert [(text.field, text.text, text.is_markdown, text.sources) for text in said.texts] == [
        ("title", "The talk", False, ()),
        ("summary", "Sum", False, ()),
        ("body", "Body", True, ("gmc",)),
    ]
    assert said.facts == ["O5"]
    part = Part("p", "post", "Look", "SHO", "04:05", "illustrations/lift.svg", "A lift", "310 people")
    case = CaseDocument(HEAD, scenes=(Scene("s", "Start", parts=(part,)),))
    (said,) = (said for said in Judged("scenario", case, known).said if said.block == "p")
    assert {text.text for text in said.texts} == {"Look", "SHO", "04:05", "A lift", "310 people"}
    assert said.pictures == ["illustrations/lift.svg"]
