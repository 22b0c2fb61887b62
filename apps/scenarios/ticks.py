"""A choice that was ticked when somebody left a case: nothing was decided, and it stands ticked when they come back.

It waits in the session for the decision it was ticked at, and belongs to whoever ticked it: nobody else is shown it.
"""

import datetime

from django.http import HttpRequest

from apps.scenarios.queries import Script, Walk

SESSION_KEY = "ticked"  # {page id: [whose, the number of the decision, the choice's key, when]}
VISIT = datetime.timedelta(hours=2)  # after that, somebody without an account may be somebody else


def remember(request: HttpRequest, walk: Walk, number: int, key: str, at: datetime.datetime) -> bool:
    """Keep the tick; False when it is no choice of the decision that waits."""
    if number != walk.number or key not in {choice.key for choice in walk.choices}:
        return False
    tick = [_whose(request), number, key, at.timestamp()]
    request.session[SESSION_KEY] = request.session.get(SESSION_KEY, {}) | {_place(walk.script): tick}
    return True


def ticked(request: HttpRequest, walk: Walk, at: datetime.datetime) -> str:
    """The key of the choice that this person ticked at the decision that waits; empty when there is none."""
    whose, number, key, when = request.session.get(SESSION_KEY, {}).get(_place(walk.script), ["", 0, "", 0])
    is_over = not whose and at.timestamp() - when > VISIT.total_seconds()
    return key if (whose, number) == (_whose(request), walk.number) and not is_over else ""


def forget(request: HttpRequest, script: Script) -> None:
    """Forget the tick, once the decision has been taken."""
    kept = request.session.get(SESSION_KEY, {})
    if kept.pop(_place(script), None) is not None:
        request.session[SESSION_KEY] = kept


def _whose(request: HttpRequest) -> str:
    """The person's number; empty for somebody who is signed out."""
    return str(request.user.pk or "")


def _place(script: Script) -> str:
    return str(script.scenario.page_id)
