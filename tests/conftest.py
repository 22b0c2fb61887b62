"""What every test starts from."""

import logging
from collections.abc import Iterator

import pytest
from django.test import Client

from apps.accounts.models import User
from apps.modules import published
from tests import log_canary, make


def forget_published_content() -> None:
    """The process remembers published editions; databases of tests come and go."""
    published.forget_all()


@pytest.fixture(autouse=True)
def _forget_published_content() -> None:
    forget_published_content()


@pytest.fixture(autouse=True)
def log() -> Iterator[log_canary.Listener]:
    """What was logged meanwhile; no line of any test may name anybody or hold a secret."""
    listener = log_canary.Listener()
    logging.getLogger().addHandler(listener)
    yield listener
    logging.getLogger().removeHandler(listener)
    assert listener.leaks() == []


@pytest.fixture
def learner(db: None) -> User:
    return make.user("learner@example.org")


@pytest.fixture
def client_of_learner(learner: User) -> Client:
    client = Client()
    client.force_login(learner)
    return client
