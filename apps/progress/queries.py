"""What learners' pages read of their progress."""

import datetime
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.contrib.admin.utils import NestedObjects
from django.contrib.auth.models import AnonymousUser
from django.db import DEFAULT_DB_ALIAS
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from apps.accounts.models import ClosedAccountError, User
from apps.core.addresses import made_once
from apps.core.prepared import prepared
from apps.core.words import counted
from apps.modules import page_kinds
from apps.modules.editions import EditionQuerySet
from apps.modules.models import Edition, Module, Page
from apps.modules.page_kinds import BegunRow
from apps.modules.queries import Contents, has_address, newest_editions, notes_since, published_contents
from apps.progress.finishing import Issued, issued
from apps.progress.models import Enrolment, PageCompletion
from apps.progress.so_far import SoFar, so_far_in, so_far_in_all

Completed = Mapping[int, datetime.datetime]  # when pages were completed, by page


@dataclass(frozen=True)
class Task:
    """A page in a list (`components/task.html`)."""

    key: str
    url: str
    title: str
    hint: str
    status: str


@dataclass(frozen=True)
class UnderWay:
    """A page that is begun and not completed: when something was done in it last, and where its learner is."""

    at: datetime.datetime
    hint: str


@dataclass(frozen=True)
class PageState:
    """A page as one learner finds it."""

    page: Page
    completed_at: datetime.datetime | None
    under_way: UnderWay | None

    @property
    def status(self) -> str:
        """`completed`, `in_progress`, `optional` or `not_started`."""
        if self.completed_at:
            return "completed"
        if self.under_way:
            return "in_progress"
        return "not_started" if self.page.is_required else "optional"

    @property
    def hint(self) -> str:
        """`Case, about 6 minutes. You are at decision 3`."""
        minutes = counted(self.page.minutes, "minute", "minutes")
        return f"{self.label}, about {minutes}{f'. {self.where}' if self.where else ''}"

    @property
    def where(self) -> str:
        """`You are at decision 3`; of a page that is completed it is another go that is under way."""
        if not self.under_way:
            return ""
        again = page_kinds.get(self.page.kind).again
        return f"{again} is open. {self.under_way.hint}" if self.completed_at else self.under_way.hint

    @property
    def label(self) -> str:
        """`Case`."""
        return page_kinds.get(self.page.kind).label

    @property
    def url(self) -> str:
        """Where it is done."""
        return self.page.get_absolute_url()

    @property
    def task(self) -> Task:
        """It as a list of pages shows it."""
        return Task(self.page.key, self.url, self.page.title, self.hint, self.status)


@dataclass(frozen=True)
class Progress:
    """How far a learner is in an edition; `enrolment` is None for one who has not begun."""

    contents: Contents
    enrolment: Enrolment | None
    states: tuple[PageState, ...]
    newer: Edition | None = None  # the edition that anybody may begin, where the learner has not
    notes: Sequence[str] = ()  # what has changed up to that one, the newest change first
    is_certified: bool = False
    is_revoked: bool = False  # the certificate, since
    is_over: bool = False  # this edition or a later one has its certificate: no step leads on in it

    @property
    def required(self) -> list[PageState]:
        return [state for state in self.states if state.page.is_required]

    @property
    def total(self) -> int:
        """Pages that the certificate needs."""
        return len(self.required)

    @property
    def done(self) -> int:
        return sum(state.completed_at is not None for state in self.required)

    @property
    def open_in_words(self) -> str:
        """What is open to a visitor; to everybody else all is."""
        return ""

    @property
    def locked_in_words(self) -> str:
        """What a visitor needs an account for."""
        return ""

    @property
    def tasks(self) -> list[Task]:
        """Its pages as a list shows them."""
        return [state.task for state in self.states]

    @property
    def left(self) -> list[PageState]:
        return [state for state in self.required if state.completed_at is None]

    @property
    def minutes_left(self) -> int:
        """Honest time for what is left, in minutes."""
        return sum(state.page.minutes for state in self.left)

    @property
    def done_in_words(self) -> str:
        """`2 of 11 pages done, about 20 minutes left.`"""
        pages, minutes = counted(self.total, "page", "pages"), counted(self.minutes_left, "minute", "minutes")
        return f"{self.done} of {pages} done, about {minutes} left."

    @property
    def left_in_words(self) -> str:
        """`a case, 2 readings, the quiz`."""
        return ", ".join(in_kinds(self.contents, [state.page for state in self.left]))

    def without(self, page: Page) -> "Progress":
        """The same, without this page."""
        return replace(self, states=tuple(state for state in self.states if state.page != page))

    @property
    def next_state(self) -> PageState | None:
        """The exact place to go on: the page begun last; else the next one not done, required ones first."""
        begun = [
            (state.under_way.at, state) for state in self.states if state.status == "in_progress" and state.under_way
        ]
        if begun:
            return max(begun, key=lambda place: place[0])[1]
        waiting = [state for state in self._in_turn if not state.completed_at]
        return next((state for state in waiting if state.page.is_required), next(iter(waiting), None))

    @property
    def next_page(self) -> Page | None:
        return self.next_state.page if self.next_state else None

    @property
    def _in_turn(self) -> tuple[PageState, ...]:
        """Every page, beginning after the one that was done last."""
        done = [(state.completed_at, place) for place, state in enumerate(self.states, 1) if state.completed_at]
        present = max(done)[1] if done else 0
        return self.states[present:] + self.states[:present]

    @property
    def segments(self) -> list[str]:
        """The pages as a row: `done`, `here` or nothing."""
        return segments_of(self.states, self.next_page)

    @property
    def start_url(self) -> str:
        """Where it is begun."""
        return made_once("progress:start", self.contents.edition.module.slug)

    @property
    def again(self) -> list[PageState]:
        """Pages that are completed, and under way once more."""
        return [state for state in self.states if state.completed_at and state.under_way]

    @property
    def is_withdrawn(self) -> bool:
        return self.enrolment is not None and self.enrolment.withdrawn_at is not None

    @property
    def is_complete(self) -> bool:
        return self.enrolment is not None and self.enrolment.completed_at is not None


