"""A choice that was ticked when somebody left a case: nothing was decided, and it stands ticked when they come back.

It waits in the session for the decision it was ticked at, and belongs to whoever ticked it: nobody else is shown it.
"""

import datetime

from django.http import HttpRequest

from apps.core import form_owner
from apps.scenarios.tasting import LIFETIME
from apps.scenarios.walks import Script, Walk

SESSION_KEY = "ticked"  # {page id: [whose, the number of the decision, the choice's key, when]}


def remember(request: HttpRequest, walk: Walk, decision: int, key: str, at: datetime.datetime) -> bool:
    """Keep the tick; False when it is no choice of the decision that waits."""
    if decision != walk.decision or key not in {choice.key for choice in walk.offered}:
        return False
    tick = [form_owner.owner_of(request.user), decision, key, at.timestamp()]
    request.session[SESSION_KEY] = request.session.get(SESSION_KEY, {}) | {_page_of(walk.script): tick}
    return True


def ticked(request: HttpRequest, walk: Walk, at: datetime.datetime) -> str:
    """The key of the choice that this person ticked at the decision that waits; empty when there is none."""
    ticks = request.session.get(SESSION_KEY, {})
    whose, decision, key, when = ticks.get(_page_of(walk.script), ["", 0, "", 0])
    is_over = whose == form_owner.VISITOR and at.timestamp() - when > LIFETIME.total_seconds()
    is_theirs = (whose, decision) == (form_owner.owner_of(request.user), walk.decision)
    return key if is_theirs and not is_over else ""


def forget(request: HttpRequest, script: Script) -> None:
    """Forget the tick, once the decision has been taken."""
    ticks = request.session.get(SESSION_KEY, {})
    if ticks.pop(_page_of(script), None) is not None:
        request.session[SESSION_KEY] = ticks


def _page_of(script: Script) -> str:
    return str(script.scenario.page_id)
