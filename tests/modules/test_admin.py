"""Authors at work in the admin: they write drafts, publish them, correct sources, and read what keeps them from it."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import pytest
from django.contrib.admin import site
from django.contrib.auth.models import Permission
from django.db import models
from django.test import Client, RequestFactory
from django.utils import timezone

from apps.accounts.models import User
from apps.modules import actions
from apps.modules.content import EditionContent, content_models
from apps.modules.models import Edition, Fact, Module, Page, Source
from apps.modules.published import PublishedContentError
from apps.quizzes.models import Option, Question, Quiz
from apps.scenarios.models import Choice, Effect, Scenario, Scene
from tests import in_admin, make
from tests.in_admin import act, address, confirm, read, send

pytestmark = pytest.mark.django_db

LIST = address(Edition)
NO_PAGES = "The edition has no page that is needed for the certificate."
NO_OUTCOMES = "The edition has no learning outcomes."
REFUSED = [("error", f"Nothing was saved. {PublishedContentError()}")]
IN_ADMIN = (Edition, Page, Scenario, Scene, Choice, Quiz, Question)  # the models of content that have pages there


@pytest.fixture
def author() -> User:
    return make.author()


@pytest.fixture
def browser(author: User) -> Client:
    """In which the author is signed in."""
    return make.client(author)


def publish(browser: Client, *drafts: Edition, note: str = "What was wrong.") -> in_admin.Page:
    """Both steps: the note of each draft is what its author wrote on the page that asks for it."""
    page = act(browser, "publish", *drafts)
    notes = {name: note for name in page.fields if name.endswith("-change_note")}
    return confirm(browser, page, Edition, **notes) if notes else page


def stored(edition: Edition) -> Edition:
    """The edition as it is in the database."""
    return Edition.objects.get(pk=edition.pk)


# Publishing ---------------------------------------------------------------------------------------------------------


def whole_draft(slug: str = "posts") -> Edition:
    """A first draft that can be published."""
    draft = make.draft(slug)
    make.reading(draft)
    return draft


def test_a_first_draft_is_published_at_once(browser: Client, author: User) -> None:
    draft, other = whole_draft(), whole_draft("other")
    before = timezone.now()
    page = act(browser, "publish", draft)
    assert page.messages == [("success", "Published: When posts go wrong, edition 1.")]
    edition = stored(draft)
    assert (edition.number, edition.published_by, edition.change_note) == (1, author, "")
    assert edition.published_at is not None
    assert before <= edition.published_at <= timezone.now()
    assert stored(other).number is None
    assert "When posts go wrong" in Client().get("/modules/posts/").content.decode()


def test_a_next_edition_is_published_once_its_author_was_asked_for_a_note(browser: Client, author: User) -> None:
    first = make.edition("posts", is_full=True)
    learner = make.client(make.enrolment(None, first).learner)
    draft = actions.start_draft(first)
    asking = act(browser, "publish", draft)
    assert "What was wrong or missing before, and what is said now" in asking.text
    assert "It cannot be changed later." in asking.text
    assert asking.fields[f"{draft.pk}-change_note"] == [""]
    assert asking.messages == []
    assert stored(draft).number is None
    before = timezone.now()
    page = confirm(browser, asking, Edition, **{f"{draft.pk}-change_note": "Keep no copy."})
    assert page.messages == [("success", "Published: When posts go wrong, edition 2.")]
    edition = stored(draft)
    assert (edition.number, edition.published_by, edition.change_note) == (2, author, "Keep no copy.")
    assert edition.published_at is not None
    assert before <= edition.published_at <= timezone.now()
    assert "<p>Keep no copy.</p>" in learner.get("/modules/posts/").content.decode()


def test_it_is_numbered_dated_and_signed_in_the_list_and_on_its_page(browser: Client) -> None:
    draft = actions.start_draft(make.edition("posts"))
    publish(browser, draft, note="Keep no copy.")
    listed = read(browser, LIST).text
    assert "edition 2" in listed
    assert "draft" not in listed.partition("Published at")[2].partition("2 editions")[0]
    page = read(browser, address(Edition, "change", draft))
    for said in ("Keep no copy.", "When posts go wrong, edition 1", "Sam Learner"):  # its note, its base, its author
        assert said in page.text
    assert not {"_save", "_continue", "_addanother"} & set(page.buttons)


def test_a_draft_with_problems_is_refused_with_every_reason(browser: Client) -> None:
    first, second = make.draft("posts", learning_outcomes=" "), whole_draft("other")
    page = act(browser, "publish", first, second)
    assert sorted(page.messages) == [
        ("error", f"{first} is not published. {NO_OUTCOMES}"),
        ("error", f"{first} is not published. {NO_PAGES}"),
        ("success", "Published: When posts go wrong, edition 1."),
    ]
    assert (stored(first).number, stored(first).published_at, stored(first).published_by) == (None, None, None)
    assert stored(second).number == 1


def test_nobody_is_asked_for_the_note_of_a_draft_that_cannot_be_published(browser: Client) -> None:
    draft = actions.start_draft(make.edition("posts"))
    spoil(draft)
    page = act(browser, "publish", draft)
    assert page.messages == [("error", f"{draft} is not published. {NO_PAGES}")]
    assert not any("change_note" in name for name in page.fields)
    assert stored(draft).number is None


def test_what_is_published_stays_as_it_was(browser: Client) -> None:
    edition = make.edition("posts")
    before = Edition.objects.values().get()
    page = act(browser, "publish", edition)
    assert page.messages == [("info", "When posts go wrong, edition 1 is published already.")]
    assert Edition.objects.values().get() == before


def test_who_may_only_read_editions_is_not_offered_it_and_cannot() -> None:
    draft, published = whole_draft(), make.edition("other")
    browser = make.client(make.educator())
    assert read(browser, LIST).actions == []
    for action in ("publish", "start_draft", "delete_selected"):
        page = act(browser, action, draft, published)
        assert [level for level, _ in page.messages] != ["success"]
    assert stored(draft).number is None
    assert Edition.objects.count() == 2


@pytest.mark.once
@pytest.mark.parametrize(
    ("verb", "offered"), [("change", "publish"), ("add", "start_draft"), ("delete", "delete_selected")]
)
def test_each_right_gives_its_own_action(verb: str, offered: str) -> None:
    make.edition("posts")
    clerk = make.user(is_staff=True)
    clerk.user_permissions.set(Permission.objects.filter(codename__in=["view_edition", f"{verb}_edition"]))
    assert read(make.client(clerk), LIST).actions == [offered]


def test_a_learner_comes_by_no_door_to_publishing(learner: User, client_of_learner: Client) -> None:
    draft = whole_draft()
    posted = {"action": "publish", "_selected_action": draft.pk, f"{draft.pk}-change_note": "Mine."}
    assert client_of_learner.post(LIST, posted, follow=True).status_code == 403
    assert Client().post(LIST, posted).url.startswith("/account/login/")
    assert stored(draft).number is None


def spoil(draft: Edition) -> None:
    """Somebody else takes the pages out."""
    draft.page_set.all().delete()


def test_a_note_that_was_written_is_not_lost_when_its_draft_is_refused(browser: Client) -> None:
    """It got a problem after the note had been asked for: its author reads why, and sends the same note again."""
    draft = actions.start_draft(make.edition("posts"))
    page = act(browser, "publish", draft)
    name, written = f"{draft.pk}-change_note", "Keep no copy.\n\n“Never” <was> missing."
    spoil(draft)
    page = confirm(browser, page, Edition, **{name: written})
    assert page.errors == [f"{draft} is not published. {NO_PAGES}"]
    assert page.messages == []
    assert page.fields[name] == [written]
    assert stored(draft).number is None
    make.reading(draft)
    page = confirm(browser, page, Edition)
    assert page.messages == [("success", "Published: When posts go wrong, edition 2.")]
    assert (stored(draft).number, stored(draft).change_note) == (2, written)


def test_nor_is_it_lost_when_the_problem_comes_at_the_last_moment(
    browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After the admin has looked at the draft; publishing looks once more."""
    draft = actions.start_draft(make.edition("posts"))
    page = act(browser, "publish", draft)
    look = actions.find_obstacles

    def look_and_spoil(edition: Edition) -> list[str]:
        obstacles = look(edition)
        spoil(edition)
        return obstacles

    monkeypatch.setattr(actions, "find_obstacles", look_and_spoil)
    page = confirm(browser, page, Edition, **{f"{draft.pk}-change_note": "Ring first."})
    assert page.errors == [f"{draft} is not published. {NO_PAGES}"]
    assert page.messages == []
    assert page.fields[f"{draft.pk}-change_note"] == ["Ring first."]
    assert stored(draft).number is None


