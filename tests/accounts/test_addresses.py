"""A person has one address, in one spelling, whoever wrote it; one that is given up opens nothing and is free."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.contrib import admin
from django.core import mail
from django.core.management import call_command
from django.core.serializers import serialize
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Value
from django.http import HttpResponse
from django.test import Client

from apps.accounts.adapter import SENT_TO
from apps.accounts.fields import one_spelling
from apps.accounts.models import User
from tests import make, proofs

pytestmark = pytest.mark.django_db

TYPED, KEPT = " Mixed.Case@NHS.net", "mixed.case@nhs.net"
OLD, RIGHT = "learner@example.org", "right@example.org"
NEW = {"password1": "another-good-one-2026", "password2": "another-good-one-2026"}


def rows(user: User) -> list[tuple[str, bool]]:
    return list(EmailAddress.objects.filter(user=user).values_list("email", "primary"))


def sign_in(email: str, password: str = make.PASSWORD, client: Client | None = None) -> HttpResponse:
    return (client or Client()).post("/account/login/", {"login": email, "password": password})


def sign_up(email: str) -> HttpResponse:
    return Client().post("/account/signup/", NEW | {"email": email, "full_name": "N"})


def code_in(message: mail.EmailMessage) -> str:
    found = re.search(r"^\s*([A-Z0-9]{3,}-?[A-Z0-9]{3,})\s*$", message.body, re.MULTILINE)
    assert found, message.body
    return found[1]


def change(client: Client, email: str) -> None:
    """A learner names another address, and their password once more."""
    sign_in(OLD, client=client)
    proofs.age(client)
    again = client.post("/account/email/", {"action_add": "", "email": email}).url
    assert again.startswith("/account/reauthenticate/")
    client.post(again, {"password": make.PASSWORD, "next": "/account/email/"})


# Everybody who writes an address --------------------------------------------------------------------------------------


def load(user: User, path: Path) -> None:
    """As `loaddata` does: without `save`."""
    fixture = json.loads(serialize("json", [user]))
    fixture[0]["fields"]["email"] = user.email
    path.write_text(json.dumps(fixture))
    call_command("loaddata", path, verbosity=0)


def add_in_the_admin(email: str) -> None:
    response = make.client(make.administrator()).post("/admin/accounts/user/add/", {"email": email, "full_name": "M"})
    assert response.status_code == 302, response.content.decode()


NEWCOMERS: dict[str, Callable[[str], Any]] = {
    "manager": lambda email: make.user(email),
    "shell": lambda email: User(email=email, full_name="M").save(),
    "create": lambda email: User.objects.create(email=email, full_name="M"),
    "get_or_create": lambda email: User.objects.get_or_create(email=email),
    "bulk": lambda email: User.objects.bulk_create([User(email=email, full_name="M")]),
    "admin": add_in_the_admin,
    "sign-up": sign_up,
}


@pytest.mark.parametrize("writer", NEWCOMERS)
def test_whoever_makes_a_person_keeps_one_spelling(writer: str) -> None:
    NEWCOMERS[writer](TYPED)
    user = User.objects.exclude(email="admin@example.org").get()
    assert user.email == KEPT
    assert rows(user) == [(KEPT, True)]
    assert [User.objects.get(email=spelling) for spelling in (TYPED, TYPED.upper(), KEPT)] == [user] * 3
    assert User.objects.filter(email__in=[TYPED]).get() == user


def test_a_fixture_keeps_one_spelling(tmp_path: Path) -> None:
    load(User(pk=7, email=TYPED, full_name="M"), tmp_path / "people.json")
    assert User.objects.get(pk=7).email == KEPT


def test_the_row_in_memory_says_what_the_stored_one_says() -> None:
    user = User(email=TYPED, full_name="M")
    user.save()
    assert user.email == KEPT


def test_somebody_added_in_the_admin_signs_in_and_signs_up_no_more(client: Client) -> None:
    add_in_the_admin(TYPED)
    taken = sign_up(KEPT)
    assert taken.status_code == 422
    assert "already" in taken.content.decode()
    User.objects.get(email=KEPT).set_password(make.PASSWORD)
    client.post("/account/password/reset/", {"email": TYPED})
    link = re.search(r"/account/password/reset/key/\S+", mail.outbox[-1].body)
    assert link
    client.post(client.get(link[0]).url, NEW)
    assert sign_in(TYPED, NEW["password1"]).status_code == 302


def test_the_admin_names_a_taken_address_in_any_spelling(learner: User) -> None:
    client = make.client(make.administrator())
    other = make.user("other@example.org")
    told = client.post("/admin/accounts/user/add/", {"email": "LEARNER@Example.org", "full_name": "M"})
    assert "already exists" in told.content.decode()
    told = client.post(f"/admin/accounts/user/{other.pk}/change/", {"email": "Learner@example.org ", "full_name": "M"})
    assert "already exists" in told.content.decode()


def test_one_spelling_is_the_last_one() -> None:
    letters = [chr(code) for code in range(0x110000) if not 0xD800 <= code < 0xE000]
    assert not [letter for letter in letters if one_spelling(one_spelling(letter)) != one_spelling(letter)]


# Everybody who corrects one -------------------------------------------------------------------------------------------


def correct_in_the_admin(user: User, email: str, path: Path) -> None:
    page = f"/admin/accounts/user/{user.pk}/change/"
    response = make.client(make.administrator()).post(
        page, {"email": email, "full_name": "Sam Learner", "is_active": "on"}
    )
    assert response.status_code == 302, response.content.decode()


def save(user: User, email: str, path: Path) -> None:
    user.email = email
    user.save()


def save_one_field(user: User, email: str, path: Path) -> None:
    user.email = email
    user.save(update_fields=["email"])


def update(user: User, email: str, path: Path) -> None:
    User.objects.filter(email=user.email).update(email=email)


def update_by_expression(user: User, email: str, path: Path) -> None:
    User.objects.filter(pk=user.pk).update(email=Value(email))


def bulk_update(user: User, email: str, path: Path) -> None:
    user.email = email
    User.objects.bulk_update([user], ["email"])


def update_or_create(user: User, email: str, path: Path) -> None:
    User.objects.update_or_create(pk=user.pk, defaults={"email": email})


def loaddata(user: User, email: str, path: Path) -> None:
    user.email = email
    load(user, path / "people.json")


CORRECTIONS = [correct_in_the_admin, save, save_one_field, update, update_by_expression, bulk_update, update_or_create,
               loaddata]  # fmt: skip
Correction = Callable[[User, str, Path], None]


@pytest.fixture
def confirmed(learner: User) -> User:
    """A learner who has confirmed their address."""
    EmailAddress.objects.filter(user=learner).update(verified=True)
    return learner


@pytest.mark.parametrize("correct", CORRECTIONS)
def test_a_corrected_address_is_the_only_one(correct: Correction, confirmed: User, tmp_path: Path) -> None:
    Client().post("/account/password/reset/", {"email": OLD})
    link = re.search(r"/account/password/reset/key/\S+", mail.outbox.pop().body)
    assert link

    correct(confirmed, RIGHT, tmp_path)

    assert rows(confirmed) in ([(RIGHT, True)], [] if correct is loaddata else None)
    assert sign_in(OLD).status_code == 422, "the old address signs nobody in"
    assert sign_in(RIGHT).status_code == 302
    assert "does not work any more" in Client().get(link[0], follow=True).content.decode()
    Client().post("/account/password/reset/", {"email": OLD})
    assert "no account with this address" in mail.outbox.pop().body
    Client().post("/account/password/reset/", {"email": RIGHT})
    assert mail.outbox.pop().to == [RIGHT]


@pytest.mark.parametrize("correct", CORRECTIONS)
def test_an_address_given_up_can_be_used_again(correct: Correction, confirmed: User, tmp_path: Path) -> None:
    correct(confirmed, RIGHT, tmp_path)
    assert sign_up(OLD).status_code == 302
    somebody = User.objects.get(email=OLD)
    assert somebody != confirmed
    assert EmailAddress.objects.get(user=somebody).set_verified()
    assert sign_in(OLD).status_code == 422
    assert sign_in(OLD, NEW["password1"]).status_code == 302


@pytest.mark.usefixtures("_by_code")
def test_a_corrected_address_has_to_be_confirmed(confirmed: User, tmp_path: Path) -> None:
    save(confirmed, RIGHT, tmp_path)
    client = Client()
    assert sign_in(RIGHT, client=client).url == "/account/confirm-email/"
    client.post("/account/confirm-email/", {"code": code_in(mail.outbox[-1])})
    assert client.get("/my-learning/").status_code == 200
    assert EmailAddress.objects.get(user=confirmed).verified


@pytest.mark.usefixtures("_by_code")
@pytest.mark.parametrize("is_from_before", [False, True])
def test_the_code_of_a_sign_up_dies_with_its_address(is_from_before: bool, tmp_path: Path) -> None:
    """Somebody mistypes; the administrator corrects it; the mailbox of the wrong address enters its code."""
    client = Client()
    client.post("/account/signup/", NEW | {"email": OLD, "full_name": "N"})
    user = User.objects.get()
    save(user, RIGHT, tmp_path)
    if is_from_before:  # the release before noted no address with the code
        session = client.session
        del session[SENT_TO]
        session.save()
    told = client.post("/account/confirm-email/", {"code": code_in(mail.outbox[-1])}, follow=True)
    user.refresh_from_db()
    assert (user.email, rows(user)) == (RIGHT, [(RIGHT, True)])
    assert client.get("/my-learning/").status_code == 302
    assert "has been changed since this code was sent" in told.content.decode()


@pytest.mark.usefixtures("_by_code")
def test_the_code_of_a_change_dies_when_somebody_else_changes_it(confirmed: User, tmp_path: Path) -> None:
    client = Client()
    change(client, "third@example.org")
    assert mail.outbox[-1].to == ["third@example.org"]
    save(confirmed, RIGHT, tmp_path)
    client.post("/account/confirm-email/", {"code": code_in(mail.outbox[-1])})
    confirmed.refresh_from_db()
    assert (confirmed.email, rows(confirmed)) == (RIGHT, [(RIGHT, True)])


@pytest.mark.usefixtures("_by_code")
def test_a_person_changes_their_own_address(confirmed: User) -> None:
    client = Client()
    change(client, "Third@Example.org ")
    assert sign_in(OLD).status_code == 302, "until the code is entered the old one stays"
    client.post("/account/confirm-email/", {"code": code_in(mail.outbox[-1])})
    confirmed.refresh_from_db()
    assert (confirmed.email, rows(confirmed)) == ("third@example.org", [("third@example.org", True)])
    assert EmailAddress.objects.get(user=confirmed).verified
    assert [message.to for message in mail.outbox[-1:]] == [[OLD]], "the old mailbox is told"
    assert sign_in(OLD).status_code == 422


def test_an_address_that_waits_for_its_confirmation_opens_nothing(learner: User, client: Client) -> None:
    """Where addresses are confirmed by a link, allauth notes the new one before that."""
    change(client, "third@example.org")
    assert rows(learner) == [(OLD, True), ("third@example.org", False)]
    learner.refresh_from_db()
    assert learner.email == OLD
    shown = " ".join(client.get("/account/email/").content.decode().split())
    assert "<dt>You sign in with</dt><dd>learner@example.org" in shown
    assert "<dt>Changing to</dt><dd>third@example.org" in shown
    assert sign_in("third@example.org").status_code == 422
    mail.outbox.clear()
    Client().post("/account/password/reset/", {"email": "third@example.org"})
    assert "no account with this address" in mail.outbox[0].body
    client.post("/account/", {"full_name": "Sam"})
    assert EmailAddress.objects.filter(email="third@example.org").exists(), "other details do not end the change"


def test_an_address_that_waits_is_no_more_theirs_once_another_person_has_it(learner: User) -> None:
    EmailAddress.objects.create(user=learner, email="third@example.org")
    somebody = make.user("third@example.org")
    assert EmailAddress.objects.get(email="third@example.org").user == somebody
    assert rows(learner) == [(OLD, True)]


def test_allauths_rows_are_nobodys_to_edit() -> None:
    assert not admin.site.is_registered(EmailAddress)


# Rows from before -----------------------------------------------------------------------------------------------------


def before(email: str, *rows: tuple[str, bool, bool], **fields: Any) -> User:
    """A person as the release before could leave them: address, and allauth's rows (address, verified, primary)."""
    user = make.user(**fields)
    EmailAddress.objects.filter(user=user).delete()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE accounts_user SET email = %s WHERE id = %s", [email, user.pk])
    for address, is_verified, is_primary in rows:
        EmailAddress.objects.create(user=user, email=address, verified=is_verified, primary=is_primary)
    return user


