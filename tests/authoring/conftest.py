"""A draft with a case, and its author at work; a file that needs another draft makes its own."""

import pytest

from tests import make


@pytest.fixture
def draft():
    return make.started("posts")


@pytest.fixture
def author():
    return make.author()


@pytest.fixture
def browser(author):
    return make.client(author)
