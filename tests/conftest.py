"""What every test starts from."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import Client, override_settings

from apps.accounts.models import User
from apps.modules import published
from tests import make


def forget_published_content() -> None:
    """The process remembers published editions; databases of tests come and go."""
    published.forget_all()


@pytest.fixture(autouse=True)
def _forget_published_content() -> None:
    forget_published_content()


# As in production; the settings of the tests have another.
STORAGES = settings.STORAGES | {"staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}}


@pytest.fixture(scope="session")
def collected(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The static files, collected as in production."""
    root = tmp_path_factory.mktemp("static")
    with override_settings(STATIC_ROOT=root, STORAGES=STORAGES):
        call_command("collectstatic", interactive=False, verbosity=0)
    return root


@pytest.fixture
def product_storage(collected: Path) -> Iterator[None]:
    """Static files as in production: what is not in the manifest has no address."""
    with override_settings(STATIC_ROOT=collected, STORAGES=STORAGES):
        yield


@pytest.fixture
def learner(db: None) -> User:
    return make.user("learner@example.org")


@pytest.fixture
def client_of_learner(learner: User) -> Client:
    client = Client()
    client.force_login(learner)
    return client
