"""What every test starts from."""

import contextlib
import fcntl
import gc
import logging
import pkgutil
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from coverage import Coverage
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.core.management import call_command
from django.core.management.commands import flush
from django.db import connection
from django.db.backends.base.operations import BaseDatabaseOperations
from django.http import HttpResponse
from django.test import Client, override_settings
from django.test.client import MULTIPART_CONTENT
from pytest_django import DjangoDbBlocker

import apps
from apps.accounts.models import User
from apps.core import form_owner
from apps.modules import published
from tests import log_canary, make


def forget_published_content() -> None:
    """The process remembers published editions; databases of tests come and go."""
    published.forget_all()


@contextlib.contextmanager
def one_at_a_time(folder: Path) -> Iterator[None]:
    """While one process is inside, those that share the folder wait."""
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextlib.contextmanager
def uncovered() -> Iterator[None]:
    """While something is made ready that tests of its own look at; coverage costs three quarters of it again."""
    if measuring := Coverage.current():
        measuring.stop()
    yield
    if measuring:
        measuring.start()


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[None]:
    """Thousands of tests are found without coverage, and without looking for garbage: nothing of them ever is.

    What the product's modules do when they are imported is seen, as all of them are imported before.
    """
    for _, name, is_package in pkgutil.walk_packages(apps.__path__, "apps."):
        if not is_package and ".migrations." not in name:
            import_module(name)
    gc.disable()
    with uncovered():
        yield
    gc.freeze()
    gc.enable()
    gc.set_threshold(10_000, 20, 20)


# Files with tests that take minutes and are not shared out, the longest first.
LONGEST = (
    *("test_every_page", "test_thirty_at_once", "test_whole_course", "test_buttons", "test_hostile_content"),
    *("test_headers", "test_access", "test_get_never_writes", "test_journey", "test_resume"),
)


def is_committing(item: pytest.Item) -> bool:
    """Whether a test commits to the database, and empties it afterwards."""
    mark = item.get_closest_marker("django_db")
    fixtures: list[str] = getattr(item, "fixturenames", [])
    return bool((mark and mark.kwargs.get("transaction")) or {"transactional_db", "live_server"} & {*fixtures})


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Of a test that is asked in many cases coverage looks at the first. Several processes begin with what takes
    longest: none of them shall work alone at the end. Tests that commit still come last: they leave no groups."""
    for item in items:
        if (case := getattr(item, "callspec", None)) and any(case.indices.values()):
            item.add_marker("no_cover")
    if hasattr(config, "workerinput"):
        order = {name: place for place, name in enumerate(LONGEST)}
        items.sort(key=lambda item: (is_committing(item), order.get(item.path.stem, len(order))))


@pytest.fixture(scope="session")
def shared(worker_id: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of all processes of this run."""
    own = tmp_path_factory.getbasetemp()
    return own if worker_id == "master" else own.parent


FILLED_AGAIN = ("django_content_type", "auth_permission")  # with the same rows: so they are left as they are


def empty_what_is_full(self: BaseDatabaseOperations, style: object, tables: list[str], **_: object) -> list[str]:
    """How tables are emptied after a test that commits: TRUNCATE of all takes longer than most such tests do."""
    names = [self.quote_name(table) for table in tables if table not in FILLED_AGAIN]
    with self.connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(f'EXISTS (SELECT 1 FROM {name})' for name in names)}")  # noqa: S608
        full = [name for name, is_full in zip(names, cursor.fetchone(), strict=True) if is_full]
    return [f"DELETE FROM {name}" for name in full]  # noqa: S608


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None, django_db_blocker: DjangoDbBlocker, worker_id: str, shared: Path
) -> Iterator[None]:
    """A database for each process: the first one migrates it, all take a copy, and the last one drops it.

    Migrating takes longer than most files of tests do.
    """
    users = shared / "users-of-the-database"
    creation, product = connection.creation, connection.settings_dict["NAME"]
    migrated = creation._get_test_db_name()
    with django_db_blocker.unblock(), one_at_a_time(shared), uncovered():
        users.mkdir(exist_ok=True)
        if not any(users.iterdir()):
            creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
        connection.settings_dict["NAME"] = migrated
        (users / worker_id).touch()
        connection.close()  # all is in SQLite's file then
        creation.clone_test_db(worker_id, verbosity=0)
        connection.settings_dict.update(creation.get_test_db_clone_settings(worker_id))
    type(connection.ops).sql_flush = empty_what_is_full  # type: ignore[method-assign]  # a browser has its own connection
    flush.emit_post_migrate_signal = lambda *_, **__: None  # it would look what is to be filled again
    with django_db_blocker.unblock(), uncovered():
        make.look_once()
    yield
    with django_db_blocker.unblock(), one_at_a_time(shared):
        creation.destroy_test_db(product, verbosity=0)
        (users / worker_id).unlink()
        if not any(users.iterdir()):
            creation._destroy_test_db(migrated, verbosity=0)


