"""`python -m benchmarks.postgres COMMAND …`: run a command with DATABASE_URL naming a PostgreSQL of its own.

The server is made from the installed programs in a temporary directory, listens on a free port of this machine only,
and goes when the command ends. As root it runs as the user `postgres`, because it refuses to run as root.
`--fast` before the command gives up safety across a power cut, which tests do not need.
"""

import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

FAST = ("-c", "fsync=off", "-c", "full_page_writes=off", "-c", "synchronous_commit=off")


def find_programs() -> Path | None:
    """The directory with initdb and pg_ctl: on the PATH, or where Debian keeps the newest; None without a server."""
    if found := shutil.which("initdb"):
        return Path(found).resolve().parent
    versions = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    return max((path.parent for path in versions), key=lambda path: float(path.parent.name), default=None)


def free_port() -> int:
    """A port of this machine that nobody listens on at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def temporary_server(options: Sequence[str] = ()) -> Iterator[str]:
    """A new, empty server; gives the URL of its database. `options` are for `postgres` itself."""
    programs = find_programs()
    if programs is None:
        raise FileNotFoundError("PostgreSQL is not installed: initdb is neither on the PATH nor in /usr/lib/postgresql")
    with tempfile.TemporaryDirectory(prefix="second-look-postgres-", dir="/tmp") as name:
        root, password, port = Path(name), secrets.token_urlsafe(20), free_port()
        (root / "password").write_text(password)
        prefix: list[str] = []
        if os.geteuid() == 0:
            prefix = ["runuser", "-u", "postgres", "--"]
            shutil.chown(root, "postgres")
            shutil.chown(root / "password", "postgres")

        def run(program: str, *args: str) -> None:
            command = [*prefix, str(programs / program), "-D", str(root / "data"), *args]
            done = subprocess.run(command, cwd=root, stdin=subprocess.DEVNULL, capture_output=True, text=True)
            if done.returncode:
                log = (root / "log").read_text() if (root / "log").exists() else ""
                raise RuntimeError(f"{program} failed\n{done.stdout}{done.stderr}{log}")

        access = ["--username=second_look", "--auth=scram-sha-256", f"--pwfile={root / 'password'}"]
        run("initdb", *access, "--encoding=UTF8", "--no-locale")
        settings = ["-c", "listen_addresses=127.0.0.1", "-c", f"port={port}", "-c", f"unix_socket_directories={root}"]
        # pg_ctl detaches the server from this terminal: an interrupt reaches the command, and then `finally`.
        run("pg_ctl", "-w", "-l", str(root / "log"), "-o", " ".join([*settings, *options]), "start")
        try:
            yield f"postgres://second_look:{password}@127.0.0.1:{port}/postgres"
        finally:
            run("pg_ctl", "-w", "-m", "immediate", "stop")


def main() -> int:
    """Run the command on the command line; its exit status."""
    command = sys.argv[1:]
    options: Sequence[str] = ()
    if command[:1] == ["--fast"]:
        options, command = FAST, command[1:]
    if not command:
        sys.exit(__doc__)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))  # so that the server goes too
    with temporary_server(options) as url:
        return subprocess.run(command, env={**os.environ, "DATABASE_URL": url}).returncode


if __name__ == "__main__":
    sys.exit(main())
