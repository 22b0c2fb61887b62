"""What pages read of scenarios."""

import datetime
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace

from django.db.models import Count, F, Max, QuerySet, Value
from django.http import Http404

from apps.accounts.models import User
from apps.core.left_out import BrokenContentError, note
from apps.core.prepared import prepared, several
from apps.modules.content import Citation
from apps.modules.models import Edition, Page, Source
from apps.modules.page_kinds import Begun
from apps.modules.published import is_published, read_for_a_minute, read_once
from apps.modules.queries import published_page
from apps.modules.rows import Rows, models_of, rows_of
from apps.progress.models import Enrolment
from apps.progress.places import Place, find_place
from apps.scenarios.cases import Case, Visit, Way
from apps.scenarios.graph import Edge, Graph, Need
from apps.scenarios.models import (
    Choice,
    Decision,
    Effect,
    Gauge,
    Playthrough,
    Requirement,
    Scenario,
    ScenarioCitation,
    Scene,
    SceneCitation,
    ScenePart,
)
from apps.scenarios.walks import SceneScript, Script, Step, Walk, walk_of

NOWHERE = ":nowhere"  # where a choice of a draft leads that has no target yet; no key is like this


def script_of(page: Page) -> Script:
    """The scenario of a page, read now, without choices that lead nowhere."""
    rows = rows_of(page, [model for model in models_of(Scenario) if not issubclass(model, Citation)])
    return _script_of(rows, _leads_somewhere)


def script_of_draft(rows: Rows) -> Script:
    """The scenario in the rows of a draft's page, with its holes: choices that lead nowhere yet lead to NOWHERE."""
    script = _script_of(rows, lambda choice, scenes: True)
    nowhere = SceneScript(Scene(key=NOWHERE, title="Nowhere yet"), (), ())
    graph = replace(script.graph, edges={**script.graph.edges, NOWHERE: ()})
    return replace(script, scenes={**script.scenes, NOWHERE: nowhere}, graph=graph)


def _script_of(rows: Rows, is_wanted: Callable[[Choice, Collection[int]], bool]) -> Script:
    """The scenario in the rows of a page, with the choices that are wanted. Scenario.DoesNotExist without one."""
    scenario = next(iter(rows.of(Scenario)), None)
    if scenario is None:
        raise Scenario.DoesNotExist
    gauges, scenes = tuple(rows.of(Gauge)), rows.of(Scene)
    parts, choices, by_id = rows.by(ScenePart, "scene"), rows.by(Choice, "scene"), {scene.pk: scene for scene in scenes}
    own = {
        scene.key: tuple(_linked(choice, by_id) for choice in choices[scene.pk] if is_wanted(choice, by_id))
        for scene in scenes
    }
    rules = Rules(rows)
    return Script(
        scenario,
        gauges,
        {scene.key: SceneScript(scene, tuple(parts[scene.pk]), own[scene.key]) for scene in scenes},
        Graph(
            scenes[0].key if scenes else "",
            {key: tuple(map(rules.edge, found)) for key, found in own.items()},
            {gauge.key: gauge.start for gauge in gauges},
        ),
    )


def _leads_somewhere(choice: Choice, scenes: Collection[int]) -> bool:
    """Whether a choice leads to one of these scenes, and to no other; what does not stands in the log."""
    if choice.target_id is None:
        note(f"{choice._meta.label} {choice.pk}", "leads nowhere")
        return False
    if choice.target_id not in scenes or (choice.otherwise_id and choice.otherwise_id not in scenes):
        note(f"{choice._meta.label} {choice.pk}", "leads into another case")
        return False
    return True


def _linked(choice: Choice, scenes: Mapping[int, Scene]) -> Choice:
    """The choice, linked to the scenes that were read; what leads out of them leads nowhere."""
    choice.scene = scenes[choice.scene_id]
    choice.target = scenes.get(choice.target_id or 0)
    choice.otherwise = scenes.get(choice.otherwise_id or 0)
    return choice