def lock_enrolment(pk: int) -> Enrolment:
    """This one, which nobody else writes in until the transaction ends. Only a closed account takes it away."""
    enrolment = _locked.first(pk=pk)
    if enrolment is None:
        raise ClosedAccountError
    return enrolment


@prepared(pk=Enrolment.id)
def _locked(pk: int) -> QuerySet[Enrolment]:
    return Enrolment.objects.select_for_update(of=("self",), no_key=True).filter(pk=pk)


def lock_with_completions(pk: int) -> tuple[Enrolment, Completed]:
    """The same, with what the learner has completed in it."""
    enrolment = lock_enrolment(pk)
    return enrolment, completed_in(enrolment)


def enrolment_in(learner: User, edition: Edition) -> Enrolment | None:
    """The learner's own in an edition, with what closes that. It carries the edition, so nothing more is read."""
    enrolment = _own_in_edition.first(learner=learner.pk, edition=edition.pk)
    if enrolment is not None:
        enrolment.edition = edition
    return enrolment


@prepared(learner=Enrolment.learner, edition=Enrolment.edition)
def _own_in_edition(learner: int, edition: int) -> QuerySet[Enrolment]:
    return Enrolment.objects.filter(learner=learner, edition=edition).with_closure().with_later()


def newest_enrolment(learner: User, slug: str) -> Enrolment | None:
    """The learner's own in the newest edition of a module that they take, with what closes that, and what is newer."""
    return _own_in_module.first(learner=learner.pk, slug=slug)


@prepared(learner=Enrolment.learner, slug=Module.slug)
def _own_in_module(learner: int, slug: str) -> QuerySet[Enrolment]:
    own = Enrolment.objects.filter(learner=learner, edition__module__slug=slug)
    return own.with_newest_edition().with_closure().with_later().order_by("-edition__number")[:1]


def completed_in(enrolment: Enrolment) -> Completed:
    """When the learner completed pages of an edition, by page; what is under way is not looked for."""
    return dict(_completed.rows(enrolment=enrolment.pk))


@prepared(enrolment=PageCompletion.enrolment)
def _completed(enrolment: int) -> QuerySet[PageCompletion, tuple[int, datetime.datetime]]:
    return PageCompletion.objects.filter(enrolment=enrolment).order_by().values_list("page", "completed_at")


def progress_of(contents: Contents, enrolment: Enrolment | None) -> Progress:
    """How far a learner is in one edition."""
    if enrolment is None:
        return Progress(contents, None, tuple(PageState(page, None, None) for page in contents.pages))
    return _progress_of_all([(contents, enrolment)], {enrolment.pk: so_far_in(enrolment)})[0]


def segments_of(states: Iterable[PageState], here: Page | None) -> list[str]:
    """Pages as a row: `done`, `here` or nothing."""
    return ["here" if state.page == here else "done" if state.completed_at else "" for state in states]


def in_kinds(contents: Contents, pages: Iterable[Page]) -> list[str]:
    """What some pages of a module are: `a case`, `2 readings`, `the quiz`, where that is the only one it has."""
    all_, some = Counter(page.kind for page in contents.pages), Counter(page.kind for page in pages)
    kinds = [(page_kinds.get(name), count, all_[name]) for name, count in some.items()]
    return [
        f"{'the' if total == 1 else 'a'} {kind.noun}" if count == 1 else counted(count, kind.noun, kind.nouns)
        for kind, count, total in kinds
    ]


def progress_of_learner(user: User) -> list[Progress]:
    """How far the learner is in everything they take, and what is newer, the latest begun first."""
    return _with_newer(taken_by(user))


def taken_by(user: User) -> list[Progress]:
    """How far the learner is in everything they take, the latest begun first."""
    enrolments = Enrolment.objects.for_learner(user).with_closure().with_later().select_related("edition__module")
    begun = enrolments.order_by("-started_at")
    taken = [(published_contents(enrolment.edition_id), enrolment) for enrolment in begun]
    taken = [(contents, enrolment) for contents, enrolment in taken if has_address(contents.edition.module)]
    return _progress_of_all(taken, so_far_in_all(enrolment for _, enrolment in taken))


