"""What is said of drafts, their pages and their problems, sentence by sentence."""

import datetime
from dataclasses import replace
from typing import Any

import pytest

from apps.accounts.templatetags.factors import factor_notice
from apps.authoring import history, overview, publishing
from apps.authoring.overview import Draft, PageOfDraft, Problems
from apps.authoring.views import desk, workbench
from apps.modules.comparison import Change, Line, Mark, Run, Verb
from apps.modules.models import Edition
from apps.modules.problems import Problem, error, warning
from tests import make

pytestmark = [pytest.mark.django_db, pytest.mark.pages]


def read(edition: Edition) -> Draft:
    return overview.read_drafts([Edition.objects.select_related("module", "based_on").get(pk=edition.pk)])[0]


@pytest.fixture
def draft() -> Draft:
    return read(make.started("posts"))


def changed(page: PageOfDraft) -> PageOfDraft:
    head = replace(page.document.head, title="Anew")
    return replace(page, document=replace(page.document, head=head))


def test_a_draft_says_how_far_it_is_from_its_base(draft: Draft) -> None:
    assert draft.so_far == "Nothing changed since edition 1"
    assert draft.same_in_words == "4 pages are the same as in edition 1."
    assert draft.pages_in_words == "4 pages, 19 minutes, in the order in which learners see them."
    first, *rest = draft.pages
    one = replace(draft, pages=(changed(first), *rest))
    assert one.so_far == "1 page changed since edition 1"
    assert one.same_in_words == "3 pages are the same as in edition 1."
    gone = replace(draft, pages=(changed(first), *rest[1:]), taken_out={rest[0].page.key: rest[0].document.head.title})
    assert gone.so_far == "2 pages changed since edition 1"
    assert replace(draft, pages=()).pages_in_words == "No pages yet. Add the first one below."


def test_a_first_edition_is_compared_with_nothing(draft: Draft) -> None:
    first = replace(draft, base=None, before=None)
    assert (first.so_far, first.same_in_words) == ("4 pages, the first edition", "")
    assert first.own_changes == []


def test_what_changed_of_the_edition_itself_is_told(draft: Draft) -> None:
    assert draft.own_changes == []
    (change,) = replace(draft, document=replace(draft.document, title="Anew")).own_changes
    assert (change.verb, change.fields) == (Verb.REWORDED, ("title",))


def test_a_page_says_what_changed_and_what_would_go_with_it(draft: Draft) -> None:
    reading, *_, quiz = draft.pages
    assert (reading.changes, reading.is_changed) == ("", False)
    assert changed(reading).changes == "The page itself reworded"
    assert replace(reading, before=None).changes == "A new page"
    assert reading.parts == ["its text"]
    assert quiz.parts == [f"question “Case {number}”" for number in (1, 2, 3)]
    assert (reading.minutes, reading.up, reading.down) == ("3 minutes", "up:reading-1", "down:reading-1")


@pytest.mark.parametrize(("count", "more"), [(10, None), (11, "and 1 more")])
def test_ten_parts_are_named(draft: Draft, count: int, more: str | None) -> None:
    quiz: Any = draft.pages[-1]
    questions = tuple(replace(quiz.document.questions[0], key=f"q{number}") for number in range(count))
    many = replace(quiz, document=replace(quiz.document, questions=questions))
    assert many.parts[10:] == ([more] if more else [])


@pytest.mark.parametrize(
    ("count", "told"),
    [(1, "A added"), (3, "A added, b added and c added"), (4, "A added, b added, c added and 1 more")],
)
def test_three_changes_are_told_in_one_line(count: int, told: str) -> None:
    assert overview.in_words([Change(Verb.ADDED, name, name) for name in "abcd"[:count]]) == told


@pytest.mark.parametrize(
    ("all_", "told"),
    [
        ([], ("", "", "")),
        ([error("No.")], ("1 error", "", "It needs 1 thing before it can be published.")),
        (
            [error("No."), error("Nor."), warning("Hm.")],
            ("2 errors", "1 warning", "It needs 2 things before it can be published."),
        ),
    ],
)
def test_problems_are_counted(all_: list[Problem], told: tuple[str, ...]) -> None:
    problems = Problems(tuple(all_))
    assert (problems.errors, problems.warnings, problems.errors_stop_it) == told


