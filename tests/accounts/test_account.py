"""The learner's own details."""

import pytest
from django.test import Client

from apps.accounts.models import User
from tests import make

pytestmark = pytest.mark.django_db

DETAILS = {"full_name": "Sam Learner", "certificate_name": "", "training_grade": "f1", "specialty": "Surgery"}


def test_details_are_stored_and_said_to_be(client_of_learner: Client, learner: User) -> None:
    response = client_of_learner.post("/account/", DETAILS | {"certificate_name": "Dr S. Learner"}, follow=True)
    assert "Saved." in response.content.decode()
    learner.refresh_from_db()
    assert (learner.certificate_name, learner.training_grade, learner.specialty) == ("Dr S. Learner", "f1", "Surgery")


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"full_name": ""}, "Enter your full name"),
        ({"full_name": "x" * 151}, "150 characters"),
        ({"certificate_name": "x" * 151}, "150 characters"),
        ({"specialty": "x" * 101}, "100 characters"),
        ({"training_grade": "king"}, "king is not one of the available choices"),
        ({"full_name": "Sam\x00"}, "Null characters are not allowed."),
    ],
)
def test_what_is_not_in_order_is_told_plainly_and_not_stored(
    client_of_learner: Client, learner: User, changes: dict[str, str], told: str
) -> None:
    page = client_of_learner.post("/account/", DETAILS | changes).content.decode()
    assert "There is a problem" in page
    assert told in page
    assert "Saved." not in page
    assert User.objects.values().get() == User.objects.filter(pk=learner.pk).values().get()
    learner.refresh_from_db()
    assert (learner.full_name, learner.specialty) == ("Sam Learner", "")


@pytest.mark.parametrize("field", ["email", "is_staff", "is_superuser", "password", "groups"])
def test_nobody_gives_themselves_more_than_details(client_of_learner: Client, learner: User, field: str) -> None:
    before = User.objects.values("email", "is_staff", "is_superuser", "password").get()
    client_of_learner.post("/account/", DETAILS | {field: "1"})
    assert User.objects.values("email", "is_staff", "is_superuser", "password").get() == before
    assert not learner.groups.exists()


def test_everybody_sees_their_own_details(client_of_learner: Client, learner: User) -> None:
    other = make.user("other@example.org", full_name="Somebody Else")
    assert "Somebody Else" not in client_of_learner.get("/account/").content.decode()
    client_of_learner.post("/account/", DETAILS | {"full_name": "Changed"})
    other.refresh_from_db()
    assert other.full_name == "Somebody Else"


def test_the_password_is_asked_for_before_the_address_changes(client: Client, learner: User) -> None:
    client.post("/account/login/", {"login": learner.email, "password": make.PASSWORD})
    session = client.session
    for record in session["account_authentication_methods"]:
        record["at"] -= 3600
    session.save()
    response = client.post("/account/email/", {"action_add": "", "email": "new@example.org"})
    assert response.url.startswith("/account/reauthenticate/")
    learner.refresh_from_db()
    assert learner.email == "learner@example.org"


def test_a_person_made_without_a_password_cannot_sign_in(client: Client) -> None:
    made = User.objects.create_user("Nobody@Example.org", full_name="N")
    assert made.email == "nobody@example.org"
    assert not made.has_usable_password()
    assert User.objects.get_by_natural_key("NOBODY@example.org") == made
    assert str(made) == "N"
