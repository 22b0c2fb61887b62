"""A case as text, and back."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.modules.document import Head, rows_in
from apps.modules.outline import Parsed, read_page, to_text
from apps.scenarios.document import CaseDocument, Choice, Effect, Gauge, Need, Part, Scene
from apps.scenarios.models import Rating, ScenePart
from apps.scenarios.models import Scene as SceneRow
from apps.scenarios.outline import CHOICES_OF_A_SCENE, GAUGES, OUTCOMES, PARTS, PARTS_OF_A_SCENE, RATINGS, SCENES
from tests.documents import CASE, KINDS, Writing, mutilated

pytestmark = pytest.mark.once
numbers = st.integers(0, 10**9)

TEXT = """\
case: The lift {the-lift}
minutes: 6
role: You are an F1 on your first week.
guidance: Do not talk about patients where others can hear it.
reflection: Where do you talk?
plan:
  If somebody asks in the lift, then I will say: “Later, upstairs.”
sources: gmc-2024
gauge: Public trust = 70 {trust}

# In the lift {in-the-lift}
clock: 08:10
place: the lift, with visitors
facts: O5
sources: gmc-2024
thought: It would be rude not to answer.
question: What do you say?
teaching: Lifts have ears.

Your registrar asks how the man in bed 4 is.

> message | F1, your friend | 08:11 {in-the-lift-1}
  Did you hear about bed 4?
  picture: illustrations/lift.svg | A drawing of a full lift
  footer: Seen by 3

* Tell him all of it -> Overheard, else Upstairs | poor, Public trust -10 {tell-all}
  Everybody hears it.
  needs: Public trust >= 40 {tell-all-trust}

* “Later, upstairs” -> Upstairs | best, Public trust +5 {later}
  He nods.

# Overheard {overheard}
ending: poor
needs: Public trust < 70 {overheard-trust}, not visited Upstairs {upstairs} {overheard-upstairs}

A visitor writes to the hospital.

# Upstairs {upstairs}
ending: good

