"""What a draft would take back of the edition in force, if it was not started from that one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import models

from apps.core.markdown import RenderedField
from apps.core.words import counted, normalised
from apps.modules.content import content_models
from apps.modules.models import Edition

MOST_TOLD = 12

Key = tuple[type[models.Model], tuple[Any, ...]]
Row = dict[str, Any]


def taken_back(draft: Edition, in_force: Edition | None) -> list[str]:
    """Why a draft cannot take the place of the edition in force, in an author's words; empty when it can.

    What it would take back: each row that the edition in force has changed since the draft's base, and the draft has
    otherwise.
    """
    if in_force is None or in_force.pk == draft.based_on_id:
        return []
    base = draft.based_on
    origin = f"was started from edition {base.number}" if base else "was not started from a published edition"
    changes = [f"It would take back: {change}." for change in _changes(base, in_force, draft)]
    if len(changes) > MOST_TOLD:
        rest = counted(len(changes) - MOST_TOLD, "row", "rows")
        changes[MOST_TOLD:] = [f"It would take back {rest} more."]
    return [
        f"This draft {origin}, and edition {in_force.number} is in force.",
        *changes,
        f"Copy what you want to keep, delete this draft, and start a new one from edition {in_force.number}.",
    ]


def _changes(base: Edition | None, in_force: Edition, draft: Edition) -> Iterator[str]:
    """`page “what-counts” (body, facts)`: what a newer edition says otherwise than its base, and the draft does not."""
    before = rows_by_key(base) if base else {}
    now, mine = rows_by_key(in_force), rows_by_key(draft)
    for key in {**now, **before}:
        if now.get(key) in (before.get(key), mine.get(key)):
            continue
        yield _Change(key, before.get(key), now.get(key)).in_words


@dataclass(frozen=True)
class _Change:
    key: Key
    before: Row | None
    now: Row | None

    @property
    def in_words(self) -> str:
        model, key = self.key
        name = f"{model._meta.verbose_name} “{', '.join(key)}”" if key else "the edition itself"
        if self.before is None or self.now is None:
            return f"{name} (new)" if self.now else f"{name} (taken out)"
        names = {field.name: str(field.verbose_name) for field in model._meta.concrete_fields}
        return f"{name} ({', '.join(names[name] for name, value in self.now.items() if self.before[name] != value)})"


def rows_by_key(edition: Edition) -> dict[Key, Row]:
    """Each row of the edition under its key, and the edition itself, as they read without ids."""
    rows: dict[Key, Row] = {(Edition, ()): {name: _kept(getattr(edition, name)) for name in Edition.written_fields()}}
    for model in content_models():
        paths = _paths(model)
        keys = model.natural_key_fields
        for row in model._base_manager.filter(edition=edition).order_by("pk").values(*keys, *paths.values()):
            rows[model, tuple(row[name] for name in keys)] = {name: _kept(row[path]) for name, path in paths.items()}
    return rows


def _kept(value: Any) -> Any:
    """A value as it would be stored now: older editions hold texts that were not normalised."""
    return normalised(value) if isinstance(value, str) else value


def _paths(model: type[models.Model]) -> dict[str, str]:
    """Where each field's value is found; what is pointed at is told by its key."""
    fields = [
        field
        for field in model._meta.concrete_fields
        if not (field.primary_key or field.name == "edition" or isinstance(field, RenderedField))
    ]
    return {field.name: f"{field.name}__key" if field.is_relation else field.name for field in fields}
