"""A certificate is issued once for a completed enrolment, with the name as the learner wants it."""

import datetime

import pytest
from django.test import Client

from apps.accounts.models import User
from apps.certificates import actions
from apps.certificates.forms import NameForm
from apps.certificates.models import Certificate, in_words
from apps.modules import actions as modules_actions
from apps.progress.models import Enrolment
from tests import make

pytestmark = pytest.mark.django_db

FINISH = "/learn/posts/1/finish/"
LATER = make.NOW + datetime.timedelta(days=400)


@pytest.fixture
def enrolment(learner: User) -> Enrolment:
    return make.completed(learner, make.edition("posts"))


def post(client: Client, name: str = "Siân Ŵŷn Ó Dónaill-Łukasz") -> str:
    return client.post(f"{FINISH}issue/", {"name": name}, follow=True).content.decode()


def test_the_finish_page_asks_once_how_the_name_should_appear(client_of_learner: Client, enrolment: Enrolment) -> None:
    page = client_of_learner.get(FINISH).content.decode()
    assert "How should your name appear?" in page
    assert 'value="Sam Learner"' in page
    post(client_of_learner)
    page = client_of_learner.get(FINISH).content.decode()
    assert "Done, and on paper" in page
    assert "How should your name appear?" not in page


def test_a_certificate_says_what_was_true_on_that_day(client_of_learner: Client, enrolment: Enrolment) -> None:
    page = post(client_of_learner)
    certificate = Certificate.objects.get()
    assert certificate.name == "Siân Ŵŷn Ó Dónaill-Łukasz"
    assert certificate.enrolment == enrolment
    assert certificate.module_title == "When posts go wrong"
    assert (certificate.edition_number, certificate.edition_published_at) == (1, make.NOW)
    assert (certificate.started_at, certificate.completed_at) == (enrolment.started_at, enrolment.completed_at)
    assert certificate.minutes == 3 + 3 + 6 + 7
    assert certificate.outcomes == ["Describe", "Explain"]
    assert certificate.assessed_by == "1 branching case and a quiz of 3 questions, passed"
    for said in ("Siân Ŵŷn Ó Dónaill-Łukasz", "19 minutes of e-learning", certificate.pretty_code, "Describe"):
        assert said in page
    assert "E-learning; not statutory or mandatory training; not approved by any college" in page


def test_no_attempt_appears_on_a_certificate(client_of_learner: Client, enrolment: Enrolment) -> None:
    make.attempt(enrolment, right=0)
    make.attempt(enrolment)
    page = post(client_of_learner)
    assert "ttempt" not in page
    assert "%" not in Certificate.objects.get().assessed_by


def test_posting_twice_issues_once_and_the_first_name_stays(client_of_learner: Client, enrolment: Enrolment) -> None:
    post(client_of_learner, "First Name")
    first = Certificate.objects.values().get()
    page = post(client_of_learner, "Second Name")
    assert Certificate.objects.values().get() == first
    assert "First Name" in page
    assert "Second Name" not in page


def test_the_action_itself_gives_the_same_certificate_twice(enrolment: Enrolment) -> None:
    first = actions.issue(enrolment, "Sam", make.timezone.now())
    assert actions.issue(enrolment, "Other", LATER) == first


def test_before_the_end_there_is_no_certificate(client_of_learner: Client, learner: User) -> None:
    make.enrolment(learner, make.edition("posts"))
    page = post(client_of_learner)
    assert "Almost there" in page
    assert "Still to do: 2 readings, the case, the quiz." in page
    assert not Certificate.objects.exists()
    assert client_of_learner.get("/learn/posts/1/certificate/").status_code == 404
    assert client_of_learner.get("/learn/posts/1/certificate/pdf/").status_code == 404


def test_the_action_itself_refuses_before_the_end(learner: User) -> None:
    enrolment = make.enrolment(learner, make.edition("posts"))
    enrolment.completed_at = make.NOW  # what a stale or forged object says does not matter
    with pytest.raises(actions.NotCompletedError):
        actions.issue(enrolment, "Sam", make.NOW)
    assert not Certificate.objects.exists()


