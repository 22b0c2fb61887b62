"""What every page sends is HTML that the Nu checker of the W3C has nothing to say about."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.test import Client

from apps.certificates import actions as certificates_actions
from apps.certificates.codes import new_code
from apps.modules.models import Edition
from tests import access_table, make
from tests.access_table import CASE, QUIZ, World
from tests.course import load
from tests.forms import forms_of

pytestmark = [pytest.mark.django_db, pytest.mark.once]

ROLES = ("anonymous", "learner", "other_learner")
ERROR_PAGES = (
    *("400", "403", "403_csrf", "403_proof", "404", "404_kept", "409", "413", "429", "500", "503"),
    "signed_out",
)
Pages = dict[str, bytes]
# It runs a few seconds: compiling better, and collecting in several threads, costs more than it saves.
BRIEF = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xss2m")


def checker() -> list[str]:
    """The command that checks; without Java or the jar skip, or fail where REQUIRE_TOOLS is set."""
    java, jar = shutil.which("java"), os.environ.get("VNU_JAR", "")
    if java and Path(jar).is_file():
        return [java, *BRIEF, "-Xmx512m", "-jar", jar, "--stdout", "--format", "json", "--exit-zero-always"]
    missing = "Java or the Nu checker is missing: install Java, and set VNU_JAR to what `python .ci/vnu.py /tmp` prints"
    if os.environ.get("REQUIRE_TOOLS"):
        pytest.fail(f"{missing} (REQUIRE_TOOLS is set)")
    pytest.skip(missing)


def findings(folder: Path) -> dict[str, list[str]]:
    """What the checker says, errors and warnings alike, and on which pages."""
    done = subprocess.run([*checker(), "--skip-non-html", str(folder)], check=True, capture_output=True)
    found = defaultdict(set)
    for message in json.loads(done.stdout)["messages"]:
        found[message["message"]].add(f"{Path(message.get('url', '?')).stem}:{message.get('lastLine', '?')}")
    return {message: sorted(places) for message, places in found.items()}


def is_page(response: HttpResponse) -> bool:
    return response.status_code != 302 and response.get("Content-Type", "").startswith("text/html")


def pages_of_the_table(world: World) -> Iterator[tuple[str, HttpResponse]]:
    """What each address answers, and what each form does that is sent empty."""
    for role in ROLES:
        browser = world.client(role, raise_request_exception=False)
        for row in access_table.rows(world):
            if "admin" in row.name:
                continue
            with access_table.undone(browser):
                page = row.request(browser)
                yield f"{row} as {role}", page
                forms = forms_of(page.content.decode(), row.path) if is_page(page) else []
                for form in forms:
                    if form.asked:
                        yield f"{row} as {role}, left empty", browser.post(form.action, form.left_empty())


def pages_of_a_learner(world: World) -> Iterator[tuple[str, HttpResponse]]:
    """A case from its first scene to its ending, every kind of question, the way to a certificate, and its check."""
    browser = world.client("other_learner")
    make.completed(world.users["other_learner"], make.edition("finished"))
    yield "finish", browser.get("/learn/finished/1/finish/")
    yield "finish without a name", browser.post("/learn/finished/1/finish/issue/", {"name": ""})
    for decision in range(1, 4):
        sent = {"decision": decision, "choice": f"case-scene-{decision}-poor"}
        yield f"scene {decision}", browser.post(f"{CASE}choose/", sent, follow=True)
    yield "debrief", browser.get(CASE, follow=True)
    browser = world.client("learner")
    for question in range(1, 5):
        yield f"question {question}", browser.get(f"{QUIZ}question/{question}/")
        yield f"question {question}, empty", browser.post(f"{QUIZ}question/{question}/answer/", {"attempt": 2})
    yield "no such certificate", Client().get(f"/verify/{new_code()}/")
    yield "check, empty", Client().get("/verify/?code=")
    address = world.certificate.get_absolute_url()
    certificates_actions.revoke(world.certificate, "In error", world.users["administrator"], make.timezone.now())
    yield "revoked", Client().get(address)
    yield "revoked, its holder's page", browser.get("/learn/posts/1/certificate/")
    certificates_actions.withdraw(world.users["learner"], make.timezone.now())
    yield "revoked and withdrawn", Client().get(address)


def pages_of_the_course() -> Iterator[tuple[str, HttpResponse]]:
    """The real texts: what can be read without an account, and the beginning of every case."""
    load()
    learner = make.user("reader@example.org")
    visitor, browser = Client(), make.client(learner)
    for path in ("/", "/modules/", "/sources/"):
        yield path, visitor.get(path)
    for edition in Edition.objects.current():
        yield f"module {edition}", visitor.get(edition.module.get_absolute_url())
        make.enrolment(learner, edition)
        for page in edition.page_set.all():
            who = visitor if page.kind == "reading" else browser
            yield f"{edition}, {page.key}", who.get(page.get_absolute_url(), follow=True)


def error_pages() -> Iterator[tuple[str, bytes]]:
    context = {"kept_fields": [("name", "<b>")], "kept_action": "/", "request_id": "x", "wait": "1 minute"}
    for name in ERROR_PAGES:
        yield name, render_to_string(f"{name}.html", context).encode()


def test_the_checker_has_nothing_to_say_about_any_page(tmp_path: Path) -> None:
    checker()
    world = access_table.make_world(is_full=True)
    responses = [*pages_of_the_table(world), *pages_of_a_learner(world), *pages_of_the_course()]
    pages: Pages = dict(error_pages()) | {name: page.content for name, page in responses if is_page(page)}
    assert len(pages) > 150
    for place, (name, content) in enumerate(pages.items()):
        file = re.sub(r"[^\w]+", "-", name).strip("-")[:80]
        (tmp_path / f"{place:03}-{file}.html").write_bytes(content)
    assert findings(tmp_path) == {}


def test_it_would_say_what_is_wrong(tmp_path: Path) -> None:
    (tmp_path / "wrong.html").write_text(
        '<!DOCTYPE html><html lang="en"><title>x</title><p><div></div></p><p id=""></html>'
    )
    assert len(findings(tmp_path)) > 1
