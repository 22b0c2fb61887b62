"""The desk and the page of a module, as authors and publishers use them."""

import datetime
import re
from dataclasses import replace

import pytest

from apps.accounts.models import User
from apps.authoring import arranging
from apps.authoring.actions import Edit, Stamp, UnstorableError, save_document
from apps.authoring.models import Revision
from apps.authoring.overview import all_modules, on_desk
from apps.modules import page_kinds, rows
from apps.modules.actions import discard_draft, publish, start_draft
from apps.modules.document import ORDER
from apps.modules.models import Edition, Module, Page
from apps.modules.problems import error
from apps.progress import actions as progress_actions
from tests import make
from tests.in_admin import Page as Answered
from tests.in_admin import read

pytestmark = [pytest.mark.django_db, pytest.mark.pages]

MODULE = "/admin/write/modules/posts/"


@pytest.fixture
def draft():
    return make.started("posts", is_full=True)


@pytest.fixture
def author():
    return make.client(make.author())


def order(draft):
    return list(Page.objects.filter(edition=draft).order_by("position").values_list("key", flat=True))


def seen(draft):
    return rows.read_edition_document(draft).digest(ORDER)


def moves(browser, draft, what, **more):
    return browser.post(f"{MODULE}order/", {"do": what, "seen": seen(draft), **more}, follow=True)


@pytest.mark.no_cover
def test_all_documents_are_read_at_once_as_one_by_one(draft):
    other = make.edition("other", is_full=True)
    read = rows.read_documents([draft, other])
    for edition in (draft, other):
        assert [page.key for page, _ in read[edition.pk]] == order(edition)
        assert all(document == rows.read_document(page) for page, document in read[edition.pk])


def test_the_desk_says_where_somebody_left_off_and_what_is_to_mend(draft):
    person = make.author()
    desk = make.client(person)
    assert "Go on where you left off" not in read(desk, "/admin/").text
    document = rows.read_document(Page.objects.get(edition=draft, key="case"))
    pointless = replace(document.scenes[0].choices[0], target="")
    scene = replace(document.scenes[0], choices=(pointless, *document.scenes[0].choices[1:]))
    save_document(
        draft,
        Edit("case", document.with_block(scene.key, scene), document.digest()),
        Stamp(person, make.NOW),
    )
    page = read(desk, "/admin/")
    assert "Go on where you left off" in page.text
    assert "leads nowhere" in page.text
    assert "1 page changed since edition 1" in page.text
    assert f"{MODULE}pages/case/?at={scene.key}" in page.links
    assert "Go on where you left off" not in read(make.client(make.publisher()), "/admin/").text, "it is another's"


def test_a_draft_that_nothing_stops_is_what_a_publisher_sees_first(draft):
    publisher = make.client(make.publisher())
    Edition.objects.filter(pk=draft.pk).update(learning_outcomes="")
    assert "Ready to be published" not in read(publisher, "/admin/").text, "its outcomes are missing"
    Edition.objects.filter(pk=draft.pk).update(learning_outcomes="Say why")
    assert "Ready to be published" in read(publisher, "/admin/").text
    assert "Ready to be published" not in read(make.client(make.author()), "/admin/").text


def test_the_desk_greets_and_says_whom_to_ask(draft):
    author = make.client(make.author())
    assert re.search("Good (morning|afternoon|evening), Sam Learner", read(author, "/admin/").text)
    assert "When a draft is ready, tell whoever looks after this site." in read(author, "/admin/").text
    publisher = make.publisher()
    User.objects.filter(pk=publisher.pk).update(full_name="Paz Publisher")
    assert "When a draft is ready, tell Paz Publisher." in read(author, "/admin/").text
    told = read(make.client(publisher), "/admin/").text
    assert "You may also publish them" in told
    assert "When a draft is ready, tell" not in told


def test_an_educator_has_records_and_nothing_of_drafts(draft):
    page = read(make.client(make.educator()), "/admin/")
    assert "Drafts" not in page.text
    assert MODULE not in page.links


