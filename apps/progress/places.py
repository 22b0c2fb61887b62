"""Where in a module a request is: the page it names, and the enrolment of the learner who asks."""

import datetime
from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser
from django.http import Http404
from django.urls import reverse

from apps.accounts.models import User
from apps.modules import page_kinds
from apps.modules.models import Edition, Page
from apps.modules.queries import Contents, is_readable, published_contents, published_edition_id
from apps.progress.actions import ClosedError, enrol
from apps.progress.models import Enrolment


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
        return reverse(name, args=[*keys, *args])

    def start(self, user: User, at: datetime.datetime) -> Enrolment:
        """The learner's enrolment, begun now if there is none; NotOpenError as in `enrol`."""
        return self.enrolment or enrol(user, self.contents.edition, at)

    def refuse_closed(self) -> None:
        """ClosedError for somebody who has not begun the edition, if nobody may begin it or read it any more."""
        if self.enrolment is None and not is_readable(self.contents.edition):
            raise ClosedError(self.contents.edition)

    def next_page(self) -> Page | None:
        """Where to go from here: the next page not completed, later ones first; None when every page is completed."""
        done = set(self.enrolment.completions.values_list("page", flat=True)) if self.enrolment else set()
        pages, position = self.contents.pages, self.position
        in_turn = [*pages[position:], *pages[: position - 1]]
        return next((page for page in in_turn if page.pk not in done), None)

    def onward(self) -> "Onward":
        """Where the button “Continue” leads from here."""
        page = self.next_page()
        if page is None:
            return Onward("Finish the module", finish_url(self.contents.edition))
        return Onward(f"Continue: {page.title}", Place(self.contents, page, self.enrolment).url())


@dataclass(frozen=True)
class Onward:
    """The next step: the words on its button, and its address."""

    label: str
    url: str


def finish_url(edition: Edition) -> str:
    """Where a learner who has done everything gets the certificate."""
    return reverse("certificates:finish", args=[edition.module.slug, edition.number])


def find_contents(slug: str, edition: int) -> Contents:
    """The contents of a published edition, or 404."""
    try:
        return published_contents(published_edition_id((slug, edition)))
    except Edition.DoesNotExist:
        raise Http404 from None


def find_enrolment(user: User | AnonymousUser, contents: Contents) -> Enrolment | None:
    """The learner's enrolment in this edition; it carries the shared edition, so nothing more is read."""
    if isinstance(user, AnonymousUser):
        return None
    enrolment = Enrolment.objects.in_edition(user, contents.edition.pk).first()
    if enrolment is not None:
        enrolment.edition = contents.edition
    return enrolment


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
    contents = find_contents(slug, edition)
    page = contents.page(key)
    if page is None or page.kind != kind:
        raise Http404
    return Place(contents, page, find_enrolment(user, contents))