class Rules:
    """What a scenario's choices do and need, by the keys of its own gauges and scenes; another case's play no part."""

    def __init__(self, rows: Rows) -> None:
        self.gauges = {gauge.pk: gauge.key for gauge in rows.of(Gauge)}
        self.scenes = {scene.pk: scene.key for scene in rows.of(Scene)}
        self.effects = rows.by(Effect, "choice")
        self.of_choices, self.of_scenes = rows.by(Requirement, "choice"), rows.by(Requirement, "scene")

    def edge(self, choice: Choice) -> Edge:
        """A choice. What its target needs is asked before it, or after it where it leads elsewhere otherwise."""
        own = tuple(self._needs(self.of_choices[choice.pk]))
        of_target = tuple(self._needs(self.of_scenes[choice.target.pk])) if choice.target else ()
        effects = {effect.gauge_id: effect.change for effect in self.effects[choice.pk]}
        return Edge(
            choice.key,
            choice.target.key if choice.target else NOWHERE,
            {self.gauges[gauge]: change for gauge, change in effects.items() if gauge in self.gauges},
            own if choice.otherwise else own + of_target,
            choice.otherwise.key if choice.otherwise else "",
            of_target if choice.otherwise else (),
        )

    def _needs(self, requirements: Iterable[Requirement]) -> Iterator[Need]:
        for asked in requirements:
            gauge = self.gauges.get(asked.gauge_id or 0, "")
            visited, not_visited = (self.scenes.get(pk or 0, "") for pk in (asked.visited_id, asked.not_visited_id))
            if gauge or visited or not_visited:
                yield Need(gauge, asked.at_least or 0, asked.below, visited, not_visited)


def tasters_in(editions: Collection[int]) -> list[tuple[int, str]]:
    """The cases of these editions that need no account: edition, and key of the page."""
    return _tasters.rows(editions=editions)


@prepared(editions=several(Page.edition))
def _tasters(editions: Collection[int]) -> QuerySet[Scenario, tuple[int, str]]:
    tasters = Scenario.objects.filter(page__edition__pk__in=editions, page__kind="scenario", is_taster=True)
    return tasters.values_list("page__edition", "page__key")


@read_once
def published_script(page_id: int) -> Script:
    """The scenario of a page of a published edition. BrokenContentError when there is nothing in it to decide."""
    page = published_page(page_id)
    try:
        script = script_of(page)
    except Scenario.DoesNotExist:
        raise BrokenContentError(f"{page._meta.label} {page.pk}", "has no case") from None
    if not script.scenes or script.start.is_ending:
        raise BrokenContentError(f"{page._meta.label} {page.pk}", "its case cannot begin")
    return script


def find_case(place: Place) -> Case:
    """The case of a page, as the learner left it."""
    script = published_script(place.page.pk)
    playthrough, walk = find_walk(place.enrolment, script)
    return Case(place, script, playthrough, walk)


def ended_case(place: Place, ended: Playthrough) -> Case:
    """The case of a page as it ended in this playthrough of the learner."""
    script = published_script(place.page.pk)
    return Case(place, script, ended, walk_of_playthrough(script, ended))


def ended_playthroughs(place: Place) -> QuerySet[Playthrough]:
    """The learner's playthroughs of a page that have reached an ending, in order, each with that scene."""
    ended = Playthrough.objects.ended().filter(enrolment=place.enrolment, scenario__page=place.page)
    return ended.select_related("scene").order_by("number")


def ways_of(case: Case) -> list[Way]:
    """The learner's ways that have come to an ending, in order."""
    ended = ended_playthroughs(case.place)
    return [Way(one.number, one.scene, case.url("debrief", one.number), one.ended_at) for one in ended]


def waits_at(case: Case) -> int | None:
    """The decision at which another way of the learner waits, beside the one that is shown."""
    waiting = Playthrough.objects.open().filter(enrolment=case.place.enrolment, scenario=case.script.scenario)
    decided = waiting.annotate(decided=Count("decisions")).values_list("decided", flat=True).first()
    return None if decided is None else decided + 1


def find_walk(enrolment: Enrolment | None, script: Script) -> tuple[Playthrough | None, Walk]:
    """The playthrough in which a decision is waiting, else the one that ended last, and the walk in it.

    Before the first decision there is no playthrough, and the walk is at the start.
    """
    playthrough = current_playthrough(enrolment, script.scenario)
    return playthrough, walk_of_playthrough(script, playthrough) if playthrough else walk_of(script, ())


def current_playthrough(enrolment: Enrolment | None, scenario: Scenario) -> Playthrough | None:
    """The playthrough in which a decision is waiting, else the one that ended last; None before the first decision."""
    if enrolment is None:
        return None
    return _playthrough_to_show.first(enrolment=enrolment.pk, scenario=scenario.pk)


