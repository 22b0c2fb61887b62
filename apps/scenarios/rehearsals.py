"""A case of a draft as its authors try it: from any scene, with any gauges and visits, and with the holes it has yet.

Nothing is stored: the query says how it began and which way was taken, and what in it makes no sense is left out.
"""

from collections.abc import Sequence
from dataclasses import replace

from apps.modules.page_kinds import Preview
from apps.modules.previews import Previewed
from apps.progress.previews import place_of
from apps.scenarios import pages
from apps.scenarios.cases import Rehearsal
from apps.scenarios.forms.deciding import NOT_A_CHOICE, ChooseForm
from apps.scenarios.graph import HIGHEST, LOWEST, Graph
from apps.scenarios.models import Scenario
from apps.scenarios.queries import NOWHERE, script_of_draft
from apps.scenarios.walks import Script, Walk, walk_of

MOST_DECISIONS = 200  # of a way that an address may say
CONTROLS = "scenarios/_start_from.html"


def preview(previewed: Previewed) -> Preview | None:
    """Where the rehearsal has come to that the query tells; None for a case without a scene."""
    try:
        script = script_of_draft(previewed.rows)
    except Scenario.DoesNotExist:
        return None
    if not script.graph.start:
        return None
    script = replace(script, graph=_begun(script, previewed))
    rehearsal = Rehearsal(place_of(previewed), script, walk_of(script, _way(script.graph, previewed)))
    name, context = _look_of(rehearsal, _form(rehearsal.walk, previewed))
    return Preview(
        f"{rehearsal.templates}/{name}.html",
        context,
        fields=rehearsal.fields,
        controls=CONTROLS,
        shown="scene",
        blocks=_blocks(rehearsal.walk),
        away="go" in previewed.query,
    )


def _begun(script: Script, previewed: Previewed) -> Graph:
    """The graph as it stands where the query begins."""
    query, graph = previewed.query, script.graph
    asked = query.get("scene", "")
    gauges = {key: _within(previewed.number(f"gauge-{key}"), start) for key, start in graph.gauges.items()}
    known = script.scenes.keys() - {NOWHERE}
    return replace(
        graph,
        start=asked if asked in known else graph.start,
        gauges=gauges,
        visited=frozenset(query.getlist("visited")) & known,
    )


def _within(value: int | None, start: int) -> int:
    return start if value is None else min(HIGHEST, max(LOWEST, value))


def _way(graph: Graph, previewed: Previewed) -> Sequence[str]:
    """The choices that were taken, as far as they are offered one after the other, with the one that is sent now.

    A form names the decision that it is about: what was decided from there on is gone back on.
    """
    decision = min(max(previewed.number("decision") or MOST_DECISIONS, 1), MOST_DECISIONS)
    keys = previewed.query.getlist("way")[: decision - 1]
    taken, state = [], graph.begin()
    for key in [*keys, *previewed.query.getlist("choice")[-1:]]:
        onward = graph.onward(state)
        if key not in onward:
            break
        state = onward[key]
        taken.append(key)
    return taken


def _form(walk: Walk, previewed: Previewed) -> ChooseForm:
    """The form of the decision that waits; with what is wrong, where it was sent without a choice that is offered."""
    choice = previewed.query.get("choice", "")
    decision = previewed.number("decision")
    is_sent = decision == walk.decision and len(previewed.query.getlist("way")) == len(walk.choices)
    if not is_sent:
        return ChooseForm(initial={"choice": ""})
    form = ChooseForm({"decision": walk.decision, "choice": choice})
    if form.is_valid():
        form.add_error("choice", NOT_A_CHOICE)
    return form


def _look_of(rehearsal: Rehearsal, form: ChooseForm) -> tuple[str, dict[str, object]]:
    place, walk = rehearsal.place, rehearsal.walk
    if walk.here.scene.key != NOWHERE:
        name, context = pages.look_of(rehearsal, form, is_just_taken=bool(walk.choices))
        return name, context | {"onward": place.onward()}
    context = {"case": rehearsal, "place": place, "walk": walk, "leave_url": place.module_url}
    return "nowhere", context | pages.of_last(walk)


def _blocks(walk: Walk) -> list[str]:
    """The keys of the scene that is seen, and of what is in it; at a hole those of the scene that leads there."""
    here = walk.here
    if here.scene.key == NOWHERE and walk.last:
        here = walk.script.scenes[walk.last.scene.key]
    return [row.key for row in (here.scene, *here.parts, *here.choices)]