def test_optional_pages_are_neither_needed_nor_counted(learner: User, client_of_learner: Client) -> None:
    draft = make.draft("posts")
    make.reading(draft, "needed", minutes=4)
    make.quiz(draft, is_required=False)
    enrolment = make.enrolment(learner, make.publish(draft))
    client_of_learner.post("/learn/posts/1/reading/needed/complete/")
    post(client_of_learner)
    certificate = Certificate.objects.get(enrolment=enrolment)
    assert (certificate.minutes, certificate.assessed_by) == (4, "reading")


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("", "Enter your name as it should appear on the certificate"),
        ("   ", "Enter your name as it should appear on the certificate"),
        ("x" * 151, "150 characters"),
        ("Sam\x00", "Null characters are not allowed."),
    ],
)
def test_a_name_that_cannot_be_printed_is_told_plainly(
    client_of_learner: Client, enrolment: Enrolment, name: str, told: str
) -> None:
    response = client_of_learner.post(f"{FINISH}issue/", {"name": name})
    assert response.status_code == 422
    assert told in response.content.decode()
    assert not Certificate.objects.exists()


def test_the_name_is_a_snapshot(client_of_learner: Client, learner: User, enrolment: Enrolment) -> None:
    other = make.user()
    post(client_of_learner, "Name of that Day")
    learner.refresh_from_db()
    assert learner.certificate_name == "Name of that Day"
    other.refresh_from_db()
    assert other.certificate_name == "", "it is nobody else's"
    client_of_learner.post("/account/", {"full_name": "New Name", "certificate_name": "New Name"})
    certificate = Certificate.objects.get()
    assert certificate.name == "Name of that Day"
    for url in ("/learn/posts/1/certificate/", certificate.get_absolute_url()):
        page = client_of_learner.get(url).content.decode()
        assert "Name of that Day" in page
        assert "New Name" not in page


def test_the_next_certificate_offers_the_name_of_the_last(client_of_learner: Client, learner: User) -> None:
    make.certificate(make.completed(learner, make.edition("first", scenes=2, questions=2)), "Dr S. Learner")
    make.completed(learner, make.edition("posts"))
    assert 'value="Dr S. Learner"' in client_of_learner.get(FINISH).content.decode()


def test_each_edition_has_its_own_certificate(learner: User) -> None:
    first = make.edition("posts")
    one = make.certificate(make.completed(learner, first))
    second = make.publish(modules_actions.start_draft(first))
    two = make.certificate(make.completed(learner, second))
    assert one != two
    assert (one.edition_number, two.edition_number) == (1, 2)
    assert one.code != two.code


def test_a_later_edition_does_not_touch_an_issued_certificate(enrolment: Enrolment) -> None:
    certificate = make.certificate(enrolment)
    before = Certificate.objects.values().get()
    draft = modules_actions.start_draft(enrolment.edition)
    draft.title = "Another title"
    draft.save()
    make.publish(draft)
    assert Certificate.objects.values().get(pk=certificate.pk) == before


def test_strangers_find_neither_finish_page_nor_certificate_nor_pdf(enrolment: Enrolment) -> None:
    make.certificate(enrolment)
    stranger = make.client(make.user())
    for url in (FINISH, "/learn/posts/1/certificate/", "/learn/posts/1/certificate/pdf/"):
        assert stranger.get(url).status_code == 404
    assert stranger.post(f"{FINISH}issue/", {"name": "Thief"}).status_code == 404
    other = make.enrolment(None, enrolment.edition)
    assert make.client(other.learner).get("/learn/posts/1/certificate/").status_code == 404
    assert Certificate.objects.get().name == "Sam Learner"


def test_the_pdf_is_a_file_with_a_name_for_this_certificate(client_of_learner: Client, enrolment: Enrolment) -> None:
    certificate = make.certificate(enrolment)
    response = client_of_learner.get("/learn/posts/1/certificate/pdf/")
    assert response.content.startswith(b"%PDF-")
    assert response["Content-Type"] == "application/pdf"
    name = f"second-look-posts-{certificate.code[:5].lower()}.pdf"
    assert response["Content-Disposition"] == f'attachment; filename="{name}"'


