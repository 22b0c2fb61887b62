"""The production server, started as docs/deploy.md says."""

import http.client
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.postgres import free_port

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 30.0  # seconds until it must be ready


@contextmanager
def running_server(host: str, log: Path) -> Iterator[tuple[tuple[str, int], int]]:
    """gunicorn with gunicorn.conf.py on a free port, until the end of the block; gives its address and process.

    Its workers stay. Replaced as in production, they would be used up by the many requests for bare views between two
    moments with a page, which would then pay again and again for a new worker's first look at the course.
    """
    address = ("127.0.0.1", free_port())
    command = [sys.executable, "-m", "gunicorn", "--bind", f"{address[0]}:{address[1]}", "--max-requests", "0"]
    with log.open("wb") as output:
        process = subprocess.Popen(command, cwd=ROOT, env=os.environ, stdout=output, stderr=subprocess.STDOUT)
        try:
            _wait_until_ready(process, address, host, log)
            yield address, process.pid
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=60)


def _wait_until_ready(process: "subprocess.Popen[bytes]", address: tuple[str, int], host: str, log: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and process.poll() is None:
        try:
            connection = http.client.HTTPConnection(*address, timeout=5)
            connection.request("GET", "/readyz", headers={"Host": host})
            if connection.getresponse().status == http.client.OK:
                return
        except OSError:
            pass
        time.sleep(0.1)
    raise RuntimeError(f"the server did not become ready:\n{log.read_text()}")