def test_a_module_begins_with_a_title_and_once(author):
    for _ in range(2):
        answer = author.post("/admin/write/new/", {"title": "Night shifts"})
        assert answer.headers["Location"] == "/admin/write/modules/night-shifts/"
    draft = Edition.objects.drafts().get()
    assert (draft.title, draft.module.slug) == ("Night shifts", "night-shifts")
    arranging.add_page(draft, page_kinds.get("reading"), "Before", Stamp(None, make.NOW))
    assert author.post("/admin/write/new/", {"title": "Night shifts"}).headers["Location"].endswith("night-shifts-2/")


def test_two_modules_that_begin_at_once_have_each_their_own(author):
    for title in ("Night shifts", "Day shifts", "Night shifts"):
        author.post("/admin/write/new/", {"title": title})
    assert set(Edition.objects.values_list("title", "module__slug")) == {
        ("Night shifts", "night-shifts"),
        ("Day shifts", "day-shifts"),
    }


@pytest.mark.parametrize(
    ("title", "slug"), [("夜勤", "module"), ("É" * 100, "e" * 74), ("modules / new", "modules-new")]
)
def test_any_title_makes_an_address(author, title, slug):
    assert author.post("/admin/write/new/", {"title": title}).headers["Location"] == f"/admin/write/modules/{slug}/"
    assert author.get(f"/admin/write/modules/{slug}/").status_code == 200


def test_an_empty_title_is_said_to_be_missing(author):
    answer = author.post("/admin/write/new/", {"title": " "})
    assert answer.status_code == 422
    assert "is missing" in answer.content.decode()
    assert not Module.objects.exists()


def test_a_draft_is_started_once(author):
    edition = make.edition("posts")
    for _ in range(2):
        assert author.post(f"{MODULE}start/").headers["Location"] == MODULE
    assert Edition.objects.drafts().get().based_on == edition


def test_pages_move_and_the_same_button_has_the_focus(author, draft):
    before = order(draft)
    answer = moves(author, draft, f"down:{before[0]}")
    assert order(draft) == [before[1], before[0], *before[2:]]
    assert answer.redirect_chain[0][0] == f"{MODULE}?moved=down:{before[0]}#page-{before[0]}"
    button = f'value="down:{before[0]}" autofocus'
    assert button in answer.content.decode().replace("\n", " ")
    answer = moves(author, draft, f"up:{before[0]}")
    assert order(draft) == before
    assert button in answer.content.decode(), "at the top, Up is off"
    answer = moves(author, draft, f"down:{before[-2]}")
    assert order(draft)[-1] == before[-2]
    assert f'value="up:{before[-2]}" autofocus' in answer.content.decode(), "at the end, Down is off"


def test_a_move_seen_in_another_order_moves_nothing(author, draft):
    before, old = order(draft), seen(draft)
    moves(author, draft, f"down:{before[0]}")
    now = order(draft)
    answer = moves(author, draft, f"down:{before[1]}", seen=old)
    assert "nothing was moved" in answer.content.decode()
    assert order(draft) == now


@pytest.mark.parametrize(
    "what", ["", "up", "up:", "up:nothing", "over:reading-1", "up:\0", "down:reading-1:x", "x" * 500]
)
def test_a_strange_move_moves_nothing(author, draft, what):
    before = order(draft)
    assert moves(author, draft, what).status_code == 200
    assert order(draft) == before


def test_a_page_of_each_kind_is_added_once_and_opens(author, draft):
    for kind in page_kinds.all_kinds():
        for _ in range(2):
            answer = author.post(f"{MODULE}add/", {"title": "New: * > # page", "kind": kind.name})
            key = order(draft)[-1]
            assert answer.headers["Location"] == f"{MODULE}pages/{key}/"
        page = Page.objects.get(edition=draft, key=key)
        assert (page.kind, page.title) == (kind.name, "New: * > # page")
    assert Page.objects.filter(edition=draft, title="New: * > # page").count() == len(page_kinds.all_kinds())


