"""What went before decides where a choice leads: on every page, for learners and visitors, and for authors."""

from pathlib import Path

import pytest
import yaml
from django.core import serializers
from django.core.management import call_command
from django.core.serializers.base import DeserializationError
from django.test import Client

from apps.accounts.models import User
from apps.modules import actions as modules_actions
from apps.modules.models import Edition
from apps.progress.models import PageCompletion
from apps.scenarios.models import Choice, Decision, Playthrough, Scenario
from apps.scenarios.queries import script_of, steps_of
from apps.scenarios.walks import walk_of
from tests import make

pytestmark = [pytest.mark.django_db, pytest.mark.pages]

CASE = "/learn/posts/1/scenario/case/"
TRY = "/try/posts/case/"


def make_draft() -> Edition:
    """The last best choice leads to the good end for who began well, otherwise to the poor one."""
    draft = make.draft("posts")
    case = make.scenario(draft)
    Scenario.objects.filter(pk=case.pk).update(is_taster=True)
    trust = make.gauge(case, start=60)
    make.effect(trust, "case-scene-1-poor", -30)
    make.effect(trust, "case-scene-3-best", 10)
    good, poor = case.scenes.get(key="case-good"), case.scenes.get(key="case-poor")
    make.requirement(draft, scene=good, gauge=trust, at_least=70)
    Choice.objects.filter(edition=draft, key="case-scene-3-best").update(otherwise=poor)
    return draft


@pytest.fixture
def draft(db: None) -> Edition:
    return make_draft()


@pytest.fixture
def edition(draft: Edition) -> Edition:
    return make.publish(draft)


def choose(client: Client, *ratings: str, first: int = 1, case: str = CASE) -> str:
    for number, rating in enumerate(ratings, start=first):
        sent = {"decision": number, "choice": f"case-scene-{number}-{rating}"}
        page = client.post(f"{case}choose/", sent, follow=True)
    return page.content.decode()


GOOD, POOR = ("best", "best", "best"), ("poor", "best", "best")


@pytest.mark.parametrize(("ratings", "ending"), [(GOOD, "good"), (POOR, "poor")])
def test_the_same_choice_leads_a_learner_where_what_went_before_decides(
    edition: Edition, learner: User, ratings: tuple[str, ...], ending: str
) -> None:
    browser = make.client(learner)
    assert "case-scene-3-best" in choose(browser, *ratings[:2])  # it is offered either way
    assert f"A {ending} end" in choose(browser, ratings[2], first=3)
    playthrough = Playthrough.objects.get()
    assert playthrough.scene.key == f"case-{ending}"
    assert playthrough.ended_at == PageCompletion.objects.get().completed_at
    assert f"A {ending} end" in browser.get(CASE).content.decode()


@pytest.mark.parametrize(("ratings", "ending"), [(GOOD, "good"), (POOR, "poor")])
def test_a_visitor_is_led_there_too_and_can_keep_it(
    edition: Edition, learner: User, ratings: tuple[str, ...], ending: str
) -> None:
    visitor = Client()
    assert f"A {ending} end" in choose(visitor, *ratings, case=TRY)
    visitor.force_login(learner)
    visitor.post(f"{TRY}keep/")
    assert Playthrough.objects.get().scene.key == f"case-{ending}"
    assert f"A {ending} end" in visitor.get(CASE).content.decode()


def test_going_back_and_beginning_well_changes_where_it_leads(edition: Edition, learner: User) -> None:
    browser = make.client(learner)
    choose(browser, *POOR)
    browser.post(f"{CASE}go-back/", {"playthrough": 1, "decision": 1})
    assert "A good end" in choose(browser, *GOOD)
    assert list(Playthrough.objects.order_by("number").values_list("scene__key", flat=True)) == [
        "case-poor",
        "case-good",
    ]


def test_who_is_led_past_an_ending_goes_on(draft: Edition, learner: User) -> None:
    """The target is an ending, the scene otherwise is none."""
    poor, third = (draft.scene_set.get(key=f"case-{key}") for key in ("poor", "scene-3"))
    draft.choice_set.filter(key="case-scene-3-best").update(target=poor, otherwise=None)
    draft.choice_set.filter(key="case-scene-2-best").update(
        target=draft.scene_set.get(key="case-good"), otherwise=third
    )
    make.effect(draft.gauge_set.get(), "case-scene-1-best", 10)
    edition = make.publish(draft)
    begun_well, begun_badly = (make.enrolment(make.user(f"{first}@example.org"), edition) for first in ("best", "poor"))
    for enrolment, first in ((begun_well, "best"), (begun_badly, "poor")):
        make.decision(enrolment, first)
    assert make.decision(begun_well).ended_at
    led_on = make.decision(begun_badly)
    assert (led_on.scene, led_on.ended_at) == (third, None)
    assert PageCompletion.objects.get().enrolment == begun_well