@pytest.mark.parametrize(
    ("minutes", "words"),
    [(1, "1 minute"), (30, "30 minutes"), (60, "1 hour"), (61, "1 hour 1 minute"), (150, "2 hours 30 minutes")],
)
def test_learning_time_in_words(minutes: int, words: str) -> None:
    assert in_words(minutes) == words


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (30, "30 minutes of e-learning (0.5 hours)"),
        (60, "1 hour of e-learning (1 hour)"),
        (65, "1 hour 5 minutes of e-learning (1.08 hours)"),
        (630, "10 hours 30 minutes of e-learning (10.5 hours)"),
        (6000, "100 hours of e-learning (100 hours)"),
    ],
)
def test_learning_time_in_hours(minutes: int, words: str) -> None:
    assert Certificate(minutes=minutes).learning_time == words


def test_questions_that_are_for_learning_are_not_counted_as_assessment(learner: User) -> None:
    edition = make.edition("posts", is_full=True)
    certificate = actions.issue(make.completed(learner, edition), "Sam Learner", make.NOW)
    assert edition.question_set.count() == 4
    assert certificate.assessed_by == "1 branching case and a quiz of 3 questions, passed"


def test_what_may_be_left_out_assessed_nobody(learner: User) -> None:
    draft = make.draft("posts")
    make.reading(draft)
    make.scenario(draft)
    make.quiz(draft)
    make.scenario(draft, "another-case", is_required=False)
    make.quiz(draft, "another-quiz", is_required=False)
    certificate = actions.issue(make.completed(learner, make.publish(draft)), "Sam Learner", make.NOW)
    assert certificate.assessed_by == "1 branching case and a quiz of 3 questions, passed"


BIDI = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


@pytest.mark.parametrize("control", BIDI)
def test_a_name_on_a_certificate_holds_nothing_that_turns_text_round(
    client_of_learner: Client, enrolment: Enrolment, control: str
) -> None:
    typed = f"{control}Sam {control}Lear{control}ner{control}"
    form = NameForm({"name": typed})
    assert form.is_valid()
    assert form.cleaned_data["name"] == "Sam Learner"
    page = post(client_of_learner, typed)
    assert Certificate.objects.get().name == "Sam Learner"
    assert "Sam Learner" in page
    assert control not in page


def test_a_name_of_nothing_else_is_told_plainly(client_of_learner: Client, enrolment: Enrolment) -> None:
    response = client_of_learner.post(f"{FINISH}issue/", {"name": BIDI})
    assert response.status_code == 422
    assert "Write the name with at least one letter that can be seen" in response.content.decode()
    assert not Certificate.objects.exists()


@pytest.mark.parametrize(
    ("started_at", "shown"),
    [
        ("2026-07-01T09:00Z", "1 July 2026"),
        ("2026-06-30T23:30Z", "1 July 2026"),  # half past midnight of the same day, here
        ("2026-06-30T22:30Z", "1 July 2026 (begun 30 June 2026)"),
        ("2025-07-01T09:00Z", "1 July 2026 (begun 1 July 2025)"),
    ],
)
def test_when_it_was_begun_is_said_where_that_was_another_day(
    client_of_learner: Client, enrolment: Enrolment, started_at: str, shown: str
) -> None:
    times = {"started_at": started_at, "completed_at": "2026-07-01T10:00Z"}
    Enrolment.objects.filter(pk=enrolment.pk).update(
        **{name: datetime.datetime.fromisoformat(time) for name, time in times.items()}
    )
    certificate = make.certificate(enrolment)
    for url in ("/learn/posts/1/certificate/", certificate.get_absolute_url()):
        page = " ".join(client_of_learner.get(url).content.decode().split())
        assert f"<dd>{shown}</dd>" in page.replace("<dd> ", "<dd>").replace(" </dd>", "</dd>"), url
        assert ("begun" in page) == ("begun" in shown), url
