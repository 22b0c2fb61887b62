"""Search: where something is said in drafts and editions."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from apps.authoring.searching import MOST_SHOWN, Hit, Results, search
from apps.modules import actions as modules_actions
from apps.modules.models import Edition, Module, Page, PageCitation
from apps.quizzes.models import Option, Question, Quiz
from apps.scenarios.models import Choice, Gauge, Scenario, Scene, ScenePart
from tests import make

pytestmark = [pytest.mark.django_db, pytest.mark.pages]

SEARCH = "/admin/write/search/"

# Where authors' words stand: the page, its block, the row, and by column what an author calls it there.
SAID = [
    ("", "", Edition, "", {"title": "title", "summary": "summary", "learning_outcomes": "outcomes",
                           "curriculum_links": "curriculum"}),
    ("reading-1", "", Page, "reading-1", {"title": "title", "summary": "summary", "body": "text", "facts": "facts"}),
    ("case", "", Scenario, "case", {"role": "role", "guidance": "guidance", "reflection": "reflection",
                                    "plan_lines": "plan"}),
    ("case", "", Gauge, "trust", {"name": "gauge 1, name"}),
    ("case", "case-scene-2", Scene, "case-scene-2", {
        "title": "title", "clock": "clock", "place": "place", "body": "situation", "thought": "the pull",
        "question": "question", "teaching_point": "what to take along", "facts": "facts"}),
    ("case", "case-scene-2", ScenePart, "case-scene-2-part", {
        "author": "part 1, who", "meta": "part 1, when and where", "text": "part 1, text",
        "image_alt": "part 1, what it shows", "footer": "part 1, footer"}),
    ("case", "case-scene-2", Choice, "case-scene-2-best", {
        "text": "choice (b), text", "consequence": "choice (b), what follows"}),
    ("quiz", "", Quiz, "quiz", {"introduction": "introduction"}),
    ("quiz", "quiz-q2", Question, "quiz-q2", {
        "theme": "theme", "title": "name", "stem": "stem", "rationale": "why", "facts": "facts"}),
    ("quiz", "quiz-q2", Option, "quiz-q2-wrong-2", {"text": "answer C, text", "feedback": "answer C, feedback"}),
]  # fmt: skip


def make_draft() -> Edition:
    """A draft that says what the edition in force says."""
    draft = make.draft("posts")
    make.reading(draft, "reading-1")
    make.gauge(make.scenario(draft))
    make.quiz(draft)
    return modules_actions.start_draft(make.publish(draft))


def make_readable(slug: str, body: str) -> Edition:
    """A draft with a page that says this."""
    draft = make.draft(slug)
    make.reading(draft, body=body)
    return draft


def read(client: Client, asked: str, status: int = 200) -> str:
    response = client.get(SEARCH, {"q": asked})
    assert response.status_code == status
    return " ".join(response.content.decode().split())


def hits(found: Results) -> list[Hit]:
    return [hit for edition in found.editions for page in edition.pages for hit in page.hits]


def where(found: Results) -> list[str]:
    """`draft of edition 2/case/case-scene-1` of each hit."""
    places = [hit.place for hit in hits(found)]
    return ["/".join((one.of.label, one.page.page.key if one.page else "", one.block.key)) for one in places]


def test_words_are_found_wherever_authors_write_them() -> None:
    draft, expected = make_draft(), set()
    for page, block, model, key, columns in SAID:
        rows = make.unguarded(model).filter(**{"edition": draft, "key": key} if key else {"pk": draft.pk})
        words = {column: f"zq {len(expected) + number}" for number, column in enumerate(columns)}
        assert rows.update(**words) == 1
        expected |= {(page, block, columns[column], words[column]) for column in columns}
    found = {
        (hit.place.page.page.key if hit.place.page else "", hit.place.block.key, passage.where, passage.text)
        for hit in hits(search("ZQ"))
        for passage in hit.found
    }
    assert found == expected


def test_what_the_draft_and_the_edition_in_force_both_say_is_told_once() -> None:
    draft = make_draft()
    make.unguarded(Scene).filter(edition=draft, key="case-scene-1").update(thought="It is never only us.")
    found = search("“only us”")
    assert where(found) == [
        "draft of edition 2/case/case-scene-1",
        "draft of edition 2/case/case-scene-2",
        "draft of edition 2/case/case-scene-3",
        "edition 1, in force/case/case-scene-1",
    ]
    same = [[place.of.label for place in hit.same] for hit in hits(found)]
    assert same == [[], ["edition 1, in force"], ["edition 1, in force"], []]


def test_all_words_must_stand_in_one_block() -> None:
    make_draft()
    make.unguarded(Scene).filter(key="case-scene-2").update(thought="U\N{COMBINING DIAERESIS}ber alles")
    assert where(search("ÜBER sho")) == [
        "draft of edition 2/case/case-scene-2"
    ]  # the part of the scene is from the SHO
    assert where(search("über F1")) == []  # the case itself says: You are an F1


def test_what_an_edition_says_of_itself_is_found_where_its_reader_may_see_it() -> None:
    draft = make.draft("posts", title="Something rare")
    make.reading(draft)
    for person, leads in ((make.author(), "posts/edition/"), (make.reviewer(), "posts/preview/")):
        found = re.findall(r'href="/admin/write/modules/(posts/[^"]*)"', read(make.client(person), "rare"))
        assert [path.partition("?")[0] for path in found] == [leads]


def test_the_words_of_links_are_read_on_and_their_addresses_found_too() -> None:
    draft = make.draft("posts")
    make.page(draft, "reading", body="What **the [GMC](https://gmc.example.org/a) says**. [It](#source-a).")
    (hit,) = hits(search("“the gmc says.”"))
    assert [passage.where for passage in hit.found] == ["text"]
    (hit,) = hits(search("gmc.example.org"))
    assert [passage.where for passage in hit.found] == ["text, links"]
    assert not hits(search("source-a"))


def test_older_and_archived_ones_are_looked_through_on_request() -> None:
    newer = modules_actions.start_draft(make.publish(make_readable("posts", "The old way.")))
    make.unguarded(Page).filter(edition=newer).update(body="The newer way.")
    make.publish(newer)
    make.archiving(make.publish(make_readable("shut", "The old way, too.")).module)
    assert where(search("old")) == []
    assert where(search("old", is_all=True)) == [
        "edition 1, no longer in force/reading/",
        "edition 1, of an archived module/reading/",
    ]


def test_what_is_withdrawn_is_found_unless_a_newer_edition_has_followed() -> None:
    def published(slug: str) -> Edition:
        return make.publish(make_readable(slug, "A way."))

    withdrawn, followed, archived = (published(slug) for slug in ("gone", "followed", "shut"))
    newer = modules_actions.start_draft(followed)
    make.unguarded(Page).filter(edition=newer).update(body="Another one.")
    make.publish(newer)
    for edition in (withdrawn, followed, archived):
        make.withdrawal(edition)
    make.archiving(archived.module)
    found = {
        is_all: {(one.of.edition.module.slug, one.of.label) for one in search("way", is_all=is_all).editions}
        for is_all in (False, True)
    }
    assert found[False] == {("gone", "edition 1, withdrawn")}
    assert found[True] == found[False] | {
        ("followed", "edition 1, no longer in force"),
        ("shut", "edition 1, of an archived module"),
    }


def test_what_is_found_stands_in_the_order_of_the_catalogue_and_the_newest_first() -> None:
    for position, slugs in ((2, ("alpha", "beta")), (1, ("gamma",))):
        for slug in slugs:
            newer = modules_actions.start_draft(make.publish(make_readable(slug, f"The old way of {slug}.")))
            Module.objects.filter(slug=slug).update(position=position)
            make.unguarded(Page).filter(edition=newer).update(body=f"The way of {slug}.")
            draft = modules_actions.start_draft(make.publish(newer))
            make.unguarded(Page).filter(edition=draft).update(body=f"The coming way of {slug}.")
    found = [(one.of.edition.module.slug, one.of.label) for one in search("way", is_all=True).editions]
    labels = ("draft of edition 3", "edition 2, in force", "edition 1, no longer in force")
    assert found == [(slug, label) for slug in ("gamma", "alpha", "beta") for label in labels]


def test_who_writes_is_led_to_where_it_is_written_and_who_reads_to_the_preview() -> None:
    make_draft()
    make.withdrawal(make.publish(make_readable("other", "Ask first, too.")))
    write = "/admin/write/modules/posts/pages"
    links = {
        make.author: [f"{write}/case/?at=case-scene-1", "/learn/posts/1/scenario/case/", "/admin/write/modules/other/"],
        make.reviewer: [f"{write}/case/preview/?scene=case-scene-1", "/learn/posts/1/scenario/case/"],
    }
    for person, expected in links.items():
        page = read(make.client(person()), "ask first")
        assert [link for link in expected if f'href="{link}"' not in page] == []
    page = read(make.client(make.publisher()), "case 3")
    assert f'href="{write}/quiz/?at=quiz-q3"' in page
    assert 'href="/learn/posts/1/quiz/quiz/"' in page
    reviewer = make.client(make.role("Reviewer").user_set.get())
    for asked, link in (
        ("case 3", f"{write}/quiz/preview/?question=3"),
        ("describe", "/admin/write/modules/posts/preview/"),
    ):
        assert f'href="{link}"' in read(reviewer, asked)
        assert reviewer.get(link).status_code == 200


def test_an_excerpt_is_words_and_no_markup() -> None:
    draft = make.draft("posts")
    make.page(draft, "reading", body="Before <b>bold</b> & after.", title="<script>")
    page = read(make.client(make.author()), "<B>BOLD")
    assert "Before <mark>&lt;b&gt;bold</mark>&lt;/b&gt; &amp; after." in page
    assert "&lt;script&gt;" in page
    assert "<script>" not in page
    assert 'value="&lt;B&gt;BOLD"' in page


def test_what_cannot_be_looked_for_is_told() -> None:
    client = make.client(make.author())
    assert "Look for two letters at least." in read(client, "a %_", 422)
    assert "These are 101 characters. Look for 100 at the most." in read(client, "a" * 101, 422)
    assert "that no text can hold" in read(client, "ab\0", 422)
    assert 'id="found"' not in read(client, "  ")
    assert "Nothing found" in read(client, "ab_%\\")
    assert "Nothing found" in read(client, "“” “ ” ' ab")
    response = client.get(f"{SEARCH}?q=ab%ED%A0%80%FF&all=maybe")
    assert "Nothing found" in response.content.decode()
    assert client.post(SEARCH, {"q": "ab"}).status_code == 405


def test_of_many_places_the_first_are_shown() -> None:
    draft = make.draft("posts")
    for number in range(MOST_SHOWN + 12):
        make.page(draft, f"page-{number}", body="Say it. Say it again.")
    page = read(make.client(make.author()), "say")
    assert "Found in 62 places" in page
    assert "These are the first 50, and 12 more." in page
    assert len(re.findall("<dt>", page)) == MOST_SHOWN


def test_sources_and_facts_are_found_with_the_pages_that_use_them() -> None:
    draft = make.draft("posts", title="Posts")
    made = make.source("gmc-2024", authors="General Medical Council", title="Using social media", year=2024)
    make.source("other", authors="Medical Council of Somewhere")
    make.cite(PageCitation, [make.page(draft, "cites", title="It cites")], 0)
    page = draft.page_set.get()
    PageCitation.objects.create(edition=draft, page=page, source=made)
    make.unguarded(Page).update(facts="A1.1")
    make.fact("A1.1", source=made, statement="Social media widen networks.", view_of="the GMC")
    client = make.client(make.author())
    found = read(client, "social media")
    assert "No draft and no edition says this" in found
    assert "General Medical Council. Using <mark>social</mark> <mark>media</mark>" in found
    assert (
        'Cited on <a href="/admin/write/modules/posts/pages/cites/">It cites</a> (Posts, draft of edition 1).' in found
    )
    assert "A1.1: <mark>Social</mark> <mark>media</mark> widen networks." in found
    assert '<a href="?q=A1.1">' in found
    assert "<dd> <mark>A1.1</mark> </dd>" in read(client, "A1.1")
    assert "No page cites it." in read(client, "somewhere")


def test_only_those_who_read_drafts_are_shown_the_way() -> None:
    make_draft()
    assert SEARCH in make.client(make.reviewer()).get("/admin/").content.decode()
    educator = make.client(make.educator())
    assert SEARCH not in educator.get("/admin/").content.decode()
    assert educator.get(SEARCH, {"q": "quiet"}).status_code == 404
