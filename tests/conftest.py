"""What every test starts from."""

import pytest
from django.test import Client

from apps.accounts.models import User
from apps.modules import published
from tests import make


def forget_published_content() -> None:
    """The process remembers published editions; databases of tests come and go."""
    published.forget_all()


@pytest.fixture(autouse=True)
def _forget_published_content() -> None:
    forget_published_content()


@pytest.fixture
def learner(db: None) -> User:
    return make.user("learner@example.org")


@pytest.fixture
def client_of_learner(learner: User) -> Client:
    client = Client()
    client.force_login(learner)
    return client
