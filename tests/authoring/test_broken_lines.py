"""The lines of a text that cannot be read: what is shown of them and around them, and how they are mended."""

import pytest

from apps.authoring import broken
from apps.authoring.broken import LONGEST_LINE, LONGEST_NEAR, Broken, Mend, Near, find_broken, mended, mends_in
from apps.modules.outline_lines import Fault

LONG = "y" * LONGEST_NEAR


def only(text: str, *faults: Fault) -> Broken:
    (found,) = find_broken(text, faults)
    return found


def test_a_line_is_shown_between_its_nearest_neighbours_that_say_something() -> None:
    found = only("one\ntwo\n\n \t\nhere it is\n  \nafter\nend", Fault(5, "it", "that"))
    assert found.near == (Near(2, "two"), Near(5, "here ", "it", " is"), Near(7, "after"))
    assert (found.number, found.text) == (5, "here it is")


@pytest.mark.parametrize(
    ("line", "found", "near"),
    [
        ("all of it", "all of it", Near(1, "", "all of it")),
        ("no such words", "other", Near(1, "", "no such words")),
        ("nothing is known", "", Near(1, "", "nothing is known")),
        (f"x{LONG}here{LONG}z", "here", Near(1, LONG, "here", f"{LONG}…")),
        (f"{LONG}here{LONG}", "here", Near(1, LONG, "here", LONG)),
        (f"{LONG}z", "", Near(1, "", f"{LONG}…")),
    ],
)
def test_what_is_wrong_in_a_line_is_marked(line: str, found: str, near: Near) -> None:
    assert only(line, Fault(1, found, "something")).near == (near,)


def test_lines_stand_from_the_top_each_with_all_that_is_wrong_in_it() -> None:
    faults = [Fault(9, "", "an end"), Fault(2, "b", "`x: ` or a `y`"), Fault(1, "a", "z"), Fault(2, "c", "w")]
    first, second, last = find_broken("\ufeffa\r\nb c\rd", faults)
    assert [(one.number, one.text) for one in (first, second, last)] == [(1, "a"), (2, "b c"), (3, "d")]
    assert [rule.found for rule in second.rules] == ["b", "c"]
    assert second.rules[0].expected == (("x: ", True), (" or a ", False), ("y", True))
    assert second.near[1] == Near(2, "", "b", " c")


@pytest.mark.parametrize(
    ("length", "rows", "has_field"),
    [(0, 1, True), (69, 1, True), (70, 2, True), (LONGEST_LINE, 29, True), (LONGEST_LINE + 1, 29, False)],
)
def test_a_field_is_as_high_as_its_line_is_long(length: int, rows: int, has_field: bool) -> None:
    found = only("y" * length, Fault(1, "", "something"))
    assert (found.rows, found.has_field) == (rows, has_field)


def test_fields_that_were_changed_are_mends_the_lowest_first() -> None:
    sent = {f"line-{number}": f"new {number}" for number in range(1, 13)}
    sent |= {f"was-{number}": "old" for number in range(1, 12)}
    sent |= {"line-3": "old\r\n", "was-3": "old\n", "line-x": "new", "was-x": "old"}
    found = mends_in(sent)
    assert [mend.number for mend in found] == [11, 10, 9, 8, 7, 6, 5, 4, 2, 1]
    assert found[0] == Mend(11, "old", "new 11")
    sent |= {"was-12": "old"}
    assert [mend.number for mend in mends_in(sent)] == [12, 11, 10, 9, 8, 7, 6, 5, 4, 2]
    assert len(mends_in(sent)) == 2 * broken.MOST_SHOWN


@pytest.mark.parametrize(
    ("text", "count", "told"),
    [
        ("a\nother\nc", 3, "a\nNEW\nc"),  # as many lines: the field wins
        ("z\na\nold\nc", 3, "z\na\nNEW\nc"),  # it has moved
        ("a\nold\nc\nd", 3, "a\nNEW\nc\nd"),  # it stands where it stood
        ("a\nold\nold\nc", 3, "a\nNEW\nold\nc"),
        ("old\na\nold\nc", 3, None),  # it may be either
        ("a\nc", 3, None),
        ("old", 3, "NEW"),
        ("a", 1, None),
    ],
)
def test_a_line_is_mended_where_it_is_now(text: str, count: int, told: str | None) -> None:
    mend = Mend(2, "old", "NEW")
    assert mended(text, [mend], count) == ((told, []) if told else (text, [mend]))
