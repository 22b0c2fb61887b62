"""A wrong environment is told in one line and nothing starts; the documented one is clean."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

import pytest
from django.conf import settings

from config.address import NotAnAddressError, parse_address

pytestmark = pytest.mark.once

ROOT = settings.BASE_DIR
GOOD = {
    "SECRET_KEY": "k" * 40 + "0123456789abcdefghij",
    "BASE_URL": "https://secondlook.example",
    "EMAIL_URL": "smtp+tls://user:password@mail.example:587",
}
FROM_OUTSIDE = ("PATH", "HOME", "LANG", "LD_LIBRARY_PATH", "PYTHONPATH", "VIRTUAL_ENV")


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The program in a directory of its own, without anybody's .env."""
    project = tmp_path_factory.mktemp("project")
    shutil.copytree(ROOT / "config", project / "config", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "manage.py", project)
    for name in ("apps", "templates", "static", "fixtures"):
        (project / name).symlink_to(ROOT / name)
    return project


def manage(project: Path, *command: str, **environment: str | None) -> subprocess.CompletedProcess[str]:
    """Run manage.py with this environment and no other."""
    wanted = {"VAR_DIR": str(project / "var"), "STATIC_ROOT": str(project / "static-root")} | environment
    kept = {name: os.environ[name] for name in FROM_OUTSIDE if name in os.environ}
    env = kept | {name: value for name, value in wanted.items() if value is not None}
    return subprocess.run(
        [sys.executable, "manage.py", *command], cwd=project, env=env, capture_output=True, text=True, timeout=60
    )


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"SECRET_KEY": None}, "SECRET_KEY is not set"),
        ({"SECRET_KEY": ""}, "SECRET_KEY"),
        ({"SECRET_KEY": "k" * 49}, "SECRET_KEY is shorter than 50 characters"),
        ({"BASE_URL": None}, "BASE_URL is not set"),
        ({"BASE_URL": "http://secondlook.example"}, "BASE_URL must begin with https://"),
        ({"BASE_URL": "secondlook.example"}, "BASE_URL must begin with https://"),
        ({"BASE_URL": "https://user:secret-word@secondlook.example"}, "BASE_URL must not hold a user name"),
        ({"BASE_URL": "https://secondlook.example:secret-word@x"}, "BASE_URL must not hold a user name"),
        ({"BASE_URL": "https://secondlook.example/course"}, "BASE_URL must end after the host"),
        ({"DATABASE_URL": "nonsense"}, "DATABASE_URL"),
        ({"DATABASE_URL": "postgress://user:secret-word@127.0.0.1/name"}, "DATABASE_URL"),
        ({"DATABASE_URL": "mysql://user:secret-word@127.0.0.1/name"}, "DATABASE_URL must name PostgreSQL"),
        ({"DATABASE_URL": "postgres://user:secret-word@127.0.0.1:notaport/name"}, "DATABASE_URL must look like"),
        ({"DATABASE_URL": "postgres://u:p@127.0.0.1:5432/n", "DATABASE_POOL_SIZE": "many"}, "DATABASE_POOL_SIZE"),
        ({"DATABASE_URL": "postgres://user:secret-word#1@127.0.0.1:5432/name"}, "special characters as %XX"),
        ({"DATABASE_URL": "sqlite:////srv/secret-word#1/db.sqlite3"}, "special characters as %XX"),
        ({"DATABASE_URL": ""}, "DATABASE_URL must look like"),
        ({"EMAIL_URL": None}, "EMAIL_URL is not set"),
        ({"TRUSTED_PROXY_COUNT": "one"}, "TRUSTED_PROXY_COUNT is not a valid int"),
        ({"EMAIL_URL": "carrier-pigeon://x"}, "EMAIL_URL"),
        ({"LOG_LEVEL": "LOUD"}, "LOG_LEVEL"),
        ({"VAR_DIR": "/proc/nowhere"}, "VAR_DIR"),
    ],
)
def test_a_wrong_variable_is_named_in_one_line_and_nothing_starts(
    project: Path, changes: dict[str, str | None], named: str
) -> None:
    done = manage(project, "check", **GOOD | changes)
    told = (done.stdout + done.stderr).strip()
    assert done.returncode not in {0, -6, -9, -11}
    assert told.startswith("Configuration: ")
    assert named in told
    assert "\n" not in told, told
    assert "Traceback" not in told
    assert "secret-word" not in told