@prepared(enrolment=Playthrough.enrolment, scenario=Playthrough.scenario)
def _playthrough_to_show(enrolment: int, scenario: int) -> QuerySet[Playthrough]:
    own = Playthrough.objects.filter(enrolment=enrolment, scenario=scenario, left_at__isnull=True)
    return own.order_by(F("ended_at").desc(nulls_first=True), "-number")[:1]


def open_playthroughs(enrolments: Collection[int]) -> Begun:
    """Those in which a decision is waiting, by how many are taken."""
    waiting = Playthrough.objects.open().filter(enrolment__pk__in=enrolments).order_by()
    taken = waiting.annotate(decided_at=Max("decisions__decided_at"), decided=Count("decisions"), of=Value(0))
    return taken.values_list("enrolment", "scenario__page", "started_at", "decided_at", "decided", "of")


def walk_of_playthrough(script: Script, playthrough: Playthrough) -> Walk:
    """The walk in a playthrough. BrokenContentError when the scenario no longer has the choices that were taken."""
    keys = {choice.pk: key for key, choice in script.choices.items()}
    decisions = _decisions_in.rows(playthrough=playthrough.pk)
    try:
        walk = walk_of(script, [keys[choice] for choice, _, _ in decisions])
    except KeyError:
        scenario = script.scenario
        raise BrokenContentError(f"{scenario._meta.label} {scenario.pk}", "lacks a way that was gone") from None
    if not decisions:
        return walk
    _, saved_at, is_repeated = decisions[-1]
    return replace(walk, saved_at=saved_at, is_repeated=is_repeated)


@prepared(playthrough=Decision.playthrough)
def _decisions_in(playthrough: int) -> QuerySet[Decision, tuple[int, datetime.datetime, bool]]:
    """The choices of a playthrough in order, when each was taken, and whether it was taken over."""
    decisions = Decision.objects.filter(playthrough=playthrough).order_by("number")
    return decisions.values_list("choice", "decided_at", "is_repeated")


def can_be_kept(visit: Visit) -> bool:
    """Whether an account may hold it: its learner takes that edition already, or everybody may begin it."""
    edition = visit.place.contents.edition
    return visit.place.enrolment is not None or Edition.objects.offered().filter(pk=edition.pk).exists()


def other_edition(user: User, place: Place) -> int | None:
    """The newest edition of the module that the learner has begun, where they have not begun that of the place."""
    if place.enrolment is not None:
        return None
    mine = Enrolment.objects.for_learner(user).filter(edition__module=place.contents.edition.module_id)
    return mine.order_by("-edition__number").values_list("edition__number", flat=True).first()


def own_url(user: User, slug: str, key: str) -> str | None:
    """Where the learner does this case, in the newest edition of the module that they have begun; None if nowhere."""
    mine = Enrolment.objects.for_learner(user).filter(edition__module__slug=slug)
    newest = mine.order_by("-edition__number").values_list("edition__number", flat=True).first()
    with suppress(Http404):
        return find_place(user, slug, newest, key, "scenario").url() if newest else None
    return None


def learners_url(user: User, place: Place) -> str:
    """Where the learner does this case: in the edition that they have begun, if it has the case."""
    edition, own = place.contents.edition, other_edition(user, place)
    if own is None:
        return place.url()
    try:
        return find_place(user, edition.module.slug, own, place.page.key, place.page.kind).url()
    except Http404:
        return place.url()


def sources_of_scenes(script: Script) -> Mapping[int, Sequence[Source]]:
    """The sources that each scene's teaching point rests on, in order; of a published case as of this minute."""
    scenario = script.scenario
    return _sources_in_published(scenario.pk) if is_published(scenario) else _sources_in(scenario.pk)


def _sources_in(scenario_id: int) -> dict[int, list[Source]]:
    sources: dict[int, list[Source]] = {}
    citations = SceneCitation.objects.filter(scene__scenario=scenario_id).select_related("source__superseded_by")
    for citation in citations.order_by("position"):
        sources.setdefault(citation.scene_id, []).append(citation.source)
    return sources


_sources_in_published = read_for_a_minute(_sources_in)


def sources_of_guidance(scenario: Scenario) -> list[Source]:
    """The sources that a scenario's guidance rests on, in order."""
    citations = ScenarioCitation.objects.filter(scenario=scenario).select_related("source__superseded_by")
    return [citation.source for citation in citations.order_by("position")]


def steps_of(walk: Walk) -> list[Step]:
    """Every decision of a walk, as the debrief looks back on it."""
    return walk.steps(sources_of_scenes(walk.script))
