"""The only writers of playthroughs and decisions."""

import datetime

from django.db import transaction
from django.db.models import Max
from django.db.models.functions import Coalesce

from apps.progress.actions import complete_page
from apps.progress.models import Enrolment
from apps.scenarios.models import Decision, Playthrough
from apps.scenarios.queries import Script, current_playthrough


class NotAChoiceError(Exception):
    """The choice does not belong to the scene that the learner is in."""


@transaction.atomic
def choose(
    enrolment: Enrolment, script: Script, number: int, choice_key: str, at: datetime.datetime
) -> Decision | None:
    """Take decision `number` and go to the scene it leads to; at an ending, complete the page.

    The first decision begins the first playthrough. A decision that has been taken already (a double click, a second
    tab, the back button) changes nothing: None. NotAChoiceError for a choice that is not of the current scene.
    """
    Enrolment.objects.select_for_update().get(pk=enrolment.pk)
    playthrough = current_playthrough(enrolment, script.scenario)
    if playthrough is not None and playthrough.ended_at:
        return None
    taken = playthrough.decisions.aggregate(taken=Coalesce(Max("number"), 0))["taken"] if playthrough else 0
    if number <= taken:
        return None
    here = script.scenes[playthrough.scene_id] if playthrough else script.start
    choice = next((choice for choice in here.choices if choice.key == choice_key), None)
    if choice is None or number != taken + 1:
        raise NotAChoiceError
    if playthrough is None:
        playthrough = Playthrough.objects.create(
            enrolment=enrolment, scenario=script.scenario, number=1, scene=here.scene, started_at=at
        )
    decision = Decision.objects.create(playthrough=playthrough, number=number, choice=choice, decided_at=at)
    playthrough.scene = choice.target
    if script.scenes[choice.target_id].is_ending:
        playthrough.ended_at = at
    playthrough.save(update_fields=["scene", "ended_at"])
    if playthrough.ended_at:
        complete_page(enrolment, script.scenario.page, None, at)
    return decision


@transaction.atomic
def go_back(ended: Playthrough, script: Script, number: int, at: datetime.datetime) -> Playthrough:
    """Begin a new playthrough at decision `number` of one that has ended, with the same decisions before it.

    The one gone back from keeps all its decisions; another that was waiting is left. Repeated before the next
    decision, it gives the same playthrough. Decision.DoesNotExist when the playthrough has no such decision.
    """
    Enrolment.objects.select_for_update().get(pk=ended.enrolment_id)
    decisions = list(ended.decisions.filter(number__lte=number).order_by("number"))
    if len(decisions) < number or number < 1:
        raise Decision.DoesNotExist
    before, here = decisions[:-1], script.choice(decisions[-1].choice_id).scene
    own = Playthrough.objects.filter(enrolment=ended.enrolment_id, scenario=ended.scenario_id)
    waiting = own.open().first()
    if waiting is not None:
        same_way = [decision.choice_id for decision in waiting.decisions.order_by("number")]
        if same_way == [decision.choice_id for decision in before]:
            return waiting
        own.open().update(left_at=at)
    playthrough = Playthrough.objects.create(
        enrolment_id=ended.enrolment_id,
        scenario_id=ended.scenario_id,
        number=own.aggregate(highest=Coalesce(Max("number"), 0))["highest"] + 1,
        scene=here,
        started_at=at,
    )
    Decision.objects.bulk_create(
        Decision(playthrough=playthrough, number=d.number, choice_id=d.choice_id, is_repeated=True, decided_at=at)
        for d in before
    )
    return playthrough
