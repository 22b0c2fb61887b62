"""A choice may lead nowhere yet: publishing refuses it, authors' pages bear it, and learners' leave it out."""

from __future__ import annotations

import io
import logging
from contextlib import suppress

import pytest
from django.contrib.admin import site
from django.core import serializers
from django.core.management import CommandError, call_command

from apps.core import left_out
from apps.modules import actions, published
from apps.modules.content import content_models
from apps.modules.models import Edition
from apps.modules.written import text_fields
from apps.quizzes.models import Option, Question
from apps.scenarios.models import Choice, Scene, ScenePart
from tests import make
from tests.in_admin import address, read

pytestmark = [pytest.mark.django_db, pytest.mark.pages]


def with_holes() -> Edition:
    """A draft in which whatever an author has not come to yet is missing."""
    draft = make.started("posts", is_full=True)
    Choice.objects.filter(edition=draft).update(target=None)
    assert Choice.objects.filter(edition=draft).exclude(otherwise=None).exists()
    scene = Scene.objects.filter(edition=draft).order_by("position")[0]
    Scene.objects.create(edition=draft, key="bare", scenario=scene.scenario, position=90)
    ScenePart.objects.create(edition=draft, key="bare-part", scene=scene, position=90)
    Choice.objects.create(edition=draft, key="bare-choice", scene=scene, position=90)
    quiz = make.quiz(draft, "empty-quiz")
    Question.objects.filter(quiz=quiz).delete()
    question = Question.objects.filter(edition=draft).order_by("position")[0]
    Option.objects.filter(question=question).delete()
    Scene.objects.filter(scenario=make.scenario(draft, "empty-case")).delete()
    make.page(draft, "case-of-nothing", kind="scenario", body="")
    make.page(draft, "quiz-of-nothing", kind="quiz", body="")
    make.page(draft, "empty", title="", body="", summary="")
    return draft


def without_words(draft: Edition) -> None:
    """Empty every text that may be."""
    for model in [*content_models(), Edition]:
        own = {"pk" if model is Edition else "edition": draft.pk}
        texts = {field.name: "" for field in text_fields(model) if field.name not in {"kind", "image_alt"}}
        if texts:
            model.objects.filter(**own).update(**texts)


def test_a_choice_that_leads_nowhere_keeps_a_draft_from_being_published() -> None:
    draft = make.draft()
    make.scenario(draft)
    Choice.objects.filter(key="case-scene-2-best").update(target=None)
    told = actions.find_obstacles(draft)
    assert told == ["Case “Case”: the choice “Do the best thing in Scene 2” leads nowhere."]
    with pytest.raises(actions.NotPublishableError):
        actions.publish(draft, None, make.NOW)
    Choice.objects.filter(key="case-scene-2-best").update(target=Scene.objects.get(key="case-scene-3"))
    assert actions.find_obstacles(draft) == []


def test_a_case_has_four_gauges_at_most() -> None:
    draft = make.draft()
    case = make.scenario(draft)
    for number in range(1, 5):
        make.gauge(case, f"gauge-{number}")
    assert actions.find_obstacles(draft) == []
    make.gauge(case, "gauge-5")
    assert actions.find_obstacles(draft) == ["Case “Case” has more than 4 gauges."]


def test_deleting_a_scene_leaves_the_choices_that_led_to_it() -> None:
    draft = make.draft()
    make.rules(make.scenario(draft))
    aimed = Choice.objects.exclude(otherwise=None).get()
    aimed.otherwise.delete()
    aimed.refresh_from_db()
    assert (aimed.otherwise, aimed.target is None) == (None, False)
    arrivals = list(aimed.target.arrivals.exclude(scene=aimed.target).values_list("pk", flat=True))
    Scene.objects.filter(pk=aimed.target_id).delete()
    assert set(Choice.objects.filter(pk__in=arrivals).values_list("target", flat=True)) == {None}
    assert len(arrivals) == Choice.objects.filter(pk__in=arrivals).count() > 0


@pytest.mark.no_cover
def test_a_draft_full_of_holes_goes_through_every_page_of_its_author() -> None:
    draft, browser = with_holes(), make.client(make.author())
    pages = [f"/admin/write/modules/posts/pages/{page.key}/" for page in draft.page_set.all()]
    for url in pages:
        assert browser.get(url, follow=True).status_code == 200, url
        assert browser.get(f"{url}preview/").status_code == 200, url
    assert any("leads nowhere" in text for text in actions.find_obstacles(draft))
    without_words(draft)
    assert actions.find_obstacles(draft)
    for url in pages:
        assert browser.get(url, follow=True).status_code == 200, url
    assert not Edition.objects.get(pk=draft.pk).is_published


