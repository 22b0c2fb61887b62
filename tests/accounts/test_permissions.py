"""What a person may do is asked in one query, and is what Django would say."""

import pytest
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import Group, Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.accounts import rights
from apps.accounts.models import User
from tests import make

pytestmark = pytest.mark.django_db


def fresh(person: User) -> User:
    """Without what is remembered of permissions."""
    return User.objects.get(pk=person.pk)


def test_permissions_of_person_and_groups_come_in_one_query() -> None:
    author, learner, root = make.author(), make.user(), make.superuser()
    author.user_permissions.add(*Permission.objects.filter(codename__in=("view_user", "view_page")))
    for person in (author, learner, root):
        asked_of = fresh(person)
        with CaptureQueriesContext(connection) as asked:
            found = asked_of.get_all_permissions()
            assert asked_of.has_perm("accounts.view_user") == (person != learner)
        assert len(asked) == 1
        assert found == ModelBackend().get_all_permissions(fresh(person))


def test_who_may_not_sign_in_may_do_nothing() -> None:
    author = make.author()
    User.objects.filter(pk=author.pk).update(is_active=False)
    assert fresh(author).get_all_permissions() == set()
    assert fresh(author).get_all_permissions(author) == set()


def test_who_may_do_nothing_that_another_may_not_is_within() -> None:
    """Only then may the other write about them, or hand out what they have."""
    root, second, publisher, author, learner = (
        make.superuser(),
        make.user(is_superuser=True),
        make.publisher(),
        make.author(),
        make.user(),
    )
    right = Permission.objects.get(codename="delete_user")
    own = make.user()
    own.user_permissions.add(right)
    within = {
        root: [root, second, publisher, author, learner, own],
        second: [root, second, publisher, author, learner, own],
        publisher: [publisher, author, learner],
        author: [author, learner],
        learner: [learner],
        own: [own, learner],
    }
    for other, people in within.items():
        found = [person for person in within if rights.is_within(person, other)]
        assert set(found) == set(people), other
    assert {group.name for group in rights.groups_within(publisher)} >= {"Publisher", "Author"}
    assert "Administrator" not in {group.name for group in rights.groups_within(publisher)}
    assert set(rights.groups_within(root)) == set(Group.objects.all())
    assert right in rights.permissions_of(own)
    assert right not in rights.permissions_of(learner)
