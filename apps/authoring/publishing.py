"""Publishing or discarding a draft as somebody read it: what stands there is what they were shown."""

from __future__ import annotations

import datetime
import hashlib

from django.db import transaction

from apps.accounts.models import User
from apps.authoring.actions import NoDraftError
from apps.authoring.overview import Draft, InForce, last_saved, read_drafts
from apps.core.words import normalised
from apps.modules import actions
from apps.modules.checks import find_strange_rows
from apps.modules.editions import lock_drafts
from apps.modules.models import Edition, Module
from apps.modules.problems import Level, Problem
from apps.modules.taking_back import taken_back

PUBLISH, DISCARD = "publish", "discard it"


class ChangedMeanwhileError(Exception):
    """Something was saved in the draft after it was read; `saved` says what and by whom, where that is known."""

    def __init__(self, draft: Draft, then: str) -> None:
        self.draft = draft
        saved = last_saved(draft.edition)
        what = f"{saved.by} saved {draft.title_of(saved.page_key)}" if saved else "Somebody changed the draft"
        super().__init__(f"{what} after you opened this page. Read what is new, then {then}.")


class OtherNoteError(Exception):
    """Another note was kept with the draft in the meantime."""

    def __init__(self, note: str) -> None:
        self.note = note
        stands = (
            f"Somebody kept this note after you opened this page: “{note}”"
            if note
            else "Somebody took the note away that was kept."
        )
        super().__init__(f"{stands} Yours is still here: bring the two together, then keep or publish that.")


def digest_of(draft: Draft) -> str:
    """A digest of all that a draft says; its note is not part of it."""
    return _digest(draft.document.digest(), *(page.document.digest() for page in draft.pages))


def digest_of_note(note: str) -> str:
    """What a form carries of the note that was kept when it was made; nothing of none."""
    return _digest(note) if note else ""


def _digest(*said: str) -> str:
    return hashlib.sha256(" ".join(said).encode()).hexdigest()[:16]


def mark_of(problem: Problem) -> str:
    """What names a problem in a form: another when another thing is told."""
    told = repr((problem.page, problem.block, problem.text))
    return hashlib.sha256(told.encode()).hexdigest()[:12]


def warnings_of(draft: Draft) -> list[Problem]:
    """What must be confirmed before a draft is published."""
    return [problem for problem in draft.problems.all if problem.level is Level.WARNING]


def obstacles_to(draft: Draft, in_force: InForce | None) -> list[str]:
    """What keeps a draft from being published, as `find_obstacles` says it of the rows."""
    strange = find_strange_rows(draft.edition)
    errors = [problem for problem in strange or draft.problems.all if problem.level is Level.ERROR]
    return [*(error.text for error in errors), *taken_back(draft.edition, in_force.edition if in_force else None)]


@transaction.atomic
def publish_as_read(draft: Edition, seen: str, by: User, at: datetime.datetime, change_note: str) -> Edition:
    """Publish a draft if it says what its publisher read; harmless when repeated.

    ChangedMeanwhileError when it says something else, NotPublishableError when it has errors.
    """
    Module.objects.lock(editions=draft.pk)
    drafts = Edition.objects.select_for_update(of=("self",)).select_related("module", "based_on")
    locked = drafts.filter(pk=draft.pk).first()
    if locked is not None and not locked.is_published:
        (stands,) = read_drafts([locked])
        if digest_of(stands) != seen:
            raise ChangedMeanwhileError(stands, PUBLISH)
    return actions.publish(draft, by, at, change_note)


@transaction.atomic
def keep_note(draft: Edition, note: str, seen: str) -> None:
    """Keep a note with its draft until that is published; harmless when repeated.

    OtherNoteError when another note is there than was `seen`, PublishedContentError and NoDraftError without a draft.
    """
    lock_drafts([draft.pk])
    kept = Edition.objects.filter(pk=draft.pk).values_list("change_note", flat=True).first()
    if kept is None:
        raise NoDraftError
    if kept == normalised(note):
        return
    if digest_of_note(kept) != seen:
        raise OtherNoteError(kept)
    Edition.objects.filter(pk=draft.pk).update(change_note=note)


@transaction.atomic
def discard_as_read(draft: Edition, seen: str) -> None:
    """Discard a draft if it says what its author was told would go; harmless when repeated.

    ChangedMeanwhileError when it says something else, PublishedContentError when it has been published.
    """
    lock_drafts([draft.pk])
    for stands in read_drafts(Edition.objects.drafts().select_related("module", "based_on").filter(pk=draft.pk)):
        if digest_of(stands) != seen:
            raise ChangedMeanwhileError(stands, DISCARD)
    actions.discard_draft(draft)
