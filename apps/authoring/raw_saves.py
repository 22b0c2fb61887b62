"""Rows that were written one by one are kept as what their page says, so that the save can be looked at and undone."""

import datetime

from apps.accounts.models import User
from apps.authoring.actions import Stamp, UnstorableError, Verb, keep_raw_save
from apps.authoring.queries import UnknownKindError
from apps.modules.models import Page
from apps.modules.raw_saves import RefusedSaveError


def keep(page: Page, by: User | None, at: datetime.datetime) -> None:
    """Keep what a page says, as `modules/raw_saves.py` asks."""
    try:
        keep_raw_save(page, Stamp(by, at, Verb.SAVED if by else Verb.FOUND))
    except UnstorableError as refused:
        raise RefusedSaveError(" ".join(map(str, refused.problems))) from refused
    except UnknownKindError as refused:
        raise RefusedSaveError(str(refused)) from refused
