"""Pages and modules as text: what is said there comes back, and whatever is wrong is told by its line."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.modules import page_kinds
from apps.modules.comparison import changed
from apps.modules.document import EditionDocument, Head, PageDocument
from apps.modules.outline import (
    MODULE_LIMIT,
    PAGE_LIMIT,
    PAGES,
    Outline,
    Parsed,
    ParsedModule,
    decode,
    module_to_text,
    narrowed,
    read,
    read_module,
    read_page,
    to_text,
)
from apps.modules.outline_lines import MOST_FAULTS, Fault, Told
from apps.quizzes.document import Question
from apps.quizzes.outline import QuizOutline
from apps.scenarios.outline import CaseOutline
from tests.documents import CASE, KINDS, QUIZ, READING, Writing, mutilated

pytestmark = pytest.mark.once
numbers = st.integers(0, 10**9)

PAGE_TEXT = """\
reading: Before you post {before-you-post}
minutes: 4
summary: Three questions
required: no
facts: O5 T6.1
sources: gmc-2024, mdu-2024

Ask three things.

  # Who is this {about}?
\\=== not a page

:::: reveal What would you do?
It is late.

::: answer
**Sleep.** It keeps.
:::
::::
"""
PAGE = PageDocument(
    Head("before-you-post", "Before you post", "Three questions", 4, False, ("O5", "T6.1"), ("gmc-2024", "mdu-2024")),
    "Ask three things.\n\n  # Who is this {about}?\n=== not a page\n\n"
    ":::: reveal What would you do?\nIt is late.\n\n::: answer\n**Sleep.** It keeps.\n:::\n::::",
)
MODULE_TEXT = """\
module: when-posts-go-wrong
title: When posts go wrong
summary:
  Two lines

  of it
outcomes:
  Know this
  Do that

=== reading: One {one}
minutes: 2

