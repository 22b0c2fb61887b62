"""Closing an account: nothing personal is left anywhere, and records keep their "by"."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.account.utils import user_pk_to_url_str
from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import DatabaseError, connection, models, transaction
from django.test import Client

from apps.accounts import closing, sessions
from apps.accounts.factors import actions as factors_actions
from apps.accounts.models import ClosedAccountError, User
from apps.authoring import reporting
from apps.authoring.models import Report
from apps.certificates import actions as certificates_actions
from apps.certificates.models import Certificate
from apps.modules.models import Edition
from apps.progress import actions as progress_actions
from apps.progress.models import Enrolment
from apps.quizzes import actions as quizzes_actions
from apps.quizzes.queries import paper_of
from apps.scenarios import actions as scenarios_actions
from apps.scenarios.queries import script_of
from apps.scenarios.walks import walk_of
from tests import make

pytestmark = pytest.mark.django_db

CANARY = "Kanarienvogel"
ADDRESS = f"{CANARY.lower()}@example.org"
WRITTEN = (models.CharField, models.TextField, models.JSONField, models.GenericIPAddressField, models.BinaryField)
# Columns that point nowhere or at what others published, which stay, each with the reason.
NOT_PERSONAL = {
    "certificates.Certificate.code": "whoever has the paper must be able to check it",
    "admin.LogEntry.object_id": "a number",
    "authoring.Report.text": "about a page of the course; it stays without the name",
    "authoring.Report.answer": "an author's words about a page",
    "authoring.Report.spot": "the key of a scene or question",
}
LATER = make.NOW.replace(year=2027)


@pytest.fixture
def administrator() -> User:
    return make.superuser()


@pytest.fixture
def person(administrator: User) -> User:
    """A member of staff who has learned, finished, begun again, published, revoked, and been corrected in the admin."""
    edition = make.edition("posts")
    made = make.user(ADDRESS, full_name=CANARY, is_staff=True, last_login=make.NOW)
    made.groups.add(Group.objects.create(name="Some"))
    made.user_permissions.add(Permission.objects.all()[0])
    enrolment = make.completed(made, edition)
    make.playthrough(enrolment)
    make.attempt(enrolment)
    make.attempt(enrolment, is_submitted=False)
    make.certificate(enrolment, CANARY)
    make.report(edition, "case", by=made)
    EmailAddress.objects.filter(user=made).update(verified=True)
    EmailAddress.objects.create(user=made, email=f"old-{ADDRESS}")
    models.QuerySet(Edition).update(published_by=made)
    log_about(edition, made, "An edition")
    return made


def close(person: User, by: User) -> None:
    closing.close_account(person, LATER, by)


# The canary ---------------------------------------------------------------------------------------------------------


def rows_of(person: User) -> Iterator[models.Model]:
    """The person's row, and every row that points at it, or at one of those: found in the schema."""
    seen: set[tuple[str, Any]] = set()
    waiting: list[models.Model] = [person]
    while waiting:
        row = waiting.pop()
        if (row._meta.label, row.pk) in seen:
            continue
        seen.add((row._meta.label, row.pk))
        yield row
        for relation in row._meta.related_objects:  # not those without a way back (`related_name="+"`): they say "by"
            if relation.one_to_many or relation.one_to_one:
                waiting += models.QuerySet(relation.related_model).filter(**{relation.field.name: row.pk})
    assert len({label for label, _ in seen}) >= 9, "The test's world is poor."


def personal_columns(model: type[models.Model]) -> list[models.Field[Any, Any]]:
    return [
        field
        for field in model._meta.concrete_fields
        if isinstance(field, WRITTEN)
        and not field.is_relation
        and f"{model._meta.label}.{field.name}" not in NOT_PERSONAL
    ]


def plant(person: User) -> int:
    """Put the canary into every written column of every row of the person, past all guards; how many that were."""
    planted = 0
    for row in rows_of(person):
        for field in personal_columns(type(row)):
            value = CANARY if not isinstance(field, models.EmailField) else f"{row.pk}-{ADDRESS}"
            if field.max_length and field.max_length < len(value):
                value = value[: field.max_length]
            if isinstance(row, User) and field.name == "email":
                value = ADDRESS
            with connection.cursor() as cursor:
                table, column, key = (
                    connection.ops.quote_name(one) for one in (row._meta.db_table, field.column, "id")
                )
                cursor.execute(f"UPDATE {table} SET {column} = %s WHERE {key} = %s", [value, row.pk])  # noqa: S608
            planted += 1
    return planted


