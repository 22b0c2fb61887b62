"""People in the admin: they are added, given rights, kept out, and their accounts closed."""

from __future__ import annotations

import json

import pytest
from django.contrib.admin.models import ADDITION, CHANGE, LogEntry
from django.contrib.auth.models import Group, Permission
from django.test import Client

from apps.accounts import closing
from apps.accounts.models import RightsChange, User
from tests import make
from tests.in_admin import Page, act, address, read, send

pytestmark = [pytest.mark.django_db, pytest.mark.pages]

LIST, ADD = address(User), address(User, "add")
CLOSED = "The account is closed. Nothing personal is left of it."


@pytest.fixture
def administrator() -> User:
    return make.superuser()


@pytest.fixture
def browser(administrator: User) -> Client:
    """In which the administrator is signed in."""
    return make.client(administrator)


@pytest.fixture
def person() -> User:
    return make.user("person@example.org", full_name="Pat Person")


def page_of(person: User) -> str:
    return address(User, "change", person)


def close_page(person: User) -> str:
    return address(User, "close", person)


def stored(person: User) -> User:
    return User.objects.get(pk=person.pk)


def signs_in(person: User, password: str = make.PASSWORD) -> bool:
    """Whether they come in by the door of everybody."""
    door = Client()
    door.post("/account/login/", {"login": person.email, "password": password})
    return door.get("/my-learning/").status_code == 200


def clerk(*verbs: str) -> User:
    """Somebody who is no administrator, and may do this with people."""
    made = make.user("clerk@example.org", is_staff=True)
    made.user_permissions.set(Permission.objects.filter(codename__in=[f"{verb}_user" for verb in verbs]))
    return made


# Adding -------------------------------------------------------------------------------------------------------------


def test_somebody_is_added_without_a_password(browser: Client, administrator: User) -> None:
    asking = read(browser, ADD)
    assert "They choose their own password" in asking.text
    assert not any("password" in name for name in asking.fields)
    page = send(browser, ADD, email=" New@Example.org ", full_name="  Nell   New\u202e ")
    made = User.objects.get(email="new@example.org")
    assert [level for level, _ in page.messages] == ["success"]
    assert "Nell New" in page.messages[0][1] or "new@example.org" in page.messages[0][1]
    assert page.fields["full_name"] == [made.full_name] == ["Nell New"]
    assert not made.has_usable_password()
    assert (made.is_active, made.is_staff, made.is_superuser) == (True, False, False)
    assert not signs_in(made, "")
    entry = LogEntry.objects.get()
    assert (entry.action_flag, entry.object_id, entry.user) == (ADDITION, str(made.pk), administrator)


@pytest.mark.parametrize(
    ("email", "full_name", "fault"),
    [
        ("", "Nell", "This field is required."),
        ("no address", "Nell", "Enter a valid email address."),
        ("new@example.org", "", "This field is required."),
        ("new@example.org", "\u202e", "at least one letter that can be seen"),
        ("PERSON@example.org", "Nell", "already exists"),
    ],
)
def test_nobody_is_added_where_something_is_wrong(
    browser: Client, person: User, email: str, full_name: str, fault: str
) -> None:
    page = send(browser, ADD, email=email, full_name=full_name)
    assert any(fault in error for error in page.errors), page.errors
    assert page.messages == []
    assert User.objects.count() == 2


# Correcting, rights and groups --------------------------------------------------------------------------------------


def test_a_person_is_corrected(browser: Client, person: User, administrator: User) -> None:
    changes = {"certificate_name": "P. Person", "training_grade": "f2", "specialty": "Renal"}
    page = send(browser, page_of(person), email="pat@example.org", full_name="Pat Q. Person", **changes)
    assert [level for level, _ in page.messages] == ["success"]
    now = stored(person)
    assert (now.email, now.full_name, now.certificate_name) == ("pat@example.org", "Pat Q. Person", "P. Person")
    assert (now.training_grade, now.specialty) == ("f2", "Renal")
    assert signs_in(now)
    assert "Pat Q. Person" in page.text
    entry = LogEntry.objects.get()
    assert (entry.action_flag, entry.object_id, entry.user) == (CHANGE, str(person.pk), administrator)
    assert set(json.loads(entry.change_message)[0]["changed"]["fields"]) >= {"E-mail address", "Full name"}


