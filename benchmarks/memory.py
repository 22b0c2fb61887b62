"""What the server's workers hold in memory."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass

from benchmarks.processor import PROC, parent_of

_SIZE = re.compile(r"^(Rss|Pss): +(\d+) kB$", re.MULTILINE)


@dataclass(frozen=True, order=True)
class Memory:
    """Of one process, in megabytes: with its part of what it shares, and with all of that."""

    pss: float
    rss: float


def of_workers(first: int) -> list[Memory]:
    """Of each process that this one has started; nothing where /proc does not say."""
    found = []
    for rollup in PROC.glob("[0-9]*/smaps_rollup"):
        with suppress(OSError):  # it has ended meanwhile
            pid = int(rollup.parent.name)
            if parent_of(pid) == first:
                sizes = {name: int(size) * 1024 / 1e6 for name, size in _SIZE.findall(rollup.read_text())}
                found += [Memory(sizes["Pss"], sizes["Rss"])] if sizes else []
    return found


def told(seen: list[Memory]) -> str:
    """The largest of them in a line."""
    if not seen:
        return "unknown"
    largest = max(seen)
    return f"{largest.pss:.0f} MB (PSS; RSS {largest.rss:.0f} MB)"