def test_of_several_nothing_is_published_until_each_can_be(browser: Client) -> None:
    good, bad = (actions.start_draft(make.edition(slug, is_full=True)) for slug in ("one", "two"))
    page = act(browser, "publish", good, bad)
    spoil(bad)
    notes = {f"{draft.pk}-change_note": f"Note of {draft.module}." for draft in (good, bad)}
    page = confirm(browser, page, Edition, **notes)
    assert page.errors == [f"{bad} is not published. {NO_PAGES}"]
    assert {name: page.fields[name] for name in notes} == {name: [note] for name, note in notes.items()}
    assert not stored(good).is_published
    page = confirm(browser, page, Edition, _selected_action=[good.pk])
    assert page.messages == [("success", "Published: When posts go wrong, edition 2.")]
    assert (stored(good).change_note, stored(bad).number) == ("Note of one.", None)


# Writing ------------------------------------------------------------------------------------------------------------


@pytest.mark.once
def test_every_column_of_every_row_can_be_written_somewhere() -> None:
    """On its own page, or in the row that it stands in."""
    request = RequestFactory().get("/")
    request.user = make.administrator()
    written = defaultdict(set)
    for model, page in site._registry.items():
        if issubclass(model, EditionContent):
            written[model] |= {*page.get_form(request).base_fields}
            for inline in page.get_inline_instances(request):
                rows = inline.get_formset(request)
                written[inline.model] |= {*rows.form.base_fields, rows.fk.name}
    for model in content_models():
        columns = {field.name for field in model._meta.concrete_fields if field.editable and not field.primary_key}
        assert columns - written[model] - {"edition"} == set(), model


