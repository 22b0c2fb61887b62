"""Where in a module a request is: the page it names, and the enrolment of the learner who asks."""

import datetime
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from functools import cached_property

from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.http import Http404

from apps.accounts.models import User
from apps.core.addresses import made_once
from apps.modules import page_kinds
from apps.modules.models import Edition, Page
from apps.modules.queries import Contents, is_readable, newest_edition, published_contents, published_edition_id
from apps.progress.actions import ClosedError, enrol
from apps.progress.models import Enrolment
from apps.progress.onward import Onward, of_learner, within
from apps.progress.queries import Completed, Progress, completed_in, enrolment_in, progress_of


@dataclass(frozen=True)
class Place:
    """A page of a published edition, and the learner's enrolment in it (None for somebody who has not begun)."""

    contents: Contents
    page: Page
    enrolment: Enrolment | None

    @property
    def position(self) -> int:
        """Which page of the module it is, counted from 1."""
        return self.contents.position_of(self.page)

    @property
    def module_url(self) -> str:
        return self.contents.edition.module.get_absolute_url()

    def url(self, view: str = "", *args: object) -> str:
        """The address of the page, or of another view of its kind."""
        name, keys = page_kinds.address(self.page, view)
        return made_once(name, *keys, *args)

    def beginning(self) -> AbstractContextManager[None]:
        """Around the first step of somebody who is to be enrolled with it: both are stored, or neither."""
        return nullcontext() if self.enrolment else transaction.atomic()

    def start(self, user: User, at: datetime.datetime) -> Enrolment:
        """The learner's enrolment, begun now if there is none; NotOpenError as in `enrol`."""
        return self.enrolment or enrol(user, self.contents.edition, at)

    def refuse_closed(self) -> None:
        """ClosedError for somebody who has not begun the edition, if nobody may begin it or read it any more."""
        if self.enrolment is None and not is_readable(self.contents.edition):
            raise ClosedError(self.contents.edition)

    @cached_property
    def completed(self) -> Completed:
        """When the learner completed pages of the module, by page."""
        return completed_in(self.enrolment) if self.enrolment else {}

    def progress(self) -> Progress:
        """How far the learner is in the module."""
        return progress_of(self.contents, self.enrolment)

    def onward(self) -> Onward:
        """The next step from here; for somebody who has not begun the next page, whatever that is."""
        if self.enrolment is None:
            return self._onward_of_visitor()
        return within(self.progress()) or of_learner(self.enrolment.learner)

    def _onward_of_visitor(self) -> Onward:
        page = self.neighbour(1) or self.neighbour(1 - self.position)
        return Onward(f"Continue: {page.title}", self.url_of(page)) if page else Onward("The module", self.module_url)

    def neighbour(self, distance: int) -> Page | None:
        """The page so far from here, backwards if negative; not this one."""
        place = self.position - 1 + distance
        return self.contents.pages[place] if distance and 0 <= place < len(self.contents.pages) else None

    def url_of(self, page: Page) -> str:
        """The address of another page of the module."""
        return page.get_absolute_url()


def find_contents(slug: str, edition: int) -> Contents:
    """The contents of a published edition, or 404."""
    try:
        return published_contents(published_edition_id((slug, edition)))
    except Edition.DoesNotExist:
        raise Http404 from None


def find_newest(slug: str) -> Contents:
    """The contents of the edition that anybody may begin, or 404. ClosedError where nobody may any more."""
    newest = newest_edition(slug)
    if newest is None:
        raise Http404
    contents = published_contents(newest)
    if not is_readable(contents.edition):
        raise ClosedError(contents.edition)
    return contents


def find_enrolment(user: User | AnonymousUser, contents: Contents) -> Enrolment | None:
    """The learner's enrolment in this edition, if somebody is signed in."""
    if isinstance(user, AnonymousUser):
        return None
    return enrolment_in(user, contents.edition)


def takes_another_edition(user: User | AnonymousUser, place: Place) -> bool:
    """Whether the learner is in another edition of the module, which nothing but its page may make them leave."""
    if place.enrolment is not None or isinstance(user, AnonymousUser):
        return False
    return Enrolment.objects.for_learner(user).filter(edition__module=place.contents.edition.module_id).exists()


def find_place(user: User | AnonymousUser, slug: str, edition: int, key: str, kind: str) -> Place:
    """The page of this kind with this key, or 404. ClosedError for who may neither begin the edition nor read it."""
    place = locate(user, slug, edition, key, kind)
    place.refuse_closed()
    return place


def locate(user: User | AnonymousUser, slug: str, edition: int, key: str, kind: str) -> Place:
    """The page of this kind with this key, or 404; also for who may not begin it."""
    contents, page = find_page(slug, edition, key, kind)
    return Place(contents, page, find_enrolment(user, contents))


def find_page(slug: str, edition: int, key: str, kind: str) -> tuple[Contents, Page]:
    """The page of this kind with this key, and all of its edition, or 404."""
    contents = find_contents(slug, edition)
    page = contents.page(key)
    if page is None or page.kind != kind:
        raise Http404
    return contents, page
