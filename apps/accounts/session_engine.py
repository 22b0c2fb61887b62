"""Django's sessions in the database, read by a prepared statement: same table, same format, same life."""

import datetime

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.db.models import QuerySet
from django.utils import timezone

from apps.core.prepared import prepared


@prepared(key=Session.session_key, now=Session.expire_date)
def _living(key: str, now: datetime.datetime) -> QuerySet[Session]:
    """The session with this key, unless it has expired."""
    return Session.objects.filter(session_key=key, expire_date__gt=now)


class SessionStore(db.SessionStore):
    """Its name is a part of what signs the sessions, so it is Django's."""

    def _get_session_from_db(self) -> Session | None:
        session = _living.first(key=self.session_key, now=timezone.now())
        if session is None:
            self._session_key = None
        return session