def test_what_is_to_mend_begins_with_errors_and_says_where(draft: Draft) -> None:
    said = replace(draft, problems=Problems((warning("Hm.", "case"), error("No."))))
    found = [(one.problem.text, one.title) for one in said.to_mend]
    assert found == [("No.", "Title, summary and outcomes"), ("Hm.", "Case")]
    assert [one.text for one in said.problems.of("case").all] == ["Hm."]


def test_each_problem_has_a_mark_of_its_own() -> None:
    told = [warning("a", "p", "b"), warning("c", "p", "b"), warning("a", "q", "b"), warning("a", "p", "d")]
    assert len({publishing.mark_of(problem) for problem in told}) == 4


def test_a_report_is_called_after_its_page_or_its_module(draft: Draft) -> None:
    assert draft.base is not None
    on_page, on_module = make.report(draft.base, "case"), make.report(draft.base)
    assert (on_page.where, str(on_page)) == ("Case", "Case, 22 November 2026")
    assert on_module.where == "When posts go wrong"


def test_of_what_was_kept_the_words_beside_a_change_are_told() -> None:
    long = " ".join(f"word{number}" for number in range(200))
    line = Line("text", (Run(Mark.KEPT, long), Run(Mark.PUT_IN, "new"), Run(Mark.KEPT, long)))
    first, new, last = line.short
    assert (first.text[:3], first.text[-5:]) == (" … ", "rd199")
    assert (last.text[:5], last.text[-3:]) == ("word0", " … ")
    assert new.text == "new"


@pytest.mark.parametrize(("count", "more"), [(10, []), (11, ["and 1 more"])])
def test_ten_are_named_of_what_goes_with_something(count: int, more: list[str]) -> None:
    assert workbench._named(map(str, range(count)))[10:] == more


@pytest.mark.parametrize(
    ("hour", "greeting"),
    [(4, "evening"), (5, "morning"), (11, "morning"), (12, "afternoon"), (17, "afternoon"), (18, "evening")],
)
def test_the_desk_greets_by_the_clock(hour: int, greeting: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk.timezone, "localtime", lambda: make.NOW.replace(hour=hour, minute=59))
    assert desk._greeting() == f"Good {greeting}"


def test_without_a_request_nobody_is_told_of_a_factor() -> None:
    assert factor_notice({}) == ""  # type: ignore[arg-type]  # as templates of error pages have it


@pytest.mark.parametrize(
    ("at", "now", "told", "in_a_sentence"),
    [
        ("2026-11-22T09:05", "2026-11-22T09:05", "09:05", "at 09:05"),
        ("2026-11-22T00:00", "2026-11-22T23:59", "00:00", "at 00:00"),
        ("2026-11-21T23:59", "2026-11-22T00:00", "yesterday at 23:59", "yesterday at 23:59"),
        ("2026-11-20T23:59", "2026-11-22T00:00", "on 20 November at 23:59", "on 20 November at 23:59"),
        ("2026-01-01T00:00", "2026-12-31T12:00", "on 1 January at 00:00", "on 1 January at 00:00"),
        ("2025-12-30T12:00", "2026-01-01T12:00", "on 30 December 2025 at 12:00", "on 30 December 2025 at 12:00"),
        ("2025-12-31T23:59", "2026-01-01T00:00", "yesterday at 23:59", "yesterday at 23:59"),
        ("2026-07-01T22:59", "2026-07-01T23:01", "yesterday at 23:59", "yesterday at 23:59"),  # summer time
    ],
)
def test_when_something_was_saved_is_told_as_one_would(at, now, told, in_a_sentence):
    then, today = (datetime.datetime.fromisoformat(moment).replace(tzinfo=datetime.UTC) for moment in (at, now))
    assert history.when(then, today) == told
    assert history.at_when(then, today) == in_a_sentence