def test_dates_are_there_to_be_read(browser: Client, person: User) -> None:
    before = User.objects.values().get(pk=person.pk)
    dates = {name: "2001-01-01" for date in ("joined_at", "last_login", "closed_at") for name in (date, f"{date}_0")}
    times = {f"{date}_1": "00:00" for date in ("joined_at", "last_login", "closed_at")}
    page = send(browser, page_of(person), **dates, **times, password="another-password")
    assert [level for level, _ in page.messages] == ["success"]
    assert User.objects.values().get(pk=person.pk) == before


def test_somebody_becomes_an_author_and_is_one_no_more(browser: Client, person: User) -> None:
    theirs = make.client(person)
    assert theirs.get("/admin/modules/source/", follow=True).status_code == 403
    group = make.role("Author")
    page = send(browser, page_of(person), is_staff="on", groups=[group.pk])
    assert [level for level, _ in page.messages] == ["success"]
    assert stored(person).is_staff
    assert list(stored(person).groups.all()) == [group]
    assert read(browser, page_of(person)).fields["groups"] == [str(group.pk)]
    assert read(theirs, "/admin/modules/source/").status == 200
    send(browser, page_of(person), is_staff=None, groups=[])
    assert (stored(person).is_staff, stored(person).groups.count()) == (False, 0)
    assert theirs.get("/admin/modules/source/", follow=True).status_code == 403


def test_somebody_is_given_a_single_right(browser: Client, person: User) -> None:
    right = Permission.objects.get(codename="view_certificate")
    theirs = make.client(person)
    send(browser, page_of(person), is_staff="on", user_permissions=[right.pk])
    assert list(stored(person).user_permissions.all()) == [right]
    assert theirs.get("/admin/certificates/certificate/").status_code == 200
    assert theirs.get("/admin/modules/source/").status_code == 403


def test_somebody_is_kept_out_and_let_in_again(browser: Client, person: User) -> None:
    """Also out of what they have open."""
    theirs = make.client(person)
    page = send(browser, page_of(person), is_active=None)
    assert [level for level, _ in page.messages] == ["success"]
    assert not stored(person).is_active
    assert "is_active" not in read(browser, page_of(person)).fields
    assert theirs.get("/my-learning/").url.startswith("/account/login/")
    assert not signs_in(person)
    send(browser, page_of(person), is_active="on")
    assert stored(person).is_active
    assert signs_in(person)


@pytest.mark.parametrize("right", ["is_active", "is_staff", "is_superuser"])
def test_the_last_administrator_stays_one(administrator: User, right: str) -> None:
    """They could lock themselves out."""
    page = send(make.client(administrator), page_of(administrator), full_name="Renamed", **{right: None})
    assert closing.LAST_ADMINISTRATOR in page.errors
    assert page.messages == []
    now = stored(administrator)
    assert (now.is_active, now.is_staff, now.is_superuser) == (True, True, True)
    assert now.full_name == "Su Superuser"


def test_the_last_administrator_can_be_corrected_and_one_of_two_can_go(browser: Client, administrator: User) -> None:
    page = send(browser, page_of(administrator), full_name="Su S. Superuser")
    assert [level for level, _ in page.messages] == ["success"]
    assert stored(administrator).full_name == "Su S. Superuser"
    second = User.objects.create_superuser("second@example.org", make.PASSWORD, full_name="Second")
    page = send(make.client(second), page_of(administrator), is_superuser=None)
    assert [level for level, _ in page.messages] == ["success"]
    assert not stored(administrator).is_superuser
    refused = send(make.client(second), page_of(second), is_superuser=None)
    assert closing.LAST_ADMINISTRATOR in refused.errors
    assert stored(second).is_superuser


