"""Accounts as in production."""

from typing import Any

import pytest
from django.db import transaction

import config.urls  # noqa: F401  # allauth decides by the settings which addresses there are, once
from config import settings as product
from tests.conftest import is_committing


@pytest.fixture(autouse=True)
def _committed(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is told once all is stored is told also by a test that stores nothing."""
    if not is_committing(request.node):
        monkeypatch.setattr(transaction, "on_commit", lambda tell, **_: tell())


@pytest.fixture
def _by_code(settings: Any) -> None:
    """An address is confirmed by a code before the account can be used."""
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    settings.ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True


@pytest.fixture
def _product_limits(settings: Any) -> None:
    """The limits, which are off in other tests; they are counted in the product's cache."""
    settings.ACCOUNT_RATE_LIMITS = product.ACCOUNT_RATE_LIMITS
    assert settings.CACHES == product.CACHES
