"""`{% url_of thing "view" %}`: a page under way knows its addresses; templates ask it, and build none themselves."""

from typing import Protocol

from django import template

register = template.Library()


class _Addressed(Protocol):
    def url(self, view: str = "", *args: object) -> str: ...


@register.simple_tag
def url_of(thing: _Addressed, view: str = "", *args: object) -> str:
    """The address of the thing's page, or of another view of it."""
    return thing.url(view, *args)