@pytest.mark.parametrize(("first", "ending"), [("best", "good"), ("poor", "poor")])
def test_the_debrief_tells_where_another_choice_would_have_led_then(
    edition: Edition, learner: User, first: str, ending: str
) -> None:
    script = script_of(edition.page_set.get(key="case"))
    last = steps_of(walk_of(script, [f"case-scene-1-{first}", "case-scene-2-best", "case-scene-3-poor"]))[-1]
    assert [(other.choice.key, other.scene.key) for other in last.others] == [("case-scene-3-best", f"case-{ending}")]
    browser = make.client(learner)
    page = choose(browser, first, "best", "poor")
    assert page.rpartition("Do the best thing in Scene 3")[2].partition("Leads to: ")[2].startswith(f"A {ending} end")


def test_nothing_tells_beforehand_that_a_choice_can_lead_elsewhere(edition: Edition, learner: User) -> None:
    page = choose(make.client(learner), "poor", "best")
    assert "case-scene-3-best" in page
    assert not [word for word in ("A good end", "A poor end", "case-good", "case-poor", "therwise") if word in page]


def test_the_gauges_are_drawn_as_the_choice_moved_them(edition: Edition) -> None:
    script = script_of(edition.page_set.get(key="case"))
    walk = walk_of(script, [f"case-scene-{number}-{rating}" for number, rating in enumerate(POOR, start=1)])
    assert walk.values() == [("Trust", [60, 30, 30, 40])]
    chart = walk.chart()
    assert chart is not None
    assert [tick.values for tick in chart.ticks] == [(60,), (30,), (30,), (40,)]


def test_without_otherwise_the_target_hides_the_choice_and_is_asked_before(draft: Edition) -> None:
    Choice.objects.filter(edition=draft, key="case-scene-3-best").update(otherwise=None)
    script = script_of(draft.page_set.get(key="case"))
    for first in ("best", "poor"):
        walk = walk_of(script, [f"case-scene-1-{first}", "case-scene-2-best"])
        assert [choice.key for choice in walk.offered] == ["case-scene-3-poor"]


def test_a_newer_edition_leaves_a_walk_through_the_one_before_alone(learner: User) -> None:
    """Half-way through an edition without `otherwise`, whose successor has one."""
    draft = make_draft()
    Choice.objects.filter(edition=draft).update(otherwise=None)
    draft.requirement_set.all().delete()
    before = make.publish(draft)
    enrolment = make.enrolment(learner, before)
    make.decision(enrolment, "poor")
    newer = modules_actions.start_draft(before)
    good = newer.scene_set.get(key="case-good")
    make.requirement(newer, scene=good, gauge=newer.gauge_set.get(), at_least=70)
    newer.choice_set.filter(key="case-scene-3-best").update(otherwise=newer.scene_set.get(key="case-poor"))
    make.publish(newer)
    browser = make.client(learner)
    assert "A good end" in choose(browser, "best", "best", first=2)
    walk = walk_of(
        script_of(newer.page_set.get(key="case")),
        Decision.objects.order_by("number").values_list("choice__key", flat=True),
    )
    assert walk.here.scene.key == "case-poor"


def test_a_published_choice_that_leads_elsewhere_into_another_case_is_left_out(edition: Edition) -> None:
    other = make.edition("other").scene_set.first()
    make.unguarded(Choice).filter(key="case-scene-1-poor", edition=edition).update(otherwise=other)
    page = Client().get(TRY).content.decode()
    assert "case-scene-1-best" in page
    assert "case-scene-1-poor" not in page


# For authors ---------------------------------------------------------------------------------------------------------


def test_fixtures_say_it_as_they_say_a_target(draft: Edition, tmp_path: Path) -> None:
    """By natural key; what is not said is not there. What is read must be what is published."""
    scene, poor = draft.scene_set.get(key="case-scene-3"), draft.scene_set.get(key="case-poor")
    make.requirement(draft, "low", scene=scene, gauge=draft.gauge_set.get(), below=90)
    make.requirement(draft, "open", scene=scene, not_visited=poor)
    edition = make.publish(draft)
    rows = [*edition.choice_set.all(), *edition.requirement_set.all()]
    natural = {"use_natural_foreign_keys": True, "use_natural_primary_keys": True}
    told = yaml.safe_load(serializers.serialize("yaml", rows, **natural))
    for row in told:
        row["fields"] = {name: value for name, value in row["fields"].items() if value is not None}
    fields = {row["fields"]["key"]: row["fields"] for row in told}
    assert fields["case-scene-3-best"]["otherwise"] == fields["open"]["not_visited"] == ["posts", 1, "case-poor"]
    assert "otherwise" not in fields["case-scene-2-best"]
    path = tmp_path / "rules.yaml"
    path.write_text(yaml.safe_dump(told))
    call_command("loaddata", str(path), verbosity=0)
    del fields["case-scene-3-best"]["otherwise"]
    path.write_text(yaml.safe_dump(told))
    with pytest.raises(DeserializationError, match="differs in otherwise"):
        call_command("loaddata", str(path), verbosity=0)