# Starting a draft ---------------------------------------------------------------------------------------------------


def test_a_draft_is_started_from_the_edition_in_force(browser: Client) -> None:
    edition = make.edition("posts")
    make.draft("another")  # which says nothing of this module's
    page = act(browser, "start_draft", edition)
    assert page.messages == [("success", "When posts go wrong now has a draft.")]
    draft = Edition.objects.drafts().get(module=edition.module)
    assert (draft.module, draft.based_on, draft.number) == (edition.module, edition, None)
    assert list(draft.page_set.values_list("key")) == list(edition.page_set.values_list("key"))
    assert address(Edition, "change", draft) in page.links


def test_a_draft_that_is_there_stays_as_it_is_and_that_is_said(browser: Client) -> None:
    edition = make.edition("posts")
    draft = actions.start_draft(edition)
    Edition.objects.filter(pk=draft.pk).update(title="My own words")
    for chosen in (edition, draft):
        page = act(browser, "start_draft", chosen)
        assert page.messages == [("info", "My own words has a draft already; it stays as it is.")]
    assert Edition.objects.drafts().get().title == "My own words"


def test_none_is_started_from_an_edition_that_is_not_in_force(browser: Client) -> None:
    first = make.edition("posts")
    make.publish(actions.start_draft(first))
    page = act(browser, "start_draft", first)
    refusal = "When posts go wrong, edition 1: no draft. Edition 2 is in force: start the draft from that one."
    assert page.messages == [("error", refusal)]
    assert not Edition.objects.drafts().exists()


# Writing a draft ----------------------------------------------------------------------------------------------------


def test_a_module_is_begun_and_its_slug_stays(browser: Client) -> None:
    page = send(browser, address(Module, "add"), slug="new-one", position="3")
    assert [level for level, _ in page.messages] == ["success"]
    module = Module.objects.get()
    assert (module.slug, module.position) == ("new-one", 3)
    send(browser, address(Module, "change", module), slug="another", position="4")
    module.refresh_from_db()
    assert (module.slug, module.position) == ("new-one", 4)


