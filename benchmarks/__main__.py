"""`python -m benchmarks` (`make bench`): requests per second of the production server, as Markdown.

On PostgreSQL: in a new database on the server that BENCH_DATABASE_URL names, else on a server of its own made from
the installed programs; without either on SQLite. Nothing of the developer's own database or files is touched.
"""

import argparse
import importlib
import os
import secrets
import signal
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit, urlunsplit

import django
import psycopg
from psycopg import sql

from benchmarks.postgres import find_programs, temporary_server


def main() -> int:
    """Make a database and a directory, and measure in them."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="one short round: does it work?")
    parser.add_argument("--database", choices=["postgresql", "sqlite"], help="instead of the best that is there")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))  # so that servers and directories go too
    with tempfile.TemporaryDirectory(prefix="second-look-bench-") as var, _database(options.database, var) as url:
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "benchmarks.settings",
            "DEBUG": "0",
            "DEVELOPMENT": "0",
            "SECRET_KEY": secrets.token_urlsafe(60),
            "BASE_URL": "https://bench.example",
            "ALLOWED_HOSTS": "bench.example",
            "CSRF_TRUSTED_ORIGINS": "https://bench.example",
            "DATABASE_URL": url,
            "VAR_DIR": var,
            "STATIC_ROOT": f"{var}/static",
            "EMAIL_URL": "dummymail://",
            "LOG_LEVEL": "WARNING",
        }
        django.setup()
        measure, rounds = (importlib.import_module(f"benchmarks.{name}") for name in ("measure", "rounds"))  # of models
        status: int = measure.main(rounds.QUICK if options.quick else rounds.Plan())
        importlib.import_module("django.db").connections.close_all()
        return status


@contextmanager
def _database(wanted: str | None, var: str) -> Iterator[str]:
    """The URL of an empty database that goes afterwards."""
    url = os.environ.get("BENCH_DATABASE_URL", "")
    if wanted == "sqlite":
        yield f"sqlite:///{var}/bench.sqlite3"
    elif url:
        with _new_database(url) as new:
            yield new
    elif wanted == "postgresql" or find_programs():
        with temporary_server() as new:
            yield new
    else:
        yield f"sqlite:///{var}/bench.sqlite3"


@contextmanager
def _new_database(url: str) -> Iterator[str]:
    """A new database on the server of `url`; its role needs the right to create one."""
    name = f"second_look_bench_{secrets.token_hex(4)}"
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            yield urlunsplit(urlsplit(url)._replace(path=f"/{name}"))
        finally:
            server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


if __name__ == "__main__":
    sys.exit(main())
