"""Walking a case without an account: the choices wait in the visitor's session, and nothing else is stored.

After signing in they can be kept, as the learner's first playthrough.
"""

from django.http import HttpRequest

from apps.scenarios.queries import Script, Walk, walk_of

SESSION_KEY = "tasted"  # {page id: [keys of choices]}


def walk_of_visitor(request: HttpRequest, script: Script) -> Walk:
    """Where the visitor is in the case; at the start when they have chosen nothing, or the case has changed since."""
    keys = request.session.get(SESSION_KEY, {}).get(str(script.scenario.page_id), [])
    try:
        return walk_of(script, keys)
    except KeyError:
        return walk_of(script, ())


def take(request: HttpRequest, script: Script, number: int, choice_key: str) -> bool:
    """Take decision `number`; one that was taken already changes nothing. False when the choice is not offered."""
    walk = walk_of_visitor(request, script)
    if walk.is_ended or number < walk.number:
        return True
    if number != walk.number or choice_key not in {choice.key for choice in walk.choices}:
        return False
    _remember(request, script, [*(choice.key for choice in walk.taken), choice_key])
    return True


def go_back(request: HttpRequest, script: Script, number: int) -> bool:
    """Go back to decision `number`; repeated, it changes nothing. False when the visitor never got there."""
    walk = walk_of_visitor(request, script)
    if str(script.scenario.page_id) not in request.session.get(SESSION_KEY, {}) or number > walk.number:
        return False
    _remember(request, script, [choice.key for choice in walk.taken[: number - 1]])
    return True


def forget(request: HttpRequest, script: Script) -> None:
    """Forget the visitor's walk, once it has been kept."""
    tasted = request.session.get(SESSION_KEY, {})
    if tasted.pop(str(script.scenario.page_id), None) is not None:
        request.session[SESSION_KEY] = tasted


def _remember(request: HttpRequest, script: Script, keys: list[str]) -> None:
    request.session[SESSION_KEY] = {**request.session.get(SESSION_KEY, {}), str(script.scenario.page_id): keys}
