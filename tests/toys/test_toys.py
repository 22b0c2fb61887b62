"""A kind of page is an app: nothing else knows of it, and a learner is taken through it to a certificate."""

import io
import re
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from django.apps import AppConfig
from django.conf import settings
from django.core.management import call_command
from django.test import Client, override_settings

from apps.certificates.models import Certificate
from apps.modules import page_kinds
from apps.modules.actions import find_obstacles, publish
from apps.modules.checks import find_problems
from apps.modules.document import Head, PageDocument
from apps.modules.models import Edition, Page
from apps.modules.rows import read_document
from apps.modules.writing import create_page
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def toys() -> Iterator[None]:
    """Second Look with toys, installed as its settings would."""
    templates = deepcopy(settings.TEMPLATES)
    templates[0]["DIRS"].append(Path(__file__).parent / "templates")
    with override_settings(ROOT_URLCONF="tests.toys.site", TEMPLATES=templates):
        AppConfig.create("tests.toys").ready()
        yield
        page_kinds.unregister(page_kinds.get("toy"))


def read(client: Client, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200, url
    return response.content.decode()


def follow(client: Client, url: str, data: dict[str, Any] | None = None) -> str:
    response = client.post(url, data or {}, follow=True)
    assert response.status_code == 200, response.content.decode()
    return response.content.decode()


def make_draft() -> Edition:
    draft = make.draft("toys", title="Toys")
    make.reading(draft, "before")
    make.reading(draft, "yo-yo", kind="toy")
    return draft


def test_an_author_writes_a_toy_and_a_publisher_publishes_it() -> None:
    draft, author = make.draft("toys", title="Toys"), make.client(make.author())
    assert "Add a toy" in read(author, "/admin/write/modules/toys/")
    author.post("/admin/write/modules/toys/add/", {"kind": "toy", "title": "Yo-yo"})
    assert any("is an empty box." in obstacle for obstacle in find_obstacles(draft))
    Page.objects.filter(key="yo-yo").update(body="It goes up and down.")
    assert publish(draft, make.publisher(), make.NOW).number == 1


def test_the_checks_look_into_a_toy_as_into_all_content() -> None:
    draft = make_draft()
    assert find_problems(draft) == []
    page = draft.page_set.get(key="yo-yo")
    page.body = "![](illustrations/dots.svg) See [it](#source-lost)."
    page.save()
    assert [(problem.page, problem.level.value) for problem in find_problems(draft)] == [
        ("yo-yo", "error"),
        ("yo-yo", "warning"),
    ]


def test_a_toy_is_a_document_as_every_page() -> None:
    document = PageDocument(Head("yo-yo", "Yo-yo", minutes=2), "It goes up and down.")
    page = create_page(make.draft("toys"), "toy", document)
    assert page.kind == "toy"
    assert read_document(page) == document


def test_the_search_finds_what_a_toy_says() -> None:
    make.publish(make_draft())
    found = read(make.client(make.reviewer()), "/admin/write/search/?q=some+text")
    assert 'href="/learn/toys/1/toy/yo-yo/"' in found


def test_the_editors_command_knows_toys() -> None:
    make.fact("A1.1")
    draft = make_draft()
    draft.page_set.filter(key="yo-yo").update(facts="A1.1")
    make.publish(draft)
    out = io.StringIO()
    call_command("check_content", stdout=out)
    assert "1 of 1 facts are taught, on 1 reading and 1 toy." in out.getvalue()


def test_a_learner_is_taken_through_a_toy_to_a_certificate(client_of_learner: Client) -> None:
    make.publish(make_draft())
    module, toy, client = "/modules/toys/", "/learn/toys/1/toy/yo-yo/", client_of_learner
    assert "Toy, about 3 minutes" in read(client, module)
    follow(client, f"{module}start/", {"edition": 1})
    assert "Play and continue" in follow(client, "/learn/toys/1/reading/before/complete/")
    assert "1 of 2 pages done" in read(client, "/my-learning/")
    assert "the toy" in read(client, module)
    assert f'href="{toy}"' in read(client, "/my-learning/")
    assert "How should your name appear?" in follow(client, f"{toy}play/")
    follow(client, "/learn/toys/1/finish/issue/", {"name": "Sam Learner"})
    assert Certificate.objects.get().assessed_by == "reading and toy"
    assert "reading and toy" in read(Client(), Certificate.objects.get().get_absolute_url())


def test_a_visitor_reads_what_an_account_opens() -> None:
    make.publish(make_draft())
    assert "1 of 2 pages is open to you now." in read(Client(), "/modules/toys/")
    assert "The toy needs an account" in read(Client(), "/modules/toys/")
    assert "you get your progress, the cases, the quiz, the toys and a certificate." in read(
        Client(), "/learn/toys/1/reading/before/"
    )
    assert Client().get("/learn/toys/1/toy/yo-yo/").url.startswith("/account/login/?next=")


def test_the_sources_of_a_toy_are_listed_with_those_of_the_course() -> None:
    edition = make.publish(make_draft())
    toy = edition.page_set.get(key="yo-yo")
    page = read(Client(), "/sources/")
    item = page[page.index(f'id="source-{toy.sources.get().key}"') :]
    assert toy.get_absolute_url() in item[: item.index("</li>")]


def test_nothing_outside_the_app_names_a_toy() -> None:
    named = [
        path
        for folder in ("apps", "templates", "config")
        for path in (settings.BASE_DIR / folder).rglob("*.*")
        if path.suffix in {".py", ".html"} and re.search(r"\btoys?\b", path.read_text(), re.IGNORECASE)
    ]
    assert named == []
