"""Authors at work in the admin: they write drafts, publish them, correct sources, and read what keeps them from it."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import pytest
from django.contrib.admin import site
from django.db import models
from django.test import Client, RequestFactory

from apps.accounts.models import User
from apps.modules import actions
from apps.modules.content import EditionContent, content_models
from apps.modules.models import Edition, Fact, Module, Page, PageCitation, Source
from apps.modules.published import PublishedContentError
from apps.quizzes.models import Option, Question, Quiz
from apps.scenarios.models import Choice, Effect, Scenario, Scene
from tests import in_admin, make
from tests.in_admin import address, read, send

pytestmark = pytest.mark.django_db

LIST = address(Edition)
NO_PAGES = "The edition has no page that is needed for the certificate."
NO_OUTCOMES = "The edition has no learning outcomes."
REFUSED = [("error", f"Nothing was saved. {PublishedContentError()}")]
IN_ADMIN = (Scenario, Scene, Choice, Quiz, Question)  # the models of content that are written there


CONTENT = (Edition, Page, *IN_ADMIN)


@pytest.fixture
def author() -> User:
    return make.author()


@pytest.fixture
def browser(author: User) -> Client:
    """In which the author is signed in."""
    return make.client(author)


def whole_draft(slug: str = "posts") -> Edition:
    """A first draft that can be published."""
    draft = make.draft(slug)
    make.reading(draft)
    return draft


def test_an_edition_is_numbered_dated_and_signed_in_the_list_and_on_its_page() -> None:
    draft = actions.start_draft(make.edition("posts"))
    actions.publish(draft, make.publisher(), make.NOW, "Keep no copy.")
    browser = make.client(make.administrator())
    listed = read(browser, LIST).text
    assert "edition 2" in listed
    assert "draft" not in listed.partition("Published at")[2].partition("2 editions")[0]
    page = read(browser, address(Edition, "change", draft))
    for said in ("Keep no copy.", "When posts go wrong, edition 1", "Sam Learner"):  # its note, its base, its author
        assert said in page.text


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
    for model in set(content_models()) - {Page, PageCitation}:  # which are written at the desk
        columns = {field.name for field in model._meta.concrete_fields if field.editable and not field.primary_key}
        assert columns - written[model] - {"edition"} == set(), model


# Writing a draft ----------------------------------------------------------------------------------------------------


def test_a_module_is_begun_and_its_slug_stays(browser: Client) -> None:
    page = send(browser, address(Module, "add"), slug="new-one", position="3")
    assert [level for level, _ in page.messages] == ["success"]
    module = Module.objects.get()
    assert (module.slug, module.position) == ("new-one", 3)
    send(browser, address(Module, "change", module), slug="another", position="4")
    module.refresh_from_db()
    assert (module.slug, module.position) == ("new-one", 4)


@pytest.mark.once
@pytest.mark.parametrize("model", IN_ADMIN)
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
    make.scenario(draft)
    second = draft.scene_set.order_by("-position")[0]
    page = send(browser, address(Scene, "change", second), key="case-scene-1")
    assert page.errors
    assert page.messages == []
    second.refresh_from_db()
    assert second.key == "case-poor"


def test_markdown_is_rendered_from_what_was_written(browser: Client) -> None:
    scene = make.scenario(make.draft()).scenes.all()[0]
    url = address(Scene, "change", scene)
    assert "body_html" not in read(browser, url).fields
    send(browser, url, body="*Anew* <script>", body_html="<script>forged</script>")
    scene.refresh_from_db()
    assert "<em>Anew</em>" in scene.body_html
    assert "<script>" not in scene.body_html


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


def test_a_new_row_is_linked_to_drafts_only(browser: Client) -> None:
    published = make.edition("posts").page_set.get(key="quiz")
    draft = make.draft("other")
    free = make.page(draft, "free", kind="quiz")
    fields = {"edition": draft.pk, "key": "new", "pass_mark": "0.70"}
    page = send(browser, address(Quiz, "add"), **fields | {"edition": published.edition.pk}, page=free.pk)
    assert any("not one of the available choices" in error for error in page.errors)
    page = send(browser, address(Quiz, "add"), **fields, page=published.pk)
    assert any("not one of the available choices" in error for error in page.errors)
    assert not Quiz.objects.filter(key="new").exists()
    send(browser, address(Quiz, "add"), **fields, page=free.pk)
    assert Quiz.objects.get(key="new").page == free


# What is published --------------------------------------------------------------------------------------------------


def everything(model: type[models.Model]) -> list[dict[str, Any]]:
    return list(models.QuerySet(model).order_by("pk").values())


@pytest.mark.once
@pytest.mark.parametrize("model", IN_ADMIN)
def test_what_was_published_meanwhile_is_not_written_and_that_is_said(browser: Client, model: Any) -> None:
    """The form was opened while it was a draft still."""
    draft = actions.start_draft(make.edition("posts", is_full=True))
    row = model._base_manager.filter(edition=draft).order_by("pk")[0]
    change, delete = (address(model, verb, row) for verb in ("change", "delete"))
    opened, asked = read(browser, change), read(browser, delete)
    assert {"_save"} <= set(opened.buttons)
    make.publish(draft)
    before = [everything(kind) for kind in CONTENT]
    fields = {name: [f"{value[0]}x"] if name in {"key", "title"} else value for name, value in opened.fields.items()}
    for url, sent in ((change, fields | {"_save": ["Save"]}), (delete, asked.fields)):
        page = in_admin.Page(browser.post(url, sent, follow=True))
        assert page.messages == REFUSED
        assert [everything(kind) for kind in CONTENT] == before
    opened_again = read(browser, change)
    assert not {"_save", "_continue"} & set(opened_again.buttons)
    assert delete in opened.links
    assert delete not in opened_again.links
    assert read(browser, delete).status == 403


@pytest.mark.once
@pytest.mark.parametrize("model", IN_ADMIN)
def test_nothing_published_goes_with_a_list(browser: Client, model: Any) -> None:
    edition = make.edition("posts", is_full=True)
    row = model._base_manager.filter(edition=edition).order_by("pk")[0]
    before = [everything(kind) for kind in CONTENT]
    sent = {"action": "delete_selected", "_selected_action": row.pk, "post": "yes"}
    browser.post(address(model), sent, follow=True)
    assert [everything(kind) for kind in CONTENT] == before


def test_who_may_not_write_at_all_gets_no_such_message() -> None:
    """It would promise that a draft could be corrected."""
    scene = make.edition("posts").scene_set.all()[0]
    for reader in (make.educator(), make.reviewer()):
        browser = make.client(reader)
        assert browser.post(address(Scene, "change", scene), {"title": "x"}).status_code == 403
        assert browser.post(address(Scene, "delete", scene), {"post": "yes"}).status_code == 403


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
