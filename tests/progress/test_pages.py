"""A learner's own pages: the module, reading, my learning, and staying on the edition that was begun."""

import pytest
from django.http import HttpResponse
from django.test import Client

from apps.accounts.models import User
from apps.modules import actions as modules_actions
from apps.modules.models import Edition
from apps.progress.models import Enrolment, PageCompletion
from tests import make

pytestmark = [pytest.mark.django_db, pytest.mark.pages]

LEARN = "/learn/posts/1"


def text(response: HttpResponse) -> str:
    return response.content.decode()


def second_edition(first: Edition, title: str = "When posts go wrong, again") -> Edition:
    draft = modules_actions.start_draft(first)
    draft.title = title
    draft.save()
    return make.publish(draft)


def test_starting_enrols_and_leads_to_the_first_page(client_of_learner: Client, learner: User) -> None:
    edition = make.edition("posts")
    response = client_of_learner.post("/modules/posts/start/", {"edition": 1})
    assert response.url == f"{LEARN}/reading/reading-1/"
    assert Enrolment.objects.get().learner == learner
    assert Enrolment.objects.get().edition == edition


def test_starting_twice_goes_on_where_one_was(client_of_learner: Client) -> None:
    make.edition("posts")
    client_of_learner.post("/modules/posts/start/", {"edition": 1})
    client_of_learner.post(f"{LEARN}/reading/reading-1/complete/")
    response = client_of_learner.post("/modules/posts/start/", {"edition": 1})
    assert response.url == f"{LEARN}/reading/reading-2/"
    assert Enrolment.objects.count() == 1


@pytest.mark.parametrize("edition", ["", "0", "2", "x", "9" * 30, "1\x00"])
def test_an_edition_that_is_none_cannot_be_started(client_of_learner: Client, edition: str) -> None:
    make.edition("posts")
    assert client_of_learner.post("/modules/posts/start/", {"edition": edition}).status_code == 404
    assert not Enrolment.objects.exists()


def test_marking_as_read_completes_the_page_and_goes_on(client_of_learner: Client) -> None:
    make.edition("posts")
    response = client_of_learner.post(f"{LEARN}/reading/reading-1/complete/")
    assert response.url == f"{LEARN}/reading/reading-2/"
    assert PageCompletion.objects.get().page.key == "reading-1"
    page = text(client_of_learner.get(f"{LEARN}/reading/reading-1/"))
    assert "Read on" in page
    assert "Mark as read" not in page


def test_who_is_in_another_module_begins_this_one_by_reading(client_of_learner: Client, learner: User) -> None:
    make.enrolment(learner, make.edition("another"))
    edition = make.edition("posts")
    assert "Mark as read" in text(client_of_learner.get(f"{LEARN}/reading/reading-1/"))
    client_of_learner.post(f"{LEARN}/reading/reading-1/complete/")
    assert learner.enrolments.get(edition=edition).completions.count() == 1


def test_marking_as_read_twice_is_harmless(client_of_learner: Client) -> None:
    make.edition("posts")
    client_of_learner.post(f"{LEARN}/reading/reading-1/complete/")
    first = PageCompletion.objects.values().get()
    assert client_of_learner.post(f"{LEARN}/reading/reading-1/complete/").url == f"{LEARN}/reading/reading-2/"
    assert PageCompletion.objects.values().get() == first


def test_looking_at_a_page_completes_nothing(client_of_learner: Client) -> None:
    make.edition("posts")
    client_of_learner.get(f"{LEARN}/reading/reading-1/")
    assert not Enrolment.objects.exists()
    assert not PageCompletion.objects.exists()


def test_pages_may_be_read_in_any_order_and_after_completion(learner: User, client_of_learner: Client) -> None:
    edition = make.edition("posts")
    assert text(client_of_learner.get(f"{LEARN}/reading/reading-2/"))
    make.completed(learner, edition)
    for page in edition.page_set.all():
        assert client_of_learner.get(page.get_absolute_url()).status_code == 200


def test_a_reading_page_shows_its_text_and_its_sources(client: Client) -> None:
    draft = make.draft("posts")
    page = make.reading(draft, "reading", body="Some *text* and <b>more</b>.")
    cited, uncited = page.sources.get(), make.source(title="Not cited here")
    make.publish(draft)
    shown = text(client.get(f"{LEARN}/reading/reading/"))
    assert "Some <em>text</em> and &lt;b&gt;more&lt;/b&gt;." in shown
    assert cited.title in shown
    assert uncited.title not in shown


def test_a_source_that_was_replaced_says_by_what(client: Client) -> None:
    draft = make.draft("posts")
    source = make.reading(draft, "reading").sources.get()
    source.superseded_by = make.source(title="Guidance of 2024")
    source.save()
    make.publish(draft)
    shown = text(client.get(f"{LEARN}/reading/reading/"))
    assert "Replaced" in shown
    assert "Guidance of 2024" in shown