@pytest.mark.parametrize("kind", [kind.name for kind in page_kinds.all_kinds()])
def test_a_page_of_the_same_title_is_another_once_the_first_is_written_in(author, draft, kind):
    for number in (1, 2):
        author.post(f"{MODULE}add/", {"title": "Before", "kind": kind})
        added = Page.objects.filter(edition=draft, title="Before").order_by("position")
        assert len(added) == number
        document = rows.read_document(added[number - 1])
        written = replace(document, head=replace(document.head, summary="Written."))
        save_document(draft, Edit(document.head.key, written, document.digest()), Stamp(None, make.NOW))


def test_a_page_is_added_with_a_title_and_a_button_for_its_kind(author, draft):
    page = read(author, MODULE)
    assert "Title of the new page" in page.text
    assert [f"Add a {kind.noun}" in page.text for kind in page_kinds.all_kinds()] == [True, True, True]
    answer = author.post(f"{MODULE}add/", {"title": "", "kind": "quiz"})
    assert 'id="id_title_error"' in answer.content.decode()


def test_why_a_page_cannot_be_stored_is_said_at_its_title(author, draft, monkeypatch):
    def refuse(*_):
        raise UnstorableError([error("its title is not what it seems.")])

    monkeypatch.setattr("apps.authoring.arranging.save_document", refuse)
    answer = author.post(f"{MODULE}add/", {"title": "New", "kind": "quiz"})
    assert answer.status_code == 422
    shown = answer.content.decode().partition('id="id_title_error"')[2].partition("</")[0]
    assert "This cannot be stored. its title is not what it seems." in shown


@pytest.mark.parametrize("data", [{}, {"title": "New"}, {"title": "", "kind": "quiz"}, {"title": "N", "kind": "poem"}])
def test_a_page_without_title_or_kind_is_not_added(author, draft, data):
    before = order(draft)
    assert author.post(f"{MODULE}add/", data).status_code == 422
    assert order(draft) == before


def test_a_page_is_removed_after_one_question_and_can_be_had_back(author, draft):
    before = order(draft)
    asking = read(author, f"{MODULE}pages/case/remove/")
    assert order(draft) == before
    assert "scene “" in asking.text
    author.post(f"{MODULE}pages/case/remove/", asking.fields)
    assert order(draft) == [key for key in before if key != "case"]
    assert Revision.objects.of_sheet(draft, "case").exists()
    again = author.post(f"{MODULE}pages/case/remove/", follow=True)
    assert "This page is not there any more." in again.content.decode(), "pressed twice"
    assert author.get(f"{MODULE}pages/case/remove/").status_code == 404


def test_a_page_is_not_said_to_be_removed_when_it_is_not(author, draft, monkeypatch):
    arrange = arranging.arrange

    def late(*args):
        make.page(draft, "late")
        return arrange(*args)

    asked = read(author, f"{MODULE}pages/case/remove/").fields
    monkeypatch.setattr("apps.authoring.views.module.arranging.arrange", late)
    text = author.post(f"{MODULE}pages/case/remove/", asked, follow=True).content.decode()
    assert "case" in order(draft)
    assert "nothing was removed" in text
    assert "is removed" not in text


def test_a_draft_is_discarded_after_one_question(author, draft):
    asking = read(author, f"{MODULE}discard/")
    assert "cannot be undone" in asking.text
    assert Edition.objects.drafts().exists()
    assert author.post(f"{MODULE}discard/", asking.fields).headers["Location"] == MODULE
    assert not Edition.objects.drafts().exists()
    assert Edition.objects.published().count() == 1
    author.post("/admin/write/new/", {"title": "Nights"})
    nights = "/admin/write/modules/nights/discard/"
    answer = author.post(nights, read(author, nights).fields)
    assert answer.headers["Location"] == "/admin/", "nothing is left of a module that was never published"


