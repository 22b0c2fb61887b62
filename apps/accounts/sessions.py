"""The sessions of one person, found by what is in them."""

import json
from collections.abc import Collection, Iterator
from typing import Any

from allauth.account.utils import user_pk_to_url_str
from django.contrib.sessions.models import Session

from apps.accounts.models import User
from apps.core.words import whole

BATCH = 1000


def end_sessions(person: User, addresses: Collection[str] = ()) -> None:
    """Every session in which the person is signed in, or is about to be, or that holds one of their addresses."""
    for batch in _batches_of_sessions():
        keys = [row.session_key for row in batch if _is_of(row.get_decoded(), person, addresses)]
        Session.objects.filter(session_key__in=keys).delete()


def _batches_of_sessions() -> Iterator[list[Session]]:
    last = ""
    while batch := list(Session.objects.filter(session_key__gt=last).order_by("session_key")[:BATCH]):
        yield batch
        last = batch[-1].session_key


def _is_of(data: dict[str, Any], person: User, addresses: Collection[str]) -> bool:
    text = json.dumps(data, ensure_ascii=False)
    return any(whole(address).search(text) for address in addresses) or _points_at(data, person)


def _points_at(value: Any, person: User) -> bool:
    """Whether a session, or a part of one, names the person by primary key; allauth spells it in its own way."""
    if isinstance(value, list):
        return any(_points_at(part, person) for part in value)
    if not isinstance(value, dict):
        return False
    keys = {"_auth_user_id": str(person.pk), "user_id": str(person.pk), "owner": str(person.pk)}
    keys["user_pk"] = user_pk_to_url_str(person)
    return any(str(part) == keys.get(name) or _points_at(part, person) for name, part in value.items())
