"""A title says what counts, then which module it is of, so that one tab can be told from another."""

import datetime
import re
from html import unescape

import pytest
from django.http import HttpResponse
from django.test import Client

from apps.accounts.models import User
from apps.certificates import actions
from apps.certificates.codes import new_code
from tests import access_table, make
from tests.access_table import LEARN, MODULE, TRY

pytestmark = [pytest.mark.django_db, pytest.mark.pages]

CHECK = "Check a certificate - Second Look"
# A file, and the ending that the case itself shows.
WITHOUT_A_TITLE_OF_THEIR_OWN = {"certificates:pdf", "scenarios:debrief"}
# The title of each page of authors, and after a bar its heading where that is another.
AUTHORS = {
    "how/": "How to write a page as text",
    "log/": "Log",
    "modules/": "Modules",
    "modules/posts/": "When posts go wrong",
    "modules/posts/archive/": "Archive the module | Archive “When posts go wrong”?",
    "modules/posts/discard/": "Discard the draft | Discard the draft of edition 2?",
    "modules/posts/edition/": "Title, summary and outcomes",
    "modules/posts/edition/history/": (
        "History of Title, summary and outcomes | History of “Title, summary and outcomes”"
    ),
    "modules/posts/pages/case/": "Scene 1 of 5: Scene 1, Case | Case",
    "modules/posts/pages/case/copy/": "Copy the case “Case”",
    "modules/posts/pages/case/delete/scene/case-scene-1/": "Delete scene 1, “Scene 1”?",
    "modules/posts/pages/case/history/": "History of Case | History of “Case”",
    "modules/posts/pages/case/history/1/": "Version 1 of Case | “Case”, version 1",
    "modules/posts/pages/case/overview/": "Case",
    "modules/posts/pages/case/remove/": "Remove “Case” | Remove “Case”?",
    "modules/posts/pages/case/text/": "Case as text | Case",
    "modules/posts/pages/reading-1/": "Reading 1",
    "modules/posts/publish/": "Publish edition 2",
    "modules/posts/text/": "When posts go wrong as text | When posts go wrong",
    "modules/posts/withdraw/": "Withdraw an edition | Withdraw edition 1?",
    "new/": "Start a new module",
    "reports/": "Reports from readers",
    "reports/1/": "Report: Case",
    "search/": "Search",
}


def title_of(response: HttpResponse) -> str:
    title = re.search("<title>(.*?)</title>", response.content.decode(), re.DOTALL)
    assert title
    return " ".join(unescape(title[1]).split())


@pytest.mark.parametrize("role", ["learner", "anonymous"])
def test_a_page_of_a_module_names_it(role: str) -> None:
    world = access_table.make_world()
    browser, titles = world.client(role), {}
    for row in access_table.rows(world):
        is_of_module = row.path.startswith((MODULE, LEARN, TRY))
        is_same_again = row.name == "scenarios:debrief"  # the ending that the case itself shows
        if (
            is_of_module
            and not is_same_again
            and row.method == "GET"
            and row.outcomes[role] == 200
            and row.name != "certificates:pdf"
        ):
            titles[row.path] = title_of(browser.get(row.path))
    assert len(titles) > 1
    named = f"{world.edition.title} - Second Look"
    assert {path: title for path, title in titles.items() if not title.endswith(named)} == {}
    assert len(set(titles.values())) == len(titles)


def heading_of(response: HttpResponse) -> str:
    heading = re.search("<h1[^>]*>(.*?)</h1>", response.content.decode(), re.DOTALL)
    assert heading
    return " ".join(unescape(re.sub("<[^>]*>", "", heading[1])).split())


def test_a_page_of_authors_says_what_it_is() -> None:
    world, found = access_table.make_world(), {}
    browser = world.client("administrator")
    for row in access_table.rows(world):
        path = row.path.removeprefix("/admin/write/")
        is_page = row.name.startswith("admin:write:") and "preview" not in path and "download" not in path
        if is_page and "?" not in path and row.method == "GET" and row.outcomes["administrator"] == 200:
            answer = browser.get(row.path)
            title, heading = title_of(answer).removesuffix(" - Second Look authoring"), heading_of(answer)
            found[path] = title if title == heading else f"{title} | {heading}"
    assert found == AUTHORS


def test_so_does_the_page_before_the_certificate(learner: User, client_of_learner: Client) -> None:
    edition = make.edition("posts")
    make.completed(learner, edition)
    page, issue = f"{LEARN}/finish/", f"{LEARN}/finish/issue/"
    assert title_of(client_of_learner.get(page)) == f"Finish - {edition.title} - Second Look"
    wrong = client_of_learner.post(issue, {"name": ""})
    assert title_of(wrong) == f"Error: Finish - {edition.title} - Second Look"


def test_the_check_page_names_its_verdict(client: Client) -> None:
    edition = make.edition("posts")
    certificate = make.certificate(make.completed(make.user("learner@example.org"), edition))
    address, at = certificate.get_absolute_url(), certificate.issued_at + datetime.timedelta(days=1)
    assert title_of(client.get("/verify/")) == CHECK
    assert title_of(client.get("/verify/?code=x")) == f"Error: {CHECK}"
    assert title_of(client.get(f"/verify/{new_code()}/")) == f"No such certificate - {CHECK}"
    assert title_of(client.get(address)) == f"Valid - {CHECK}"
    learner = certificate.enrolment.learner
    actions.revoke(certificate, "In error", make.administrator(), at)
    assert re.fullmatch(rf"Revoked on \d+ \w+ \d{{4}} - {CHECK}", title_of(client.get(address)))
    actions.withdraw(learner, at)
    assert title_of(client.get(address)).startswith("Revoked on ")
    other = make.certificate(make.completed(make.user("other@example.org"), edition))
    actions.withdraw(other.enrolment.learner, at)
    assert title_of(client.get(other.get_absolute_url())) == f"Withdrawn by its holder - {CHECK}"
