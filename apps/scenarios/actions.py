"""The only writers of playthroughs and decisions."""

import datetime
from collections.abc import Sequence

from django.db import transaction
from django.db.models import Max
from django.db.models.functions import Coalesce

from apps.progress.actions import complete_page
from apps.progress.models import Enrolment
from apps.scenarios.models import Decision, Playthrough
from apps.scenarios.queries import Script, current_playthrough, walk_of, walk_of_playthrough


class NotAChoiceError(Exception):
    """The choice is not offered in the scene that the learner is in."""


@transaction.atomic
def choose(
    enrolment: Enrolment, script: Script, number: int, choice_key: str, at: datetime.datetime
) -> Decision | None:
    """Take decision `number` and go to the scene it leads to; at an ending, complete the page.

    The first decision begins the first playthrough. A decision that has been taken already (a double click, a second
    tab, the back button) changes nothing: None. NotAChoiceError for a choice that is not of the current scene, or is
    locked.
    """
    Enrolment.objects.lock(enrolment.pk)
    playthrough = current_playthrough(enrolment, script.scenario)
    walk = walk_of_playthrough(script, playthrough)
    if walk.is_ended or number < walk.number:
        return None
    choice = next((choice for choice in walk.choices if choice.key == choice_key), None)
    if choice is None or number != walk.number:
        raise NotAChoiceError
    if playthrough is None:
        playthrough = Playthrough.objects.create(
            enrolment=enrolment, scenario=script.scenario, number=1, scene=walk.here.scene, started_at=at
        )
    decision = Decision.objects.create(playthrough=playthrough, number=number, choice=choice, decided_at=at)
    after = walk.after(number, choice)
    playthrough.scene = after.scene
    if after.is_ending:
        playthrough.ended_at = at
    playthrough.save(update_fields=["scene", "ended_at"])
    if playthrough.ended_at:
        complete_page(enrolment, script.scenario.page, None, at)
    return decision


@transaction.atomic
def keep(enrolment: Enrolment, script: Script, ways: Sequence[Sequence[str]], at: datetime.datetime) -> None:
    """Store the ways that somebody went before they had an account, each as a playthrough, in this order.

    A learner who has a playthrough of this scenario keeps that: what was tried is let go. NotAChoiceError when the
    choices of a way do not make a walk.
    """
    Enrolment.objects.lock(enrolment.pk)
    if Playthrough.objects.filter(enrolment=enrolment, scenario=script.scenario).exists():
        return
    before: Sequence[str] = ()
    for number, way in enumerate(ways, start=1):
        try:
            walk = walk_of(script, way)
        except KeyError:
            raise NotAChoiceError from None
        playthrough = Playthrough.objects.create(
            enrolment=enrolment,
            scenario=script.scenario,
            number=number,
            scene=walk.here.scene,
            started_at=at,
            ended_at=at if walk.is_ended else None,
        )
        Decision.objects.bulk_create(
            Decision(
                playthrough=playthrough,
                number=place,
                choice=choice,
                is_repeated=way[:place] == before[:place],
                decided_at=at,
            )
            for place, choice in enumerate(walk.taken, start=1)
        )
        if walk.is_ended:
            complete_page(enrolment, script.scenario.page, None, at)
        before = way


@transaction.atomic
def go_back(ended: Playthrough, script: Script, number: int, at: datetime.datetime) -> Playthrough:
    """Begin a new playthrough at decision `number` of one that has ended, with the same decisions before it.

    The one gone back from keeps all its decisions; another that was waiting is left. Repeated before the next
    decision, it gives the same playthrough. Decision.DoesNotExist when the playthrough has no such decision.
    """
    Enrolment.objects.lock(ended.enrolment_id)
    taken = walk_of_playthrough(script, ended).taken
    if not 1 <= number <= len(taken):
        raise Decision.DoesNotExist
    before = taken[: number - 1]
    own = Playthrough.objects.filter(enrolment=ended.enrolment_id, scenario=ended.scenario_id)
    waiting = own.open().first()
    if waiting is not None:
        if walk_of_playthrough(script, waiting).taken == before:
            return waiting
        own.open().update(left_at=at)
    playthrough = Playthrough.objects.create(
        enrolment_id=ended.enrolment_id,
        scenario_id=ended.scenario_id,
        number=own.aggregate(highest=Coalesce(Max("number"), 0))["highest"] + 1,
        scene=walk_of(script, [choice.key for choice in before]).here.scene,
        started_at=at,
    )
    Decision.objects.bulk_create(
        Decision(playthrough=playthrough, number=place, choice=choice, is_repeated=True, decided_at=at)
        for place, choice in enumerate(before, start=1)
    )
    return playthrough
