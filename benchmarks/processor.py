"""Processor time of the server and its database: what a request costs, whatever else the machine is doing."""

import os
from pathlib import Path

from django.db import connection

PROC = Path("/proc")


def database_process() -> int | None:
    """The process that starts PostgreSQL's others, where it runs on this machine; None for SQLite."""
    if connection.vendor != "postgresql":
        return None
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        pid: int = cursor.fetchone()[0]
    try:
        is_here = (PROC / str(pid) / "comm").read_text().strip() == "postgres"
    except OSError:
        return None
    return parent_of(pid) if is_here else None


def seconds_of(*roots: int | None) -> float:
    """Processor seconds that these processes, their children and their ended children have used; 0 where unknown."""
    if not PROC.is_dir():
        return 0.0
    ticks = 0
    for fields_of in _processes(set(filter(None, roots))).values():
        ticks += sum(fields_of)
    return ticks / os.sysconf("SC_CLK_TCK")


def _processes(roots: set[int]) -> dict[int, list[int]]:
    """Ticks of each root (with its ended children) and of each of their children."""
    found = {}
    for entry in PROC.iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:  # it has ended meanwhile
                continue
            own, of_ended_children = [int(part) for part in fields[11:13]], [int(part) for part in fields[13:15]]
            if int(entry.name) in roots:
                found[int(entry.name)] = own + of_ended_children
            elif int(fields[1]) in roots:
                found[int(entry.name)] = own
    return found


def parent_of(pid: int) -> int:
    """The process that started this one."""
    return int((PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()[1])