@pytest.mark.parametrize("lacking", ["is_active", "is_staff"])
def test_an_administrator_who_cannot_come_in_is_no_other_administrator(
    browser: Client, administrator: User, lacking: str
) -> None:
    User.objects.create_superuser("second@example.org", make.PASSWORD, full_name="Second")
    User.objects.filter(email="second@example.org").update(**{lacking: False})
    assert closing.LAST_ADMINISTRATOR in send(browser, page_of(administrator), is_superuser=None).errors
    assert stored(administrator).is_superuser


def test_who_may_only_see_people_changes_none(person: User) -> None:
    browser = make.client(clerk("view"))
    page = read(browser, page_of(person))
    assert "Pat Person" in page.text
    assert not {"_save", "_continue"} & set(page.buttons)
    assert close_page(person) not in page.links
    assert read(browser, LIST).actions == []
    before = list(User.objects.order_by("pk").values())
    assert browser.post(page_of(person), {"email": person.email, "full_name": "Changed"}).status_code == 403
    assert browser.post(ADD, {"email": "new@example.org", "full_name": "New"}).status_code == 403
    assert browser.post(close_page(person)).status_code == 403
    assert list(User.objects.order_by("pk").values()) == before


@pytest.mark.parametrize("role", ["learner", "educator", "author"])
def test_nobody_else_sees_people(person: User, role: str) -> None:
    browser = make.client(make.user() if role == "learner" else getattr(make, role)())
    for url in (LIST, ADD, page_of(person), close_page(person)):
        assert browser.get(url, follow=True).status_code == 403
        posted = {"email": person.email, "full_name": "Changed", "is_superuser": "on"}
        assert browser.post(url, posted, follow=True).status_code == 403
    now = stored(person)
    assert (now.full_name, now.is_superuser, now.closed_at) == ("Pat Person", False, None)


def test_nobody_is_deleted_and_nobody_sets_the_password_of_another(browser: Client, person: User) -> None:
    before = User.objects.values().get(pk=person.pk)
    page = read(browser, page_of(person))
    assert not any(url.endswith(("/delete/", "/password/")) for url in page.links)
    assert "delete_selected" not in read(browser, LIST).actions
    assert browser.post(address(User, "delete", person), {"post": "yes"}).status_code == 403
    act(browser, "delete_selected", person)
    browser.post(f"{LIST}{person.pk}/password/", {"password1": "a-new-password-1", "password2": "a-new-password-1"})
    assert User.objects.values().get(pk=person.pk) == before


# Closing an account -------------------------------------------------------------------------------------------------


def close(browser: Client, person: User) -> Page:
    """Open the page that asks, and press its button."""
    asking = read(browser, close_page(person))
    return Page(browser.post(close_page(person), asking.fields, follow=True))


def test_an_account_is_closed_after_one_question(browser: Client, person: User) -> None:
    theirs = make.client(person)
    assert close_page(person) in read(browser, page_of(person)).links
    asking = read(browser, close_page(person))
    assert "It cannot be undone." in asking.text
    assert "Close the account" in asking.buttons
    assert "Close the account - Second Look authoring" in asking.text
    assert "Sign out" in asking.text, "as on every page of the admin"
    assert stored(person).closed_at is None
    page = close(browser, person)
    assert page.messages == [("success", CLOSED)]
    now = stored(person)
    assert now.closed_at is not None
    assert (now.full_name, now.is_active) == ("", False)
    assert "person@example.org" not in now.email
    assert "Pat Person" not in page.text
    assert theirs.get("/my-learning/").url.startswith("/account/login/")
    assert not signs_in(person)


def test_it_is_told_by_whom(browser: Client, administrator: User, person: User) -> None:
    close(browser, person)
    entry = LogEntry.objects.get()
    assert (entry.user, entry.change_message, entry.object_id) == (
        administrator,
        "Closed the account.",
        str(person.pk),
    )
    assert "Closed the account." in read(browser, address(User, "history", person)).text


