"""What authors do with editions."""

import datetime

from django.db import models, transaction
from django.db.models import Max
from django.db.models.functions import Coalesce

from apps.accounts.models import User
from apps.core.words import normalised
from apps.modules.checks import find_errors
from apps.modules.content import EditionContent, content_links, content_models
from apps.modules.editions import lock_drafts, lock_editions
from apps.modules.models import Archiving, Edition, Module, Withdrawal
from apps.modules.taking_back import taken_back

DISCARDED = "This draft has been discarded in the meantime. Start a new one."


class NotPublishableError(Exception):
    """The draft has problems; `problems` says which, in an author's words."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__(" ".join(problems))


class NotWithdrawableError(Exception):
    """A draft was to be withdrawn."""

    def __init__(self) -> None:
        super().__init__("A draft has not been published, so there is nothing to withdraw.")


class OlderEditionError(Exception):
    """A draft was to be started from an edition that a newer one has followed."""

    def __init__(self, newest: Edition) -> None:
        super().__init__(f"{newest.label.capitalize()} is in force: start the draft from that one.")


def find_obstacles(draft: Edition) -> list[str]:
    """What keeps a draft from being published, in an author's words; empty when nothing does."""
    in_force = Edition.objects.current().filter(module=draft.module_id).first()
    return [*(problem.text for problem in find_errors(draft)), *taken_back(draft, in_force)]


@transaction.atomic
def publish(draft: Edition, by: User | None, at: datetime.datetime, change_note: str = "") -> Edition:
    """Number the draft, date it and freeze it. NotPublishableError when it has problems; harmless when repeated."""
    Module.objects.lock(editions=draft.pk)
    locked = Edition.objects.select_for_update(of=("self",)).select_related("module").filter(pk=draft.pk).first()
    if locked is None:
        raise NotPublishableError([DISCARDED])
    if locked.is_published:
        return locked
    if problems := find_obstacles(locked):
        raise NotPublishableError(problems)
    highest = Edition.objects.filter(module=locked.module).aggregate(highest=Coalesce(Max("number"), 0))["highest"]
    Edition.objects.drafts().filter(pk=locked.pk).update(
        number=highest + 1, published_at=at, published_by=by, change_note=change_note
    )
    locked.refresh_from_db()
    return locked


@transaction.atomic
def start_draft(edition: Edition) -> Edition:
    """A draft with a copy of every row of a module's newest edition; the draft that is there already, if there is one.

    OlderEditionError for an older edition; ForeignLinkError where a row points into another edition, which no writer
    of ours lets it do.
    """
    if not edition.is_published:
        return edition
    Module.objects.lock(pk=edition.module_id)
    newest = Edition.objects.published().filter(module=edition.module_id).order_by("-number")[0]
    if newest.pk != edition.pk:
        raise OlderEditionError(newest)
    draft, is_new = Edition.objects.get_or_create(
        module=edition.module,
        number=None,
        defaults={name: getattr(edition, name) for name in Edition.written_fields()} | {"based_on": edition},
    )
    if is_new:
        _copy_rows(edition, draft)
    return draft


@transaction.atomic
def discard_draft(draft: Edition) -> None:
    """Delete a draft with all that is in it. PublishedContentError for an edition; harmless when repeated."""
    lock_drafts([draft.pk])  # once for all rows, which then go past their guards
    for model in reversed(content_models()):  # parts before what they point at
        rows: models.QuerySet[EditionContent] = models.QuerySet(model)
        rows.filter(edition=draft.pk)._raw_delete(rows.db)
    editions: models.QuerySet[Edition] = models.QuerySet(Edition)
    editions.filter(pk=draft.pk).delete()


@transaction.atomic
def withdraw(edition: Edition, by: User, at: datetime.datetime, reason: str) -> Withdrawal:
    """Let nobody begin the edition any more, nor any older one; its learners go on and read why.

    NotWithdrawableError for a draft. Harmless when repeated: the first withdrawal stays as it is.
    """
    if not edition.is_published:
        raise NotWithdrawableError
    _keep_out(edition.module_id)
    withdrawal, _ = Withdrawal.objects.get_or_create(
        edition=edition,
        ended_at=None,
        defaults={"withdrawn_at": at, "withdrawn_by": by, "reason": normalised(reason)},
    )
    return withdrawal


@transaction.atomic
def end_withdrawal(edition: Edition, by: User, at: datetime.datetime) -> bool:
    """Take a withdrawal back. False when there is none to take back."""
    _keep_out(edition.module_id)
    return bool(Withdrawal.objects.open().filter(edition=edition.pk).update(ended_at=at, ended_by=by))


@transaction.atomic
def archive(module: Module, by: User, at: datetime.datetime) -> Archiving:
    """Offer the module to nobody any more; its learners go on. Harmless when repeated: the first time stays."""
    _keep_out(module.pk)
    archiving, _ = Archiving.objects.get_or_create(
        module=module, ended_at=None, defaults={"archived_at": at, "archived_by": by}
    )
    return archiving


@transaction.atomic
def end_archiving(module: Module, by: User, at: datetime.datetime) -> bool:
    """Offer an archived module again. False when it is not archived."""
    _keep_out(module.pk)
    return bool(Archiving.objects.open().filter(module=module.pk).update(ended_at=at, ended_by=by))


def _keep_out(module_id: int) -> None:
    """Lock the module and its editions until the transaction ends: who is just beginning one has begun it before."""
    Module.objects.lock(pk=module_id)
    lock_editions(Edition.objects.published().filter(module=module_id).values_list("pk", flat=True))


def _copy_rows(edition: Edition, draft: Edition) -> None:
    """Copy every content row under its key; links between rows lead to the copies."""
    copies: dict[type[models.Model], dict[int, EditionContent]] = {}
    for model in content_models():
        rows = list(model._base_manager.filter(edition=edition))
        copies[model] = {}
        for row in rows:
            original = row.pk
            row.pk = None
            row.edition = draft
            row._state.adding = True
            for field in content_links(model):
                linked, of_model = getattr(row, field.attname), copies[field.related_model]
                if linked in of_model:
                    setattr(row, field.name, of_model[linked])
            copies[model][original] = row
        model._base_manager.bulk_create(rows)
