"""Walking a case without an account: a visit waits in the visitor's session, and nothing else is stored.

It stays in the edition in which it began, whatever has come out since. Two hours after the last step it is gone: the
next person at that computer begins at the start. After signing in it can be kept: the first walk to an ending as the
learner's first playthrough, and the walk that the visitor is on now as the second.
"""

import datetime
from collections.abc import Iterable, Sequence
from contextlib import suppress
from typing import Any

from django.db import transaction
from django.http import Http404, HttpRequest
from django.utils import timezone

from apps.accounts.requests import AuthenticatedHttpRequest
from apps.modules.models import Edition, Page
from apps.progress.actions import ClosedError
from apps.progress.models import Enrolment
from apps.progress.places import locate, takes_another_edition
from apps.scenarios import actions
from apps.scenarios.cases import Case, Visit
from apps.scenarios.models import Playthrough
from apps.scenarios.queries import can_be_kept, current_playthrough, published_script
from apps.scenarios.walks import Script, Walk, walk_of

# {page id: {"at": the last step, "ways": [the first walk to an ending, if there is one, and the walk now]}}
SESSION_KEY = "tasted"
LIFETIME = datetime.timedelta(hours=2)
MOST_CASES = 5  # in one session
MOST_DECISIONS = 100  # in one walk: some cases lead round and round


class TooLongError(Exception):
    """The walk has more decisions than may wait in a session."""


def find_visit(request: HttpRequest, slug: str, key: str) -> Visit:
    """What was done in this case: in the edition where that began, else in the one in force.

    404 for a case that is not open to all. ClosedError where nobody may begin any more, and neither a visit has begun
    nor is the person who is signed in on another edition, to which they are led.
    """
    begun = _edition_begun(request, slug, key)
    place = locate(request.user, slug, begun or _edition_in_force(slug), key, "scenario")
    if not begun and not takes_another_edition(request.user, place):
        place.refuse_closed()
    script = published_script(place.page.pk)
    if not script.scenario.is_taster:
        raise Http404
    return Visit(place, script, tuple(_walks(request, script)))


def has_visit(request: HttpRequest, script: Script) -> bool:
    """Whether something was decided on this page in this browser that an account could keep."""
    return any(walk.choices for walk in _walks(request, script))


def waits_for_learner(request: HttpRequest, case: Case) -> bool:
    """Whether the visitors' address shows a visit to this very page, of a learner who has not begun the case."""
    if case.playthrough is not None or not has_visit(request, case.script):
        return False
    edition = case.place.contents.edition
    return _edition_begun(request, edition.module.slug, case.place.page.key) == edition.number


def take(request: HttpRequest, visit: Visit, decision: int, key: str) -> bool:
    """Take a decision, by the key of its choice; one that was taken already changes nothing: False.

    NotAChoiceError as in `choose`; TooLongError for one more than may wait in a session.
    """
    if visit.walk.take(decision, key) is None:
        return False
    if decision > MOST_DECISIONS:
        raise TooLongError
    _remember(request, visit, [*visit.walk.keys, key])
    return True


def go_back(request: HttpRequest, visit: Visit, decision: int, playthrough: int | None = None) -> bool:
    """Go back to a decision of the walk they are on, or of that one; repeated, it changes nothing.

    False when the visitor never got there.
    """
    if not visit.to_keep or (playthrough or 1) > len(visit.walks):
        return False
    walk = visit.walks[playthrough - 1] if playthrough else visit.walk
    if decision > walk.decision:
        return False
    if decision == walk.decision:
        return not walk.is_ended
    _remember(request, visit, walk.keys[: decision - 1])
    return True


def is_waiting(visit: Visit) -> bool:
    """Whether the person who is signed in can keep the visit: they have not begun the case in their account."""
    return bool(visit.to_keep) and current_playthrough(visit.place.enrolment, visit.script.scenario) is None


def keep(request: AuthenticatedHttpRequest, visit: Visit, at: datetime.datetime) -> None:
    """Keep the visit in the account of who is signed in.

    NotOpenError when that must begin an edition that takes no new learners; the visit still waits then.
    """
    if not visit.to_keep:
        return
    with transaction.atomic():
        enrolment = visit.place.start(request.user, at)
        actions.keep(enrolment, visit.script, visit.to_keep, at)
    forget(request, visit.script)


def keep_on_signing_in(request: AuthenticatedHttpRequest, slug: str, key: str, **of_before: int) -> None:
    """Keep the visit in the POST that signs its visitor in, where nothing of theirs needs a word about it first.

    Somebody who has begun the case, or another edition of the module, finds the page that tells them so.
    """
    with suppress(ClosedError):  # then nothing has begun here, or it still waits
        visit = find_visit(request, slug, key)
        if is_waiting(visit) and can_be_kept(visit) and not takes_another_edition(request.user, visit.place):
            keep(request, visit, timezone.now())


def forget(request: HttpRequest, script: Script) -> None:
    """Forget the visit, once it has been kept or let go."""
    page = str(script.scenario.page_id)
    if page in request.session.get(SESSION_KEY, {}):
        request.session[SESSION_KEY] = {other: visit for other, visit in _live(request).items() if other != page}


def waiting(request: AuthenticatedHttpRequest) -> Iterable[Page]:
    """The cases that the person who is signed in went through before, and has not begun in their account."""
    pages = [int(page) for page, visit in _live(request).items() if any(visit["ways"])]
    if not pages:
        return ()
    mine = Enrolment.objects.for_learner(request.user)
    begun = Playthrough.objects.filter(enrolment__in=mine, scenario__page__in=pages)
    not_begun = Page.objects.filter(pk__in=pages).exclude(pk__in=begun.values("scenario__page"))
    return not_begun.select_related("edition__module")


def _live(request: HttpRequest) -> dict[str, dict[str, Any]]:
    """What was done in this browser, by page; neither what is older, nor what has no time (before there was one)."""
    since = (timezone.now() - LIFETIME).timestamp()
    tasted = request.session.get(SESSION_KEY, {})
    return {page: visit for page, visit in tasted.items() if isinstance(visit, dict) and visit["at"] > since}


def _edition_begun(request: HttpRequest, slug: str, key: str) -> int | None:
    """The edition in which this case was walked last in this browser; None when it was not."""
    live = _live(request)
    if not live:
        return None
    pages = Page.objects.filter(pk__in=[int(page) for page in live], key=key, edition__module__slug=slug)
    editions = dict(pages.filter(edition__in=Edition.objects.published()).values_list("pk", "edition__number"))
    return editions[max(editions, key=lambda page: live[str(page)]["at"])] if editions else None


def _edition_in_force(slug: str) -> int:
    number = Edition.objects.current().filter(module__slug=slug).values_list("number", flat=True).first()
    if number is None:
        raise Http404
    return number


def _walks(request: HttpRequest, script: Script) -> Iterable[Walk]:
    """The walks that wait for this page, as far as the case still has them."""
    for keys in _live(request).get(str(script.scenario.page_id), {"ways": ()})["ways"]:
        with suppress(KeyError):
            yield walk_of(script, keys)


def _remember(request: HttpRequest, visit: Visit, keys: Sequence[str]) -> None:
    """Let this be the walk that the visitor is on; the first that reached an ending stays beside it."""
    first = [walk.keys for walk in visit.to_keep[:1] if walk.is_ended]
    page = str(visit.script.scenario.page_id)
    others = [(other, waiting) for other, waiting in _live(request).items() if other != page]
    entry = {"at": timezone.now().timestamp(), "ways": [*first, keys]}
    request.session[SESSION_KEY] = dict([*others[1 - MOST_CASES :], (page, entry)])
