"""A load generator: some kept-alive connections that each send their next request as soon as they have an answer.

It is one thread that waits on all its connections, sends requests made beforehand and reads no more of an answer than
it must check, so that it takes little of the processor that the server needs; `Sample.own_share` says how much.
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
_CLOSE = re.compile(rb"\r\nconnection: *close", re.IGNORECASE)


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
    reconnects: int = 0  # a kept-alive connection that the server had closed, or was closing
    errors: list[str] = field(default_factory=list)
    own_seconds: float = 0.0  # processor time of the generator

    def add(self, other: "Sample") -> None:
        """Put another sample of the same thing to this one."""
        self.seconds += other.seconds
        self.latencies += other.latencies
        self.answered += other.answered
        self.reconnects += other.reconnects
        self.errors += other.errors
        self.own_seconds += other.own_seconds

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.latencies) / self.seconds if self.seconds else 0.0

    @property
    def own_share(self) -> float:
        """The part of one processor core that the generator took, 0 to 1."""
        return self.own_seconds / self.seconds if self.seconds else 0.0

    def percentile(self, part: float) -> float:
        """The latency, in milliseconds, that this part (0 to 1) of the answers did not exceed."""
        ordered = sorted(self.latencies)
        return 1000 * ordered[min(len(ordered) - 1, int(part * len(ordered)))] if ordered else float("nan")


class _Connection:
    """One kept-alive connection and the call that is under way on it."""

    def __init__(self, address: tuple[str, int], selector: selectors.BaseSelector) -> None:
        self.address = address
        self.selector = selector
        self.socket: socket.socket | None = None
        self.call: Call | None = None
        self.received = b""
        self.is_reused = False
        self.sent_at = 0.0

    def send(self, call: Call) -> None:
        """Send a call; the clock starts before the connection is made, where it must be made."""
        self.sent_at = time.perf_counter()
        self._send(call)

    def send_again(self) -> None:
        """Send the call under way on a new connection, without another start of the clock."""
        assert self.call is not None
        self.close()
        self._send(self.call)

    def _send(self, call: Call) -> None:
        self.call, self.received, self.is_reused = call, b"", self.socket is not None
        if self.socket is None:
            self.socket = socket.create_connection(self.address, timeout=PATIENCE)
            self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.selector.register(self.socket, selectors.EVENT_READ, self)
        self.socket.sendall(call.request)

    def receive(self) -> bytes | None:
        """The whole answer once it is there, else None. ConnectionError when the server has closed the connection."""
        assert self.socket is not None
        data = self.socket.recv(262_144)
        if not data:
            raise ConnectionResetError("closed before the whole answer")
        self.received += data
        end = self.received.find(_HEAD_END)
        if end < 0:
            return None
        length = _LENGTH.search(self.received, 0, end)
        if length is None:
            raise ConnectionAbortedError("an answer without Content-Length")
        if len(self.received) < end + len(_HEAD_END) + int(length[1]):
            return None
        if _CLOSE.search(self.received, 0, end):
            self.close()
        return self.received

    def close(self) -> None:
        if self.socket is not None:
            self.selector.unregister(self.socket)
            self.socket.close()
            self.socket = None


class Connections:
    """A number of connections, for as many measurements as one likes."""

    def __init__(self, address: tuple[str, int], number: int) -> None:
        self.selector = selectors.DefaultSelector()
        self.all = [_Connection(address, self.selector) for _ in range(number)]

    def __enter__(self) -> "Connections":
        return self

    def __exit__(self, *_: object) -> None:
        for connection in self.all:
            connection.close()
        self.selector.close()

    def measure(self, plans: list[Iterator[Call]], seconds: float) -> Sample:
        """Each connection works through its plan. The time ends after `seconds`, or when a plan has run out."""
        sample = Sample()
        own_start, start = time.process_time(), time.perf_counter()
        end = start + seconds
        under_way = 0
        plan_of = dict(zip(self.all, plans, strict=True))

        def send_next(connection: _Connection) -> int:
            nonlocal end
            call = next(plan_of[connection], None) if time.perf_counter() < end else None
            if call is None:
                end = min(end, time.perf_counter())
                return 0
            connection.send(call)
            return 1

        for connection in self.all:
            under_way += send_next(connection)
        while under_way:
            ready = self.selector.select(PATIENCE)
            if not ready:
                sample.errors.append(f"{under_way} without an answer after {PATIENCE:.0f} s")
                for connection in self.all:
                    connection.close()
                break
            for key, _ in ready:
                connection = key.data
                if connection.call is None:  # the server closed a connection that waits for nothing
                    connection.close()
                    continue
                try:
                    answer = connection.receive()
                except ConnectionError as error:
                    if connection.is_reused and not connection.received:
                        # As a browser or a proxy does: a kept-alive connection may end between two requests.
                        sample.reconnects += 1
                        connection.send_again()
                        continue
                    connection.close()
                    sample.errors.append(str(error))
                else:
                    if answer is None:
                        continue
                    now = time.perf_counter()
                    problem = _problem(connection.call, answer)
                    if problem:
                        sample.errors.append(problem)
                    else:
                        sample.answered += 1
                        if now <= end:
                            sample.latencies.append(now - connection.sent_at)
                connection.call = None
                under_way += send_next(connection) - 1
        sample.seconds = end - start
        sample.own_seconds = time.process_time() - own_start
        return sample


def _problem(call: Call, answer: bytes) -> str | None:
    """What is wrong with an answer, in a line; None when it is right."""
    status = int(answer[9:12])
    if status == call.status and call.marker in answer:
        return None
    first_line = call.request.split(b"\r\n", 1)[0].decode()
    excerpt = answer[:600].decode(errors="replace")
    return f"{first_line}: {status} instead of {call.status} with {call.marker.decode()!r} in it: {excerpt}"
