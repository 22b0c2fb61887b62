"""A word without a place to break, in every text there is: no page gets wider than the phone that shows it."""

import re
from collections.abc import Callable

import pytest
from django.db import models
from playwright.sync_api import BrowserContext

from apps.accounts.models import User
from apps.authoring.models import Report
from apps.core.markdown import RenderedField, render_markdown
from apps.core.pictures import PictureField
from apps.modules.content import content_models
from apps.modules.models import Edition, Source
from tests import access_table, make
from tests.access_table import World
from tests.browser.layout import look
from tests.browser.watch import Watch
from tests.conftest import forget_published_content

pytestmark = pytest.mark.pages

WORD = "https://example.org/" + "aPathThatSomebodyPastedFromElsewhere" * 4
NO_PAGE = re.compile(r"download/|pdf/|\.\w+$|z/$")
NOT_WORDS = {"key", "kind", "slug", "clock", "url", "doi", "facts"}


def is_text(field: models.Field) -> bool:  # type: ignore[type-arg]
    """Words that somebody wrote, and no page takes to be anything else."""
    is_plain = isinstance(field, models.CharField | models.TextField) and not isinstance(
        field, PictureField | RenderedField
    )
    return is_plain and not (field.choices or field.unique or field.name in NOT_WORDS or "digest" in field.name)


def write(model: type[models.Model]) -> None:
    """Put the word, as far as there is room, into every text of every row that says something."""
    for field in filter(is_text, model._meta.concrete_fields):
        said = make.unguarded(model).exclude(**{field.name: ""})
        said.update(**{field.name: WORD[: field.max_length]})
    for field in model._meta.concrete_fields:
        if isinstance(field, RenderedField):
            make.unguarded(model).exclude(**{field.source: ""}).update(**{field.name: render_markdown(WORD)})


@pytest.fixture
def world(transactional_db: None) -> World:
    made = access_table.make_world(is_full=True)
    for model in (*content_models(), Edition, Source, Report):
        write(model)
    User.objects.update(full_name="Wolfeschlegelsteinhausenbergerdorff")
    forget_published_content()
    return made


def paths(world: World, role: str) -> list[str]:
    """A learner's pages, or authors'; Django's lists of rows scroll."""
    rows = [row for row in access_table.rows(world) if row.method == "GET" and row.outcomes[role] == 200]
    of_authors = {row.path for row in rows if row.name.startswith("admin:write:") or row.name == "admin:index"}
    others = {row.path for row in rows if not row.name.startswith("admin:")}
    return sorted(path for path in (of_authors if role == "publisher" else others) if not NO_PAGE.search(path))


@pytest.mark.parametrize("role", ["learner", "publisher"])
def test_no_page_is_wider_than_a_phone(
    role: str, world: World, opened: Callable[..., BrowserContext], sign_in: Callable[..., None], watch: Watch
) -> None:
    context = opened(viewport={"width": 360, "height": 800})
    sign_in(context, world.users[role])
    page, wide = context.new_page(), {}
    for path in paths(world, role):
        page.goto(path)
        if found := look(page, "overflow"):
            wide[path] = found[:2]
    assert wide == {}
