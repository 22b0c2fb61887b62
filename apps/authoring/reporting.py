"""What readers say is wrong: sent, answered, and left without a name. Nothing else writes reports."""

from __future__ import annotations

import datetime

from django.db import transaction

from apps.accounts.models import User, refuse_closed
from apps.authoring import queries
from apps.authoring.models import Report
from apps.authoring.queries import NewReport
from apps.modules.models import Module

MOST_OPEN = 100  # reports about one page of an edition


class TooManyReportsError(Exception):
    """So many reports about a page wait for an author that no more are taken."""


@transaction.atomic
def send_report(new: NewReport, at: datetime.datetime) -> Report | None:
    """Store what a reader says is wrong; None when the same was said a moment ago. TooManyReportsError for too many."""
    if new.by is not None:
        refuse_closed(new.by.pk)
    Module.objects.lock(pk=new.edition.module_id)  # so that two presses see each other
    if queries.is_said_already(new, at):
        return None
    if Report.objects.about(new.edition, new.page).open().count() >= MOST_OPEN:
        raise TooManyReportsError
    spot = new.spot if new.page and queries.is_spot(new.page, new.spot) else ""
    return Report.objects.create(
        edition_id=new.edition.pk,
        page_id=new.page.pk if new.page else None,
        spot=spot,
        text=new.text,
        sent_at=at,
        by=new.by,
    )


@transaction.atomic
def answer_report(report: Report, by: User, at: datetime.datetime, text: str = "") -> bool:
    """Close a report, with an answer if there is one. Repeated it changes nothing; False if another answer stands."""
    stored = Report.objects.lock(report.pk)
    if not stored.is_open:
        return stored.answer == text
    stored.answer, stored.closed_by, stored.closed_at = text, by, at
    stored.save(update_fields=["answer", "closed_by", "closed_at"])
    return True


def take_name_off_reports(person: User, at: datetime.datetime) -> None:
    """The person's account is being closed: what they said stays, without their name."""
    Report.objects.sent_by(person).update(by=None)