def test_a_draft_is_written_with_its_pages(browser: Client) -> None:
    module = Module.objects.create(slug="posts")
    words = {"title": "Posts", "summary": "Two cases.", "learning_outcomes": "Describe"}
    page = send(browser, address(Edition, "add"), module=module.pk, **words, number="7", change_note="Forged.")
    assert [level for level, _ in page.messages] == ["success"]
    draft = Edition.objects.get()
    assert (draft.title, draft.number, draft.change_note) == ("Posts", None, "")
    rows = {"page_set-TOTAL_FORMS": "1", "page_set-0-position": "1", "page_set-0-key": "first"}
    rows |= {"page_set-0-kind": "reading", "page_set-0-title": "First", "page_set-0-minutes": "4"}
    page = send(browser, address(Edition, "change", draft), **rows, title="Posts, again")
    assert [level for level, _ in page.messages] == ["success"]
    made = Page.objects.get()
    assert (made.edition, made.key, made.kind, made.minutes) == (draft, "first", "reading", 4)
    assert stored(draft).title == "Posts, again"


def test_a_module_has_one_draft(browser: Client) -> None:
    draft = whole_draft()
    words = {"title": "Posts", "summary": "Two cases.", "learning_outcomes": "Describe"}
    page = send(browser, address(Edition, "add"), module=draft.module.pk, **words)
    assert "This module has a draft already. Go on with that one." in page.errors
    assert Edition.objects.get() == draft
    send(browser, address(Edition, "change", draft), title="Still the one")  # it does not stand in its own way
    assert stored(draft).title == "Still the one"


def test_a_page_is_of_a_kind_that_there_is(browser: Client) -> None:
    draft = whole_draft()
    new = {"edition": draft.pk, "position": 9, "key": "new", "title": "New", "minutes": 1}
    refused = send(browser, address(Page, "add"), kind="film", **new)
    assert any("film is not one of the available choices" in error for error in refused.errors)
    assert not Page.objects.filter(key="new").exists()
    send(browser, address(Page, "add"), kind="quiz", **new)
    assert Page.objects.get(key="new").kind == "quiz"


def test_a_page_stays_of_its_kind(browser: Client) -> None:
    """Its rows are of that kind."""
    page = whole_draft().page_set.get()
    told = send(browser, address(Page, "change", page), kind="quiz", title="A quiz")
    assert [level for level, _ in told.messages] == ["success"], told.errors
    page.refresh_from_db()
    assert (page.kind, page.title) == ("reading", "A quiz")
    told = send(browser, address(Edition, "change", page.edition), **{"page_set-0-kind": "quiz"})
    assert [level for level, _ in told.messages] == ["success"], told.errors
    page.refresh_from_db()
    assert page.kind == "reading"


@pytest.mark.once
@pytest.mark.parametrize("model", [model for model in IN_ADMIN if model is not Edition])
def test_a_row_is_saved_as_it_stands_and_stays_in_its_edition(browser: Client, model: type[EditionContent]) -> None:
    draft = actions.start_draft(make.edition("posts", is_full=True))
    other = make.draft("other")
    row = model._base_manager.filter(edition=draft).order_by("pk")[0]
    before = model._base_manager.filter(pk=row.pk).values().get()
    page = send(browser, address(model, "change", row), edition=other.pk)
    assert [level for level, _ in page.messages] == ["success"], page.errors
    assert model._base_manager.filter(pk=row.pk).values().get() == before


def test_a_key_is_free_in_its_edition_or_refused(browser: Client) -> None:
    draft = whole_draft()
    second = make.reading(draft, "second")
    page = send(browser, address(Page, "change", second), key="reading")
    assert page.errors
    assert page.messages == []
    second.refresh_from_db()
    assert second.key == "second"


def test_markdown_is_rendered_from_what_was_written(browser: Client) -> None:
    page = whole_draft().page_set.get()
    url = address(Page, "change", page)
    assert "body_html" not in read(browser, url).fields
    send(browser, url, body="*Anew* <script>", body_html="<script>forged</script>")
    page.refresh_from_db()
    assert "<em>Anew</em>" in page.body_html
    assert "<script>" not in page.body_html


