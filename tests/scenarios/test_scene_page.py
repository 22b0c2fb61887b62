"""A scene: what stands first right after a choice and for who comes back; how far it goes; how the gauges stand."""

import re
from dataclasses import replace
from itertools import pairwise
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from apps.accounts.models import User
from apps.core.openings import opening
from apps.scenarios import room
from apps.scenarios.graph import Edge, Graph
from apps.scenarios.models import Scenario, ScenarioCitation, ScenePart
from apps.scenarios.walks import Script, Standing
from tests import make

CASE, TRY = "/learn/posts/1/scenario/case/", "/try/posts/case/"
PRIMARY = re.compile(r'class="sl-button"')
EXPLAINED = "One thing your choices move, out of 100. It is not a mark, and a good choice may cost you something."


def choose(client: Client, number: int, how: str, path: str = CASE) -> str:
    sent = {"decision": number, "choice": f"case-scene-{number}-{how}"}
    return client.post(f"{path}choose/", sent, follow=True).content.decode()


def read(client: Client, path: str = CASE) -> str:
    return client.get(path).content.decode()


# How far it goes, how it stands ---------------------------------------------------------------------------------------


def script(*lengths: int) -> Script:
    """A case with a way of each of these lengths."""
    edges: dict[str, tuple[Edge, ...]] = {"end": ()}
    first = []
    for way, length in enumerate(lengths):
        names = [f"{way}-{number}" for number in range(length - 1)] + ["end"]
        first.append(Edge(f"{way}", names[0]))
        edges |= {name: (Edge(f"{name}-on", after),) for name, after in pairwise(names)}
    return Script(Scenario(), (), {}, Graph("a", {"a": tuple(first), **edges}))


@pytest.mark.once
@pytest.mark.parametrize(
    ("lengths", "words"),
    [
        ((4, 5, 6), "usually 4 to 6"),
        ((5, 5), "usually 5"),
        ((1,), "usually 1"),
        ((), ""),
        ((3,) * 19 + (9,), "usually 3"),
    ],
)
def test_how_far_it_goes_is_said_in_words(lengths: tuple[int, ...], words: str) -> None:
    assert script(*lengths).usual == words


@pytest.mark.once
@pytest.mark.parametrize(
    ("value", "before", "words", "is_moved"),
    [
        (70, 70, "same", False),
        (30, 35, "down 5", True),
        (45, 35, "up 10", True),
        (35, None, "", False),
        (0, 100, "down 100", True),
    ],
)
def test_a_number_has_a_direction_in_words(value: int, before: int | None, words: str, is_moved: bool) -> None:
    standing = Standing("Trust", value, before)
    assert (standing.words, standing.is_moved) == (words, is_moved)


@pytest.mark.once
def test_what_gauges_are_is_said_for_as_many_as_there_are() -> None:
    said = [replace(script(1), gauges=(None,) * count).what_gauges_are for count in (1, 2, 3, 4, 5)]  # type: ignore[arg-type]
    assert said[0] == EXPLAINED
    assert [one.split(" your choices move")[0] for one in said[1:]] == [
        "Two things",
        "Three things",
        "Four things",
        "5 things",
    ]
    assert all("They are not marks" in one for one in said[1:])


# The page -------------------------------------------------------------------------------------------------------------


@pytest.fixture
def gauged(db: None) -> None:
    """A case that is open to all, with one gauge; the first choice moves it down."""
    draft = make.draft("posts")
    made = make.scenario(draft)
    Scenario.objects.update(is_taster=True)
    gauge = make.gauge(made, start=60)
    make.effect(gauge, "case-scene-1-best", -10)
    make.publish(draft)