def test_a_visitor_reads_without_an_account_and_nothing_is_kept(client: Client) -> None:
    make.edition("posts")
    shown = text(client.get(f"{LEARN}/reading/reading-1/"))
    assert "Reading without an account." in shown
    assert "Mark as read" not in shown
    assert client.get("/modules/posts/").status_code == 200


def test_the_module_page_shows_progress_and_one_way_on(learner: User, client_of_learner: Client) -> None:
    enrolment = make.enrolment(learner, make.edition("posts"))
    make.decision(enrolment)
    shown = text(client_of_learner.get("/modules/posts/"))
    assert "0 of 4 pages done, about 19 minutes left." in shown
    assert "Continue: Case" in shown
    assert "You are at decision 2" in shown


def test_my_learning_continues_at_the_exact_place(learner: User, client_of_learner: Client) -> None:
    enrolment = make.enrolment(learner, make.edition("posts"))
    make.decision(enrolment)
    shown = text(client_of_learner.get("/my-learning/"))
    assert f'href="{LEARN}/scenario/case/">Continue</a>' in shown
    assert "You are at decision 2." in shown


def test_my_learning_of_somebody_new_is_empty_and_says_where_to_begin(client_of_learner: Client) -> None:
    make.enrolment(None, make.edition("posts"))
    shown = text(client_of_learner.get("/my-learning/"))
    assert "Nothing here yet" in shown
    assert "Under way" not in shown
    assert f'href="{LEARN}/reading/reading-1/">Start this one</a>' in shown


def test_my_learning_lists_what_is_completed_with_its_certificate(learner: User, client_of_learner: Client) -> None:
    make.completed(learner, make.edition("posts"))
    shown = text(client_of_learner.get("/my-learning/"))
    assert "Completed" in shown
    assert f'href="{LEARN}/finish/"' in shown


def test_a_newer_edition_is_offered_and_not_forced(learner: User, client_of_learner: Client) -> None:
    first = make.edition("posts")
    make.enrolment(learner, first)
    client_of_learner.post(f"{LEARN}/reading/reading-1/complete/")
    second_edition(first)
    shown = text(client_of_learner.get("/modules/posts/"))
    assert "Edition 1, " in shown
    assert "1 of 4 pages done" in shown
    assert "Edition 2 came out on" in shown
    assert "Start edition 2 from the beginning" in shown
    response = client_of_learner.post(f"{LEARN}/reading/reading-2/complete/")
    assert response.url == f"{LEARN}/scenario/case/"
    assert Enrolment.objects.get().edition == first


def test_whoever_takes_the_newer_edition_keeps_the_older_one(learner: User, client_of_learner: Client) -> None:
    first = make.edition("posts")
    make.completed(learner, first)
    second_edition(first)
    client_of_learner.post("/modules/posts/start/", {"edition": 2})
    assert Enrolment.objects.count() == 2
    assert Enrolment.objects.get(edition=first).completed_at is not None
    shown = text(client_of_learner.get("/modules/posts/"))
    assert "Edition 2, " in shown
    assert "0 of 4 pages done" in shown
    assert client_of_learner.get(f"{LEARN}/reading/reading-1/").status_code == 200


def test_somebody_new_gets_the_newest_edition(client_of_learner: Client) -> None:
    second_edition(make.edition("posts"))
    assert "Edition 2, " in text(client_of_learner.get("/modules/posts/"))
    response = client_of_learner.post("/modules/posts/start/", {"edition": 1}, follow=True)
    assert "A newer edition has come out. Start with that one." in text(response)
    assert not Enrolment.objects.exists()


def test_a_page_of_a_replaced_edition_does_not_enrol_a_newcomer(client_of_learner: Client) -> None:
    second_edition(make.edition("posts"))
    response = client_of_learner.post(f"{LEARN}/reading/reading-1/complete/", follow=True)
    assert "A newer edition has come out." in text(response)
    assert not Enrolment.objects.exists()


def test_a_draft_is_nowhere_to_be_seen(client_of_learner: Client) -> None:
    make.reading(make.draft("secret", title="Not ready"))
    assert client_of_learner.get("/modules/secret/").status_code == 404
    for url in ("/", "/modules/"):
        assert "Not ready" not in text(client_of_learner.get(url))


def test_a_title_cannot_bring_markup(client: Client) -> None:
    draft = make.draft("posts", title="<script>alert(1)</script>", summary="<img src=x>")
    make.reading(draft, "reading", title="<b>bold</b>")
    make.publish(draft)
    for url in ("/", "/modules/", "/modules/posts/", f"{LEARN}/reading/reading/"):
        shown = text(client.get(url))
        assert "<script>alert" not in shown
        assert "<img src=x>" not in shown
        assert "<b>bold" not in shown


def test_a_visitor_is_led_past_what_needs_an_account() -> None:
    draft = make.draft("posts")
    make.reading(draft, "first")
    make.scenario(draft)
    make.quiz(draft)
    make.reading(draft, "second")
    make.publish(draft)
    page = text(Client().get(f"{LEARN}/reading/first/"))
    assert f'href="{LEARN}/reading/second/">Next: Second</a>' in page
    assert "Next: " not in text(Client().get(f"{LEARN}/reading/second/"))