def test_the_wsgi_application_tells_it_in_one_line_too(project: Path) -> None:
    kept = {name: os.environ[name] for name in FROM_OUTSIDE if name in os.environ}
    done = subprocess.run(
        [sys.executable, "-c", "import config.wsgi"], cwd=project, env=kept, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 1
    assert done.stderr == "Configuration: SECRET_KEY is not set. docs/deploy.md says what it is for.\n"


# A browser at this BASE_URL: the Host and the Origin that it sends, and what stands behind the @ of e-mail addresses.
ACCEPTED = {
    "https://secondlook.example": ("secondlook.example", "https://secondlook.example", "secondlook.example"),
    "https://secondlook.example//": ("secondlook.example", "https://secondlook.example", "secondlook.example"),
    "https://secondlook.example/?#": ("secondlook.example", "https://secondlook.example", "secondlook.example"),
    " HTTPS://Second-Look.Example/ ": ("second-look.example", "https://second-look.example", "second-look.example"),
    "https://secondlook.example.": ("secondlook.example", "https://secondlook.example", "secondlook.example"),
    "https://secondlook.example:443": ("secondlook.example", "https://secondlook.example", "secondlook.example"),
    "https://secondlook.example:8443/": (
        "secondlook.example:8443",
        "https://secondlook.example:8443",
        "secondlook.example",
    ),
    "https://10.1.2.3:8443": ("10.1.2.3:8443", "https://10.1.2.3:8443", "[10.1.2.3]"),
    "https://[2001:DB8:0:0::1]": ("[2001:db8::1]", "https://[2001:db8::1]", "[IPv6:2001:db8::1]"),
    "http://127.0.0.1:80": ("127.0.0.1", "http://127.0.0.1", "[127.0.0.1]"),
    "https://[::1]:8443/": ("[::1]:8443", "https://[::1]:8443", "[IPv6:::1]"),
}
VISIT = """
import json, os
from django.conf import settings
from django.core.mail import EmailMessage
from django.test import Client
host, origin = os.environ["HOST"], os.environ["ORIGIN"]
browser = Client(enforce_csrf_checks=True, headers={"host": host, "x-forwarded-proto": "https"})
browser.cookies[settings.CSRF_COOKIE_NAME] = "c" * 32
form = {"csrfmiddlewaretoken": "c" * 32}
print(json.dumps([
    browser.get("/about/").status_code,
    browser.post("/account/logout/", form, headers={"origin": origin}).status_code,
    browser.post("/account/logout/", form, headers={"origin": "https://elsewhere.example"}).status_code,
    [settings.BASE_URL, settings.HOST],
    str(EmailMessage(from_email=settings.DEFAULT_FROM_EMAIL, to=[settings.CONTACT_EMAIL]).message()["From"]),
]))
"""


@pytest.mark.parametrize("base_url", ACCEPTED)
def test_every_form_of_the_address_that_is_accepted_answers_there(project: Path, base_url: str) -> None:
    host, origin, mail_domain = ACCEPTED[base_url]
    environment = GOOD | {"DEVELOPMENT": "1", "BASE_URL": base_url, "HOST": host, "ORIGIN": origin}
    done = manage(project, "shell", "--no-imports", "-c", VISIT, **environment)
    assert done.returncode == 0, done.stderr
    there, form, foreign_form, address, sender = json.loads(done.stdout)
    assert (there, form, foreign_form) == (200, 302, 403)
    assert address == [origin, host]
    assert sender == f"Second Look <no-reply@{mail_domain}>"


@pytest.mark.parametrize(
    "text",
    [
        "", "secondlook.example", "//secondlook.example", "https:secondlook.example", "ftp://secondlook.example",
        "https://", "https:///course", "https://:8443", "'https://secondlook.example'",
        "https://secondlook.example/course", "https://secondlook.example/course/", "https://secondlook.example?x=1",
        "https://secondlook.example#start", "https://secondlook.example;x", "https://a.example,https://b.example",
        "https://user@secondlook.example", "https://user:secret-word@secondlook.example", "https://@secondlook.example",
        "https://secondlook.example:0", "https://secondlook.example:65536", "https://secondlook.example:secret-word",
        "https://second look.example", "https://second\tlook.example", "https://second\nlook.example",
        "https://second\\look.example", "https://münchen.example", "https://second_look.example", "https://*.example",
        "https://.example", "https://second..look.example", "https://-look.example", f"https://{'a' * 64}.example",
        "https://1.2.3", "https://256.1.1.1", "https://0x7f.1", "https://2130706433",
        "https://::1", "https://[::1", "https://[::1]x", "https://[v1.example]", "https://[fe80::1%25eth0]",
    ],
)  # fmt: skip
def test_every_other_form_is_refused_in_one_line(text: str) -> None:
    with pytest.raises(NotAnAddressError) as refused:
        parse_address(text)
    told = str(refused.value)
    assert told.endswith(".")
    assert "\n" not in told
    assert "secret-word" not in told


def test_it_answers_at_its_own_address_whatever_other_hosts_are_named(project: Path) -> None:
    show = "from django.conf import settings as s; print(s.ALLOWED_HOSTS, s.CSRF_TRUSTED_ORIGINS)"
    more = {"ALLOWED_HOSTS": "other.example, third.example", "CSRF_TRUSTED_ORIGINS": "https://other.example"}
    done = manage(project, "shell", "--no-imports", "-c", show, **GOOD | more)
    hosts, origins = (
        ["secondlook.example", "other.example", "third.example"],
        ["https://secondlook.example", "https://other.example"],
    )
    assert done.stdout.strip() == f"{hosts} {origins}", done.stderr


def documented_environment() -> dict[str, str]:
    """docs/production.env.example, with a key filled in."""
    text = (ROOT / "docs" / "production.env.example").read_text()
    lines = (line for line in text.splitlines() if line and not line.startswith("#"))
    pairs = dict(line.split("=", 1) for line in lines)
    return {name: "".join(shlex.split(value)) for name, value in pairs.items()} | {"SECRET_KEY": GOOD["SECRET_KEY"]}


def test_the_documented_production_environment_is_clean(project: Path) -> None:
    own = {"VAR_DIR": str(project / "var"), "STATIC_ROOT": str(project / "static-root")}
    done = manage(project, "check", "--deploy", "--fail-level", "INFO", **documented_environment() | own)
    assert (done.returncode, done.stderr) == (0, ""), done.stderr
    assert "no issues" in done.stdout


def test_debug_is_off_unless_asked_for(project: Path) -> None:
    show = "from django.conf import settings as s; print(s.DEBUG, s.SESSION_COOKIE_SECURE, s.ALLOWED_HOSTS)"
    done = manage(project, "shell", "--no-imports", "-c", show, **GOOD)
    assert done.stdout.strip() == "False True ['secondlook.example']", done.stderr


@pytest.mark.parametrize("name", ["release#7", "50% off", "really?", "with space", "a%23b", "ünïcode"])
def test_a_checkout_may_have_any_name_and_keeps_its_database_inside(project: Path, tmp_path: Path, name: str) -> None:
    checkout = tmp_path / name
    shutil.copytree(project, checkout, symlinks=True, ignore=shutil.ignore_patterns("var*"))
    done = manage(checkout, "createcachetable", **GOOD, VAR_DIR=None)
    assert (done.returncode, done.stderr) == (0, "")
    assert (checkout / "var" / "second-look.sqlite3").stat().st_size > 0
    assert list(tmp_path.iterdir()) == [checkout]


def test_a_database_url_names_any_file_too(project: Path, tmp_path: Path) -> None:
    path = tmp_path / "a#b?c%20d.sqlite3"
    done = manage(project, "createcachetable", **GOOD, DATABASE_URL=f"sqlite:///{quote(str(path))}")
    assert (done.returncode, done.stderr) == (0, "")
    assert [one.name for one in tmp_path.iterdir() if one.suffix == ".sqlite3"] == [path.name]


SHOW_OPTIONS = "from django.conf import settings as s; print(s.DATABASES['default']['OPTIONS'])"
POSTGRESQL = {"DATABASE_URL": "postgres://user:password@127.0.0.1:5432/name"}


def test_maintenance_may_take_longer_than_a_page(project: Path) -> None:
    """Whatever manage.py does but serve; gunicorn and everything else keep a page's limits."""
    maintenance = manage(project, "shell", "--no-imports", "-c", SHOW_OPTIONS, **GOOD | POSTGRESQL).stdout
    web = in_python(project, f"import config.wsgi; {SHOW_OPTIONS}", **GOOD | POSTGRESQL).stdout
    assert "statement_timeout=900000" in maintenance
    assert "statement_timeout=5000" in web
    for options in (maintenance, web):
        assert "lock_timeout=3000" in options  # a migration that waits for a lock makes everybody wait behind it
    serving = (
        "import runpy, sys\nfrom unittest import mock\nsys.argv = ['manage.py', 'runserver']\n"
        "with mock.patch('django.core.management.execute_from_command_line'):\n"
        "    runpy.run_path('manage.py', None, '__main__')\n"
    )
    assert "statement_timeout=5000" in in_python(project, f"{serving}{SHOW_OPTIONS}", **GOOD | POSTGRESQL).stdout


def test_a_server_that_is_away_is_given_up_soon_and_found_again_soon(project: Path) -> None:
    options = in_python(project, f"import config.wsgi; {SHOW_OPTIONS}", **GOOD | POSTGRESQL).stdout
    assert "'timeout': 3, 'reconnect_timeout': 2" in options
    assert "'connect_timeout': 3" in options


@pytest.mark.parametrize(
    ("said", "options"),
    [
        ({}, "'server_side_binding': True, 'prepare_threshold': 2"),
        ({"DATABASE_PREPARES": "0"}, "'server_side_binding': False, 'prepare_threshold': None"),
    ],
    ids=["usually", "behind a pooler"],
)
def test_statements_are_planned_once_but_behind_a_pooler(project: Path, said: dict[str, str], options: str) -> None:
    assert options in in_python(project, f"import config.wsgi; {SHOW_OPTIONS}", **GOOD | POSTGRESQL | said).stdout


def in_python(project: Path, code: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run this code in the project's directory with this environment and no other."""
    kept = {name: os.environ[name] for name in FROM_OUTSIDE if name in os.environ}
    own = {"VAR_DIR": str(project / "var"), "DJANGO_SETTINGS_MODULE": "config.settings"}
    env = kept | own | environment
    return subprocess.run(
        [sys.executable, "-c", code], cwd=project, env=env, capture_output=True, text=True, timeout=60
    )


def test_every_variable_that_is_read_is_documented() -> None:
    read = set(re.findall(r'read\("\w+", "(\w+)"', (ROOT / "config" / "settings.py").read_text()))
    read |= set(re.findall(r'env\.\w+\("(\w+)"', (ROOT / "config" / "settings.py").read_text()))
    documented = set(re.findall(r"`([A-Z_]+)`", (ROOT / "docs" / "deploy.md").read_text()))
    assert len(read) > 10
    assert read - documented == set()


def test_every_change_of_a_model_has_its_migration(project: Path) -> None:
    done = manage(project, "makemigrations", "--check", "--dry-run", **GOOD)
    assert (done.returncode, done.stdout.strip()) == (0, "No changes detected"), done.stdout + done.stderr