@pytest.mark.pages
@pytest.mark.usefixtures("gauged")
@pytest.mark.parametrize("path", [CASE, TRY])
def test_right_after_a_choice_it_comes_first_and_for_who_comes_back_it_is_closed(path: str) -> None:
    client = make.client(make.user()) if path == CASE else Client()
    page = choose(client, 1, "best", path)
    assert page.index("What your choice did") < page.index('id="scene"') < page.index("Do this")
    assert page.index("down 10") < page.index('id="scene"')
    assert page.count("Take with you") == 1
    page = read(client, path)
    assert "What your choice did" not in page
    assert page.index("Do this") < page.index("down 10") < page.index("What your last choice did, and your role")
    assert page.index("What your last choice did, and your role") < page.index("Do the best thing in Scene 1")
    assert "What your choice did" not in read(client, f"{path}?after=2")
    assert "What your choice did" not in read(client, f"{path}?after=x")


@pytest.mark.pages
@pytest.mark.usefixtures("gauged")
def test_gauges_are_explained_in_the_first_scene_only() -> None:
    client = make.client(make.user())
    assert EXPLAINED in read(client)
    assert EXPLAINED not in choose(client, 1, "best")
    assert EXPLAINED not in read(client)


@pytest.mark.pages
@pytest.mark.usefixtures("gauged")
def test_no_way_is_said_to_be_usual_again_and_again() -> None:
    client = make.client(make.user())
    assert "Case · decision 1, usually 2 to 3</span>" in read(client)
    choose(client, 1, "best")
    assert "Case · decision 2, usually 2 to 3</span>" in read(client)


@pytest.mark.pages
@pytest.mark.usefixtures("gauged")
@pytest.mark.parametrize("path", [CASE, TRY])
def test_every_page_of_a_case_has_one_primary_button(path: str) -> None:
    client = make.client(make.user()) if path == CASE else Client()
    pages = [read(client, path)]
    for number in (1, 2):
        pages += [choose(client, number, "poor", path), read(client, path)]
    client.post(f"{path}go-back/", {"decision": 2, "playthrough": 1})
    pages += [read(client, path), read(client, f"{path}playthrough/1/" if path == CASE else f"{path}first/")]
    assert [len(PRIMARY.findall(page)) for page in pages] == [1] * 7
    if path == TRY:
        client.force_login(make.user())
        assert [len(PRIMARY.findall(read(client, one))) for one in (path, f"{path}first/")] == [1, 1]


@pytest.mark.pages
@pytest.mark.usefixtures("gauged")
def test_the_debrief_begins_with_the_last_choice_and_keeps_what_was_read_closed() -> None:
    client = make.client(make.user())
    choose(client, 1, "poor")
    page = choose(client, 2, "poor")
    assert page.index("Your last choice") < page.index("A poor end</h1>") < page.index("2 decisions:")
    closed = re.sub(r"<details>.*?</details>", "", page, flags=re.DOTALL)
    assert "Yours:" not in closed
    assert closed.count("Do the poor thing in Scene 1") == 1


@pytest.mark.django_db
def test_all_that_is_simulated_stands_open_once_and_later_what_there_is_room_for(client: Client) -> None:
    """For who begins a case, and right after a choice; who comes back opens what has no room."""
    draft = make.draft("posts")
    case = make.scenario(draft)
    for scene_ in case.scenes.filter(key__in=["case-scene-1", "case-scene-2"]):
        last = scene_.parts.count()
        ScenePart.objects.bulk_create(
            ScenePart(edition=draft, scene=scene_, key=f"{scene_.key}-{number}", position=number, kind="message",
                      author=f"Sender {number}", text="One more message. " * 8)
            for number in range(last + 1, last + 9)
        )  # fmt: skip
    make.publish(draft)
    client.force_login(make.user())
    first = read(client)
    assert ("Sender 8" in first, "Also here:" in first) == (True, False)
    assert "Also here:" not in choose(client, 1, "best")
    assert "Also here:" in read(client)


# What fits, what is opened --------------------------------------------------------------------------------------------


def part(**fields: Any) -> Any:
    return SimpleNamespace(
        **{"kind": "message", "author": "Mum", "meta": "", "text": "Hello", "image": "", "footer": ""} | fields
    )


def scene(body: str = "It is quiet.") -> Any:
    return SimpleNamespace(title="Night", body=body, thought="", seen_by=None)


