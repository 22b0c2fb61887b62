"""Renders the HTML of all content anew when the renderer has changed, also of what no fixture brings any more."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from django.db import models, transaction

from apps.core import markdown
from apps.core.markdown import RenderedField, render_markdown
from apps.modules.content import EditionContent, content_models
from apps.modules.models import Seeding

NAME, BATCH = "markdown", 200


def render_anew(at: datetime.datetime) -> None:
    """Bring all rendered HTML to `markdown.VERSION`, once; a stop in between is harmless."""
    version = str(markdown.VERSION)
    if Seeding.objects.filter(name=NAME, digest=version).exists():
        return
    for model in content_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, RenderedField):
                outdated = list(_outdated(model, field))
                for start in range(0, len(outdated), BATCH):
                    _store_past_the_guards(model, field, outdated[start : start + BATCH])
    Seeding.objects.update_or_create(name=NAME, defaults={"digest": version, "seeded_at": at})


def _outdated(model: type[EditionContent], field: RenderedField) -> Iterator[tuple[int, str, str]]:
    """The id, the Markdown and the new HTML of each row whose HTML would be another now."""
    for pk, text, html in model._base_manager.order_by("pk").values_list("pk", field.source, field.name):
        rendered = render_markdown(text)
        if rendered != html:
            yield pk, text, rendered


@transaction.atomic
def _store_past_the_guards(model: type[EditionContent], field: RenderedField, rows: list[tuple[int, str, str]]) -> None:
    """Published rows as well: their HTML is no more than another form of what they say. Markdown that somebody has
    changed in the meantime has been rendered with it."""
    past_the_guards: models.QuerySet[EditionContent] = models.QuerySet(model)
    for pk, text, html in rows:
        past_the_guards.filter(pk=pk, **{field.source: text}).update(**{field.name: html})