def test_a_page_of_an_unknown_kind_is_left_as_it_is(author, draft):
    sent = read(author, f"{MODULE}edition/").fields
    author.post(f"{MODULE}edition/", {**sent, "title": "Anew"})
    undo = read(author, f"{MODULE}edition/history/").fields
    make.unguarded(Page).filter(edition=draft, key="case").update(kind="film")
    module = read(author, MODULE)
    assert "Page of an unknown kind" in module.text
    assert f"{MODULE}pages/case/remove/" not in module.links
    said, refused = order(draft), "Nothing was changed. The page case is of an unknown kind: film."
    remove = f"{MODULE}pages/case/remove/"
    for answer in (
        author.get(remove, follow=True),
        author.post(remove, follow=True),
        author.post(f"{MODULE}edition/undo/", undo, follow=True),
    ):
        assert answer.redirect_chain == [(MODULE, 302)]
        assert refused in answer.content.decode()
    assert order(draft) == said


@pytest.mark.parametrize("is_restarted", [False, True])
def test_what_was_saved_after_the_question_is_not_discarded(author, draft, is_restarted):
    asked = read(author, f"{MODULE}discard/").fields
    if is_restarted:
        discard_draft(draft)
        draft = start_draft(draft.based_on)
    make.page(draft, "late")
    for fields in (asked, {}):
        answer = author.post(f"{MODULE}discard/", fields)
        assert answer.status_code == 409
        assert "changed the draft after you opened this page" in answer.content.decode()
        assert "late" in order(draft)
    assert author.post(f"{MODULE}discard/", Answered(answer).fields).status_code == 302
    assert not Edition.objects.drafts().exists()


@pytest.mark.parametrize("way", [discard_draft, lambda draft: publish(draft, None, make.NOW)])
@pytest.mark.parametrize("is_late", [False, True])
def test_what_was_written_of_an_edition_that_is_gone_is_kept(author, draft, way, is_late, monkeypatch):
    sent = read(author, f"{MODULE}edition/").fields | {
        "title": "",
        "summary": "My own words.",
        "outcomes": "One\r\nTwo",
    }
    if is_late:
        sent["title"] = "Mine"

        def late(*args):
            way(draft)
            return save_document(*args)

        monkeypatch.setattr("apps.authoring.views.module.save_document", late)
    else:
        way(draft)
    kept = author.post(f"{MODULE}edition/", sent)
    assert kept.status_code == 409
    fields = Answered(kept).fields
    assert "My own words." in fields["text"][0]
    again = start_draft(Edition.objects.published().order_by("number").last())
    before = order(again)
    text = fields["text"][0].replace("title: \n", "title: Mine\n")
    checked = Answered(author.post(f"{MODULE}text/", fields | {"text": text, "do": "check"}))
    author.post(f"{MODULE}text/", checked.fields | {"do": "store"})
    again.refresh_from_db()
    assert (again.summary, again.outcomes, order(again)) == ("My own words.", ["One", "Two"], before)


def published(draft):
    publish(draft, make.user(full_name="Paz Publisher"), make.NOW)


@pytest.mark.parametrize("address", ["add", "order", "discard", "pages/case/remove"])
def test_what_comes_after_the_draft_is_gone_is_told(author, draft, address):
    discard_draft(draft)
    answer = author.post(f"{MODULE}{address}/", {"title": " ", "kind": "quiz", "do": "up:case"}, follow=True)
    assert answer.redirect_chain == [(MODULE, 302)]
    assert "There is no draft here any more" in answer.content.decode()


@pytest.mark.parametrize(("way", "told"), [(discard_draft, "discarded"), (published, "Paz Publisher published")])
def test_the_title_of_a_page_outlives_the_draft_that_it_was_for(author, draft, way, told):
    sent = {"title": "Night crew", "kind": "quiz", "draft": draft.pk}
    make.draft("other")
    way(draft)
    kept = author.post(f"{MODULE}add/", sent)
    assert kept.status_code == 409
    assert told in kept.content.decode()
    assert "Start a new draft in a new tab" in kept.content.decode()
    forged = author.post(f"{MODULE}add/", {**sent, "draft": make.edition("third").pk})
    assert "The draft was published or discarded in the meantime." in forged.content.decode(), "that is of another"
    page = Answered(kept)
    assert page.fields["title"] == ["Night crew"]
    author.post(f"{MODULE}start/")
    answer = author.post(f"{MODULE}add/", {**page.fields, "kind": "quiz"})
    assert (answer.status_code, answer["Location"]) == (302, f"{MODULE}pages/night-crew/")


