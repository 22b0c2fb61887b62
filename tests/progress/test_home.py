"""Home of somebody signed in: the next step, the whole course, and every module as it stands for them."""

import re

import pytest
from django.test import Client

from apps.accounts.models import User
from apps.core.words import first_sentence
from apps.modules.models import Edition
from apps.modules.queries import catalogue
from apps.progress.course import Course, course_of, standings_of
from apps.progress.models import Enrolment
from apps.progress.onward import among
from apps.progress.queries import taken_by
from tests import make
from tests.progress.test_onward import certify, module, newer, read

pytestmark = [pytest.mark.django_db, pytest.mark.pages]


def home(client: Client) -> str:
    page = client.get("/").content.decode()
    return " ".join(re.sub(r"<[^>]*>", " ", page.split("<main", 1)[1].split("</main>")[0]).split())


def tiles(client: Client, url: str = "/") -> list[str]:
    found = re.findall(r'<li class="sl-tile">.*?</li>', client.get(url).content.decode(), re.DOTALL)
    return [" ".join(re.sub(r"<[^>]*>", " ", tile).split()) for tile in found]


def test_somebody_new_is_offered_one_to_begin(client_of_learner: Client) -> None:
    module("a", 30), module("b", 9)
    page = home(client_of_learner)
    for said in ("Where to begin?", "Module b 9 minutes, 1 page.", "Two to go, 39 minutes."):
        assert said in page
    assert "Where were we?" not in page
    assert "0 of 2" not in page


def test_who_is_under_way_sees_where_they_were_and_how_much_is_left(learner: User, client_of_learner: Client) -> None:
    certify(learner, module("a", 30))
    read(learner, module("b", 2, 4, 5), "b-1")
    module("c", 7)
    page = home(client_of_learner)
    for said in ("Where were we?", "B 2", "Page 2 of 3 in “Module b”.", "After it, 5 minutes: a reading."):
        assert said in page
    for said in ("1 of 3 modules", "30 minutes", "Two to go, 16 minutes."):
        assert said in page


def test_modules_under_way_come_first_then_those_not_begun_then_those_done(
    learner: User, client_of_learner: Client
) -> None:
    certify(learner, module("a", 30))
    module("b", 7)
    read(learner, module("c", 2, 4), "c-1")
    first, second, third = tiles(client_of_learner)
    assert "Module c" in first
    assert "In progress 1 of 2 pages" in first
    assert "Not started, 7 minutes" in second
    assert re.search(r"Module a .*Done \d+ \w+ \d{4}", third)


def test_the_end_is_said_and_asks_for_nothing(learner: User, client_of_learner: Client) -> None:
    certify(learner, module("a", 30)), certify(learner, module("b", 3))
    page = home(client_of_learner)
    for said in ("That is all of it", "Both modules are done", "2 certificates, 33 minutes", "2 of 2 modules"):
        assert said in page
    assert "to go" not in page


def test_between_two_modules_it_asks_what_is_next(learner: User, client_of_learner: Client) -> None:
    certify(learner, module("a", 30))
    module("b", 7)
    assert "What next? Module b 7 minutes" in home(client_of_learner)


def test_the_catalogue_knows_how_somebody_stands_and_tells_strangers_the_minutes(
    learner: User, client_of_learner: Client
) -> None:
    certify(learner, module("a", 30))
    read(learner, module("b", 2, 4), "b-1")
    module("c", 7)
    done, under_way, new = tiles(client_of_learner, "/modules/")
    assert "Done " in done
    assert "In progress 1 of 2 pages" in under_way
    assert "Not started, 7 minutes" in new
    for tile in tiles(Client(), "/modules/"):
        assert re.search(r"\d minutes$", tile)
        assert not re.search("Done|In progress|Not started", tile)


def test_a_module_counts_once_and_one_that_is_archived_still_counts(learner: User) -> None:
    first, archived = module("a", 30), module("b", 9)
    certify(learner, first), certify(learner, archived)
    certify(learner, newer(first))
    make.archiving(archived.module)
    taken, offered = taken_by(learner), catalogue()
    course = course_of(taken, offered, among(taken, offered))
    assert (course.total, len(course.done), course.minutes_done) == (2, 2, 39)
    assert course.left_in_words == "That is all of it."
    assert course.segments == ["done", "done"]
    assert course.share_in_words == "the whole course: 2 of 2 modules, 39 minutes"