def _with_newer(taken: Sequence[Progress]) -> list[Progress]:
    """The same; the newest that a learner takes of a module is told of a newer edition."""
    newest: dict[int, Edition] = {}
    for edition in sorted((progress.contents.edition for progress in taken), key=lambda edition: edition.number or 0):
        newest[edition.module_id] = edition
    offered = {newest[module].pk: edition for module, edition in newest_editions(newest).items()}
    offered = {mine: edition for mine, edition in offered.items() if mine != edition.pk}
    notes = notes_since(newest.values())
    return [
        replace(progress, newer=offered[edition.pk], notes=notes[edition.pk])
        if (edition := progress.contents.edition).pk in offered
        else progress
        for progress in taken
    ]


def _progress_of_all(taken: Sequence[tuple[Contents, Enrolment]], so_far: Mapping[int, SoFar]) -> list[Progress]:
    """With certificates: one query, however many enrolments. `so_far`, what was done in them, by enrolment."""
    certificates = list(_issued([enrolment for _, enrolment in taken]))
    own = {certificate.enrolment_id: certificate for certificate in certificates if certificate.is_own}
    over = {certificate.enrolment_id for certificate in certificates}
    return [
        Progress(
            contents,
            enrolment,
            _states_of(contents, so_far[enrolment.pk]),
            is_certified=enrolment.pk in own,
            is_revoked=enrolment.pk in own and own[enrolment.pk].is_revoked,
            is_over=enrolment.pk in over,
        )
        for contents, enrolment in taken
    ]


def _states_of(contents: Contents, so_far: SoFar) -> tuple[PageState, ...]:
    completed, begun = so_far.completed, so_far.begun
    return tuple(
        PageState(page, completed.get(page.pk), _under_way(page, begun.get(page.pk))) for page in contents.pages
    )


def _issued(enrolments: Iterable[Enrolment]) -> Iterable[Issued]:
    """The certificates for the editions of these enrolments, or for later ones: who has completed none has none."""
    completed = [enrolment.pk for enrolment in enrolments if enrolment.completed_at or enrolment.is_completed_later]
    return issued(completed) if completed else ()


def _under_way(page: Page, begun: BegunRow | None) -> UnderWay | None:
    """Where its learner is in a page."""
    if begun is None:
        return None
    _, _, begun_at, touched_at, done, of = begun
    return UnderWay(touched_at or begun_at, page_kinds.get(page.kind).where(done, of))


def editions_for(user: User | AnonymousUser) -> list[int]:
    """The edition of each module that somebody reads: the newest that they take, else that which anybody may begin."""
    offered = {edition.module_id: edition.pk for edition in Edition.objects.offered()}
    if isinstance(user, AnonymousUser):
        return list(offered.values())
    taken = Enrolment.objects.for_learner(user).order_by("edition__number").values_list("edition__module", "edition")
    return list((offered | dict(taken)).values())


def last_touched(progress: Progress) -> datetime.datetime:
    """When the learner did something in it last, beginning it included."""
    times = [state.completed_at for state in progress.states if state.completed_at]
    times += [state.under_way.at for state in progress.states if state.under_way]
    if progress.enrolment:
        times.append(progress.enrolment.started_at)
    return max(times)


@dataclass(frozen=True)
class Learners:
    """How many people take an edition, and how many have completed it."""

    under_way: int = 0
    completed: int = 0

    def __str__(self) -> str:
        return f"{counted(self.under_way, 'learner is', 'learners are')} under way"


def with_learners(editions: EditionQuerySet) -> list[tuple[Edition, Learners]]:
    """These editions, each with its learners; one query."""
    taking = Enrolment.objects.filter(edition=OuterRef("pk")).order_by().values("edition")
    found: Iterable[Any] = editions.annotate(
        begun=Coalesce(Subquery(taking.annotate(count=Count("pk")).values("count")), 0),
        completed=Coalesce(Subquery(taking.annotate(count=Count("completed_at")).values("count")), 0),
    )
    return [(edition, Learners(edition.begun - edition.completed, edition.completed)) for edition in found]


def learners_of(edition_ids: Collection[int]) -> dict[int, Learners]:
    """The learners of each of these editions; one query."""
    found = Enrolment.objects.filter(edition__in=edition_ids).order_by().values_list("edition")
    counts = found.annotate(Count("pk"), Count("completed_at"))
    by_edition = {edition: Learners(all_ - completed, completed) for edition, all_, completed in counts}
    return {edition_id: by_edition.get(edition_id, Learners()) for edition_id in edition_ids}


def counts_of_learner(learner: User) -> list[str]:
    """`3 enrolments`, `2 attempts` …: the rows that would go with the learner."""
    collector = NestedObjects(using=DEFAULT_DB_ALIAS)
    collector.collect(Enrolment.objects.for_learner(learner))
    return [
        f"{len(rows)} {model._meta.verbose_name if len(rows) == 1 else model._meta.verbose_name_plural}"
        for model, rows in collector.data.items()
        if rows
    ]