def test_where_nothing_was_published_no_new_draft_is_offered(author, draft):
    author.post("/admin/write/new/", {"title": "Nights"})
    nights = "/admin/write/modules/nights/"
    discard_draft(Edition.objects.drafts().get(module__slug="nights"))
    kept = author.post(f"{nights}add/", {"title": "Night crew", "kind": "quiz"})
    assert kept.status_code == 409
    assert "The module has no draft any more. Keep a copy of the text below." in kept.content.decode()
    assert f'action="{nights}start/"' not in kept.content.decode()


def test_what_a_draft_says_of_itself_is_saved_and_compared(author, draft):
    page = read(author, f"{MODULE}edition/")
    sent = {**page.fields, "title": "Posts, and what follows", "outcomes": "Say why\nSay how"}
    assert author.post(f"{MODULE}edition/", sent).status_code == 302
    draft.refresh_from_db()
    assert (draft.title, draft.outcomes) == ("Posts, and what follows", ["Say why", "Say how"])
    assert Page.objects.filter(edition=draft).exists()
    again = author.post(f"{MODULE}edition/", {**sent, "title": "Stale"})
    assert again.status_code == 409, "made from what is not there any more"
    assert "Stale" in again.content.decode()
    draft.refresh_from_db()
    assert draft.title == "Posts, and what follows"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", ""),
        ("title", "x" * 121),
        ("summary", "x" * 10_000),
        ("illustration", "no-such.svg"),
        ("outcomes", "\0"),
    ],
)
def test_what_it_cannot_say_is_told_at_its_field(author, draft, field, value):
    sent = {**read(author, f"{MODULE}edition/").fields, field: value}
    answer = author.post(f"{MODULE}edition/", sent)
    assert answer.status_code == 422
    assert f'id="id_{field}_error"' in answer.content.decode()


def test_the_module_page_counts_its_learners(author, draft):
    edition = draft.based_on
    for _ in range(2):
        progress_actions.enrol(make.user(), edition, make.NOW)
    make.completed(make.user(), edition)
    text = read(author, MODULE).text
    assert "Under way 2" in text
    assert "Completed 1" in text
    assert "Draft of edition 2" in text


def test_what_readers_say_arrives_by_the_spot(author, draft):
    """On the desk, on the module's page, and on the page of which it is said; on no other."""
    make.report(draft.based_on, "case", text="The clock is wrong.")
    make.report(draft.based_on, "reading-1", text="A word is missing.")
    pages = f"{MODULE}pages/"
    assert "The clock is wrong." in read(author, "/admin/").text
    assert "The clock is wrong." in read(author, f"{pages}case/text/").text
    assert "A word is missing." not in read(author, f"{pages}case/text/").text
    assert "A word is missing." in read(author, f"{pages}reading-1/").text


def test_the_head_of_each_page_names_who_is_there_and_what_they_are(author):
    page = author.get("/admin/").content.decode()
    assert "<span>Sam Learner, author</span>" in page
    both = make.publisher()
    both.groups.add(make.role("Educator"))
    page = make.client(both).get("/admin/write/modules/").content.decode()
    assert "<span>Sam Learner, publisher and educator</span>" in page