=== quiz: Two {two}
"""
EDITION = EditionDocument("When posts go wrong", "Two lines\n\nof it", ("Know this", "Do that"), pages=("one", "two"))


def faults(text: str) -> list[str]:
    return [str(fault) for fault in read(text, KINDS).faults]


def module_of(number: int) -> tuple[EditionDocument, list]:
    writing = Writing(number)
    pages = [(CASE, writing.case()), (QUIZ, writing.quiz()), (READING, writing.reading())]
    pages = pages[: writing.random.randint(0, 3)]
    return writing.edition(tuple(page.head.key for _, page in pages)), pages


@settings(max_examples=400, deadline=None)
@given(numbers)
def test_what_is_written_of_a_reading_page_is_read(number: int) -> None:
    document = Writing(number).reading()
    assert read_page(to_text(READING, document), KINDS) == Parsed(READING, document)


@settings(max_examples=200, deadline=None)
@given(numbers)
def test_what_is_written_of_a_module_is_read(number: int) -> None:
    edition, pages = module_of(number)
    parsed = read(module_to_text("a-module", edition, pages), KINDS)
    assert parsed == ParsedModule("a-module", edition, tuple(pages))


@settings(max_examples=400, deadline=None)
@given(numbers)
def test_whatever_happened_to_a_text_it_is_read_or_its_faults_are_told(number: int) -> None:
    text = mutilated(module_to_text("a-module", *module_of(number)), number)
    parsed = read(text, KINDS)
    assert bool(parsed.faults) != bool(parsed.edition if isinstance(parsed, ParsedModule) else parsed.document)
    assert all(1 <= fault.line <= len(text.split("\n")) for fault in parsed.faults)


def test_a_page_looks_like_this() -> None:
    assert to_text(READING, PAGE) == PAGE_TEXT
    assert read_page(PAGE_TEXT, KINDS) == Parsed(READING, PAGE)


def test_a_module_looks_like_this() -> None:
    one, two = PageDocument(Head("one", "One", minutes=2)), read_page("quiz: Two {two}", KINDS).document
    assert module_to_text("when-posts-go-wrong", EDITION, [(READING, one), (QUIZ, two)]) == MODULE_TEXT
    assert read(MODULE_TEXT, KINDS) == ParsedModule("when-posts-go-wrong", EDITION, ((READING, one), (QUIZ, two)))


def test_an_edition_alone_lists_its_pages() -> None:
    text = module_to_text("when-posts-go-wrong", EDITION)
    assert text.endswith("pages:\n  one\n  two\n")
    assert read_module(text, KINDS) == ParsedModule("when-posts-go-wrong", EDITION)


def test_registered_kinds_are_found_by_their_nouns() -> None:
    kinds = [read(f"{noun}: A page", page_kinds.all_kinds()).kind for noun in ("reading", "case", "quiz")]
    assert kinds == [page_kinds.get(name) for name in ("reading", "scenario", "quiz")]
    assert [type(kind.outline) for kind in kinds] == [Outline, CaseOutline, QuizOutline]


def test_rows_on_different_pages_may_have_the_same_key() -> None:
    parsed = read("module: m\n=== case: A {a}\n# S {s}\n=== case: B {b}\n# S {s}", KINDS)
    assert [document.scenes[0].key for _, document in parsed.pages] == ["s", "s"]


def test_what_may_be_left_out() -> None:
    assert read("\n\nreading: One", KINDS).document == PageDocument(Head("?1", "One"))
    assert read("module: m\n=== reading: One\n=== case: Two", KINDS).edition.pages == ("?1", "?2")
    assert read("\n \n=== reading: One", KINDS).document == PageDocument(Head("?1", "One"))
    assert read("=== reading: One {one}\nrequired: yes\nsummary:\n\nText", KINDS).document.body == "Text"


@pytest.mark.parametrize(
    ("line", "title"),
    [
        (r"One \{b} {key}", "One {b}"),
        (r"One {b} {key}", "One {b}"),
        (r"One {b\} {key}", "One {b}"),
        (r"C:\temp \\ \\\\ {key}", "C:\\temp \\ \\\\"),
        (r"One\¶two {key}", "One\ntwo"),
        ("One\x85\u2028\x0b\ttwo{key}", "One\x85\u2028\x0b\ttwo"),
        ("{key}", ""),
        ("# > * -> | , {key}", "# > * -> | ,"),
        ("One \\ {key}", "One \\"),
    ],
)
def test_titles(line: str, title: str) -> None:
    assert read_page(f"reading: {line}", KINDS).document.head == Head("key", title)
    assert read_page(to_text(READING, PageDocument(Head("key", title))), KINDS).document.head.title == title


@pytest.mark.parametrize(
    ("text", "body"),
    [
        ("\\# no heading", "\\# no heading"),
        ("\\=== x", "=== x"),
        ("\\\\=== x", "\\=== x"),
        ("===", "==="),
        ("case: x\n # y\n  minutes: z", "case: x\n # y\n  minutes: z"),
        ("a\n   \n\\\n\n\n b", "a\n   \n\\\n\n\n b"),
    ],
)
def test_bodies(text: str, body: str) -> None:
    assert read_page(f"reading: One {{one}}\n\n{text}\n", KINDS).document.body == body
    assert to_text(READING, PageDocument(Head("one", "One"), body)) == f"reading: One {{one}}\n\n{text}\n"


def test_a_value_may_stand_beside_its_name_below_it_or_both() -> None:
    for text in ("summary: a\n  b", "summary:\n  a\n  b", "summary:\n\ta\n\tb\n\n", "summary:   a\n  b\n  \n"):
        assert read_page(f"reading: One\n{text}", KINDS).document.head.summary == "a\nb"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "Line 1: nothing stands there; expected `reading: ` or `case: ` or `quiz: ` with the title of a page."),
        ("\n\nfilm: x", "Line 3: “film: x” stands there; expected `reading: ` or `case: `"),
        ("reading: One {a b}", "Line 1: “{a b}” stands there; expected a key of at most 80"),
        ("reading: One {" + "a" * 81 + "}", "…” stands there; expected a key of at most 80"),
        ("reading: One {}", "Line 1: “{}” stands there"),
        ("reading: One {?1}", "Line 1: “{?1}” stands there"),
        ("reading: One\nminuets: 4", "Line 2: “minuets: 4” stands there; expected one of minutes:, summary:"),
        ("reading: One\nText", "required:, facts:, sources:, or an empty line and then the text of the page."),
        ("reading: One\nminutes: four", "Line 2: “minutes: four” stands there; expected “minutes: …” with a number."),
        ("reading: One\nminutes: " + "9" * 5000, "expected “minutes: …” with a number."),
        ("reading: One\nminutes: ٤", "expected “minutes: …” with a number."),
        (
            "reading: One\nrequired: maybe",
            "Line 2: “required: maybe” stands there; expected “required: …” with yes or no.",
        ),
        ("reading: One\nsources: a, b/c", "Line 2: “sources: a, b/c” stands there; expected “sources: …” with keys"),
        ("reading: One\nminutes: 4\nminutes: 5", "Line 3: “minutes: 5” stands there; expected “minutes:” only once."),
        ("reading: One\n\n=== reading: Two", "Line 3: “=== reading: Two” stands there; expected one page only"),
        ("reading: One\n=== reading: Two", "Line 2: “=== reading: Two” stands there; expected one page only"),
        ("module: a b", "Line 1: “module: a b” stands there; expected `module: ` with the slug of a module."),
        ("module: m\nText", "Line 2: “Text” stands there; expected one of title:, summary:"),
        ("module: m\npages: a b/c", "Line 2: “pages: a b/c” stands there; expected “pages: …” with keys"),
        ("module: m\npages: a\n=== case: A", "Line 2: “pages: a” stands there; expected one of title:"),
        ("module: m\n=== film: A", "Line 2: “=== film: A” stands there; expected `reading: `"),
        (
            "module: m\n=== case: A {a}\n=== quiz: B {a}",
            "Line 3: “{a}” stands there; expected a key that no page above has",
        ),
        (
            "module: m" + "\n=== case: A" * (PAGES + 1),
            f"Line {PAGES + 2}: “=== case: A” stands there; expected at most",
        ),
        ("reading: a\0b", "Line 1: “character 0x0000” stands there; expected text."),
        ("reading: a\n\n\ud800", "Line 3: “character 0xd800” stands there; expected text."),
        (
            "reading: a\n\n" + "é" * (PAGE_LIMIT // 2),
            "Line 1: “257 kB” stands there; expected a text of 256 kB at most.",
        ),
    ],
)
def test_what_is_wrong_is_told(text: str, told: str) -> None:
    assert told in "\n".join(faults(text))
    assert len(faults(text)) == 1


def test_several_faults_are_told_at_once_and_not_too_many() -> None:
    assert [fault.line for fault in read("reading: {a b}\nx\nminutes: y", KINDS).faults] == [1, 2, 3]
    assert len(faults("module: m" + "\n=== film: A\n" * 100)) == MOST_FAULTS
    assert len(read("reading: " + "{" * 1000 + "}", KINDS).faults[0].found) <= 80


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"", ""),
        (b"\xef\xbb\xbfreading: One\r\n\rText\n", "reading: One\n\nText\n"),
        ("a\u2028b\x85".encode(), "a\u2028b\x85"),
        (b"a\nb\xff", Fault(2, "byte 0xff", "UTF-8")),
        (b"a\n\nb\0", Fault(3, "character 0x0000", "text")),
        ("a".encode("utf-16"), Fault(1, "byte 0xff", "UTF-8")),
        (b"\xed\xa0\x80", Fault(1, "byte 0xed", "UTF-8")),
        (b"a" * (MODULE_LIMIT + 1), Fault(1, "1001 kB", "a text of 1000 kB at most")),
    ],
)
def test_bytes_are_read_strictly(data: bytes, text: str | Fault) -> None:
    assert decode(data) == text


@pytest.mark.parametrize("number", range(20))
def test_two_texts_are_narrowed_to_the_parts_in_which_they_differ(number):
    """Whatever was changed: from the narrowed texts the same parts are found to differ."""
    case = Writing(number).case()
    other = replace(case, scenes=tuple(replace(scene, body="Else.") for scene in case.scenes[:1]) + case.scenes[1:])
    texts = to_text(CASE, case), to_text(CASE, other)
    narrow = narrowed(*texts, KINDS)
    assert sum(map(len, narrow)) <= sum(map(len, texts))
    found = [read_page(text, KINDS).document for text in narrow]
    told, expected = (changed(one, another, {}, "") for one, another in (found, (case, other)))
    assert [change.block for change in told] == [change.block for change in expected]


def test_pages_have_keys_of_their_own_and_so_have_the_rows_of_each() -> None:
    told = Told()
    for line, row, key, is_wrong in (
        (1, Head, "talk", False),
        (2, Question, "one", False),
        (3, Question, "one", True),
        (4, Head, "other", False),
        (5, Question, "one", False),
        (6, Head, "talk", True),
    ):
        if row is Head:
            told.next_page()
        before = len(told.faults)
        assert told.own_key(row, key, line) == key
        assert (len(told.faults) > before) is is_wrong, line