def test_rows_in_a_row_come_into_its_edition(browser: Client) -> None:
    draft = make.draft()
    quiz = make.quiz(draft)
    question = quiz.questions.order_by("position")[0]
    fields = read(browser, address(Question, "change", question)).fields
    count = int(fields["options-TOTAL_FORMS"][0])
    new = {"position": "9", "key": "own-option", "text": "Own option", "rank": "", "also_rank": "", "feedback": "Yes."}
    rows = {f"options-{count}-{name}": value for name, value in new.items()}
    page = send(browser, address(Question, "change", question), **rows, **{"options-TOTAL_FORMS": count + 1})
    assert [level for level, _ in page.messages] == ["success"], page.errors
    made = Option.objects.get(key="own-option")
    assert (made.edition, made.question, made.text) == (draft, question, "Own option")


def test_a_choice_leads_only_where_its_own_case_can(browser: Client) -> None:
    """Scenes of another case of the draft are not offered, nor are those of what is published; nor can they be sent."""
    published = make.edition("posts")
    draft = actions.start_draft(published)
    other = make.scenario(draft, "other")
    scene = Scene.objects.get(edition=draft, key="case-scene-1")
    url = address(Scene, "change", scene)
    before = list(Choice.objects.order_by("pk").values())
    for stranger in (other.scenes.all()[0], Scene.objects.get(edition=published, key="case-scene-2")):
        page = send(browser, url, **{"choices-0-target": stranger.pk})
        assert any("not one of the available choices" in error for error in page.errors)
        assert list(Choice.objects.order_by("pk").values()) == before
    ending = Scene.objects.get(edition=draft, key="case-poor")
    page = send(browser, url, **{"choices-0-target": ending.pk})
    assert [level for level, _ in page.messages] == ["success"], page.errors
    assert scene.choices.order_by("position")[0].target == ending


def test_a_choice_moves_only_gauges_of_its_own_case(browser: Client) -> None:
    draft = make.draft()
    own, other = make.scenario(draft), make.scenario(draft, "other")
    gauges = make.gauge(own, "own"), make.gauge(other, "other")
    choice = Choice.objects.get(edition=draft, key="case-scene-1-best")
    rows = {"effects-TOTAL_FORMS": "1", "effects-0-change": "10"}
    url = address(Choice, "change", choice)
    page = send(browser, url, **rows, **{"effects-0-gauge": gauges[1].pk})
    assert any("not one of the available choices" in error for error in page.errors)
    assert not Effect.objects.exists()
    send(browser, url, **rows, **{"effects-0-gauge": gauges[0].pk})
    assert (Effect.objects.get().choice, Effect.objects.get().gauge) == (choice, gauges[0])


def test_what_something_needs_is_written_in_its_row_and_for_nothing_else(browser: Client) -> None:
    draft = make.draft()
    make.scenario(draft)
    choice = Choice.objects.get(edition=draft, key="case-scene-1-best")
    for row, other in ((choice, "scene"), (choice.scene, "choice")):
        fields = read(browser, address(type(row), "change", row)).fields
        assert "requirements-__prefix__-visited" in fields
        assert f"requirements-__prefix__-{other}" not in fields


def test_a_new_row_is_offered_drafts_only(browser: Client) -> None:
    published = make.edition("posts")
    draft = make.draft("other")
    fields = {"key": "new", "position": "1", "kind": "reading", "title": "New", "minutes": "3"}
    page = send(browser, address(Page, "add"), **fields, edition=published.pk)
    assert any("not one of the available choices" in error for error in page.errors)
    assert not Page.objects.filter(key="new").exists()
    send(browser, address(Page, "add"), **fields, edition=draft.pk)
    assert Page.objects.get(key="new").edition == draft


def test_a_row_is_linked_within_its_edition(browser: Client) -> None:
    """Pages of what is published, or of another draft, are not offered; nor can they be sent."""
    published = make.edition("posts")
    draft = actions.start_draft(published)
    other = make.draft("other")
    make.quiz(other, "other")
    quiz = Quiz.objects.get(edition=draft)
    own = quiz.page
    for stranger in (published.page_set.get(key="quiz"), other.page_set.get()):
        page = send(browser, address(Quiz, "change", quiz), page=stranger.pk)
        assert any("not one of the available choices" in error for error in page.errors)
        quiz.refresh_from_db()
        assert quiz.page == own
    page = send(browser, address(Quiz, "change", quiz), page=draft.page_set.get(key="reading-1").pk)
    assert [level for level, _ in page.messages] == ["success"], page.errors


