"""A load generator: a number of clients that each send their next request as soon as they have an answer.

Each request has a connection of its own, as nginx makes them (docs/nginx.conf.example). It is one thread that waits for
all clients, sends requests made beforehand and reads no more of an answer than it must check, so that it takes little
of the processor that the server needs; `Sample.own_share` says how much.
"""

import re
import selectors
import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

PATIENCE = 30.0  # seconds for an answer that is under way when the time is up

_HEAD_END = b"\r\n\r\n"
_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)


@dataclass(frozen=True)
class Call:
    """A request ready to be sent, and what shows that its answer is right: status, and bytes that must be in it."""

    request: bytes
    status: int
    marker: bytes


@dataclass
class Sample:
    """What was measured. Only answers within the time count; the few under way at its end are awaited and checked."""

    seconds: float = 0.0
    latencies: list[float] = field(default_factory=list)  # seconds each, of answers within the time
    answered: int = 0  # right answers, within the time or after it
    errors: list[str] = field(default_factory=list)
    own_seconds: float = 0.0  # processor time of the generator
    server_seconds: float = 0.0  # processor time of what is measured, where the caller knows it

    def add(self, other: "Sample") -> None:
        """Put another sample of the same thing to this one."""
        self.seconds += other.seconds
        self.latencies += other.latencies
        self.answered += other.answered
        self.errors += other.errors
        self.own_seconds += other.own_seconds
        self.server_seconds += other.server_seconds

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.latencies) / self.seconds if self.seconds else 0.0

    @property
    def own_share(self) -> float:
        """The part of one processor core that the generator took, 0 to 1."""
        return self.own_seconds / self.seconds if self.seconds else 0.0

    @property
    def server_cost(self) -> float:
        """Processor time of what is measured, in milliseconds a request."""
        return 1000 * self.server_seconds / self.answered if self.answered else float("nan")

    def percentile(self, part: float) -> float:
        """The latency, in milliseconds, that this part (0 to 1) of the answers did not exceed."""
        ordered = sorted(self.latencies)
        return 1000 * ordered[min(len(ordered) - 1, int(part * len(ordered)))] if ordered else float("nan")


class _Exchange:
    """A request under way."""

    def __init__(self, address: tuple[str, int], client: int, call: Call) -> None:
        self.client = client
        self.call = call
        self.sent_at = time.perf_counter()  # the connection is a part of what is waited for
        self.socket = socket.create_connection(address, timeout=PATIENCE)
        self.socket.sendall(call.request)
        self.received = b""

    def receive(self) -> bool:
        """Read what has come; True once that is the whole answer."""
        data = self.socket.recv(262_144)
        self.received += data
        end = self.received.find(_HEAD_END)
        length = _LENGTH.search(self.received, 0, end) if end >= 0 else None
        is_whole = length is not None and len(self.received) >= end + len(_HEAD_END) + int(length[1])
        if not data and not is_whole:
            raise ConnectionResetError("closed before the whole answer")
        return is_whole

    def problem(self) -> str | None:
        """What is wrong with the answer, in a line; None when it is right."""
        status = int(self.received[9:12])
        if status == self.call.status and self.call.marker in self.received:
            return None
        expected = f"{self.call.status} with {self.call.marker.decode()!r} in it"
        return f"{self.first_line}: {status} instead of {expected}: {self.received[:600].decode(errors='replace')}"

    @property
    def first_line(self) -> str:
        return self.call.request.split(b"\r\n", 1)[0].decode()


def _is_over(exchange: _Exchange, sample: Sample, end: float) -> bool:
    """Whether all has come that will come; then the sample has it."""
    try:
        if not exchange.receive():
            return False
        problem = exchange.problem()
    except OSError as error:
        problem = f"{exchange.first_line}: {error}"
    now = time.perf_counter()
    if problem:
        sample.errors.append(problem)
    else:
        sample.answered += 1
        if now <= end:
            sample.latencies.append(now - exchange.sent_at)
    return True


def measure(address: tuple[str, int], plans: list[Iterator[Call]], seconds: float) -> Sample:
    """Each plan is a client that works through it. The time ends after `seconds`, or when a plan has run out."""
    sample = Sample()
    selector = selectors.DefaultSelector()
    own_start, start = time.process_time(), time.perf_counter()
    end = start + seconds
    under_way = 0

    def send_next(client: int) -> int:
        """1 when a request is on its way, 0 when the time is up."""
        nonlocal end
        call = next(plans[client], None) if time.perf_counter() < end else None
        if call is None:
            end = min(end, time.perf_counter())
            return 0
        exchange = _Exchange(address, client, call)
        selector.register(exchange.socket, selectors.EVENT_READ, exchange)
        return 1

    for client in range(len(plans)):
        under_way += send_next(client)
    while under_way:
        ready = selector.select(PATIENCE)
        if not ready:
            sample.errors.append(f"{under_way} without an answer after {PATIENCE:.0f} s")
            break
        for key, _ in ready:
            exchange: _Exchange = key.data
            if _is_over(exchange, sample, end):
                selector.unregister(exchange.socket)
                exchange.socket.close()
                under_way += send_next(exchange.client) - 1
    selector.close()
    sample.seconds = end - start
    sample.own_seconds = time.process_time() - own_start
    return sample