LAST = "Case “Case”: the choice “Do the best thing in Scene 3”"


def problems_of(draft: Edition) -> list[str]:
    """What publishing the draft is refused for."""
    with pytest.raises(modules_actions.NotPublishableError) as caught:
        modules_actions.publish(draft, None, make.NOW)
    return caught.value.problems


def lead(draft: Edition, choice: str, **links: str) -> None:
    """Let a choice lead elsewhere, as only a fixture or an author could."""
    scenes = {link: draft.scene_set.get(key=key) for link, key in links.items()}
    draft.choice_set.filter(key=choice).update(**scenes)


@pytest.mark.parametrize("number", [1, 2, 3])
def test_what_leads_back_otherwise_is_refused(draft: Edition, number: int) -> None:
    """To the scene in which one stands, or to one from which that is reached again."""
    lead(draft, "case-scene-3-best", otherwise=f"case-scene-{number}")
    told = f"{LAST} leads, otherwise, to “Scene {number}”, from which it can be reached again."
    assert told in problems_of(draft)


def test_what_leads_elsewhere_for_no_reason_is_refused(draft: Edition) -> None:
    draft.requirement_set.all().delete()
    told = f"{LAST} leads elsewhere otherwise, but its target “A good end” needs nothing."
    assert problems_of(draft) == [told]


def test_what_leads_otherwise_to_a_scene_with_needs_is_refused(draft: Edition) -> None:
    poor = draft.scene_set.get(key="case-poor")
    make.requirement(draft, "low", scene=poor, gauge=draft.gauge_set.get(), below=90)
    told = f"{LAST} leads, otherwise, to “A poor end”, which must need nothing."
    assert problems_of(draft) == [told]


@pytest.mark.parametrize(
    ("start", "told"),
    [
        (59, [f"{LAST} never leads to “A good end”: no path meets what “A good end” needs."]),
        (90, [f"{LAST} never leads to “A poor end”: every path meets what “A good end” needs."]),
    ],
)
def test_what_always_leads_to_the_same_scene_is_refused(draft: Edition, start: int, told: list[str]) -> None:
    draft.gauge_set.update(start=start)
    assert [problem for problem in problems_of(draft) if "never leads" in problem] == told


def test_two_needs_that_cannot_be_met_together_are_found(draft: Edition) -> None:
    good = draft.scene_set.get(key="case-good")
    make.requirement(draft, "low", scene=good, gauge=draft.gauge_set.get(), below=70)
    assert f"{LAST} never leads to “A good end”: no path meets what “A good end” needs." in problems_of(draft)


def test_a_choice_that_is_never_offered_is_refused(draft: Edition) -> None:
    choice = draft.choice_set.get(key="case-scene-3-best")
    make.requirement(draft, "never", choice=choice, not_visited=choice.scene)
    assert f"{LAST} is never offered: no path meets what it needs." in problems_of(draft)


@pytest.mark.parametrize("link", ["otherwise", "not_visited"])
def test_what_points_into_another_case_is_refused(draft: Edition, link: str) -> None:
    there = make.scenario(draft, "elsewhere").scenes.get(key="elsewhere-poor")
    choice = draft.choice_set.get(key="case-scene-3-best")
    if link == "otherwise":
        lead(draft, choice.key, otherwise=there.key)
        told = f"Choice “{choice}” points into another case (otherwise)."
    else:
        make.requirement(draft, "there", choice=choice, not_visited=there)
        told = "Requirement “there” points into another case (not visited)."
    assert problems_of(draft) == [told]


def test_what_points_into_another_edition_is_not_stored(draft: Edition) -> None:
    choice = draft.choice_set.get(key="case-scene-3-best")
    choice.otherwise = make.edition("other").scene_set.first()
    with pytest.raises(ValueError, match="points at otherwise of another edition"):
        choice.save()


def test_the_admin_shows_where_a_learner_was_led(edition: Edition, learner: User) -> None:
    made = make.enrolment(learner, edition)
    for rating in POOR:
        playthrough = make.decision(made, rating)
    page = make.client(make.administrator()).get(f"/admin/scenarios/playthrough/{playthrough.pk}/change/")
    assert "A poor end" in page.content.decode()
