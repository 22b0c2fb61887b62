"""A choice that was ticked when somebody left a case: nothing was decided, and it stands ticked when they come back.

It waits in the session for the decision it was ticked at, and belongs to whoever ticked it: nobody else is shown it.
"""

import datetime

from django.http import HttpRequest

from apps.core import form_owner
from apps.scenarios.queries import Script, Walk
from apps.scenarios.tasting import LIFETIME

SESSION_KEY = "ticked"  # {page id: [whose, the number of the decision, the choice's key, when]}


def remember(request: HttpRequest, walk: Walk, number: int, key: str, at: datetime.datetime) -> bool:
    """Keep the tick; False when it is no choice of the decision that waits."""
    if number != walk.number or key not in {choice.key for choice in walk.choices}:
        return False
    tick = [form_owner.owner_of(request.user), number, key, at.timestamp()]
    request.session[SESSION_KEY] = request.session.get(SESSION_KEY, {}) | {_place(walk.script): tick}
    return True


def ticked(request: HttpRequest, walk: Walk, at: datetime.datetime) -> str:
    """The key of the choice that this person ticked at the decision that waits; empty when there is none."""
    whose, number, key, when = request.session.get(SESSION_KEY, {}).get(_place(walk.script), ["", 0, "", 0])
    is_over = whose == form_owner.VISITOR and at.timestamp() - when > LIFETIME.total_seconds()
    return key if (whose, number) == (form_owner.owner_of(request.user), walk.number) and not is_over else ""


def forget(request: HttpRequest, script: Script) -> None:
    """Forget the tick, once the decision has been taken."""
    kept = request.session.get(SESSION_KEY, {})
    if kept.pop(_place(script), None) is not None:
        request.session[SESSION_KEY] = kept


def _place(script: Script) -> str:
    return str(script.scenario.page_id)
