"""The next step, the same one wherever it is named: debrief, result, reading, module page, My learning, home.

In a module that is taken: what is under way, else the next page not done, else the certificate. After the certificate
it is a step in another module: the one worked on last, else the shortest that has not been begun.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.urls import reverse

from apps.accounts.models import User
from apps.core.words import counted, in_words
from apps.modules import page_kinds
from apps.modules.models import Edition, Page
from apps.modules.queries import Contents, catalogue, published_contents
from apps.progress.finishing import finish_url
from apps.progress.queries import PageState, Progress, last_touched, taken_by


@dataclass(frozen=True)
class Onward:
    """The next step. `label` stands on a button of its own, `button` on one below `title` and `hint`."""

    label: str
    url: str
    title: str = ""
    hint: str = ""  # `Reading, 2 minutes. Page 7 of 10 in “Patients, privacy and boundaries”.`
    after: str = ""  # what is left in the module when this is done
    button: str = "Continue"
    page: Page | None = None
    contents: Contents | None = None  # the module it is in
    is_new: bool = False  # it begins a module
    is_end: bool = False  # every module has its certificate


def within(progress: Progress) -> Onward | None:
    """The next step in a module that is taken; None once it is over."""
    if progress.is_over:
        return None
    state = progress.next_state
    return _to_page(progress, state) if state else _to_certificate(progress)


def of_learner(learner: User) -> Onward:
    """The next step of somebody who is in no module just now."""
    return among(taken_by(learner), catalogue())


def after(progress: Progress, learner: User) -> Onward:
    """The next step of somebody who is in this module."""
    return within(progress) or of_learner(learner)


def among(taken: Sequence[Progress], offered: Iterable[Edition]) -> Onward:
    """The next step of somebody who takes these, and may begin what is offered."""
    under_way = max((progress for progress in taken if is_open(progress)), key=last_touched, default=None)
    if under_way and (step := within(under_way)):
        return step
    modules = {progress.contents.edition.module_id for progress in taken}
    new = sorted(
        (edition for edition in offered if edition.module_id not in modules),
        key=lambda edition: edition.minutes or 0,
    )
    shortest = next((contents for contents in map(_contents_of, new) if contents.pages), None)
    return _to_module(shortest) if shortest else _end(taken)


def _contents_of(edition: Edition) -> Contents:
    return published_contents(edition.pk)


def is_open(progress: Progress) -> bool:
    """Whether there is something to do in it: no certificate of its edition or a later one, and a page to go to."""
    return not progress.is_over and (progress.next_state is not None or progress.is_complete)


def _to_page(progress: Progress, state: PageState) -> Onward:
    page, contents = state.page, progress.contents
    where = f"Page {contents.position_of(page)} of {len(contents.pages)} in “{contents.edition.title}”."
    return Onward(
        label=f"Continue: {page.title}",
        url=state.url,
        title=page.title,
        hint=f"{kind_and_minutes(page)}. {where}{f' {state.under_way.hint}.' if state.under_way else ''}",
        after=_after(progress, page),
        page=page,
        contents=contents,
    )


def _after(progress: Progress, page: Page) -> str:
    """`After it, 19 minutes: a reading, a case, the quiz.`"""
    rest = progress.without(page)
    if not rest.left:
        return "After it: the certificate."
    return f"After it, {counted(rest.minutes_left, 'minute', 'minutes')}: {rest.left_in_words}."


def _to_certificate(progress: Progress) -> Onward:
    edition, minutes = progress.contents.edition, progress.contents.minutes
    return Onward(
        label="Finish the module",
        url=finish_url(edition),
        title="Your certificate",
        hint=f"Every page of “{edition.title}” that counts is done: {counted(minutes, 'minute', 'minutes')} to prove.",
        button="Finish the module",
        contents=progress.contents,
    )


def _to_module(contents: Contents) -> Onward:
    title, first = contents.edition.title, contents.pages[0]
    length = counted(contents.minutes, "minute", "minutes")
    pages = counted(len(contents.pages), "page", "pages")
    return Onward(
        label=f"Start: {title}",
        url=first.get_absolute_url(),
        title=title,
        hint=f"{length}, {pages}. It begins with “{first.title}”: {kind_and_minutes(first).lower()}.",
        button="Start this one",
        page=first,
        contents=contents,
        is_new=True,
    )


def _end(taken: Sequence[Progress]) -> Onward:
    """Nothing is left; or there is nothing at all."""
    by_number = sorted(taken, key=lambda progress: progress.contents.edition.number or 0)
    proofs = [progress.contents for progress in by_number if progress.is_certified and not progress.is_revoked]
    certified = {contents.edition.module_id: contents for contents in proofs}  # of each module the newest
    if not certified:
        return Onward("All modules", reverse("modules:catalogue"), "Nothing to do just now", button="All modules")
    minutes = counted(sum(contents.minutes for contents in certified.values()), "minute", "minutes")
    modules = len({progress.contents.edition.module_id for progress in taken})
    all_done = {1: "The module is done", 2: "Both modules are done"}.get(modules, f"All {in_words(modules)} are done")
    return Onward(
        label="Your certificates",
        url=f"{reverse('progress:my_learning')}#completed",
        title=all_done if len(certified) == modules else "Nothing more to do just now",
        hint=f"{counted(len(certified), 'certificate', 'certificates')}, {minutes} that you can prove.",
        button="Your certificates",
        is_end=True,
    )


def kind_and_minutes(page: Page) -> str:
    """`Reading, 2 minutes`."""
    return f"{page_kinds.get(page.kind).label}, {counted(page.minutes, 'minute', 'minutes')}"
