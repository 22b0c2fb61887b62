"""`{% component "components/sources.html" sources=sources %}`: a template that shows nothing but its variables.

It is an `{% include … only %}` that is made once: published rows cannot change, so from them, from plain values and
from frozen dataclasses of both the same HTML comes each time, and a process keeps it. From anything else, such as a
draft's rows, it is made anew. What is somebody's own, such as a name, stays in an `{% include %}`: it is nothing to
keep.
"""

from collections.abc import Hashable
from dataclasses import fields
from threading import Lock
from typing import Any, cast

from django import template
from django.conf import settings
from django.db import models
from django.forms import BaseForm
from django.template.loader import get_template
from django.utils.safestring import SafeString

from apps.modules import published

register = template.Library()

MOST = 4096  # kept at a time
PLAIN = {str, SafeString, int, float, bool, type(None)}  # exactly these, not what is like them; no moments

_made: dict[Hashable, SafeString] = {}
_keeping = Lock()
published.on_forgetting(_made.clear)


class _MayChangeError(Exception):
    """The value may say something else the next time."""


class _Same:
    """A row, by identity: another row with the same key may say something else."""

    def __init__(self, row: models.Model) -> None:
        self.row = row

    def __hash__(self) -> int:
        return id(self.row)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.row is self.row


@register.simple_tag
def component(path: str, **values: object) -> SafeString:
    """The template with these variables and no others."""
    try:
        key = (path, *((variable, _lasting(value)) for variable, value in values.items()))
    except _MayChangeError:
        return _render(path, values)
    html = _made.get(key)
    if html is None:
        html = _render(path, values)
        if not settings.DEBUG:  # whoever writes templates sees what they wrote
            _keep(key, html)
    return html


def _keep(key: Hashable, html: SafeString) -> None:
    """In the place of the oldest, when there are enough; one thread at a time, so that the oldest stays that."""
    with _keeping:
        if len(_made) >= MOST:
            del _made[next(iter(_made))]
        _made[key] = html


def _render(path: str, values: dict[str, object]) -> SafeString:
    return SafeString(get_template(path).render(values))


def _lasting(value: object) -> Hashable:
    """What stands for a value that says the same for ever."""
    if type(value) in PLAIN:
        return type(value), value
    if isinstance(value, models.Model) and published.is_published(value):
        return _Same(value)
    if isinstance(value, list | tuple):
        return tuple(_lasting(part) for part in value)
    if getattr(getattr(value, "__dataclass_params__", None), "frozen", False):
        return type(value), tuple(_lasting(getattr(value, field.name)) for field in fields(cast("Any", value)))
    if isinstance(value, BaseForm) and _is_blank(value):
        return (type(value),)
    raise _MayChangeError


def _is_blank(form: BaseForm) -> bool:
    """Whether it is as its class, which says so of itself, always begins."""
    is_alike = "always_begins_alike" in vars(type(form))
    return is_alike and not form.is_bound and not form.initial and form.prefix is None
