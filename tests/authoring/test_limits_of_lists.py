"""As many as are told at once, and what is said of the others."""

from __future__ import annotations

import datetime

import pytest

from apps.authoring import reporting
from apps.authoring.history import who
from apps.authoring.queries import (
    MOST_BY_THE_SPOT,
    MOST_ON_DESK,
    NewReport,
    find_publisher,
    find_sheet,
    id_in,
    is_said_already,
    keys_of_pages,
    names_on_reports,
    new_answers,
    open_reports,
    open_reports_by,
    open_reports_of,
    reports_by,
    words_of_reports,
)
from apps.authoring.searching import search
from apps.modules import actions as modules_actions
from apps.modules import page_kinds
from apps.modules.document import Head, PageDocument
from apps.modules.models import Edition, PageCitation
from apps.scenarios.models import Scene
from tests import make

pytestmark = pytest.mark.django_db

LATER = make.NOW + datetime.timedelta(hours=1)


def reported(edition: Edition, count: int, **fields: object) -> None:
    for number in range(count):
        make.report(edition, "case", sent_at=make.NOW + datetime.timedelta(minutes=number), **fields)


@pytest.mark.parametrize("more", [0, 1])
def test_more_reports_wait_only_where_one_is_not_shown(more: int) -> None:
    draft = make.started("posts")
    edition = draft.based_on
    assert edition is not None
    reported(edition, MOST_ON_DESK + more)
    on_desk = open_reports()
    assert (len(on_desk.newest), on_desk.has_more) == (5, bool(more))
    reported(edition, MOST_BY_THE_SPOT - MOST_ON_DESK)
    for by_the_spot in (open_reports_of(edition.module, "case"), open_reports_by(find_sheet(draft, "case"))):
        assert (len(by_the_spot.newest), by_the_spot.has_more) == (20, bool(more))
    page = make.client(make.author()).get("/admin/write/modules/posts/pages/case/")
    assert ("; more of it waits" in page.content.decode()) is bool(more)


def test_a_person_finds_twenty_of_their_own_and_is_told_of_five_answers() -> None:
    edition, person, author = make.edition("posts"), make.user(), make.author()
    reported(edition, 21, by=person)
    mine = reports_by(person, edition.module, "case")
    minutes = [(report.sent_at - make.NOW).seconds // 60 for report in mine]
    assert minutes == list(range(20, 0, -1))
    for report in mine[:7]:
        reporting.answer_report(report, author, LATER, "Mended.")
    assert len(list(new_answers(person, LATER))) == 5


@pytest.mark.parametrize(("count", "told"), [(1, "1 report"), (2, "2 reports")])
def test_what_becomes_of_reports_is_counted(count: int, told: str) -> None:
    person = make.user()
    assert (names_on_reports(person), words_of_reports(person)) == ([], [])
    reported(make.edition("posts"), count, by=person)
    assert names_on_reports(person) == [f"The name on {told} of something wrong on a page"]
    assert words_of_reports(person) == [f"The words of {told} of something wrong on a page"]


def test_two_readers_may_say_the_same() -> None:
    edition, at = make.edition("posts"), make.NOW
    page = edition.page_set.get(key="case")
    make.report(edition, "case", text="A slip.", by=make.user(), sent_at=at)
    later = at + datetime.timedelta(minutes=9)
    assert not is_said_already(NewReport(edition, page, "A slip."), later)
    make.report(edition, "case", text="A slip.", sent_at=at)
    assert is_said_already(NewReport(edition, page, "A slip."), later)
    assert not is_said_already(NewReport(edition, page, "A slip."), later + datetime.timedelta(minutes=1))


def test_pages_of_a_text_are_known_by_a_title_that_only_one_has() -> None:
    draft = make.draft("posts")
    for key, title in (("one", "Only"), ("two", "Twice"), ("three", "Twice")):
        make.reading(draft, key, title=title)
    kind = page_kinds.get("reading")

    def keys(*named: tuple[str, str]) -> list[str]:
        pages = [(kind, PageDocument(Head(key, title, "", 1, True, (), ()), "")) for key, title in named]
        return keys_of_pages(draft, pages)

    new = "?1"
    assert keys((new, "Only"), ("?2", "Only")) == ["one", "?2"]
    assert keys((new, "Twice")) == [new]
    assert keys(("one", "Other"), (new, "Only")) == ["one", new]
    assert keys(("own", "Only")) == ["own"]


def test_only_who_is_there_and_may_is_found() -> None:
    publisher, author = make.publisher(), make.author()
    assert find_publisher(publisher.email) == publisher
    assert find_publisher(author.email) is None
    publisher.is_active = False
    publisher.save()
    assert find_publisher(publisher.email) is None


@pytest.mark.parametrize(("said", "id_"), [("7", 7), ("9" * 18, 10**18 - 1), ("9" * 19, 0), ("²", 0), ("-1", 0)])
def test_an_id_is_a_number_that_a_database_holds(said: str, id_: int) -> None:
    assert id_in(said) == id_


def test_who_has_left_is_somebody_still() -> None:
    revision, author = make.revision(make.draft("posts")), make.author()
    assert who(revision, author) == ""
    revision.by = author
    assert (who(revision, author), who(revision, None)) == ("you", author.full_name)
    author.full_name = ""
    assert who(revision, None) == "somebody who has left"


# Search -------------------------------------------------------------------------------------------------------------


def test_of_a_block_the_three_texts_are_told_that_have_most_of_the_words() -> None:
    draft = make.draft("posts")
    make.scenario(draft)
    texts = {"title": "alpha", "body": "alpha beta", "thought": "beta", "question": "alpha beta", "place": "alpha"}
    Scene.objects.filter(edition=draft, key="case-scene-2").update(**texts)
    (edition,) = search("alpha beta").editions
    (hit,) = edition.pages[0].hits
    assert [line.where for line in hit.lines] == ["title", "situation", "question"]
    assert (hit.more, hit.more_told) == (2, "And in 2 more texts of it.")


def test_ten_sources_facts_and_citing_pages_are_listed() -> None:
    edition = make.draft("posts")
    source = make.source("zebra", title="The zebra", year=1999)
    for number in range(12):
        page = make.page(edition, f"page-{number:02}")
        PageCitation.objects.create(edition=edition, page=page, source=source, position=1)
        make.source(f"horse-{number:02}", title="A horse")
        make.fact(f"C1.{number}", statement="A horse.", source=source)
    (found,) = search("zebra 1999").sources
    assert [place.page.page.key for place in found.citing if place.page] == [f"page-{n:02}" for n in range(10)]
    assert found.more == 2
    horses = search("horse")
    assert (len(horses.sources), horses.more_sources) == (10, 2)
    assert (len(horses.facts), horses.more_facts) == (10, 2)
    client = make.client(make.author())
    assert "; and 2 more" in client.get("/admin/write/search/?q=zebra+1999").content.decode()
    assert client.get("/admin/write/search/?q=horse").content.decode().count("And 2 more.") == 2


def test_places_are_counted_and_the_newest_edition_is_led_to() -> None:
    draft = make.draft("posts")
    page = make.reading(draft, "zebra", sources=0, body="A zebra.")
    PageCitation.objects.create(edition=draft, page=page, source=make.source("zoo", title="Zoo"), position=1)
    assert search("zebra").counted == "1 place"
    edition = make.publish(draft)
    newer = modules_actions.start_draft(edition)
    (found,) = search("zoo").sources
    assert [place.of.edition for place in found.citing] == [newer]
