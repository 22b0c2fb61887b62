"""Walking a case without an account: the choices wait in the visitor's session, and nothing else is stored.

After signing in they can be kept: the first way to an ending as the learner's first playthrough, and the way that the
visitor is on now as the second.
"""

from collections.abc import Sequence
from dataclasses import replace

from django.http import HttpRequest

from apps.scenarios.actions import NotAChoiceError
from apps.scenarios.queries import Script, Walk, walk_of

SESSION_KEY = "tasted"  # {page id: [the first way to an ending, if there is one, and the way now]}

Way = Sequence[str]  # the keys of the choices taken


def ways_of_visitor(request: HttpRequest, script: Script) -> list[Way]:
    """The ways that can be kept: the first to an ending, and the one that the visitor is on. Empty without choices."""
    tasted: dict[str, list[Way]] = request.session.get(SESSION_KEY, {})
    return [way for way in tasted.get(str(script.scenario.page_id), []) if way and _can_be_gone(script, way)]


def walk_of_visitor(request: HttpRequest, script: Script) -> Walk:
    """Where the visitor is in the case."""
    way: Way = request.session.get(SESSION_KEY, {}).get(str(script.scenario.page_id), [[]])[-1]
    way = way if _can_be_gone(script, way) else ()
    is_visiting = bool(ways_of_visitor(request, script)) or not request.user.is_authenticated
    return replace(walk_of(script, way), is_visiting=is_visiting)


def take(request: HttpRequest, script: Script, number: int, choice_key: str) -> bool:
    """Take decision `number`; one that was taken already changes nothing: False. NotAChoiceError as in `choose`."""
    walk = walk_of_visitor(request, script)
    if walk.is_ended or number < walk.number:
        return False
    if number != walk.number or choice_key not in {choice.key for choice in walk.choices}:
        raise NotAChoiceError
    _remember(request, script, [*walk.keys, choice_key])
    return True


def go_back(request: HttpRequest, script: Script, number: int) -> bool:
    """Go back to decision `number`; repeated, it changes nothing. False when the visitor never got there."""
    walk = walk_of_visitor(request, script)
    if not ways_of_visitor(request, script) or number > walk.number:
        return False
    _remember(request, script, walk.keys[: number - 1])
    return True


def forget(request: HttpRequest, script: Script) -> None:
    """Forget the visitor's ways, once they have been kept or let go."""
    tasted = request.session.get(SESSION_KEY, {})
    if tasted.pop(str(script.scenario.page_id), None) is not None:
        request.session[SESSION_KEY] = tasted


def _can_be_gone(script: Script, way: Way) -> bool:
    """Whether the case still has this way."""
    try:
        walk_of(script, way)
    except KeyError:
        return False
    return True


def _remember(request: HttpRequest, script: Script, way: Way) -> None:
    """Let this be the way that the visitor is on; the first that reached an ending stays beside it."""
    ways = ways_of_visitor(request, script)
    first = [ways[0]] if ways and walk_of(script, ways[0]).is_ended else []
    tasted = request.session.get(SESSION_KEY, {})
    request.session[SESSION_KEY] = {**tasted, str(script.scenario.page_id): [*first, way]}