def test_of_those_under_way_the_one_touched_last_comes_first_and_is_marked(learner: User) -> None:
    for hours_ago, slug in ((3, "a"), (1, "b"), (2, "c")):
        read(learner, module(slug, 1, 1), f"{slug}-1", hours_ago=hours_ago)
    taken, offered = taken_by(learner), catalogue()
    course = course_of(taken, offered, among(taken, offered))
    assert [tile.edition.module.slug for tile in course.tiles] == ["b", "c", "a"]
    assert course.segments == ["here", "", ""]
    assert all(tile.is_learners for tile in course.tiles)
    assert course.here == course.tiles[0].edition.module_id
    assert course_of(taken, offered).here is None


def test_how_far_somebody_is_counts_what_is_required_of_the_newest_edition(learner: User) -> None:
    draft = make.draft("a")
    make.reading(draft, "one"), make.reading(draft, "two"), make.reading(draft, "extra", is_required=False)
    first = make.publish(draft)
    read(learner, first, "one", "extra")
    assert standings_of(learner)[first.module_id].pages == "1 of 2 pages"


def test_somebody_stands_where_they_are_in_the_newest_edition_whichever_they_began_first(learner: User) -> None:
    first = module("a", 1)
    second = newer(first)
    for edition, done in ((second, None), (first, make.NOW)):
        Enrolment.objects.create(learner=learner, edition=edition, started_at=make.NOW, completed_at=done)
    standing = standings_of(learner)[first.module_id]
    assert (standing.pages, standing.completed_at) == ("0 of 1 page", None)


def test_half_the_course_is_called_that(learner: User, client_of_learner: Client) -> None:
    certify(learner, module("a", 30))
    module("b", 9)
    page = client_of_learner.get("/learn/a/1/finish/").content.decode()
    assert "That makes half the course: 1 of 2 modules, 30 minutes." in " ".join(page.split())


def test_forty_modules_and_a_long_title(learner: User, client_of_learner: Client) -> None:
    for number in range(39):
        module(f"m{number}", 1)
    long = "An " + "exceedingly " * 9 + "long one"
    assert len(long) < 120
    read(learner, module("long", 1, 2, title=long), "long-1")
    page = home(client_of_learner)
    assert f"Page 2 of 2 in “{long}”." in page
    assert "40 to go, 41 minutes." in page
    assert len(tiles(client_of_learner)) == 40
    assert "sl-segments" not in client_of_learner.get("/").content.decode(), "forty are no row that anybody can see"


def test_the_row_of_modules_begins_with_the_next_step_and_has_twenty_parts_at_the_most() -> None:
    editions = [Edition(module_id=number) for number in range(1, 22)]
    assert Course((), editions[:3], (), here=2).segments == ["here", "", ""]
    assert Course((), editions[:3], ()).segments == [""] * 3
    assert len(Course((), editions[:20], ()).segments) == 20
    assert Course((), editions, ()).segments == []


@pytest.mark.parametrize(
    ("summary", "line"),
    [
        ("Friend requests, tags and the wrong chat. More of it.", "Friend requests, tags and the wrong chat."),
        ("Who hears you? You will see.", "Who hears you?"),
        ("Two cases.", "Two cases."),
        ("Dr. Smith posts a picture. It travels.", "Dr. Smith posts a picture."),
        ("It says “look twice.” Then it ends.", "It says “look twice.”"),
        ("Version 2.0 of the rules, e.g. those of 2024. More.", "Version 2.0 of the rules, e.g. those of 2024."),
        ("  Spaces \n and lines.  ", "Spaces and lines."),
        ("", ""),
        ("word " * 40, "word " * 11 + "word…"),
        ("x" * 300, "x" * 59 + "…"),
    ],
)
def test_a_tile_has_the_first_sentence_and_no_more(summary: str, line: str) -> None:
    assert first_sentence(summary, 60) == line


def test_a_tile_of_an_author_who_writes_without_end(client: Client) -> None:
    draft: Edition = make.draft("a", summary="so and " * 42)
    make.reading(draft)
    make.publish(draft)
    (tile,) = tiles(client, "/modules/")
    assert len(tile) < 150
    assert "…" in tile