@pytest.mark.once
def test_as_many_parts_stand_open_as_there_is_room_for() -> None:
    parts = [part() for _ in range(9)]
    assert room.parts_that_fit(scene(), parts[:2]) == 2
    fitting = room.parts_that_fit(scene(), parts)
    assert 2 < fitting < 9
    assert room.parts_that_fit(scene("word " * 120), parts) < fitting
    assert room.parts_that_fit(scene("word " * 400), parts) == 0
    assert room.parts_that_fit(scene(), [part(kind="post", image="x.svg", meta="a " * 30, footer="x")] * 3) == 1
    assert room.parts_that_fit(scene(), []) == 0


@pytest.mark.once
@pytest.mark.parametrize(
    ("fields", "lines"),
    [
        ({}, 1),
        ({"title": "x" * 23}, 2.5),
        ({"thought": "Only us."}, 4),
        ({"thought": "x" * 39}, 5),
        ({"seen_by": 0}, 2.3),
        ({"body": "x" * 46}, 1),
        ({"body": "x" * 47}, 2),
    ],
)
def test_what_a_scene_says_itself_takes_room(fields: dict[str, Any], lines: float) -> None:
    made = scene()
    vars(made).update(fields)
    assert room._above(made) == pytest.approx(lines)


@pytest.mark.once
def test_what_is_closed_says_who_is_in_it() -> None:
    parts = [part(), part(author="Friend, clinic nurse"), part(), part(author="", kind="narration")]
    assert room.names_of(parts) == "Mum; Friend, clinic nurse; what happens"


LONG = "And then there is much more to say about it, in a sentence that is long enough to be worth a line of its own."


@pytest.mark.once
@pytest.mark.parametrize(
    ("html", "first", "rest"),
    [
        ("<p>One.</p>", "<p>One.</p>", ""),
        (f"<p>One. Two. {LONG}</p>", "<p>One. Two. </p>", f"<p>{LONG}</p>"),
        ("<p>One. Two. Three.</p>", "<p>One. Two. Three.</p>", ""),
        (f"<p>One. Two. T{'h' * 98}.</p>", "<p>One. Two. </p>", f"<p>T{'h' * 98}.</p>"),
        (f"<p>One. Two. T{'h' * 97}.</p>", f"<p>One. Two. T{'h' * 97}.</p>", ""),
        (f"<p>One.</p>\n<p>{LONG}</p>", "<p>One.</p>", f"<p>{LONG}</p>"),
        (
            f'<p>A <a href="#x">b. C</a>. “Two.” {LONG}</p>\n<ul><li>x</li></ul>',
            '<p>A <a href="#x">b. C</a>. “Two.” </p>',
            f"<p>{LONG}</p>\n<ul><li>x</li></ul>",
        ),
        (f"<p>One<br>and. <strong>B. {LONG}</strong> Two. {LONG}</p>", None, None),
        (
            f'<p>See <picture><source srcset="x"><img src="x"></picture> this. Two. {LONG}</p>',
            '<p>See <picture><source srcset="x"><img src="x"></picture> this. Two. </p>',
            f"<p>{LONG}</p>",
        ),
        ("<ul><li>One.</li></ul>", "<ul><li>One.</li></ul>", ""),
        ("", "", ""),
    ],
)
def test_the_opening_of_a_text_is_cut_between_elements(html: str, first: str | None, rest: str | None) -> None:
    cut = opening(html)
    if first is not None:
        assert cut == (first, rest)
    for half in cut:
        for tag in ("p", "a", "strong", "ul", "li"):
            assert len(re.findall(rf"<{tag}\b", half)) == half.count(f"</{tag}>")


def test_the_debrief_names_the_sources_of_its_guidance(learner: User, client_of_learner: Client) -> None:
    enrolment = make.enrolment(learner, make.edition("posts", is_full=True))
    make.playthrough(enrolment)
    source = ScenarioCitation.objects.get().source
    assert source.title in client_of_learner.get("/learn/posts/1/scenario/case/").content.decode()
