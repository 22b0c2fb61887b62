"""Walking a case without an account: the choices wait in the visitor's session, and nothing else is stored.

Two hours after the last step they are gone: the next person at that computer begins at the start. After signing in they
can be kept: the first way to an ending as the learner's first playthrough, and the way that the visitor is on now as
the second.
"""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from apps.accounts.requests import AuthenticatedHttpRequest
from apps.modules.models import Page
from apps.progress.models import Enrolment
from apps.progress.places import Place, find_place
from apps.scenarios import actions
from apps.scenarios.actions import NotAChoiceError
from apps.scenarios.models import Playthrough
from apps.scenarios.queries import Script, Walk, current_playthrough, published_script, walk_of

# {page id: {"at": the last step, "ways": [the first way to an ending, if there is one, and the way now]}}
SESSION_KEY = "tasted"
LIFETIME = datetime.timedelta(hours=2)
MOST_CASES = 5  # in one session
MOST_DECISIONS = 100  # in one way: some cases lead round and round

Way = Sequence[str]  # the keys of the choices taken


class TooLongError(Exception):
    """The way has more decisions than may wait in a session."""


def ways_of_visitor(request: HttpRequest, script: Script) -> list[Way]:
    """The ways that can be kept: the first to an ending, and the one that the visitor is on. Empty without choices."""
    return [way for way in _ways(request, script) if way and _can_be_gone(script, way)]


def walk_of_visitor(request: HttpRequest, script: Script) -> Walk:
    """Where the visitor is in the case."""
    ways = [way for way in _ways(request, script) if _can_be_gone(script, way)]
    is_visiting = any(ways) or not request.user.is_authenticated
    return replace(walk_of(script, ways[-1] if ways else ()), is_visiting=is_visiting)


def take(request: HttpRequest, script: Script, number: int, choice_key: str) -> bool:
    """Take decision `number`; one that was taken already changes nothing: False. NotAChoiceError as in `choose`.

    TooLongError for one more than may wait in a session.
    """
    walk = walk_of_visitor(request, script)
    if walk.is_ended or number < walk.number:
        return False
    if number != walk.number or choice_key not in {choice.key for choice in walk.choices}:
        raise NotAChoiceError
    if number > MOST_DECISIONS:
        raise TooLongError
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
    page = str(script.scenario.page_id)
    if page in request.session.get(SESSION_KEY, {}):
        request.session[SESSION_KEY] = {other: visit for other, visit in _visits(request).items() if other != page}


def keep(request: AuthenticatedHttpRequest, place: Place, script: Script, at: datetime.datetime) -> None:
    """Keep the visitor's ways in the account of who is signed in. NotOpenError when that must begin an old edition."""
    ways = ways_of_visitor(request, script)
    if not ways:
        return
    with transaction.atomic():
        enrolment = place.start(request.user, at)
        actions.keep(enrolment, script, ways, at)
    forget(request, script)


def keep_on_signing_in(request: AuthenticatedHttpRequest, slug: str, number: int, key: str) -> None:
    """Keep the visitor's ways in the POST that signs them in, where nothing of theirs needs a word about it first.

    Somebody who has begun the case, or another edition of the module, finds the page that tells them so.
    """
    place = find_place(request.user, slug, number, key, "scenario")
    script = published_script(place.page.pk)
    module = Enrolment.objects.for_learner(request.user).filter(edition__module__slug=slug)
    if current_playthrough(place.enrolment, script.scenario) or (place.enrolment is None and module.exists()):
        return
    keep(request, place, script, timezone.now())


def waiting(request: HttpRequest) -> Iterable[Page]:
    """The cases that the person who is signed in went through before, and has not begun in their account."""
    pages = [int(page) for page, visit in _visits(request).items() if any(visit["ways"])]
    if not pages:
        return ()
    mine = Enrolment.objects.for_learner(request.user)  # type: ignore[arg-type]  # the page is behind the door
    begun = Playthrough.objects.filter(enrolment__in=mine, scenario__page__in=pages)
    found = Page.objects.filter(pk__in=pages).exclude(pk__in=begun.values("scenario__page"))
    return found.select_related("edition__module")


def _ways(request: HttpRequest, script: Script) -> list[Way]:
    visit = _visits(request).get(str(script.scenario.page_id))
    return visit["ways"] if visit else []


def _visits(request: HttpRequest) -> dict[str, dict[str, Any]]:
    """What was done in this browser, by page; neither what is older, nor what has no time (before there was one)."""
    since = (timezone.now() - LIFETIME).timestamp()
    tasted = request.session.get(SESSION_KEY, {})
    return {page: visit for page, visit in tasted.items() if isinstance(visit, dict) and visit["at"] > since}


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
    page = str(script.scenario.page_id)
    others = [(other, visit) for other, visit in _visits(request).items() if other != page]
    visit = {"at": timezone.now().timestamp(), "ways": [*first, way]}
    request.session[SESSION_KEY] = dict([*others[1 - MOST_CASES :], (page, visit)])
