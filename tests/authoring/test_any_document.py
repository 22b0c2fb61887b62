"""Whatever a document says, it is stored, or refused in words: nothing an author could write is an error of ours."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from typing import Any

import pytest
from django.db import transaction

from apps.authoring.actions import Conflict, Edit, Saved, Stamp, UnstorableError, save_document
from apps.authoring.queries import find_sheet
from apps.modules import page_kinds
from apps.modules.checks import find_problems_of
from apps.modules.keys import settle
from apps.modules.known import Known
from tests import make
from tests.documents import Writing

pytestmark = [pytest.mark.django_db, pytest.mark.once]  # PostgreSQL refuses more

STAMP = Stamp(None, make.NOW)
ODD: dict[type, tuple[Any, ...]] = {
    str: ("", "x" * 100_000, "{no} such\r\n\u2028 <script> "),
    int: (0, -1, 101, 2**31),
    type(None): (1, 99_999),
    bool: (True, False),
    datetime.date: (None, datetime.date(1, 1, 1)),
}


@pytest.fixture
def draft():
    return make.started("posts", is_full=True)


def odd_ones(value: Any) -> Iterator[Any]:
    """The same value with one thing in it that is odd; of rows that stand in a row, the first and the last."""
    if isinstance(value, tuple):
        if value:
            yield ()
            yield (*value, value[0])
        for place in {0, len(value) - 1} if value else ():
            yield from ((*value[:place], odd, *value[place + 1 :]) for odd in odd_ones(value[place]))
    elif is_dataclass(value) and not isinstance(value, type):
        for field in fields(value):
            odd_values = ODD[datetime.date] if "date" in str(field.type) else odd_ones(getattr(value, field.name))
            yield from (replace(value, **{field.name: odd}) for odd in odd_values)
    else:
        yield from ODD.get(type(value), ())


@pytest.mark.parametrize("key", ["", "case", "quiz", "reading-1"])
def test_every_document_is_stored_or_refused_in_words(draft, key):
    document = find_sheet(draft, key).document
    wrong, outcomes = [], {Saved: 0, Conflict: 0, UnstorableError: 0}
    for odd in odd_ones(document):
        try:
            with transaction.atomic():
                saved = save_document(draft, Edit(key, odd, document.digest()), STAMP)
                outcomes[type(saved)] += 1
                stored = find_sheet(draft, key).document
                if stored != saved.document:
                    wrong.append(f"stored otherwise: {_difference(stored, saved.document)}")
                transaction.set_rollback(True)
        except UnstorableError as refused:
            outcomes[UnstorableError] += bool(refused.problems)
        except Exception as error:  # told by the test
            wrong.append(f"{_difference(document, odd)}: {error!r}"[:300])
    assert wrong == []
    assert outcomes[Conflict] == 0
    assert outcomes[Saved] > 5
    assert outcomes[UnstorableError] > 5


def test_every_document_can_be_judged():
    """Whatever stands in it: a sentence for whoever wrote it, never an error of ours."""
    kinds = {kind.name: kind for kind in page_kinds.all_kinds()}
    for number in range(150):
        writing = Writing(number)
        for name, document in (("scenario", writing.case()), ("quiz", writing.quiz()), ("reading", writing.reading())):
            settled, _ = settle(document, None, {})
            assert all(map(str, find_problems_of(name, settled, Known(kinds=kinds))))
            assert all(kinds[name].remarks(settled))


def _difference(before: Any, after: Any) -> str:
    """Where two documents differ, shortly."""
    if type(before) is not type(after) or not (is_dataclass(before) or isinstance(before, tuple)):
        return f"{str(before)[:40]!r} / {str(after)[:40]!r}"
    if isinstance(before, tuple):
        pairs = zip(before, after, strict=False)
        return next((_difference(*pair) for pair in pairs if pair[0] != pair[1]), f"{len(before)} / {len(after)}")
    names = [field.name for field in fields(before) if getattr(before, field.name) != getattr(after, field.name)]
    return f"{names[0]}: {_difference(getattr(before, names[0]), getattr(after, names[0]))}" if names else "nowhere"