You tell him in the office.
"""
FIRST = Scene(
    "in-the-lift",
    "In the lift",
    "Your registrar asks how the man in bed 4 is.",
    clock="08:10",
    place="the lift, with visitors",
    facts=("O5",),
    sources=("gmc-2024",),
    thought="It would be rude not to answer.",
    question="What do you say?",
    teaching_point="Lifts have ears.",
    parts=(
        Part(
            "in-the-lift-1",
            "message",
            "Did you hear about bed 4?",
            "F1, your friend",
            "08:11",
            "illustrations/lift.svg",
            "A drawing of a full lift",
            "Seen by 3",
        ),
    ),
    choices=(
        Choice(
            "tell-all",
            "Tell him all of it",
            "poor",
            "overheard",
            "upstairs",
            (Effect("trust", -10),),
            (Need("tell-all-trust", "trust", at_least=40),),
            "Everybody hears it.",
        ),
        Choice("later", "“Later, upstairs”", "best", "upstairs", effects=(Effect("trust", 5),), consequence="He nods."),
    ),
)
LIFT = CaseDocument(
    Head("the-lift", "The lift", minutes=6),
    "You are an F1 on your first week.",
    "Do not talk about patients where others can hear it.",
    ("gmc-2024",),
    "Where do you talk?",
    ("If somebody asks in the lift, then I will say: “Later, upstairs.”",),
    gauges=(Gauge("trust", "Public trust", 70),),
    scenes=(
        FIRST,
        Scene(
            "overheard",
            "Overheard",
            "A visitor writes to the hospital.",
            outcome="poor",
            needs=(
                Need("overheard-trust", "trust", below=70),
                Need("overheard-upstairs", not_visited="upstairs"),
            ),
        ),
        Scene("upstairs", "Upstairs", "You tell him in the office.", outcome="good"),
    ),
)


def case(text: str) -> Parsed:
    return read_page(f"case: C {{c}}\n{text}", KINDS)


def scenes(text: str) -> tuple[Scene, ...]:
    return case(text).document.scenes


def choice(line: str) -> Choice:
    """A choice in a case with two scenes and two gauges."""
    return scenes(f"gauge: Trust = 1 {{t}}\ngauge: A, B = 2 {{ab}}\n# One {{one}}\n{line}\n# Two {{two}}")[0].choices[0]


@settings(max_examples=800, deadline=None)
@given(numbers)
def test_what_is_written_is_read(number: int) -> None:
    document = Writing(number).case()
    assert read_page(to_text(CASE, document), KINDS) == Parsed(CASE, document)


@settings(max_examples=1000, deadline=None)
@given(numbers)
def test_whatever_happened_to_a_text_it_is_read_or_its_faults_are_told(number: int) -> None:
    parsed = read_page(mutilated(to_text(CASE, Writing(number).case()), number), KINDS)
    assert bool(parsed.faults) != bool(parsed.document)


def test_a_case_looks_like_this() -> None:
    assert to_text(CASE, LIFT) == TEXT
    assert read_page(TEXT, KINDS) == Parsed(CASE, LIFT)


def test_keys_may_be_left_out_and_are_not_written_where_there_are_none() -> None:
    text = re.sub(r" \{.*?\}", "", TEXT)
    parsed = read_page(text, KINDS)
    assert (parsed.faults, parsed.notes) == ((), ())
    assert to_text(CASE, parsed.document) == text
    rows = [row for row in rows_in(parsed.document) if not isinstance(row, Head)]
    assert len({row.key for row in rows}) == len(rows)
    assert all(row.key.startswith("?") for row in rows)


def test_its_words_are_those_of_the_models() -> None:
    assert (list(RATINGS), list(OUTCOMES), list(PARTS)) == (
        Rating.values,
        SceneRow.Outcome.values,
        ScenePart.Kind.values,
    )


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("* Go -> Two | best {g}", Choice("g", "Go", "best", "two")),
        ("* Go", Choice("?1", "Go", "")),
        ("*", Choice("?1", "", "")),
        ("* Go -> Two", Choice("?1", "Go", "", "two")),
        ("* Go -> , else Two {g}", Choice("g", "Go", "", "", "two")),
        ("* Go->TWO,else  o n e|Poor,trust-5", Choice("?1", "Go", "poor", "two", "one", (Effect("t", -5),))),
        (r"* a \-> b \| c, else d -> Two | best {g}", Choice("g", "a -> b | c, else d", "best", "two")),
        (r"* Go | A\, B +5, Trust −3 {g}", Choice("g", "Go", "", effects=(Effect("t", -3), Effect("ab", 5)))),
        ("* Go -> Was two {two} | best {g}", Choice("g", "Go", "best", "two")),
        ("* Go -> {two} | best", Choice("?1", "Go", "best", "two")),
        (
            "* Go\n  needs: visited Two\n  So.",
            Choice("?1", "Go", "", needs=(Need("?2", visited="two"),), consequence="So."),
        ),
        ("* Go {g}\n  needs: visited Two {two}", Choice("g", "Go", "", needs=(Need("?1", visited="two"),))),
        ("* Go {g}\n  needs: visited Two {n}", Choice("g", "Go", "", needs=(Need("n", visited="two"),))),
        ("* Go {g}\n  needs: not visited Two {two} {n}", Choice("g", "Go", "", needs=(Need("n", not_visited="two"),))),
        ("* Go {g}\n  needs:\n    A\\, B < 3 {n},\n    ", Choice("g", "Go", "", needs=(Need("n", "ab", below=3),))),
        ("* Go {g}\n  needs: Trust {t} ≥ 3 {n}", Choice("g", "Go", "", needs=(Need("n", "t", at_least=3),))),
        ("* Go {g}\n  \\needs: x\n  \\y\n\n    z", Choice("g", "Go", "", consequence="needs: x\n\\y\n\n  z")),
    ],
)
def test_choices(line: str, expected: Choice) -> None:
    assert choice(line) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("> message | SHO | 04:05, Night crew {p}\n  Hi", Part("p", "message", "Hi", "SHO", "04:05, Night crew")),
        ("> narration {p}\n\tHi\n\n\tyou", Part("p", "narration", "Hi\n\nyou")),
        (r"> Post | A \| B {p}", Part("p", "post", "", "A | B")),
        ("> notice | | Ward 3 {p}", Part("p", "notice", "", "", "Ward 3")),
        ("> post {p}\n  picture: a.svg | A | B", Part("p", "post", "", image="a.svg", image_alt="A | B")),
        ("> post {p}\n  footer: a\n    b\n  Text", Part("p", "post", "Text", footer="a\nb")),
        ("> post {p}\n  \\footer: a\n  \\\\picture: b\n  # c", Part("p", "post", "footer: a\n\\picture: b\n# c")),
    ],
)
def test_parts(text: str, expected: Part) -> None:
    assert scenes(f"# One\n{text}")[0].parts == (expected,)


@pytest.mark.parametrize(
    ("text", "body"),
    [
        ("\\# a\n## b\n#c", "# a\n## b\n#c"),
        ("\\> a\n>b\n**c**\n\\* d\n- e", "> a\n>b\n**c**\n* d\n- e"),
        ("\\place: a\nplaces: b\nrole: c\n\\\\place: d", "place: a\nplaces: b\nrole: c\n\\place: d"),
        ("\\=== a\n\\b", "=== a\n\\b"),
        ("a\n  # b\n    place: c\n   \nd", "a\n  # b\n    place: c\n   \nd"),
    ],
)
def test_bodies(text: str, body: str) -> None:
    assert scenes(f"# One {{one}}\n\n{text}")[0].body == body
    written = to_text(CASE, CaseDocument(Head("c", "C"), scenes=(Scene("one", "One", body),)))
    assert written == f"case: C {{c}}\n\n# One {{one}}\n\n{text}\n"


def test_fields_may_stand_anywhere_in_a_scene() -> None:
    (scene,) = scenes("# One\n\nText\n\nquestion: What?\n\nMore\n> post\n  P\nteaching: T\n* Go {g}")
    assert (scene.body, scene.question, scene.teaching_point) == ("Text\n\n\nMore", "What?", "T")
    assert [part.text for part in scene.parts] == ["P"]


def test_equal_titles_are_told_apart_by_keys() -> None:
    twins = (Scene("a", "Twin", choices=(Choice("g", "Go", "best", "b", "a"),)), Scene("b", "Twin"))
    assert "* Go -> Twin {b}, else Twin {a} | best {g}" in to_text(CASE, CaseDocument(Head("c", "C"), scenes=twins))
    assert scenes("# a b\n* Go -> A B\n# A B {c}")[0].choices[0].target == "c"


def test_a_scene_that_is_led_to_is_made() -> None:
    parsed = case("# One {one}\n* Go -> New | best\n* Stay -> new\n  needs: visited New\n* Run -> X {x} | poor")
    one, new, named = parsed.document.scenes
    assert parsed.notes == (
        "No scene is called “New”. It becomes a new, empty scene.",
        "No scene is called “X”. It becomes a new, empty scene.",
    )
    assert (new, named) == (Scene(new.key, "New"), Scene("x", "X"))
    assert new.key.startswith("?")
    assert [choice.target for choice in one.choices] == [new.key, new.key, "x"]
    assert one.choices[1].needs[0].visited == new.key


ONE = "gauge: Trust = 5\ngauge: Twin = 1\ngauge: Twin = 1\n# One\n"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Text", "Line 2: “Text” stands there; expected one of minutes:"),
        ("* Go", "Line 2: “* Go” stands there; expected a scene (`# Title`) before its parts and choices."),
        ("gauge: Trust", "Line 2: “Trust” stands there; expected a gauge and where it starts: `Public trust = 70`."),
        ("gauge: Trust = high", "Line 2: “Trust = high” stands there; expected a gauge"),
        ("gauge: A = 1\n" * (GAUGES + 1), "Line 22: “A = 1” stands there; expected at most 20 gauges."),
        ("# One\nclok: 04:05", "Line 3: “clok: 04:05” stands there; expected one of clock:, place:, ending:, facts:"),
        ("# One\nending: sad", "Line 3: “ending: sad” stands there; expected “ending: …” with good, mixed or poor."),
        ("# One\nseen by: all", "Line 3: “seen by: all” stands there; expected “seen by: …” with a number."),
        (
            "# One\n* Go\nSo.\nAnd so.",
            "Line 4: “So.” stands there; expected text indented by two, or the text of the scene",
        ),
        ("# One\n> letter | Me", "Line 3: “> letter | Me” stands there; expected message, post, email, call, notice"),
        (
            "# One\n> post | a | b | c",
            "Line 3: “> post | a | b | c” stands there; expected who says it, and when and where",
        ),
        ("# One {a}\n# Two {a}", "Line 3: “{a}” stands there; expected a key that no scene above has."),
        ("# One {a b}", "Line 2: “{a b}” stands there; expected a key of at most 80"),
        (
            "# One\n* Go -> Two\n# Two\n# Two",
            "Line 3: “Two” stands there; expected a title with a key, as 2 have this one",
        ),
        ("# One\n* Go -> two\n# TWO\n# T wo", "Line 3: “two” stands there; expected a title with a key, as 2 have"),
        ("# One\n* Go -> Two {b c} | best", "Line 3: “{b c}” stands there; expected a key of at most 80"),
        (
            ONE + "* Go | good",
            "Line 6: “good” stands there; expected best, acceptable or poor, then gauges: `Public trust +5`.",
        ),
        (
            ONE + "* Go | best, Trust 5",
            "Line 6: “Trust 5” stands there; expected best, acceptable or poor, then gauges",
        ),
        (ONE + "* Go | best, Trst +5", "Line 6: “Trst” stands there; expected a gauge: Trust, Twin, Twin."),
        (ONE + "* Go | best, Twin +5", "Line 6: “Twin” stands there; expected a title with a key, as 2 have this one"),
        (
            ONE + "* Go | best, Trust +5, Trust -5",
            "Line 6: “best, Trust +5, Trust -5” stands there; expected each gauge only once.",
        ),
        (ONE + "needs: Trust", "Line 6: “Trust” stands there; expected `Gauge >= 40`, `Gauge < 40`, `visited Title`"),
        (ONE + "needs: visited Two", "Line 6: “Two” stands there; expected a scene of the case."),
        (ONE + "* Go\n  So.\n  needs: Joy < 3", "Line 8: “Joy” stands there; expected a gauge: Trust, Twin, Twin."),
        (
            ONE + "* Go\n  needs: a\n    b\n  needs: Trust < 3",
            "Line 9: “needs: Trust < 3” stands there; expected “needs:” only",
        ),
        ("# One\n" * (SCENES + 1), "Line 502: “# One” stands there; expected at most 500 scenes."),
        (
            "# One\n* Go -> Two {two}\n" + "# One\n" * (SCENES - 1),
            "Line 3: “Two” stands there; expected at most 500 scenes.",
        ),
        (
            "# One" + "\n* Go" * (CHOICES_OF_A_SCENE + 1),
            "Line 53: “* Go” stands there; expected at most 50 choices in a scene.",
        ),
        (
            "# One" + "\n> post" * (PARTS_OF_A_SCENE + 1),
            "Line 53: “> post” stands there; expected at most 50 parts in a scene.",
        ),
    ],
)
def test_what_is_wrong_is_told(text: str, told: str) -> None:
    faults = case(text).faults
    assert told in "\n".join(map(str, faults))