@pytest.mark.parametrize(
    ("key", "first", "facts"),
    [
        ("reading-1", {"The page": ""}, "Page 1 of When posts go wrong, draft of edition 2."),
        (
            "case",
            {"Scenes": "", "About the case": "?at="},
            "Page 3 of When posts go wrong, draft of edition 2. 5 scenes. "
            "The shortest way takes 2 decisions, the longest 3.",
        ),
        ("quiz", {"Questions": "", "About the quiz": "?at="}, "Page 4 of When posts go wrong, draft of edition 2. "),
    ],
)
def test_the_head_of_a_page_says_what_it_is_and_leads_to_its_tabs(author, draft, key, first, facts):
    """A tab that leads away from a form is a button of it; the one that is open says so."""
    page = f"{MODULE}pages/{key}/"
    tabs = {**first, "As text": "text/", "History": "history/"}
    for words, path in tabs.items():
        body = author.get(f"{page}{path}").content.decode()
        nav = re.search('<nav class="sl-tabs".*?</nav>', body, re.DOTALL)[0]
        shown = re.findall(r">([^<>]+)</(?:a|button)>", nav)
        assert shown == [*tabs]
        assert re.findall(r'aria-current="page">([^<]+)<', nav) == [words]
        if words == "History":
            assert re.findall('href="([^"]*)"', nav) == [f"{page}{path}" for path in tabs.values()]
        else:
            assert f'<p class="sl-sub">{facts}' in body


def test_what_was_published_last_stands_first(author):
    for day, slug in ((2, "second"), (3, "third"), (0, "zeroth"), (1, "first")):
        edition = make.edition(slug)
        at = make.NOW + datetime.timedelta(days=day)
        make.unguarded(Edition).filter(pk=edition.pk).update(published_at=at, title=slug.title())
    recent = read(author, "/admin/").text.partition("Recently published")[2]
    assert [word for word in recent.replace(",", " ").split() if word in {"Zeroth", "First", "Second", "Third"}] == [
        *("Third", "Second", "First")
    ], "three are shown"


def test_the_desk_shows_the_last_save_of_each_draft_whoever_made_it(draft):
    me, other = make.author(), make.publisher()
    drafts = {"posts": draft, "second": make.started("second"), "third": make.started("third")}
    saves = [("posts", me, 1), ("second", me, 2), ("posts", other, 3), ("second", other, 4), ("third", None, 5)]
    for number, (slug, by, hour) in enumerate(saves, start=1):
        made = make.revision(drafts[slug], number=number, by=by, text=f"reading: {number}\n")
        Revision.objects.filter(pk=made.pk).update(at=make.NOW + datetime.timedelta(hours=hour))
    desk = on_desk(me)
    shown = [(one.edition.module.slug, save and (save.by, save.number)) for one, save in desk.drafts]
    assert shown == [("second", (other, 4)), ("posts", (other, 3)), ("third", None)]
    assert (desk.last.draft.edition.module.slug, desk.last.revision.number) == ("second", 2)
    assert on_desk(make.user("new@example.org")).last is None


def test_the_list_of_modules_says_what_of_each_is_in_force(author):
    """In the order of the catalogue, with the title of the newest edition."""
    made = [
        ("with-a-draft", lambda edition: start_draft(make.publish(start_draft(edition)))),
        ("followed", lambda edition: make.publish(start_draft(make.publish(start_draft(edition))))),
        ("published", lambda edition: edition),
    ]
    for place, (slug, go_on) in enumerate(made, start=1):
        Module.objects.filter(pk=go_on(make.edition(slug)).module_id).update(position=10 - place)
    make.draft("begun", title="Begun")
    Module.objects.filter(slug="begun").update(position=20)
    newest = Edition.objects.published().filter(module__slug="followed", number=3)
    make.unguarded(Edition).filter(pk=newest.get().pk).update(title="As it is now")
    assert [(one.slug, one.title, one.state) for one in all_modules()] == [
        ("published", "When posts go wrong", "Edition 1 is in force"),
        ("followed", "As it is now", "Edition 3 is in force"),
        ("with-a-draft", "When posts go wrong", "Edition 2 is in force; there is a draft"),
        ("begun", "Begun", "Nothing is published; there is a draft"),
    ]
    listed = read(author, "/admin/write/modules/").text
    assert re.findall("Edition [0-9] is in force(?:; there is a draft)?|Nothing is published", listed) == [
        "Edition 1 is in force",
        "Edition 3 is in force",
        "Edition 2 is in force; there is a draft",
        "Nothing is published",
    ]