def test_a_new_row_is_linked_to_drafts_only(browser: Client) -> None:
    published = make.edition("posts").page_set.get(key="quiz")
    draft = make.draft("other")
    free = make.page(draft, "free", kind="quiz")
    fields = {"edition": draft.pk, "key": "new", "pass_mark": "0.70"}
    page = send(browser, address(Quiz, "add"), **fields, page=published.pk)
    assert any("not one of the available choices" in error for error in page.errors)
    assert not Quiz.objects.filter(key="new").exists()
    send(browser, address(Quiz, "add"), **fields, page=free.pk)
    assert Quiz.objects.get(key="new").page == free


def test_a_draft_is_thrown_away_with_all_that_is_in_it(browser: Client) -> None:
    edition = make.edition("posts")
    draft = actions.start_draft(edition)
    asking = read(browser, address(Edition, "delete", draft))
    assert "Are you sure" in asking.text
    url = address(Edition, "delete", draft)
    page = in_admin.Page(browser.post(url, asking.fields, follow=True))
    assert [level for level, _ in page.messages] == ["success"]
    assert Edition.objects.get() == edition
    assert set(Page.objects.values_list("edition", flat=True)) == {edition.pk}


# What is published --------------------------------------------------------------------------------------------------


def everything(model: type[models.Model]) -> list[dict[str, Any]]:
    return list(models.QuerySet(model).order_by("pk").values())


@pytest.mark.once
@pytest.mark.parametrize("model", IN_ADMIN)
def test_what_was_published_meanwhile_is_not_written_and_that_is_said(browser: Client, model: Any) -> None:
    """The form was opened while it was a draft still."""
    draft = actions.start_draft(make.edition("posts", is_full=True))
    row = draft if model is Edition else model._base_manager.filter(edition=draft).order_by("pk")[0]
    change, delete = (address(model, verb, row) for verb in ("change", "delete"))
    opened, asked = read(browser, change), read(browser, delete)
    assert {"_save"} <= set(opened.buttons)
    make.publish(draft)
    before = [everything(kind) for kind in IN_ADMIN]
    fields = {name: [f"{value[0]}x"] if name in {"key", "title"} else value for name, value in opened.fields.items()}
    for url, sent in ((change, fields | {"_save": ["Save"]}), (delete, asked.fields)):
        page = in_admin.Page(browser.post(url, sent, follow=True))
        assert page.messages == REFUSED
        assert [everything(kind) for kind in IN_ADMIN] == before
    opened_again = read(browser, change)
    assert not {"_save", "_continue"} & set(opened_again.buttons)
    assert delete in opened.links
    assert delete not in opened_again.links
    assert read(browser, delete).status == 403


@pytest.mark.once
@pytest.mark.parametrize("model", IN_ADMIN)
def test_nothing_published_goes_with_a_list(browser: Client, model: Any) -> None:
    edition = make.edition("posts", is_full=True)
    row = edition if model is Edition else model._base_manager.filter(edition=edition).order_by("pk")[0]
    before = [everything(kind) for kind in IN_ADMIN]
    sent = {"action": "delete_selected", "_selected_action": row.pk, "post": "yes"}
    browser.post(address(model), sent, follow=True)
    assert [everything(kind) for kind in IN_ADMIN] == before


def test_who_may_not_write_at_all_gets_no_such_message() -> None:
    """It would promise that a draft could be corrected."""
    page = make.edition("posts").page_set.all()[0]
    browser = make.client(make.educator())
    assert browser.post(address(Page, "change", page), {"title": "x"}).status_code == 403
    assert browser.post(address(Page, "delete", page), {"post": "yes"}).status_code == 403


# Sources and facts --------------------------------------------------------------------------------------------------


def sources_page() -> str:
    return Client().get("/sources/").content.decode()