def test_a_clerk_who_may_delete_people_closes_accounts_but_no_administrators(person: User, administrator: User) -> None:
    User.objects.create_superuser("second@example.org", make.PASSWORD, full_name="Second")
    browser = make.client(clerk("view", "delete"))
    assert close_page(person) in read(browser, page_of(person)).links
    assert close(browser, person).messages == [("success", CLOSED)]
    assert stored(person).closed_at is not None
    refusal = "Only an administrator can close the account of an administrator."
    assert refusal in read(browser, close_page(administrator)).text
    refused = close(browser, administrator)
    assert (refused.status, refusal in refused.text, refused.messages) == (409, True, [])
    assert stored(administrator).closed_at is None


def test_who_may_delete_people_but_not_see_them_closes_nothing(person: User) -> None:
    browser = make.client(clerk("delete"))
    assert browser.get(close_page(person)).status_code == 403
    assert browser.post(close_page(person)).status_code == 403
    assert stored(person).closed_at is None


def test_nobody_closes_their_own_account_and_nobody_the_last_administrators(administrator: User) -> None:
    second = User.objects.create_superuser("second@example.org", make.PASSWORD, full_name="Second")
    own = close(make.client(administrator), administrator)
    assert (own.status, "You cannot close your own account." in own.text, own.messages) == (409, True, [])
    assert stored(administrator).closed_at is None
    assert close(make.client(administrator), second).messages == [("success", CLOSED)]
    assert not stored(second).is_superuser


def test_a_closed_account_is_not_opened_again(browser: Client, person: User) -> None:
    close(browser, person)
    page = read(browser, page_of(person))
    assert not {"_save", "_continue"} & set(page.buttons)
    assert close_page(person) not in page.links
    before = User.objects.values().get(pk=person.pk)
    posted = {"email": "person@example.org", "full_name": "Pat Person", "is_active": "on", "is_superuser": "on"}
    assert browser.post(page_of(person), posted).status_code == 403
    assert User.objects.values().get(pk=person.pk) == before
    assert "Look for sign-ins once more" in read(browser, close_page(person)).buttons


# Nobody hands out what they do not have -------------------------------------------------------------------------------


def a_right(codename: str) -> Permission:
    return Permission.objects.get(codename=codename)


def test_an_administrator_makes_nobody_a_superuser_not_even_themselves(person: User) -> None:
    administrator = make.administrator()
    browser = make.client(administrator)
    for one in (person, administrator):
        assert "is_superuser" not in read(browser, page_of(one)).fields
        page = send(browser, page_of(one), is_superuser="on", full_name="Renamed")
        assert [level for level, _ in page.messages] == ["success"]
        assert (stored(one).is_superuser, stored(one).full_name) == (False, "Renamed")


def test_an_administrator_gives_every_role(person: User) -> None:
    groups = list(Group.objects.values_list("pk", flat=True))
    page = send(make.client(make.administrator()), page_of(person), is_staff="on", groups=groups)
    assert [level for level, _ in page.messages] == ["success"]
    assert stored(person).groups.count() == len(groups) == 5


def test_nobody_gives_what_they_do_not_have(person: User) -> None:
    """Neither a right, nor a group that has one: they are not offered, and cannot be sent."""
    powerful = Group.objects.create(name="Powerful")
    powerful.permissions.add(a_right("delete_session"))
    for by in (make.administrator(), clerk("view", "change")):
        browser = make.client(by)
        for sent in ({"groups": [powerful.pk]}, {"user_permissions": [a_right("delete_session").pk]}):
            page = send(browser, page_of(person), **sent)
            assert any("is not one of the available choices" in error for error in page.errors)
    assert not stored(person).groups.exists()
    assert not stored(person).user_permissions.exists()
    browser = make.client(User.objects.get(email="clerk@example.org"))
    send(browser, page_of(person), user_permissions=[a_right("view_user").pk])
    assert list(stored(person).user_permissions.all()) == [a_right("view_user")]


