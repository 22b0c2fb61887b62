"""`manage.py clearsessions` deletes what has expired, in steps."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.core.management import call_command, get_commands
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from apps.core.management.commands import clearsessions

pytestmark = pytest.mark.django_db


def test_expired_sessions_go_in_steps_and_the_others_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clearsessions, "STEP", 2)
    ages = {"a": 5, "b": 1, "c": 4, "d": 2, "e": 3, "here": -1, "there": -7}
    for key, days in ages.items():
        expire_date = timezone.now() - datetime.timedelta(days=days)
        Session.objects.create(session_key=key, session_data="", expire_date=expire_date)
    left: list[set[str]] = []

    def after_each_statement(execute: Any, sql: str, *rest: Any) -> Any:
        done = execute(sql, *rest)
        if sql.startswith("DELETE"):
            left.append(set(Session.objects.values_list("pk", flat=True)))
        return done

    with connection.execute_wrapper(after_each_statement):
        call_command("clearsessions")
    live = {"here", "there"}
    assert left == [live | {"b", "d", "e"}, live | {"b"}, live, live]


def test_nothing_to_delete_is_one_statement() -> None:
    with CaptureQueriesContext(connection) as captured:
        call_command("clearsessions")
    assert len(captured) == 1


def test_it_is_the_command_that_cron_runs() -> None:
    assert get_commands()["clearsessions"] == "apps.core"
