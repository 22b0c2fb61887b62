"""The only writers of enrolments and completions."""

import datetime
from collections.abc import Collection
from decimal import Decimal
from typing import Any

from django.db import transaction

from apps.accounts.models import User, refuse_closed
from apps.core.prepared import inserting, prepared_write
from apps.modules.editions import lock_editions
from apps.modules.models import Edition, Page
from apps.modules.queries import is_offered, published_contents
from apps.progress.models import Enrolment, PageCompletion
from apps.progress.queries import lock_with_completions


class NotOpenError(Exception):
    """The edition takes no new learners: it is a draft, or a newer edition has replaced it."""

    def __init__(self, edition: Edition) -> None:
        self.edition = edition
        super().__init__(f"{edition} takes no new learners.")


class ClosedError(NotOpenError):
    """Nobody begins the module any more: it is archived, or its newest edition is withdrawn.

    Also for who would read an edition that is withdrawn and that they have not begun.
    """


@transaction.atomic
def enrol(learner: User, edition: Edition, at: datetime.datetime) -> Enrolment:
    """The learner's enrolment in the edition, made now if there is none.

    NotOpenError for an edition that takes no new learners: only the current one does. ClosedError where none does.
    """
    enrolment = Enrolment.objects.for_learner(learner).filter(edition=edition).select_related("edition__module").first()
    if enrolment is not None:
        return enrolment
    lock_editions([edition.pk])  # whoever withdraws it or archives the module comes before, or finds this enrolment
    if not Edition.objects.offered().filter(pk=edition.pk).exists():
        raise NotOpenError(edition) if is_offered(edition.module_id) else ClosedError(edition)
    refuse_closed(learner.pk)
    enrolment, _ = Enrolment.objects.get_or_create(learner=learner, edition=edition, defaults={"started_at": at})
    return enrolment


@transaction.atomic(savepoint=False)  # within another act it is a part of that, which none goes on without
def complete_page(enrolment: Enrolment, page: Page, scaled_score: Decimal | None, at: datetime.datetime) -> None:
    """Record that the page's criterion was met, and complete the enrolment when it was the last page needed.

    Harmless when repeated: the first completion of a page stays as it is.
    """
    if page.edition_id != enrolment.edition_id:
        raise ValueError(f"Page {page.pk} is not of the edition of enrolment {enrolment.pk}.")
    # Two last pages completed at once must see each other: the enrolment's row is the lock.
    locked, completed = lock_with_completions(enrolment.pk)
    if page.pk in completed:
        return
    _complete.run(enrolment=enrolment.pk, page=page.pk, completed_at=at, scaled_score=scaled_score)
    _complete_enrolment(locked, {*completed, page.pk}, at)


def _complete_enrolment(enrolment: Enrolment, done: Collection[int], at: datetime.datetime) -> None:
    """Date the enrolment's completion if nothing that the certificate needs is left."""
    if enrolment.completed_at is None and published_contents(enrolment.edition_id).required.issubset(done):
        Enrolment.objects.filter(pk=enrolment.pk).update(completed_at=at)


@prepared_write(
    enrolment=PageCompletion.enrolment,
    page=PageCompletion.page,
    completed_at=PageCompletion.completed_at,
    scaled_score=PageCompletion.scaled_score,
)
def _complete(**values: Any) -> object:
    return inserting(PageCompletion, **values)


def erase(learner: User, at: datetime.datetime) -> None:
    """The learner's account is being closed: every enrolment goes, and all that hangs on it."""
    own = Enrolment.objects.for_learner(learner)
    list(own.select_for_update().order_by("pk"))  # whoever is writing in one of them finishes first
    own.delete()