@pytest.mark.parametrize("is_active", [True, False])
def test_who_may_do_more_is_changed_by_nobody_who_may_do_less(administrator: User, is_active: bool) -> None:
    """A new address of theirs would be a way to their password, and so to their rights."""
    other = make.administrator()
    User.objects.filter(pk=other.pk).update(is_active=is_active)
    for by, of in ((other, administrator), (clerk("view", "change"), other)):
        User.objects.filter(pk=by.pk).update(is_active=True)
        browser = make.client(by)
        before = User.objects.values().get(pk=of.pk)
        assert "_save" not in read(browser, page_of(of)).buttons
        assert browser.post(page_of(of), {"email": "mine@example.org", "full_name": "Mine"}).status_code == 403
        assert User.objects.values().get(pk=of.pk) == before
        User.objects.filter(pk=by.pk).update(is_active=is_active)


def test_a_group_that_may_do_more_is_not_changed_by_who_may_do_less() -> None:
    powerful = Group.objects.create(name="Powerful")
    powerful.permissions.add(a_right("delete_session"))
    browser = make.client(make.administrator())
    for verb in ("change", "delete"):
        assert browser.post(address(Group, verb, powerful), {"name": "Mine", "post": "yes"}).status_code == 403
    page = send(browser, address(Group, "add"), name="Own", permissions=[a_right("delete_session").pk])
    assert any("is not one of the available choices" in error for error in page.errors)
    assert not Group.objects.filter(name__in=["Own", "Mine"]).exists()


# What was given and taken is recorded ---------------------------------------------------------------------------------


def recorded() -> list[tuple[str, list[str], list[str]]]:
    """About whom, what was given, what was taken; the oldest first."""
    rows = RightsChange.objects.order_by("pk")
    return [(str(row.person or row.group), row.given.splitlines(), row.taken.splitlines()) for row in rows]


def test_what_is_given_and_taken_is_recorded(browser: Client, person: User, administrator: User) -> None:
    author, right = make.role("Author"), a_right("view_certificate")
    send(browser, page_of(person), is_staff="on", groups=[author.pk])
    send(browser, page_of(person), groups=[], user_permissions=[right.pk], is_superuser="on")
    send(browser, page_of(person), is_active=None, is_superuser=None)
    assert recorded() == [
        ("Pat Person", ["may use the admin", "Author"], []),
        ("Pat Person", ["may do everything", right.name], ["Author"]),
        ("Pat Person", [], ["may sign in", "may do everything"]),
    ]
    assert set(RightsChange.objects.values_list("by", flat=True)) == {administrator.pk}


def test_what_changes_no_right_is_not(browser: Client, person: User) -> None:
    send(browser, page_of(person), specialty="Renal")
    send(browser, page_of(person), email="no address", is_staff="on")
    send(browser, ADD, email="new@example.org", full_name="Nell New")
    assert recorded() == []


def test_what_a_group_may_do_is_recorded_too(browser: Client) -> None:
    first, second = a_right("view_page"), a_right("view_source")
    send(browser, address(Group, "add"), name="Own", permissions=[first.pk])
    group = Group.objects.get(name="Own")
    send(browser, address(Group, "change", group), permissions=[second.pk])
    send(browser, address(Group, "change", group), name="Ours")
    browser.post(address(Group, "delete", group), {"post": "yes"})
    assert recorded() == [("Own", [first.name], []), ("Own", [second.name], [first.name]), ("Ours", [], [second.name])]
    others = [Group.objects.create(name=name) for name in ("Other", "Another")]
    for other in others:
        other.permissions.add(first)
    chosen = {"action": "delete_selected", "_selected_action": [other.pk for other in others], "post": "yes"}
    browser.post(address(Group), chosen)
    assert recorded()[3:] == [("Other", [], [first.name]), ("Another", [], [first.name])]
    assert not Group.objects.filter(name__in=["Other", "Another"]).exists()


def test_closing_an_account_leaves_no_name_in_what_is_recorded(browser: Client, person: User) -> None:
    group = Group.objects.create(name="Friends of Pat Person (person@example.org)")
    send(browser, page_of(person), is_staff="on", groups=[group.pk])
    browser.post(close_page(person))
    [(about, given, _)] = recorded()
    assert (about, given) == (closing.CLOSED, ["may use the admin", f"Friends of {closing.CLOSED} ({closing.CLOSED})"])