def dump() -> str:
    """Every row of every table, and sessions and the cache as they read."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608
            found += [f"{table}: {row}" for row in cursor.fetchall()]
        if "cache" in connection.introspection.table_names(cursor):
            cursor.execute("SELECT cache_key FROM cache")
            found += [
                f"cache: {key.split(':', 2)[2]}={cache.get(key.split(':', 2)[2])}" for (key,) in cursor.fetchall()
            ]
    found += [f"session: {session.get_decoded()}" for session in Session.objects.all()]
    return "\n".join(found)


def canaries() -> list[str]:
    """Where one is, also cut short, in other letters, or escaped."""
    return [line[:300] for line in dump().splitlines() if CANARY[:8].lower() in line.lower()]


def session_with(**data: Any) -> str:
    store = SessionStore()
    store.update(data)
    store.create()
    return str(store.session_key)


def log_about(row: models.Model, by: User, text: str = CANARY, message: str = "") -> LogEntry:
    return LogEntry.objects.create(
        user=by,
        content_type=ContentType.objects.get_for_model(row),
        object_id=str(row.pk),
        object_repr=text,
        action_flag=2,
        change_message=message,
    )


def test_no_canary_is_left_in_any_column_session_or_cache(person: User, administrator: User, client: Client) -> None:
    assert plant(person) >= 18
    person.refresh_from_db()
    log_about(person, administrator, "The Name Before", json.dumps([{"changed": {"object": CANARY}}]))
    log_about(EmailAddress.objects.filter(user=person)[0], administrator, "before@example.org")
    log_about(person.enrolments.get(), administrator, f"{CANARY}: When posts go wrong, edition 1")
    log_about(make.draft(), person, "Something else", f"told {ADDRESS.upper()} so")
    make.client(person).get("/account/")
    client.post("/account/login/", {"login": ADDRESS, "password": "wrong"})
    session_with(kept_answer={"path": "/x/", "owner": person.pk, "fields": [["name", CANARY]]})
    session_with(account_verified_email=ADDRESS)
    assert len(canaries()) >= 10
    close(person, administrator)
    assert canaries() == []
    assert not LogEntry.objects.filter(object_repr__in=["The Name Before", "before@example.org"]).exists()


def test_every_written_column_of_a_person_is_walked(person: User) -> None:
    """The walk reaches what it must, so that an empty dump means something."""
    labels = {row._meta.label for row in rows_of(person)}
    assert labels >= {
        *("admin.LogEntry", "accounts.User", "account.EmailAddress", "progress.Enrolment", "progress.PageCompletion"),
        *("scenarios.Playthrough", "scenarios.Decision", "quizzes.Attempt", "quizzes.Response"),
        *("quizzes.SelectedOption", "certificates.Certificate"),
    }
    columns = {f"{label}.{field.name}" for label in labels for field in personal_columns(apps.get_model(label))}
    assert columns >= {"accounts.User.specialty", "certificates.Certificate.revoked_reason", "accounts.User.password"}


def test_a_canary_that_stays_would_be_seen(person: User) -> None:
    make.client(person).get("/account/")
    assert any("accounts_user" in line for line in canaries())
    session_with(x=[{"y": f"… {CANARY} …"}])
    assert any(line.startswith("session") for line in canaries())


# What goes and what stays -------------------------------------------------------------------------------------------


def test_an_empty_row_stays_that_nobody_can_use(person: User, administrator: User, client: Client) -> None:
    password = person.password
    close(person, administrator)
    person.refresh_from_db()
    assert (str(person), person.closed_at) == ("a closed account", LATER)
    assert re.fullmatch(r"[0-9a-f]{32}@closed\.invalid", person.email)
    assert (person.is_active, person.is_staff, person.is_superuser) == (False, False, False)
    assert not person.has_usable_password()
    assert person.password != password
    assert person.last_login is None
    assert not person.groups.exists()
    assert not person.user_permissions.exists()
    for login in (ADDRESS, person.email):
        page = client.post("/account/login/", {"login": login, "password": make.PASSWORD})
        assert page.status_code == 422
        assert "_auth_user_id" not in client.session


def test_enrolments_go_with_all_that_hangs_on_them(person: User, administrator: User) -> None:
    other = make.completed(make.user(), Edition.objects.get())
    close(person, administrator)
    assert list(Enrolment.objects.all()) == [other]
    for label in ("scenarios.Playthrough", "scenarios.Decision", "quizzes.Attempt", "quizzes.Response"):
        assert not models.QuerySet(apps.get_model(label)).exists(), label
    assert set(apps.get_model("progress.PageCompletion").objects.values_list("enrolment", flat=True)) == {other.pk}


def test_what_they_said_about_pages_stays_without_their_name(person: User, administrator: User) -> None:
    report = Report.objects.get(by=person)
    told = make.client(administrator).get(f"/admin/accounts/user/{person.pk}/close/").content.decode()
    goes, _, stays = told.partition("What stays")
    assert "The name on 1 report of something wrong on a page" in goes
    assert "The words of 1 report of something wrong on a page" in stays
    another = make.report(report.edition, text="By somebody else.", by=make.user())
    reporting.answer_report(another, person, LATER, "Mended.")
    close(person, administrator)
    report, another = Report.objects.get(pk=report.pk), Report.objects.get(pk=another.pk)
    assert (report.by, report.is_open) == (None, True)
    assert (str(another.closed_by), another.answer) == ("a closed account", "Mended.")


def test_records_keep_their_by(person: User, administrator: User) -> None:
    certificate = make.certificate(make.completed(make.user(), Edition.objects.get()))
    certificates_actions.revoke(certificate, "In error", person, make.timezone.now())
    entry = log_about(certificate, person, "A certificate")
    close(person, administrator)
    certificate.refresh_from_db()
    assert str(Edition.objects.get().published_by) == str(certificate.revoked_by) == "a closed account"
    assert (certificate.revoked_reason, certificate.name) == ("In error", "Sam Learner")
    entry.refresh_from_db()
    assert (entry.user, entry.object_repr) == (person, "A certificate")
    assert "a closed account" in make.client(administrator).get("/admin/modules/edition/").content.decode()


def test_a_code_still_checks_and_says_withdrawn_by_its_holder(
    person: User, administrator: User, client: Client
) -> None:
    code = Certificate.objects.get().code
    close(person, administrator)
    response = client.get(f"/verify/{code}/")
    page = response.content.decode()
    assert response.status_code == 200
    assert "Withdrawn by its holder" in page
    assert "This says nothing against them." in page
    for gone in (CANARY, "When posts go wrong", "<dl", ">Valid<", "Revoked"):
        assert gone not in page
    assert "<dt>" not in page


def test_a_revoked_certificate_that_is_withdrawn_too_stays_revoked(
    person: User, administrator: User, client: Client
) -> None:
    certificate = Certificate.objects.get()
    certificates_actions.revoke(certificate, f"{CANARY} did not do it", administrator, make.timezone.now())
    close(person, administrator)
    page = client.get(certificate.get_absolute_url()).content.decode()
    assert "Do not rely on it. It was also withdrawn by its holder" in page
    assert CANARY not in page


def test_a_withdrawn_certificate_is_not_revoked_afterwards(person: User, administrator: User) -> None:
    close(person, administrator)
    certificates_actions.revoke(Certificate.objects.get(), "Late", administrator, make.timezone.now())
    certificate = Certificate.objects.get()
    assert (certificate.revoked_at, certificate.revoked_reason) == (None, "")


def test_a_long_line_of_the_log_has_room_for_the_words_that_replace_a_short_name(
    person: User, administrator: User
) -> None:
    User.objects.filter(pk=person.pk).update(full_name="Jo")
    entry = log_about(make.draft(), administrator, f"Jo: {'x' * 196}")
    close(person, administrator)
    entry.refresh_from_db()
    entry.clean_fields()
    assert entry.object_repr.startswith("a closed account: xxx")


@pytest.mark.parametrize(
    ("name", "on_certificates", "message"),
    [
        ("Ann Lee", "Lee", "now Ann Lee"),
        ("Ann Lee", "Ann Lee Roe", "now Ann Lee Roe"),
        ("Zoë", "", json.dumps([{"changed": {"object": "now Zoë"}}])),
        ("Łukasz Żak", "", json.dumps("now Łukasz Żak")),
    ],
)
def test_a_name_goes_from_the_log_whole_however_it_is_spelt(
    person: User, administrator: User, name: str, on_certificates: str, message: str
) -> None:
    """As a part of a longer one, and as JSON has it, which messages are."""
    User.objects.filter(pk=person.pk).update(full_name=name, certificate_name=on_certificates)
    entry = log_about(make.draft(), administrator, "Posts", message)
    close(person, administrator)
    entry.refresh_from_db()
    assert re.sub(r"[^ a-z]", "", entry.change_message).endswith("now a closed account")


def test_an_address_that_was_never_confirmed_goes_from_the_log_too(person: User, administrator: User) -> None:
    EmailAddress.objects.create(user=person, email="waiting@example.org")
    entry = log_about(make.draft(), administrator, "Something else", "told waiting@example.org so")
    close(person, administrator)
    entry.refresh_from_db()
    assert entry.change_message == "told a closed account so"


def test_other_people_with_the_same_name_keep_theirs(person: User, administrator: User) -> None:
    namesake = make.user("x." + ADDRESS, full_name=CANARY)
    entry = log_about(namesake, administrator, CANARY, f"now x.{ADDRESS}")
    browser = make.client(namesake)
    assert browser.get("/account/").status_code == 200
    session_with(account_verified_email=namesake.email)
    close(person, administrator)
    namesake.refresh_from_db()
    entry.refresh_from_db()
    assert (namesake.full_name, entry.object_repr, entry.change_message) == (CANARY, CANARY, f"now x.{ADDRESS}")
    assert EmailAddress.objects.filter(user=namesake, email=namesake.email).exists()
    assert browser.get("/account/").status_code == 200
    assert Session.objects.filter(session_key=browser.session.session_key).exists()


def test_sessions_of_the_person_end_and_no_others(person: User, administrator: User) -> None:
    """By primary key as well as by address."""
    browsers = [make.client(person), make.client(person)]
    others = [session_with(_auth_user_id=str(person.pk + 1)), session_with(tasted={"5": [["a"]]})]
    theirs = [
        session_with(account_login={"user_pk": user_pk_to_url_str(person), "email": None}),
        session_with(account_email_verification_code={"user_id": str(person.pk), "email": "new@example.org"}),
        session_with(deep=[{"owner": person.pk}]),
    ]
    close(person, administrator)
    left = set(Session.objects.values_list("session_key", flat=True))
    assert left == set(others)
    assert not left & set(theirs)
    for browser in browsers:
        assert browser.get("/account/").url.startswith("/account/login/")


@pytest.mark.parametrize("address", ["pat@example.org", "pat@example-übung.org"])
def test_sessions_that_hold_only_an_address_of_the_person_end_too(administrator: User, address: str) -> None:
    person, other = make.user(address), session_with(account_verified_email=f"x{address}")
    session_with(account_login={"email": address.upper()})
    close(person, administrator)
    assert list(Session.objects.values_list("session_key", flat=True)) == [other]


def test_a_number_spelt_alike_is_somebody_else(administrator: User) -> None:
    """Allauth writes primary keys in base 36, where "1000" is not the person of that number."""
    person = make.user(ADDRESS, pk=1000)
    other = session_with(account_login={"user_pk": "1000"})
    session_with(account_login={"user_pk": user_pk_to_url_str(person)})
    close(person, administrator)
    assert list(Session.objects.values_list("session_key", flat=True)) == [other]


def test_sessions_are_walked_in_batches(person: User, administrator: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sessions, "BATCH", 3)
    for number in range(10):
        session_with(_auth_user_id=str(person.pk if number % 2 else 0))
    close(person, administrator)
    assert Session.objects.count() == 5


def test_the_old_address_is_free_at_once(person: User, administrator: User, client: Client) -> None:
    close(person, administrator)
    new = {"email": ADDRESS, "full_name": "New", "password1": "a-good-long-one", "password2": "a-good-long-one"}
    assert client.post("/account/signup/", new).status_code == 302
    assert User.objects.get(email=ADDRESS).full_name == "New"


# Who, and again -----------------------------------------------------------------------------------------------------


def test_repeated_it_changes_nothing_but_looks_for_sessions(person: User, administrator: User) -> None:
    close(person, administrator)
    before = User.objects.filter(pk=person.pk).values().get()
    session_with(_auth_user_id=str(person.pk))
    closing.close_account(person, LATER.replace(year=2028), administrator)
    assert User.objects.filter(pk=person.pk).values().get() == before
    assert not Session.objects.exists()


def test_nobody_closes_themselves_the_last_administrator_or_somebody_above(person: User, administrator: User) -> None:
    for closed, by, told in (
        (administrator, administrator, "your own account"),
        (administrator, person, "Only an administrator"),
    ):
        with pytest.raises(closing.NotClosableError, match=told):
            close(closed, by)
    second = User.objects.create_superuser("second@example.org", full_name="Second")
    User.objects.filter(pk=second.pk).update(is_active=False)
    with pytest.raises(closing.NotClosableError, match="last administrator"):
        close(administrator, second)
    User.objects.filter(pk=second.pk).update(is_active=True)
    close(administrator, second)
    assert not User.objects.get(pk=administrator.pk).is_superuser


def test_it_is_done_whole_or_not_at_all(person: User, administrator: User, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: object) -> None:
        raise DatabaseError

    before = dump()
    monkeypatch.setattr(closing, "_empty", fail)
    with pytest.raises(DatabaseError):
        close(person, administrator)
    assert dump() == before


def test_what_builds_on_other_rows_is_erased_before_them() -> None:
    """In the wrong order the database would refuse: a certificate is whole, or withdrawn and without enrolment."""
    order = [erasure.erase for erasure in closing._from_the_top()]
    off = reporting.take_name_off_reports
    learning = [certificates_actions.withdraw, quizzes_actions.erase, progress_actions.erase]
    assert order == [off, *learning, factors_actions.erase]


def test_an_enrolment_cannot_go_from_under_a_certificate(person: User) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        person.enrolments.all().delete()


# Somebody is at work meanwhile --------------------------------------------------------------------------------------


def test_whoever_is_at_work_meanwhile_brings_nothing_back(person: User, administrator: User) -> None:
    """Requests that began before the account was closed, and write after it."""
    enrolment, edition = person.enrolments.get(), Edition.objects.get()
    attempt = enrolment.attempts.order_by("number").last()
    assert attempt is not None
    response, now = attempt.responses.get(position=1), make.timezone.now()
    script, paper = script_of(edition.page_set.get(key="case")), paper_of(edition.page_set.get(key="quiz"))
    ended = enrolment.playthroughs.get()
    stale = User.objects.get(pk=person.pk)
    close(person, administrator)
    before = dump()
    for act in (
        lambda: stale.save(),
        lambda: stale.save(update_fields=["password"]),
        lambda: progress_actions.enrol(stale, edition, now),
        lambda: progress_actions.complete_page(enrolment, edition.page_set.all()[0], None, now),
        lambda: scenarios_actions.choose(enrolment, script, 1, "case-scene-1-best", now),
        lambda: scenarios_actions.keep(enrolment, script, [walk_of(script, ["case-scene-1-best"])], now),
        lambda: scenarios_actions.go_back(ended, script, 1, now),
        lambda: quizzes_actions.start_attempt(enrolment, paper, now),
        lambda: quizzes_actions.answer(response, paper, {"quiz-q1-right": None}, now),
        lambda: quizzes_actions.submit_attempt(attempt, paper, now),
        lambda: certificates_actions.issue(enrolment, CANARY, now),
    ):
        with pytest.raises(ClosedAccountError), transaction.atomic():
            act()
    assert dump() == before


def test_such_a_request_gets_a_page(person: User, administrator: User, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = make.client(person, raise_request_exception=False)
    enrol = progress_actions.enrol

    def close_first(*args: Any) -> Any:
        close(person, administrator)
        return enrol(*args)

    monkeypatch.setattr("apps.progress.views.actions.enrol", close_first)
    make.edition("other")
    response = browser.post("/modules/other/start/", {"edition": 1})
    assert response.status_code == 403
    assert not Enrolment.objects.exists()


# In the admin -------------------------------------------------------------------------------------------------------


def test_an_administrator_is_asked_once_and_told_what_goes_and_what_stays(person: User, administrator: User) -> None:
    browser = make.client(administrator)
    url = f"/admin/accounts/user/{person.pk}/close/"
    assert f'href="{url}"' in browser.get(f"/admin/accounts/user/{person.pk}/change/").content.decode()
    page = browser.get(url).content.decode()
    for said in (
        *(CANARY, ADDRESS, "1 enrolment", "4 page completions", "1 playthrough", "3 decisions", "2 attempts"),
        *(Certificate.objects.get().pretty_code, "withdrawn by its holder", "a closed account"),
    ):
        assert said in page
    assert User.objects.get(pk=person.pk).closed_at is None
    response = browser.post(url, follow=True)
    assert "The account is closed. Nothing personal is left of it." in response.content.decode()
    assert User.objects.get(pk=person.pk).closed_at is not None
    entry = LogEntry.objects.latest("pk")
    assert (entry.user, entry.object_repr, entry.change_message) == (
        administrator,
        "a closed account",
        "Closed the account.",
    )
    assert "This account is closed." in browser.get(url).content.decode()
    assert browser.post(url).status_code == 302


def test_a_closed_account_is_there_to_be_read(person: User, administrator: User) -> None:
    close(person, administrator)
    browser = make.client(administrator)
    page = browser.get(f"/admin/accounts/user/{person.pk}/change/").content.decode()
    assert "a closed account" in page
    assert 'name="_save"' not in page
    assert "/close/" not in page
    assert browser.post(f"/admin/accounts/user/{person.pk}/change/", {"email": ADDRESS}).status_code == 403


def test_who_cannot_be_closed_is_said_with_the_reason(administrator: User) -> None:
    browser = make.client(administrator)
    url = f"/admin/accounts/user/{administrator.pk}/close/"
    page = browser.get(url)
    assert (page.status_code, browser.post(url).status_code) == (200, 409)
    assert "You cannot close your own account." in page.content.decode()
    assert "<form method" not in page.content.decode().partition('id="content"')[2]
    assert not User.objects.filter(closed_at__isnull=False).exists()
    assert browser.get("/admin/accounts/user/999999/close/").status_code == 404
    assert browser.get("/admin/accounts/user/no/close/").status_code == 404


def test_nobody_is_offered_a_delete_that_would_be_refused(person: User, administrator: User) -> None:
    browser = make.client(administrator)
    for url in ("/admin/accounts/user/", f"/admin/accounts/user/{person.pk}/change/"):
        page = browser.get(url).content.decode()
        assert "delete_selected" not in page
        assert "deletelink" not in page
    assert browser.post("/admin/accounts/user/", {"action": "delete_selected", "_selected_action": person.pk})
    assert User.objects.filter(pk=person.pk).exists()


@pytest.mark.django_db
@pytest.mark.parametrize("right", ["is_active", "is_staff", "is_superuser"])
def test_the_last_administrator_cannot_give_up_what_makes_them_one(right: str) -> None:
    last = make.superuser()
    browser = make.client(last)
    rights = {name: "on" for name in ("is_active", "is_staff", "is_superuser") if name != right}
    page = f"/admin/accounts/user/{last.pk}/change/"
    refused = browser.post(page, {"email": last.email, "full_name": last.full_name} | rights)
    assert closing.LAST_ADMINISTRATOR in refused.content.decode()
    User.objects.create_superuser("second@example.org", make.PASSWORD, full_name="Second")
    assert browser.post(page, {"email": last.email, "full_name": last.full_name} | rights).status_code == 302
