"""Several acts at the same moment, each in a thread with a connection of its own."""

from __future__ import annotations

import contextlib
import re
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.db import connection, connections

WRITE = re.compile(r'(INSERT INTO|UPDATE|DELETE FROM) "(?!django_session|cache)')


class Meeting:
    """Makes those who have looked, and are about to write what they saw missing, wait for each other.

    The first write of each thread waits until all are there, or for `patience` seconds where a lock keeps them away.
    """

    def __init__(self, threads: int, patience: float) -> None:
        self._barrier = threading.Barrier(threads)
        self._patience = patience
        self._here = threading.local()

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if WRITE.match(sql) and not hasattr(self._here, "has_met"):
            self._here.has_met = True
            with contextlib.suppress(threading.BrokenBarrierError):
                self._barrier.wait(self._patience)
        return execute(sql, params, many, context)


def at_once(*acts: Callable[[], Any], patience: float = 0.0) -> list[Any]:
    """Do all of these at the same moment, each in a thread of its own; what each gave, or the error it raised.

    With patience they also begin to write at the same moment.
    """
    start = threading.Barrier(len(acts))
    meeting = Meeting(len(acts), patience)

    def run(act: Callable[[], Any]) -> Any:
        try:
            connection.ensure_connection()
            start.wait(timeout=10)
            with connection.execute_wrapper(meeting):
                return act()
        except Exception as error:  # told to the test
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as threads:
        return list(threads.map(run, acts))