def test_a_source_is_added_and_corrected_wherever_it_is_shown(browser: Client) -> None:
    words = {"key": "oxtoby-2013", "kind": "article", "authors": "Oxtoby K", "title": "How to reap", "year": "2013"}
    page = send(browser, address(Source, "add"), **words, url="bmj.com/f4815")
    assert [level for level, _ in page.messages] == ["success"], page.errors
    source = Source.objects.get()
    assert (source.key, source.authors, source.year) == ("oxtoby-2013", "Oxtoby K", 2013)
    assert source.url == "https://bmj.com/f4815"
    draft = make.draft("posts")
    cited = make.reading(draft, sources=0)
    make.PageCitation.objects.create(edition=draft, page=cited, source=source, position=1)
    shown_at = make.publish(draft).page_set.get().get_absolute_url()
    page = send(browser, address(Source, "change", source), title="How to reap the benefits")
    assert [level for level, _ in page.messages] == ["success"]
    for url in ("/sources/", shown_at):
        assert "How to reap the benefits" in Client().get(url).content.decode()


@pytest.mark.once
@pytest.mark.parametrize(
    ("field", "value", "fault"),
    [
        ("title", "", "This field is required."),
        ("kind", "rumour", "not one of the available choices"),
        ("key", "taken", "already exists"),
        ("url", "javascript:alert(1)", "Enter a valid URL."),
    ],
)
def test_a_source_with_a_fault_is_not_saved(browser: Client, field: str, value: str, fault: str) -> None:
    make.source("taken")
    source = make.source("own", title="As it was", url="https://bmj.com/")
    page = send(browser, address(Source, "change", source), **{"title": "Changed", field: value})
    assert any(fault in error for error in page.errors)
    assert page.messages == []
    assert Source.objects.get(pk=source.pk).title == "As it was"


def test_a_source_is_replaced_by_another_and_readers_are_told(browser: Client) -> None:
    old, new = make.source("old", title="The old guidance"), make.source("new", title="The new guidance")
    draft = make.draft("posts")
    make.PageCitation.objects.create(edition=draft, page=make.reading(draft, sources=0), source=old, position=1)
    url = make.publish(draft).page_set.get().get_absolute_url()
    assert "The new guidance" not in Client().get(url).content.decode()
    page = send(browser, address(Source, "change", old), superseded_by=new.pk, superseded_note="Softer on friends.")
    assert [level for level, _ in page.messages] == ["success"]
    old.refresh_from_db()
    assert (old.superseded_by, old.superseded_note) == (new, "Softer on friends.")
    for shown in (Client().get(url).content.decode(), sources_page()):
        assert "The new guidance" in shown or new.short in shown


def test_a_source_does_not_replace_itself(browser: Client) -> None:
    source = make.source()
    page = send(browser, address(Source, "change", source), superseded_by=source.pk)
    assert page.errors
    assert page.messages == []
    source.refresh_from_db()
    assert source.superseded_by is None


def test_a_source_that_is_cited_stays_and_one_that_is_not_can_go(browser: Client) -> None:
    cited = make.edition("posts", scenes=2, questions=2, readings=1).page_set.get(key="reading-1").sources.get()
    spare = make.source("spare")
    page = in_admin.Page(browser.post(address(Source, "delete", cited), {"post": "yes"}, follow=True))
    assert "would require deleting the following protected related objects" in page.text
    assert Source.objects.filter(pk=cited.pk).exists()
    page = in_admin.Page(browser.post(address(Source, "delete", spare), {"post": "yes"}, follow=True))
    assert [level for level, _ in page.messages] == ["success"]
    assert not Source.objects.filter(pk=spare.pk).exists()


def test_a_fact_is_added_and_corrected(browser: Client) -> None:
    source = make.source()
    words = {"key": "T6.1", "source": source.pk, "statement": "Posts last.", "view_of": "the author"}
    assert any(
        "Like this: T6.1" in error for error in send(browser, address(Fact, "add"), **words | {"key": "six"}).errors
    )
    assert not Fact.objects.exists()
    send(browser, address(Fact, "add"), **words)
    fact = Fact.objects.get()
    assert (fact.key, fact.source, fact.statement) == ("T6.1", source, "Posts last.")
    send(browser, address(Fact, "change", fact), statement="Posts last for years.")
    fact.refresh_from_db()
    assert fact.statement == "Posts last for years."
