"""What every test starts from."""

import pytest
from django.test import Client

from apps.accounts.models import User
from apps.modules import queries as modules_queries
from apps.quizzes import queries as quizzes_queries
from apps.scenarios import queries as scenarios_queries
from tests import make


def forget_published_content() -> None:
    """The process remembers published editions; databases of tests come and go."""
    modules_queries.published_outline.cache_clear()
    modules_queries.published_edition_id.cache_clear()
    quizzes_queries.forget_published_papers()
    scenarios_queries.forget_published_scripts()


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