def test_an_administrator_reads_a_draft_full_of_holes() -> None:
    draft, browser = with_holes(), make.client(make.administrator())
    without_words(draft)
    models = [model for model in content_models() if model in site._registry]
    assert Scene in models
    for model in models:
        row = model.objects.filter(edition=draft).order_by("-pk")[0]  # the newest are the barest
        assert read(browser, address(model, "change", row)).status == 200, row


def test_an_edition_full_of_holes_takes_no_page_of_a_learner_down() -> None:
    """Nothing of ours publishes one."""
    draft = with_holes()
    without_words(draft)
    edition = make.publish(draft)
    enrolment = make.enrolment(make.user("learner@example.org"), edition)
    for person in (enrolment.learner, None):
        browser = make.client(person)
        for url in ("/", "/modules/", "/modules/posts/", "/my-learning/"):
            assert browser.get(url, follow=True).status_code == 200, url
        for kind, key in edition.page_set.values_list("kind", "key"):
            assert browser.get(f"/learn/posts/2/{kind}/{key}/", follow=True).status_code in {200, 404}, key
    with suppress(CommandError):  # it finds them
        call_command("check_content", stdout=io.StringIO(), stderr=io.StringIO())


def test_a_choice_that_leads_nowhere_is_left_out_of_what_is_published(caplog: pytest.LogCaptureFixture) -> None:
    """Nothing of ours publishes one; a page shows what is left, wherever its learner stands."""
    edition, learner = make.edition("posts"), make.user()
    caplog.set_level(logging.ERROR, "apps.core.left_out")
    left_out.note.cache_clear()
    under_way = make.decision(make.enrolment(make.user("before@example.org"), edition))
    lost = Choice.objects.get(edition=edition, key="case-scene-2-best")
    make.unguarded(Choice).filter(pk=lost.pk).update(target=None)
    published.forget_all()
    for person in (learner, under_way.enrolment.learner, None):
        browser = make.client(person)
        for url in PAGES:
            assert browser.get(url, follow=True).status_code in {200, 404}, url
    told = [record.getMessage() for record in caplog.records if record.name == "apps.core.left_out"]
    assert told == [f"Left out: scenarios.Choice {lost.pk} (leads nowhere)"]
    scene = make.client(under_way.enrolment.learner).get(CASE, follow=True).content.decode()
    assert "Do the poor thing in Scene 2" in scene
    assert "Do the best thing in Scene 2" not in scene


CASE = "/learn/posts/1/scenario/case/"
PAGES = ("/", "/modules/posts/", "/my-learning/", CASE, "/learn/posts/1/finish/")


def test_a_case_whose_choices_all_lead_nowhere_is_left_out() -> None:
    edition = make.edition("posts")
    make.unguarded(Choice).filter(edition=edition).update(target=None)
    browser = make.client(make.user())
    assert browser.get(CASE).status_code == 404
    assert "/scenario/case/" not in browser.get("/modules/posts/").content.decode()


@pytest.mark.parametrize("lost", ["case-scene-1-best", "case-scene-2-"])  # the one taken; all that are offered now
def test_a_learner_under_way_meets_no_broken_page(lost: str) -> None:
    edition = make.edition("posts")
    under_way = make.decision(make.enrolment(make.user(), edition))
    make.unguarded(Choice).filter(edition=edition, key__startswith=lost).update(target=None)
    published.forget_all()
    browser = make.client(under_way.enrolment.learner)
    for url in PAGES:
        assert browser.get(url, follow=True).status_code in {200, 404}, url
    for verb, choice in (("choose", "case-scene-2-best"), ("go-back", "")):
        sent = {"choice": choice, "decision": "2", "number": "1"}
        assert browser.post(f"{CASE}{verb}/", sent, follow=True).status_code < 500


def test_a_fixture_holds_a_choice_that_leads_nowhere() -> None:
    draft = make.draft()
    make.scenario(draft)
    Choice.objects.filter(key="case-scene-2-best").update(target=None)
    told = serializers.serialize(
        "yaml", Choice.objects.all(), use_natural_foreign_keys=True, use_natural_primary_keys=True
    )
    Choice.objects.all().delete()
    for rows in serializers.deserialize("yaml", told):
        rows.save()
    assert Choice.objects.filter(target=None).get().key == "case-scene-2-best"
    assert Choice.objects.count() == 6
