"""The only writers of playthroughs and decisions."""

import datetime
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.db.models.functions import Coalesce

from apps.core.prepared import inserting, prepared_write, updating
from apps.progress.actions import complete_page
from apps.progress.models import Enrolment
from apps.progress.queries import lock_enrolment
from apps.scenarios.models import Decision, Playthrough
from apps.scenarios.queries import find_walk, walk_of_playthrough
from apps.scenarios.walks import Script, Walk


@transaction.atomic
def choose(enrolment: Enrolment, script: Script, decision: int, key: str, at: datetime.datetime) -> bool:
    """Take a decision, by the key of its choice, and go to the scene it leads to; at an ending, complete the page.

    The first decision begins the first playthrough. A decision that has been taken already (a double click, a second
    tab, the back button) changes nothing: False. NotAChoiceError for a choice that is not of the current scene, or is
    locked.
    """
    lock_enrolment(enrolment.pk)
    playthrough, walk = find_walk(enrolment, script)
    turn = walk.take(decision, key)
    if turn is None:
        return False
    ended_at = at if turn.is_ending else None
    if playthrough is None:
        playthrough = Playthrough.objects.create(
            enrolment=enrolment,
            scenario=script.scenario,
            number=1,
            scene=turn.scene,
            started_at=at,
            ended_at=ended_at,
        )
    else:
        _move.run(playthrough=playthrough.pk, scene=turn.scene.pk, ended_at=ended_at)
    _decide.run(playthrough=playthrough.pk, number=decision, choice=turn.choice.pk, decided_at=at)
    if turn.is_ending:
        complete_page(enrolment, script.scenario.page, None, at)
    return True


@prepared_write(playthrough=Playthrough.id, scene=Playthrough.scene, ended_at=Playthrough.ended_at)
def _move(playthrough: int, scene: int, ended_at: datetime.datetime | None) -> object:
    return updating(Playthrough.objects.filter(pk=playthrough), scene=scene, ended_at=ended_at)


@prepared_write(
    playthrough=Decision.playthrough,
    number=Decision.number,
    choice=Decision.choice,
    decided_at=Decision.decided_at,
)
def _decide(**values: Any) -> object:
    return inserting(Decision, **values)


@transaction.atomic
def keep(enrolment: Enrolment, script: Script, walks: Sequence[Walk], at: datetime.datetime) -> None:
    """Store the walks that somebody made before they had an account, each as a playthrough, in this order.

    A learner who has a playthrough of this scenario keeps that: what was tried is let go.
    """
    lock_enrolment(enrolment.pk)
    if Playthrough.objects.filter(enrolment=enrolment, scenario=script.scenario).exists():
        return
    before = None
    for number, walk in enumerate(walks, start=1):
        _begin(enrolment, number, walk, walk.shared_with(before) if before else 0, at)
        if walk.is_ended:
            complete_page(enrolment, script.scenario.page, None, at)
        before = walk


@transaction.atomic
def go_back(ended: Playthrough, script: Script, decision: int, at: datetime.datetime) -> Playthrough:
    """Begin a new playthrough at a decision of one that has ended, with the same decisions before it.

    The one gone back from keeps all its decisions; another that was waiting is left. Repeated before the next
    decision, it gives the same playthrough. Decision.DoesNotExist when the playthrough has no such decision.
    """
    lock_enrolment(ended.enrolment_id)
    walk = walk_of_playthrough(script, ended)
    if not 1 <= decision < walk.decision:
        raise Decision.DoesNotExist
    before = walk.until(decision)
    own = Playthrough.objects.filter(enrolment=ended.enrolment_id, scenario=ended.scenario_id)
    waiting = own.open().first()
    if waiting is not None:
        if walk_of_playthrough(script, waiting).choices == before.choices:
            return waiting
        own.open().update(left_at=at)
    highest = own.aggregate(highest=Coalesce(Max("number"), 0))["highest"]
    return _begin(ended.enrolment, highest + 1, before, len(before.choices), at)


def _begin(enrolment: Enrolment, number: int, walk: Walk, repeated: int, at: datetime.datetime) -> Playthrough:
    """Store a walk as a playthrough; so many of its decisions are taken over from an earlier one."""
    playthrough = Playthrough.objects.create(
        enrolment=enrolment,
        scenario=walk.script.scenario,
        number=number,
        scene=walk.here.scene,
        started_at=at,
        ended_at=at if walk.is_ended else None,
    )
    Decision.objects.bulk_create(
        Decision(
            playthrough=playthrough, number=decision, choice=choice, is_repeated=decision <= repeated, decided_at=at
        )
        for decision, choice in enumerate(walk.choices, start=1)
    )
    return playthrough