@pytest.fixture(autouse=True)
def _forget_published_content() -> None:
    forget_published_content()


@pytest.fixture(autouse=True)
def _no_minute_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is remembered for a minute is read once in a test, unless the test itself lets the minute pass."""
    let_pass(monkeypatch, 0)


def let_pass(monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
    """So many seconds are gone since the test began."""
    monkeypatch.setattr(published, "monotonic", lambda: float(seconds))


@pytest.fixture(autouse=True)
def log() -> Iterator[log_canary.Listener]:
    """What was logged meanwhile; no line of any test may name anybody or hold a secret."""
    listener = log_canary.Listener()
    logging.getLogger().addHandler(listener)
    yield listener
    logging.getLogger().removeHandler(listener)
    assert listener.leaks() == []


# As in production; the settings of the tests have another.
STORAGES = settings.STORAGES | {"staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}}


TEXTS = ["css", "js", "svg", "txt"]  # compressing them takes five seconds


@pytest.fixture(scope="session")
def collected(shared: Path) -> Path:
    """The static files, collected as in production by the first process that needs them, but not compressed."""
    root = shared / "static"
    as_they_are = override_settings(STATIC_ROOT=root, STORAGES=STORAGES, WHITENOISE_SKIP_COMPRESS_EXTENSIONS=TEXTS)
    with one_at_a_time(shared), as_they_are, uncovered():
        if not root.exists():
            call_command("collectstatic", interactive=False, verbosity=0)
    return root


@pytest.fixture
def product_storage(collected: Path) -> Iterator[None]:
    """Static files as in production: what is not in the manifest has no address."""
    with override_settings(STATIC_ROOT=collected, STORAGES=STORAGES):
        yield


@pytest.fixture
def learner(db: None) -> User:
    return make.user("learner@example.org")


@pytest.fixture
def client_of_learner(learner: User) -> Client:
    client = Client()
    client.force_login(learner)
    return client


@pytest.fixture(autouse=True)
def _forms_say_whose_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test posts what the form of a page would: also whom it was made for, unless the test says that itself.

    Who is signed in is read once for each session, so that later posts ask no more than a browser's would.
    """
    plain, sign_in, owners = Client.post, Client.force_login, {"": form_owner.VISITOR}

    def force_login(self: Client, user: User, backend: str | None = None) -> None:
        sign_in(self, user, backend)
        owners[self.cookies["sessionid"].value] = str(user.pk)

    def post(
        self: Client, path: str, data: Any = None, content_type: str = MULTIPART_CONTENT, **options: Any
    ) -> HttpResponse:
        if content_type == MULTIPART_CONTENT and not isinstance(data, str | bytes):
            data = {**(data or {})}
            if form_owner.FIELD not in data:
                session = self.cookies["sessionid"].value if "sessionid" in self.cookies else ""
                if session not in owners:
                    owners[session] = self.session.get(SESSION_KEY, form_owner.VISITOR)
                data[form_owner.FIELD] = form_owner.signed(owners[session])
        return plain(self, path, data, content_type, **options)

    monkeypatch.setattr(Client, "post", post)
    monkeypatch.setattr(Client, "force_login", force_login)