def mend() -> None:
    """What the migration does, on the models as they were."""
    import importlib  # noqa: PLC0415  # the module's name begins with a figure

    migration = importlib.import_module("apps.accounts.migrations.0002_one_spelling_of_addresses")
    state = MigrationExecutor(connection).loader.project_state(migration.Migration.dependencies)
    migration.mend_people(state.apps, None)
    migration.mend_rows(state.apps, None)


def test_old_rows_are_mended() -> None:
    mixed = before("Mixed.Case@NHS.net", ("Mixed.Case@NHS.net", True, True), ("mixed.case@nhs.net", False, False))
    corrected = before(RIGHT, (OLD, True, True))
    made_by_admin = before(" Spaces@example.org ")
    right = before("fine@example.org", ("fine@example.org", True, True))
    took_over = before(OLD, ("Learner@Example.org", False, True))
    mend()
    told = {user.pk: user.email for user in User.objects.all()}
    assert told == {
        mixed.pk: KEPT, corrected.pk: RIGHT, made_by_admin.pk: "spaces@example.org",
        right.pk: "fine@example.org", took_over.pk: OLD,
    }  # fmt: skip
    assert {pk: EmailAddress.objects.get(user=pk).email for pk in told} == told
    assert set(EmailAddress.objects.filter(verified=True).values_list("user", flat=True)) == {mixed.pk, right.pk}
    assert EmailAddress.objects.filter(primary=True).count() == len(told)


def test_two_people_with_one_address_do_not_stop_the_upgrade() -> None:
    """The constraint of before knew neither spaces nor composed letters."""
    asleep = before(" twin@example.org", ("twin@example.org ", True, True))
    awake = before("twin@example.org", ("twin@example.org", True, True))
    older = before("o@mu\u0308n.example", last_login=make.NOW)
    newer = before(" o@mün.example", last_login=make.NOW.replace(hour=5))
    mend()
    asleep.refresh_from_db(), awake.refresh_from_db(), older.refresh_from_db(), newer.refresh_from_db()
    assert (awake.email, newer.email) == ("twin@example.org", "o@mün.example")
    assert asleep.email.endswith("@second-look.invalid")
    assert older.email.endswith("@second-look.invalid")
    for user in (asleep, awake, older, newer):
        assert rows(user) == [(user.email, True)]
    assert EmailAddress.objects.get(verified=True).user_id == awake.pk
    mend()
    assert User.objects.filter(email__endswith="second-look.invalid").count() == 2, "again changes nothing"
